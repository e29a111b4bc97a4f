#include "tui/widgets/form.h"

#include "tui/i18n.h"
#include "tui/text.h"
#include "tui/widgets/button.h"

/* The mark of the focus and its distance. */
#define MARGIN 2
/* Below this many rows nothing is spent on blank ones. */
#define ROOMY 14
/* Where values stand that are below their label. */
#define INDENT 2

struct tui_widget *tui_form_add(struct tui_form *form,
				struct tui_widget *widget)
{
	form->items = tui_realloc(form->items, (size_t)form->n + 1,
				  sizeof(*form->items));
	form->items[form->n++] = widget;
	if (form->n == 1)
		form->focus = -1;
	return widget;
}

struct tui_widget *tui_form_set_buttons(struct tui_form *form,
					struct tui_widget *buttons)
{
	tui_widget_free(form->buttons);
	form->buttons = buttons;
	return buttons;
}

void tui_form_done(struct tui_form *form)
{
	for (int i = 0; i < form->n; i++)
		tui_widget_free(form->items[i]);
	free(form->items);
	tui_widget_free(form->buttons);
	*form = (struct tui_form){.focus = -1};
}

/* Focus */

static struct tui_widget *item(const struct tui_form *form, int i)
{
	if (i < 0 || i > form->n)
		return NULL;
	return i < form->n ? form->items[i] : form->buttons;
}

static bool can_focus(const struct tui_form *form, int i)
{
	struct tui_widget *widget = item(form, i);

	return widget && !widget->hidden && widget->class->focusable;
}

struct tui_widget *tui_form_focused(const struct tui_form *form)
{
	return can_focus(form, form->focus) ? item(form, form->focus) : NULL;
}

void tui_form_move_last(struct tui_form *form, struct tui_widget *widget)
{
	const struct tui_widget *focused = tui_form_focused(form);
	int i = 0, last = form->n - 1;

	while (i < last && form->items[i] != widget)
		i++;
	for (; i < last; i++)
		form->items[i] = form->items[i + 1];
	form->items[last] = widget;
	for (i = 0; i < form->n; i++)
		if (form->items[i] == focused)
			form->focus = i;
}

static void set_focus(struct tui_form *form, int i, int direction)
{
	struct tui_widget *widget = item(form, i);

	form->focus = i;
	form->roams = false;
	if (widget->class->enter)
		widget->class->enter(widget, direction);
}

/* The next place that takes the focus; -1: there is none that way. */
static int find_focus(const struct tui_form *form, int from, int direction)
{
	for (int i = from + direction; i >= 0 && i <= form->n; i += direction)
		if (can_focus(form, i))
			return i;
	return -1;
}

void tui_form_focus(struct tui_form *form, struct tui_widget *widget)
{
	int first = find_focus(form, -1, 1);

	for (int i = 0; widget && i <= form->n; i++)
		if (item(form, i) == widget && can_focus(form, i))
			first = i;
	if (first >= 0)
		set_focus(form, first, 1);
}

bool tui_form_takes_text(const struct tui_form *form)
{
	struct tui_widget *widget = tui_form_focused(form);

	return widget && widget->class->takes_text &&
	       widget->class->takes_text(widget);
}

/* Layout */

/* The column most values begin at: behind the longest label that is not too
 * long to stand beside anything. */
static int value_column(const struct tui_form *form, int width)
{
	int column = 0;

	for (int i = 0; i < form->n; i++) {
		const struct tui_widget *widget = form->items[i];
		int label = widget->label && !widget->hidden
				    ? tui_width(widget->label) + 2
				    : 0;

		if (label <= width * 2 / 5 && label > column)
			column = label;
	}
	return column;
}

/* Beside its label in the common column, or close behind a longer label, or
 * below it: as the room allows. */
static void place_value(struct tui_widget *widget, int column, int width)
{
	int label = widget->label ? tui_width(widget->label) + 2 : 0;

	widget->stacked = false;
	widget->column = widget->indent;
	if (!label && !widget->aligned)
		return;
	widget->column = label > column ? label : column;
	if (widget->column + widget->wants <= width)
		return;
	widget->stacked = true;
	widget->column = INDENT;
}

static int measure(struct tui_widget *widget, int column, int width)
{
	place_value(widget, column, width);
	widget->width = width;
	return widget->class->height(widget, width);
}

/* First pass: what each one takes. */
static int measure_all(struct tui_form *form, int width, bool roomy)
{
	int column = value_column(form, width);
	int rows = 0;

	for (int i = 0; i < form->n; i++) {
		struct tui_widget *widget = form->items[i];

		widget->rows = 0;
		if (widget->hidden)
			continue;
		widget->rows = measure(widget, column, width);
		if (widget->rows && roomy && rows)
			rows += widget->space;
		rows += widget->rows;
	}
	return rows;
}

/* Second pass: what each one gets. */
static void place_all(struct tui_form *form, int spare, bool roomy)
{
	int row = 0;

	for (int i = 0; i < form->n; i++) {
		struct tui_widget *widget = form->items[i];

		if (widget->rows && roomy && row)
			row += widget->space;
		if (widget->class->stretches && !widget->hidden && spare > 0) {
			widget->rows += spare;
			spare = 0;
		}
		widget->row = row;
		row += widget->rows;
	}
	form->rows = row;
}

/* The rows that belong to the focus: the widget and what stands below it up
 * to the next one that takes the focus. */
static void focus_rows(const struct tui_form *form, int *ret_first,
		       int *ret_behind)
{
	int next = find_focus(form, form->focus, 1);
	int before = find_focus(form, form->focus, -1);

	/* Above the first one there may be a text nobody could reach. */
	*ret_first = before < 0 ? 0 : form->items[form->focus]->row;
	*ret_behind = next < 0 || next == form->n ? form->rows
						  : form->items[next]->row;
}

static void follow_focus(struct tui_form *form)
{
	struct tui_widget *widget = tui_form_focused(form);
	int first, behind, row = 0, column = 0;

	if (!widget || form->focus == form->n || form->roams)
		return;
	focus_rows(form, &first, &behind);
	if (behind > form->scroll + form->body)
		form->scroll = behind - form->body;
	if (first < form->scroll)
		form->scroll = first;
	if (widget->class->cursor)
		widget->class->cursor(widget, widget->width, &row, &column);
	/* An item may go on in the next row. */
	row += row + 1 < widget->rows;
	row += widget->row;
	if (row >= form->scroll + form->body)
		form->scroll = row - form->body + 1;
}

static void clamp_scroll(struct tui_form *form)
{
	if (form->scroll > form->rows - form->body)
		form->scroll = form->rows - form->body;
	if (form->scroll < 0)
		form->scroll = 0;
}

static void lay_out(struct tui_form *form, int width, int height)
{
	bool roomy = height >= ROOMY;
	int buttons = form->buttons ? measure(form->buttons, 0, width) : 0;
	int rows;

	form->body = height - buttons - (buttons && roomy);
	if (form->body < 1)
		form->body = 1;
	rows = measure_all(form, width, roomy);
	/* What does not fit with blank rows may fit without them. */
	if (roomy && rows > form->body) {
		roomy = false;
		rows = measure_all(form, width, roomy);
	}
	place_all(form, form->body - rows, roomy);
	follow_focus(form);
	clamp_scroll(form);
}

/* Drawing */

static void draw_item(struct tui_form *form, int i, const struct tui_area *area)
{
	struct tui_widget *widget = item(form, i);
	bool focused = tui_form_focused(form) == widget;
	int row = 0, column = 0;

	widget->class->draw(widget, area, focused);
	if (!focused)
		return;
	if (widget->class->cursor)
		widget->class->cursor(widget, area->width, &row, &column);
	tui_put_cursor(area, row, column);
	if (!widget->class->stands_out) {
		struct tui_area margin = tui_area_at(area, row, -MARGIN);

		tui_put(&margin, 0, 0, TUI_PLAIN, ">");
	}
}

/* Beside the buttons: whether there is more above what is seen, and below. */
static void draw_more(const struct tui_form *form,
		      const struct tui_area *buttons)
{
	struct tui_area margin = tui_area_at(buttons, 0, -MARGIN);
	bool above = form->scroll > 0;
	bool below = form->scroll + form->body < form->rows;
	const char *more = _("more");

	if (above)
		tui_put(&margin, 0, 0, TUI_LINK, "^");
	if (below)
		tui_put(&margin, 0, above, TUI_LINK, "v");
	if ((above || below) &&
	    tui_width(more) + MARGIN <=
		    tui_buttons_spare(form->buttons, buttons->width))
		tui_put(&margin, 0, MARGIN + 1, TUI_LINK, more);
}

void tui_form_draw(struct tui_form *form, const struct tui_area *area)
{
	struct tui_area inner = tui_area_at(area, 0, MARGIN);
	struct tui_area body = inner;
	int height = area->bottom - area->top;

	lay_out(form, inner.width, height);
	body.y -= form->scroll;
	body.bottom = body.top + form->body;
	form->drawn = body;
	for (int i = 0; i < form->n; i++) {
		struct tui_area part =
			tui_area_at(&body, form->items[i]->row, 0);

		if (form->items[i]->rows)
			draw_item(form, i, &part);
	}
	if (!form->buttons)
		return;
	inner.y = area->bottom -
		  form->buttons->class->height(form->buttons, inner.width);
	form->drawn_buttons = inner;
	draw_more(form, &inner);
	draw_item(form, form->n, &inner);
}

/* Keys */

static unsigned move_focus(struct tui_form *form, int to, int direction)
{
	if (to < 0)
		return TUI_IGNORED;
	set_focus(form, to, direction);
	return TUI_HANDLED | TUI_LEFT_IT;
}

static unsigned scroll_by(struct tui_form *form, int rows)
{
	form->scroll += rows;
	clamp_scroll(form);
	form->roams = true;
	return TUI_HANDLED;
}

static unsigned go_down(struct tui_form *form)
{
	int next = find_focus(form, form->focus, 1);

	return next < 0 ? scroll_by(form, 1) : move_focus(form, next, 1);
}

static unsigned go_up(struct tui_form *form)
{
	int next = find_focus(form, form->focus, -1);

	return next < 0 ? scroll_by(form, -1) : move_focus(form, next, -1);
}

/* As Enter goes on: past what is rarely asked for. */
static unsigned go_on(struct tui_form *form)
{
	int next = find_focus(form, form->focus, 1);

	while (next >= 0 && item(form, next)->rare)
		next = find_focus(form, next, 1);
	return move_focus(form, next, 1);
}

/* Tab goes round. */
static unsigned go_next(struct tui_form *form)
{
	int next = find_focus(form, form->focus, 1);

	return move_focus(form, next < 0 ? find_focus(form, -1, 1) : next, 1);
}

static unsigned go_back(struct tui_form *form)
{
	int next = find_focus(form, form->focus, -1);

	if (next < 0)
		next = find_focus(form, form->n + 1, -1);
	return move_focus(form, next, -1);
}

static unsigned go_home(struct tui_form *form)
{
	return move_focus(form, find_focus(form, -1, 1), 1);
}

static unsigned go_end(struct tui_form *form)
{
	return move_focus(form, find_focus(form, form->n + 1, -1), -1);
}

static unsigned page_down(struct tui_form *form)
{
	return scroll_by(form, form->body > 1 ? form->body - 1 : 1);
}

static unsigned page_up(struct tui_form *form)
{
	return scroll_by(form, form->body > 1 ? 1 - form->body : -1);
}

/* What scrolls takes the page keys even when something else has the focus. */
static unsigned offer_to_stretching(struct tui_form *form,
				    const struct tui_event *event)
{
	if (event->kind != TUI_PAGE_UP && event->kind != TUI_PAGE_DOWN)
		return TUI_IGNORED;
	for (int i = 0; i < form->n; i++)
		if (form->items[i]->class->stretches && !form->items[i]->hidden)
			return form->items[i]->class->handle(form->items[i],
							     event);
	return TUI_IGNORED;
}

static unsigned move(struct tui_form *form, const struct tui_event *event)
{
	static const struct {
		enum tui_kind kind;
		unsigned (*act)(struct tui_form *form);
	} bindings[] = {
		{TUI_TAB, go_next},	    {TUI_BACKTAB, go_back},
		{TUI_DOWN, go_down},	    {TUI_UP, go_up},
		{TUI_PAGE_DOWN, page_down}, {TUI_PAGE_UP, page_up},
		{TUI_HOME, go_home},	    {TUI_END, go_end},
	};
	unsigned reaction = offer_to_stretching(form, event);

	if (reaction != TUI_IGNORED)
		return reaction;
	for (size_t i = 0; i < TUI_LENGTH(bindings); i++)
		if (bindings[i].kind == event->kind)
			return bindings[i].act(form);
	return TUI_IGNORED;
}

/* The mouse */

#define WHEEL_ROWS 3

/* The item drawn at that line of the screen; -1: none. */
static int item_at(const struct tui_form *form, int line)
{
	int row = line - form->drawn.y;

	if (form->buttons && line >= form->drawn_buttons.y &&
	    line < form->drawn_buttons.bottom)
		return form->n;
	if (line < form->drawn.top || line >= form->drawn.bottom)
		return -1;
	for (int i = 0; i < form->n; i++)
		if (row >= form->items[i]->row &&
		    row < form->items[i]->row + form->items[i]->rows)
			return i;
	return -1;
}

static unsigned click(struct tui_form *form, const struct tui_event *event,
		      struct tui_widget **ret_widget)
{
	int i = item_at(form, event->row);
	const struct tui_area *area =
		i == form->n ? &form->drawn_buttons : &form->drawn;
	struct tui_widget *widget = item(form, i);
	unsigned reaction = TUI_HANDLED;

	if (!can_focus(form, i) || event->column < area->x)
		return TUI_HANDLED;
	*ret_widget = widget;
	if (i != form->focus) {
		form->focus = i;
		reaction |= TUI_LEFT_IT;
	}
	form->roams = false;
	if (widget->class->click)
		reaction |= widget->class->click(
			widget,
			event->row - area->y - (i == form->n ? 0 : widget->row),
			event->column - area->x);
	return reaction;
}

static unsigned turn_wheel(struct tui_form *form, const struct tui_event *event)
{
	bool up = event->kind == TUI_WHEEL_UP;
	const struct tui_event key = {.kind = up ? TUI_UP : TUI_DOWN};

	for (int i = 0; i < form->n; i++) {
		const struct tui_class *class = form->items[i]->class;

		if (!class->stretches || form->items[i]->hidden)
			continue;
		for (int row = 0; row < WHEEL_ROWS; row++)
			class->handle(form->items[i], &key);
		return TUI_HANDLED;
	}
	return scroll_by(form, up ? -WHEEL_ROWS : WHEEL_ROWS);
}

unsigned tui_form_handle(struct tui_form *form, const struct tui_event *event,
			 struct tui_widget **ret_widget)
{
	struct tui_widget *widget = tui_form_focused(form);
	unsigned reaction = TUI_IGNORED;

	*ret_widget = widget;
	if (event->kind == TUI_CLICK)
		return click(form, event, ret_widget);
	if (event->kind == TUI_WHEEL_UP || event->kind == TUI_WHEEL_DOWN)
		return turn_wheel(form, event);
	if (widget)
		reaction = widget->class->handle(widget, event);
	if (reaction == TUI_IGNORED)
		return move(form, event);
	form->roams = false;
	if (reaction & TUI_GO_ON)
		reaction |= go_on(form);
	return reaction;
}

void tui_form_read_letter(const struct tui_form *form, struct tui_event *event)
{
	static const struct {
		char letter;
		enum tui_kind kind;
	} letters[] = {
		{'k', TUI_UP},
		{'j', TUI_DOWN},
		{'q', TUI_F1 + 9},
		{'?', TUI_F1},
	};

	if (event->kind != TUI_CHAR || tui_form_takes_text(form))
		return;
	for (size_t i = 0; i < TUI_LENGTH(letters); i++)
		if (event->character == letters[i].letter)
			event->kind = letters[i].kind;
	if (event->character >= '1' && event->character <= '9')
		event->kind = TUI_F1 + (event->character - '1');
}
