#include "tui/widgets/paste.h"

#include <string.h>

#include "tui/decode.h"
#include "tui/i18n.h"
#include "tui/text.h"

#define EMPTY N_("[ paste it here ]")
/* Columns it wants to have. */
#define WANTS 22

struct paste {
	struct tui_widget base;
	char *text; /* TUI_PASTE_MAX and a NUL, so that it never moves */
	size_t length;
	char *description;
};

static const char *shown(const struct paste *paste)
{
	if (paste->description)
		return paste->description;
	return paste->length ? "..." : _(EMPTY);
}

static int paste_height(const struct tui_widget *widget, int width)
{
	return tui_value_row(widget) +
	       tui_wrap_count(shown((const struct paste *)widget),
			      width - tui_value_column(widget));
}

static void draw_paste(const struct tui_widget *widget,
		       const struct tui_area *area, bool focused)
{
	struct tui_area value = tui_area_at(area, tui_value_row(widget),
					    tui_value_column(widget));

	(void)focused;
	tui_draw_label(widget, area);
	tui_put_wrapped(&value, 0, 0, TUI_PLAIN,
			shown((const struct paste *)widget));
}

static void paste_cursor(const struct tui_widget *widget, int width,
			 int *ret_row, int *ret_column)
{
	(void)width;
	*ret_row = tui_value_row(widget);
	*ret_column = tui_value_column(widget);
}

void tui_paste_add(struct tui_widget *widget, const char *text)
{
	struct paste *paste = (struct paste *)widget;
	size_t room = TUI_PASTE_MAX - paste->length;
	size_t length = strlen(text);

	/* What comes in several parts is several lines. */
	if (paste->length && room && paste->text[paste->length - 1] != '\n') {
		paste->text[paste->length++] = '\n';
		room--;
	}
	length = length < room ? length : room;
	memcpy(paste->text + paste->length, text, length);
	paste->length += length;
	paste->text[paste->length] = '\0';
}

void tui_paste_clear(struct tui_widget *widget)
{
	struct paste *paste = (struct paste *)widget;

	explicit_bzero(paste->text, paste->length);
	paste->length = 0;
	tui_replace(&paste->description, NULL);
}

static unsigned forget(struct tui_widget *widget)
{
	tui_paste_clear(widget);
	return TUI_HANDLED | TUI_CHANGED;
}

/* Typed or pasted without brackets: none of it is shown, and the ends of
 * lines press nothing. */
static unsigned swallow(struct tui_widget *widget)
{
	(void)widget;
	return TUI_HANDLED;
}

static unsigned handle_paste(struct tui_widget *widget,
			     const struct tui_event *event)
{
	static const struct tui_binding bindings[] = {
		{TUI_BACKSPACE, forget},  {TUI_DELETE, forget},
		{TUI_ERASE_LINE, forget}, {TUI_CHAR, swallow},
		{TUI_ENTER, swallow},
	};

	if (event->kind != TUI_PASTE)
		return tui_dispatch(bindings, TUI_LENGTH(bindings), widget,
				    event);
	tui_paste_add(widget, event->text);
	return TUI_HANDLED | TUI_CHANGED;
}

static bool paste_takes_text(const struct tui_widget *widget)
{
	(void)widget;
	return true;
}

static void free_paste(struct tui_widget *widget)
{
	tui_paste_clear(widget);
	free(((struct paste *)widget)->text);
}

static const struct tui_class paste_class = {
	.height = paste_height,
	.draw = draw_paste,
	.cursor = paste_cursor,
	.handle = handle_paste,
	.done = free_paste,
	.takes_text = paste_takes_text,
	.focusable = true,
};

struct tui_widget *tui_paste_new(const char *label)
{
	struct paste *paste = tui_alloc(sizeof(*paste));

	paste->base.class = &paste_class;
	paste->base.label = tui_strdup(_(label));
	paste->base.wants = WANTS;
	paste->text = tui_alloc(TUI_PASTE_MAX + 1);
	return &paste->base;
}

const char *tui_paste_text(const struct tui_widget *paste)
{
	return ((const struct paste *)paste)->text;
}

void tui_paste_describe(struct tui_widget *widget, const char *text)
{
	tui_replace(&((struct paste *)widget)->description, text);
}
