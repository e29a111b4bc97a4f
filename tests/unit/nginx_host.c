/*
 * nginx on this host: what its program and its processes say of themselves,
 * and what an offline tree tells without them.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/server/nginx/host.h"
#include "tests/unit/scratch.h"

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
	{LINE("/usr/bin/nginx-prometheus-exporter\0"), -1, NULL, NULL, NULL},
	{LINE("tests/unit/nginx_live\0"), -1, NULL, NULL, NULL},
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

static void test_an_offline_tree_is_read(void **state)
{
	const char *tree = scratch_make();
	struct server_hint hint = {0};
	struct server_facts facts = {0};
	struct root root;

	(void)state;
	scratch_write("etc/pki/tls/README", "");
	assert_int_equal(hs_root_open(tree, &root, NULL), 0);
	assert_int_equal(hs_nginx_detect(&root, &hint, &facts, NULL), 0);
	assert_null(facts.id);
	scratch_write("etc/nginx/nginx.conf",
		      "http { server { server_name x; } }");
	scratch_write("var/lib/dpkg/status",
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
	scratch_remove();
}

#define WAITS "waits"

/* As nginx looks in the moment before a worker has its own title. */
static void be_called_master(void)
{
	execl("/proc/self/exe", "nginx: master process nginx", WAITS, NULL);
	_exit(1);
}

/* fork() with a number below the caller's, as when they have run out: -1 and
 * EPERM where that is root's alone. */
static pid_t fork_low(void)
{
	for (pid_t pid = getpid() - 1; pid > 1; pid--) {
		struct clone_args how = {
			.exit_signal = SIGCHLD,
			.set_tid = (uintptr_t)&pid,
			.set_tid_size = 1,
		};
		long result = syscall(SYS_clone3, &how, sizeof(how));

		if (result >= 0 || errno != EEXIST)
			return (pid_t)result;
	}
	return -1;
}

/* A master and its worker, both under the master's title; -1: no worker. */
static pid_t start_family(pid_t *ret_worker)
{
	int ends[2];
	char rest;
	pid_t master;

	*ret_worker = -1;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	master = fork();
	if (!master) {
		pid_t worker = fork_low();

		if (!worker)
			be_called_master();
		if (write(ends[1], &worker, sizeof(worker)) < 0 || worker < 0)
			_exit(1);
		be_called_master();
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], ret_worker, sizeof(*ret_worker)),
			 sizeof(*ret_worker));
	/* both have become what they are called */
	assert_int_equal(read(ends[0], &rest, 1), 0);
	close(ends[0]);
	return master;
}

static bool has_master(const struct nginx_masters *masters, pid_t pid)
{
	HS_EACH(master, masters) {
		if (master->pid == pid)
			return true;
	}
	return false;
}

static void test_new_workers_are_no_masters(void **state)
{
	struct nginx_masters masters = {0};
	pid_t worker, master = start_family(&worker);
	bool has_worker, has_itself;

	(void)state;
	if (worker > 0) {
		hs_nginx_find_masters(&masters);
		kill(worker, SIGKILL);
		kill(master, SIGKILL);
	}
	waitpid(master, NULL, 0);
	has_itself = has_master(&masters, master);
	has_worker = has_master(&masters, worker);
	hs_nginx_masters_done(&masters);
	if (worker < 0)
		skip();
	assert_true(worker < master);
	assert_true(has_itself);
	assert_false(has_worker);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builds_are_understood),
		cmocka_unit_test(test_masters_are_understood),
		cmocka_unit_test(test_new_workers_are_no_masters),
		cmocka_unit_test(test_configs_are_completed),
		cmocka_unit_test(test_reasons_are_taken_over),
		cmocka_unit_test(test_an_offline_tree_is_read),
	};

	if (argc == 2 && !strcmp(argv[1], WAITS))
		return pause();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
