/*
 * Edits by byte spans: what is not named stays, neighbours never meet, and
 * what cannot be told apart is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/conf/edit.h"

struct planned {
	size_t offset, remove;
	const char *insert;
};

struct row {
	const char *what;
	struct planned edits[3];
	const char *expected; /* of "0123456789"; NULL: refused */
};

static const struct row rows[] = {
	{"nothing", {{0}}, "0123456789"},
	{"an insertion", {{3, 0, "ab"}}, "012ab3456789"},
	{"at the end", {{10, 0, "ab"}}, "0123456789ab"},
	{"a removal", {{0, 2, ""}}, "23456789"},
	{"a replacement", {{8, 2, "x"}}, "01234567x"},
	{"out of order", {{8, 1, "x"}, {2, 1, "y"}}, "01y34567x9"},
	{"two at one place", {{2, 0, "a"}, {2, 0, "b"}}, "01ab23456789"},
	{"before a removal", {{2, 3, ""}, {2, 0, "a"}}, "01a56789"},
	{"behind a removal", {{2, 3, ""}, {5, 0, "a"}}, "01a56789"},
	{"beside a replacement",
	 {{2, 3, "x"}, {5, 0, "a"}, {2, 0, "b"}},
	 "01xba56789"},
	{"overlapping removals", {{2, 4, ""}, {4, 4, ""}}, "0189"},
	{"the same removal", {{2, 4, ""}, {2, 4, ""}}, "016789"},
	{"a removal within one", {{2, 6, ""}, {4, 1, ""}}, "0189"},
	{"inside a removal", {{2, 4, ""}, {4, 0, "a"}}, NULL},
	{"inside a replacement", {{2, 4, "x"}, {4, 0, "a"}}, NULL},
	{"two replacements", {{2, 1, "x"}, {2, 1, "y"}}, NULL},
	{"a removal of a replacement", {{2, 4, "x"}, {3, 1, ""}}, NULL},
	{"a replacement in a removal", {{2, 4, ""}, {3, 1, "x"}}, NULL},
	{"behind the end", {{11, 0, "x"}}, NULL},
	{"more than there is", {{8, 3, ""}}, NULL},
};

static void test_edits_are_made(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(rows); i++) {
		struct edits edits = {0};
		hs_auto_str struct str text = {0};
		int result;

		for (size_t j = 0; j < 3 && rows[i].edits[j].insert; j++) {
			const struct planned *edit = &rows[i].edits[j];

			hs_edit_add(&edits, 0, edit->offset, edit->remove,
				    edit->insert);
		}
		result = hs_edits_apply(&edits, 0, "0123456789", 10, &text);
		hs_edits_done(&edits);
		print_message("# %s\n", rows[i].what);
		assert_int_equal(result, rows[i].expected ? 0 : -1);
		assert_string_equal(hs_str_text(&text),
				    rows[i].expected ? rows[i].expected : "");
	}
}

static void test_files_are_told_apart(void **state)
{
	struct edits edits = {0};
	hs_auto_str struct str text = {0};

	(void)state;
	hs_edit_add(&edits, 1, 0, 5, "b");
	hs_edit_add(&edits, 2, 0, 1, "c");
	assert_false(hs_edits_touch(&edits, 0));
	assert_true(hs_edits_touch(&edits, 2));
	assert_int_equal(hs_edits_apply(&edits, 2, "xyz", 3, &text), 0);
	assert_string_equal(hs_str_text(&text), "cyz");
	hs_edits_done(&edits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edits_are_made),
		cmocka_unit_test(test_files_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
