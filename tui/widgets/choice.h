/*
 * A choice of one among several.  Moving over them chooses nothing; Space and
 * Enter do.
 */
#ifndef TUI_WIDGETS_CHOICE_H
#define TUI_WIDGETS_CHOICE_H

#include "tui/widgets/widget.h"

/*
 * "( ) one  (o) other": in a row where there is room for it, else one below
 * the other.  Longer lists than `max_rows` scroll, and '/' narrows them down
 * to what contains the letters typed.
 */
struct tui_widget *tui_choice_new(const char *label, int max_rows);
/* Its few short words stand beside each other also when that takes several
 * rows. */
void tui_choice_set_flowing(struct tui_widget *choice);
/* Only one of them is seen, with its number: Left and Right show the others,
 * a click chooses the next one. */
void tui_choice_set_single(struct tui_widget *choice, bool single);
void tui_choice_add(struct tui_widget *choice, const char *text);
/* Says something else for the one with that index. */
void tui_choice_set_text(struct tui_widget *choice, int i, const char *text);
void tui_choice_clear(struct tui_widget *choice);
/* The index of the chosen one; -1: none. */
int tui_choice_chosen(const struct tui_widget *choice);
void tui_choice_set(struct tui_widget *choice, int chosen);

#endif
