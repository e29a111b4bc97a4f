#include "screens/wizard.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/openssl.h"
#include "core/base/str.h"
#include "screens/screen.h"
#include "tui/input.h"
#include "tui/keeper.h"
#include "tui/terminal.h"
#include "tui/theme.h"

/* Typing has stopped when nothing came for this long. */
#define PAUSE_MS 300
#define TICK_MS 1000
/* While something is looked at beside the interface. */
#define GLANCE_MS 50

/* Keys */

static void repaint(struct wizard *wizard)
{
	(void)wizard;
	tui_resized();
	tui_repaint();
}

static void quit(struct wizard *wizard)
{
	scr_press(wizard, BUTTON_QUIT);
}

static const struct {
	enum tui_kind kind;
	void (*act)(struct wizard *wizard);
} keys[] = {
	{TUI_ESCAPE, scr_back},	  {TUI_NEXT, scr_next},
	{TUI_PREVIOUS, scr_back}, {TUI_F1, scr_help},
	{TUI_F1 + 2, repaint},	  {TUI_F1 + 9, quit},
	{TUI_QUIT, quit},	  {TUI_FIND, scr_faults},
};

static void take_answer(struct wizard *wizard, struct tui_widget *widget)
{
	struct page *page = &wizard->pages[wizard->step];
	const struct screen *screen = scr_screen(wizard->step);
	struct asked *asked = scr_asked(page, widget);

	if (asked) {
		scr_answer_take(asked, &wizard->job->settings);
		scr_work_answered(wizard, asked->question);
		if (!tui_form_takes_text(&page->form))
			scr_offer_reasons(wizard, page);
	} else if (screen->change) {
		screen->change(wizard, widget);
	}
}

static void press_key(struct wizard *wizard, const struct tui_event *event)
{
	const struct screen *screen = scr_screen(wizard->step);

	if (screen->key && screen->key(wizard, event))
		return;
	for (size_t i = 0; i < HS_LENGTH(keys); i++) {
		if (keys[i].kind == event->kind) {
			keys[i].act(wizard);
			return;
		}
	}
}

/* Text of many lines, wherever the focus is. */
static bool take_paste(struct wizard *wizard, const struct tui_event *event)
{
	const struct screen *screen = scr_screen(wizard->step);

	return event->kind == TUI_PASTE && screen->paste &&
	       screen->paste(wizard, event->text);
}

static void press(struct wizard *wizard, const struct tui_widget *widget)
{
	const struct screen *screen = scr_screen(wizard->step);
	int button = tui_buttons_chosen(widget);

	if (widget == wizard->pages[wizard->step].form.buttons)
		scr_press(wizard, button);
	else if (screen->press)
		screen->press(wizard, button);
}

static void handle_key(struct wizard *wizard, struct tui_event *event)
{
	struct page *page = &wizard->pages[wizard->step];
	struct tui_widget *widget;
	unsigned reaction;

	wizard->has_message = false;
	if (take_paste(wizard, event))
		return;
	tui_form_read_letter(&page->form, event);
	reaction = tui_form_handle(&page->form, event, &widget);
	if (reaction & TUI_CHANGED)
		take_answer(wizard, widget);
	if (reaction & TUI_LEFT_IT)
		scr_work_catch_up(wizard);
	if (reaction & TUI_ACTIVATED)
		press(wizard, widget);
	if (reaction == TUI_IGNORED)
		press_key(wizard, event);
}

/* Other events */

/* What is waiting is taken back at once by whoever ends the wizard; a terminal
 * that is gone ends nothing: it can still be kept from a new login. */
static void end_by_signal(struct wizard *wizard, int number)
{
	if (wizard->deadline && number == SIGHUP)
		scr_work_let_go(wizard);
	else if (wizard->deadline)
		scr_work_revert(wizard, _("the wizard was ended, so it was "
					  "taken back"));
	scr_keep(wizard);
	scr_end(wizard,
		wizard->status == HS_CONFLICT ? HS_CONFLICT : 128 + number);
}

static void be_idle(struct wizard *wizard)
{
	const struct screen *screen = scr_screen(wizard->step);

	scr_work_catch_up(wizard);
	if (screen->tick)
		screen->tick(wizard);
}

static void handle(struct wizard *wizard, struct tui_event *event)
{
	switch (event->kind) {
	case TUI_SIGNAL:
		end_by_signal(wizard, event->number);
		break;
	case TUI_HANGUP:
		end_by_signal(wizard, SIGHUP);
		break;
	case TUI_IDLE:
		be_idle(wizard);
		break;
	case TUI_RESIZE:
		/* Some rows are made for the width; the hint is about what is
		 * in sight then. */
		scr_draw_behind(wizard);
		scr_page_refresh(wizard, wizard->step);
		break;
	case TUI_REDRAW:
		repaint(wizard);
		break;
	default:
		/* Nobody presses what they cannot see; quitting asks, so it
		 * too waits until there is room. */
		if (!tui_too_small())
			handle_key(wizard, event);
	}
}

static int patience(const struct wizard *wizard)
{
	if (wizard->look_again || wizard->read_again || wizard->judge_again)
		return PAUSE_MS;
	if (wizard->glance)
		return GLANCE_MS;
	return wizard->deadline ? TICK_MS : -1;
}

static void run(struct wizard *wizard)
{
	struct tui_event event;

	while (!wizard->over) {
		scr_draw(wizard);
		tui_input_next(&event, patience(wizard));
		handle(wizard, &event);
		/* It may have been a key. */
		if (event.text)
			explicit_bzero(event.text, strlen(event.text));
		free(event.text);
	}
}

/* Beginning and end */

static void build(struct wizard *wizard)
{
	for (int step = 0; step < PAGES_MAX; step++)
		scr_page_build(wizard, scr_screen((enum step)step));
}

static void mourn(int number)
{
	fprintf(stderr,
		_("\nhttps-setup: the wizard was killed by signal %d; "
		  "`https-setup status` says what waits or was cut off, and "
		  "`https-setup --resume` goes on\n"),
		number);
}

void scr_keep_terminal(void)
{
	if (tui_keeper_start(mourn))
		hs_openssl_forked();
}

/* The first picture is there before the host is looked at; what it shows of
 * the page would only be wrong.  The process is doubled behind it, which takes
 * as long as the picture, and before anything that could hang. */
static int look(struct wizard *wizard, struct error *err)
{
	scr_say(wizard, SEVERITY_INFO, "Looking at this host ...");
	scr_draw(wizard);
	scr_keep_terminal();
	wizard->has_message = false;
	if (hs_job_look(wizard->job, err))
		return -1;
	if (scr_work_read(wizard, err))
		return -1;
	hs_job_judge(wizard->job);
	return 0;
}

static void done(struct wizard *wizard)
{
	for (int step = 0; step < PAGES_MAX; step++)
		scr_page_done(&wizard->pages[step]);
	scr_glance_end(wizard->glance);
	hs_job_outcome_done(&wizard->outcome);
	free(wizard->message);
	free(wizard->plan_problem);
	free(wizard->saved);
	free(wizard->requested);
}

static bool knows_theme(const char *name, struct error *err)
{
	for (const char *const *known = tui_theme_names; *known; known++)
		if (!name || strcmp(*known, name) == 0)
			return true;
	hs_fail(err, HS_USAGE, "there is no theme \"%s\"", name);
	hs_error_hint(err, "choose default, high-contrast or mono");
	return false;
}

static int start_terminal(const struct scr_options *options, struct error *err)
{
	struct tui_options terminal = {options->ascii, options->no_color,
				       options->no_mouse, options->theme};
	char *problem = NULL;

	if (tui_start(&terminal, &problem) == 0) {
		tui_input_start();
		return 0;
	}
	hs_fail(err, HS_CANNOT, "the screens cannot be shown: %s", problem);
	hs_error_hint(err, "--plain asks the same line by line");
	free(problem);
	return -1;
}

/* What is said after the screens: nothing when nothing was done. */
static void report(const struct wizard *wizard, char **ret_summary,
		   struct error *err)
{
	if (wizard->outcome.transaction || wizard->pages[STEP_DONE].visited)
		*ret_summary = scr_last_words(wizard);
	if (wizard->failure.code && wizard->status != HS_REVERTED)
		*err = wizard->failure;
}

void scr_give_terminal_back(void)
{
	tui_rescue();
}

int scr_wizard_run(struct job *job, const struct scr_options *options,
		   char **ret_summary, struct error *err)
{
	struct wizard wizard = {.job = job, .options = options};

	*ret_summary = NULL;
	if (!knows_theme(options->theme, err))
		return (int)err->code;
	if (start_terminal(options, err))
		return SCR_NO_TERMINAL;
	build(&wizard);
	wizard.step = options->start;
	if (look(&wizard, err)) {
		wizard.status = (int)err->code;
	} else {
		scr_go(&wizard, options->start);
		if (options->offer)
			scr_say(&wizard, SEVERITY_INFO, "%s", options->offer);
		run(&wizard);
		report(&wizard, ret_summary, err);
	}
	tui_input_stop();
	tui_stop();
	done(&wizard);
	return wizard.status;
}
