/*
 * Every page at every size: from the smallest to one nobody has.  It is drawn
 * into the windows of ncurses in this process, on a terminal of its own.
 *
 *	tui_sweep [CATALOGUES [STRIDE]]
 *
 * With a folder of catalogues it speaks the language of the environment;
 * STRIDE leaves sizes out, which other words alone make no different.
 */
#include <fcntl.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>
#include <curses.h>
#include <pty.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "screens/screen.h"
#include "tests/unit/scratch.h"
#include "tui/terminal.h"

#define LINES_MAX 200
#define COLUMNS_MAX 500

static struct {
	struct job job;
	struct wizard wizard;
	int master;
	int stride;
} sweep = {.stride = 1};

/* Building */

static void open_terminal(void)
{
	struct winsize size = {24, 80, 0, 0};
	char *problem = NULL;
	int slave;

	assert_int_equal(openpty(&sweep.master, &slave, NULL, NULL, &size), 0);
	fcntl(sweep.master, F_SETFL, O_NONBLOCK);
	fflush(stdout);
	/* What the test says goes where it went; only the two descriptors
	 * are the terminal's. */
	stdout = fdopen(dup(STDOUT_FILENO), "w");
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	setenv("TERM", "vt100", 1);
	if (tui_start(&(struct tui_options){.no_color = true}, &problem))
		fail_msg("%s", problem);
}

static void open_job(void)
{
	struct settings settings;
	struct error err = {0};

	scratch_write("root/etc/nginx/nginx.conf",
		      "events {}\nhttp {\nserver {\n\tlisten 80;\n"
		      "\tlisten [::]:80;\n\tserver_name www.example.test "
		      "a-long-name-for-a-site.example.test;\n}\n"
		      "server {\n\tlisten 8080;\n"
		      "\tserver_name wiki.example.test;\n}\n}\n");
	hs_settings_init(&settings);
	settings.root = scratch_path("root");
	settings.name = hs_strdup("www.example.test");
	settings.certificate_self_signed = true;
	assert_int_equal(
		hs_job_open(&sweep.job,
			    &(struct job_options){.state_dir = scratch_make()},
			    &settings, &err),
		0);
	assert_int_equal(hs_job_look(&sweep.job, &err), 0);
	assert_int_equal(hs_job_read_certificate(&sweep.job, &err), 0);
	hs_job_judge(&sweep.job);
}

static int setup(void **state)
{
	static const struct scr_options options;

	(void)state;
	scratch_make();
	open_job();
	sweep.wizard = (struct wizard){.job = &sweep.job, .options = &options};
	open_terminal();
	for (int step = 0; step < PAGES_MAX; step++)
		scr_page_build(&sweep.wizard, scr_screen((enum step)step));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	tui_stop();
	for (int step = 0; step < PAGES_MAX; step++)
		scr_page_done(&sweep.wizard.pages[step]);
	free(sweep.wizard.message);
	free(sweep.wizard.plan_problem);
	hs_job_close(&sweep.job);
	scratch_remove();
	return 0;
}

/* Looking */

static char seen[LINES_MAX + 1][4 * COLUMNS_MAX + 1];

/* Below the smallest size the screen is shown at once: that is read, or the
 * terminal is full some day. */
static void drain(void)
{
	char bytes[4096];

	while (read(sweep.master, bytes, sizeof(bytes)) > 0)
		;
}

static void draw(int lines, int columns)
{
	struct winsize size = {(unsigned short)lines, (unsigned short)columns,
			       0, 0};

	assert_int_equal(ioctl(sweep.master, TIOCSWINSZ, &size), 0);
	tui_resized();
	scr_page_refresh(&sweep.wizard, sweep.wizard.step);
	scr_draw_behind(&sweep.wizard);
	drain();
	for (int line = 0; line < lines; line++)
		if (mvinnstr(line, 0, seen[line], 4 * columns) == ERR)
			seen[line][0] = '\0';
}

static bool sees(const char *text, int lines)
{
	for (int line = 0; line < lines; line++)
		if (strstr(seen[line], text))
			return true;
	return false;
}

static bool has_button(const char *text, int lines)
{
	hs_auto_free char *button = hs_format("[ %s ]", _(text));

	return sees(button, lines);
}

static int count(const char *text, int line)
{
	int found = 0;

	for (const char *at = seen[line]; (at = strstr(at, text)); found++)
		at += strlen(text);
	return found;
}

#define HOLDS(what, lines, columns)                                            \
	do {                                                                   \
		if (!(what))                                                   \
			fail_msg("%dx%d, %s: " #what, columns, lines,          \
				 hs_step_title(sweep.wizard.step));            \
	} while (0)

/* Nothing stands where something else does, and what is cut has the room to
 * say so. */
static void check_layout(const struct tui_form *form, int lines, int columns)
{
	int behind = 0;

	for (int i = 0; i < form->n; i++) {
		const struct tui_widget *widget = form->items[i];

		if (widget->hidden || !widget->rows)
			continue;
		HOLDS(widget->row >= behind, lines, columns);
		HOLDS(widget->column + 4 <= form->drawn.width, lines, columns);
		behind = widget->row + widget->rows;
	}
	HOLDS(form->drawn.bottom <= form->drawn_buttons.y, lines, columns);
	HOLDS(form->drawn_buttons.bottom <= lines - 2, lines, columns);
	HOLDS(form->drawn.x + form->drawn.width <= columns, lines, columns);
}

/* In a language that marks where its messages begin and end, each of them
 * ends, or dots say that it was cut. */
static void check_whole(int lines, int columns)
{
	int open = 0;

	for (int line = 0; lines == LINES_MAX && line < lines; line++) {
		if (!strstr(seen[line], "..."))
			open += count("\u00ab", line);
		open -= count("\u00bb", line);
	}
	for (int line = 0; open > 0 && line < lines; line++)
		if (seen[line][strspn(seen[line], " ")])
			print_message("# %s\n", seen[line]);
	HOLDS(open <= 0, lines, columns);
}

/* Whether what has the focus is between the first and the last line of the
 * form, and so is the cursor on it. */
static void check_focus(const struct tui_form *form, int lines, int columns)
{
	const struct tui_widget *widget = tui_form_focused(form);
	int row = 0, column = 0, line;

	HOLDS(widget != NULL, lines, columns);
	if (widget == form->buttons)
		return;
	if (widget->class->cursor)
		widget->class->cursor(widget, form->drawn.width, &row, &column);
	line = form->drawn.y + widget->row + row;
	HOLDS(line >= form->drawn.top, lines, columns);
	HOLDS(line < form->drawn.bottom, lines, columns);
	HOLDS(column < form->drawn.width, lines, columns);
}

static void check_page(const struct page *page, int lines, int columns)
{
	draw(lines, columns);
	if (lines < TUI_MIN_LINES || columns < TUI_MIN_COLUMNS) {
		HOLDS(!sees("[ ", lines), lines, columns);
		return;
	}
	check_layout(&page->form, lines, columns);
	check_focus(&page->form, lines, columns);
	check_whole(lines, columns);
	HOLDS(has_button("Next", lines) || has_button("Apply", lines) ||
		      has_button("Back", lines),
	      lines, columns);
}

/* With the focus on each of its places in turn. */
static void check_places(struct page *page, int lines, int columns)
{
	for (int i = 0; i <= page->form.n; i++) {
		struct tui_widget *widget = i < page->form.n
						    ? page->form.items[i]
						    : page->form.buttons;

		if (widget->hidden || !widget->class->focusable)
			continue;
		tui_form_focus(&page->form, widget);
		check_page(page, lines, columns);
	}
}

static void check_step(enum step step)
{
	static const int heights[] = {8, 10, 14, 16, 24, 200};
	static const int widths[] = {30, 39, 40, 59, 69, 70, 78, 80, 132, 500};
	struct page *page = &sweep.wizard.pages[step];

	scr_go(&sweep.wizard, step);
	for (int width = TUI_MIN_COLUMNS; width <= COLUMNS_MAX;
	     width += (width < 140 ? 1 : 18) * sweep.stride)
		for (size_t i = 0; i < HS_LENGTH(heights); i++)
			check_page(page, heights[i], width);
	for (int height = 1; height <= LINES_MAX;
	     height += (height < 60 ? 1 : 7) * sweep.stride)
		for (size_t i = 0; i < HS_LENGTH(widths); i++)
			check_page(page, height, widths[i]);
	for (size_t h = 0; h < HS_LENGTH(heights); h++)
		for (size_t w = 0; w < HS_LENGTH(widths); w++)
			check_places(page, heights[h], widths[w]);
}

static void pages_at_every_size(void **state)
{
	(void)state;
	for (enum step step = STEP_SERVER; step <= STEP_REVIEW; step++)
		check_step(step);
}

static void too_small_says_so(void **state)
{
	(void)state;
	scr_go(&sweep.wizard, STEP_SERVER);
	draw(7, 80);
	assert_true(sees("80x", 7) && sees("x8", 7));
	draw(24, 29);
	assert_true(sees("29x", 24) && sees("x24", 24));
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_at_every_size),
		cmocka_unit_test(too_small_says_so),
	};

	if (argc > 1) {
		setlocale(LC_CTYPE, "");
		hs_i18n_start(argv[1]);
	}
	if (argc > 2)
		sweep.stride = atoi(argv[2]);
	return cmocka_run_group_tests(tests, setup, teardown);
}
