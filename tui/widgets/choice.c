#include "tui/widgets/choice.h"

#include <string.h>
#include <strings.h>

#include "tui/i18n.h"
#include "tui/text.h"

#define FILTER_MAX 40
/* "(o) " and what stands between two in a row. */
#define MARK_WIDTH 4
#define GAP 2

struct choice {
	struct tui_widget base;
	char **items;
	int n, chosen;
	int at;	 /* the one the cursor is on */
	int top; /* the first one that is shown, of those that match */
	int max_rows;
	bool flows;  /* beside each other, in as many rows as that takes */
	bool single; /* only the one that the cursor is on is shown */
	bool filtering;
	char filter[FILTER_MAX + 1];
};

static bool matches(const struct choice *choice, int i)
{
	return !choice->filter[0] ||
	       strcasestr(choice->items[i], choice->filter);
}

static int count_matches(const struct choice *choice, int before)
{
	int count = 0;

	for (int i = 0; i < before; i++)
		count += matches(choice, i);
	return count;
}

/* Whether all of them fit beside each other. */
static bool is_flat(const struct choice *choice, int width)
{
	int room = width - tui_value_column(&choice->base);
	int columns = -GAP;

	if (choice->single)
		return true;
	if (choice->n > 5 || choice->filtering || choice->filter[0])
		return false;
	for (int i = 0; i < choice->n; i++) {
		int item = MARK_WIDTH + tui_width(choice->items[i]);

		/* One that is wider needs rows of its own. */
		if (item > room)
			return false;
		columns += item + GAP;
	}
	return choice->flows || columns <= room;
}

/* Where item i stands when they are beside each other, from the value's
 * corner. */
static void place(const struct choice *choice, int width, int i, int *ret_row,
		  int *ret_column)
{
	int room = width - tui_value_column(&choice->base);
	int column = 0;

	*ret_row = *ret_column = 0;
	if (choice->single)
		return;
	for (int k = 0; k <= i && k < choice->n; k++) {
		int item = MARK_WIDTH + tui_width(choice->items[k]);

		if (column && column + item > room) {
			column = 0;
			++*ret_row;
		}
		*ret_column = column;
		column += item + GAP;
	}
}

/* The columns an item has when each stands on rows of its own. */
static int item_width(const struct choice *choice, int width)
{
	return width - tui_value_column(&choice->base) - MARK_WIDTH;
}

/* One more item takes no more room than the row that says there is one. */
static int most_shown(const struct choice *choice)
{
	return choice->n == choice->max_rows + 1 ? choice->n : choice->max_rows;
}

/* How many items are shown at once. */
static int shown_items(const struct choice *choice)
{
	int n = count_matches(choice, choice->n);

	return n < most_shown(choice) ? n : most_shown(choice);
}

/* The rows of the matching items from the first shown one up to `end` (an
 * item, or n), and no more than are shown at once. */
static int rows_up_to(const struct choice *choice, int width, int end)
{
	int index = 0, rows = 0;

	for (int i = 0; i < end; i++) {
		if (!matches(choice, i))
			continue;
		if (index >= choice->top &&
		    index < choice->top + most_shown(choice))
			rows += tui_wrap_count(choice->items[i],
					       item_width(choice, width));
		index++;
	}
	return rows;
}

static bool has_more(const struct choice *choice)
{
	return choice->n > most_shown(choice) && !choice->single;
}

static int choice_height(const struct tui_widget *widget, int width)
{
	const struct choice *choice = (const struct choice *)widget;
	int row, column;

	if (is_flat(choice, width)) {
		place(choice, width, choice->n - 1, &row, &column);
		return tui_value_row(widget) + row + 1;
	}
	/* A list that scrolls has a last row that says so. */
	return tui_value_row(widget) + rows_up_to(choice, width, choice->n) +
	       has_more(choice);
}

static int draw_item(const struct choice *choice, const struct tui_area *area,
		     int row, int column, int i)
{
	tui_put(area, row, column, TUI_PLAIN,
		i == choice->chosen ? "(o)" : "( )");
	return tui_put_wrapped(area, row, column + MARK_WIDTH, TUI_PLAIN,
			       choice->items[i]);
}

/* "(o) generic  1 of 6" */
static void draw_single(const struct choice *choice,
			const struct tui_area *area)
{
	char *text;

	if (!choice->n)
		return;
	text = tui_format(_("%s  %d of %d"), choice->items[choice->at],
			  choice->at + 1, choice->n);
	tui_put(area, 0, 0, TUI_PLAIN,
		choice->at == choice->chosen ? "(o)" : "( )");
	tui_put(area, 0, MARK_WIDTH, TUI_PLAIN, text);
	free(text);
}

static void draw_flat(const struct choice *choice, const struct tui_area *area)
{
	int width = area->width + tui_value_column(&choice->base);
	int row, column;

	for (int i = 0; i < choice->n; i++) {
		place(choice, width, i, &row, &column);
		draw_item(choice, area, row, column, i);
	}
}

static void draw_list(const struct choice *choice, const struct tui_area *area)
{
	int left = shown_items(choice), index = 0, row = 0;
	char *more;

	for (int i = 0; i < choice->n && left; i++) {
		if (!matches(choice, i) || index++ < choice->top)
			continue;
		row += draw_item(choice, area, row, 0, i);
		left--;
	}
	if (!has_more(choice))
		return;
	more = tui_format(_("%d of %d   / %s%s"),
			  count_matches(choice, choice->n), choice->n,
			  choice->filter[0] ? choice->filter : _("narrow down"),
			  choice->filtering ? "_" : "");
	tui_put(area, row, MARK_WIDTH, TUI_PLAIN, more);
	free(more);
}

static void draw_choice(const struct tui_widget *widget,
			const struct tui_area *area, bool focused)
{
	const struct choice *choice = (const struct choice *)widget;
	struct tui_area value = tui_area_at(area, tui_value_row(widget),
					    tui_value_column(widget));

	(void)focused;
	tui_draw_label(widget, area);
	if (choice->single)
		draw_single(choice, &value);
	else if (is_flat(choice, area->width))
		draw_flat(choice, &value);
	else
		draw_list(choice, &value);
}

static void choice_cursor(const struct tui_widget *widget, int width,
			  int *ret_row, int *ret_column)
{
	const struct choice *choice = (const struct choice *)widget;
	int row, column;

	*ret_row = tui_value_row(widget);
	*ret_column = tui_value_column(widget) + 1;
	if (!is_flat(choice, width)) {
		*ret_row += rows_up_to(choice, width, choice->at);
		return;
	}
	place(choice, width, choice->at, &row, &column);
	*ret_row += row;
	*ret_column += column;
}

/* Keeps the cursor on an item that is there, and that in sight. */
static void settle(struct choice *choice)
{
	int index;

	for (int i = 0; i < choice->n; i++)
		if (!matches(choice, choice->at))
			choice->at = (choice->at + 1) % choice->n;
	index = count_matches(choice, choice->at);
	if (index < choice->top)
		choice->top = index;
	if (index >= choice->top + most_shown(choice))
		choice->top = index - most_shown(choice) + 1;
}

/* Moves over `steps` matching items; false: there is none that way. */
static bool move(struct choice *choice, int steps)
{
	int direction = steps < 0 ? -1 : 1;
	bool moved = false;

	for (int i = choice->at + direction; i >= 0 && i < choice->n && steps;
	     i += direction) {
		if (!matches(choice, i))
			continue;
		choice->at = i;
		steps -= direction;
		moved = true;
	}
	settle(choice);
	return moved;
}

static unsigned move_beside(struct tui_widget *widget, int steps)
{
	struct choice *choice = (struct choice *)widget;

	move(choice, steps);
	return TUI_HANDLED;
}

/* In a row of choices, up and down leave it; in a list, its ends do. */
static unsigned move_along(struct tui_widget *widget, int steps)
{
	struct choice *choice = (struct choice *)widget;

	if (is_flat(choice, widget->width))
		return TUI_IGNORED;
	return move(choice, steps) ? TUI_HANDLED : TUI_IGNORED;
}

static unsigned go_left(struct tui_widget *widget)
{
	return move_beside(widget, -1);
}

static unsigned go_right(struct tui_widget *widget)
{
	return move_beside(widget, 1);
}

static unsigned go_up(struct tui_widget *widget)
{
	return move_along(widget, -1);
}

static unsigned go_down(struct tui_widget *widget)
{
	return move_along(widget, 1);
}

static unsigned go_page_up(struct tui_widget *widget)
{
	return move_along(widget, -((struct choice *)widget)->max_rows);
}

static unsigned go_page_down(struct tui_widget *widget)
{
	return move_along(widget, ((struct choice *)widget)->max_rows);
}

static unsigned go_home(struct tui_widget *widget)
{
	return move_beside(widget, -((struct choice *)widget)->n);
}

static unsigned go_end(struct tui_widget *widget)
{
	return move_beside(widget, ((struct choice *)widget)->n);
}

static unsigned choose(struct tui_widget *widget)
{
	struct choice *choice = (struct choice *)widget;

	choice->filtering = false;
	if (!choice->n || !matches(choice, choice->at))
		return TUI_HANDLED;
	choice->chosen = choice->at;
	return TUI_HANDLED | TUI_CHANGED;
}

/* On what is chosen already, Enter goes on. */
static unsigned choose_or_go_on(struct tui_widget *widget)
{
	struct choice *choice = (struct choice *)widget;

	if (!choice->filtering && choice->n && choice->chosen == choice->at)
		return TUI_HANDLED | TUI_GO_ON;
	return choose(widget);
}

static unsigned shorten_filter(struct tui_widget *widget)
{
	struct choice *choice = (struct choice *)widget;
	size_t length = strlen(choice->filter);

	if (!choice->filtering)
		return TUI_IGNORED;
	if (length)
		choice->filter[tui_before(choice->filter, length)] = '\0';
	settle(choice);
	return TUI_HANDLED;
}

static unsigned end_filter(struct tui_widget *widget)
{
	struct choice *choice = (struct choice *)widget;

	if (!choice->filtering && !choice->filter[0])
		return TUI_IGNORED;
	choice->filtering = false;
	choice->filter[0] = '\0';
	choice->top = 0;
	settle(choice);
	return TUI_HANDLED;
}

static unsigned filter_by(struct choice *choice, long c)
{
	char bytes[5] = "";
	size_t length = tui_encode(c, bytes);

	if (strlen(choice->filter) + length <= FILTER_MAX)
		strncat(choice->filter, bytes, length);
	choice->top = 0;
	settle(choice);
	return TUI_HANDLED;
}

static unsigned handle_choice(struct tui_widget *widget,
			      const struct tui_event *event)
{
	static const struct tui_binding bindings[] = {
		{TUI_LEFT, go_left},
		{TUI_RIGHT, go_right},
		{TUI_UP, go_up},
		{TUI_DOWN, go_down},
		{TUI_PAGE_UP, go_page_up},
		{TUI_PAGE_DOWN, go_page_down},
		{TUI_HOME, go_home},
		{TUI_END, go_end},
		{TUI_ENTER, choose_or_go_on},
		{TUI_BACKSPACE, shorten_filter},
		{TUI_ESCAPE, end_filter},
	};
	struct choice *choice = (struct choice *)widget;

	if (event->kind != TUI_CHAR)
		return tui_dispatch(bindings, TUI_LENGTH(bindings), widget,
				    event);
	if (choice->filtering)
		return filter_by(choice, event->character);
	if (event->character == ' ')
		return choose(widget);
	if (event->character != '/' || !has_more(choice))
		return TUI_IGNORED;
	choice->filtering = true;
	return TUI_HANDLED;
}

static unsigned choose_at(struct choice *choice, int i)
{
	choice->at = i;
	return choose(&choice->base);
}

static unsigned click_choice(struct tui_widget *widget, int row, int column)
{
	struct choice *choice = (struct choice *)widget;
	int top = tui_value_row(widget), left = tui_value_column(widget);
	int index = 0;

	if (choice->single && choice->n)
		return choose_at(choice, (choice->at + 1) % choice->n);
	for (int i = 0; i < choice->n; i++) {
		int at_row, at;

		if (!matches(choice, i))
			continue;
		if (is_flat(choice, widget->width)) {
			place(choice, widget->width, i, &at_row, &at);
			if (row == top + at_row && column >= left + at &&
			    column < left + at + MARK_WIDTH +
					     tui_width(choice->items[i]))
				return choose_at(choice, i);
			continue;
		}
		at_row = rows_up_to(choice, widget->width, i);
		at = rows_up_to(choice, widget->width, i + 1);
		if (index++ >= choice->top && row - top >= at_row &&
		    row - top < at)
			return choose_at(choice, i);
	}
	return TUI_HANDLED;
}

static bool choice_takes_text(const struct tui_widget *widget)
{
	return ((const struct choice *)widget)->filtering;
}

/* Coming in, the cursor is on what is chosen. */
static void enter_choice(struct tui_widget *widget, int direction)
{
	struct choice *choice = (struct choice *)widget;

	(void)direction;
	if (choice->chosen >= 0)
		choice->at = choice->chosen;
	settle(choice);
}

void tui_choice_set_text(struct tui_widget *widget, int i, const char *text)
{
	struct choice *choice = (struct choice *)widget;

	if (i < choice->n)
		tui_replace(&choice->items[i], text);
}

void tui_choice_clear(struct tui_widget *widget)
{
	struct choice *choice = (struct choice *)widget;

	for (int i = 0; i < choice->n; i++)
		free(choice->items[i]);
	free(choice->items);
	choice->items = NULL;
	choice->n = choice->at = choice->top = 0;
	widget->wants = 0;
	choice->chosen = -1;
	choice->filter[0] = '\0';
	choice->filtering = false;
}

static const struct tui_class choice_class = {
	.height = choice_height,
	.draw = draw_choice,
	.cursor = choice_cursor,
	.handle = handle_choice,
	.click = click_choice,
	.done = tui_choice_clear,
	.enter = enter_choice,
	.takes_text = choice_takes_text,
	.focusable = true,
};

struct tui_widget *tui_choice_new(const char *label, int max_rows)
{
	struct choice *choice = tui_alloc(sizeof(*choice));

	choice->base.class = &choice_class;
	choice->base.label = tui_strdup(_(label));
	choice->max_rows = max_rows;
	choice->chosen = -1;
	return &choice->base;
}

void tui_choice_set_flowing(struct tui_widget *widget)
{
	((struct choice *)widget)->flows = true;
}

void tui_choice_set_single(struct tui_widget *widget, bool single)
{
	((struct choice *)widget)->single = single;
}

void tui_choice_add(struct tui_widget *widget, const char *text)
{
	struct choice *choice = (struct choice *)widget;

	choice->items = tui_realloc(choice->items, (size_t)choice->n + 1,
				    sizeof(*choice->items));
	choice->items[choice->n++] = tui_strdup(text);
	if (widget->wants < tui_width(text) + MARK_WIDTH)
		widget->wants = tui_width(text) + MARK_WIDTH;
}

int tui_choice_chosen(const struct tui_widget *choice)
{
	return ((const struct choice *)choice)->chosen;
}

void tui_choice_set(struct tui_widget *widget, int chosen)
{
	struct choice *choice = (struct choice *)widget;

	if (choice->chosen == chosen)
		return;
	choice->chosen = chosen;
	if (chosen >= 0)
		choice->at = chosen;
	settle(choice);
}
