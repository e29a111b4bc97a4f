/*
 * What comes in between, at the exact call: a signal as a file is opened, an
 * edit or another folder just ahead of a change of names.  The C library's
 * calls are replaced by ones that do that first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/unit/apply_tree.h"

static struct tree tree;

/* The calls */

static bool signals; /* one comes whenever a file is opened */
static int signals_came;

int openat(int dir, const char *path, int flags, ...)
{
	static bool is_again;
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	is_again = signals && !is_again;
	if (is_again) {
		signals_came++;
		errno = EINTR;
		return -1;
	}
	return (int)syscall(SYS_openat, dir, path, flags, mode);
}

static const char *awaited; /* what is done ahead of this file's exchange */
static void (*ahead)(void);

int renameat2(int from_dir, const char *from, int to_dir, const char *to,
	      unsigned flags)
{
	if (awaited && !strcmp(to, awaited)) {
		awaited = NULL;
		ahead();
	}
	return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

/* The tests */

static int tear_down(void **state)
{
	signals = false;
	awaited = NULL;
	return tree_close(state);
}

static struct transaction *begin(void)
{
	struct transaction *tx;

	assert_int_equal(hs_transaction_begin(&tree.state, &tree.root,
					      &tree.plan, "t", NULL, &tx, NULL),
			 0);
	return tx;
}

static void assert_snapshot(const char *expected)
{
	hs_auto_free char *now = tree_snapshot(&tree);

	assert_string_equal(now, expected);
}

static void recover(void)
{
	struct strings ids;
	struct conflicts conflicts;

	assert_int_equal(hs_transactions_recover(&tree.state, &tree.root, &ids,
						 &conflicts, NULL),
			 0);
	assert_int_equal(conflicts.n, 0);
	hs_strings_done(&ids);
}

/* Applied and undone, cut off and recovered from, as if none had come. */
static void test_signals(void **state)
{
	hs_auto_free char *old = tree_expected(&tree, -1);
	hs_auto_free char *new = tree_expected(&tree, PHASE_PROVED);
	struct conflicts conflicts;
	struct tx_server server;
	struct transaction *tx;
	struct error err = {0};
	char *id;

	(void)state;
	signals = true;
	if (tree_apply(&tree, &err))
		fail_msg("%s", err.what);
	signals = false;
	assert_snapshot(new);
	signals = true;
	assert_int_equal(hs_transaction_undo(&tree.state, &tree.root, NULL,
					     &conflicts, &id, &server, &err),
			 0);
	signals = false;
	assert_snapshot(old);
	free(id);
	hs_tx_server_done(&server);

	tx = begin();
	signals = true;
	assert_int_equal(hs_transaction_commit(tx, PHASE_HTTPS, NULL), 0);
	hs_transaction_free(tx);
	recover();
	signals = false;
	assert_snapshot(old);
	assert_true(signals_came > 30);
}

static void replace(const char *path, const char *text)
{
	hs_auto_free char *from = hs_format("%s%s", tree.path, path);
	hs_auto_free char *to = hs_format("%s.was", from);
	hs_auto_free char *enabled = hs_format("%s/enabled", from);

	assert_int_equal(rename(from, to), 0);
	assert_int_equal(mkdir(from, 0755), 0);
	assert_int_equal(mkdir(enabled, 0755), 0);
	tree_put(&tree, "/etc/nginx/a.conf", text);
	tree_put(&tree, "/etc/nginx/b.conf", "# b\nno newline");
	tree_put(&tree, "/etc/nginx/old.conf", "gone soon\n");
	tree_put(&tree, "/etc/nginx/other.conf", "not ours\n");
}

/* As a package or a release does it: the folder anew, beside the old one. */
static void replace_folder(void)
{
	replace("/etc/nginx", "server { listen 80; }\r\n");
}

static void assert_text(const char *path, const char *expected)
{
	hs_auto_free char *text = tree_get(&tree, path);

	assert_string_equal(text, expected);
}

/* Nothing of ours is in either folder, nor anywhere else. */
static void assert_left_alone(const char *text)
{
	hs_auto_free char *was = hs_format("%s/etc/nginx.was", tree.path);
	DIR *stream = opendir(was);
	struct dirent *entry;

	assert_text("/etc/nginx/a.conf", text);
	assert_text("/etc/nginx.was/a.conf", "server { listen 80; }\r\n");
	assert_text("/etc/nginx.was/b.conf", "# b\nno newline");
	assert_null(tree_get(&tree, "/etc/ssl/https-setup/www/privkey.pem"));
	assert_non_null(stream);
	while ((entry = readdir(stream)))
		if (strstr(entry->d_name, "https-setup"))
			fail_msg("left: %s", entry->d_name);
	closedir(stream);
	recover();
	assert_text("/etc/nginx/a.conf", text);
}

static void fail_to_commit(struct transaction *tx)
{
	struct conflicts conflicts;
	struct error err = {0};

	assert_int_equal(hs_transaction_commit(tx, PHASE_HTTPS, &err), -1);
	assert_int_equal(err.code, HS_REFUSED);
	assert_string_equal(err.id, "server.changed-on-disk");
	assert_string_equal(err.where, "/etc/nginx");
	assert_int_equal(hs_transaction_rollback(tx, &conflicts, NULL), 0);
	assert_int_equal(conflicts.n, 0);
	hs_transaction_free(tx);
}

static void test_folder_replaced(void **state)
{
	struct transaction *tx = begin();

	(void)state;
	replace("/etc/nginx", "theirs\n");
	fail_to_commit(tx);
	assert_left_alone("theirs\n");
}

/* Ahead of the first of its files, of the second, of the last. */
static void test_folder_replaced_meanwhile(void **state)
{
	static const char *const files[] = {"a.conf", "b.conf", "www"};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(files); i++) {
		struct transaction *tx;

		tree_reset(&tree);
		tx = begin();
		awaited = files[i];
		ahead = replace_folder;
		fail_to_commit(tx);
		assert_null(awaited);
		assert_left_alone("server { listen 80; }\r\n");
	}
}

int main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_prestate_setup_teardown(name, tree_open, tear_down,   \
						 &tree)
	const struct CMUnitTest tests[] = {
		TEST(test_signals),
		TEST(test_folder_replaced),
		TEST(test_folder_replaced_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
