/*
 * Lines of text to read, larger than their place: a diff, a report.  It takes
 * the rows that the rest of its form leaves.
 */
#ifndef TUI_WIDGETS_PAGER_H
#define TUI_WIDGETS_PAGER_H

#include "tui/widgets/widget.h"

/* At least `min_rows` high. */
struct tui_widget *tui_pager_new(int min_rows);
void tui_pager_clear(struct tui_widget *pager);
/* Adds one line, cut where it is too long (left and right move it); tabs
 * become spaces. */
void tui_pager_add(struct tui_widget *pager, enum tui_style style,
		   const char *line);
/* Adds a paragraph that is wrapped, with a mark in that style before it; with
 * the mark "" it takes the whole width, in that style. */
void tui_pager_add_note(struct tui_widget *pager, enum tui_style style,
			const char *mark, const char *text);
/* Adds one row with a mark in that style before it; of a path that is too long
 * the end is seen. */
void tui_pager_add_path(struct tui_widget *pager, enum tui_style style,
			const char *mark, const char *path);
/*
 * Adds a row of a table: its name, then a cell for each column, TUI_CELLS_MAX
 * at most.  Rows that come one after the other are one table: its columns
 * stand beside each other where there is room, else one below the other.
 */
void tui_pager_add_cells(struct tui_widget *pager, enum tui_style style,
			 const char *const *cells, int n);
/* The lines added from now on belong to something that can be chosen with Up
 * and Down; Enter then gives TUI_CHANGED.  0: to nothing. */
void tui_pager_link(struct tui_widget *pager, int link);
/* The lines added from now on can be folded away by Enter on what is linked
 * so, and are at first when `folded`; their number is seen instead.  0: what
 * comes is no part of a fold. */
void tui_pager_fold(struct tui_widget *pager, int link, bool folded);
/* What is chosen; 0: nothing to choose is in sight. */
int tui_pager_chosen(const struct tui_widget *pager);
/* Whether Enter would fold or unfold something now. */
bool tui_pager_folds(const struct tui_widget *pager);
/* Shows the end, also of what is added, until somebody scrolls. */
void tui_pager_end(struct tui_widget *pager);

#endif
