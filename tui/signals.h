/*
 * Signals while the program draws: those that ask for something are noticed
 * in its own time through a pipe, those after which nothing can be relied on
 * give the terminal back first.
 */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

/* Remembers what signals do now, before ncurses changes it. -1: no pipe. */
int tui_signals_prepare(void);
/* From now on they come in through the pipe. */
void tui_signals_catch(void);
/* They do again what they did; one that was taken and ends a program does
 * nothing any more. */
void tui_signals_release(void);

/* Becomes readable at a signal; tui_signal_taken() tells which. */
int tui_signal_fd(void);
/* The next signal that came (SIGWINCH, SIGTSTP, SIGHUP, SIGTERM, SIGINT,
 * SIGQUIT), 0 when there is none. */
int tui_signal_taken(void);

#endif
