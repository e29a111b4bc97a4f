#include "tui/frame.h"

#include "tui/i18n.h"
#include "tui/text.h"
#include "tui/widgets/widget.h"

/* Screens at least this wide show the steps in a column. */
#define WIDE 70
/* Screens at least this high have a blank row below the title and below the
 * body: rules there would cost slow lines more than they say. */
#define HIGH 16
/* Below this there is no room for the program's name beside the step or the
 * subject. */
#define TINY 40
#define STEP_TITLE_COLUMN 5
/* Text is read best in lines that are not too long. */
#define BODY_MAX 100

/* A blank column at the left, and at the right where it can be spared. */
static struct tui_area screen_area(bool wide)
{
	int width = tui_columns() - (wide ? 2 : 1);

	return (struct tui_area){0, 1, width, 0, tui_lines()};
}

/* The columns that titles of steps take, and their marks. */
static void measure_steps(const struct tui_frame *frame, int *ret_titles,
			  int *ret_marks)
{
	*ret_titles = 0;
	*ret_marks = TUI_MARK_WIDTH - 2;
	for (int i = 0; i < frame->count; i++) {
		int title = tui_width(frame->steps[i].title);
		int mark = tui_width(frame->steps[i].mark);

		*ret_titles = title > *ret_titles ? title : *ret_titles;
		*ret_marks = mark > *ret_marks ? mark : *ret_marks;
	}
}

static void draw_title(const struct tui_frame *frame,
		       const struct tui_area *screen, bool wide)
{
	bool tiny = tui_columns() < TINY && (frame->count || frame->subject);
	int column =
		tiny ? 0 : tui_put(screen, 0, 0, TUI_TITLE, frame->program) + 1;
	int width = frame->subject ? tui_width(frame->subject) : 0;
	char *step;

	if (!wide && frame->count) {
		step = tui_format(_("Step %d of %d: %s"), frame->current + 1,
				  frame->count,
				  frame->steps[frame->current].title);
		tui_put(screen, 0, column, tiny ? TUI_TITLE : TUI_PLAIN, step);
		free(step);
	} else if (frame->subject) {
		if (!tiny && screen->width - width > column)
			column = screen->width - width;
		tui_put(screen, 0, column, tiny ? TUI_TITLE : TUI_PLAIN,
			frame->subject);
	}
}

static void draw_steps(const struct tui_frame *frame,
		       const struct tui_area *area, int mark_column)
{
	for (int i = 0; i < frame->count; i++) {
		bool current = i == frame->current;
		char *number = tui_format("%c %d", current ? '>' : ' ', i + 1);

		tui_put(area, i, 0, TUI_PLAIN, number);
		tui_put(area, i, STEP_TITLE_COLUMN,
			current ? TUI_BOLD : TUI_PLAIN, frame->steps[i].title);
		tui_put(area, i, mark_column, frame->steps[i].style,
			frame->steps[i].mark);
		free(number);
	}
}

static void draw_message(const struct tui_frame *frame,
			 const struct tui_area *screen, int line)
{
	int column = 0;

	if (!frame->message)
		return;
	if (frame->mark)
		column =
			tui_put(screen, line, 0, frame->style, frame->mark) + 2;
	tui_put(screen, line, column, TUI_PLAIN, frame->message);
}

static int draw_too_small(void)
{
	struct tui_area screen = {0, 0, tui_columns(), 0, tui_lines()};
	char *text =
		tui_format(_("Screen is %dx%d, needs %dx%d"), tui_columns(),
			   tui_lines(), TUI_MIN_COLUMNS, TUI_MIN_LINES);

	tui_put_wrapped(&screen, 0, 0, TUI_PLAIN, text);
	tui_put_cursor(&screen, 0, 0);
	tui_show();
	free(text);
	return -1;
}

int tui_frame_draw(const struct tui_frame *frame, struct tui_area *ret_body)
{
	bool wide = tui_columns() >= WIDE, high = tui_lines() >= HIGH;
	struct tui_area screen = screen_area(wide);
	int last = tui_lines() - 1;
	int titles, marks;

	tui_clear();
	if (tui_too_small())
		return draw_too_small();
	draw_title(frame, &screen, wide);
	tui_put(&screen, last, 0, TUI_LINK, _(frame->keys));
	draw_message(frame, &screen, last - 1);
	*ret_body = tui_area_at(&screen, high ? 2 : 1, 0);
	ret_body->top = ret_body->y;
	ret_body->bottom = high ? last - 2 : last - 1;
	if (wide && frame->count) {
		measure_steps(frame, &titles, &marks);
		titles += STEP_TITLE_COLUMN + 1;
		draw_steps(frame, ret_body, titles);
		*ret_body = tui_area_at(ret_body, 0, titles + marks + 2);
	}
	if (ret_body->width > BODY_MAX)
		ret_body->width = BODY_MAX;
	return 0;
}
