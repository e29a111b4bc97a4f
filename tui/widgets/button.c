#include "tui/widgets/button.h"

#include <string.h>

#include "tui/i18n.h"
#include "tui/text.h"

/* Toggle */

#define BOX_WIDTH 4

struct toggle {
	struct tui_widget base;
	char *text;
	bool on;
};

static int toggle_height(const struct tui_widget *widget, int width)
{
	const struct toggle *toggle = (const struct toggle *)widget;

	return tui_wrap_count(toggle->text, width - BOX_WIDTH);
}

static void draw_toggle(const struct tui_widget *widget,
			const struct tui_area *area, bool focused)
{
	const struct toggle *toggle = (const struct toggle *)widget;

	(void)focused;
	tui_put(area, 0, 0, TUI_PLAIN, toggle->on ? "[x]" : "[ ]");
	tui_put_wrapped(area, 0, BOX_WIDTH, TUI_PLAIN, toggle->text);
}

static void toggle_cursor(const struct tui_widget *widget, int width,
			  int *ret_row, int *ret_column)
{
	(void)widget;
	(void)width;
	*ret_row = 0;
	*ret_column = 1;
}

static unsigned handle_toggle(struct tui_widget *widget,
			      const struct tui_event *event)
{
	struct toggle *toggle = (struct toggle *)widget;
	bool space = event->kind == TUI_CHAR && event->character == ' ';

	if (!space && event->kind != TUI_ENTER)
		return TUI_IGNORED;
	toggle->on = !toggle->on;
	return TUI_HANDLED | TUI_CHANGED;
}

static unsigned click_toggle(struct tui_widget *widget, int row, int column)
{
	struct toggle *toggle = (struct toggle *)widget;

	(void)row;
	(void)column;
	toggle->on = !toggle->on;
	return TUI_CHANGED;
}

static void free_toggle(struct tui_widget *widget)
{
	free(((struct toggle *)widget)->text);
}

static const struct tui_class toggle_class = {
	.height = toggle_height,
	.draw = draw_toggle,
	.cursor = toggle_cursor,
	.handle = handle_toggle,
	.click = click_toggle,
	.done = free_toggle,
	.focusable = true,
};

struct tui_widget *tui_toggle_new(const char *label)
{
	struct toggle *toggle = tui_alloc(sizeof(*toggle));

	toggle->base.class = &toggle_class;
	/* Not base.label: that would take part in the column of labels. */
	toggle->text = tui_strdup(_(label));
	return &toggle->base;
}

bool tui_toggle_is_on(const struct tui_widget *toggle)
{
	return ((const struct toggle *)toggle)->on;
}

void tui_toggle_set(struct tui_widget *toggle, bool on)
{
	((struct toggle *)toggle)->on = on;
}

/* Buttons */

#define FRAME_WIDTH 4 /* "[ " and " ]" */

struct buttons {
	struct tui_widget base;
	struct button {
		char *text;
		char *brief; /* where not all fit in one row; or NULL */
		int key;
	} * items;
	int n, at;
	int preferred; /* key of the one that forward keys come to */
	int guarded;   /* key of the one that a click only goes to */
};

/* Whether their whole texts take more than a row. */
static bool is_tight(const struct buttons *buttons, int width)
{
	int columns = -1;

	for (int i = 0; i < buttons->n; i++)
		columns += tui_width(buttons->items[i].text) + FRAME_WIDTH + 1;
	return columns > width;
}

static const char *text_of(const struct buttons *buttons, int width, int i)
{
	const struct button *button = &buttons->items[i];

	return button->brief && is_tight(buttons, width) ? button->brief
							 : button->text;
}

static int button_width(const struct buttons *buttons, int width, int i)
{
	return tui_width(text_of(buttons, width, i)) + FRAME_WIDTH;
}

/* All in one row, `gap` columns between two. */
static int row_width(const struct buttons *buttons, int width, int gap)
{
	int columns = -gap;

	for (int i = 0; i < buttons->n; i++)
		columns += button_width(buttons, width, i) + gap;
	return columns;
}

static int gap_for(const struct buttons *buttons, int width)
{
	return row_width(buttons, width, 2) <= width ? 2 : 1;
}

/* Where button i stands when they flow into `width`. */
static void place(const struct buttons *buttons, int width, int i, int *ret_row,
		  int *ret_column)
{
	int column = 0, gap = gap_for(buttons, width);

	*ret_row = 0;
	for (int k = 0; k < buttons->n; k++) {
		int button = button_width(buttons, width, k);

		if (column > 0 && column + button > width) {
			column = 0;
			++*ret_row;
		}
		if (k == i)
			*ret_column = column;
		if (k == i && i < buttons->n - 1)
			return;
		column += button + gap;
	}
}

/* The same, at the right when one row is enough. */
static void place_right(const struct buttons *buttons, int width, int i,
			int *ret_row, int *ret_column)
{
	int spare = tui_buttons_spare(&buttons->base, width);

	*ret_row = *ret_column = 0;
	place(buttons, width, i, ret_row, ret_column);
	if (spare > 0)
		*ret_column += spare;
}

static int buttons_height(const struct tui_widget *widget, int width)
{
	const struct buttons *buttons = (const struct buttons *)widget;
	int row = 0, column = 0;

	if (buttons->n)
		place(buttons, width, buttons->n - 1, &row, &column);
	return row + 1;
}

static void draw_button(const struct tui_area *area, int row, int column,
			const char *text, enum tui_style style)
{
	char *inside = tui_format(" %s ", text);

	tui_put(area, row, column, TUI_PLAIN, "[");
	column = tui_put(area, row, column + 1, style, inside);
	tui_put(area, row, column, TUI_PLAIN, "]");
	free(inside);
}

static void draw_buttons(const struct tui_widget *widget,
			 const struct tui_area *area, bool focused)
{
	const struct buttons *buttons = (const struct buttons *)widget;

	for (int i = 0; i < buttons->n; i++) {
		int row, column;

		place_right(buttons, area->width, i, &row, &column);
		draw_button(area, row, column, text_of(buttons, area->width, i),
			    focused && i == buttons->at ? TUI_FOCUS
							: TUI_PLAIN);
	}
}

static void buttons_cursor(const struct tui_widget *widget, int width,
			   int *ret_row, int *ret_column)
{
	const struct buttons *buttons = (const struct buttons *)widget;

	place_right(buttons, width, buttons->at, ret_row, ret_column);
	*ret_column += 2;
}

static unsigned go_left(struct tui_widget *widget)
{
	struct buttons *buttons = (struct buttons *)widget;

	if (buttons->at == 0)
		return TUI_IGNORED;
	buttons->at--;
	return TUI_HANDLED;
}

static unsigned go_right(struct tui_widget *widget)
{
	struct buttons *buttons = (struct buttons *)widget;

	if (buttons->at + 1 >= buttons->n)
		return TUI_IGNORED;
	buttons->at++;
	return TUI_HANDLED;
}

static unsigned press(struct tui_widget *widget)
{
	(void)widget;
	return TUI_HANDLED | TUI_ACTIVATED;
}

static unsigned handle_buttons(struct tui_widget *widget,
			       const struct tui_event *event)
{
	static const struct tui_binding bindings[] = {
		{TUI_LEFT, go_left},   {TUI_BACKTAB, go_left},
		{TUI_RIGHT, go_right}, {TUI_TAB, go_right},
		{TUI_ENTER, press},
	};

	if (event->kind == TUI_CHAR && event->character == ' ')
		return press(widget);
	return tui_dispatch(bindings, TUI_LENGTH(bindings), widget, event);
}

/* One that has the focus already is pressed, also when it is guarded. */
static unsigned click_buttons(struct tui_widget *widget, int row, int column)
{
	struct buttons *buttons = (struct buttons *)widget;

	for (int i = 0; i < buttons->n; i++) {
		int width = button_width(buttons, widget->width, i);
		int at_row, at;

		place_right(buttons, widget->width, i, &at_row, &at);
		if (row != at_row || column < at || column >= at + width)
			continue;
		if (buttons->items[i].key == buttons->guarded &&
		    buttons->at != i) {
			buttons->at = i;
			return TUI_HANDLED;
		}
		buttons->at = i;
		return TUI_ACTIVATED;
	}
	return TUI_HANDLED;
}

/* Coming from behind, the last button is nearest. */
static void enter_buttons(struct tui_widget *widget, int direction)
{
	struct buttons *buttons = (struct buttons *)widget;

	buttons->at = direction < 0 && buttons->n ? buttons->n - 1 : 0;
	if (direction > 0)
		tui_buttons_focus(widget, buttons->preferred);
}

static void free_buttons(struct tui_widget *widget)
{
	struct buttons *buttons = (struct buttons *)widget;

	for (int i = 0; i < buttons->n; i++) {
		free(buttons->items[i].text);
		free(buttons->items[i].brief);
	}
	free(buttons->items);
}

static const struct tui_class buttons_class = {
	.height = buttons_height,
	.draw = draw_buttons,
	.cursor = buttons_cursor,
	.handle = handle_buttons,
	.click = click_buttons,
	.done = free_buttons,
	.enter = enter_buttons,
	.focusable = true,
	.stands_out = true,
};

struct tui_widget *tui_buttons_new(void)
{
	struct buttons *buttons = tui_alloc(sizeof(*buttons));

	buttons->base.class = &buttons_class;
	return &buttons->base;
}

void tui_buttons_add(struct tui_widget *widget, const char *text, int key)
{
	struct buttons *buttons = (struct buttons *)widget;

	buttons->items = tui_realloc(buttons->items, (size_t)buttons->n + 1,
				     sizeof(*buttons->items));
	buttons->items[buttons->n++] =
		(struct button){tui_strdup(_(text)), NULL, key};
}

void tui_buttons_abbreviate(struct tui_widget *widget, int key,
			    const char *brief)
{
	struct buttons *buttons = (struct buttons *)widget;

	for (int i = 0; i < buttons->n; i++)
		if (buttons->items[i].key == key)
			tui_replace(&buttons->items[i].brief, _(brief));
}

int tui_buttons_spare(const struct tui_widget *widget, int width)
{
	const struct buttons *buttons = (const struct buttons *)widget;
	int row = row_width(buttons, width, gap_for(buttons, width));

	return row < width ? width - row : 0;
}

int tui_buttons_chosen(const struct tui_widget *widget)
{
	const struct buttons *buttons = (const struct buttons *)widget;

	return buttons->items[buttons->at].key;
}

void tui_buttons_focus(struct tui_widget *widget, int key)
{
	struct buttons *buttons = (struct buttons *)widget;

	for (int i = 0; i < buttons->n; i++)
		if (buttons->items[i].key == key)
			buttons->at = i;
}

void tui_buttons_prefer(struct tui_widget *widget, int key)
{
	((struct buttons *)widget)->preferred = key;
	tui_buttons_focus(widget, key);
}

void tui_buttons_guard(struct tui_widget *widget, int key)
{
	((struct buttons *)widget)->guarded = key;
}
