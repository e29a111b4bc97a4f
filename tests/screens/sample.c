/*
 * A form with one of each widget, for the tests of the toolkit to press keys
 * on.  What happened last stands on the message line.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/frame.h"
#include "tui/input.h"
#include "tui/terminal.h"
#include "tui/text.h"
#include "tui/widgets/button.h"
#include "tui/widgets/choice.h"
#include "tui/widgets/dialog.h"
#include "tui/widgets/field.h"
#include "tui/widgets/form.h"
#include "tui/widgets/pager.h"

enum { BUTTON_ASK = 1, BUTTON_CRASH, BUTTON_END };

static struct {
	struct tui_form form;
	struct tui_widget *name, *secret, *toggle, *flat, *list, *notes, *pager;
	char message[200];
	bool over;
} sample;

static void add_fields(struct tui_form *form)
{
	sample.name = tui_form_add(form, tui_field_new("Name", 20));
	sample.notes = tui_form_add(form, tui_notes_new());
	sample.notes->aligned = true;
	sample.secret = tui_form_add(form, tui_secret_new("Passphrase", 20));
	sample.toggle = tui_form_add(form, tui_toggle_new("Switch it on"));
	sample.flat = tui_form_add(form, tui_choice_new("Colour", 4));
	tui_choice_add(sample.flat, "red");
	tui_choice_add(sample.flat, "blue");
	sample.list = tui_form_add(form, tui_choice_new("City", 3));
	for (int i = 1; i <= 9; i++) {
		char *city = tui_format("city number %d of a long list", i);

		tui_choice_add(sample.list, city);
		free(city);
	}
}

static void build(void)
{
	struct tui_form *form = &sample.form;
	struct tui_widget *buttons = tui_buttons_new();

	tui_form_add(form, tui_label_new(TUI_PLAIN,
					 "A label that says something in more "
					 "words than one row of it can hold on "
					 "a small screen."));
	add_fields(form);
	sample.pager = tui_form_add(form, tui_pager_new(3));
	for (int i = 1; i <= 30; i++) {
		char *line =
			tui_format("%c line %d\twith a tab", "+- "[i % 3], i);

		tui_pager_add(sample.pager, TUI_PLAIN, line);
		free(line);
	}
	tui_buttons_add(buttons, "Ask", BUTTON_ASK);
	tui_buttons_add(buttons, "Crash", BUTTON_CRASH);
	tui_buttons_add(buttons, "End", BUTTON_END);
	tui_form_set_buttons(form, buttons);
	tui_form_focus(form, NULL);
}

/* The text of a finding follows what is typed. */
static void judge(void)
{
	const char *name = tui_field_text(sample.name);

	tui_notes_clear(sample.notes);
	if (strlen(name) > 30)
		tui_notes_add(sample.notes, TUI_WARN, "warn",
			      "That is a very long name, longer than the row "
			      "this sentence stands on.");
	if (strchr(name, '!'))
		tui_notes_add(sample.notes, TUI_STOP, "stop", "No shouting.");
}

static void draw(void *context)
{
	static const struct tui_step steps[] = {
		{"First", "ok", TUI_OK},
		{"Second", "", TUI_PLAIN},
		{"Third", "stop", TUI_STOP},
	};
	struct tui_frame frame = {
		.program = "sample",
		.subject = "what it is about",
		.steps = steps,
		.count = 3,
		.current = 1,
		.message = sample.message,
		.keys = "Tab next  F10 quit",
	};
	struct tui_area body;

	(void)context;
	if (tui_frame_draw(&frame, &body) == 0)
		tui_form_draw(&sample.form, &body);
}

static void ask(void)
{
	static const struct tui_answer answers[] = {{"No", 0}, {"Yes", 1}};
	int answer = tui_ask(&(struct tui_dialog){
		.title = "A question",
		.text = "Is this a dialog with a text that takes some rows, "
			"even on a screen that is not small at all?",
		.answers = answers,
		.count = 2,
		.draw_behind = draw,
	});

	snprintf(sample.message, sizeof(sample.message), "answer %d", answer);
}

static void press(int key)
{
	if (key == BUTTON_ASK)
		ask();
	else if (key == BUTTON_CRASH)
		abort();
	else
		sample.over = true;
}

static void say(const struct tui_event *event)
{
	if (event->kind == TUI_CHAR)
		snprintf(sample.message, sizeof(sample.message),
			 "character U+%04lX", (unsigned long)event->character);
	else
		snprintf(sample.message, sizeof(sample.message), "key %d",
			 event->kind - TUI_CHAR);
}

static void handle(struct tui_event *event)
{
	struct tui_widget *widget;
	unsigned reaction;

	if (event->kind == TUI_SIGNAL || event->kind == TUI_HANGUP)
		sample.over = true;
	if (event->kind == TUI_REDRAW)
		tui_repaint();
	tui_form_read_letter(&sample.form, event);
	if (event->kind == TUI_F1 + 9)
		sample.over = true;
	if (event->kind < TUI_PASTE || tui_too_small())
		return;
	reaction = tui_form_handle(&sample.form, event, &widget);
	if (reaction & TUI_CHANGED)
		judge();
	if (reaction & TUI_ACTIVATED)
		press(tui_buttons_chosen(widget));
	if (reaction == TUI_IGNORED)
		say(event);
}

int main(int argc, char *argv[])
{
	struct tui_options options = {0};
	struct tui_event event;
	char *problem = NULL;

	setlocale(LC_ALL, "");
	for (int i = 1; i < argc; i++)
		options.ascii |= strcmp(argv[i], "--ascii") == 0;
	if (tui_start(&options, &problem)) {
		fprintf(stderr, "cannot start: %s\n", problem);
		free(problem);
		return 3;
	}
	tui_input_start();
	build();
	while (!sample.over) {
		draw(NULL);
		if (!tui_too_small())
			tui_show();
		tui_input_next(&event, -1);
		handle(&event);
		free(event.text);
	}
	tui_input_stop();
	tui_stop();
	printf("name=%s on=%d colour=%d city=%d\n", tui_field_text(sample.name),
	       tui_toggle_is_on(sample.toggle), tui_choice_chosen(sample.flat),
	       tui_choice_chosen(sample.list));
	tui_form_done(&sample.form);
	return 0;
}
