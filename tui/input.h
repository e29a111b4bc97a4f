/*
 * Where events come from.  It waits in poll() and nowhere else: for the
 * terminal, for signals, for the time given.
 */
#ifndef TUI_INPUT_H
#define TUI_INPUT_H

#include "tui/event.h"

/* Learns the keys of this terminal from its description; after tui_start(). */
void tui_input_start(void);

/*
 * Waits for the next event, at most `timeout_ms` (-1: for ever); TUI_IDLE when
 * none came.  A new size is taken over before TUI_RESIZE is given, and a stop
 * (SIGTSTP) is carried out here.  `ret_event->text` is freed by the caller.
 */
void tui_input_next(struct tui_event *ret_event, int timeout_ms);

/* Gives an event back: the next tui_input_next() returns it, or the one given
 * back before it.  Its text is owned from then on. */
void tui_input_return(const struct tui_event *event);

/* Forgets whatever was typed and not yet read, or was given back. */
void tui_input_forget(void);
void tui_input_stop(void);

#endif
