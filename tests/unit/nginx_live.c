/*
 * A private nginx on this host: it is found, tested with staged files in the
 * place of the live ones, and reloaded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/clock.h"
#include "core/base/run.h"
#include "core/server/nginx/host.h"
#include "core/server/process.h"
#include "tests/unit/scratch.h"

/* A private nginx in the directory of the test's own. */
static const char *top;
static char *binary;
static struct root host;
static int port;

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
			 top, top, main, top, top, top, top, top, port, answer);
}

static void write_conf(const char *main, const char *answer)
{
	hs_auto_free char *text = make_conf(main, answer);

	scratch_write("nginx.conf", text);
}

static int start_world(void **state)
{
	(void)state;
	binary = hs_run_find("nginx");
	top = scratch_make();
	port = free_port();
	return hs_root_open(NULL, &host, NULL);
}

static int end_world(void **state)
{
	(void)state;
	free(binary);
	hs_root_close(&host);
	scratch_remove();
	return 0;
}

static void pause_shortly(void)
{
	poll(NULL, 0, 2);
}

static pid_t read_pid(void)
{
	hs_auto_free char *text = scratch_read("nginx.pid");

	return text ? (pid_t)atoi(text) : 0;
}

/* The body that the site answers with now; NULL: none. */
static char *ask(void)
{
	static const char request[] = "GET / HTTP/1.0\r\nHost: a.test\r\n\r\n";
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port)};
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
	hs_auto_free char *conf = scratch_path("nginx.conf");
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
	hs_auto_free char *conf = scratch_path("nginx.conf");
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
	scratch_write("nginx.conf", "events {}\nhttp {\n");
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
	hs_auto_free char *conf = scratch_path("nowhere.conf");
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
	struct staged file = {scratch_path(name), scratch_path(staged)};

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

	scratch_write("linked", "# linked\n");
	scratch_link("../linked", "new/link.conf");
	scratch_write(".staged-1", text);
	scratch_write(".staged-2", "worker_processes 1;\n");
	scratch_write("new/.staged-3", "worker_rlimit_nofile 64;\n");
	scratch_write("new/old.conf", "timer_resolution 100ms;\n");
	stage(files, "nginx.conf", ".staged-1");
	stage(files, "new.conf", ".staged-2");
	stage(files, "new/added.conf", "new/.staged-3");
}

/* Each of the staged files is looked at: what is wrong in one is found. */
static void check_broken(const struct server_facts *facts,
			 const struct staged_files *files, const char *name,
			 const char *where)
{
	hs_auto_free char *before = scratch_read(name);
	struct error err = {0};
	bool isolated;

	scratch_write(name, "\nno_such_thing;\n");
	assert_int_equal(hs_nginx_trial(facts, files, &isolated, &err), -1);
	assert_int_equal(err.code, HS_REFUSED);
	assert_string_equal(err.id, "server.config-broken");
	print_message("# %s: %s\n", err.where, err.what);
	assert_non_null(strstr(err.where, where));
	scratch_write(name, before);
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
	hs_auto_free char *added = scratch_path("new/added.conf");
	hs_auto_free char *before = NULL, *after = NULL;
	struct server_facts facts;
	struct error err = {0};
	bool isolated;

	(void)state;
	need_nginx();
	write_conf("", "one");
	before = scratch_read("nginx.conf");
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
	after = scratch_read("nginx.conf");
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

/* A process of another user that calls itself nginx, with `text` behind; it
 * ends with the test's signal. */
static pid_t pretend(const char *text)
{
	hs_auto_free char *title = hs_format("nginx: master process %s", text);
	char *const argv[] = {title, (char[]){"60"}, NULL};
	long long deadline = hs_clock_ms() + 10000;
	pid_t pid = fork();
	bool single;

	if (!pid) {
		if (!setgid(65534) && !setuid(65534))
			execv("/bin/sleep", argv);
		_exit(127);
	}
	while (!hs_nginx_is_master(pid, &single)) {
		assert_true(hs_clock_left(deadline) > 0);
		pause_shortly();
	}
	return pid;
}

static void test_a_pretender_is_not_obeyed(void **state)
{
	hs_auto_free char *conf = scratch_path("nginx.conf");
	hs_auto_free char *said = hs_format(
		"x -c %s -p /tmp/evil -g load_module /tmp/evil.so;", conf);
	struct server_hint open = {0};
	struct server_facts facts, unasked = {0};
	const struct nginx_model *model;
	pid_t pid;

	(void)state;
	need_nginx();
	if (geteuid())
		skip();
	write_conf("", "one");
	pid = pretend(said);
	detect(&facts);
	assert_int_equal(hs_nginx_detect(&host, &open, &unasked, NULL), 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	model = facts.model;
	/* it may be signalled, as its configuration was asked for */
	assert_int_equal(facts.pid, pid);
	assert_null(model->globals);
	assert_string_not_equal(facts.prefix, "/tmp/evil/");
	assert_string_equal(facts.binary, binary);
	assert_int_not_equal(unasked.pid, pid);
	assert_true(!unasked.config || strcmp(unasked.config, conf) != 0);
	hs_server_facts_done(&facts);
	hs_server_facts_done(&unasked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_stopped_one_is_found),
		cmocka_unit_test_teardown(test_a_running_one_is_found,
					  stop_nginx),
		cmocka_unit_test(test_broken_files_become_problems),
		cmocka_unit_test(test_what_is_missing_is_not_there),
		cmocka_unit_test(test_the_live_files_are_tested),
		cmocka_unit_test(test_staged_files_are_tested_in_place),
		cmocka_unit_test_teardown(test_a_reload_is_awaited, stop_nginx),
		cmocka_unit_test_teardown(test_a_single_process_is_left_alone,
					  stop_nginx),
		cmocka_unit_test_teardown(test_a_refused_reload_is_reported,
					  stop_nginx),
		cmocka_unit_test(test_a_pretender_is_not_obeyed),
		cmocka_unit_test_teardown(test_another_process_is_left_alone,
					  stop_nginx),
	};

	return cmocka_run_group_tests(tests, start_world, end_world);
}
