/*
 * Rules about the server and its sites.
 */
#include "tests/unit/rule_cases.h"

static void there_is_none(struct facts *facts)
{
	hs_server_facts_done(first_server(facts));
	facts->servers.n = 0;
}

static void it_is_stopped(struct facts *facts)
{
	first_server(facts)->running = false;
}

static void it_is_offline(struct facts *facts)
{
	it_is_stopped(facts);
	facts->offline = true;
}

/* Everything that is found out while looking and planning. */
static void it_has_problems(struct facts *facts)
{
	static const char *const ids[] = {
		"server.config-broken",	  "server.module-missing",
		"server.shared-config",	  "server.locked-section",
		"server.changed-on-disk", "server.unsupported-syntax",
		"server.unknown-problem", "server.unused-copy",
		"server.outside-tree",	  "server.no-trial",
		"server.left-beside",	  "server.certbot-at-work",
		"firewall.ssh-shut",
	};

	for (size_t i = 0; i < HS_LENGTH(ids); i++)
		hs_problem_add(&first_server(facts)->problems, ids[i],
			       "/etc/nginx/nginx.conf:7", "see \033[1mline 7");
}

static void two_equal_sites(struct facts *facts)
{
	struct site *other = add_site(facts, "second", 8080);

	hs_strings_add(&other->names, "www.example.test");
}

static void no_site_at_all(struct facts *facts)
{
	hs_site_done(first_site(facts));
	first_server(facts)->sites.n = 0;
}

static void site_has_https(struct facts *facts)
{
	add_listen(first_site(facts), "*", 443, true);
	first_site(facts)->certificate = hs_strdup("/etc/ssl/a.pem");
}

#define NAME "name=www.example.test "

static const struct rule_case cases[] = {
	{"server.not-found", true, NULL, there_is_none, "no web server", NULL},
	{"server.not-found", true, "server=apache", NULL, "apache", "--flag"},
	{"server.not-found", false, "server=nginx", NULL, NULL, NULL},
	{"server.not-running", true, NULL, it_is_stopped, "nginx", NULL},
	{"server.not-running", false, NULL, it_is_offline, NULL, NULL},
	{"server.not-running", false, NULL, NULL, NULL, NULL},
	{"server.config-broken", true, NULL, it_has_problems, "line 7",
	 "/etc/nginx/nginx.conf:7"},
	{"server.module-missing", true, NULL, it_has_problems, NULL, NULL},
	{"server.shared-config", true, NULL, it_has_problems, NULL, NULL},
	{"server.locked-section", true, NULL, it_has_problems, NULL, NULL},
	{"server.changed-on-disk", true, NULL, it_has_problems, NULL, NULL},
	{"server.unused-copy", true, NULL, it_has_problems, NULL, NULL},
	{"server.outside-tree", true, NULL, it_has_problems, NULL, NULL},
	{"server.no-trial", true, NULL, it_has_problems, NULL, NULL},
	{"server.left-beside", true, NULL, it_has_problems, NULL, NULL},
	{"server.certbot-at-work", true, NULL, it_has_problems, NULL, NULL},
	{"firewall.ssh-shut", true, NULL, it_has_problems, NULL, NULL},
	{"server.unsupported-syntax", true, NULL, it_has_problems, NULL, NULL},
	{"server.unknown-problem", true, NULL, it_has_problems, NULL, NULL},
	{"server.config-broken", false, NULL, NULL, NULL, NULL},
	{"server.config-broken", false, NULL, there_is_none, NULL, NULL},
	{"server.ambiguous-site", true, NAME, two_equal_sites,
	 "several sites answer for www.example.test: www.example.test "
	 "(/etc/nginx/a.conf:3), second",
	 NULL},
	{"server.ambiguous-site", false, NAME "site=second", two_equal_sites,
	 NULL, NULL},
	{"server.ambiguous-site", false, NAME "bindings.http-port=8080",
	 two_equal_sites, NULL, NULL},
	{"server.ambiguous-site", false, NAME, NULL, NULL, NULL},
	{"server.no-site", true, NAME, no_site_at_all, "www.example.test",
	 NULL},
	{"server.no-site", true, NULL, no_site_at_all, "no site was found",
	 NULL},
	{"server.no-site", true, "site=shop", NULL,
	 "there is no site shop; there are: www.example.test", "--flag"},
	{"server.no-site", false, NAME, NULL, NULL, NULL},
	{"server.default-site", true, "name=other.test", NULL, "other.test",
	 NULL},
	{"server.default-site", false, "name=other.test site=www.example.test",
	 NULL, NULL, NULL},
	{"server.default-site", false, NAME, NULL, NULL, NULL},
	{"server.already-https", true, NAME, site_has_https,
	 "has HTTPS: it is updated", "/etc/ssl/a.pem"},
	{"server.already-https", false, NAME, NULL, NULL, NULL},
};

static void test_server(void **state)
{
	(void)state;
	judge_cases(cases, HS_LENGTH(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_server),
	};

	return cmocka_run_group_tests_name("rules_server", tests, NULL, NULL);
}
