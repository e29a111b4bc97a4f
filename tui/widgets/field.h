/*
 * A line to type in.  The text scrolls sideways when it is longer than its
 * place.  A secret is held in memory that is wiped, and shown as stars: its
 * characters never reach a window.
 */
#ifndef TUI_WIDGETS_FIELD_H
#define TUI_WIDGETS_FIELD_H

#include "tui/widgets/widget.h"

/* At most `columns` wide on the screen; the text may be longer. */
struct tui_widget *tui_field_new(const char *label, int columns);
struct tui_widget *tui_secret_new(const char *label, int columns);

/* Valid until it changes. */
const char *tui_field_text(const struct tui_widget *field);
/* Sets the text, the cursor behind it. */
void tui_field_set(struct tui_widget *field, const char *text);
/* Shown while the text is empty: "from the certificate", or NULL. */
void tui_field_set_placeholder(struct tui_widget *field, const char *text);
/* Shown behind it: the same in other words, such as "1 year"; or NULL. */
void tui_field_set_beside(struct tui_widget *field, const char *text);
/*
 * What might be meant by `text`, which it begins with: the n-th, to be freed,
 * or NULL.  The key Right at the end of the text adds what all of them have in
 * common; Ctrl-R shows one after the other.
 */
void tui_field_set_source(struct tui_widget *field,
			  char *(*source)(const struct tui_widget *field,
					  const char *text, int n));

#endif
