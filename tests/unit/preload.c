/*
 * Strict-Transport-Security as browsers and as hstspreload.org read it.
 */
#include "core/settings/preload.h"
#include "tests/unit/live_facts.h"

static const struct {
	const char *value;
	long long max_age; /* for browsers */
	const char *issues;
} headers[] = {
	{"max-age=31536000; includeSubDomains; preload", 31536000, ""},
	{"MAX-AGE=1 ;INCLUDESUBDOMAINS;PreLoad", 1, ""},
	{"", -1, " header.parse.empty"},
	{"max-age=1;", 1, " header.parse.empty_directive"},
	{"max-age=1; foo=2", 1, " header.parse.unknown_directive"},
	{"max-age=1; preload; preload", 1, " header.parse.repeated.preload"},
	{"max-age=1; includeSubDomains; includesubdomains", 1,
	 " header.parse.repeated.include_sub_domains"},
	{"max-age=1; max-age=2", -1, " header.parse.repeated.max_age"},
	{"max-age=1; preload=yes", 1, " header.parse.invalid.preload"},
	{"max-age=1; includeSubDomains=on", 1,
	 " header.parse.invalid.include_sub_domains"},
	{"max-age=01", 1, " header.parse.max_age.leading_zero"},
	{"max-age=\"1\"", 1, " header.parse.max_age.non_digit_characters"},
	{"max-age=1e3", -1, " header.parse.max_age.non_digit_characters"},
	{"max-age=-1", -1, " header.parse.max_age.non_digit_characters"},
	{"max-age=", -1, " header.parse.max_age.parse_int_error"},
	{"max-age=99999999999999999999", -1,
	 " header.parse.max_age.parse_int_error"},
	{"max-age", -1, " header.parse.invalid.max_age.no_value"},
};

static void put_ids(struct preload_issues *issues, struct str *ids)
{
	HS_EACH(issue, issues)
		hs_str_printf(ids, " %s", issue->id);
	HS_ARRAY_FREE(issues);
}

static void test_headers(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(headers); i++) {
		struct preload_issues issues = {0};
		hs_auto_str struct str ids = {0};

		print_message("# %s\n", headers[i].value);
		hs_preload_read(headers[i].value, &issues);
		put_ids(&issues, &ids);
		assert_string_equal(hs_str_text(&ids), headers[i].issues);
		assert_int_equal(hs_hsts_read(headers[i].value).max_age,
				 headers[i].max_age);
	}
}

/* A site as the list wants it, and what one change makes of it. */
struct site_case {
	const char *name, *hsts, *second_hsts, *target, *http_hsts;
	const char *issues;
};

#define GOOD "max-age=31536000; includeSubDomains; preload"

static const struct site_case sites[] = {
	{"example.com", GOOD, NULL, "https://example.com/", NULL, ""},
	{"example.com", NULL, NULL, "https://example.com/", NULL,
	 " response.no_header"},
	{"example.com", GOOD, GOOD, "https://example.com/", NULL,
	 " response.multiple_headers"},
	{"example.com", "max-age=31536000", NULL, "https://example.com/", NULL,
	 " header.preloadable.include_sub_domains.missing"
	 " header.preloadable.preload.missing"},
	{"example.com", "includeSubDomains; preload", NULL,
	 "https://example.com/", NULL, " header.preloadable.max_age.missing"},
	{"example.com", "max-age=0; includeSubDomains; preload", NULL,
	 "https://example.com/", NULL, " header.preloadable.max_age.zero"},
	{"example.com", "max-age=31535999; includeSubDomains; preload", NULL,
	 "https://example.com/", NULL,
	 " header.preloadable.max_age.below_1_year"},
	{"example.com", "max-age=315360001; includeSubDomains; preload", NULL,
	 "https://example.com/", NULL,
	 " header.preloadable.max_age.over_10_years"},
	{"www.example.com", GOOD, NULL, "https://www.example.com/", NULL,
	 " domain.is_subdomain"},
	{"co.uk", GOOD, NULL, "https://co.uk/", NULL,
	 " domain.format.public_suffix"},
	{"192.0.2.1", GOOD, NULL, "https://192.0.2.1/", NULL,
	 " domain.format.is_ip_address"},
	{"example_1.com", GOOD, NULL, "https://example_1.com/", NULL,
	 " domain.format.invalid_characters"},
	{".example.com", GOOD, NULL, "https://.example.com/", NULL,
	 " domain.format.begins_with_dot"},
	{"example.com.", GOOD, NULL, "https://example.com./", NULL,
	 " domain.format.ends_with_dot"},
	{"www..example.com", GOOD, NULL, "https://www..example.com/", NULL,
	 " domain.format.contains_double_dot"},
	{"2001:db8::1", GOOD, NULL, "https://[2001:db8::1]/", NULL,
	 " domain.format.is_ip_address"},
	{"example.com", GOOD, NULL, NULL, NULL, " redirects.http.no_redirect"},
	{"example.com", GOOD, NULL, "https://www.example.com/", NULL,
	 " redirects.http.www_first"},
	{"example.com", GOOD, NULL, "http://www.example.com/", NULL,
	 " redirects.http.first_redirect.insecure"},
	{"example.com", GOOD, NULL, "mailto:x@example.com", NULL,
	 " redirects.http.first_redirect.invalid"},
	{"example.com", GOOD, NULL, "https://example.com/", GOOD,
	 " redirects.http.useless_header"},
};

static void make_site(const struct site_case *site, struct facts *facts)
{
	struct probe_result *result = add_result(facts, "192.0.2.10");
	hs_auto_free char *http = hs_format("http://%s/", site->name);
	hs_auto_free char *https = hs_format("https://%s/", site->name);
	int status = site->target ? 301 : 200;
	struct probe_answer *answer;

	answer = add_answer(&result->https, https, 200, NULL);
	if (site->hsts)
		hs_strings_add(&answer->hsts, site->hsts);
	if (site->second_hsts)
		hs_strings_add(&answer->hsts, site->second_hsts);
	answer = add_answer(&result->http, http, status, site->target);
	if (site->http_hsts)
		hs_strings_add(&answer->hsts, site->http_hsts);
	add_answer(&result->http_hops.answers, http, status, site->target);
	answer = add_answer(&result->http_hops.answers, https, 200, NULL);
	hs_strings_add(&answer->hsts, GOOD);
	result->http_hops.end = PROBE_ARRIVED;
}

static void test_sites(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(sites); i++) {
		struct settings settings;
		struct facts facts = {.now = 1800000000};
		struct preload_issues issues;
		hs_auto_str struct str ids = {0};

		print_message("# %s %s\n", sites[i].name, sites[i].issues);
		hs_settings_init(&settings);
		hs_replace(&settings.name, sites[i].name);
		make_site(&sites[i], &facts);
		hs_preload_judge(&settings, &facts, &issues);
		put_ids(&issues, &ids);
		assert_string_equal(hs_str_text(&ids), sites[i].issues);
		hs_settings_done(&settings);
		hs_facts_done(&facts);
	}
}

/* Leaving the list. */
static const struct {
	const char *hsts, *second_hsts;
	const char *issues;
} removals[] = {
	{"max-age=31536000; includeSubDomains", NULL, ""},
	{"max-age=0", NULL, ""},
	{GOOD, NULL, " header.removable.contains.preload"},
	{"includeSubDomains", NULL, " header.removable.missing.max_age"},
	{"preload", NULL,
	 " header.removable.contains.preload"
	 " header.removable.missing.max_age"},
	{NULL, NULL, " response.no_header"},
	{"max-age=1", "max-age=1", " response.multiple_headers"},
};

static void test_removal(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(removals); i++) {
		struct facts facts = {.now = 1800000000};
		struct preload_issues issues;
		hs_auto_str struct str ids = {0};

		make_site(&(struct site_case){.name = "example.com",
					      .hsts = removals[i].hsts,
					      .second_hsts =
						      removals[i].second_hsts},
			  &facts);
		hs_preload_judge_removal(&facts, &issues);
		put_ids(&issues, &ids);
		assert_string_equal(hs_str_text(&ids), removals[i].issues);
		hs_facts_done(&facts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_sites),
		cmocka_unit_test(test_removal),
	};

	return cmocka_run_group_tests_name("preload", tests, NULL, NULL);
}
