/*
 * The plan: what several changes to one file come to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/plan/plan.h"

/* A string that does not own its bytes. */
static struct str text(const char *bytes)
{
	struct str str = {.len = strlen(bytes)};

	memcpy(&str.data, &bytes, sizeof(bytes));
	return str;
}

static struct change *put(struct plan *plan, enum change_phase phase,
			  const char *before, const char *after)
{
	struct str old = text(before ? before : ""), new = text(after);

	return hs_plan_write(plan, phase, "/f", 0644, before ? &old : NULL,
			     &new, "reason");
}

static void test_same_bytes_are_no_change(void **state)
{
	struct plan plan = {0};

	(void)state;
	assert_null(put(&plan, PHASE_HTTPS, "a", "a"));
	assert_null(put(&plan, PHASE_HTTPS, "", ""));
	assert_int_equal(plan.changes.n, 0);
	assert_true(hs_plan_is_empty(&plan));
	hs_plan_done(&plan);
}

static void test_an_empty_file_is_a_file(void **state)
{
	struct plan plan = {0};
	struct change *change;

	(void)state;
	change = put(&plan, PHASE_HTTPS, NULL, "");
	assert_non_null(change);
	assert_int_equal(change->kind, CHANGE_CREATE);
	assert_non_null(change->after);
	assert_int_equal(change->mode, 0644);
	hs_plan_done(&plan);
}

static void test_second_change_amends_the_first(void **state)
{
	struct plan plan = {0};
	struct change *change;

	(void)state;
	put(&plan, PHASE_HTTPS, "a", "b");
	change = put(&plan, PHASE_HTTPS, "b", "c");
	assert_int_equal(plan.changes.n, 1);
	assert_string_equal(change->before, "a");
	assert_string_equal(change->after, "c");
	assert_string_equal(change->reason, "reason");
	assert_null(put(&plan, PHASE_HTTPS, "c", "a"));
	assert_int_equal(plan.changes.n, 0);
	hs_plan_done(&plan);
}

static void test_later_phase_builds_on_the_earlier(void **state)
{
	struct plan plan = {0};
	struct change *change;

	(void)state;
	put(&plan, PHASE_HTTPS, NULL, "b");
	change = put(&plan, PHASE_PROVED, NULL, "c");
	assert_int_equal(plan.changes.n, 2);
	assert_int_equal(change->kind, CHANGE_EDIT);
	assert_string_equal(change->before, "b");
	assert_null(put(&plan, PHASE_PROVED, NULL, "b"));
	assert_int_equal(plan.changes.n, 1);
	hs_plan_done(&plan);
}

static void test_removal(void **state)
{
	struct plan plan = {0};
	struct str old = text("a");
	struct change *change;

	(void)state;
	change = hs_plan_remove(&plan, PHASE_HTTPS, "/f", &old, "gone");
	assert_int_equal(change->kind, CHANGE_REMOVE);
	assert_string_equal(change->before, "a");
	assert_null(change->after);
	change = put(&plan, PHASE_PROVED, "a", "b");
	assert_int_equal(change->kind, CHANGE_CREATE);
	assert_null(change->before);
	assert_null(hs_plan_remove(&plan, PHASE_HTTPS, "/g", NULL, "gone"));
	hs_plan_done(&plan);
}

static void test_commands_alone_are_nothing(void **state)
{
	const char *const argv[] = {"nginx", "-s", "reload", NULL};
	struct plan plan = {0};
	struct change *change;

	(void)state;
	change = hs_plan_run(&plan, PHASE_HTTPS, argv, "reload", "reload");
	assert_int_equal(change->command.n, 3);
	assert_string_equal(change->command.items[2], "reload");
	assert_true(hs_plan_is_empty(&plan));
	put(&plan, PHASE_HTTPS, "a", "b");
	assert_false(hs_plan_is_empty(&plan));
	hs_plan_done(&plan);
}

static void test_notes_are_said_once(void **state)
{
	struct plan plan = {0};

	(void)state;
	hs_plan_note(&plan, "port %d", 80);
	hs_plan_note(&plan, "port %d", 80);
	assert_int_equal(plan.notes.n, 1);
	assert_string_equal(plan.notes.items[0], "port 80");
	hs_plan_done(&plan);
}

static void test_secrets_stay_hidden(void **state)
{
	struct plan plan = {0};
	struct change *change;

	(void)state;
	hs_change_hide(put(&plan, PHASE_HTTPS, NULL, "KEY"));
	change = put(&plan, PHASE_PROVED, NULL, "KEY2");
	assert_true(change->secret);
	assert_string_equal(change->before, "KEY");
	hs_plan_done(&plan);
	assert_int_equal(plan.changes.n, 0);
}

static void test_links(void **state)
{
	struct plan plan = {0};
	struct change *change;

	(void)state;
	change = hs_plan_link(&plan, PHASE_HTTPS, "/enabled/a", "../a", "on");
	assert_string_equal(change->target, "../a");
	assert_string_equal(hs_change_word(change->kind), "link");
	assert_false(hs_plan_is_empty(&plan));
	hs_plan_done(&plan);
}

/* A string with bytes of its own. */
static struct str owned(const char *bytes)
{
	struct str str = {0};

	hs_str_puts(&str, bytes);
	return str;
}

static void test_large_texts_are_not_copied(void **state)
{
	struct str before = owned("a"), after = owned("b");
	const char *moved = after.data;
	struct plan plan = {0};
	struct change *change = hs_plan_take(&plan, PHASE_HTTPS, "/f", 0,
					     &before, &after, "reason");

	(void)state;
	assert_ptr_equal(change->before, before.data);
	assert_ptr_equal(change->after, moved);
	assert_null(after.data);
	hs_plan_own(&plan);
	hs_str_done(&before);
	assert_string_equal(change->before, "a");
	hs_plan_done(&plan);
}

static void test_what_was_taken_is_amended(void **state)
{
	struct str before = owned("a"), after = owned("b"), again = owned("c");
	struct str back = owned("a");
	struct plan plan = {0};
	struct change *change;

	(void)state;
	hs_plan_take(&plan, PHASE_HTTPS, "/f", 0, &before, &after, "one");
	change = hs_plan_take(&plan, PHASE_HTTPS, "/f", 0, &before, &again,
			      "two");
	assert_string_equal(change->after, "c");
	assert_null(again.data);
	assert_null(hs_plan_take(&plan, PHASE_HTTPS, "/f", 0, &before, &back,
				 "three"));
	assert_null(back.data);
	assert_int_equal(plan.changes.n, 0);
	assert_string_equal(before.data, "a");
	hs_str_done(&before);
}

static void test_what_was_lent_is_hidden_as_a_copy(void **state)
{
	struct str before = owned("a"), after = owned("b");
	struct plan plan = {0};
	struct change *change = hs_plan_take(&plan, PHASE_HTTPS, "/f", 0,
					     &before, &after, "reason");

	(void)state;
	hs_change_hide(change);
	assert_string_equal(before.data, "a");
	assert_ptr_not_equal(change->before, before.data);
	hs_plan_done(&plan);
	assert_string_equal(before.data, "a");
	hs_str_done(&before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_bytes_are_no_change),
		cmocka_unit_test(test_an_empty_file_is_a_file),
		cmocka_unit_test(test_second_change_amends_the_first),
		cmocka_unit_test(test_later_phase_builds_on_the_earlier),
		cmocka_unit_test(test_removal),
		cmocka_unit_test(test_commands_alone_are_nothing),
		cmocka_unit_test(test_notes_are_said_once),
		cmocka_unit_test(test_secrets_stay_hidden),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_large_texts_are_not_copied),
		cmocka_unit_test(test_what_was_taken_is_amended),
		cmocka_unit_test(test_what_was_lent_is_hidden_as_a_copy),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
