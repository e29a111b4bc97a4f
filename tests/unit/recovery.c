/*
 * Recovery: a transaction is killed at every system call that writes; what
 * recovery then finds must become the old state or, once kept, the new one,
 * and nothing in between.  Killing is done by a tracer, so that no point of
 * the way is left out.
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
#include <zlib.h>

#include "core/apply/journal/journal.h"
#include "tests/unit/apply_tree.h"
#include "tests/unit/fault.h"

static struct tree tree;

static int apply(void)
{
	return tree_apply(&tree, NULL) ? 1 : 0;
}

static int apply_and_roll_back(void)
{
	struct transaction *tx;
	struct conflicts conflicts;

	if (hs_transaction_begin(&tree.state, &tree.root, &tree.plan, "t", NULL,
				 &tx, NULL) ||
	    hs_transaction_commit(tx, PHASE_HTTPS, NULL) ||
	    hs_transaction_commit(tx, PHASE_PROVED, NULL) ||
	    hs_transaction_await(tx, 0, NULL))
		return 1;
	return hs_transaction_rollback(tx, &conflicts, NULL) ? 2 : 0;
}

/* As a job does it: what fails is rolled back. */
static int apply_or_roll_back(void)
{
	struct transaction *tx;
	struct conflicts conflicts;

	if (hs_transaction_begin(&tree.state, &tree.root, &tree.plan, "t", NULL,
				 &tx, NULL))
		return 1;
	if (!hs_transaction_commit(tx, PHASE_HTTPS, NULL) &&
	    !hs_transaction_commit(tx, PHASE_PROVED, NULL) &&
	    !hs_transaction_finish(tx, NULL))
		return 0;
	return hs_transaction_rollback(tx, &conflicts, NULL) ? 2 : 1;
}

/* Somebody saves b.conf just before it is exchanged: the C library's call, with
 * that ahead of it. */
static bool saves_edit;

int renameat2(int from_dir, const char *from, int to_dir, const char *to,
	      unsigned flags)
{
	if (saves_edit && !strcmp(to, "b.conf")) {
		hs_auto_free char *edit = hs_format("%s/edit", tree.path);

		saves_edit = false;
		renameat(AT_FDCWD, edit, to_dir, to);
	}
	return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

/* What came of it is no conflict: nothing of ours was ever in that file. */
static int apply_over_an_edit(void)
{
	struct transaction *tx;
	struct conflicts conflicts;

	saves_edit = true;
	if (hs_transaction_begin(&tree.state, &tree.root, &tree.plan, "t", NULL,
				 &tx, NULL) ||
	    !hs_transaction_commit(tx, PHASE_HTTPS, NULL))
		return 1;
	return hs_transaction_rollback(tx, &conflicts, NULL) || conflicts.n;
}

static int undo(void)
{
	return tree_undo(&tree);
}

static int recover(void)
{
	return tree_recover(&tree);
}

static bool is_tx_empty(void)
{
	hs_auto_free char *path = hs_format("%s/tx", tree.state.directory);
	DIR *dir = opendir(path);
	int count = 0;

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count <= 2;
}

static enum transaction_state last_state(void)
{
	struct transaction_entries entries;
	enum transaction_state state;

	assert_int_equal(hs_transactions_list(&tree.state, &entries, NULL), 0);
	state = entries.n ? entries.items[0].state : TX_NONE;
	hs_transaction_entries_done(&entries);
	return state;
}

/* After recovery: old, or new and kept; nothing beside the files. */
static void assert_whole(const char *old, const char *new, int point)
{
	hs_auto_free char *now = NULL;
	const char *expected;

	assert_int_equal(recover(), 0);
	assert_true(is_tx_empty());
	now = tree_snapshot(&tree);
	expected = last_state() == TX_COMMITTED ? new : old;
	if (strcmp(now, expected))
		fail_msg("killed at %d, state %s:\n%s\nexpected:\n%s", point,
			 hs_transaction_word(last_state()), now, expected);
}

static void test_killed_while_applying(void **state)
{
	hs_auto_free char *old = tree_expected(&tree, -1);
	hs_auto_free char *new = tree_expected(&tree, PHASE_PROVED);
	int n = 0, kept = 0;

	(void)state;
	for (; fault_kill(apply, n); n++) {
		assert_whole(old, new, n);
		kept += last_state() == TX_COMMITTED;
		tree_reset(&tree);
	}
	assert_true(n > 80); /* it was really killed on the way */
	assert_true(kept > 0 && kept < n / 2);
	print_message("# %d points, %d of them after it was kept\n", n, kept);
}

static void test_killed_while_rolling_back(void **state)
{
	hs_auto_free char *old = tree_expected(&tree, -1);
	int n = 0;

	(void)state;
	for (; fault_kill(apply_and_roll_back, n); n++) {
		assert_whole(old, "never kept", n);
		tree_reset(&tree);
	}
	assert_true(n > 100);
}

static void test_killed_while_undoing(void **state)
{
	hs_auto_free char *old = tree_expected(&tree, -1);
	hs_auto_free char *new = tree_expected(&tree, PHASE_PROVED);
	int n = 0, killed = 1;

	(void)state;
	for (; killed; n++) {
		tree_reset(&tree);
		assert_int_equal(apply(), 0);
		killed = fault_kill(undo, n);
		assert_whole(old, new, n);
	}
	assert_true(n > 30);
}

/* Killed while applying, and again while recovering from that. */
static void test_killed_while_recovering(void **state)
{
	hs_auto_free char *old = tree_expected(&tree, -1);
	hs_auto_free char *new = tree_expected(&tree, PHASE_PROVED);
	int points = 0;

	(void)state;
	for (int first = 3;; first += 12) {
		int killed = 1;

		for (int n = 0; killed; n += 3) {
			tree_reset(&tree);
			if (!fault_kill(apply, first)) {
				assert_true(points > 40);
				return;
			}
			killed = fault_kill(recover, n);
			assert_whole(old, new, 1000 * first + n);
			points++;
		}
	}
}

/*
 * Killed half way; the operator mends one file and edits another by hand; the
 * next start must not take either away.
 */
static void test_operator_repairs_first(void **state)
{
	int n, conflicts_seen = 0;

	(void)state;
	for (n = 0; fault_kill(apply, n); n++) {
		struct strings ids;
		struct conflicts conflicts;
		struct error err = {0};
		hs_auto_free char *a = NULL, *b = NULL, *other = NULL;

		if (last_state() == TX_COMMITTED) {
			tree_reset(&tree);
			continue;
		}
		tree_put(&tree, "/etc/nginx/a.conf", "mended by hand\n");
		tree_put(&tree, "/etc/nginx/other.conf", "edited by hand\n");
		(void)!hs_transactions_recover(&tree.state, &tree.root, &ids,
					       &conflicts, &err);
		conflicts_seen += conflicts.n > 0;
		a = tree_get(&tree, "/etc/nginx/a.conf");
		b = tree_get(&tree, "/etc/nginx/b.conf");
		other = tree_get(&tree, "/etc/nginx/other.conf");
		assert_string_equal(a, "mended by hand\n");
		assert_string_equal(other, "edited by hand\n");
		assert_string_equal(b, "# b\nno newline");
		assert_true(is_tx_empty());
		hs_strings_done(&ids);
		hs_conflicts_done(&conflicts);
		tree_reset(&tree);
	}
	assert_true(conflicts_seen > 10);
}

/* An edit of the last moment is in its place again, wherever we were killed,
 * even between the exchange and the look at what came out. */
static void test_killed_over_an_edit(void **state)
{
	struct fault none = {.at = 1000000};
	bool killed = true;
	int kept = 0, status;

	(void)state;
	tree_put(&tree, "/edit", "saved in the last moment\n");
	assert_false(fault_run(apply_over_an_edit, &none, &status));
	assert_int_equal(status, 0);
	for (int n = 0; killed; n++) {
		hs_auto_free char *left = NULL, *b = NULL;
		struct strings ids;
		struct conflicts conflicts;

		tree_reset(&tree);
		tree_put(&tree, "/edit", "saved in the last moment\n");
		killed = fault_kill(apply_over_an_edit, n);
		(void)!hs_transactions_recover(&tree.state, &tree.root, &ids,
					       &conflicts, NULL);
		left = tree_get(&tree, "/edit");
		b = tree_get(&tree, "/etc/nginx/b.conf");
		assert_string_equal(b, left ? "# b\nno newline"
					    : "saved in the last moment\n");
		kept += !left;
		hs_strings_done(&ids);
		hs_conflicts_done(&conflicts);
	}
	assert_true(kept > 20);
}

/* One call fails, or all from then on: the work says so and takes everything
 * back, or recovery does when the disk works again. */
static void sweep_errors(int error, bool forever)
{
	hs_auto_free char *old = tree_expected(&tree, -1);
	hs_auto_free char *new = tree_expected(&tree, PHASE_PROVED);
	struct fault fault = {.error = error, .forever = forever};
	int failed = 0, status = 0;

	while (fault_run(apply_or_roll_back, &fault, &status)) {
		failed += status != 0;
		assert_whole(old, new, fault.at);
		if (status == 0)
			assert_int_equal(last_state(), TX_COMMITTED);
		tree_reset(&tree);
		fault.at++;
	}
	assert_int_equal(status, 0);
	if (error != EINVAL)
		assert_true(failed > 50);
	tree_reset(&tree);
}

static void test_errors(void **state)
{
	(void)state;
	if (!FAULT_CAN_FAIL_CALLS)
		skip();
	sweep_errors(ENOSPC, false);
	sweep_errors(EIO, true);
}

/* What cannot be looked at for a moment is nobody's edit: the undoing stops
 * there, and recovery goes on. */
static void sweep_unread(int (*work)(void), bool applied)
{
	hs_auto_free char *old = tree_expected(&tree, -1);
	hs_auto_free char *new = tree_expected(&tree, PHASE_PROVED);
	struct fault fault = {.error = EMFILE, .reading = true};
	bool struck = true;
	int status = 0, failed = 0;

	for (; struck; fault.at++) {
		if (applied)
			assert_int_equal(apply(), 0);
		struck = fault_run(work, &fault, &status);
		failed += status != 0;
		assert_whole(old, new, fault.at);
		tree_reset(&tree);
	}
	assert_int_equal(status, 0);
	assert_true(failed > 10);
}

static void test_unread(void **state)
{
	(void)state;
	if (!FAULT_CAN_FAIL_CALLS)
		skip();
	sweep_unread(apply_or_roll_back, false);
	sweep_unread(apply_and_roll_back, false);
	sweep_unread(undo, true);
}

/* Where the file system cannot exchange names, all of it works as well. */
static void test_without_exchange(void **state)
{
	(void)state;
	if (!FAULT_CAN_FAIL_CALLS)
		skip();
	sweep_errors(EINVAL, false);
	sweep_errors(EINVAL, true);
}

static char *journal_path(void)
{
	struct transaction_entries entries;
	char *path;

	assert_int_equal(hs_transactions_list(&tree.state, &entries, NULL), 0);
	assert_int_equal(entries.n, 1);
	path = hs_format("%s/tx/%s/journal", tree.state.directory,
			 entries.items[0].id);
	hs_transaction_entries_done(&entries);
	return path;
}

/* Interrupted with everything live, not kept. */
static int apply_half(void)
{
	struct transaction *tx;

	if (hs_transaction_begin(&tree.state, &tree.root, &tree.plan, "t", NULL,
				 &tx, NULL) ||
	    hs_transaction_commit(tx, PHASE_HTTPS, NULL))
		return 1;
	hs_transaction_free(tx);
	return 0;
}

static void damage(const char *path, off_t at, int bit)
{
	hs_auto_close int fd = open(path, O_RDWR | O_CLOEXEC);
	unsigned char byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= (unsigned char)(1 << bit);
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

/* Wherever one bit of the journal is wrong: what it still says is undone, the
 * rest is told; nothing but old and new bytes is ever in a file. */
static void test_damaged_journal(void **state)
{
	hs_auto_free char *old = tree_expected(&tree, -1);
	off_t size = 1;
	int told = 0, undone = 0;

	(void)state;
	for (off_t at = 0; at < size; at += 13) {
		struct strings ids;
		struct conflicts conflicts;
		struct error err = {0};
		hs_auto_free char *path = NULL, *now = NULL;
		struct stat st;
		int result;

		assert_int_equal(apply_half(), 0);
		path = journal_path();
		assert_int_equal(stat(path, &st), 0);
		size = st.st_size;
		damage(path, at, (int)at % 8);
		result = hs_transactions_recover(&tree.state, &tree.root, &ids,
						 &conflicts, &err);
		now = tree_snapshot(&tree);
		if (strcmp(now, old)) {
			assert_int_equal(result, -1);
			assert_int_equal(err.code, HS_CONFLICT);
			assert_true(conflicts.n > 0);
			told++;
		} else {
			undone++;
		}
		hs_strings_done(&ids);
		hs_conflicts_done(&conflicts);
		tree_reset(&tree);
	}
	assert_true(told > 0 && undone > 0);
}

/* Records cut off at the end, and garbage behind it, were never acted upon. */
static void test_torn_journal(void **state)
{
	hs_auto_free char *old = tree_expected(&tree, -1);

	(void)state;
	for (int garbage = 0; garbage < 64; garbage += 9) {
		hs_auto_free char *path = NULL, *now = NULL;
		FILE *stream;

		assert_int_equal(apply_half(), 0);
		path = journal_path();
		stream = fopen(path, "ae");
		assert_non_null(stream);
		for (int i = 0; i < garbage; i++)
			fputc(i % 3 ? 0 : 255, stream);
		fclose(stream);
		assert_int_equal(recover(), 0);
		now = tree_snapshot(&tree);
		assert_string_equal(now, old);
		tree_reset(&tree);
	}
}

/* A change that was cut off, and whose journal was spoiled since: nothing is
 * touched, and both are named.  The state it is in then. */
static void assert_left_alone(void (*spoil)(const char *path), const char *says)
{
	hs_auto_free char *path = NULL, *before = NULL, *after = NULL;
	struct strings ids;
	struct conflicts conflicts;
	struct error err = {0};

	assert_int_equal(apply_half(), 0);
	path = journal_path();
	spoil(path);
	before = tree_snapshot(&tree);
	assert_int_equal(hs_transactions_recover(&tree.state, &tree.root, &ids,
						 &conflicts, &err),
			 -1);
	assert_int_equal(err.code, HS_CONFLICT);
	assert_non_null(strstr(err.what, says));
	assert_int_equal(conflicts.n, 1);
	assert_string_equal(conflicts.items[0].path, path);
	assert_non_null(strstr(conflicts.items[0].backup, "/bak"));
	after = tree_snapshot(&tree);
	assert_string_equal(before, after);
	hs_conflicts_done(&conflicts);
	hs_strings_done(&ids);
}

static void damage_head(const char *path)
{
	damage(path, 20, 3);
}

static void test_unreadable_journal(void **state)
{
	(void)state;
	assert_left_alone(damage_head, "");
	assert_int_equal(last_state(), TX_CONFLICT);
}

/* Its first record, as a later version of the program would write it: the
 * version follows the magic, both behind their heads. */
static void become_newer(const char *path)
{
	hs_auto_close int fd = open(path, O_RDWR | O_CLOEXEC);
	unsigned char record[4096], sum[4];
	size_t length, at;
	uint32_t crc;

	assert_true(pread(fd, record, sizeof(record), 0) > 64);
	length = record[0] | (size_t)record[1] << 8;
	at = 12 + 9 + record[13] + 1; /* the lowest byte of the number */
	assert_int_equal(record[at - 1], 'n');
	assert_int_equal(record[at], HS_JOURNAL_VERSION);
	record[at]++;
	crc = (uint32_t)crc32(0, record, (uInt)(12 + length));
	for (int i = 0; i < 4; i++, crc >>= 8)
		sum[i] = (unsigned char)(crc & 0xff);
	assert_int_equal(pwrite(fd, record, 12 + length, 0), 12 + length);
	assert_int_equal(pwrite(fd, sum, 4, (off_t)(12 + length)), 4);
}

static void test_newer_journal(void **state)
{
	(void)state;
	assert_left_alone(become_newer, "later version");
}

/* A backup whose bytes are not those of the original is not restored. */
static void test_damaged_backup(void **state)
{
	hs_auto_free char *path = NULL, *b = NULL, *a = NULL;
	struct transaction_entries entries;
	struct conflicts conflicts;
	struct tx_server server;
	struct error err = {0};
	char *id;

	(void)state;
	assert_int_equal(apply(), 0);
	assert_int_equal(hs_transactions_list(&tree.state, &entries, NULL), 0);
	path = hs_format("%s/done/%s/bak/4", tree.state.directory,
			 entries.items[0].id);
	hs_transaction_entries_done(&entries);
	damage(path, 2, 1);
	assert_int_equal(hs_transaction_undo(&tree.state, &tree.root, NULL,
					     &conflicts, &id, &server, &err),
			 -1);
	assert_int_equal(err.code, HS_CONFLICT);
	assert_int_equal(conflicts.n, 1);
	assert_non_null(strstr(conflicts.items[0].path, "/etc/nginx/b.conf"));
	b = tree_get(&tree, "/etc/nginx/b.conf");
	assert_string_equal(b, "# b\nnew newline\n");
	a = tree_get(&tree, "/etc/nginx/a.conf");
	assert_string_equal(a, "server { listen 80; }\r\n");
	hs_conflicts_done(&conflicts);
	hs_tx_server_done(&server);
	free(id);
}

int main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_prestate_setup_teardown(name, tree_open, tree_close,  \
						 &tree)
	const struct CMUnitTest tests[] = {
		TEST(test_killed_while_applying),
		TEST(test_killed_while_rolling_back),
		TEST(test_killed_while_undoing),
		TEST(test_killed_while_recovering),
		TEST(test_operator_repairs_first),
		TEST(test_killed_over_an_edit),
		TEST(test_errors),
		TEST(test_unread),
		TEST(test_without_exchange),
		TEST(test_damaged_journal),
		TEST(test_torn_journal),
		TEST(test_unreadable_journal),
		TEST(test_newer_journal),
		TEST(test_damaged_backup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
