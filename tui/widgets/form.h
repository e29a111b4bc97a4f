/*
 * A form: widgets below each other, one of them with the focus, and a row of
 * buttons that stays in sight at the bottom.  When it is taller than its
 * place it scrolls, so that the focus and what belongs to it are seen.  The
 * hardware cursor is always on what has the focus.
 */
#ifndef TUI_WIDGETS_FORM_H
#define TUI_WIDGETS_FORM_H

#include "tui/draw.h"
#include "tui/widgets/widget.h"

struct tui_form {
	struct tui_widget **items;
	int n;
	struct tui_widget *buttons; /* or NULL */
	int focus;		    /* index; n: the buttons; -1: nothing */
	int scroll, rows, body;	    /* rows: of all; body: in sight */
	bool roams; /* scrolled by hand: does not follow the focus */
	/* Where they were drawn: lines of the screen. */
	struct tui_area drawn, drawn_buttons;
};

/* Adds it at the end and owns it; returns it. */
struct tui_widget *tui_form_add(struct tui_form *form,
				struct tui_widget *widget);
/* Puts one of them behind all others. */
void tui_form_move_last(struct tui_form *form, struct tui_widget *widget);
/* Sets the row of buttons (and owns it); returns it. */
struct tui_widget *tui_form_set_buttons(struct tui_form *form,
					struct tui_widget *buttons);
/* Frees all widgets; the form is empty then. */
void tui_form_done(struct tui_form *form);

/* Both passes of the layout, and the picture. */
void tui_form_draw(struct tui_form *form, const struct tui_area *area);

/*
 * Gives the event to the widget with the focus, or moves the focus.  Returns
 * the reactions; *ret_widget is the widget they are about: that changed, was
 * activated, or was left.
 */
unsigned tui_form_handle(struct tui_form *form, const struct tui_event *event,
			 struct tui_widget **ret_widget);

/* For terminals that keep the function keys to themselves: where letters are
 * no text, digits are F keys, `q` is F10, `?` is F1, and `j` and `k` are down
 * and up. */
void tui_form_read_letter(const struct tui_form *form, struct tui_event *event);

/* The widget with the focus, or NULL. */
struct tui_widget *tui_form_focused(const struct tui_form *form);
/* Gives it the focus; NULL: the first that takes it. */
void tui_form_focus(struct tui_form *form, struct tui_widget *widget);
/* Whether letters are text now, not keys. */
bool tui_form_takes_text(const struct tui_form *form);

#endif
