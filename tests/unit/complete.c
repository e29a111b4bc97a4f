/*
 * What is filled in where the operator left it open: which server and site
 * are meant, and what is taken over from them.
 */
#include "core/settings/sites.h"
#include "tests/unit/rule_cases.h"

struct job {
	struct settings settings;
	struct facts facts;
};

static void setup(struct job *job, const char *answers)
{
	usual_facts(&job->facts);
	hs_settings_init(&job->settings);
	answer_all(&job->settings, answers);
}

static void done(struct job *job)
{
	hs_settings_done(&job->settings);
	hs_facts_done(&job->facts);
}

static void complete(struct job *job)
{
	hs_settings_complete(&job->settings, &job->facts);
}

/* One server with these sites, "id:port name name; id:port ...": "!" behind
 * the port makes it the default of its listener. */
static void set_sites(struct facts *facts, const char *text)
{
	hs_auto_free char *copy = hs_strdup(text);
	char *rest, *one = strtok_r(copy, ";", &rest);

	hs_site_done(first_site(facts));
	first_server(facts)->sites.n = 0;
	for (; one; one = strtok_r(NULL, ";", &rest)) {
		char *words, *word = strtok_r(one, " ", &words);
		char *colon = strrchr(word, ':');
		struct site *site;

		*colon = '\0';
		site = add_site(facts, word, atoi(colon + 1));
		site->listens.items[0].default_server =
			strchr(colon + 1, '!') != NULL;
		hs_strings_done(&site->names);
		while ((word = strtok_r(NULL, " ", &words)))
			hs_strings_add(&site->names, word);
	}
}

/* Which site answers; a problem's id where none does. */
static const struct {
	const char *sites, *answers, *chosen;
} choices[] = {
	/* exact, longest "*.x", longest "x.*", regular expression */
	{"a:80 *.b.test;b:80 www.b.test;c:80 ~^www", "name=www.b.test", "b"},
	{"a:80 *.test;b:80 *.b.test;c:80 www.*", "name=www.b.test", "b"},
	{"a:80 www.*;b:80 www.b.*;c:80 ~^www", "name=www.b.test", "b"},
	{"a:80 x.test;b:80 ~^www\\d+\\.test$;c:80 ~^www", "name=www1.test",
	 "b"},
	{"a:80 x.test;b:80 ~^(?<sub>\\w+)\\.b\\.test$", "name=www.b.test", "b"},
	{"a:80 x.test;b:80 ~^(?P<sub>\\w+)\\.b\\.test$", "name=www.b.test",
	 "b"},
	{"a:80! x.test;b:80 ~^(?P<sub>\\w+)\\.b\\.test$", "name=x.www.b.test",
	 "a"},
	{"a:80 www.b.*;b:80! x.test", "name=www.c.test", "b"},
	{"a:80! x.test;b:80 ~^(?!www)", "name=www.b.test", "a"},
	{"a:80 .b.test;b:80 x.test", "name=b.test", "a"},
	{"a:80 *.b.test;b:80 .b.test", "name=b.test", "b"},
	{"a:80 x.test;b:80 *.b.test", "name=b.test", "a"},
	{"a:80 WWW.B.test;b:80 x.test", "name=www.b.test", "a"},
	/* nobody lists the name */
	{"a:80 x.test;b:80! _;c:80 y.test", "name=www.b.test", "b"},
	{"a:8080! x.test;b:80 _", "name=www.b.test", "a"},
	{"a:8080! x.test;b:80! _", "name=www.b.test", "b"},
	{"a:8080 x.test", "name=www.b.test", "a"},
	{"a:8080 x.test;b:80 y.test;c:80 z.test", NULL, "b"},
	{"a:8080 x.test;b:8081 y.test", NULL, "server.ambiguous-site"},
	{"", "name=www.b.test", "server.no-site"},
	/* the first of equals answers, unless only their ports differ */
	{"a:80 b.test;b:80 b.test", "name=b.test", "a"},
	{"a:80 b.test;b:8080 b.test", "name=b.test", "server.ambiguous-site"},
	{"a:80 b.test;b:8080 b.test", "name=b.test bindings.http-port=8080",
	 "b"},
	/* by --site: an id before a name */
	{"a:80 b;b:80 a", "site=b", "b"},
	{"a:80 x.test;b:80 y.test", "site=y.test name=x.test", "b"},
	{"a:80 x.test", "site=z name=x.test", "server.no-site"},
};

static void test_the_site_is_chosen(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(choices); i++) {
		struct job job;
		const char *chosen;

		setup(&job, choices[i].answers);
		set_sites(&job.facts, choices[i].sites);
		complete(&job);
		chosen = job.facts.site ? job.facts.site->id
					: job.facts.site_problem;
		print_message("# %s | %s: %s\n", choices[i].sites,
			      choices[i].answers ? choices[i].answers : "",
			      chosen);
		assert_string_equal(chosen, choices[i].chosen);
		assert_true(!job.facts.site ==
			    (job.facts.site_problem != NULL));
		if (job.facts.site &&
		    !hs_question_is_answered(hs_question_by_id("site"),
					     &job.settings))
			assert_string_equal(job.settings.site, chosen);
		done(&job);
	}
}

static void add_server(struct facts *facts, const char *id, bool running)
{
	struct server_facts *server = hs_facts_add_server(facts);

	server->id = id;
	server->running = running;
}

static void test_the_server_is_chosen(void **state)
{
	struct job job;

	(void)state;
	setup(&job, NULL);
	first_server(&job.facts)->running = false;
	complete(&job);
	assert_string_equal(job.settings.server, "nginx");
	add_server(&job.facts, "apache", true);
	complete(&job);
	assert_string_equal(job.settings.server, "apache");
	assert_string_equal(job.facts.server->id, "apache");
	answer_all(&job.settings, "server=nginx");
	complete(&job);
	assert_string_equal(job.facts.server->id, "nginx");
	answer_all(&job.settings, "server=tomcat");
	complete(&job);
	assert_null(job.facts.server);
	assert_null(job.facts.site);
	done(&job);
}

static void test_the_name_comes_from_the_certificate(void **state)
{
	struct job job;

	(void)state;
	setup(&job, NULL);
	complete(&job);
	assert_null(job.settings.name);
	add_certificate(&job.facts, "*.example.test www.example.test");
	complete(&job);
	assert_string_equal(job.settings.name, "www.example.test");
	assert_int_equal(hs_settings_origin(&job.settings, "name"),
			 ORIGIN_FOUND);
	hs_bundle_done(&job.facts.bundle);
	add_certificate(&job.facts, "other.test");
	complete(&job);
	assert_string_equal(job.settings.name, "other.test");
	answer_all(&job.settings, "name=mine.test");
	complete(&job);
	assert_string_equal(job.settings.name, "mine.test");
	/* Emptied on purpose: not filled again while somebody types. */
	answer_all(&job.settings, "name=");
	complete(&job);
	assert_null(job.settings.name);
	done(&job);
}

static void test_ports_are_the_site_s_own(void **state)
{
	struct job job;

	(void)state;
	setup(&job, "name=b.test");
	set_sites(&job.facts, "a:80 a.test;b:8080 b.test");
	complete(&job);
	assert_int_equal(job.settings.http_port, 8080);
	assert_int_equal(job.settings.https_port, 443);
	add_listen(&first_server(&job.facts)->sites.items[1], "*", 8443, true);
	complete(&job);
	assert_int_equal(job.settings.https_port, 8443);
	add_listen(&first_server(&job.facts)->sites.items[1], "*", 443, true);
	complete(&job);
	assert_int_equal(job.settings.https_port, 443);
	answer_all(&job.settings, "name=a.test");
	complete(&job);
	assert_int_equal(job.settings.http_port, 80);
	answer_all(&job.settings, "name=b.test bindings.http-port=81 "
				  "bindings.https-port=444");
	complete(&job);
	assert_int_equal(job.settings.http_port, 81);
	assert_int_equal(job.settings.https_port, 444);
	done(&job);
}

static void test_the_redirect_s_code(void **state)
{
	struct job job;

	(void)state;
	setup(&job, NULL);
	complete(&job);
	assert_string_equal(job.settings.product, "generic");
	assert_int_equal(job.settings.redirect_code, 308);
	first_server(&job.facts)->abilities &= ~(unsigned)SERVER_REDIRECT_308;
	complete(&job);
	assert_int_equal(job.settings.redirect_code, 302);
	first_server(&job.facts)->abilities = ALL_ABILITIES;
	HS_PUSH(&job.facts.products,
		((struct product_facts){.id = "dataminer"}));
	complete(&job);
	assert_string_equal(job.settings.product, "dataminer");
	assert_int_equal(job.settings.redirect_code, 302);
	answer_all(&job.settings, "redirect.code=307 product=generic");
	complete(&job);
	assert_int_equal(job.settings.redirect_code, 307);
	done(&job);
}

static void test_a_redirect_stays(void **state)
{
	struct job job;

	(void)state;
	setup(&job, NULL);
	first_site(&job.facts)->redirects = true;
	first_site(&job.facts)->redirect_code = 301;
	complete(&job);
	assert_true(job.settings.redirect_enabled);
	assert_int_equal(job.settings.redirect_code, 301);
	first_site(&job.facts)->redirect_code = 303;
	complete(&job);
	assert_int_equal(job.settings.redirect_code, 308);
	answer_all(&job.settings, "redirect.enabled=no");
	complete(&job);
	assert_false(job.settings.redirect_enabled);
	done(&job);
}

static void test_our_hsts_stays(void **state)
{
	struct job job;

	(void)state;
	setup(&job, NULL);
	first_site(&job.facts)->hsts =
		hs_strdup("max-age=600; includeSubDomains");
	complete(&job);
	assert_false(job.settings.hsts_enabled);
	first_site(&job.facts)->ours = true;
	complete(&job);
	assert_true(job.settings.hsts_enabled);
	assert_int_equal(job.settings.hsts_max_age, 600);
	assert_true(job.settings.hsts_include_subdomains);
	assert_false(job.settings.hsts_preload);
	answer_all(&job.settings, "hsts.enabled=no");
	complete(&job);
	assert_false(job.settings.hsts_enabled);
	assert_int_equal(job.settings.hsts_max_age, 31536000);
	done(&job);
}

/* Which listeners are in each other's way. */
static const struct {
	const char *one, *other;
	bool clash;
} addresses[] = {
	{"*", "*", true},
	{"*", "0.0.0.0", true},
	{"*", "192.0.2.1", true},
	{"*", "[::]", false},
	{"192.0.2.1", "192.0.2.2", false},
	{"192.0.2.1", "0.0.0.0", true},
	{"[::]", "::", true},
	{"[::]", "2001:db8::1", true},
	{"[2001:DB8::1]", "2001:db8::1", true},
	{"[2001:db8::2]", "2001:db8::1", false},
	{"[::]", "192.0.2.1", false},
};

static void test_addresses_that_clash(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(addresses); i++) {
		print_message("# %s %s\n", addresses[i].one,
			      addresses[i].other);
		assert_int_equal(hs_addresses_clash(addresses[i].one,
						    addresses[i].other),
				 addresses[i].clash);
		assert_int_equal(hs_addresses_clash(addresses[i].other,
						    addresses[i].one),
				 addresses[i].clash);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_site_is_chosen),
		cmocka_unit_test(test_the_server_is_chosen),
		cmocka_unit_test(test_the_name_comes_from_the_certificate),
		cmocka_unit_test(test_ports_are_the_site_s_own),
		cmocka_unit_test(test_the_redirect_s_code),
		cmocka_unit_test(test_a_redirect_stays),
		cmocka_unit_test(test_our_hsts_stays),
		cmocka_unit_test(test_addresses_that_clash),
	};

	return cmocka_run_group_tests_name("complete", tests, NULL, NULL);
}
