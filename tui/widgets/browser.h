/*
 * Looks for a file: the entries of one directory, and what the one under the
 * cursor is.  Which files are offered and what they are, its owner says.
 *
 * Enter on a directory goes into it, Enter on a file activates the widget;
 * Left and Backspace go to the directory above.
 */
#ifndef TUI_WIDGETS_BROWSER_H
#define TUI_WIDGETS_BROWSER_H

#include "tui/widgets/widget.h"

struct tui_browser_ops {
	/* Whether the file is worth offering; quickly. */
	bool (*offers)(void *context, const char *path);
	/* What it is, in one line to be freed; NULL: not known yet, to be
	 * asked again. Must not make anybody wait. */
	char *(*describe)(void *context, const char *path);
	void *context;
};

/* At least `min_rows` high; `ops` must stay. */
struct tui_widget *tui_browser_new(int min_rows,
				   const struct tui_browser_ops *ops);
/* Shows a directory, or that of a file with the cursor on it.  -1: it cannot
 * be read, and what was shown stays. */
int tui_browser_open(struct tui_widget *browser, const char *path);
/* The path of the file under the cursor, to be freed; NULL: none. */
char *tui_browser_chosen(const struct tui_widget *browser);
/* How many files are offered in the directory. */
int tui_browser_files(const struct tui_widget *browser);
/* To be called when nothing is typed; true: there is more to come, so call it
 * again soon. */
bool tui_browser_look(struct tui_widget *browser);

#endif
