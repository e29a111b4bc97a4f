/*
 * A place to paste text of many lines into.  What was pasted is never shown:
 * whoever owns the widget says in a few words what it is.  It is held in
 * memory that is wiped.
 */
#ifndef TUI_PASTE_FIELD_H
#define TUI_PASTE_FIELD_H

#include "tui/widgets/widget.h"

struct tui_widget *tui_paste_new(const char *label);

/* All that was pasted, "" when nothing; valid until it changes. */
const char *tui_paste_text(const struct tui_widget *paste);
/* Adds text behind what is there; what is more than TUI_PASTE_MAX is left
 * out. */
void tui_paste_add(struct tui_widget *paste, const char *text);
void tui_paste_clear(struct tui_widget *paste);
/* What is shown in place of the text; NULL: how to paste. */
void tui_paste_describe(struct tui_widget *paste, const char *text);

#endif
