/*
 * Things to press with Space or Enter: a toggle, a row of buttons.
 */
#ifndef TUI_WIDGETS_BUTTON_H
#define TUI_WIDGETS_BUTTON_H

#include "tui/widgets/widget.h"

/* "[x] label" */
struct tui_widget *tui_toggle_new(const char *label);
bool tui_toggle_is_on(const struct tui_widget *toggle);
void tui_toggle_set(struct tui_widget *toggle, bool on);

/* "[ Back ]  [ Apply ]", at the right. `key` is what tui_buttons_chosen()
 * gives when the button was activated. */
struct tui_widget *tui_buttons_new(void);
void tui_buttons_add(struct tui_widget *buttons, const char *text, int key);
/* Says this instead on the one with that key where not all fit in one row. */
void tui_buttons_abbreviate(struct tui_widget *buttons, int key,
			    const char *brief);
/* The columns before the first one when all are in one row; else 0. */
int tui_buttons_spare(const struct tui_widget *buttons, int width);
/* The key of the button with the focus. */
int tui_buttons_chosen(const struct tui_widget *buttons);
/* The button that the focus comes to from above; without it the first. */
void tui_buttons_prefer(struct tui_widget *buttons, int key);
/* Puts the focus within the row on that button. */
void tui_buttons_focus(struct tui_widget *buttons, int key);
/* The one with that key is not pressed by the first click on it: that only
 * gives it the focus. */
void tui_buttons_guard(struct tui_widget *buttons, int key);

#endif
