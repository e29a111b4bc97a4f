#include "tui/pager.h"

#include <string.h>

#include "tui/text.h"

/* How far left and right go. */
#define SIDE_STEP 8

struct pager {
	struct tui_widget base;
	struct line {
		enum tui_style style;
		char *text;
		int width;
	} * lines;
	int n;
	int top, left;
	int widest;
	int min_rows;
};

static int pager_height(const struct tui_widget *widget, int width)
{
	(void)width;
	return ((const struct pager *)widget)->min_rows;
}

/* Rows for text: the last one tells the place when not all is seen. */
static int text_rows(const struct pager *pager)
{
	int rows = pager->base.rows;

	return pager->n > rows && rows > 1 ? rows - 1 : rows;
}

static void clamp(struct pager *pager)
{
	int last = pager->n - text_rows(pager);

	if (pager->top > last)
		pager->top = last;
	if (pager->top < 0)
		pager->top = 0;
}

static void draw_line(const struct pager *pager, const struct tui_area *area,
		      int row, const struct line *line)
{
	size_t hidden = tui_fit(line->text, pager->left);

	tui_put(area, row, 0, line->style, line->text + hidden);
}

static void draw_pager(const struct tui_widget *widget,
		       const struct tui_area *area, bool focused)
{
	const struct pager *pager = (const struct pager *)widget;
	int rows = text_rows(pager), last = pager->top + rows;
	char *place;

	(void)focused;
	if (last > pager->n)
		last = pager->n;
	for (int i = pager->top; i < last; i++)
		draw_line(pager, area, i - pager->top, &pager->lines[i]);
	if (pager->n <= rows)
		return;
	place = tui_format("-- lines %d to %d of %d --", pager->top + 1, last,
			   pager->n);
	tui_put(area, rows, 0, TUI_LINK, place);
	free(place);
}

static unsigned scroll_by(struct pager *pager, int lines)
{
	int before = pager->top;

	pager->top += lines;
	clamp(pager);
	return pager->top == before ? TUI_IGNORED : TUI_HANDLED;
}

static unsigned go_up(struct tui_widget *widget)
{
	return scroll_by((struct pager *)widget, -1);
}

static unsigned go_down(struct tui_widget *widget)
{
	return scroll_by((struct pager *)widget, 1);
}

static unsigned page_up(struct tui_widget *widget)
{
	struct pager *pager = (struct pager *)widget;

	scroll_by(pager, -text_rows(pager));
	return TUI_HANDLED;
}

static unsigned page_down(struct tui_widget *widget)
{
	struct pager *pager = (struct pager *)widget;

	scroll_by(pager, text_rows(pager));
	return TUI_HANDLED;
}

static unsigned go_home(struct tui_widget *widget)
{
	struct pager *pager = (struct pager *)widget;

	pager->left = 0;
	scroll_by(pager, -pager->n);
	return TUI_HANDLED;
}

static unsigned go_end(struct tui_widget *widget)
{
	struct pager *pager = (struct pager *)widget;

	scroll_by(pager, pager->n);
	return TUI_HANDLED;
}

static unsigned go_left(struct tui_widget *widget)
{
	struct pager *pager = (struct pager *)widget;

	pager->left -= pager->left < SIDE_STEP ? pager->left : SIDE_STEP;
	return TUI_HANDLED;
}

static unsigned go_right(struct tui_widget *widget)
{
	struct pager *pager = (struct pager *)widget;

	if (pager->widest - pager->left > widget->width)
		pager->left += SIDE_STEP;
	return TUI_HANDLED;
}

static unsigned handle_pager(struct tui_widget *widget,
			     const struct tui_event *event)
{
	static const struct tui_binding bindings[] = {
		{TUI_UP, go_up},	{TUI_DOWN, go_down},
		{TUI_PAGE_UP, page_up}, {TUI_PAGE_DOWN, page_down},
		{TUI_HOME, go_home},	{TUI_END, go_end},
		{TUI_LEFT, go_left},	{TUI_RIGHT, go_right},
	};

	if (event->kind == TUI_CHAR && event->character == ' ')
		return page_down(widget);
	return tui_dispatch(bindings, TUI_LENGTH(bindings), widget, event);
}

void tui_pager_clear(struct tui_widget *widget)
{
	struct pager *pager = (struct pager *)widget;

	for (int i = 0; i < pager->n; i++)
		free(pager->lines[i].text);
	free(pager->lines);
	pager->lines = NULL;
	pager->n = pager->top = pager->left = pager->widest = 0;
}

static const struct tui_class pager_class = {
	.height = pager_height,
	.draw = draw_pager,
	.handle = handle_pager,
	.done = tui_pager_clear,
	.focusable = true,
	.stretches = true,
};

struct tui_widget *tui_pager_new(int min_rows)
{
	struct pager *pager = tui_alloc(sizeof(*pager));

	pager->base.class = &pager_class;
	pager->min_rows = min_rows;
	return &pager->base;
}

/* A copy with tabs as spaces up to the next column of eight. */
static char *expand_tabs(const char *text)
{
	char *copy = tui_alloc(8 * strlen(text) + 1);
	size_t out = 0;

	for (; *text; text++) {
		if (*text != '\t') {
			copy[out++] = *text;
			continue;
		}
		do {
			copy[out++] = ' ';
		} while (out % 8);
	}
	return copy;
}

void tui_pager_add(struct tui_widget *widget, enum tui_style style,
		   const char *line)
{
	struct pager *pager = (struct pager *)widget;
	char *text = expand_tabs(line);
	int width = tui_width(text);

	pager->lines = tui_realloc(pager->lines, (size_t)pager->n + 1,
				   sizeof(*pager->lines));
	pager->lines[pager->n++] = (struct line){style, text, width};
	if (width > pager->widest)
		pager->widest = width;
}
