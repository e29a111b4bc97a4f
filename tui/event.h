/*
 * What can happen to a program on a terminal: a key, a character, a paste, a
 * new size, a signal, the end of the line.
 */
#ifndef TUI_EVENT_H
#define TUI_EVENT_H

#include <stddef.h>

enum tui_kind {
	TUI_NONE,
	/* Not keys */
	TUI_IDLE,   /* the wait ended */
	TUI_RESIZE, /* the size may have changed; the terminal knows it */
	TUI_SIGNAL, /* `number` asks the program to end */
	TUI_HANGUP, /* nobody is there any more */
	TUI_PASTE,  /* `text`, to be freed by who reads the event */
	/* The mouse: at `row` and `column` of the screen. */
	TUI_CLICK,
	TUI_WHEEL_UP,
	TUI_WHEEL_DOWN,
	/* Keys */
	TUI_CHAR, /* `character` */
	TUI_UP,
	TUI_DOWN,
	TUI_LEFT,
	TUI_RIGHT,
	TUI_WORD_LEFT,
	TUI_WORD_RIGHT,
	TUI_HOME,
	TUI_END,
	TUI_PAGE_UP,
	TUI_PAGE_DOWN,
	TUI_INSERT,
	TUI_DELETE,
	TUI_BACKSPACE,
	TUI_ERASE_WORD,
	TUI_ERASE_LINE, /* to its start */
	TUI_ERASE_REST, /* to its end */
	TUI_TAB,
	TUI_BACKTAB,
	TUI_ENTER,
	TUI_ESCAPE,
	TUI_NEXT,     /* Ctrl-N */
	TUI_PREVIOUS, /* Ctrl-P */
	TUI_REDRAW,   /* Ctrl-L */
	TUI_FIND,     /* Ctrl-F */
	TUI_RECALL,   /* Ctrl-R */
	TUI_QUIT,     /* Ctrl-C */
	TUI_F1,	      /* F2 to F12 follow it */
	TUI_F12 = TUI_F1 + 11,
};

struct tui_event {
	enum tui_kind kind;
	long character;
	int number;
	char *text;
	int row, column;
};

#endif
