/*
 * What a form is made of.  A widget is a struct that starts with `struct
 * tui_widget`; its class is a constant table of functions.  Layout takes two
 * passes: a widget says how many rows it takes at a width, then it is given
 * its rows and draws into them.
 *
 * A handler answers with a set of what must happen next; it never acts on
 * anything beyond its own widget.
 */
#ifndef TUI_WIDGETS_WIDGET_H
#define TUI_WIDGETS_WIDGET_H

#include <stdbool.h>

#include "tui/draw.h"
#include "tui/event.h"

enum tui_reaction {
	TUI_IGNORED = 0,
	TUI_HANDLED = 1 << 0,
	TUI_CHANGED = 1 << 1,	/* its value is another one now */
	TUI_ACTIVATED = 1 << 2, /* do what it stands for */
	TUI_GO_ON = 1 << 3,	/* the focus goes to the next one */
	TUI_LEFT_IT = 1 << 4,	/* the focus went elsewhere (by the form) */
};

struct tui_widget;

struct tui_class {
	/* Rows it takes at that width. */
	int (*height)(const struct tui_widget *widget, int width);
	void (*draw)(const struct tui_widget *widget,
		     const struct tui_area *area, bool focused);
	/* Where the hardware cursor stands in it; NULL: at its corner. */
	void (*cursor)(const struct tui_widget *widget, int width, int *ret_row,
		       int *ret_column);
	unsigned (*handle)(struct tui_widget *widget,
			   const struct tui_event *event);
	void (*done)(struct tui_widget *widget);
	/* It was clicked there, counted from its corner; NULL: a click is no
	 * more than the focus. */
	unsigned (*click)(struct tui_widget *widget, int row, int column);
	/* Focus came to it from before (1) or behind (-1); may be NULL. */
	void (*enter)(struct tui_widget *widget, int direction);
	/* Whether letters are for it now rather than keys; NULL: never. */
	bool (*takes_text)(const struct tui_widget *widget);
	bool focusable;
	bool stretches;	 /* takes the rows that are left */
	bool stands_out; /* its focus is seen without a mark before it */
};

struct tui_widget {
	const struct tui_class *class;
	char *label; /* before the value, or NULL */
	int tag;     /* for whoever made it */
	void *owner; /* the same */
	bool hidden;
	bool rare;    /* Enter in the field before goes past it */
	bool aligned; /* without a label, yet in the column of the values */
	int indent;   /* the same, this far from the left */
	int space;    /* blank rows before it, where there is room */
	int wants;    /* columns its value cannot do without */
	/* What the form decided: */
	bool stacked;	      /* the label has a row of its own */
	int column;	      /* where the value begins */
	int row, rows, width; /* where the form put it */
};

/* The row and column of the value, behind or below the label. */
int tui_value_row(const struct tui_widget *widget);
int tui_value_column(const struct tui_widget *widget);
/* Draws the label. */
void tui_draw_label(const struct tui_widget *widget,
		    const struct tui_area *area);

/* Reads an event by a table of what each kind does. */
struct tui_binding {
	enum tui_kind kind;
	unsigned (*act)(struct tui_widget *widget);
};
unsigned tui_dispatch(const struct tui_binding *bindings, size_t count,
		      struct tui_widget *widget, const struct tui_event *event);

/* Frees a widget and all it owns. */
void tui_widget_free(struct tui_widget *widget);

/* A paragraph, wrapped; `text` is copied. */
struct tui_widget *tui_label_new(enum tui_style style, const char *text);
void tui_label_set(struct tui_widget *label, const char *text);

/*
 * Rows of text, each with a mark before it ("warn") or none: findings below a
 * field, facts, a table.  Rows with a mark are wrapped, those without one are
 * taken as they are and cut.
 */
struct tui_widget *tui_notes_new(void);
void tui_notes_clear(struct tui_widget *notes);
/* `mark` may be NULL or ""; both are copied. */
void tui_notes_add(struct tui_widget *notes, enum tui_style style,
		   const char *mark, const char *text);

/* Columns a mark takes at least: the longest English one is four letters. */
#define TUI_MARK_WIDTH 6

#endif
