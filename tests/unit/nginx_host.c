/*
 * nginx on this host: what its program and its processes say, and a private
 * one that is found, tested with staged files, and reloaded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/clock.h"
#include "core/base/run.h"
#include "core/server/nginx_host.h"
#include "core/server/process.h"

static const char debian[] =
	"nginx version: nginx/1.22.1\n"
	"built with OpenSSL 3.0.20 7 Apr 2026\n"
	"TLS SNI support enabled\n"
	"configure arguments: --with-cc-opt='-g -O2 --prefix=/no' "
	"--prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf "
	"--error-log-path=stderr --pid-path=/run/nginx.pid "
	"--with-http_ssl_module --with-http_v2_module\n";

static void test_builds_are_understood(void **state)
{
	struct nginx_build build;

	(void)state;
	assert_int_equal(hs_nginx_parse_build(debian, &build), 0);
	assert_string_equal(build.version, "1.22.1");
	assert_int_equal(build.number, 1022001);
	assert_string_equal(build.prefix, "/usr/share/nginx/");
	assert_string_equal(build.config, "/etc/nginx/nginx.conf");
	assert_string_equal(build.pid_file, "/run/nginx.pid");
	assert_string_equal(build.error_log, "stderr");
	assert_true(build.ssl && build.http2 && build.sni);
	hs_nginx_build_done(&build);

	assert_int_equal(hs_nginx_parse_build(
				 "nginx version: openresty/1.21.4.1\n"
				 "TLS SNI support disabled\n"
				 "configure arguments: --prefix='/opt/o r'\n",
				 &build),
			 0);
	assert_string_equal(build.version, "1.21.4.1");
	assert_int_equal(build.number, 1021004);
	assert_string_equal(build.config, "/opt/o r/conf/nginx.conf");
	assert_string_equal(build.pid_file, "/opt/o r/logs/nginx.pid");
	assert_false(build.ssl || build.http2 || build.sni);
	hs_nginx_build_done(&build);

	assert_int_equal(
		hs_nginx_parse_build(
			"nginx version: Tengine/2.3.2 (nginx/1.17.3)\n",
			&build),
		0);
	assert_int_equal(build.number, 1017003);
	assert_string_equal(build.config, "/usr/local/nginx/conf/nginx.conf");
	hs_nginx_build_done(&build);
	assert_int_equal(hs_nginx_parse_build("usage: cat\n", &build), -1);
}

struct line {
	const char *text;
	size_t length;
	int result;
	const char *config, *prefix, *globals;
};

#define LINE(text) text, sizeof(text) - 1

static const struct line lines[] = {
	{LINE("nginx: master process /usr/sbin/nginx"), 0, NULL, NULL, NULL},
	{LINE("nginx: master process nginx -c /x/y.conf\0\0"), 0, "/x/y.conf",
	 NULL, NULL},
	{LINE("nginx: master process nginx -g daemon on; master_process on; "
	      "-c /a b/c.conf -q -p /p/"),
	 0, "/a b/c.conf", "/p/", "daemon on; master_process on;"},
	{LINE("nginx: master process nginx -c/x -p."), 0, "/x", ".", NULL},
	{LINE("/usr/sbin/nginx\0-g\0master_process off;\0-c\0x\0"), 0, "x",
	 NULL, "master_process off;"},
	{LINE("nginx-debug\0"), 0, NULL, NULL, NULL},
	{LINE("openresty\0-p\0/o\0"), 0, NULL, "/o", NULL},
	{LINE("nginx\0-t\0-c\0/x\0"), -1, NULL, NULL, NULL},
	{LINE("nginx\0-s\0reload\0"), -1, NULL, NULL, NULL},
	{LINE("nginx: worker process"), -1, NULL, NULL, NULL},
	{LINE("nginx: worker process is shutting down"), -1, NULL, NULL, NULL},
	{LINE("vi\0nginx.conf\0"), -1, NULL, NULL, NULL},
	{LINE(""), -1, NULL, NULL, NULL},
};

static void check_text(const char *found, const char *expected)
{
	if (expected)
		assert_string_equal(found, expected);
	else
		assert_null(found);
}

static void test_masters_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(lines); i++) {
		struct nginx_masters masters = {0};
		struct nginx_master master;

		print_message("# %s\n", lines[i].text);
		assert_int_equal(hs_nginx_parse_master(lines[i].text,
						       lines[i].length,
						       &master),
				 lines[i].result);
		if (!lines[i].result) {
			check_text(master.config, lines[i].config);
			check_text(master.prefix, lines[i].prefix);
			check_text(master.globals, lines[i].globals);
		}
		HS_PUSH(&masters, master);
		hs_nginx_masters_done(&masters);
	}
}

static void test_configs_are_completed(void **state)
{
	struct nginx_build build = {.prefix = (char[]){"/usr/share/nginx/"},
				    .config = (char[]){"/etc/n.conf"}};
	struct nginx_master plain = {0};
	struct nginx_master named = {.config = (char[]){"x.conf"}};
	struct nginx_master both = {.config = (char[]){"x.conf"},
				    .prefix = (char[]){"/p"}};
	hs_auto_free char *a = hs_nginx_master_config(&plain, &build);
	hs_auto_free char *b = hs_nginx_master_config(&named, &build);
	hs_auto_free char *c = hs_nginx_master_config(&both, &build);

	(void)state;
	assert_string_equal(a, "/etc/n.conf");
	assert_string_equal(b, "/usr/share/nginx/x.conf");
	assert_string_equal(c, "/p/x.conf");
}

struct blame {
	const char *output, *what, *where;
};

#define SAYS "nginx refuses its configuration: "

static const struct blame blames[] = {
	{"nginx: [warn] x in /a:1\n"
	 "nginx: [emerg] unexpected \"}\" in /etc/nginx/a.conf:12\n"
	 "nginx: configuration file /etc/nginx/nginx.conf test failed\n",
	 SAYS "unexpected \"}\"", "/etc/nginx/a.conf:12"},
	{"2026/11/21 09:27:20 [emerg] 12#12: bind() to 0.0.0.0:80 failed "
	 "(98: Address already in use)\n",
	 SAYS "bind() to 0.0.0.0:80 failed (98: Address already in use)", ""},
	{"nginx: [emerg] cannot load certificate \"/x\x1b[1m.pem\"\n",
	 SAYS "cannot load certificate \"/x\\x1b[1m.pem\"", ""},
	{"nginx: [emerg] \"x\" in /a b/c in /d:3:4\n", SAYS "\"x\" in /a b/c",
	 "/d:3:4"},
	{"", SAYS "it does not say why", ""},
};

static void test_reasons_are_taken_over(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(blames); i++) {
		struct error err = {0};

		hs_nginx_blame(blames[i].output, HS_REFUSED, &err);
		assert_int_equal(err.code, HS_REFUSED);
		assert_string_equal(err.id, "server.config-broken");
		assert_string_equal(err.what, blames[i].what);
		assert_string_equal(err.where, blames[i].where);
	}
}

/* A private nginx below a directory of the test's own. */
static char top[] = "/tmp/https-setup-nginx_host.XXXXXX";
static char *binary;
static struct root host;
static int ports[2];

static char *path_of(const char *name)
{
	return hs_format("%s/%s", top, name);
}

static void write_text(const char *name, const char *text)
{
	hs_auto_free char *path = path_of(name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static char *read_text(const char *name)
{
	hs_auto_free char *path = path_of(name);
	struct str text = {0};

	if (hs_root_read(&host, path, 1u << 20, &text, NULL) < 0)
		return NULL;
	return hs_str_take(&text);
}

static int free_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	hs_auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size),
			 0);
	return ntohs(address.sin_port);
}

/* A configuration whose site answers with `answer`. */
static char *make_conf(const char *main, const char *answer)
{
	return hs_format("pid %s/nginx.pid;\nerror_log %s/error.log;\n%s\n"
			 "events { worker_connections 32; }\n"
			 "http {\naccess_log off;\n"
			 "client_body_temp_path %s/t1;\n"
			 "proxy_temp_path %s/t2;\nfastcgi_temp_path %s/t3;\n"
			 "uwsgi_temp_path %s/t4;\nscgi_temp_path %s/t5;\n"
			 "server { listen 127.0.0.1:%d; server_name a.test;\n"
			 "location / { return 200 \"%s\"; } }\n"
			 "}\n",
			 top, top, main, top, top, top, top, top, ports[0],
			 answer);
}

static void write_conf(const char *main, const char *answer)
{
	hs_auto_free char *text = make_conf(main, answer);

	write_text("nginx.conf", text);
}

static int start_world(void **state)
{
	(void)state;
	binary = hs_run_find("nginx");
	if (!mkdtemp(top) || chmod(top, 0755) ||
	    hs_root_open(NULL, &host, NULL))
		return -1;
	ports[0] = free_port();
	ports[1] = free_port();
	return 0;
}

static int end_world(void **state)
{
	hs_auto_free char *command = hs_format("rm -rf '%s'", top);

	(void)state;
	free(binary);
	hs_root_close(&host);
	return system(command);
}

static void pause_shortly(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

static pid_t read_pid(void)
{
	hs_auto_free char *text = read_text("nginx.pid");

	return text ? (pid_t)atoi(text) : 0;
}

/* The body that the site answers with now; NULL: none. */
static char *ask(void)
{
	static const char request[] = "GET / HTTP/1.0\r\nHost: a.test\r\n\r\n";
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)ports[0])};
	hs_auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	hs_auto_str struct str text = {0};
	char bytes[512];
	const char *body;
	ssize_t got;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    send(fd, request, strlen(request), MSG_NOSIGNAL) < 0)
		return NULL;
	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		hs_str_add(&text, bytes, (size_t)got);
	body = strstr(hs_str_text(&text), "\r\n\r\n");
	return body ? hs_strdup(body + 4) : NULL;
}

static void start_nginx(void)
{
	hs_auto_free char *conf = path_of("nginx.conf");
	const char *const argv[] = {binary, "-c", conf, NULL};
	struct run run = {.argv = argv};
	struct run_result result = {0};
	long long deadline = hs_clock_ms() + 10000;
	bool single;

	assert_int_equal(hs_run(&run, &result, NULL), 0);
	print_message("# %s\n", hs_str_text(&result.err));
	assert_int_equal(result.status, 0);
	hs_run_result_done(&result);
	while (!read_pid() || !hs_nginx_is_master(read_pid(), &single)) {
		assert_true(hs_clock_left(deadline) > 0);
		pause_shortly();
	}
	for (;;) {
		hs_auto_free char *answer = ask();

		if (answer)
			return;
		assert_true(hs_clock_left(deadline) > 0);
		pause_shortly();
	}
}

static int stop_nginx(void **state)
{
	pid_t pid = read_pid();
	long long deadline = hs_clock_ms() + 10000;
	bool single;

	(void)state;
	if (pid > 0 && hs_nginx_is_master(pid, &single))
		kill(pid, SIGTERM);
	while (pid > 0 && hs_process_started(pid) && hs_clock_left(deadline))
		pause_shortly();
	return 0;
}

static void need_nginx(void)
{
	if (!binary)
		skip();
}

static void detect(struct server_facts *facts)
{
	hs_auto_free char *conf = path_of("nginx.conf");
	struct server_hint hint = {.config = conf, .certificates = top};
	struct error err = {0};

	*facts = (struct server_facts){0};
	assert_int_equal(hs_nginx_detect(&host, &hint, facts, &err), 0);
	assert_string_equal(facts->id, "nginx");
}

static void test_a_stopped_one_is_found(void **state)
{
	struct server_facts facts;

	(void)state;
	need_nginx();
	write_conf("", "one");
	detect(&facts);
	assert_false(facts.running);
	assert_string_equal(facts.certificates, top);
	assert_int_equal(facts.sites.n, 1);
	assert_string_equal(facts.sites.items[0].id, "a.test");
	assert_int_equal(hs_nginx_activate(&facts, NULL), 0);
	hs_server_facts_done(&facts);
}

static void test_a_running_one_is_found(void **state)
{
	const struct nginx_model *model;
	struct server_facts facts;

	(void)state;
	need_nginx();
	write_conf("", "one");
	start_nginx();
	detect(&facts);
	model = facts.model;
	assert_true(facts.running);
	assert_int_equal(facts.pid, read_pid());
	assert_true(facts.may_signal);
	assert_int_equal(model->started, hs_process_started(facts.pid));
	assert_int_equal(model->implicit_port, geteuid() ? 8000 : 80);
	hs_server_facts_done(&facts);
}

static void test_broken_files_become_problems(void **state)
{
	struct server_facts facts;

	(void)state;
	need_nginx();
	write_text("nginx.conf", "events {}\nhttp {\n");
	detect(&facts);
	assert_int_equal(facts.problems.n, 1);
	assert_string_equal(facts.problems.items[0].id,
			    "server.unsupported-syntax");
	assert_non_null(strstr(facts.problems.items[0].where, "/nginx.conf:3"));
	assert_int_equal(facts.sites.n, 0);
	hs_server_facts_done(&facts);
}

static void test_what_is_missing_is_not_there(void **state)
{
	hs_auto_free char *conf = path_of("nowhere.conf");
	struct server_hint hint = {.config = conf};
	struct server_facts facts = {0};
	struct error err = {0};

	(void)state;
	assert_int_equal(hs_nginx_detect(&host, &hint, &facts, &err), 0);
	assert_null(facts.id);
	hs_server_facts_done(&facts);
	hint.binary = "/bin/cat";
	assert_int_equal(hs_nginx_detect(&host, &hint, &facts, &err), -1);
	assert_int_equal(err.code, HS_CANNOT);
	hs_server_facts_done(&facts);
}

static void test_an_offline_tree_is_read(void **state)
{
	hs_auto_free char *tree = path_of("tree");
	hs_auto_free char *command =
		hs_format("mkdir -p %s/etc/nginx %s/var/lib/dpkg "
			  "%s/etc/pki/tls",
			  tree, tree, tree);
	struct server_hint hint = {0};
	struct server_facts facts = {0};
	struct root root;

	(void)state;
	assert_int_equal(system(command), 0);
	assert_int_equal(hs_root_open(tree, &root, NULL), 0);
	assert_int_equal(hs_nginx_detect(&root, &hint, &facts, NULL), 0);
	assert_null(facts.id);
	write_text("tree/etc/nginx/nginx.conf",
		   "http { server { server_name x; } }");
	write_text("tree/var/lib/dpkg/status",
		   "Package: nginx-common\nVersion: 9.9.9\n\n"
		   "Package: nginx\nStatus: ok\nVersion: 1:1.18.0-6.1\n\n"
		   "Package: zsh\nVersion: 5.9\n");
	assert_int_equal(hs_nginx_detect(&root, &hint, &facts, NULL), 0);
	assert_string_equal(facts.version, "1.18.0");
	assert_string_equal(facts.config, "/etc/nginx/nginx.conf");
	assert_string_equal(facts.certificates, "/etc/pki/tls/https-setup");
	assert_null(facts.binary);
	assert_false(facts.running);
	assert_int_equal(facts.sites.n, 1);
	assert_int_equal(facts.sites.items[0].listens.items[0].port, 80);
	hs_server_facts_done(&facts);
	hs_root_close(&root);
}

static void test_the_live_files_are_tested(void **state)
{
	struct staged_files none = {0};
	struct server_facts facts;
	struct error err = {0};
	bool isolated;

	(void)state;
	need_nginx();
	write_conf("", "one");
	detect(&facts);
	assert_int_equal(hs_nginx_trial(&facts, &none, &isolated, &err), 0);
	write_conf("no_such_thing on;", "one");
	assert_int_equal(hs_nginx_trial(&facts, &none, &isolated, &err), -1);
	assert_int_equal(err.code, HS_REFUSED);
	assert_string_equal(err.id, "server.config-broken");
	assert_non_null(strstr(err.where, "/nginx.conf:3"));
	assert_non_null(strstr(err.what, "no_such_thing"));
	hs_server_facts_done(&facts);
}

static void stage(struct staged_files *files, const char *name,
		  const char *staged)
{
	struct staged file = {path_of(name), path_of(staged)};

	HS_PUSH(files, file);
}

static void unstage(struct staged_files *files)
{
	HS_EACH(file, files) {
		free(file->path);
		free(file->staged);
	}
	HS_ARRAY_FREE(files);
}

/* A change of the main file, a new file beside it and one in a directory that
 * has a relative link, all of which the test needs. */
static void stage_all(struct staged_files *files, const char *answer)
{
	hs_auto_free char *main = hs_format(
		"include %s/new.conf;\ninclude %s/new/*.conf;\n", top, top);
	hs_auto_free char *text = make_conf(main, answer);
	hs_auto_free char *new = path_of("new");
	hs_auto_free char *link = path_of("new/link.conf");

	mkdir(new, 0755);
	unlink(link);
	assert_int_equal(symlink("../linked", link), 0);
	write_text("linked", "# linked\n");
	write_text(".staged-1", text);
	write_text(".staged-2", "worker_processes 1;\n");
	write_text("new/.staged-3", "worker_rlimit_nofile 64;\n");
	write_text("new/old.conf", "timer_resolution 100ms;\n");
	stage(files, "nginx.conf", ".staged-1");
	stage(files, "new.conf", ".staged-2");
	stage(files, "new/added.conf", "new/.staged-3");
}

/* Each of the staged files is looked at: what is wrong in one is found. */
static void check_broken(const struct server_facts *facts,
			 const struct staged_files *files, const char *name,
			 const char *where)
{
	hs_auto_free char *before = read_text(name);
	struct error err = {0};
	bool isolated;

	write_text(name, "\nno_such_thing;\n");
	assert_int_equal(hs_nginx_trial(facts, files, &isolated, &err), -1);
	assert_int_equal(err.code, HS_REFUSED);
	assert_string_equal(err.id, "server.config-broken");
	print_message("# %s: %s\n", err.where, err.what);
	assert_non_null(strstr(err.where, where));
	write_text(name, before);
}

/* Where nothing may be mounted the trial says that it did not happen. */
static bool may_mount(void)
{
	const char *const argv[] = {"unshare", geteuid() ? "-rm" : "-m",
				    "mount",   "-t",
				    "tmpfs",   "x",
				    "/tmp",    NULL};
	struct run run = {.argv = argv};
	struct run_result result = {0};
	bool may = !hs_run(&run, &result, NULL) && !result.status;

	hs_run_result_done(&result);
	return may;
}

static void test_staged_files_are_tested_in_place(void **state)
{
	struct staged_files files = {0};
	hs_auto_free char *added = path_of("new/added.conf");
	hs_auto_free char *before = NULL, *after = NULL;
	struct server_facts facts;
	struct error err = {0};
	bool isolated;

	(void)state;
	need_nginx();
	write_conf("", "one");
	before = read_text("nginx.conf");
	detect(&facts);
	stage_all(&files, "two");
	assert_int_equal(hs_nginx_trial(&facts, &files, &isolated, &err), 0);
	assert_int_equal(isolated, may_mount());
	if (isolated) {
		check_broken(&facts, &files, ".staged-1", "/nginx.conf:2");
		check_broken(&facts, &files, ".staged-2", "/new.conf:2");
		check_broken(&facts, &files, "new/.staged-3",
			     "/new/added.conf:2");
		check_broken(&facts, &files, "linked", "/new/link.conf:2");
		check_broken(&facts, &files, "new/old.conf", "/new/old.conf:2");
	}
	/* nothing of it is seen outside */
	after = read_text("nginx.conf");
	assert_string_equal(before, after);
	assert_int_equal(access(added, F_OK), -1);
	unstage(&files);
	hs_server_facts_done(&facts);
}

static void test_a_reload_is_awaited(void **state)
{
	struct server_facts facts;
	struct error err = {0};

	(void)state;
	need_nginx();
	write_conf("worker_processes 2;", "0");
	start_nginx();
	detect(&facts);
	for (int i = 1; i < 6; i++) {
		char wanted[16];

		snprintf(wanted, sizeof(wanted), "%d", i);
		write_conf("worker_processes 2;", wanted);
		assert_int_equal(hs_nginx_activate(&facts, &err), 0);
		for (int j = 0; j < 20; j++) {
			hs_auto_free char *answer = ask();

			assert_string_equal(answer, wanted);
		}
	}
	hs_server_facts_done(&facts);
}

/* nginx 1.22 stops answering when such a one gets SIGHUP. */
static void test_a_single_process_is_left_alone(void **state)
{
	struct server_facts facts;
	struct error err = {0};
	hs_auto_free char *answer = NULL;

	(void)state;
	need_nginx();
	write_conf("master_process off;", "one");
	start_nginx();
	detect(&facts);
	assert_true(facts.running);
	assert_false(facts.abilities & SERVER_RELOAD);
	assert_int_equal(facts.problems.n, 1);
	assert_string_equal(facts.problems.items[0].id,
			    "server.unsupported-syntax");
	assert_int_equal(hs_nginx_activate(&facts, &err), -1);
	assert_int_equal(err.code, HS_FAILED);
	answer = ask();
	assert_string_equal(answer, "one");
	hs_server_facts_done(&facts);
}

static void test_a_refused_reload_is_reported(void **state)
{
	struct server_facts facts;
	struct error err = {0};
	hs_auto_free char *answer = NULL;
	long long begun = hs_clock_ms();

	(void)state;
	need_nginx();
	write_conf("", "one");
	start_nginx();
	detect(&facts);
	write_conf("no_such_thing;", "two");
	assert_int_equal(hs_nginx_activate(&facts, &err), -1);
	assert_int_equal(err.code, HS_FAILED);
	assert_non_null(strstr(err.what, "no_such_thing"));
	assert_non_null(strstr(err.where, "/nginx.conf:3"));
	assert_true(hs_clock_ms() - begun < 5000);
	answer = ask();
	assert_string_equal(answer, "one");
	hs_server_facts_done(&facts);
}

static void test_another_process_is_left_alone(void **state)
{
	struct nginx_model model = {.started = 1};
	struct server_facts facts = {
		.running = true, .pid = getpid(), .model = &model};
	struct error err = {0};

	(void)state;
	need_nginx();
	/* SIGHUP would end this test */
	assert_int_equal(hs_nginx_activate(&facts, &err), -1);
	assert_int_equal(err.code, HS_FAILED);
	write_conf("", "one");
	start_nginx();
	facts.pid = read_pid();
	err = (struct error){0};
	assert_int_equal(hs_nginx_activate(&facts, &err), -1);
	assert_int_equal(err.code, HS_FAILED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builds_are_understood),
		cmocka_unit_test(test_masters_are_understood),
		cmocka_unit_test(test_configs_are_completed),
		cmocka_unit_test(test_reasons_are_taken_over),
		cmocka_unit_test(test_a_stopped_one_is_found),
		cmocka_unit_test_teardown(test_a_running_one_is_found,
					  stop_nginx),
		cmocka_unit_test(test_broken_files_become_problems),
		cmocka_unit_test(test_what_is_missing_is_not_there),
		cmocka_unit_test(test_an_offline_tree_is_read),
		cmocka_unit_test(test_the_live_files_are_tested),
		cmocka_unit_test(test_staged_files_are_tested_in_place),
		cmocka_unit_test_teardown(test_a_reload_is_awaited, stop_nginx),
		cmocka_unit_test_teardown(test_a_single_process_is_left_alone,
					  stop_nginx),
		cmocka_unit_test_teardown(test_a_refused_reload_is_reported,
					  stop_nginx),
		cmocka_unit_test_teardown(test_another_process_is_left_alone,
					  stop_nginx),
	};

	return cmocka_run_group_tests(tests, start_world, end_world);
}
