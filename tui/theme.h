/*
 * What the styles look like: on terminals of no, 8, 16 or 256 colours, on a
 * light or a dark ground.  The ground itself and the colour of plain text are
 * the operator's own and never set.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdbool.h>

/* The names of the themes, ended by NULL; the first is the usual one. */
extern const char *const tui_theme_names[];

/* Chooses one by name (NULL: the usual one); after newterm().  Without
 * `color` it does with bold and reverse. */
void tui_theme_start(const char *name, bool color);

/* What is drawn while this is on lies behind something else: the focus is not
 * there. */
void tui_theme_behind(bool behind);

#endif
