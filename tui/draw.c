#include "tui/draw.h"

#include <curses.h>
#include <string.h>

#include "tui/text.h"

#define ELLIPSIS "..."

struct tui_area tui_area_at(const struct tui_area *area, int row, int column)
{
	struct tui_area part = *area;

	part.y += row;
	part.x += column;
	part.width -= column;
	return part;
}

static bool is_visible(const struct tui_area *area, int row)
{
	return area->y + row >= area->top && area->y + row < area->bottom;
}

/* One character as this locale can show it. */
static void put_character(long c)
{
	char bytes[4];

	if (c < 0x20 || c == 0x7f || (c >= 0x80 && !tui_is_utf8()))
		c = '?';
	addnstr(bytes, (int)tui_encode(c, bytes));
}

static void put_bytes(const char *text, size_t length)
{
	size_t step;

	for (size_t at = 0; at < length; at += step)
		put_character(tui_decode(text + at, &step));
}

/* The columns of the first `length` bytes. */
static int width_of(const char *text, size_t length)
{
	int columns = 0;
	size_t step;

	for (size_t at = 0; at < length; at += step)
		columns += tui_char_width(tui_decode(text + at, &step));
	return columns;
}

int tui_put_part(const struct tui_area *area, int row, int column,
		 enum tui_style style, const char *text, size_t length)
{
	int width = width_of(text, length);
	int room = area->width - column;
	bool cut = width > room;

	if (room <= 0 || !is_visible(area, row))
		return column + width;
	attrset((int)tui_attributes(style));
	move(area->y + row, area->x + column);
	if (cut && room > 3)
		length = tui_fit(text, room - 3);
	else if (cut)
		length = tui_fit(text, room);
	put_bytes(text, length);
	if (cut && room > 3)
		addstr(ELLIPSIS);
	attrset(A_NORMAL);
	return column + (cut ? room : width);
}

int tui_put(const struct tui_area *area, int row, int column,
	    enum tui_style style, const char *text)
{
	return tui_put_part(area, row, column, style, text, strlen(text));
}

int tui_put_path(const struct tui_area *area, int row, int column,
		 enum tui_style style, const char *path)
{
	int room = area->width - column;
	size_t dots = sizeof(ELLIPSIS) - 1;
	char *cut;

	if (tui_width(path) <= room)
		return tui_put(area, row, column, style, path);
	while (*path && tui_width(path) + (int)dots > room)
		path += tui_behind(path, 0);
	if (strchr(path, '/'))
		path = strchr(path, '/');
	cut = tui_format(ELLIPSIS "%s", path);
	column = tui_put(area, row, column, style, cut);
	free(cut);
	return column;
}

int tui_put_wrapped(const struct tui_area *area, int row, int column,
		    enum tui_style style, const char *text)
{
	struct tui_wrap wrap = {text, area->width - column};
	const char *line;
	size_t length;
	int rows = 0;

	while ((line = tui_wrap_next(&wrap, &length)))
		tui_put_part(area, row + rows++, column, style, line, length);
	return rows;
}

void tui_put_rule(const struct tui_area *area, int row)
{
	if (!is_visible(area, row))
		return;
	mvhline(area->y + row, area->x, tui_is_ascii() ? '-' : ACS_HLINE,
		area->width);
}

void tui_put_cursor(const struct tui_area *area, int row, int column)
{
	int line = area->y + row;

	if (line < area->top)
		line = area->top;
	if (line >= area->bottom)
		line = area->bottom - 1;
	if (column >= area->width)
		column = area->width - 1;
	tui_cursor(line, area->x + (column > 0 ? column : 0));
}
