/* From step to step. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "screens/screen.h"
#include "tui/widgets/dialog.h"

void scr_end(struct wizard *wizard, int status)
{
	wizard->status = status;
	wizard->over = true;
}

void scr_keep(const struct wizard *wizard)
{
	if (wizard->options->keep)
		wizard->options->keep(wizard->job, wizard->step);
}

void scr_go(struct wizard *wizard, enum step step)
{
	struct page *page = &wizard->pages[step];
	bool moves = wizard->step != step;

	wizard->step = step;
	if (moves)
		scr_keep(wizard);
	scr_page_refresh(wizard, step);
	if (!page->visited)
		tui_form_focus(&page->form, NULL);
	page->visited = true;
	scr_offer_reasons(wizard, page);
	if (scr_screen(step)->enter)
		scr_screen(step)->enter(wizard, page);
	if (wizard->step == step)
		scr_page_refresh(wizard, step);
}

/* An answer of the step that could not be taken. */
static const char *refused_on(const struct page *page)
{
	for (size_t i = 0; i < page->n; i++)
		if (page->asked[i].refused)
			return page->asked[i].refused;
	return NULL;
}

static const struct finding *error_of(const struct wizard *wizard,
				      enum step step)
{
	HS_EACH(finding, &wizard->job->findings)
		if (finding->severity == SEVERITY_ERROR &&
		    scr_step_of(finding) == step)
			return finding;
	return NULL;
}

char *scr_obstacle(const struct wizard *wizard, enum step step)
{
	for (enum step s = STEP_SERVER; s <= step; s++) {
		const char *refused = refused_on(&wizard->pages[s]);
		const struct finding *finding = error_of(wizard, s);
		const char *what = refused   ? refused
				   : finding ? finding->message
					     : NULL;

		if (what && s == wizard->step)
			return hs_strdup(what);
		if (what)
			return hs_format("%s: %s", _(hs_step_title(s)), what);
	}
	return NULL;
}

/* The focus goes to what stands in the way, so that it is in sight. */
static void focus_obstacle(struct wizard *wizard)
{
	struct page *page = &wizard->pages[wizard->step];
	const struct finding *finding = error_of(wizard, wizard->step);
	struct asked *asked = NULL;

	for (size_t i = 0; i < page->n && !asked; i++)
		if (page->asked[i].refused)
			asked = &page->asked[i];
	if (!asked && finding && finding->question)
		asked = scr_asked_by_id(page, finding->question);
	if (asked && !asked->widget->hidden)
		tui_form_focus(&page->form, asked->widget);
}

/* The step before or after that is there at all. */
static enum step beside(const struct wizard *wizard, enum step step, int way)
{
	int other = (int)step + way;

	while (!hs_step_is_there((enum step)other, &wizard->job->settings))
		other += way;
	return (enum step)other;
}

void scr_next(struct wizard *wizard)
{
	hs_auto_free char *obstacle = NULL;

	scr_work_catch_up(wizard);
	if (wizard->step >= STEP_REVIEW) {
		scr_say(wizard, SEVERITY_INFO,
			"Choose a button: Tab moves to them.");
		return;
	}
	obstacle = scr_obstacle(wizard, wizard->step);
	if (!obstacle) {
		scr_go(wizard, beside(wizard, wizard->step, 1));
		return;
	}
	scr_say(wizard, SEVERITY_ERROR, "%s", obstacle);
	focus_obstacle(wizard);
}

void scr_back(struct wizard *wizard)
{
	const struct screen *screen = scr_screen(wizard->step);

	scr_work_catch_up(wizard);
	if (screen->back)
		screen->back(wizard);
	else if (wizard->step == STEP_SERVER)
		scr_say(wizard, SEVERITY_INFO,
			"This is the first step; F10 or q quits.");
	else
		scr_go(wizard, beside(wizard, wizard->step, -1));
}

/* What is lost by quitting, and what is not. */
static char *say_what_stays(const struct wizard *wizard)
{
	hs_auto_free char *safe = NULL;

	if (!wizard->requested)
		return hs_strdup(
			_("Nothing has been changed. What you answered "
			  "here is forgotten."));
	safe = hs_text_safe(wizard->requested, strlen(wizard->requested), 0);
	return hs_format(_("The server has not been changed. The request for "
			   "your CA stays at %s, with its key beside it; come "
			   "back to finish it when the CA has answered."),
			 safe);
}

void scr_cure(struct wizard *wizard, const char *question, const char *id)
{
	const struct finding finding = {.id = id, .question = question};
	enum step step = scr_step_of(&finding);
	struct asked *asked;

	if (step >= STEP_REVIEW) {
		scr_say(wizard, SEVERITY_INFO,
			"No step of the wizard changes this.");
		return;
	}
	scr_go(wizard, step);
	asked = question ? scr_asked_by_id(&wizard->pages[step], question)
			 : NULL;
	if (asked && !asked->widget->hidden)
		tui_form_focus(&wizard->pages[step].form, asked->widget);
}

static void ask_quit(struct wizard *wizard)
{
	static const struct tui_answer answers[] = {{N_("Stay"), 0},
						    {N_("Quit"), BUTTON_QUIT}};
	hs_auto_free char *text = say_what_stays(wizard);
	const struct tui_dialog dialog = {
		.title = N_("Quit?"),
		.text = text,
		.answers = answers,
		.count = HS_LENGTH(answers),
		.draw_behind = scr_draw_behind,
		.context = wizard,
	};

	if (tui_ask(&dialog) == BUTTON_QUIT)
		/* A failure to apply stays what the wizard ends with. */
		scr_end(wizard, wizard->status ? wizard->status : HS_CANNOT);
}

/* Buttons */

static void press_quit(struct wizard *wizard)
{
	const struct screen *screen = scr_screen(wizard->step);

	if (screen->quit)
		screen->quit(wizard);
	else
		ask_quit(wizard);
}

/* The file beside the operator's own, unless --save-answers named one. */
static void press_save(struct wizard *wizard)
{
	const char *path = wizard->options->save_answers;
	hs_auto_free char *usual = NULL;
	struct error err = {0};

	if (!wizard->options->save) {
		scr_say(wizard, SEVERITY_WARNING,
			"Answers cannot be saved here.");
		return;
	}
	if (!path)
		path = usual = hs_format("%s.xml", wizard->job->settings.name);
	if (wizard->options->save(wizard->job, path, &err)) {
		scr_tell_error(wizard, "Answers", &err);
		return;
	}
	hs_replace(&wizard->saved, path);
	if (wizard->job->settings.certificate_text)
		scr_say(wizard, SEVERITY_WARNING,
			"Saved to %s, without what was pasted: keep that in "
			"a file and add --cert FILE.",
			path);
	else
		scr_say(wizard, SEVERITY_OK, "Saved to %s, without secrets.",
			path);
}

/* Never while something stands in the way. */
static void press_apply(struct wizard *wizard)
{
	hs_auto_free char *obstacle = NULL;

	scr_work_catch_up(wizard);
	if (!wizard->planned)
		scr_go(wizard, STEP_REVIEW);
	obstacle = scr_obstacle(wizard, STEP_REVIEW);
	if (!obstacle && wizard->plan_problem)
		obstacle = hs_strdup(wizard->plan_problem);
	if (obstacle)
		scr_say(wizard, SEVERITY_ERROR, "%s", obstacle);
	else
		scr_go(wizard, STEP_APPLY);
}

static void press_keep(struct wizard *wizard)
{
	if (scr_work_keep(wizard))
		scr_go(wizard, STEP_DONE);
}

static void press_revert(struct wizard *wizard)
{
	scr_work_revert(wizard, _("taken back, as you asked"));
	scr_go(wizard, STEP_DONE);
}

static void press_look(struct wizard *wizard)
{
	scr_go(wizard, (enum step)STEP_DOCTOR);
}

static void press_finish(struct wizard *wizard)
{
	scr_end(wizard, wizard->status);
}

void scr_press(struct wizard *wizard, enum button button)
{
	static void (*const presses[])(struct wizard * wizard) = {
		[BUTTON_BACK] = scr_back,	[BUTTON_NEXT] = scr_next,
		[BUTTON_QUIT] = press_quit,	[BUTTON_SAVE] = press_save,
		[BUTTON_APPLY] = press_apply,	[BUTTON_KEEP] = press_keep,
		[BUTTON_REVERT] = press_revert, [BUTTON_FINISH] = press_finish,
		[BUTTON_LOOK] = press_look,
	};

	presses[button](wizard);
}
