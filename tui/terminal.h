/*
 * The terminal while the program draws on it: alternate screen, raw keys, no
 * echo.  There is one per process.  Whatever way the process ends (return,
 * signal, crash, exhausted memory), the terminal is given back as it was.
 *
 * A picture reaches the terminal with one write.  No colour is fixed as
 * background and nothing is said by colour alone.
 */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include <stdbool.h>
#include <termios.h>

/* Below this nothing is shown but the size that is needed. */
#define TUI_MIN_LINES 8
#define TUI_MIN_COLUMNS 30

struct tui_options {
	bool ascii;    /* lines of - and | */
	bool no_color; /* also by NO_COLOR */
	bool no_mouse;
	const char *theme; /* one of tui_theme_names(); NULL: the first */
};

/* What things look like. */
enum tui_style {
	TUI_PLAIN,
	TUI_BOLD,
	TUI_TITLE,
	TUI_FOCUS, /* the focused button */
	TUI_LINK,  /* names of keys, the current step */
	TUI_OK,
	TUI_NOTE,
	TUI_WARN,
	TUI_STOP,
	TUI_ADDED,
	TUI_REMOVED,
	TUI_STYLES,
};

/*
 * Takes the terminal of standard input and output over.  Returns 0, or -1
 * with *ret_problem (to be freed) when it cannot be used: no terminal, TERM
 * unset or unknown, no cursor addressing.  Nothing was written then.
 */
int tui_start(const struct tui_options *options, char **ret_problem);
/* Gives it back; may be called at any time, also when it was not taken. */
void tui_stop(void);
/* The same within a signal handler or when nothing else can be relied on. */
void tui_rescue(void);
/* From now on a process forked off this one may rescue the terminal for it;
 * gives the modes that it had.  False: there is no terminal, or no memory to
 * share. */
bool tui_share_rescue(struct termios *ret_before);
/* Gives the terminal back, stops the process as SIGTSTP does, and takes the
 * terminal over again when it continues. */
void tui_suspend(void);

/* Follows a new size; safe to call when it is the old one. */
void tui_resized(void);
/* Whether the screen is too small to show anything. */
bool tui_too_small(void);
int tui_lines(void);
int tui_columns(void);

bool tui_is_ascii(void);
/* The ncurses attributes of a style (theme.c). */
unsigned tui_attributes(enum tui_style style);

/* Whether the mouse was asked for, so that it may speak. */
bool tui_has_mouse(void);

/* Starts a new picture: empty. */
void tui_clear(void);
/* Shows it; the cursor goes where tui_cursor() said last. */
void tui_show(void);
void tui_cursor(int line, int column);
/* The next tui_show() writes everything anew. */
void tui_repaint(void);

/* Milliseconds an escape key waits for the rest of a sequence. */
int tui_escape_delay(void);
/* Reads and forgets what was typed ahead. */
void tui_drop_typed(void);

#endif
