/*
 * Files that belong together: all of them are written, or none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/apply/new_files.h"
#include "core/base/memory.h"
#include "tests/unit/scratch.h"

static struct new_file file(const char *name, const char *text, mode_t mode)
{
	return (struct new_file){scratch_path(name), text, strlen(text), mode};
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_mode & 07777;
}

static void test_all(void **state)
{
	struct new_file files[] = {file("d/key", "secret", 0600),
				   file("d/cert", "public", 0644)};
	struct error err = {0};

	(void)state;
	assert_int_equal(hs_new_files_write(files, 2, false, &err), 0);
	assert_int_equal(mode_of(files[0].path), 0600);
	assert_int_equal(mode_of(files[1].path), 0644);
	for (size_t i = 0; i < 2; i++)
		free(files[i].path);
}

static void test_none(void **state)
{
	struct new_file files[] = {file("n/key", "secret", 0600),
				   file("d/cert", "other", 0644)};
	struct error err = {0};

	(void)state;
	assert_int_equal(hs_new_files_write(files, 2, false, &err), -1);
	assert_int_equal(err.code, HS_CANNOT);
	assert_non_null(strstr(err.what, "is there already"));
	assert_non_null(strstr(err.hint, "--force"));
	assert_int_equal(mode_of(files[0].path), 0);
	err = (struct error){0};
	assert_int_equal(hs_new_files_write(files, 2, true, &err), 0);
	assert_int_equal(mode_of(files[0].path), 0600);
	for (size_t i = 0; i < 2; i++)
		free(files[i].path);
}

static void test_nowhere(void **state)
{
	struct new_file one = file("no/such/key", "secret", 0600);
	struct error err = {0};

	(void)state;
	assert_int_equal(hs_new_files_write(&one, 1, false, &err), -1);
	assert_int_equal(err.code, HS_CANNOT);
	assert_non_null(strstr(err.what, "cannot make directory"));
	free(one.path);
}

static int set_up(void **state)
{
	(void)state;
	scratch_make();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_nowhere),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
