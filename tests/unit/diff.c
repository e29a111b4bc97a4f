/*
 * The unified diff: exact where the bytes are known, and for many texts made
 * at random judged by patch(1), which must make the one text of the other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "core/base/run.h"
#include "core/plan/diff.h"
#include "core/plan/diff_lines.h"

static void expect(const char *before, const char *after, const char *diff)
{
	hs_auto_str struct str out = {0};

	hs_diff("/f", before, before ? strlen(before) : 0, after,
		after ? strlen(after) : 0, &out);
	assert_string_equal(hs_str_text(&out), diff);
}

static void test_equal_texts_have_none(void **state)
{
	(void)state;
	expect("a\nb\n", "a\nb\n", "");
	expect("", "", "");
}

static void test_one_line(void **state)
{
	(void)state;
	expect("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n6\n7\n8\n9\n",
	       "--- /f\n+++ /f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+X\n 6\n 7\n"
	       " 8\n");
}

static void test_new_and_removed_files(void **state)
{
	(void)state;
	expect(NULL, "a\nb\n",
	       "--- /dev/null\n+++ /f\n@@ -0,0 +1,2 @@\n+a\n+b\n");
	expect("a\n", NULL, "--- /f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n");
	expect("", "a\n", "--- /f\n+++ /f\n@@ -0,0 +1 @@\n+a\n");
}

static void test_missing_line_end(void **state)
{
	(void)state;
	expect("a\nb", "a\nb\n",
	       "--- /f\n+++ /f\n@@ -1,2 +1,2 @@\n a\n-b\n"
	       "\\ No newline at end of file\n+b\n");
	expect("a\nb", "x\nb",
	       "--- /f\n+++ /f\n@@ -1,2 +1,2 @@\n-a\n+x\n b\n"
	       "\\ No newline at end of file\n");
	expect("x", "y\nx",
	       "--- /f\n+++ /f\n@@ -1 +1,2 @@\n+y\n x\n"
	       "\\ No newline at end of file\n");
}

static void test_near_changes_share_a_hunk(void **state)
{
	(void)state;
	expect("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
	       "--- /f\n+++ /f\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n"
	       " 6\n-b\n+B\n");
	expect("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
	       "--- /f\n+++ /f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
	       "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

static void test_a_new_block_stays_whole(void **state)
{
	(void)state;
	expect("server {\n\tlisten 80;\n}\n\nserver {\n\tlisten 81;\n}\n",
	       "server {\n\tlisten 80;\n}\n\nserver {\n\tlisten 443;\n}\n\n"
	       "server {\n\tlisten 81;\n}\n",
	       "--- /f\n+++ /f\n@@ -1,6 +1,10 @@\n server {\n \tlisten 80;\n"
	       " }\n+\n+server {\n+\tlisten 443;\n+}\n \n server {\n"
	       " \tlisten 81;\n");
}

static void test_bytes_stay_bytes(void **state)
{
	hs_auto_str struct str out = {0};

	(void)state;
	hs_diff("/f", "a\0b\r\n", 5, "a\0c\r\n", 5, &out);
	assert_int_equal(out.len, 14 + 10 + 2 * 6 + 2);
	assert_memory_equal(out.data + 14, "@@ -1 +1 @@\n-a\0b\r\n+a\0c\r\n",
			    24);
}

static void test_names_are_made_safe(void **state)
{
	hs_auto_str struct str out = {0};

	(void)state;
	hs_diff("/a\033[2J", "", 0, "x\n", 2, &out);
	assert_non_null(strstr(out.data, "+++ /a\\x1b[2J\n"));
}

/* How many lines a shortest diff adds and removes: by the book, in square
 * time, with a table of longest common subsequences. */
static size_t shortest(const struct side *a, const struct side *b)
{
	static size_t table[2][512];

	assert_true(b->n < 511);
	memset(table, 0, sizeof(table));
	for (size_t i = 0; i < a->n; i++) {
		size_t *last = table[i & 1], *now = table[~i & 1];

		for (size_t j = 0; j < b->n; j++) {
			size_t best =
				now[j] > last[j + 1] ? now[j] : last[j + 1];

			if (hs_line_is_same(&a->lines[i], &b->lines[j]))
				best = last[j] + 1;
			now[j + 1] = best;
		}
	}
	return a->n + b->n - 2 * table[a->n & 1][b->n];
}

static void assert_shortest(const struct str *before, const struct str *after)
{
	struct side a, b;
	size_t changed = 0;

	hs_side_split(&a, hs_str_text(before), before->len);
	hs_side_split(&b, hs_str_text(after), after->len);
	hs_side_match(&a, &b);
	for (size_t i = 0; i < a.n; i++)
		changed += a.changed[i];
	for (size_t i = 0; i < b.n; i++)
		changed += b.changed[i];
	assert_int_equal(changed, shortest(&a, &b));
	hs_side_done(&a);
	hs_side_done(&b);
}

/* A small generator of its own: the same texts in every run. */
static uint32_t random_state = 12345;

static uint32_t pick(uint32_t below)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % below;
}

/* A text of few different lines, so that there is much to mistake. */
static void make_text(struct str *text, uint32_t lines, uint32_t kinds)
{
	for (uint32_t i = 0; i < lines; i++)
		hs_str_printf(text, "%.*s%u\n", (int)pick(3), "\t\t",
			      pick(kinds));
	if (lines && !pick(3))
		text->data[--text->len] = '\0';
}

static void edit_text(const struct str *text, struct str *ret_edited,
		      uint32_t kinds)
{
	const char *line = hs_str_text(text);

	while (*line) {
		size_t length = strcspn(line, "\n");

		length += line[length] == '\n';
		switch (pick(12)) {
		case 0:
			break;
		case 1:
			hs_str_printf(ret_edited, "%u\n", pick(kinds));
			break;
		default:
			hs_str_add(ret_edited, line, length);
		}
		line += length;
	}
}

static void write_file(const char *path, const struct str *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(hs_str_text(text), 1, text->len, file),
			 text->len);
	assert_int_equal(fclose(file), 0);
}

static void read_file(const char *path, struct str *ret_text)
{
	char buffer[4096];
	FILE *file = fopen(path, "r");
	size_t got;

	assert_non_null(file);
	while ((got = fread(buffer, 1, sizeof(buffer), file)))
		hs_str_add(ret_text, buffer, got);
	fclose(file);
}

/* Lets patch(1), which must not need any fuzz, make `after` of `before`. */
static void assert_patches(const char *directory, const struct str *before,
			   const struct str *after)
{
	hs_auto_free char *path = hs_format("%s/f", directory);
	hs_auto_str struct str diff = {0}, patched = {0};
	hs_auto_run_result struct run_result result = {0};
	struct run run = {
		.argv = (const char *const[]){"patch", "-s", "-F0", "f", NULL},
		.directory = directory,
	};
	struct error err = {0};

	hs_diff("f", hs_str_text(before), before->len, hs_str_text(after),
		after->len, &diff);
	if (!diff.len)
		return;
	write_file(path, before);
	run.input = diff.data;
	run.input_length = diff.len;
	assert_int_equal(hs_run(&run, &result, &err), 0);
	assert_string_equal(hs_str_text(&result.out), "");
	assert_int_equal(result.status, 0);
	if (!after->len) /* patch removes what it empties */
		return;
	read_file(path, &patched);
	assert_int_equal(patched.len, after->len);
	assert_memory_equal(patched.data, after->data, after->len);
}

static void test_many_texts(void **state)
{
	char directory[] = "/tmp/https-setup-diff.XXXXXX";
	hs_auto_free char *patch = hs_run_find("patch");
	hs_auto_free char *path = NULL;

	(void)state;
	if (!patch)
		skip();
	assert_non_null(mkdtemp(directory));
	path = hs_format("%s/f", directory);
	for (int i = 0; i < 300; i++) {
		hs_auto_str struct str before = {0}, after = {0};
		uint32_t kinds = 1 + pick(30);

		make_text(&before, pick(200), kinds);
		if (pick(8))
			edit_text(&before, &after, kinds);
		else
			make_text(&after, pick(200), kinds);
		assert_patches(directory, &before, &after);
		assert_shortest(&before, &after);
	}
	unlink(path);
	assert_int_equal(rmdir(directory), 0);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Every `distance`th line of a text with `count` lines is another. */
static double time_of_edits(uint32_t count, uint32_t distance, size_t expected)
{
	hs_auto_str struct str before = {0}, after = {0}, diff = {0};
	double start;
	size_t lines = 0;

	for (uint32_t i = 0; i < count; i++) {
		hs_str_printf(&before, "\tserver_name s%u.test;\n", i / 2);
		hs_str_printf(&after, "\tserver_name %s%u.test;\n",
			      i % distance ? "s" : "other", i / 2);
	}
	start = seconds();
	hs_diff("f", before.data, before.len, after.data, after.len, &diff);
	start = seconds() - start;
	for (size_t i = 0; i + 1 < diff.len; i++)
		lines += diff.data[i] == '\n' &&
			 (diff.data[i + 1] == '+' || diff.data[i + 1] == '-');
	assert_int_equal(lines, 2 * expected + 1);
	return start;
}

static void test_time_grows_with_the_text(void **state)
{
	double small, large;

	(void)state;
	small = time_of_edits(100000, 50, 2000);
	large = time_of_edits(1000000, 50, 20000);
	print_message("# 100,000 lines %.3f s, 1,000,000 lines %.3f s\n", small,
		      large);
	assert_true(large < 30 * small + 0.5);
	large = time_of_edits(1000000, 1000000, 1);
	print_message("# one edit in 1,000,000 lines %.3f s\n", large);
	assert_true(large < 0.5);
}

/* The same lines in another order: no shortest answer is sought. */
static void test_strangers_take_no_longer(void **state)
{
	hs_auto_str struct str before = {0}, after = {0}, diff = {0};
	double start;

	(void)state;
	make_text(&before, 100000, 1000);
	make_text(&after, 100000, 1000);
	start = seconds();
	hs_diff("f", before.data, before.len, after.data, after.len, &diff);
	start = seconds() - start;
	print_message("# two strangers of 100,000 lines: %.3f s\n", start);
	assert_true(start < 10);
}

static void test_changes(void **state)
{
	hs_auto_str struct str diff = {0};
	struct str key = {.data = (char[]){"KEY"}, .len = 3};
	struct str old = {.data = (char[]){"a\nb\n"}, .len = 4};
	struct str new = {.data = (char[]){"a\nc\nd\n"}, .len = 6};
	struct plan plan = {0};
	int added, removed;

	(void)state;
	hs_change_hide(hs_plan_write(&plan, PHASE_HTTPS, "/k", 0600, NULL, &key,
				     "key"));
	hs_diff_change(&plan.changes.items[0], &diff);
	assert_null(strstr(diff.data, "KEY"));
	assert_string_equal(diff.data,
			    "/k: secret, content not shown (3 bytes)\n");
	hs_plan_write(&plan, PHASE_HTTPS, "/f", 0, &old, &new, "edit");
	hs_diff_count(&plan.changes.items[1], &added, &removed);
	assert_int_equal(added, 2);
	assert_int_equal(removed, 1);
	hs_plan_done(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal_texts_have_none),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_new_and_removed_files),
		cmocka_unit_test(test_missing_line_end),
		cmocka_unit_test(test_near_changes_share_a_hunk),
		cmocka_unit_test(test_a_new_block_stays_whole),
		cmocka_unit_test(test_bytes_stay_bytes),
		cmocka_unit_test(test_names_are_made_safe),
		cmocka_unit_test(test_many_texts),
		cmocka_unit_test(test_time_grows_with_the_text),
		cmocka_unit_test(test_strangers_take_no_longer),
		cmocka_unit_test(test_changes),
	};

	return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
