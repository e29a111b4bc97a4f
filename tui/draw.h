/*
 * Drawing inside a part of the screen.  Rows and columns count from the
 * part's own corner; what falls outside is not drawn, so nobody above the
 * layout needs a coordinate.
 */
#ifndef TUI_DRAW_H
#define TUI_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/terminal.h"

struct tui_area {
	int y, x; /* its corner; y may be above what is visible */
	int width;
	int top, bottom; /* visible lines of the screen: top <= line < bottom */
};

/* The part of `area` that starts at row and column. */
struct tui_area tui_area_at(const struct tui_area *area, int row, int column);

/* Draws the text at row and column, cut with "..." where it does not fit.
 * Returns the column behind it. */
int tui_put(const struct tui_area *area, int row, int column,
	    enum tui_style style, const char *text);
/* The same for the first `length` bytes. */
int tui_put_part(const struct tui_area *area, int row, int column,
		 enum tui_style style, const char *text, size_t length);
/* The same, cut at its beginning: the end of a path says more. */
int tui_put_path(const struct tui_area *area, int row, int column,
		 enum tui_style style, const char *path);
/* Draws text wrapped at the width from `column` on; returns how many rows. */
int tui_put_wrapped(const struct tui_area *area, int row, int column,
		    enum tui_style style, const char *text);
/* Draws a line from border to border. */
void tui_put_rule(const struct tui_area *area, int row);
/* Puts the hardware cursor there; kept inside what is visible. */
void tui_put_cursor(const struct tui_area *area, int row, int column);

#endif
