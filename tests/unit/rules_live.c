/*
 * Rules about what the site answers from the outside.
 */
#include "tests/unit/live_facts.h"

#define HSTS NAME "hsts.enabled=yes "
#define REDIRECT NAME "redirect.enabled=yes "

static void all_is_well(struct facts *facts)
{
	usual_result(facts);
}

static void drop_answers(struct probe_answers *answers)
{
	HS_EACH(answer, answers) {
		free(answer->url);
		free(answer->location);
		free(answer->problem);
		hs_strings_done(&answer->hsts);
	}
	HS_ARRAY_FREE(answers);
}

static void fails(struct probe_result *result, bool connected)
{
	result->connected = connected;
	result->handshake = false;
	result->problem = hs_strdup("connection refused");
}

static void one_of_two_refuses(struct facts *facts)
{
	usual_result(facts);
	fails(add_result(facts, "::1"), false);
}

static void speaks_no_tls(struct facts *facts)
{
	fails(usual_result(facts), true);
}

static void is_too_slow(struct facts *facts)
{
	struct probe_result *result = usual_result(facts);

	fails(result, false);
	result->timed_out = true;
}

static void sends_another_certificate(struct facts *facts)
{
	add_certificate(facts, "www.example.test");
	usual_result(facts);
}

static void sends_the_certificate(struct facts *facts)
{
	struct probe_result *result = usual_result(facts);

	add_certificate(facts, "www.example.test");
	memcpy(result->leaf, hs_bundle_leaf(&facts->bundle)->fingerprint,
	       HS_HASH_SIZE);
}

static void is_not_trusted(struct facts *facts)
{
	struct probe_result *result = usual_result(facts);

	result->trusted = false;
	result->trust_problem = hs_strdup("unable to get local issuer");
}

static void has_another_name(struct facts *facts)
{
	usual_result(facts)->name_fits = false;
}

static void speaks_tls_1_1(struct facts *facts)
{
	hs_replace(&usual_result(facts)->protocol, "TLSv1.1");
}

static void chooses_rsa(struct facts *facts)
{
	hs_replace(&usual_result(facts)->cipher, "AES128-GCM-SHA256");
}

static void chooses_cbc(struct facts *facts)
{
	hs_replace(&usual_result(facts)->cipher, "ECDHE-RSA-AES128-SHA");
}

static void chooses_gcm(struct facts *facts)
{
	hs_replace(&usual_result(facts)->cipher, "ECDHE-RSA-AES128-GCM-SHA256");
}

static void has_no_http2(struct facts *facts)
{
	hs_replace(&usual_result(facts)->alpn, "http/1.1");
}

static void can_have_no_http2(struct facts *facts)
{
	has_no_http2(facts);
	first_server(facts)->abilities &= ~(unsigned)SERVER_HTTP2;
}

static void has_no_hsts(struct facts *facts)
{
	struct probe_result *result = usual_result(facts);

	HS_EACH(answer, &result->https)
		hs_strings_done(&answer->hsts);
}

static void has_no_hsts_inside(struct facts *facts)
{
	hs_strings_done(&usual_result(facts)->https.items[1].hsts);
}

static void has_hsts_twice(struct facts *facts)
{
	hs_strings_add(&usual_result(facts)->https.items[1].hsts, "max-age=1");
}

static void has_other_hsts(struct facts *facts)
{
	hs_replace(&usual_result(facts)->https.items[0].hsts.items[0],
		   "max-age=31536000; includeSubDomains");
}

static void has_hsts_on_http(struct facts *facts)
{
	hs_strings_add(&usual_result(facts)->http.items[0].hsts, AGE);
}

static struct probe_result *http_answers(struct facts *facts, int status,
					 const char *location)
{
	struct probe_result *result = usual_result(facts);

	drop_answers(&result->http);
	add_answer(&result->http, "http://www.example.test/a", status,
		   location);
	return result;
}

static void http_serves_pages(struct facts *facts)
{
	http_answers(facts, 200, NULL);
}

static void http_says_nothing(struct facts *facts)
{
	http_answers(facts, 0, NULL)->http.items[0].problem =
		hs_strdup("empty reply");
}

static void http_serves_challenges(struct facts *facts)
{
	hs_replace(&http_answers(facts, 404, NULL)->http.items[0].url,
		   "http://www.example.test/.well-known/acme-challenge/x");
}

static void http_goes_round(struct facts *facts)
{
	http_answers(facts, 301, "http://www.example.test:80/a");
}

static void https_goes_back(struct facts *facts)
{
	struct probe_answer *answer = &usual_result(facts)->https.items[0];

	answer->status = 301;
	answer->location = hs_strdup("http://www.example.test/");
}

static void https_goes_to_itself(struct facts *facts)
{
	struct probe_answer *answer = &usual_result(facts)->https.items[0];

	answer->status = 301;
	answer->location = hs_strdup("https://www.example.test/");
}

static void http_forgets_the_path(struct facts *facts)
{
	http_answers(facts, 302, "https://www.example.test/");
}

static void http_forgets_the_port(struct facts *facts)
{
	http_answers(facts, 302, "https://www.example.test:8443/a");
}

static void http_goes_elsewhere(struct facts *facts)
{
	http_answers(facts, 302, "https://other.test/a");
}

static void http_goes_to_the_other_name(struct facts *facts)
{
	add_certificate(facts, "www.example.test example.test");
	http_answers(facts, 302, "https://example.test/a");
}

static void http_goes_to_http(struct facts *facts)
{
	http_answers(facts, 302, "http://other.test/a");
}

static void http_goes_to_a_page(struct facts *facts)
{
	http_answers(facts, 302, "/login");
}

static void page_is_missing(struct facts *facts)
{
	usual_result(facts)->https.items[0].status = 404;
}

static void tls_only(struct facts *facts)
{
	struct probe_answer *answer = &usual_result(facts)->https.items[0];

	answer->status = 0;
	answer->problem = hs_strdup("connection reset");
}

static void name_is_unknown(struct facts *facts)
{
	usual_result(facts);
	facts->name.looked_up = true;
}

static void name_leads_away(struct facts *facts)
{
	name_is_unknown(facts);
	hs_strings_add(&facts->name.addresses, "198.51.100.9");
}

static void name_leads_here(struct facts *facts)
{
	name_leads_away(facts);
	hs_strings_add(&facts->name.addresses, "192.0.2.10");
}

static const struct rule_case cases[] = {
	{"live.connect", true, NAME, one_of_two_refuses,
	 "[::1]:443 takes no connection (connection refused)", NULL},
	{"live.connect", true, NAME, speaks_no_tls,
	 "192.0.2.10:443 does not speak TLS", NULL},
	{"live.connect", false, NAME, is_too_slow, NULL, NULL},
	{"live.connect", false, NAME, all_is_well, NULL, NULL},
	{"live.connect", false, NAME, NULL, NULL, NULL},
	{"live.timeout", true, NAME, is_too_slow, "in time", NULL},
	{"live.timeout", false, NAME, all_is_well, NULL, NULL},
	{"live.certificate-other", true, NAME, sends_another_certificate,
	 "192.0.2.10:443", NULL},
	{"live.certificate-other", false, NAME, sends_the_certificate, NULL,
	 NULL},
	{"live.certificate-other", false, NAME, all_is_well, NULL, NULL},
	{"live.chain", true, NAME, is_not_trusted, "local issuer", NULL},
	{"live.chain", false, NAME, all_is_well, NULL, NULL},
	{"live.chain", false, NAME, speaks_no_tls, NULL, NULL},
	{"live.name", true, NAME, has_another_name, "www.example.test", NULL},
	{"live.name", false, NAME, all_is_well, NULL, NULL},
	{"live.legacy-protocol", true, NAME, speaks_tls_1_1, "TLSv1.1", NULL},
	{"live.legacy-protocol", false, NAME, all_is_well, NULL, NULL},
	{"live.weak-cipher", true, NAME, chooses_rsa, "AES128", NULL},
	{"live.weak-cipher", true, NAME, chooses_cbc, "ECDHE", NULL},
	{"live.weak-cipher", false, NAME, chooses_gcm, NULL, NULL},
	{"live.weak-cipher", false, NAME, all_is_well, NULL, NULL},
	{"live.http2", true, NAME, has_no_http2, "http/1.1", NULL},
	{"live.http2", false, NAME, can_have_no_http2, NULL, NULL},
	{"live.http2", false, NAME, all_is_well, NULL, NULL},
	{"live.hsts-missing", true, HSTS, has_no_hsts, "/", NULL},
	{"live.hsts-missing", false, NAME, has_no_hsts, NULL, NULL},
	{"live.hsts-missing", false, HSTS, all_is_well, NULL, NULL},
	{"live.hsts-inner-path", true, HSTS, has_no_hsts_inside,
	 "https://www.example.test/a", NULL},
	{"live.hsts-inner-path", false, HSTS, has_no_hsts, NULL, NULL},
	{"live.hsts-inner-path", false, HSTS, all_is_well, NULL, NULL},
	{"live.hsts-duplicate", true, HSTS, has_hsts_twice, "\"max-age=1\"",
	 NULL},
	{"live.hsts-duplicate", false, HSTS, all_is_well, NULL, NULL},
	{"live.hsts-value", true, HSTS, has_other_hsts, AGE " was asked for",
	 NULL},
	{"live.hsts-value", true, HSTS "hsts.max-age=1d", all_is_well, "86400",
	 NULL},
	{"live.hsts-value", false, HSTS "hsts.include-subdomains=yes",
	 has_other_hsts, NULL, NULL},
	{"live.hsts-value", false, HSTS, all_is_well, NULL, NULL},
	{"live.hsts-on-http", true, HSTS, has_hsts_on_http, "http://", NULL},
	{"live.hsts-on-http", false, HSTS, all_is_well, NULL, NULL},
	{"live.redirect-missing", true, REDIRECT, http_serves_pages, "200",
	 NULL},
	{"live.redirect-missing", true, REDIRECT, http_says_nothing,
	 "empty reply", NULL},
	{"live.redirect-missing", false, NAME, http_serves_pages, NULL, NULL},
	{"live.redirect-missing", false, REDIRECT, http_serves_challenges, NULL,
	 NULL},
	{"live.redirect-missing", false, REDIRECT, all_is_well, NULL, NULL},
	{"live.redirect-loop", true, REDIRECT, http_goes_round, "for ever",
	 NULL},
	{"live.redirect-loop", true, REDIRECT, https_goes_back, "for ever",
	 NULL},
	{"live.redirect-loop", true, REDIRECT, https_goes_to_itself, "for ever",
	 NULL},
	{"live.redirect-loop", false, REDIRECT, all_is_well, NULL, NULL},
	{"live.redirect-loop", false, REDIRECT, http_goes_to_http, NULL, NULL},
	{"live.redirect-target", true, REDIRECT, http_forgets_the_path,
	 "to https://www.example.test/", NULL},
	{"live.redirect-target", true, REDIRECT, http_forgets_the_port, "8443",
	 NULL},
	{"live.redirect-target", false, REDIRECT "bindings.https-port=8443",
	 http_forgets_the_port, NULL, NULL},
	{"live.redirect-target", true, REDIRECT, http_goes_elsewhere,
	 "other.test", NULL},
	{"live.redirect-target", false, REDIRECT, http_goes_to_the_other_name,
	 NULL, NULL},
	{"live.redirect-target", true, REDIRECT, http_goes_to_http,
	 "http://other.test/a", NULL},
	{"live.redirect-target", true, REDIRECT, http_goes_to_a_page, "/login",
	 NULL},
	{"live.redirect-target", false, REDIRECT, http_goes_round, NULL, NULL},
	{"live.redirect-target", false, NAME, http_goes_elsewhere, NULL, NULL},
	{"live.redirect-target", false, REDIRECT, all_is_well, NULL, NULL},
	{"live.not-found-404", true, NAME, page_is_missing, "404", NULL},
	{"live.not-found-404", false, NAME, all_is_well, NULL, NULL},
	{"live.no-answer", true, NAME, tls_only, "connection reset", NULL},
	{"live.no-answer", false, NAME, all_is_well, NULL, NULL},
	{"live.dns", true, NAME, name_is_unknown, "no address", NULL},
	{"live.dns", true, NAME, name_leads_away, "198.51.100.9", NULL},
	{"live.dns", false, NAME, name_leads_here, NULL, NULL},
	{"live.dns", false, NAME, all_is_well, NULL, NULL},
};

static void test_live(void **state)
{
	(void)state;
	judge_cases(cases, HS_LENGTH(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_live),
	};

	return cmocka_run_group_tests_name("rules_live", tests, NULL, NULL);
}
