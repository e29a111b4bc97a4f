/*
 * Sites of an nginx as nginx itself would choose them: names and blocks,
 * listeners, redirects, HSTS.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "core/server/nginx/nginx.h"

/* Facts with a model made from the text of one http block's inside. */
struct world {
	struct server_facts facts;
	struct nginx_model model;
};

static void world_init(struct world *world, const char *http)
{
	hs_auto_free char *text = hs_format("events {}\nhttp {\n%s\n}\n", http);
	struct error err = {0};

	*world = (struct world){
		.facts =
			{
				.config = hs_strdup("/etc/nginx/nginx.conf"),
				.certificates = hs_strdup("/etc/ssl/ours"),
			},
		.model = {.implicit_port = 80, .version = 1022001},
	};
	world->facts.model = &world->model;
	assert_int_equal(hs_nginx_parse("n", text, strlen(text),
					&world->model.conf, &err),
			 0);
	world->model.http = hs_nginx_find(&world->model.conf, NGX_NONE, "http");
	hs_nginx_list_sites(&world->facts);
}

static void world_done(struct world *world)
{
	hs_nginx_done(&world->model.conf);
	HS_ARRAY_FREE(&world->model.servers);
	HS_ARRAY_FREE(&world->model.tls);
	hs_server_facts_done(&world->facts);
}

#define auto_world HS_CLEANUP(world_done)

/* "id[name name]HTTP/HTTPS address:port,..." */
static char *describe(const struct world *world)
{
	struct str text = {0};

	HS_EACH(site, &world->facts.sites) {
		hs_str_printf(&text, "%s%s[", text.len ? "\n" : "", site->id);
		HS_EACH(name, &site->names)
			hs_str_printf(&text, "%s%s",
				      name == site->names.items ? "" : " ",
				      *name);
		hs_str_printf(&text, "]%ld/%ld", site->http_block,
			      site->https_block);
		HS_EACH(listen, &site->listens)
			hs_str_printf(&text, " %s:%d%s%s%s", listen->address,
				      listen->port, listen->ssl ? "s" : "",
				      listen->default_server ? "d" : "",
				      listen->v6_takes_v4 ? "4" : "");
	}
	return hs_str_take(&text);
}

struct row {
	const char *what, *http, *expected;
};

static const struct row rows[] = {
	{"nothing", "", ""},
	{"one block", "server { listen 80; server_name a.test www.a.test; }",
	 "a.test[a.test www.a.test]0/-1 *:80"},
	{"no listen, no name", "server { root /x; }", "_[]0/-1 *:80"},
	{"one block for both",
	 "server { listen 80; listen [::]:80; listen 443 ssl http2;"
	 " server_name a.test; }",
	 "a.test[a.test]0/0 *:80 [::]:80 *:443s"},
	{"two blocks of one name",
	 "server { listen 80; server_name a.test; }"
	 "server { listen 443 ssl; server_name a.test; }",
	 "a.test[a.test]0/1 *:80 *:443s"},
	{"HTTPS first",
	 "server { listen 443 ssl; server_name a.test; }"
	 "server { listen 80; server_name a.test; }",
	 "a.test[a.test]1/0 *:80 *:443s"},
	{"more names on HTTP",
	 "server { listen 80; server_name www.a.test a.test; }"
	 "server { listen 443 ssl; server_name a.test; }",
	 "www.a.test[www.a.test a.test]0/1 *:80 *:443s"},
	{"more names on HTTPS",
	 "server { listen 80; server_name a.test; }"
	 "server { listen 443 ssl; server_name www.a.test a.test; }",
	 "a.test[a.test www.a.test]0/1 *:80 *:443s"},
	{"one HTTP block for two HTTPS blocks",
	 "server { listen 80; server_name a.test b.test; }"
	 "server { listen 443 ssl; server_name a.test; }"
	 "server { listen 443 ssl; server_name b.test; }",
	 "a.test[a.test]0/1 *:80 *:443s\nb.test[b.test]0/2 *:80 *:443s"},
	{"another port is another site",
	 "server { listen 80; server_name a.test; }"
	 "server { listen 8080; server_name a.test; }",
	 "a.test[a.test]0/-1 *:80\na.test#2[a.test]1/-1 *:8080"},
	{"three of one name",
	 "server { listen 1080; server_name a.test; }"
	 "server { listen 2080; server_name a.test; }"
	 "server { listen 3080; server_name A.test; }",
	 "a.test[a.test]0/-1 *:1080\na.test#2[a.test]1/-1 *:2080\n"
	 "a.test#3[a.test]2/-1 *:3080"},
	{"standard blocks without a name are one site",
	 "server { listen 80 default_server; return 301 https://$host/; }"
	 "server { listen 443 ssl default_server; }",
	 "_[]0/1 *:80d *:443sd"},
	{"others are not",
	 "server { listen 3000; } server { listen 8443 ssl; }",
	 "_[]0/-1 *:3000\n*:8443[]-1/1 *:8443s"},
	{"addresses",
	 "server { listen 192.0.2.1; listen 127.0.0.1:8080;"
	 " listen [::]:81 ipv6only=off; listen [2001:DB8:0::1];"
	 " listen localhost:82; listen 0.0.0.0:83; listen *:84;"
	 " listen unix:/run/x.sock; server_name a; }",
	 "a[a]0/-1 192.0.2.1:80 127.0.0.1:8080 [::]:814 [2001:db8::1]:80 "
	 "localhost:82 *:83 *:84 unix:/run/x.sock:0"},
	{"a range of ports", "server { listen 8000-8002; server_name a; }",
	 "a[a]0/-1 *:8000 *:8001 *:8002"},
	{"QUIC is no TCP",
	 "server { listen 443 ssl; listen 443 quic reuseport; server_name a; }",
	 "a[a]-1/0 *:443s"},
	{"the old word for default",
	 "server { listen 80 default; server_name a; }", "a[a]0/-1 *:80d"},
	{"ssl on",
	 "server { listen 443; ssl on; server_name a; }"
	 "server { listen 80; server_name a; }",
	 "a[a]1/0 *:80 *:443s"},
	{"TLS is the address's",
	 "server { listen 443 ssl; server_name a; }"
	 "server { listen 443; listen [::]:443; server_name b; }",
	 "a[a]-1/0 *:443s\nb[b]1/1 *:443s [::]:443"},
	{"quoted names, wildcards, regular expressions",
	 "server { listen 80; server_name \"a.test\" *.A.test .b.test"
	 " c.* \"~^x{2}\\.D$\"; }",
	 "a.test[a.test *.a.test .b.test c.* ~^x{2}\\.D$]0/-1 *:80"},
	{"a block of another kind", "upstream u { server 127.0.0.1:1; }", ""},
};

static void test_sites_are_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(rows); i++) {
		auto_world struct world world;
		hs_auto_free char *found = NULL;

		world_init(&world, rows[i].http);
		found = describe(&world);
		print_message("# %s\n", rows[i].what);
		assert_string_equal(found, rows[i].expected);
	}
}

struct redirect {
	const char *block;
	int code; /* 0: none */
	const char *target;
};

static const struct redirect redirects[] = {
	{"return 301 https://$host$request_uri;", 301,
	 "https://$host$request_uri"},
	{"return https://a/;", 302, "https://a/"},
	{"return 308 HTTPS://a/;", 308, "HTTPS://a/"},
	{"location / { return 307 https://a/; }", 307, "https://a/"},
	{"rewrite ^ https://a$uri permanent;", 301, "https://a$uri"},
	{"rewrite ^ https://a$uri;", 302, "https://a$uri"},
	{"if ($scheme = http) { return 301 https://a/; }", 301, "https://a/"},
	{"location / { if ($https = \"\") { return 301 https://a/; } }", 301,
	 "https://a/"},
	{"if ($https_setup_a_redirect) { return 308 https://$host/; }", 308,
	 "https://$host/"},
	{"return 301 http://b/;", 0, NULL},
	{"return 404;", 0, NULL},
	{"location /old { return 301 https://a/; }", 0, NULL},
	{"if ($http_x_forwarded_proto = http) { return 301 https://a/; }", 0,
	 NULL},
	{"add_header X https://a/;", 0, NULL},
};

static void test_redirects_are_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(redirects); i++) {
		auto_world struct world world;
		hs_auto_free char *http =
			hs_format("server { listen 80; server_name a; %s }",
				  redirects[i].block);
		const struct site *site;

		world_init(&world, http);
		site = world.facts.sites.items;
		print_message("# %s\n", redirects[i].block);
		assert_int_equal(site->redirects, redirects[i].code != 0);
		assert_int_equal(site->redirect_code, redirects[i].code);
		if (redirects[i].target)
			assert_string_equal(site->redirect_target,
					    redirects[i].target);
		else
			assert_null(site->redirect_target);
	}
}

struct header {
	const char *level, *block;
	const char *hsts;
};

#define STS "add_header Strict-Transport-Security"
#define MAP                                                                    \
	"map \"$https:$https_setup_a_named:$https_setup_a_unproved\" "         \
	"$https_setup_a_hsts {\n"                                              \
	"default \"\"; \"on:1:\" \"max-age=9\"; }\n"

static const struct header headers[] = {
	{"", "", NULL},
	{"", STS " max-age=1 always;", "max-age=1"},
	{"", "add_header strict-transport-security \"max-age=1; preload\";",
	 "max-age=1; preload"},
	{STS " max-age=2;", "", "max-age=2"},
	{STS " max-age=2;", "add_header X-Other 1;", NULL},
	{STS " max-age=2;", "add_header X-Other 1; " STS " max-age=3;",
	 "max-age=3"},
	{MAP, STS " $https_setup_a_hsts always;", "max-age=9"},
	{"map $https $https_setup_a_hsts { default \"\"; }",
	 STS " $https_setup_a_hsts always;", NULL},
	{"map $https $theirs { on max-age=5; }", STS " $theirs;", "$theirs"},
	{"", "location / { " STS " max-age=1; }", NULL},
};

static void test_hsts_is_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(headers); i++) {
		auto_world struct world world;
		hs_auto_free char *http = hs_format(
			"%s server { listen 443 ssl; server_name a; %s }",
			headers[i].level, headers[i].block);

		world_init(&world, http);
		print_message("# %zu\n", i);
		if (headers[i].hsts)
			assert_string_equal(world.facts.sites.items[0].hsts,
					    headers[i].hsts);
		else
			assert_null(world.facts.sites.items[0].hsts);
	}
}

static void test_certificates_are_seen(void **state)
{
	auto_world struct world world;
	const struct site *site;

	(void)state;
	world_init(&world,
		   "ssl_certificate all.pem; ssl_certificate_key all.key;\n"
		   "server { listen 443 ssl; server_name a; }\n"
		   "server { listen 443 ssl; server_name b;\n"
		   " ssl_certificate /etc/ssl/ours/b/fullchain.pem;\n"
		   " ssl_certificate_key /etc/ssl/ours/b/privkey.pem; }\n"
		   "server { listen 443 ssl; server_name c;\n"
		   " ssl_certificate /etc/ssl/ours-not/c.pem;\n"
		   " ssl_certificate_key data:$key; }\n"
		   "server { listen 80; server_name d; }\n");
	site = world.facts.sites.items;
	assert_string_equal(site[0].certificate, "/etc/nginx/all.pem");
	assert_string_equal(site[0].key, "/etc/nginx/all.key");
	assert_false(site[0].ours);
	assert_true(site[1].ours);
	assert_string_equal(site[1].key, "/etc/ssl/ours/b/privkey.pem");
	assert_false(site[2].ours);
	assert_string_equal(site[2].key, "data:$key");
	assert_false(site[3].https);
	assert_null(site[3].certificate);
	assert_string_equal(site[1].place.path, "n");
	assert_int_equal(site[1].place.line, 5);
}

struct choice {
	const char *name;
	bool ssl;
	int port;
	long server;
	bool by_name;
};

/* https://nginx.org/en/docs/http/server_names.html */
static const struct choice choices[] = {
	{"exact.test", false, 0, 1, true},
	{"EXACT.test", false, 0, 1, true},
	{"x.exact.test", false, 0, 2, true},
	{"x.deep.exact.test", false, 0, 3, true},
	{"mail.one.example", false, 0, 4, true},
	{"mail.two", false, 0, 5, true},
	{"dot.test", false, 0, 6, true},
	{"sub.dot.test", false, 0, 6, true},
	{"re1.name", false, 0, 7, true},
	{"re22.name", false, 0, 8, true},
	{"unknown", false, 0, 9, false},
	{"unknown", false, 80, 9, false},
	{"unknown", false, 8080, 10, false},
	{"exact.test", false, 8080, 10, false},
	{"exact.test", true, 0, 11, true},
	{"unknown", true, 443, 11, false},
	{"unknown", true, 8443, -1, false},
};

static void test_nginx_would_choose_the_same(void **state)
{
	auto_world struct world world;

	(void)state;
	world_init(&world,
		   "server { listen 80; server_name first.test; }\n"
		   "server { listen 80; server_name exact.test; }\n"
		   "server { listen 80; server_name *.exact.test; }\n"
		   "server { listen 80; server_name *.deep.exact.test; }\n"
		   "server { listen 80; server_name mail.one.*; }\n"
		   "server { listen 80; server_name mail.*; }\n"
		   "server { listen 80; server_name .dot.test; }\n"
		   "server { listen 80; server_name ~^re\\d\\.name$; }\n"
		   "server { listen 80; server_name ~^re\\d+\\.name$; }\n"
		   "server { listen 80 default_server; server_name _; }\n"
		   "server { listen 8080; server_name other.test; }\n"
		   "server { listen 443 ssl; server_name exact.test; }\n");
	for (size_t i = 0; i < HS_LENGTH(choices); i++) {
		const struct choice *choice = &choices[i];
		bool by_name;

		print_message("# %s %d\n", choice->name, choice->port);
		assert_int_equal(hs_nginx_choose(&world.facts, choice->name,
						 choice->ssl, choice->port,
						 &by_name),
				 choice->server);
		assert_int_equal(by_name, choice->by_name);
	}
}

/* Ten times the blocks, about ten times the work: ids, names and pairs are
 * hashed.  All of one name is the worst case of each. */
static double seconds_for(size_t n, bool same)
{
	auto_world struct world world;
	hs_auto_str struct str http = {0};
	struct timespec from, to;

	for (size_t i = 0; i < n; i++)
		hs_str_printf(&http,
			      "server { listen %zu; server_name n%zu.test; "
			      "listen %zu ssl; }\n",
			      1 + i % 60000, same ? 0 : i, 60001 + i % 5000);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	world_init(&world, hs_str_text(&http));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	assert_int_equal(world.facts.sites.n, n);
	return (double)(to.tv_sec - from.tv_sec) +
	       (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

static void test_many_sites_cost_no_more_each(void **state)
{
	(void)state;
	for (int same = 0; same < 2; same++) {
		double few = seconds_for(2000, same);
		double many = seconds_for(20000, same);

		print_message("# %.1f ms, %.1f ms\n", few * 1e3, many * 1e3);
		assert_true(many < 25 * few + 0.02);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sites_are_listed),
		cmocka_unit_test(test_redirects_are_seen),
		cmocka_unit_test(test_hsts_is_seen),
		cmocka_unit_test(test_certificates_are_seen),
		cmocka_unit_test(test_nginx_would_choose_the_same),
		cmocka_unit_test(test_many_sites_cost_no_more_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
