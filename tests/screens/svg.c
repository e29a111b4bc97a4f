#include "tests/screens/svg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A cell, the letters in it, and the room around all of them: in pixels, the
 * width in tenths. */
enum {
	CELL_TENTHS = 84,
	CELL_HEIGHT = 18,
	BASE_LINE = 13,
	LETTERS = 14,
	MARGIN = 14,
};

/* How a terminal of today shows text that nobody gave a colour. */
#define GROUND "#16181d"
#define TEXT "#d6d9de"

static const char header[] =
	"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
	"role=\"img\">\n<title>%s</title>\n"
	"<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"" GROUND
	"\"/>\n"
	"<g fill=\"" TEXT "\" font-size=\"%d\" "
	"font-family=\"'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', "
	"monospace\">\n";

/* The left edge of a column, without a point where there is none. */
static const char *left_of(int col, char text[16])
{
	int tenths = MARGIN * 10 + col * CELL_TENTHS;

	if (tenths % 10)
		snprintf(text, 16, "%d.%d", tenths / 10, tenths % 10);
	else
		snprintf(text, 16, "%d", tenths / 10);
	return text;
}

static const char *width_of(int cols, char text[16])
{
	snprintf(text, 16, "%d.%d", cols * CELL_TENTHS / 10,
		 cols * CELL_TENTHS % 10);
	return text;
}

static void put_escaped(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '&')
			fputs("&amp;", out);
		else
			fputc(*text, out);
	}
}

static bool looks_alike(const struct vt_cell *a, const struct vt_cell *b)
{
	return a->bold == b->bold && a->reverse == b->reverse &&
	       a->underline == b->underline &&
	       memcmp(&a->color, &b->color, sizeof(a->color)) == 0;
}

static void put_style(const struct vt_cell *cell, FILE *out)
{
	if (cell->bold)
		fputs(" font-weight=\"bold\"", out);
	if (cell->underline)
		fputs(" text-decoration=\"underline\"", out);
	if (cell->reverse)
		fputs(" fill=\"" GROUND "\"", out);
	else if (!cell->color.is_default)
		fprintf(out, " fill=\"#%02x%02x%02x\"", cell->color.red,
			cell->color.green, cell->color.blue);
}

/* Every run is given its width: whatever letters a browser has, columns stay
 * columns. */
static void put_run(const struct vt *vt, int row, int from, int to, FILE *out)
{
	const struct vt_cell first = vt_cell(vt, row, from);
	int top = MARGIN + row * CELL_HEIGHT;
	char x[16], width[16];

	left_of(from, x);
	width_of(to - from, width);
	if (first.reverse)
		fprintf(out,
			"<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\"/>",
			x, top, width, CELL_HEIGHT);
	fprintf(out, "<text x=\"%s\" y=\"%d\" textLength=\"%s\"", x,
		top + BASE_LINE, width);
	put_style(&first, out);
	fputc('>', out);
	for (int col = from; col < to; col++) {
		const struct vt_cell cell = vt_cell(vt, row, col);
		bool at_end = col == from || col == to - 1;

		/* Browsers drop blanks at the ends, other than these. */
		if (at_end && strcmp(cell.text, " ") == 0)
			fputs("&#160;", out);
		else
			put_escaped(cell.text, out);
	}
	fputs("</text>\n", out);
}

static bool is_blank(const struct vt *vt, int row, int col)
{
	const struct vt_cell cell = vt_cell(vt, row, col);

	return strcmp(cell.text, " ") == 0 && !cell.reverse && !cell.underline;
}

/* Where a run of the same look ends; two blanks end it as well. */
static int run_end(const struct vt *vt, int row, int from, int cols)
{
	const struct vt_cell first = vt_cell(vt, row, from);
	int to = from + 1;

	for (; to < cols; to++) {
		const struct vt_cell cell = vt_cell(vt, row, to);

		if (!looks_alike(&first, &cell) ||
		    (is_blank(vt, row, to) &&
		     (to + 1 == cols || is_blank(vt, row, to + 1))))
			break;
	}
	return to;
}

static void put_row(const struct vt *vt, int row, int cols, FILE *out)
{
	int col = 0;

	while (col < cols) {
		int end = col + 1;

		if (!is_blank(vt, row, col)) {
			end = run_end(vt, row, col, cols);
			while (is_blank(vt, row, end - 1))
				end--;
			put_run(vt, row, col, end, out);
		}
		col = end;
	}
}

static void put_cursor(const struct vt *vt, FILE *out)
{
	int row, col;
	char x[16], width[16];

	vt_cursor(vt, &row, &col);
	fprintf(out,
		"<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\" "
		"fill-opacity=\"0.45\"/>\n",
		left_of(col, x), MARGIN + row * CELL_HEIGHT, width_of(1, width),
		CELL_HEIGHT);
}

char *svg_of(const struct vt *vt, const char *title)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int rows, cols;

	vt_size(vt, &rows, &cols);
	fprintf(out, header, 2 * MARGIN + cols * CELL_TENTHS / 10,
		2 * MARGIN + rows * CELL_HEIGHT, title, LETTERS);
	for (int row = 0; row < rows; row++)
		put_row(vt, row, cols, out);
	if (vt_cursor_is_visible(vt))
		put_cursor(vt, out);
	fputs("</g>\n</svg>\n", out);
	fclose(out);
	return text;
}
