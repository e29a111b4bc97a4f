/* Columns of text: width, cutting, wrapping. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/cells.h"
#include "tui/text.h"

#define WIDE "\346\227\245\346\234\254" /* two characters, four columns */
#define ACCENT "e\314\201"		/* e and a combining accent */

static void widths(void **state)
{
	(void)state;
	assert_int_equal(tui_width(""), 0);
	assert_int_equal(tui_width("abc"), 3);
	assert_int_equal(tui_width(WIDE), 4);
	assert_int_equal(tui_width(ACCENT), 1);
	/* What is no character still takes its place. */
	assert_int_equal(tui_width("a\377b"), 3);
}

static void what_fits(void **state)
{
	(void)state;
	assert_int_equal(tui_fit("abc", 2), 2);
	assert_int_equal(tui_fit("abc", 9), 3);
	assert_int_equal(tui_fit(WIDE, 3), 3);
	assert_int_equal(tui_fit(WIDE, 1), 0);
	assert_int_equal(tui_fit(ACCENT "x", 1), 3);
}

static void steps_over_whole_characters(void **state)
{
	(void)state;
	assert_int_equal(tui_behind(ACCENT "x", 0), 3);
	assert_int_equal(tui_before(ACCENT "x", 3), 0);
	assert_int_equal(tui_before(WIDE, 6), 3);
	assert_int_equal(tui_behind("x", 1), 1);
}

static void encodes_what_it_decodes(void **state)
{
	static const long characters[] = {'a', 0xe4, 0x20ac, 0xffff, 0x1f600};

	(void)state;
	for (size_t i = 0; i < TUI_LENGTH(characters); i++) {
		char bytes[5] = "";
		size_t length = tui_encode(characters[i], bytes), decoded;

		assert_int_equal(tui_decode(bytes, &decoded), characters[i]);
		assert_int_equal(decoded, length);
	}
}

static void expect_lines(const char *text, int columns, const char *lines)
{
	struct tui_wrap wrap = {text, columns};
	char joined[200] = "";
	const char *line;
	size_t length;

	while ((line = tui_wrap_next(&wrap, &length))) {
		strncat(joined, line, length);
		strncat(joined, "|", 2);
	}
	assert_string_equal(joined, lines);
}

static void wraps(void **state)
{
	(void)state;
	expect_lines("", 5, "|");
	expect_lines("one two three", 20, "one two three|");
	expect_lines("one two three", 7, "one two|three|");
	expect_lines("one two three", 8, "one two|three|");
	expect_lines("abcdefgh", 3, "abc|def|gh|");
	expect_lines("a\n\nb", 9, "a||b|");
	expect_lines(WIDE WIDE, 5, WIDE "|" WIDE "|");
	/* Too narrow for anything: still it ends. */
	expect_lines(WIDE, 1, "\346\227\245|\346\234\254|");
}

static void counts_what_it_wraps(void **state)
{
	(void)state;
	assert_int_equal(tui_wrap_count("one two three", 7), 2);
	assert_int_equal(tui_wrap_count("", 7), 1);
}

static void measures_tables(void **state)
{
	const char *const first[] = {"", "192.0.2.10:443", WIDE};
	const char *const second[] = {"protocol", "TLS 1.3", ""};
	int widths[TUI_CELLS_MAX] = {0};
	char *rows[] = {tui_cells_join(first, 3), tui_cells_join(second, 3)};

	(void)state;
	for (int i = 0; i < 2; i++)
		tui_cells_measure(rows[i], widths);
	assert_int_equal(widths[0], 8);
	assert_int_equal(widths[1], 14);
	assert_int_equal(widths[2], 4);
	assert_int_equal(widths[3], 0);
	/* and two columns between each */
	assert_int_equal(tui_cells_width(widths), 8 + 2 + 14 + 2 + 4);
	free(rows[0]);
	free(rows[1]);
}

static void measures_no_more_cells_than_there_may_be(void **state)
{
	const char *cells[TUI_CELLS_MAX + 4];
	int widths[TUI_CELLS_MAX] = {0};
	char *row;

	(void)state;
	for (int i = 0; i < TUI_CELLS_MAX + 4; i++)
		cells[i] = "x";
	row = tui_cells_join(cells, TUI_CELLS_MAX + 4);
	tui_cells_measure(row, widths);
	assert_int_equal(tui_cells_width(widths), 3 * TUI_CELLS_MAX - 2);
	free(row);
}

static void expands_tabs(void **state)
{
	char *text = tui_expand_tabs("a\tb\t");

	(void)state;
	assert_string_equal(text, "a       b       ");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(widths),
		cmocka_unit_test(what_fits),
		cmocka_unit_test(steps_over_whole_characters),
		cmocka_unit_test(encodes_what_it_decodes),
		cmocka_unit_test(wraps),
		cmocka_unit_test(counts_what_it_wraps),
		cmocka_unit_test(measures_tables),
		cmocka_unit_test(measures_no_more_cells_than_there_may_be),
		cmocka_unit_test(expands_tabs),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
