#include "tests/screens/point.h"

#include <stdio.h>
#include <string.h>

#include <vterm.h>

/* The column of a byte: each character takes one here. */
static int column_of(const char *row, const char *at)
{
	int column = 0;

	for (; row < at; row++)
		column += ((unsigned char)*row & 0xc0) != 0x80;
	return column;
}

static void send_mouse(struct vt *vt, int button, int row, int col, char end)
{
	char bytes[40];
	int n = snprintf(bytes, sizeof(bytes), "\033[<%d;%d;%d%c", button,
			 col + 1, row + 1, end);

	if (!vt_has_mouse(vt))
		vt_fail("nobody asked for clicks:\n%s", vt_picture(vt));
	vt_send(vt, bytes, (size_t)n);
}

void point_click(struct vt *vt, const char *text)
{
	int rows, cols;

	vt_settle(vt);
	vt_size(vt, &rows, &cols);
	for (int row = 0; row < rows; row++) {
		const char *line = vt_row(vt, row);
		const char *found = strstr(line, text);

		if (!found)
			continue;
		send_mouse(vt, 0, row, column_of(line, found), 'M');
		send_mouse(vt, 0, row, column_of(line, found), 'm');
		return;
	}
	vt_fail("\"%s\" is not there to be clicked at:\n%s", text,
		vt_picture(vt));
}

void point_wheel(struct vt *vt, const char *way)
{
	int rows, cols;

	vt_settle(vt);
	vt_size(vt, &rows, &cols);
	send_mouse(vt, strcmp(way, "up") == 0 ? 64 : 65, rows / 2, cols / 2,
		   'M');
}

void point_is(struct vt *vt, const char *state)
{
	vt_settle(vt);
	if (vt_has_mouse(vt) != (strcmp(state, "on") == 0))
		vt_fail("clicks are not %s", state);
}

void point_spoil(struct vt *vt, const char *text)
{
	char bytes[200];
	int rows, cols, n;

	vt_settle(vt);
	vt_size(vt, &rows, &cols);
	n = snprintf(bytes, sizeof(bytes), "\0337\033[%d;%dH%s\0338", rows / 2,
		     cols / 2, text);
	vterm_input_write(vt_emulator(vt), bytes, (size_t)n);
}
