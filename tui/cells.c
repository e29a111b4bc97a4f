#include "tui/cells.h"

#include <string.h>

#include "tui/text.h"

/* Between two cells in a row, and in the text. */
#define GAP 2
#define BREAK '\n'

char *tui_cells_join(const char *const *cells, int n)
{
	size_t size = 1;
	char *text, *at;

	for (int i = 0; i < n; i++)
		size += strlen(cells[i]) + 1;
	at = text = tui_alloc(size);
	for (int i = 0; i < n; i++) {
		if (i)
			*at++ = BREAK;
		at = stpcpy(at, cells[i]);
	}
	return text;
}

/* The next cell, to be freed; NULL: that was the last one. */
static char *take(const char **row)
{
	const char *first = *row, *end;

	if (!first)
		return NULL;
	end = strchrnul(first, BREAK);
	*row = *end ? end + 1 : NULL;
	return tui_strndup(first, (size_t)(end - first));
}

void tui_cells_measure(const char *row, int widths[static TUI_CELLS_MAX])
{
	char *cell;

	for (int i = 0; i < TUI_CELLS_MAX && (cell = take(&row)); i++) {
		if (tui_width(cell) > widths[i])
			widths[i] = tui_width(cell);
		free(cell);
	}
}

int tui_cells_width(const int widths[static TUI_CELLS_MAX])
{
	int columns = -GAP;

	for (int i = 0; i < TUI_CELLS_MAX && (!i || widths[i]); i++)
		columns += widths[i] + GAP;
	return columns;
}

void tui_cells_draw(const struct tui_area *area, int y, enum tui_style style,
		    const char *row, int column,
		    const int widths[static TUI_CELLS_MAX])
{
	int x = 0;
	char *cell;

	for (int i = 0; i < TUI_CELLS_MAX && (cell = take(&row)); i++) {
		if (!column || !i || i == column) {
			tui_put(area, y, x, style, cell);
			x += widths[i] + GAP;
		}
		free(cell);
	}
}
