/*
 * The log: one line an event, nothing in it that a terminal would obey.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/log.h"
#include "core/base/root.h"

static char heard[256];

static void hear(const char *line)
{
	snprintf(heard, sizeof(heard), "%s", line);
}

static void test_off_until_opened(void **state)
{
	(void)state;
	hs_log("nobody hears this");
	assert_string_equal(heard, "");
}

static void test_sink(void **state)
{
	(void)state;
	hs_log_sink(hear);
	hs_log("%s %d", "a\nb\033", 7);
	assert_string_equal(heard, "a\\x0ab\\x1b 7");
	hs_log_sink(NULL);
	hs_log("more");
	assert_string_equal(heard, "a\\x0ab\\x1b 7");
}

static void test_file(void **state)
{
	char directory[] = "/tmp/https-setup-log.XXXXXX";
	hs_auto_free char *path = NULL;
	hs_auto_str struct str text = {0};
	struct root root;
	struct error err = {0};
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(directory));
	path = hs_format("%s/log", directory);
	assert_int_equal(hs_log_open(path, &err), 0);
	hs_log("one\ntwo");
	hs_log("three");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(hs_root_open(NULL, &root, &err), 0);
	assert_int_equal(hs_root_read(&root, path, 4096, &text, &err), 0);
	assert_int_equal(strcspn(text.data, " "), 24); /* the time */
	assert_non_null(strstr(text.data, "] one\\x0atwo\n"));
	assert_string_equal(text.data + text.len - 8, "] three\n");
	hs_root_close(&root);
	unlink(path);
	assert_int_equal(rmdir(directory), 0);
}

static void test_impossible_file(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(hs_log_open("/nowhere/at/all", &err), -1);
	assert_int_equal(err.code, HS_CANNOT);
	assert_string_equal(err.where, "--log");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_off_until_opened),
		cmocka_unit_test(test_sink),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_impossible_file),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
