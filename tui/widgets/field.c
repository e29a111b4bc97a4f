#include "tui/widgets/field.h"

#include <string.h>

#include "tui/i18n.h"
#include "tui/text.h"

/* Longer than any path or name there is. */
#define TEXT_MAX 4096
/* A long text wants to be seen at least this far. */
#define VALUE_MIN 22
/* Between the value and what is beside it. */
#define GAP 1

struct field {
	struct tui_widget base;
	char *text;
	size_t length, cap;
	size_t at; /* of the cursor, in bytes */
	bool secret;
	int columns;
	char *placeholder;
	char *beside; /* what it says in other words, or NULL */
	/* of what might be meant, or NULL */
	char *(*source)(const struct tui_widget *field, const char *text,
			int n);
	char *stem; /* what was typed before the first recall */
	int recalled;
};

/* Makes room without leaving copies of a secret behind. */
static void make_room(struct field *field, size_t length)
{
	size_t cap = 2 * (length + 32);
	char *text;

	if (length < field->cap)
		return;
	text = tui_alloc(cap);
	if (field->text) {
		memcpy(text, field->text, field->length + 1);
		explicit_bzero(field->text, field->cap);
		free(field->text);
	}
	field->text = text;
	field->cap = cap;
}

static void insert(struct field *field, const char *bytes, size_t n)
{
	if (field->length + n > TEXT_MAX)
		return;
	make_room(field, field->length + n + 1);
	memmove(field->text + field->at + n, field->text + field->at,
		field->length - field->at + 1);
	memcpy(field->text + field->at, bytes, n);
	field->length += n;
	field->at += n;
}

static unsigned erase(struct field *field, size_t from, size_t to)
{
	if (from == to)
		return TUI_HANDLED;
	memmove(field->text + from, field->text + to, field->length - to + 1);
	field->length -= to - from;
	/* What moved away must not stay behind the end. */
	explicit_bzero(field->text + field->length, to - from);
	field->at = from;
	return TUI_HANDLED | TUI_CHANGED;
}

/* How the text is shown: columns of its first `bytes`. */
static int shown_width(const struct field *field, size_t bytes)
{
	size_t length, at = 0;
	int columns = 0;

	for (; at < bytes; at += length) {
		int width =
			tui_char_width(tui_decode(field->text + at, &length));

		columns += field->secret ? width > 0 : width;
	}
	return columns;
}

static int value_width(const struct tui_widget *widget, int width)
{
	int room = width - tui_value_column(widget);
	int columns = ((const struct field *)widget)->columns;

	return room < columns ? room : columns;
}

/* How many columns are out of sight at the left.  It jumps by a part of the
 * width, so that typing on does not redraw all of it each time. */
static int hidden_columns(const struct field *field, int width)
{
	int cursor = shown_width(field, field->at);
	int jump = width > 4 ? width / 4 : 1;

	if (cursor < width)
		return 0;
	return ((cursor - width) / jump + 1) * jump;
}

static int field_height(const struct tui_widget *widget, int width)
{
	(void)width;
	return tui_value_row(widget) + 1;
}

static void draw_placeholder(const struct field *field,
			     const struct tui_area *area)
{
	if (!field->length && field->placeholder)
		tui_put(area, 0, 0, TUI_PLAIN, field->placeholder);
}

static void draw_value(const struct field *field, const struct tui_area *area)
{
	int skip = hidden_columns(field, area->width);
	int column = -skip;
	size_t length;

	for (size_t at = 0; at < field->length; at += length) {
		int width =
			tui_char_width(tui_decode(field->text + at, &length));

		if (field->secret)
			width = width > 0;
		if (column >= 0 && column + width <= area->width && width)
			tui_put_part(area, 0, column, TUI_PLAIN,
				     field->secret ? "*" : field->text + at,
				     field->secret ? 1 : length);
		column += width;
	}
	if (skip)
		tui_put(area, 0, 0, TUI_LINK, "<");
	if (column > area->width)
		tui_put(area, 0, area->width - 1, TUI_LINK, ">");
	for (column = column > 0 ? column : 0; column < area->width; column++)
		tui_put(area, 0, column, TUI_PLAIN, "_");
}

static void draw_field(const struct tui_widget *widget,
		       const struct tui_area *area, bool focused)
{
	const struct field *field = (const struct field *)widget;
	struct tui_area value = tui_area_at(area, tui_value_row(widget),
					    tui_value_column(widget));

	(void)focused;
	tui_draw_label(widget, area);
	if (field->beside)
		tui_put(&value, 0, field->columns + GAP, TUI_PLAIN,
			field->beside);
	value.width = value_width(widget, area->width);
	draw_value(field, &value);
	draw_placeholder(field, &value);
}

static void field_cursor(const struct tui_widget *widget, int width,
			 int *ret_row, int *ret_column)
{
	const struct field *field = (const struct field *)widget;
	int room = value_width(widget, width);

	*ret_row = tui_value_row(widget);
	*ret_column = tui_value_column(widget) + shown_width(field, field->at) -
		      hidden_columns(field, room);
}

/* Keys */

static size_t word_start(const struct field *field)
{
	size_t at = field->at;

	while (at > 0 && strchr(" /.", field->text[at - 1]))
		at--;
	while (at > 0 && !strchr(" /.", field->text[at - 1]))
		at--;
	return at;
}

static unsigned go_left(struct tui_widget *widget)
{
	struct field *field = (struct field *)widget;

	if (field->at > 0)
		field->at = tui_before(field->text, field->at);
	return TUI_HANDLED;
}

/* Adds what all that might be meant have in common. */
static unsigned complete(struct field *field)
{
	size_t common = 0, length = field->length;
	char *first = field->source(&field->base, field->text, 0), *other;

	if (first)
		common = strlen(first);
	for (int n = 1; first && common > length &&
			(other = field->source(&field->base, field->text, n));
	     n++) {
		size_t same = 0;

		while (same < common && first[same] == other[same])
			same++;
		common = same;
		free(other);
	}
	while (common > length && ((unsigned char)first[common] & 0xc0) == 0x80)
		common--;
	if (common > length)
		insert(field, first + length, common - length);
	free(first);
	return TUI_HANDLED | (field->length > length ? TUI_CHANGED : 0);
}

static unsigned go_right(struct tui_widget *widget)
{
	struct field *field = (struct field *)widget;

	if (field->source && field->length && field->at == field->length)
		return complete(field);
	field->at = tui_behind(field->text, field->at);
	return TUI_HANDLED;
}

static unsigned go_word_left(struct tui_widget *widget)
{
	struct field *field = (struct field *)widget;

	/* Where words begin in a secret is a secret. */
	field->at = field->secret ? 0 : word_start(field);
	return TUI_HANDLED;
}

static unsigned go_word_right(struct tui_widget *widget)
{
	struct field *field = (struct field *)widget;
	size_t at = field->at;

	at += strcspn(field->text + at, " /.");
	at += strspn(field->text + at, " /.");
	field->at = field->secret ? field->length : at;
	return TUI_HANDLED;
}

static unsigned go_home(struct tui_widget *widget)
{
	((struct field *)widget)->at = 0;
	return TUI_HANDLED;
}

static unsigned go_end(struct tui_widget *widget)
{
	struct field *field = (struct field *)widget;

	field->at = field->length;
	return TUI_HANDLED;
}

static unsigned backspace(struct tui_widget *widget)
{
	struct field *field = (struct field *)widget;

	if (!field->at)
		return TUI_HANDLED;
	return erase(field, tui_before(field->text, field->at), field->at);
}

static unsigned delete (struct tui_widget *widget)
{
	struct field *field = (struct field *)widget;

	return erase(field, field->at, tui_behind(field->text, field->at));
}

static unsigned erase_word(struct tui_widget *widget)
{
	struct field *field = (struct field *)widget;

	return erase(field, field->secret ? 0 : word_start(field), field->at);
}

static unsigned erase_line(struct tui_widget *widget)
{
	struct field *field = (struct field *)widget;

	return erase(field, 0, field->at);
}

static unsigned erase_rest(struct tui_widget *widget)
{
	struct field *field = (struct field *)widget;

	return erase(field, field->at, field->length);
}

/* One after the other of what might be meant, and what was typed again. */
static unsigned recall(struct tui_widget *widget)
{
	struct field *field = (struct field *)widget;
	char *text;

	if (!field->source)
		return TUI_HANDLED;
	if (!field->stem)
		field->stem = tui_strdup(field->text);
	text = field->source(widget, field->stem, field->recalled++);
	if (!text)
		field->recalled = 0;
	tui_field_set(widget, text ? text : field->stem);
	free(text);
	return TUI_HANDLED | TUI_CHANGED;
}

static void end_recall(struct field *field)
{
	tui_replace(&field->stem, NULL);
	field->recalled = 0;
}

static unsigned go_on(struct tui_widget *widget)
{
	(void)widget;
	return TUI_HANDLED | TUI_GO_ON;
}

static unsigned type_character(struct field *field, long c)
{
	char bytes[4];

	insert(field, bytes, tui_encode(c, bytes));
	return TUI_HANDLED | TUI_CHANGED;
}

/* A field takes one line: of a paste, its first one that is not empty,
 * without the spaces around it. */
static unsigned paste(struct field *field, const char *text)
{
	size_t blank = strspn(text, "\n ");
	size_t length = strcspn(text + blank, "\n");

	while (length > 0 && text[blank + length - 1] == ' ')
		length--;
	insert(field, text + blank, length);
	return TUI_HANDLED | TUI_CHANGED;
}

static unsigned handle_field(struct tui_widget *widget,
			     const struct tui_event *event)
{
	static const struct tui_binding bindings[] = {
		{TUI_LEFT, go_left},	       {TUI_RIGHT, go_right},
		{TUI_WORD_LEFT, go_word_left}, {TUI_WORD_RIGHT, go_word_right},
		{TUI_HOME, go_home},	       {TUI_END, go_end},
		{TUI_BACKSPACE, backspace},    {TUI_DELETE, delete},
		{TUI_ERASE_WORD, erase_word},  {TUI_ERASE_LINE, erase_line},
		{TUI_ERASE_REST, erase_rest},  {TUI_ENTER, go_on},
		{TUI_RECALL, recall},
	};
	struct field *field = (struct field *)widget;

	if (event->kind != TUI_RECALL)
		end_recall(field);
	if (event->kind == TUI_CHAR)
		return type_character(field, event->character);
	if (event->kind == TUI_PASTE)
		return paste(field, event->text);
	return tui_dispatch(bindings, TUI_LENGTH(bindings), widget, event);
}

/* The cursor goes there. */
static unsigned click_field(struct tui_widget *widget, int row, int column)
{
	struct field *field = (struct field *)widget;
	int room = value_width(widget, widget->width);
	int wanted =
		column - tui_value_column(widget) + hidden_columns(field, room);

	(void)row;
	for (field->at = 0; field->at < field->length &&
			    shown_width(field, field->at) < wanted;)
		field->at = tui_behind(field->text, field->at);
	return TUI_HANDLED;
}

static bool takes_text(const struct tui_widget *widget)
{
	(void)widget;
	return true;
}

static void free_field(struct tui_widget *widget)
{
	struct field *field = (struct field *)widget;

	explicit_bzero(field->text, field->cap);
	free(field->text);
	free(field->placeholder);
	free(field->beside);
	free(field->stem);
}

static const struct tui_class field_class = {
	.height = field_height,
	.draw = draw_field,
	.cursor = field_cursor,
	.handle = handle_field,
	.click = click_field,
	.done = free_field,
	.takes_text = takes_text,
	.focusable = true,
};

struct tui_widget *tui_field_new(const char *label, int columns)
{
	struct field *field = tui_alloc(sizeof(*field));

	field->base.class = &field_class;
	field->base.label = tui_strdup(_(label));
	field->columns = columns;
	field->base.wants = columns < VALUE_MIN ? columns : VALUE_MIN;
	make_room(field, 0);
	return &field->base;
}

struct tui_widget *tui_secret_new(const char *label, int columns)
{
	struct tui_widget *widget = tui_field_new(label, columns);

	((struct field *)widget)->secret = true;
	return widget;
}

const char *tui_field_text(const struct tui_widget *field)
{
	return ((const struct field *)field)->text;
}

void tui_field_set(struct tui_widget *widget, const char *text)
{
	struct field *field = (struct field *)widget;

	if (strcmp(field->text, text) == 0)
		return;
	erase(field, 0, field->length);
	insert(field, text, strlen(text));
}

void tui_field_set_placeholder(struct tui_widget *widget, const char *text)
{
	tui_replace(&((struct field *)widget)->placeholder, _(text));
}

void tui_field_set_beside(struct tui_widget *widget, const char *text)
{
	struct field *field = (struct field *)widget;

	tui_replace(&field->beside, text);
	widget->wants = field->columns < VALUE_MIN ? field->columns : VALUE_MIN;
	if (text)
		widget->wants = field->columns + GAP + tui_width(text);
}

void tui_field_set_source(struct tui_widget *field,
			  char *(*source)(const struct tui_widget *field,
					  const char *text, int n))
{
	((struct field *)field)->source = source;
}
