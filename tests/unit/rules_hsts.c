/*
 * Rules about HSTS, preloading and the redirect.
 */
#include "tests/unit/rule_cases.h"

#define ON "hsts.enabled=yes name=www.example.test "
#define PRELOAD                                                                \
	"hsts.enabled=yes hsts.preload=yes hsts.include-subdomains=yes "       \
	"redirect.enabled=yes "

static void is_untrusted(struct facts *facts)
{
	add_certificate(facts, "www.example.test");
	facts->bundle.trusted = false;
}

static void is_trusted(struct facts *facts)
{
	add_certificate(facts, "www.example.test");
}

static void sends_hsts(struct facts *facts)
{
	first_site(facts)->hsts = hs_strdup("max-age=60");
}

static void sends_our_hsts(struct facts *facts)
{
	sends_hsts(facts);
	first_site(facts)->ours = true;
}

static void server_has_no_hsts(struct facts *facts)
{
	first_server(facts)->abilities &= ~(unsigned)SERVER_HSTS;
}

static void has_a_sub_domain(struct facts *facts)
{
	add_site(facts, "shop.www.example.test", 80);
}

static void has_a_secure_sub_domain(struct facts *facts)
{
	add_listen(add_site(facts, "shop.www.example.test", 80), "*", 443,
		   true);
}

static const struct rule_case hsts_cases[] = {
	{"hsts.max-age-zero", true, ON "hsts.max-age=0", NULL, NULL, "--flag"},
	{"hsts.max-age-zero", false, "hsts.max-age=0", NULL, NULL, NULL},
	{"hsts.max-age-zero", false, ON "hsts.max-age=1", NULL, NULL, NULL},
	{"hsts.max-age-invalid", true, ON "hsts.max-age=abc", NULL, NULL,
	 "--flag"},
	{"hsts.max-age-invalid", true, "hsts.max-age=-5", NULL, NULL, NULL},
	{"hsts.max-age-invalid", false, ON "hsts.max-age=0", NULL, NULL, NULL},
	{"hsts.max-age-short", true, ON "hsts.max-age=179d", NULL, "179 days",
	 NULL},
	{"hsts.max-age-short", false, ON "hsts.max-age=180d", NULL, NULL, NULL},
	{"hsts.max-age-short", false, ON "hsts.max-age=0", NULL, NULL, NULL},
	{"hsts.max-age-over-10-years", true, ON "hsts.max-age=11y", NULL, "11",
	 NULL},
	{"hsts.max-age-over-10-years", false, ON "hsts.max-age=10y", NULL, NULL,
	 NULL},
	{"hsts.preload-max-age", true, PRELOAD "hsts.max-age=364d", NULL,
	 "31536000", "--flag"},
	{"hsts.preload-max-age", false, PRELOAD "hsts.max-age=1y", NULL, NULL,
	 NULL},
	{"hsts.preload-max-age", false, ON "hsts.max-age=364d", NULL, NULL,
	 NULL},
	{"hsts.preload-subdomains", true, ON "hsts.preload=yes", NULL, NULL,
	 NULL},
	{"hsts.preload-subdomains", false, PRELOAD, NULL, NULL, NULL},
	{"hsts.preload-redirect", true, ON "hsts.preload=yes", NULL, NULL,
	 NULL},
	{"hsts.preload-redirect", false, PRELOAD, NULL, NULL, NULL},
	{"hsts.preload-redirect", false,
	 ON "hsts.preload=yes bindings.mode=https", NULL, NULL, NULL},
	{"hsts.preload-subdomain", true, PRELOAD "name=www.example.co.uk", NULL,
	 "example.co.uk", NULL},
	{"hsts.preload-subdomain", false, PRELOAD "name=example.co.uk", NULL,
	 NULL, NULL},
	{"hsts.preload-subdomain", false, PRELOAD "name=192.0.2.1", NULL, NULL,
	 NULL},
	{"hsts.preload-public-suffix", true, PRELOAD "name=co.uk", NULL,
	 "co.uk", NULL},
	{"hsts.preload-public-suffix", false, PRELOAD "name=example.co.uk",
	 NULL, NULL, NULL},
	{"hsts.preload-commitment", true, PRELOAD, NULL, "months", NULL},
	{"hsts.preload-commitment", false, ON, NULL, NULL, NULL},
	{"hsts.preload-commitment", false, "hsts.preload=yes", NULL, NULL,
	 NULL},
	{"hsts.ip-address", true, "hsts.enabled=yes name=192.0.2.1", NULL,
	 "192.0.2.1", NULL},
	{"hsts.ip-address", true, "hsts.enabled=yes name=[::1]", NULL, "::1",
	 NULL},
	{"hsts.ip-address", false, ON, NULL, NULL, NULL},
	{"hsts.untrusted-certificate", true, ON, is_untrusted, NULL, NULL},
	{"hsts.untrusted-certificate", false, ON, is_trusted, NULL, NULL},
	{"hsts.untrusted-certificate", false, "hsts.enabled=no", is_untrusted,
	 NULL, NULL},
	{"hsts.untrusted-certificate", false, ON, NULL, NULL, NULL},
	{"hsts.subdomain-on-http", true, ON "hsts.include-subdomains=yes",
	 has_a_sub_domain, "shop.www.example.test", "/etc/nginx/a.conf:3"},
	{"hsts.subdomain-on-http", false, ON, has_a_sub_domain, NULL, NULL},
	{"hsts.subdomain-on-http", false, ON "hsts.include-subdomains=yes",
	 has_a_secure_sub_domain, NULL, NULL},
	{"hsts.not-enabled", true, "hsts.preload=yes", NULL, "hsts.preload",
	 NULL},
	{"hsts.not-enabled", false, "hsts.enabled=no", NULL, NULL, NULL},
	{"hsts.not-enabled", false, PRELOAD, NULL, NULL, NULL},
	{"hsts.duplicate-header", true, ON, sends_hsts, "max-age=60",
	 "/etc/nginx/a.conf:3"},
	{"hsts.duplicate-header", false, ON, sends_our_hsts, NULL, NULL},
	{"hsts.duplicate-header", false, "name=www.example.test", sends_hsts,
	 NULL, NULL},
	{"hsts.unsupported", true, ON, server_has_no_hsts, "nginx 1.22.1",
	 NULL},
	{"hsts.unsupported", false, ON, NULL, NULL, NULL},
	{"hsts.unsupported", false, NULL, server_has_no_hsts, NULL, NULL},
};

#define REDIRECT "redirect.enabled=yes name=www.example.test "

static void redirects_to(struct facts *facts, const char *target)
{
	first_site(facts)->redirect_target = hs_strdup(target);
	first_site(facts)->redirects = strncmp(target, "https:", 6) == 0;
	add_certificate(facts, "www.example.test");
}

static void redirects_back(struct facts *facts)
{
	redirects_to(facts, "http://www.example.test$request_uri");
}

static void redirects_home(struct facts *facts)
{
	redirects_to(facts, "https://www.example.test:8443/$1");
}

static void redirects_to_host(struct facts *facts)
{
	redirects_to(facts, "https://$host$request_uri");
}

static void redirects_below_domain(struct facts *facts)
{
	redirects_to(facts, "https://www.$domain$request_uri");
}

static void redirects_to_other(struct facts *facts)
{
	redirects_to(facts, "https://example.test$request_uri");
}

static void redirects_to_other_site(struct facts *facts)
{
	redirects_to_other(facts);
	add_listen(add_site(facts, "example.test", 0), "*", 443, true);
}

static void redirects_as_we_said(struct facts *facts)
{
	redirects_to_other(facts);
	first_site(facts)->ours = true;
}

static void is_iis(struct facts *facts)
{
	first_server(facts)->id = "iis";
}

static void is_iis_with_a_rule(struct facts *facts)
{
	redirects_home(facts);
	is_iis(facts);
}

static void lacks_rewrite(struct facts *facts)
{
	is_iis(facts);
}

static void has_rewrite(struct facts *facts)
{
	is_iis(facts);
	first_server(facts)->abilities |= SERVER_REWRITE;
}

static void is_of_any_age(struct facts *facts)
{
	is_iis(facts);
	first_server(facts)->abilities |= SERVER_AGE_UNKNOWN;
}

static void has_our_rule(struct facts *facts)
{
	redirects_home(facts);
	has_rewrite(facts);
	first_site(facts)->redirect_ours = true;
}

static void sends_all(struct facts *facts, const char *target)
{
	is_iis(facts);
	first_site(facts)->sends_all = hs_strdup(target);
	first_site(facts)->sends_all_place =
		(struct place){"/inetpub/web.config", 3};
}

static void sends_all_home(struct facts *facts)
{
	sends_all(facts, "https://WWW.example.test$S$Q");
}

static void sends_all_to_any_host(struct facts *facts)
{
	sends_all(facts, "https://{HTTP_HOST}{REQUEST_URI}");
}

static void sends_all_to_a_port(struct facts *facts)
{
	sends_all(facts, "https://www.example.test:8443/");
}

static void sends_all_elsewhere(struct facts *facts)
{
	sends_all(facts, "https://example.test/");
}

static void sends_all_back(struct facts *facts)
{
	sends_all(facts, "http://{HTTP_HOST}/{R:1}");
}

static void answers_first(struct facts *facts)
{
	has_rewrite(facts);
	first_server(facts)->answers_first =
		(struct place){"/applicationHost.config", 9};
}

static const struct rule_case redirect_cases[] = {
	{"redirect.loop", true, NULL, sends_all_home, "over HTTPS",
	 "/inetpub/web.config:3"},
	{"redirect.loop", true, NULL, sends_all_to_any_host, NULL, NULL},
	{"redirect.loop", false, NULL, sends_all_to_a_port, NULL, NULL},
	{"redirect.loop", true, "bindings.https-port=8443", sends_all_to_a_port,
	 NULL, NULL},
	{"redirect.loop", false, NULL, sends_all_elsewhere, NULL, NULL},
	{"redirect.loop", false, NULL, sends_all_back, NULL, NULL},
	{"redirect.loop", true, REDIRECT, sends_all_back, NULL, NULL},
	{"redirect.loop", false, "bindings.mode=http", sends_all_home, NULL,
	 NULL},
	{"redirect.everybody", true, NULL, sends_all_elsewhere,
	 "https://example.test/", "/inetpub/web.config:3"},
	{"redirect.everybody", true, NULL, sends_all_back, NULL, NULL},
	{"redirect.everybody", false, NULL, sends_all_home, NULL, NULL},
	{"redirect.everybody", false, NULL, is_iis, NULL, NULL},
	{"redirect.of-others", true, NULL, is_iis_with_a_rule, "https://",
	 NULL},
	{"redirect.of-others", false, REDIRECT, is_iis_with_a_rule, NULL, NULL},
	{"redirect.of-others", false, NULL, has_our_rule, NULL, NULL},
	{"redirect.not-heard", true, REDIRECT, answers_first, "global rule",
	 "/applicationHost.config:9"},
	{"redirect.not-heard", false, NULL, answers_first, NULL, NULL},
	{"redirect.not-heard", false, REDIRECT, has_rewrite, NULL, NULL},
	{"redirect.no-http", true, REDIRECT "bindings.mode=https", NULL, NULL,
	 "--flag"},
	{"redirect.no-http", false, REDIRECT, NULL, NULL, NULL},
	{"redirect.no-http", false, "bindings.mode=https", NULL, NULL, NULL},
	{"redirect.loop", true, REDIRECT "bindings.https-port=80", NULL, "80",
	 NULL},
	{"redirect.loop", true, REDIRECT, redirects_back, "for ever",
	 "/etc/nginx/a.conf:3"},
	{"redirect.loop", false, REDIRECT, redirects_home, NULL, NULL},
	{"redirect.loop", false, "redirect.enabled=no", redirects_back, NULL,
	 NULL},
	{"hsts.version-unknown", true, ON, is_of_any_age, NULL, NULL},
	{"hsts.version-unknown", false, ON "iis.version=2016-or-older",
	 is_of_any_age, NULL, NULL},
	{"hsts.version-unknown", false, ON, is_iis, NULL, NULL},
	{"redirect.port", true, REDIRECT "bindings.https-port=8443", is_iis,
	 "8443", NULL},
	{"redirect.port", false, REDIRECT, is_iis, NULL, NULL},
	{"redirect.port", false, REDIRECT "bindings.https-port=8443", NULL,
	 NULL, NULL},
	{"redirect.module-missing", true, REDIRECT, lacks_rewrite,
	 "URL Rewrite", NULL},
	{"redirect.module-missing", false, REDIRECT, NULL, NULL, NULL},
	{"redirect.module-missing", false, REDIRECT, has_rewrite, NULL, NULL},
	{"redirect.module-missing", true,
	 REDIRECT "hsts.enabled=yes redirect.skip-localhost=yes", lacks_rewrite,
	 "localhost", NULL},
	{"redirect.module-missing", false,
	 REDIRECT "hsts.enabled=yes redirect.skip-localhost=no", lacks_rewrite,
	 NULL, NULL},
	{"redirect.module-missing", true, REDIRECT "redirect.skip-localhost=no",
	 lacks_rewrite, "HSTS", NULL},
	{"redirect.port", false, REDIRECT "bindings.https-port=8443",
	 has_rewrite, NULL, NULL},
	{"redirect.double", false, REDIRECT, has_our_rule, NULL, NULL},
	{"redirect.code", true, REDIRECT "redirect.code=308", has_rewrite,
	 "308", "--flag"},
	{"redirect.double", true, REDIRECT, is_iis_with_a_rule, NULL, NULL},
	{"redirect.double", false, REDIRECT, redirects_home, NULL, NULL},
	{"redirect.double", false, REDIRECT, is_iis, NULL, NULL},
	{"redirect.code", true, "redirect.code=305", NULL, "305", "--flag"},
	{"redirect.code", true, "redirect.code=abc", NULL, NULL, NULL},
	{"redirect.code", false, "redirect.code=307", NULL, NULL, NULL},
	{"redirect.name-mismatch", true, REDIRECT, redirects_to_other,
	 "example.test", "/etc/nginx/a.conf:3"},
	{"redirect.name-mismatch", true, "name=www.example.test",
	 redirects_to_other, NULL, NULL},
	{"redirect.name-mismatch", false, REDIRECT, redirects_home, NULL, NULL},
	{"redirect.name-mismatch", false, REDIRECT, redirects_to_host, NULL,
	 NULL},
	{"redirect.name-mismatch", false, REDIRECT, redirects_below_domain,
	 NULL, NULL},
	{"redirect.name-mismatch", false, REDIRECT, redirects_to_other_site,
	 NULL, NULL},
	{"redirect.name-mismatch", false, REDIRECT, redirects_as_we_said, NULL,
	 NULL},
};

static void test_hsts(void **state)
{
	(void)state;
	judge_cases(hsts_cases, HS_LENGTH(hsts_cases));
}

static void test_redirect(void **state)
{
	(void)state;
	judge_cases(redirect_cases, HS_LENGTH(redirect_cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hsts),
		cmocka_unit_test(test_redirect),
	};

	return cmocka_run_group_tests_name("rules_hsts", tests, NULL, NULL);
}
