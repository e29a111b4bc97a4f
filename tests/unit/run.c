/*
 * The runner: real programs, started by sh(1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/base/run.h"

static struct run_result run_with(struct run run)
{
	struct run_result result = {0};
	struct error err = {0};

	if (hs_run(&run, &result, &err))
		fail_msg("%s", err.what);
	return result;
}

#define ARGV(...)                                                              \
	.argv = (const char *const[])                                          \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}
#define SH(script) ARGV("sh", "-c", script)

static void says(struct run run, const char *out)
{
	hs_auto_run_result struct run_result result = run_with(run);

	assert_string_equal(hs_str_text(&result.err), "");
	assert_string_equal(hs_str_text(&result.out), out);
	assert_int_equal(result.status, 0);
}

static void test_streams_and_status(void **state)
{
	struct run_result result =
		run_with((struct run){SH("echo out; echo err >&2; exit 7")});

	(void)state;
	assert_string_equal(result.out.data, "out\n");
	assert_string_equal(result.err.data, "err\n");
	assert_int_equal(result.status, 7);
	assert_false(result.timed_out);
	hs_run_result_done(&result);
	result = run_with((struct run){SH("kill -TERM $$")});
	assert_int_equal(result.status, 128 + SIGTERM);
	hs_run_result_done(&result);
}

static void test_surroundings(void **state)
{
	int fd = open("/dev/null", O_RDONLY); /* not to be inherited */

	(void)state;
	setenv("SECRET", "x", 1);
	setenv("LD_PRELOAD_X", "x", 1);
	setenv("LANG", "de_DE.UTF-8", 1);
	says((struct run){SH("echo ${SECRET-unset} ${LANG-unset} $LC_ALL")},
	     "unset unset C\n");
	says((struct run){SH("pwd")}, "/\n");
	says((struct run){SH("pwd"), .directory = "/usr"}, "/usr\n");
	says((struct run){SH("cat")}, "");
	says((struct run){SH("ls /proc/self/fd | wc -l")}, "4\n");
	says((struct run){SH("(: </dev/tty) 2>/dev/null || echo no terminal")},
	     "no terminal\n");
	says((struct run){SH("read -r a b c d e session f </proc/$$/stat;"
			     "[ $session = $$ ] && echo own session")},
	     "own session\n");
	close(fd);
}

static void test_signals_are_as_usual(void **state)
{
	struct run_result result;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	result = run_with((struct run){SH("kill -PIPE $$; echo alive")});
	signal(SIGPIPE, SIG_DFL);
	assert_string_equal(hs_str_text(&result.out), "");
	assert_int_equal(result.status, 128 + SIGPIPE);
	hs_run_result_done(&result);
}

static void test_input(void **state)
{
	hs_auto_free char *big = hs_alloc(3000000);

	(void)state;
	says((struct run){SH("cat"), .input = "a\0b", .input_length = 3},
	     "a"); /* says() looks to the NUL */
	memset(big, 'x', 2999999);
	says((struct run){SH("wc -c"), .input = big, .input_length = 2999999},
	     "2999999\n");
	/* who does not read it is not killed by it */
	says((struct run){SH("echo ok"), .input = big, .input_length = 2999999},
	     "ok\n");
}

static void test_output_is_capped(void **state)
{
	hs_auto_run_result struct run_result result = run_with((struct run){
		SH("head -c 5000000 /dev/zero | tr '\\0' y; echo end >&2"),
		.output_max = 1000,
	});

	(void)state;
	assert_int_equal(result.out.len, 1000);
	assert_string_equal(result.err.data, "end\n");
	assert_int_equal(result.status, 0);
}

/* Whether that process still does something: a zombie does not. */
static bool lives(int pid)
{
	hs_auto_free char *path = hs_format("/proc/%d/stat", pid);
	FILE *file = fopen(path, "r");
	char state = 'X';

	if (!file)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 'X';
	fclose(file);
	return !strchr("XZ", state);
}

static void test_time_limit_kills_the_group(void **state)
{
	long long start = hs_clock_ms();
	hs_auto_run_result struct run_result result = run_with((struct run){
		SH("sleep 60 & echo $!; sleep 60"), .timeout_ms = 200});
	int pid = atoi(hs_str_text(&result.out));

	(void)state;
	assert_true(result.timed_out);
	assert_int_equal(result.status, 128 + SIGKILL);
	assert_in_range(hs_clock_ms() - start, 200, 5000);
	assert_true(pid > 1);
	while (lives(pid))
		assert_in_range(hs_clock_ms() - start, 0, 5000);
}

static void test_descendants_do_not_hold_it_up(void **state)
{
	long long start = hs_clock_ms();
	hs_auto_run_result struct run_result result = run_with(
		(struct run){SH("setsid sleep 60 & echo $!; echo started")});
	int pid = atoi(hs_str_text(&result.out));

	(void)state;
	assert_int_equal(result.status, 0);
	assert_false(result.timed_out);
	assert_non_null(strstr(result.out.data, "started\n"));
	assert_in_range(hs_clock_ms() - start, 0, 5000);
	assert_true(pid > 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
}

static void test_what_cannot_run(void **state)
{
	static const char *const names[] = {"no-such-program-at-all",
					    "/etc/passwd", "/nowhere/program"};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(names); i++) {
		struct run run = {ARGV(names[i])};
		struct run_result result;
		struct error err = {0};

		assert_int_equal(hs_run(&run, &result, &err), -1);
		assert_int_equal(err.code, HS_CANNOT);
		assert_int_equal(err.sys, i == 1 ? EACCES : ENOENT);
		assert_non_null(strstr(err.what, names[i]));
	}
}

static int refuse(void *context)
{
	return *(int *)context;
}

static void test_prepare(void **state)
{
	int code = EPERM;
	struct run run = {SH("echo ran"), .prepare = refuse, .context = &code};
	struct run_result result;
	struct error err = {0};

	(void)state;
	assert_int_equal(hs_run(&run, &result, &err), -1);
	assert_int_equal(err.sys, EPERM);
	code = 0;
	says(run, "ran\n");
}

static void test_find(void **state)
{
	hs_auto_free char *sh = hs_run_find("sh");
	hs_auto_free char *none = hs_run_find("no-such-program-at-all");

	(void)state;
	assert_non_null(sh);
	assert_int_equal(*sh, '/');
	assert_null(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams_and_status),
		cmocka_unit_test(test_surroundings),
		cmocka_unit_test(test_signals_are_as_usual),
		cmocka_unit_test(test_input),
		cmocka_unit_test(test_output_is_capped),
		cmocka_unit_test(test_time_limit_kills_the_group),
		cmocka_unit_test(test_descendants_do_not_hold_it_up),
		cmocka_unit_test(test_what_cannot_run),
		cmocka_unit_test(test_prepare),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
