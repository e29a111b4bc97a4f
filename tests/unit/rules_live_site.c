/*
 * Rules about what a site answers over HTTP, and about a site that nobody asked
 * anything of.
 */
#include "core/settings/preload.h"
#include "tests/unit/live_facts.h"

static struct probe_result *result_of(struct facts *facts)
{
	if (!facts->probes.n)
		usual_result(facts);
	return &facts->probes.items[0];
}

static void all_is_well(struct facts *facts)
{
	usual_result(facts);
}

static void set_hsts(struct facts *facts, const char *value)
{
	hs_replace(&result_of(facts)->https.items[0].hsts.items[0], value);
}

static void hsts_has_no_age(struct facts *facts)
{
	set_hsts(facts, "includeSubDomains");
}

static void hsts_has_no_number(struct facts *facts)
{
	set_hsts(facts, "max-age=one year");
}

static void hsts_is_quoted(struct facts *facts)
{
	set_hsts(facts, "max-age=\"31536000\"");
}

static void hsts_ends(struct facts *facts)
{
	set_hsts(facts, "max-age=0");
}

static void hsts_is_short(struct facts *facts)
{
	set_hsts(facts, "max-age=3600");
}

static void hsts_with_an_expired_one(struct facts *facts)
{
	result_of(facts)->certificate.not_after = 1700000000;
}

static void hsts_with_another_name(struct facts *facts)
{
	result_of(facts)->name_fits = false;
}

static void hsts_with_an_own_ca(struct facts *facts)
{
	result_of(facts)->trusted = false;
}

static void no_hsts_and_another_name(struct facts *facts)
{
	hsts_with_another_name(facts);
	hs_strings_done(&result_of(facts)->https.items[0].hsts);
}

static void hop(struct facts *facts, const char *url, int status,
		const char *location)
{
	struct probe_hops *hops = &result_of(facts)->http_hops;

	add_answer(&hops->answers, url, status, location);
	hops->end = status ? PROBE_ARRIVED : PROBE_STRANDED;
}

static void arrives(struct facts *facts)
{
	hop(facts, "http://www.example.test/", 302,
	    "https://www.example.test/");
	hop(facts, "https://www.example.test/", 200, NULL);
}

static void is_stranded(struct facts *facts)
{
	hop(facts, "http://www.example.test/", 302,
	    "https://www.example.test:8443/");
	hop(facts, "https://www.example.test:8443/", 0, NULL);
}

static void loops(struct facts *facts)
{
	arrives(facts);
	result_of(facts)->http_hops.end = PROBE_LOOPED;
}

static void takes_challenges(struct facts *facts)
{
	add_answer(&result_of(facts)->http,
		   "http://www.example.test/.well-known/acme-challenge/x", 301,
		   "https://www.example.test/.well-known/acme-challenge/x");
}

static void ask_localhost(struct facts *facts, int status)
{
	result_of(facts)->localhost = (struct probe_answer){
		.url = hs_strdup("http://localhost/"),
		.status = status,
		.location =
			hs_strdup(status == 302 ? "https://localhost/" : NULL),
	};
}

static void takes_localhost(struct facts *facts)
{
	ask_localhost(facts, 302);
}

static void leaves_localhost(struct facts *facts)
{
	ask_localhost(facts, 200);
}

static void has_no_http(struct facts *facts)
{
	result_of(facts)->http.items[0].status = 0;
	result_of(facts)->http.items[0].problem = hs_strdup("refused");
}

static void fails(struct facts *facts)
{
	result_of(facts)->https.items[0].status = 502;
}

static void is_hostile(struct facts *facts)
{
	result_of(facts)->http.items[0].hostile = true;
}

static void second_is_another(struct facts *facts)
{
	usual_result(facts);
	add_result(facts, "2001:db8::1")->leaf[0] = 1;
}

static void second_is_dead(struct facts *facts)
{
	usual_result(facts);
	add_result(facts, "2001:db8::1")->handshake = false;
}

static void second_is_alike(struct facts *facts)
{
	usual_result(facts);
	add_result(facts, "2001:db8::1");
}

static void nobody_knows_the_name(struct facts *facts)
{
	facts->name.looked_up = true;
}

static void name_leads_away(struct facts *facts)
{
	usual_result(facts);
	facts->site = first_site(facts);
	facts->name.looked_up = true;
	hs_strings_add(&facts->name.addresses, "198.51.100.9");
}

static void wants_preload(struct facts *facts)
{
	set_hsts(facts, "max-age=31536000; preload");
}

static const struct rule_case cases[] = {
	{"live.hsts-invalid", true, NAME, hsts_has_no_age, "max-age", NULL},
	{"live.hsts-invalid", true, NAME, hsts_has_no_number, "one year", NULL},
	{"live.hsts-invalid", false, NAME, hsts_is_quoted, NULL, NULL},
	{"live.hsts-invalid", false, NAME, all_is_well, NULL, NULL},
	{"live.hsts-zero", true, NAME, hsts_ends, "max-age=0", NULL},
	{"live.hsts-zero", false, NAME, all_is_well, NULL, NULL},
	{"live.hsts-short", true, NULL, hsts_is_short, "3600", NULL},
	{"live.hsts-short", false, NAME, hsts_is_short, NULL, NULL},
	{"live.hsts-short", false, NULL, all_is_well, NULL, NULL},
	{"live.hsts-lock-in", true, NAME, hsts_with_an_expired_one, "expired",
	 NULL},
	{"live.hsts-lock-in", true, NAME, hsts_with_another_name, "name", NULL},
	{"live.hsts-lock-in", false, NAME, hsts_with_an_own_ca, NULL, NULL},
	{"live.hsts-lock-in", false, NAME, no_hsts_and_another_name, NULL,
	 NULL},
	{"live.hsts-lock-in", false, NAME, all_is_well, NULL, NULL},
	{"live.redirect-broken", true, NAME, is_stranded, "8443", NULL},
	{"live.redirect-broken", false, NAME, arrives, NULL, NULL},
	{"live.redirect-loop", true, NULL, loops, "for ever", NULL},
	{"live.redirect-loop", false, NULL, arrives, NULL, NULL},
	{"live.redirect-challenge", true, NAME, takes_challenges, "acme", NULL},
	{"live.redirect-challenge", false, NAME, all_is_well, NULL, NULL},
	{"live.redirect-localhost", true, NAME, takes_localhost, "localhost",
	 NULL},
	{"live.redirect-localhost", false, NAME, leaves_localhost, NULL, NULL},
	{"live.http-closed", true, NULL, has_no_http, "refused", NULL},
	{"live.http-closed", false, NAME, has_no_http, NULL, NULL},
	{"live.redirect-missing", false, NULL, has_no_http, NULL, NULL},
	{"live.server-error", true, NAME, fails, "502", NULL},
	{"live.server-error", false, NAME, all_is_well, NULL, NULL},
	{"live.hostile-text", true, NAME, is_hostile, "control", NULL},
	{"live.hostile-text", false, NAME, all_is_well, NULL, NULL},
	{"live.addresses-differ", true, NAME, second_is_another,
	 "different certificates", NULL},
	{"live.addresses-differ", true, NAME, second_is_dead, "only one", NULL},
	{"live.addresses-differ", false, NAME, second_is_alike, NULL, NULL},
	{"live.unresolvable", true, NULL, nobody_knows_the_name, "no address",
	 NULL},
	{"live.unresolvable", false, NAME, nobody_knows_the_name, NULL, NULL},
	{"live.unresolvable", false, NULL, all_is_well, NULL, NULL},
	{"live.dns", true, NULL, name_leads_away, "198.51.100.9", NULL},
	{"live.preload", true, NULL, wants_preload, "include_sub_domains",
	 NULL},
	{"live.preload", false, NAME, wants_preload, NULL, NULL},
	{"live.preload", false, NULL, all_is_well, NULL, NULL},
};

/* A case without answers is one where nobody asked for anything. */
static void diagnose_case(const struct rule_case *one)
{
	struct settings settings;
	struct facts facts;
	struct findings findings = {0};
	const struct finding *found;

	usual_facts(&facts);
	one->prepare(&facts);
	hs_settings_init(&settings);
	answer_all(&settings, NAME);
	hs_rules_diagnose(&settings, &facts, &findings);
	found = hs_findings_get(&findings, one->id);
	print_message("# %s: %s\n", one->id, found ? found->message : "-");
	assert_int_equal(found != NULL, one->holds);
	if (found && one->says)
		assert_non_null(strstr(found->message, one->says));
	hs_findings_done(&findings);
	hs_settings_done(&settings);
	hs_facts_done(&facts);
}

static void test_site(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		if (cases[i].answers)
			judge_case(&cases[i]);
		else
			diagnose_case(&cases[i]);
	}
}

/* What nobody asked for weighs less. */
static void test_severities(void **state)
{
	struct settings settings;
	struct facts facts;
	struct findings findings = {0};

	(void)state;
	usual_facts(&facts);
	hs_strings_done(&result_of(&facts)->https.items[0].hsts);
	hs_settings_init(&settings);
	answer_all(&settings, NAME);
	hs_rules_judge_live(&settings, &facts, &findings);
	assert_null(hs_findings_get(&findings, "live.hsts-missing"));
	hs_rules_diagnose(&settings, &facts, &findings);
	assert_non_null(hs_findings_get(&findings, "live.hsts-missing"));
	assert_int_equal(
		hs_findings_get(&findings, "live.hsts-missing")->severity,
		SEVERITY_WARNING);
	hs_findings_done(&findings);
	hs_settings_done(&settings);
	hs_facts_done(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_site),
		cmocka_unit_test(test_severities),
	};

	return cmocka_run_group_tests_name("rules_live_site", tests, NULL,
					   NULL);
}
