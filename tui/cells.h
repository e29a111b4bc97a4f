/*
 * A row of a table as one text: what it is called, then its cells.
 */
#ifndef TUI_CELLS_H
#define TUI_CELLS_H

#include "tui/draw.h"

/* With the name of the row. */
#define TUI_CELLS_MAX 16

/* The cells as one text, to be freed. */
char *tui_cells_join(const char *const *cells, int n);
/* Widens the widths to what this row takes. */
void tui_cells_measure(const char *row, int widths[static TUI_CELLS_MAX]);
/* The columns that all of them take. */
int tui_cells_width(const int widths[static TUI_CELLS_MAX]);
/* Draws its name and all of its cells, or the one in `column` (not 0). */
void tui_cells_draw(const struct tui_area *area, int y, enum tui_style style,
		    const char *row, int column,
		    const int widths[static TUI_CELLS_MAX]);

#endif
