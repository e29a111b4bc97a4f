#include "tui/widgets/dialog.h"

#include <curses.h>

#include "tui/i18n.h"
#include "tui/input.h"
#include "tui/text.h"
#include "tui/theme.h"
#include "tui/widgets/button.h"
#include "tui/widgets/form.h"

#define WIDTH_MAX 62
/* Border and a blank column at each side; border and title. */
#define SIDES 4
#define ENDS 2

static void put_corner(int line, int column, chtype drawn, char plain)
{
	mvaddch(line, column, tui_is_ascii() ? (chtype)plain : drawn);
}

static void draw_box(int top, int left, int height, int width)
{
	chtype across = tui_is_ascii() ? '-' : ACS_HLINE;
	chtype down = tui_is_ascii() ? '|' : ACS_VLINE;
	int bottom = top + height - 1, right = left + width - 1;

	for (int line = top; line <= bottom; line++)
		mvhline(line, left, ' ', width);
	mvhline(top, left, across, width);
	mvhline(bottom, left, across, width);
	mvvline(top, left, down, height);
	mvvline(top, right, down, height);
	put_corner(top, left, ACS_ULCORNER, '+');
	put_corner(top, right, ACS_URCORNER, '+');
	put_corner(bottom, left, ACS_LLCORNER, '+');
	put_corner(bottom, right, ACS_LRCORNER, '+');
}

/* As high as its text needs, as high as the screen allows. */
static int box_height(const struct tui_dialog *dialog, int width)
{
	int rows = tui_wrap_count(dialog->text, width - SIDES - 2);
	int height = rows + ENDS + 2;

	return height > tui_lines() ? tui_lines() : height;
}

static void draw_dialog(const struct tui_dialog *dialog, struct tui_form *form)
{
	int width =
		tui_columns() - 2 < WIDTH_MAX ? tui_columns() - 2 : WIDTH_MAX;
	int height = box_height(dialog, width);
	int top = (tui_lines() - height) / 2;
	int left = (tui_columns() - width) / 2;
	struct tui_area inside = {top + 1, left + 1, width - SIDES + 1, top + 1,
				  top + height - 1};
	struct tui_area area = {top, left + 2, width - SIDES, top, top + 1};
	char *title = tui_format(" %s ", _(dialog->title));

	tui_clear();
	tui_theme_behind(true);
	dialog->draw_behind(dialog->context);
	tui_theme_behind(false);
	draw_box(top, left, height, width);
	tui_put(&area, 0, 0, TUI_TITLE, title);
	free(title);
	tui_form_draw(form, &inside);
	tui_show();
}

static void build(const struct tui_dialog *dialog, struct tui_form *form)
{
	struct tui_widget *buttons = tui_buttons_new();

	tui_form_add(form, tui_label_new(TUI_PLAIN, dialog->text));
	for (size_t i = 0; i < dialog->count; i++)
		tui_buttons_add(buttons, dialog->answers[i].text,
				dialog->answers[i].key);
	tui_form_set_buttons(form, buttons);
	tui_form_focus(form, buttons);
}

/* Whether the event ends the dialog; *ret_answer is set then. */
static bool ends(struct tui_form *form, struct tui_event *event,
		 int *ret_answer)
{
	struct tui_widget *widget;
	unsigned reaction;

	*ret_answer = TUI_NO_ANSWER;
	if (event->kind == TUI_SIGNAL || event->kind == TUI_HANGUP) {
		tui_input_return(event);
		return true;
	}
	if (event->kind == TUI_REDRAW)
		tui_repaint();
	if (tui_too_small())
		return false;
	if (event->kind == TUI_ESCAPE)
		return true;
	tui_form_read_letter(form, event);
	reaction = tui_form_handle(form, event, &widget);
	if (reaction & TUI_ACTIVATED)
		*ret_answer = tui_buttons_chosen(form->buttons);
	return reaction & TUI_ACTIVATED;
}

int tui_ask(const struct tui_dialog *dialog)
{
	struct tui_form form = {.focus = -1};
	struct tui_event event = {0};
	int answer = TUI_NO_ANSWER;

	build(dialog, &form);
	do {
		free(event.text);
		if (tui_too_small())
			dialog->draw_behind(dialog->context);
		else
			draw_dialog(dialog, &form);
		tui_input_next(&event, -1);
	} while (!ends(&form, &event, &answer));
	free(event.text);
	tui_form_done(&form);
	return answer;
}

void tui_tell(const struct tui_dialog *dialog)
{
	static const struct tui_answer close[] = {{N_("Close"), 0}};
	struct tui_dialog telling = *dialog;

	telling.answers = close;
	telling.count = TUI_LENGTH(close);
	tui_ask(&telling);
}
