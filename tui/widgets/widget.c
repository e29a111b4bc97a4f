#include "tui/widgets/widget.h"

#include <string.h>

#include "tui/i18n.h"
#include "tui/text.h"

int tui_value_row(const struct tui_widget *widget)
{
	return widget->label && widget->stacked ? 1 : 0;
}

int tui_value_column(const struct tui_widget *widget)
{
	return widget->column;
}

void tui_draw_label(const struct tui_widget *widget,
		    const struct tui_area *area)
{
	if (widget->label)
		tui_put(area, 0, 0, TUI_PLAIN, widget->label);
}

unsigned tui_dispatch(const struct tui_binding *bindings, size_t count,
		      struct tui_widget *widget, const struct tui_event *event)
{
	for (size_t i = 0; i < count; i++)
		if (bindings[i].kind == event->kind)
			return bindings[i].act(widget);
	return TUI_IGNORED;
}

void tui_widget_free(struct tui_widget *widget)
{
	if (!widget)
		return;
	if (widget->class->done)
		widget->class->done(widget);
	free(widget->label);
	free(widget);
}

/* Paragraphs */

struct label {
	struct tui_widget base;
	enum tui_style style;
	char *text;
};

static int label_height(const struct tui_widget *widget, int width)
{
	const struct label *label = (const struct label *)widget;

	return tui_wrap_count(label->text, width);
}

static void draw_label(const struct tui_widget *widget,
		       const struct tui_area *area, bool focused)
{
	const struct label *label = (const struct label *)widget;

	(void)focused;
	tui_put_wrapped(area, 0, 0, label->style, label->text);
}

static void free_label(struct tui_widget *widget)
{
	free(((struct label *)widget)->text);
}

static const struct tui_class label_class = {
	.height = label_height,
	.draw = draw_label,
	.done = free_label,
};

struct tui_widget *tui_label_new(enum tui_style style, const char *text)
{
	struct label *label = tui_alloc(sizeof(*label));

	label->base.class = &label_class;
	label->style = style;
	label->text = tui_strdup(_(text));
	return &label->base;
}

void tui_label_set(struct tui_widget *label, const char *text)
{
	tui_replace(&((struct label *)label)->text, _(text));
}

/* Notes */

struct note {
	enum tui_style style;
	char *mark, *text;
};

struct notes {
	struct tui_widget base;
	struct note *items;
	size_t n;
};

/* Where the text begins: behind a mark that other languages may make longer. */
static int text_column(const struct note *note)
{
	int column = tui_width(note->mark) + 2;

	return column > TUI_MARK_WIDTH ? column : TUI_MARK_WIDTH;
}

static int note_height(const struct note *note, int width)
{
	if (!note->mark)
		return 1;
	return tui_wrap_count(note->text, width - text_column(note));
}

static int notes_height(const struct tui_widget *widget, int width)
{
	const struct notes *notes = (const struct notes *)widget;
	int rows = 0;

	for (size_t i = 0; i < notes->n; i++)
		rows += note_height(&notes->items[i], width - widget->column);
	return rows;
}

static int draw_note(const struct note *note, const struct tui_area *area,
		     int row)
{
	if (!note->mark) {
		tui_put(area, row, 0, note->style, note->text);
		return 1;
	}
	tui_put(area, row, 0, note->style, note->mark);
	return tui_put_wrapped(area, row, text_column(note), TUI_PLAIN,
			       note->text);
}

static void draw_notes(const struct tui_widget *widget,
		       const struct tui_area *area, bool focused)
{
	const struct notes *notes = (const struct notes *)widget;
	struct tui_area part = tui_area_at(area, 0, widget->column);
	int row = 0;

	(void)focused;
	for (size_t i = 0; i < notes->n; i++)
		row += draw_note(&notes->items[i], &part, row);
}

void tui_notes_clear(struct tui_widget *widget)
{
	struct notes *notes = (struct notes *)widget;

	for (size_t i = 0; i < notes->n; i++) {
		free(notes->items[i].mark);
		free(notes->items[i].text);
	}
	free(notes->items);
	notes->items = NULL;
	notes->n = 0;
}

static const struct tui_class notes_class = {
	.height = notes_height,
	.draw = draw_notes,
	.done = tui_notes_clear,
};

struct tui_widget *tui_notes_new(void)
{
	struct notes *notes = tui_alloc(sizeof(*notes));

	notes->base.class = &notes_class;
	return &notes->base;
}

void tui_notes_add(struct tui_widget *widget, enum tui_style style,
		   const char *mark, const char *text)
{
	struct notes *notes = (struct notes *)widget;

	notes->items =
		tui_realloc(notes->items, notes->n + 1, sizeof(*notes->items));
	notes->items[notes->n++] = (struct note){
		style,
		mark && *mark ? tui_strdup(mark) : NULL,
		tui_strdup(text),
	};
}
