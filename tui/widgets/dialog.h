/*
 * A question in the middle of the screen, above the picture that stands
 * there: waits until it is answered.
 */
#ifndef TUI_WIDGETS_DIALOG_H
#define TUI_WIDGETS_DIALOG_H

#include <stddef.h>

/* Answered by Esc, or cut off by a signal or a hang-up (the event of which is
 * then the next one of the input). */
#define TUI_NO_ANSWER (-1)

struct tui_answer {
	const char *text; /* of its button */
	int key;
};

struct tui_dialog {
	const char *title;
	const char *text;
	const struct tui_answer *answers; /* the first one has the focus */
	size_t count;
	void (*draw_behind)(void *context); /* the picture below it */
	void *context;
};

/* Returns the key of the answer, or TUI_NO_ANSWER. */
int tui_ask(const struct tui_dialog *dialog);
/* Tells something; any key that closes a dialog closes it. */
void tui_tell(const struct tui_dialog *dialog);

#endif
