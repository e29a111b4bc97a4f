/*
 * The picture around a form: a title, the steps with their marks, a line for
 * messages, a line that names the keys that work now.  Wide screens show the
 * steps in a column, narrow ones the present step in the title; a picture
 * without steps has the whole width.
 */
#ifndef TUI_FRAME_H
#define TUI_FRAME_H

#include "tui/draw.h"

struct tui_step {
	const char *title;
	const char *mark;     /* "ok" "stop" ... or "" */
	enum tui_style style; /* of the mark */
};

struct tui_frame {
	const char *program; /* "https-setup" */
	const char *subject; /* what it is about, at the right; or NULL */
	const struct tui_step *steps;
	int count, current;
	const char *message;  /* one line, or NULL */
	const char *mark;     /* before it, or NULL */
	enum tui_style style; /* of the mark */
	const char *keys;
};

/* Clears the screen, draws the frame, and says where the form goes. On a
 * screen that is too small it says so and returns -1. */
int tui_frame_draw(const struct tui_frame *frame, struct tui_area *ret_body);

#endif
