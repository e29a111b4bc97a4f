/*
 * What the system would not let us read is not taken for something that is
 * not there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>

#include "tests/unit/apply_tree.h"
#include "tests/unit/fault.h"

static struct tree tree;

static int undo_last(void)
{
	return tree_undo(&tree);
}

static void apply_later(void)
{
	const struct str text = {.data = (char[]){"later\n"}, .len = 6};
	struct plan plan = {0};
	struct transaction *tx;

	hs_plan_write(&plan, PHASE_HTTPS, "/etc/nginx/later.conf", 0644, NULL,
		      &text, "later");
	assert_int_equal(hs_transaction_begin(&tree.state, &tree.root, &plan,
					      "later", NULL, &tx, NULL),
			 0);
	assert_int_equal(hs_transaction_commit(tx, PHASE_HTTPS, NULL), 0);
	assert_int_equal(hs_transaction_finish(tx, NULL), 0);
	hs_transaction_free(tx);
	hs_plan_done(&plan);
}

/* What cannot be read may be the one to undo: no earlier one is, then. */
static void test_unread_later(void **state)
{
	struct fault fault = {.error = EMFILE, .reading = true};
	bool struck = true;
	int status = 0;

	(void)state;
	if (!FAULT_CAN_FAIL_CALLS)
		skip();
	for (; struck; fault.at++) {
		hs_auto_free char *a = NULL, *later = NULL;

		assert_int_equal(tree_apply(&tree, NULL), 0);
		apply_later();
		struck = fault_run(undo_last, &fault, &status);
		assert_int_equal(tree_recover(&tree), 0);
		a = tree_get(&tree, "/etc/nginx/a.conf");
		later = tree_get(&tree, "/etc/nginx/later.conf");
		assert_string_not_equal(a, "server { listen 80; }\r\n");
		if (!status)
			assert_null(later);
		tree_reset(&tree);
	}
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate_setup_teardown(
			test_unread_later, tree_open, tree_close, &tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
