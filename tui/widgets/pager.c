#include "tui/widgets/pager.h"

#include <string.h>

#include "tui/cells.h"
#include "tui/i18n.h"
#include "tui/text.h"

/* How far left and right go. */
#define SIDE_STEP 8

struct pager {
	struct tui_widget base;
	struct line {
		enum tui_style style;
		char *mark; /* of a paragraph, which is wrapped; or NULL */
		char *text;
		bool is_path; /* one row, cut at its beginning */
		int cells;    /* a row of a table has so many; else 0 */
		int link;     /* of what it is a part; 0: nothing to choose */
		int fold;     /* the link that folds it away; 0: none */
	} * lines;
	int n;
	struct fold {
		int link;
		bool folded;
	} * folds;
	int n_folds;
	int min_rows;
	int mark_width; /* columns the marks of its paragraphs take */
	int link, fold; /* of the lines that are added now */
	struct view *view;
};

/* What is seen of the lines; drawing may put it right. */
struct view {
	struct row { /* of the screen: a line or a part of one */
		int line;
		size_t from, length;
		int folded; /* that many lines are behind it; 0: none */
		int column; /* of a table, the only one here; 0: all */
	} * rows;
	int n, width; /* the width they were made for; -1: none */
	int top, left;
	int chosen; /* the link that Enter is for; 0: none in sight */
	bool ends;  /* the end is shown until somebody scrolls */
	bool moved; /* somebody has */
};

/* Rows */

static void add_row(const struct pager *pager, int line, size_t from,
		    size_t length)
{
	pager->view->rows =
		tui_realloc(pager->view->rows, (size_t)pager->view->n + 1,
			    sizeof(*pager->view->rows));
	pager->view->rows[pager->view->n++] =
		(struct row){.line = line, .from = from, .length = length};
}

static struct fold *find_fold(const struct pager *pager, int link)
{
	for (int i = 0; i < pager->n_folds; i++)
		if (pager->folds[i].link == link)
			return &pager->folds[i];
	return NULL;
}

/* How many lines from this one on are folded away with it. */
static int count_folded(const struct pager *pager, int line)
{
	const struct fold *fold = find_fold(pager, pager->lines[line].fold);
	int n = 0;

	if (!fold || !fold->folded)
		return 0;
	while (line + n < pager->n && pager->lines[line + n].fold == fold->link)
		n++;
	return n;
}

/* Where a paragraph begins: behind its mark, if it has one. */
static int paragraph_column(const struct pager *pager, const struct line *line)
{
	return *line->mark ? pager->mark_width : 0;
}

static void wrap_line(const struct pager *pager, int i, int width)
{
	const char *text = pager->lines[i].text, *part;
	int column = paragraph_column(pager, &pager->lines[i]);
	struct tui_wrap wrap = {text, width - column};
	size_t length;

	while ((part = tui_wrap_next(&wrap, &length)))
		add_row(pager, i, (size_t)(part - text), length);
}

/* The widths of the table that line is a part of; how many lines that has. */
static int measure_table(const struct pager *pager, int line,
			 int ret_widths[static TUI_CELLS_MAX])
{
	int cells = pager->lines[line].cells, n = 0;

	while (line > 0 && pager->lines[line - 1].cells == cells)
		line--;
	memset(ret_widths, 0, TUI_CELLS_MAX * sizeof(*ret_widths));
	for (; line + n < pager->n && pager->lines[line + n].cells == cells;
	     n++)
		tui_cells_measure(pager->lines[line + n].text, ret_widths);
	return n;
}

/* Its columns beside each other, or one below the other; how many lines. */
static int add_table(const struct pager *pager, int first, int width)
{
	int widths[TUI_CELLS_MAX];
	int n = measure_table(pager, first, widths);
	int cells = pager->lines[first].cells;
	bool fits = tui_cells_width(widths) <= width;

	for (int column = !fits; column < (fits ? 1 : cells); column++) {
		for (int i = first; i < first + n; i++) {
			add_row(pager, i, 0, 0);
			pager->view->rows[pager->view->n - 1].column = column;
		}
	}
	return n;
}

/* The rows for a width; made anew when that changes or lines came. */
static void make_rows(const struct pager *pager, int width)
{
	if (pager->view->width == width)
		return;
	pager->view->width = width;
	pager->view->n = 0;
	for (int i = 0; i < pager->n; i++) {
		int folded = count_folded(pager, i);

		if (pager->lines[i].cells && !folded)
			i += add_table(pager, i, width) - 1;
		else if (pager->lines[i].mark && !pager->lines[i].is_path &&
			 !folded)
			wrap_line(pager, i, width);
		else
			add_row(pager, i, 0, strlen(pager->lines[i].text));
		if (folded)
			pager->view->rows[pager->view->n - 1].folded = folded;
		i += folded ? folded - 1 : 0;
	}
}

static int pager_height(const struct tui_widget *widget, int width)
{
	const struct pager *pager = (const struct pager *)widget;

	make_rows(pager, width);
	return pager->min_rows;
}

/* Rows for text: the last one tells the place when not all is seen. */
static int text_rows(const struct pager *pager)
{
	int rows = pager->base.rows;

	return pager->view->n > rows && rows > 1 ? rows - 1 : rows;
}

static void clamp(const struct pager *pager)
{
	int last = pager->view->n - text_rows(pager);

	if (pager->view->ends || pager->view->top > last)
		pager->view->top = last;
	if (pager->view->top < 0)
		pager->view->top = 0;
}

/* Links */

static int link_of(const struct pager *pager, int row)
{
	return pager->lines[pager->view->rows[row].line].link;
}

/* The first row of what can be chosen, from row `from` on in that direction;
 * -1: none up to `behind`. */
static int find_link(const struct pager *pager, int from, int behind,
		     int direction)
{
	for (int i = from; i != behind; i += direction)
		if (link_of(pager, i) &&
		    (i == 0 || link_of(pager, i - 1) != link_of(pager, i)))
			return i;
	return -1;
}

static int last_seen(const struct pager *pager)
{
	int behind = pager->view->top + text_rows(pager);

	return behind < pager->view->n ? behind : pager->view->n;
}

/* The row of the chosen one, -1 when it is not in sight. */
static int chosen_row(const struct pager *pager)
{
	for (int i = pager->view->top; i < last_seen(pager); i++)
		if (pager->view->chosen &&
		    link_of(pager, i) == pager->view->chosen)
			return i;
	return -1;
}

/* What is chosen is always in sight; so is, at first, something to choose. */
static void choose_seen(const struct pager *pager)
{
	int row = chosen_row(pager);

	if (row >= 0)
		return;
	if (!pager->view->moved && !pager->view->ends) {
		row = find_link(pager, 0, pager->view->n, 1);
		if (row >= pager->view->top + text_rows(pager))
			pager->view->top = row;
		clamp(pager);
	}
	row = find_link(pager, pager->view->top, last_seen(pager), 1);
	pager->view->chosen = row < 0 ? 0 : link_of(pager, row);
}

static bool choose_next(const struct pager *pager, int direction)
{
	int row = chosen_row(pager);
	int behind = direction > 0 ? last_seen(pager) : pager->view->top - 1;

	if (row >= 0 && row + direction != behind)
		row = find_link(pager, row + direction, behind, direction);
	else
		row = -1;
	if (row < 0)
		return false;
	pager->view->chosen = link_of(pager, row);
	return true;
}

/* Drawing */

static void draw_folded(const struct pager *pager, const struct tui_area *area,
			int y, int lines)
{
	char *text = tui_format(ngettext("%d line more: Enter shows it",
					 "%d lines more: Enter shows them",
					 (unsigned long)lines),
				lines);

	tui_put(area, y, pager->mark_width, TUI_LINK, text);
	free(text);
}

static void draw_row(const struct pager *pager, const struct tui_area *area,
		     int y, const struct row *row)
{
	const struct line *line = &pager->lines[row->line];
	int widths[TUI_CELLS_MAX];
	size_t hidden;

	if (row->folded) {
		draw_folded(pager, area, y, row->folded);
		return;
	}
	if (line->cells) {
		measure_table(pager, row->line, widths);
		tui_cells_draw(area, y, line->style, line->text, row->column,
			       widths);
		return;
	}
	if (!line->mark) {
		hidden = tui_fit(line->text, pager->view->left);
		tui_put(area, y, 0, line->style, line->text + hidden);
		return;
	}
	if (row->from == 0)
		tui_put(area, y, 0, line->style, line->mark);
	if (line->is_path) {
		tui_put_path(area, y, paragraph_column(pager, line), TUI_PLAIN,
			     line->text);
		return;
	}
	tui_put_part(area, y, paragraph_column(pager, line),
		     *line->mark ? TUI_PLAIN : line->style,
		     line->text + row->from, row->length);
}

static void draw_pager(const struct tui_widget *widget,
		       const struct tui_area *area, bool focused)
{
	const struct pager *pager = (const struct pager *)widget;
	int rows = text_rows(pager), last;
	char *place;

	(void)focused;
	clamp(pager);
	choose_seen(pager);
	last = pager->view->top + rows < pager->view->n
		       ? pager->view->top + rows
		       : pager->view->n;
	for (int i = pager->view->top; i < last; i++)
		draw_row(pager, area, i - pager->view->top,
			 &pager->view->rows[i]);
	if (pager->view->n <= rows)
		return;
	place = tui_format(_("-- %d to %d of %d --"), pager->view->top + 1,
			   last, pager->view->n);
	tui_put(area, rows, 0, TUI_LINK, place);
	free(place);
}

/* Beside what is chosen. */
static void pager_cursor(const struct tui_widget *widget, int width,
			 int *ret_row, int *ret_column)
{
	const struct pager *pager = (const struct pager *)widget;
	int row = pager->view->width == width ? chosen_row(pager) : -1;

	*ret_row = row < 0 ? 0 : row - pager->view->top;
	*ret_column = 0;
}

/* Keys */

static unsigned scroll_by(const struct pager *pager, int rows)
{
	int before = pager->view->top;

	pager->view->ends = false;
	pager->view->moved = true;
	pager->view->top += rows;
	clamp(pager);
	return pager->view->top == before ? TUI_IGNORED : TUI_HANDLED;
}

/* To the next thing to choose while one is in sight, else a row further. */
static unsigned go(const struct pager *pager, int direction)
{
	if (choose_next(pager, direction))
		return TUI_HANDLED;
	return scroll_by(pager, direction);
}

static unsigned go_up(struct tui_widget *widget)
{
	return go((struct pager *)widget, -1);
}

static unsigned go_down(struct tui_widget *widget)
{
	return go((struct pager *)widget, 1);
}

static unsigned choose(struct tui_widget *widget)
{
	struct pager *pager = (struct pager *)widget;
	int chosen = tui_pager_chosen(widget);
	struct fold *fold = find_fold(pager, chosen);

	if (fold) {
		fold->folded = !fold->folded;
		pager->view->width = -1;
		return TUI_HANDLED;
	}
	return chosen ? TUI_HANDLED | TUI_CHANGED : TUI_IGNORED;
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

	pager->view->left = 0;
	scroll_by(pager, -pager->view->n);
	return TUI_HANDLED;
}

static unsigned go_end(struct tui_widget *widget)
{
	struct pager *pager = (struct pager *)widget;

	scroll_by(pager, pager->view->n);
	return TUI_HANDLED;
}

static unsigned go_left(struct tui_widget *widget)
{
	struct pager *pager = (struct pager *)widget;

	pager->view->left -=
		pager->view->left < SIDE_STEP ? pager->view->left : SIDE_STEP;
	return TUI_HANDLED;
}

static int widest_line(const struct pager *pager)
{
	int widest = 0;

	for (int i = 0; i < pager->n; i++) {
		int width = pager->lines[i].mark || pager->lines[i].cells
				    ? 0
				    : tui_width(pager->lines[i].text);

		widest = width > widest ? width : widest;
	}
	return widest;
}

static unsigned go_right(struct tui_widget *widget)
{
	struct pager *pager = (struct pager *)widget;

	if (widest_line(pager) - pager->view->left > widget->width)
		pager->view->left += SIDE_STEP;
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
		{TUI_ENTER, choose},
	};

	if (event->kind == TUI_CHAR && event->character == ' ')
		return page_down(widget);
	return tui_dispatch(bindings, TUI_LENGTH(bindings), widget, event);
}

/* Lines */

void tui_pager_clear(struct tui_widget *widget)
{
	struct pager *pager = (struct pager *)widget;

	for (int i = 0; i < pager->n; i++) {
		free(pager->lines[i].mark);
		free(pager->lines[i].text);
	}
	free(pager->lines);
	free(pager->folds);
	free(pager->view->rows);
	pager->lines = NULL;
	pager->folds = NULL;
	pager->view->rows = NULL;
	pager->n = pager->view->n = pager->view->top = pager->view->left = 0;
	pager->link = pager->fold = pager->n_folds = pager->view->chosen = 0;
	pager->view->width = -1;
	pager->view->ends = pager->view->moved = false;
}

static void free_pager(struct tui_widget *widget)
{
	tui_pager_clear(widget);
	free(((struct pager *)widget)->view);
}

static const struct tui_class pager_class = {
	.height = pager_height,
	.draw = draw_pager,
	.cursor = pager_cursor,
	.handle = handle_pager,
	.done = free_pager,
	.focusable = true,
	.stretches = true,
};

struct tui_widget *tui_pager_new(int min_rows)
{
	struct pager *pager = tui_alloc(sizeof(*pager));

	pager->base.class = &pager_class;
	pager->min_rows = min_rows;
	pager->mark_width = TUI_MARK_WIDTH;
	pager->view = tui_alloc(sizeof(*pager->view));
	pager->view->width = -1;
	return &pager->base;
}

static struct line *add_line(struct pager *pager, enum tui_style style,
			     const char *mark, const char *text)
{
	pager->lines = tui_realloc(pager->lines, (size_t)pager->n + 1,
				   sizeof(*pager->lines));
	if (mark && *mark && tui_width(mark) + 2 > pager->mark_width)
		pager->mark_width = tui_width(mark) + 2;
	pager->view->width = -1;
	pager->lines[pager->n] = (struct line){
		.style = style,
		.mark = tui_strdup(mark),
		.text = tui_expand_tabs(text),
		.link = pager->link,
		.fold = pager->fold,
	};
	return &pager->lines[pager->n++];
}

void tui_pager_add(struct tui_widget *widget, enum tui_style style,
		   const char *line)
{
	add_line((struct pager *)widget, style, NULL, line);
}

void tui_pager_add_note(struct tui_widget *widget, enum tui_style style,
			const char *mark, const char *text)
{
	add_line((struct pager *)widget, style, mark, text);
}

void tui_pager_add_path(struct tui_widget *widget, enum tui_style style,
			const char *mark, const char *path)
{
	add_line((struct pager *)widget, style, mark, path)->is_path = true;
}

void tui_pager_add_cells(struct tui_widget *widget, enum tui_style style,
			 const char *const *cells, int n)
{
	char *text = tui_cells_join(cells, n);

	add_line((struct pager *)widget, style, NULL, text)->cells = n;
	free(text);
}

void tui_pager_link(struct tui_widget *widget, int link)
{
	((struct pager *)widget)->link = link;
}

void tui_pager_fold(struct tui_widget *widget, int link, bool folded)
{
	struct pager *pager = (struct pager *)widget;

	pager->fold = link;
	if (!link)
		return;
	pager->folds = tui_realloc(pager->folds, (size_t)pager->n_folds + 1,
				   sizeof(*pager->folds));
	pager->folds[pager->n_folds++] = (struct fold){link, folded};
}

int tui_pager_chosen(const struct tui_widget *widget)
{
	const struct pager *pager = (const struct pager *)widget;

	/* Also between a new line and its picture. */
	if (pager->base.width > 0) {
		make_rows(pager, pager->base.width);
		clamp(pager);
		choose_seen(pager);
	}
	return pager->view->chosen;
}

bool tui_pager_folds(const struct tui_widget *widget)
{
	return find_fold((const struct pager *)widget,
			 tui_pager_chosen(widget));
}

void tui_pager_end(struct tui_widget *widget)
{
	((struct pager *)widget)->view->ends = true;
}
