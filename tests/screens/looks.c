#include "tests/screens/looks.h"

#include <ctype.h>
#include <string.h>

/* The colour of the eight that is nearest: which parts of it shine. */
static int hue_of(const struct vt_color *color)
{
	const int part[] = {color->red, color->green, color->blue};
	int most = 0, hue = 0;

	if (color->index >= 0 && color->index < 16)
		return color->index % 8;
	for (int i = 0; i < 3; i++)
		most = part[i] > most ? part[i] : most;
	for (int i = 0; i < 3; i++)
		hue |= (part[i] * 10 > most * 6) << i;
	return hue;
}

char looks_at(const struct vt *vt, int row, int col)
{
	const struct vt_cell cell = vt_cell(vt, row, col);

	if (cell.reverse)
		return 'R';
	if (!cell.color.is_default)
		return (char)((cell.bold ? 'A' : 'a') + hue_of(&cell.color));
	if (cell.bold)
		return '*';
	return cell.underline ? '_' : ' ';
}

static bool is_hue(char look)
{
	return isalpha((unsigned char)look) && look != 'R';
}

static void check_cell(const struct vt *vt, int row, int col, bool color)
{
	if (!vt_cell(vt, row, col).ground.is_default)
		vt_fail("row %d, column %d has a ground of its own", row, col);
	if (!color && is_hue(looks_at(vt, row, col)))
		vt_fail("row %d, column %d has a colour", row, col);
}

/* Reversed cells from `col` on. */
static int reversed_run(const struct vt *vt, int row, int col, int cols)
{
	int n = 0;

	while (col + n < cols && looks_at(vt, row, col + n) == 'R')
		n++;
	return n;
}

static void check_reversed(const struct vt *vt, int rows, int cols)
{
	int at_row, at_col, runs = 0;

	vt_cursor(vt, &at_row, &at_col);
	for (int row = 0; row < rows; row++) {
		for (int col = 0; col < cols; col++) {
			int n = reversed_run(vt, row, col, cols);

			if (n && (at_row != row || at_col < col ||
				  at_col >= col + n || runs++))
				vt_fail("row %d is reversed without the cursor",
					row);
			col += n;
		}
	}
}

static void check_cursor(const struct vt *vt, int rows, int cols)
{
	int row, col;

	vt_cursor(vt, &row, &col);
	if (!vt_cursor_is_visible(vt) || row < 0 || row >= rows || col < 0 ||
	    col >= cols)
		vt_fail("the cursor is not seen");
	if (!*vt_row(vt, row))
		vt_fail("the cursor is on an empty row");
}

/* Whether the word stands there as a mark: with room around it, before text
 * that is not in columns of its own. */
static bool is_mark(const char *row, const char *at, size_t length)
{
	bool before = at - row >= 2 && at[-1] == ' ' && at[-2] == ' ';

	return before && (!at[length] || strncmp(at + length, "  ", 2) == 0);
}

static void check_mark(const struct vt *vt, int row, const char *word,
		       bool loud, bool color)
{
	char text[2048];
	const char *at;
	char look;
	bool fits;

	strncpy(text, vt_row(vt, row), sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	at = strstr(text, word);
	if (!at || !is_mark(text, at, strlen(word)))
		return;
	/* What stands before a mark is ASCII: bytes are columns. */
	look = looks_at(vt, row, (int)(at - text));
	fits = color ? is_hue(look) && !isupper((unsigned char)look) == !loud
		     : look == (loud ? '*' : ' ');
	if (!fits)
		vt_fail("row %d: \"%s\" looks like '%c'", row, word, look);
}

static void check_row(const struct vt *vt, int row, bool color, bool ascii)
{
	static const struct {
		const char *word;
		bool loud;
	} marks[] = {
		{"ok", false}, {"note", false}, {"warn", true}, {"stop", true}};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		check_mark(vt, row, marks[i].word, marks[i].loud, color);
	for (const char *at = vt_row(vt, row); ascii && *at; at++)
		if ((unsigned char)*at >= 0x80)
			vt_fail("row %d is not ASCII", row);
}

void looks_check(const struct vt *vt, bool color, bool ascii)
{
	int rows, cols;

	vt_size(vt, &rows, &cols);
	check_cursor(vt, rows, cols);
	check_reversed(vt, rows, cols);
	for (int row = 0; row < rows; row++) {
		check_row(vt, row, color, ascii);
		for (int col = 0; col < cols; col++)
			check_cell(vt, row, col, color);
	}
}
