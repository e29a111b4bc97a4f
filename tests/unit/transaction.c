/*
 * The transaction as its callers see it: what is on the disk before, between
 * and after its steps, and what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tests/unit/apply_tree.h"

static struct tree tree;

static struct transaction *begin(void)
{
	struct transaction *tx = NULL;
	struct error err = {0};

	if (hs_transaction_begin(&tree.state, &tree.root, &tree.plan, "title",
				 NULL, &tx, &err))
		fail_msg("begin: %s (%s)", err.what, err.where);
	return tx;
}

static void assert_text(const char *path, const char *expected)
{
	hs_auto_free char *text = tree_get(&tree, path);

	if (!expected) {
		assert_null(text);
		return;
	}
	assert_non_null(text);
	assert_string_equal(text, expected);
}

static void assert_snapshot(const char *expected)
{
	hs_auto_free char *now = tree_snapshot(&tree);

	assert_string_equal(now, expected);
}

static size_t count_state(const char *name)
{
	hs_auto_free char *path =
		hs_format("%s/%s", tree.state.directory, name);
	DIR *dir = opendir(path);
	size_t count = 0;

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count < 2 ? 0 : count - 2;
}

static struct stat stat_of(const char *path)
{
	hs_auto_free char *full = hs_format("%s%s", tree.path, path);
	struct stat st;

	assert_int_equal(lstat(full, &st), 0);
	return st;
}

static void test_apply_then_undo(void **state)
{
	hs_auto_free char *before = tree_snapshot(&tree);
	struct transaction_entries entries;
	struct conflicts conflicts;
	struct tx_server server;
	struct error err = {0};
	char *id;

	(void)state;
	assert_int_equal(tree_apply(&tree, &err), 0);
	assert_text("/etc/ssl/https-setup/www/nginx.conf",
		    "key /etc/ssl/https-setup/www/privkey.pem; hsts;\n");
	assert_text("/etc/nginx/old.conf", NULL);
	assert_int_equal(stat_of("/etc/nginx/b.conf").st_mode & 07777, 0640);
	assert_int_equal(
		stat_of("/etc/ssl/https-setup/www/privkey.pem").st_mode & 07777,
		0600);
	assert_true(S_ISLNK(stat_of("/etc/nginx/enabled/www").st_mode));
	assert_int_equal(count_state("tx"), 0);
	assert_int_equal(count_state("done"), 1);

	assert_int_equal(hs_transactions_list(&tree.state, &entries, &err), 0);
	assert_int_equal(entries.n, 1);
	assert_int_equal(entries.items[0].state, TX_COMMITTED);
	assert_string_equal(entries.items[0].title, "test");
	assert_int_equal(entries.items[0].paths.n, 8);
	hs_transaction_entries_done(&entries);

	assert_int_equal(hs_transaction_undo(&tree.state, &tree.root, NULL,
					     &conflicts, &id, &server, &err),
			 0);
	assert_snapshot(before);
	assert_int_equal(conflicts.n, 0);
	free(id);
	hs_tx_server_done(&server);
}

static void test_undo_twice_is_refused(void **state)
{
	struct conflicts conflicts;
	struct tx_server server;
	struct error err = {0};
	char *id;

	(void)state;
	assert_int_equal(tree_apply(&tree, &err), 0);
	assert_int_equal(hs_transaction_undo(&tree.state, &tree.root, NULL,
					     &conflicts, &id, &server, &err),
			 0);
	hs_tx_server_done(&server);
	free(id);
	assert_int_equal(hs_transaction_undo(&tree.state, &tree.root, NULL,
					     &conflicts, &id, &server, &err),
			 -1);
	assert_int_equal(err.code, HS_CANNOT);
	err = (struct error){0};
	assert_null(id);
	assert_int_equal(hs_transaction_undo(&tree.state, &tree.root,
					     "../../etc", &conflicts, &id,
					     &server, &err),
			 -1);
	assert_int_equal(err.code, HS_CANNOT);
}

static void test_nothing_is_live_before_commit(void **state)
{
	struct transaction *tx = begin();
	struct staged_files files;
	struct conflicts conflicts;
	hs_auto_free char *text = NULL;

	(void)state;
	assert_text("/etc/nginx/a.conf", "server { listen 80; }\r\n");
	assert_text("/etc/ssl/https-setup/www/privkey.pem", NULL);
	hs_transaction_staged(tx, PHASE_HTTPS, &files);
	assert_int_equal(files.n, 6); /* the removal has none */
	assert_non_null(strstr(files.items[3].path, "/etc/nginx/a.conf"));
	assert_int_equal(access(files.items[3].staged, R_OK), 0);
	assert_non_null(strstr(files.items[3].staged,
			       "/etc/nginx/.a.conf.https-setup."));
	hs_staged_files_done(&files);
	assert_int_equal(hs_transaction_rollback(tx, &conflicts, NULL), 0);
	hs_transaction_free(tx);
	assert_int_equal(count_state("tx"), 0);
	assert_int_equal(count_state("done"), 0);
}

/* Each point of the way, taken back. */
static void test_rollback(void **state)
{
	hs_auto_free char *before = tree_snapshot(&tree);

	(void)state;
	for (int steps = 0; steps < 4; steps++) {
		struct transaction *tx = begin();
		struct conflicts conflicts;
		struct error err = {0};

		if (steps > 0)
			assert_int_equal(
				hs_transaction_commit(tx, PHASE_HTTPS, &err),
				0);
		if (steps > 1)
			assert_int_equal(
				hs_transaction_commit(tx, PHASE_PROVED, &err),
				0);
		if (steps > 2)
			assert_int_equal(hs_transaction_await(tx, 60, &err), 0);
		assert_int_equal(hs_transaction_rollback(tx, &conflicts, &err),
				 0);
		hs_transaction_free(tx);
		assert_snapshot(before);
		assert_int_equal(count_state("tx"), 0);
	}
}

static void test_changed_before_begin(void **state)
{
	static const struct {
		const char *path, *text;
	} cases[] = {
		{"/etc/nginx/a.conf", "edited"},
		{"/etc/nginx/old.conf", "gone soon"},
		{"/etc/nginx/enabled/www", "there"},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		hs_auto_free char *before = NULL;
		struct transaction *tx = NULL;
		struct error err = {0};

		tree_reset(&tree);
		tree_put(&tree, cases[i].path, cases[i].text);
		before = tree_snapshot(&tree);
		assert_int_equal(hs_transaction_begin(&tree.state, &tree.root,
						      &tree.plan, "t", NULL,
						      &tx, &err),
				 -1);
		assert_null(tx);
		assert_int_equal(err.code, HS_REFUSED);
		assert_string_equal(err.id, "server.changed-on-disk");
		assert_string_equal(err.where, cases[i].path);
		assert_true(*err.hint);
		assert_snapshot(before);
		assert_int_equal(count_state("tx"), 0);
	}
}

static void test_changed_before_commit(void **state)
{
	struct transaction *tx = begin();
	struct conflicts conflicts;
	struct error err = {0};
	hs_auto_free char *before = NULL;

	(void)state;
	tree_put(&tree, "/etc/nginx/b.conf", "the operator was quicker\n");
	before = tree_snapshot(&tree);
	assert_int_equal(hs_transaction_commit(tx, PHASE_HTTPS, &err), -1);
	assert_int_equal(err.code, HS_REFUSED);
	assert_string_equal(err.id, "server.changed-on-disk");
	assert_snapshot(before);
	/* it never held anything of ours: there is no second version */
	err = (struct error){0};
	assert_int_equal(hs_transaction_rollback(tx, &conflicts, &err), 0);
	assert_int_equal(conflicts.n, 0);
	assert_text("/etc/nginx/b.conf", "the operator was quicker\n");
	assert_text("/etc/nginx/a.conf", "server { listen 80; }\r\n");
	assert_text("/etc/ssl/https-setup/www/privkey.pem", NULL);
	assert_int_equal(count_state("tx"), 0);
	hs_transaction_free(tx);
}

/* The operator's newer file needs what it names: that stays as well. */
static void test_conflict_keeps_what_it_names(void **state)
{
	static const char edit[] =
		"include /etc/ssl/https-setup/www/nginx.conf; # mine\n";
	struct conflicts conflicts;
	struct tx_server server;
	struct error err = {0};
	hs_auto_free char *backup = NULL;
	char *id, *again;
	FILE *stream;
	char line[64];

	(void)state;
	assert_int_equal(tree_apply(&tree, &err), 0);
	tree_put(&tree, "/etc/nginx/a.conf", edit);
	assert_int_equal(hs_transaction_undo(&tree.state, &tree.root, NULL,
					     &conflicts, &id, &server, &err),
			 -1);
	assert_int_equal(err.code, HS_CONFLICT);
	assert_text("/etc/nginx/a.conf", edit);
	assert_text("/etc/nginx/b.conf", "# b\nno newline");
	assert_text("/etc/ssl/https-setup/www/privkey.pem",
		    "very secret key\n");
	assert_text("/etc/ssl/https-setup/www/fullchain.pem", NULL);
	HS_EACH(conflict, &conflicts) {
		if (strstr(conflict->path, "/etc/nginx/a.conf"))
			backup = hs_strdup(conflict->backup);
	}
	assert_non_null(backup);
	stream = fopen(backup, "re");
	assert_non_null(stream);
	assert_non_null(fgets(line, sizeof(line), stream));
	assert_string_equal(line, "server { listen 80; }\r\n");
	fclose(stream);
	hs_conflicts_done(&conflicts);
	hs_tx_server_done(&server);

	/* put right by hand, the rest can still be undone */
	tree_put(&tree, "/etc/nginx/a.conf", "server { listen 80; }\r\n");
	err = (struct error){0};
	assert_int_equal(hs_transaction_undo(&tree.state, &tree.root, id,
					     &conflicts, &again, &server, &err),
			 0);
	assert_text("/etc/ssl/https-setup/www/privkey.pem", NULL);
	hs_tx_server_done(&server);
	free(id);
	free(again);
}

static int refused(struct error *err)
{
	struct transaction *tx;

	*err = (struct error){0};
	return hs_transaction_begin(&tree.state, &tree.root, &tree.plan, "t",
				    NULL, &tx, err);
}

static void test_cannot_be_replaced(void **state)
{
	hs_auto_free char *path = hs_format("%s/etc/nginx/a.conf", tree.path);
	hs_auto_free char *other = hs_format("%s/etc/nginx/second", tree.path);
	hs_auto_free char *before = NULL;
	struct error err;

	(void)state;
	assert_int_equal(link(path, other), 0);
	before = tree_snapshot(&tree);
	assert_int_equal(refused(&err), -1);
	assert_int_equal(err.code, HS_CANNOT);
	assert_non_null(strstr(err.what, "hard links"));
	assert_snapshot(before);

	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(refused(&err), -1);
	assert_int_equal(err.code, HS_CANNOT);
	assert_non_null(strstr(err.what, "regular file"));

	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("second", path), 0);
	assert_int_equal(refused(&err), -1);
	assert_string_equal(err.id, "server.changed-on-disk");
}

static void test_attributes_survive(void **state)
{
	hs_auto_free char *path = hs_format("%s/etc/nginx/b.conf", tree.path);
	struct conflicts conflicts;
	struct tx_server server;
	struct error err = {0};
	char value[16];
	char *id;

	(void)state;
	if (setxattr(path, "user.note", "kept", 4, 0))
		skip();
	if (!geteuid())
		assert_int_equal(chown(path, 1, 2), 0);
	assert_int_equal(tree_apply(&tree, &err), 0);
	assert_int_equal(getxattr(path, "user.note", value, sizeof(value)), 4);
	if (!geteuid())
		assert_int_equal(stat_of("/etc/nginx/b.conf").st_gid, 2);
	assert_int_equal(hs_transaction_undo(&tree.state, &tree.root, NULL,
					     &conflicts, &id, &server, &err),
			 0);
	assert_int_equal(getxattr(path, "user.note", value, sizeof(value)), 4);
	assert_int_equal(stat_of("/etc/nginx/b.conf").st_mtime, 1000000000);
	assert_int_equal(stat_of("/etc/nginx/b.conf").st_mode & 07777, 0640);
	if (!geteuid())
		assert_int_equal(stat_of("/etc/nginx/b.conf").st_uid, 1);
	hs_tx_server_done(&server);
	free(id);
}

/* Two transactions on one file: the earlier one cannot be undone alone. */
static void test_undo_under_a_later_one(void **state)
{
	struct str now = {.data = (char[]){"# b\nnew newline\n"}, .len = 16};
	struct str next = {.data = (char[]){"third\n"}, .len = 6};
	struct plan plan = {0};
	struct transaction *tx;
	struct conflicts conflicts;
	struct tx_server server;
	struct error err = {0};
	hs_auto_free char *first = NULL;
	char *id;
	struct transaction_entries entries;

	(void)state;
	assert_int_equal(tree_apply(&tree, &err), 0);
	hs_plan_write(&plan, PHASE_HTTPS, "/etc/nginx/b.conf", 0644, &now,
		      &next, "later");
	assert_int_equal(hs_transaction_begin(&tree.state, &tree.root, &plan,
					      "later", NULL, &tx, &err),
			 0);
	assert_int_equal(hs_transaction_commit(tx, PHASE_HTTPS, &err), 0);
	assert_int_equal(hs_transaction_finish(tx, &err), 0);
	hs_transaction_free(tx);
	assert_int_equal(hs_transactions_list(&tree.state, &entries, &err), 0);
	assert_int_equal(entries.n, 2);
	assert_string_equal(entries.items[0].title, "later");
	first = hs_strdup(entries.items[1].id);
	hs_transaction_entries_done(&entries);

	/* the one below cannot go first, and nothing of it does */
	now.data = tree_snapshot(&tree);
	assert_int_equal(hs_transaction_undo(&tree.state, &tree.root, first,
					     &conflicts, &id, &server, &err),
			 -1);
	assert_int_equal(err.code, HS_CANNOT);
	assert_string_equal(err.where, "/etc/nginx/b.conf");
	assert_int_equal(conflicts.n, 0);
	assert_snapshot(now.data);
	free(now.data);
	hs_tx_server_done(&server);
	free(id);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(hs_transaction_undo(&tree.state, &tree.root,
						     NULL, &conflicts, &id,
						     &server, NULL),
				 0);
		hs_tx_server_done(&server);
		free(id);
	}
	assert_text("/etc/nginx/a.conf", "server { listen 80; }\r\n");
	hs_plan_done(&plan);
}

static void test_lock(void **state)
{
	struct error err = {0};
	int first, second;

	(void)state;
	assert_int_equal(hs_state_lock(&tree.state, &first, &err), 0);
	assert_int_equal(hs_state_lock(&tree.state, &second, &err), -1);
	assert_int_equal(err.code, HS_CANNOT);
	assert_non_null(strstr(err.what, "pid "));
	assert_non_null(strstr(err.what, "is at work"));
	close(first);
	err = (struct error){0};
	assert_int_equal(hs_state_lock(&tree.state, &second, &err), 0);
	close(second);
	/* a planted link is not followed */
	assert_int_equal(unlink(tree.state.lock), 0);
	assert_int_equal(symlink("/dev/null", tree.state.lock), 0);
	assert_int_equal(hs_state_lock(&tree.state, &second, &err), -1);
	assert_int_equal(err.code, HS_CANNOT);
}

static void test_lists_are_empty_without_state(void **state)
{
	struct transaction_entries entries;
	struct strings ids;
	struct conflicts conflicts;
	struct error err = {0};

	(void)state;
	assert_int_equal(hs_transactions_list(&tree.state, &entries, &err), 0);
	assert_int_equal(entries.n, 0);
	assert_int_equal(hs_transactions_recover(&tree.state, &tree.root, &ids,
						 &conflicts, &err),
			 0);
	assert_int_equal(access(tree.state.directory, F_OK), -1);
}

static bool holds(const char *path, const char *needle)
{
	char bytes[65536];
	FILE *stream = fopen(path, "re");
	size_t n = stream ? fread(bytes, 1, sizeof(bytes), stream) : 0;

	if (stream)
		fclose(stream);
	return memmem(bytes, n, needle, strlen(needle)) != NULL;
}

/* Neither the key nor its plain hash is in the journal. */
static void test_no_secret_in_the_journal(void **state)
{
	static const char key[] = "very secret key\n";
	struct transaction *tx = begin();
	hs_auto_free char *journal =
		hs_format("%s/tx/%s/journal", tree.state.directory,
			  hs_transaction_id(tx));
	unsigned char digest[HS_HASH_SIZE + 1] = {0};
	struct conflicts conflicts;

	(void)state;
	hs_hash(key, strlen(key), digest);
	assert_true(holds(journal, "/etc/nginx/a.conf"));
	assert_false(holds(journal, "secret"));
	assert_false(holds(journal, (const char *)digest));
	assert_int_equal(hs_transaction_rollback(tx, &conflicts, NULL), 0);
	hs_transaction_free(tx);
}

/* A tree that is not the one the transaction was about is left alone. */
static void test_another_tree(void **state)
{
	hs_auto_free char *own = hs_format("%s/elsewhere", tree.path);
	struct state elsewhere;
	struct root host;
	struct transaction *tx;
	struct strings ids;
	struct conflicts conflicts;
	struct error err = {0};

	(void)state;
	hs_state_init(&elsewhere, &tree.root, own);
	assert_int_equal(hs_transaction_begin(&elsewhere, &tree.root,
					      &tree.plan, "t", NULL, &tx, &err),
			 0);
	assert_int_equal(hs_transaction_commit(tx, PHASE_HTTPS, &err), 0);
	hs_transaction_free(tx);
	assert_int_equal(hs_root_open(NULL, &host, &err), 0);
	assert_int_equal(hs_transactions_recover(&elsewhere, &host, &ids,
						 &conflicts, &err),
			 -1);
	assert_int_equal(err.code, HS_CANNOT);
	assert_int_equal(ids.n, 0);
	err = (struct error){0};
	assert_int_equal(hs_transactions_recover(&elsewhere, &tree.root, &ids,
						 &conflicts, &err),
			 0);
	assert_int_equal(ids.n, 1);
	assert_text("/etc/nginx/a.conf", "server { listen 80; }\r\n");
	hs_strings_done(&ids);
	hs_root_close(&host);
	hs_state_done(&elsewhere);
}

int main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_prestate_setup_teardown(name, tree_open_on_disk,      \
						 tree_close, &tree)
	const struct CMUnitTest tests[] = {
		TEST(test_apply_then_undo),
		TEST(test_undo_twice_is_refused),
		TEST(test_nothing_is_live_before_commit),
		TEST(test_rollback),
		TEST(test_changed_before_begin),
		TEST(test_changed_before_commit),
		TEST(test_conflict_keeps_what_it_names),
		TEST(test_cannot_be_replaced),
		TEST(test_attributes_survive),
		TEST(test_undo_under_a_later_one),
		TEST(test_lock),
		TEST(test_lists_are_empty_without_state),
		TEST(test_no_secret_in_the_journal),
		TEST(test_another_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
