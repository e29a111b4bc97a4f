/* Step 8: the change goes live, shows itself, and is kept or taken back. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/str.h"
#include "screens/screen.h"
#include "tui/input.h"
#include "tui/terminal.h"
#include "tui/widgets/dialog.h"

enum { REPORT, COUNTDOWN, WAY };

#define REPORT_ROWS 1
/* Screens as narrow as this get short sentences. */
#define NARROW 40

static void begin(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	page->own[REPORT] =
		tui_form_add(&page->form, tui_pager_new(REPORT_ROWS));
	page->own[COUNTDOWN] =
		tui_form_add(&page->form, tui_label_new(TUI_BOLD, ""));
	page->own[WAY] = tui_form_add(&page->form, tui_label_new(TUI_BOLD, ""));
}

static void set_buttons(struct page *page, const char *first, int first_key,
			const char *second, int second_key)
{
	struct tui_widget *buttons = tui_buttons_new();

	tui_buttons_add(buttons, first, first_key);
	tui_buttons_add(buttons, second, second_key);
	tui_form_set_buttons(&page->form, buttons);
	/* Neither button is pressed by a key typed ahead. */
	tui_form_focus(&page->form, page->own[REPORT]);
	tui_input_forget();
}

/* Nothing can be pressed while it works. */
static void no_buttons(struct tui_widget *buttons)
{
	(void)buttons;
}

static long long boot_ms(void)
{
	return hs_clock_boot_ns() / 1000000;
}

/* What was seen from the outside */

static void add_live(struct wizard *wizard, struct tui_widget *report)
{
	struct live_table table;

	scr_live_collect(&wizard->job->facts.probes, &wizard->job->facts.bundle,
			 &table);
	scr_live_show(&table, report);
	scr_live_done(&table);
	HS_EACH(finding, &wizard->outcome.live)
		scr_lines_finding(report, finding);
}

/* Applying */

static void progress(enum job_stage stage, const char *text, void *context)
{
	static const enum severity severities[] = {
		[JOB_UNSTARTED] = SEVERITY_INFO,
		[JOB_ROLLED_BACK] = SEVERITY_WARNING,
	};
	struct wizard *wizard = context;
	struct tui_widget *report = wizard->pages[STEP_APPLY].own[REPORT];

	scr_lines_note(report, severities[stage], "%s", text);
	tui_pager_end(report);
	scr_draw(wizard);
}

static void show_failure(struct wizard *wizard, struct page *page)
{
	struct tui_widget *report = page->own[REPORT];
	const struct error *failure = &wizard->failure;
	bool placed = strstr(failure->what, failure->where);

	scr_lines_note(report, SEVERITY_ERROR, "%s%s%s", failure->what,
		       placed ? "" : ": ", placed ? "" : failure->where);
	if (*failure->hint)
		scr_lines_note(report, SEVERITY_INFO, "%s", failure->hint);
	HS_EACH(conflict, &wizard->outcome.conflicts) {
		if (conflict->backup)
			scr_lines_note(report, SEVERITY_ERROR,
				       "%s was changed meanwhile and stays; "
				       "its version from before is %s",
				       conflict->path, conflict->backup);
		else
			scr_lines_note(
				report, SEVERITY_ERROR,
				"%s stays as it is; before there was none",
				conflict->path);
	}
	add_live(wizard, report);
	tui_label_set(page->own[COUNTDOWN],
		      wizard->status == HS_CONFLICT
			      ? _("Not everything could be taken back.")
			      : _("Everything is as it was before."));
	set_buttons(page, _("Back"), BUTTON_BACK, _("Quit"), BUTTON_QUIT);
}

static char *say_countdown(const struct wizard *wizard, bool narrow)
{
	long long left = (wizard->deadline - boot_ms() + 999) / 1000;
	long long minutes = left < 0 ? 0 : left / 60;
	long long seconds = left < 0 ? 0 : left % 60;

	if (wizard->may_keep)
		return hs_format(narrow ? _("Undone in %lld:%02lld unless kept")
					: _("Undone by itself in %lld:%02lld "
					    "unless you keep it"),
				 minutes, seconds);
	return hs_format(narrow ? _("Undone in %lld:%02lld. In a NEW login:")
				: _("Undone by itself in %lld:%02lld unless "
				    "you confirm from a NEW login:"),
			 minutes, seconds);
}

/* What keeps it stays in sight on small screens too. */
static void show_countdown(struct wizard *wizard, struct page *page)
{
	bool narrow = tui_columns() < NARROW;
	hs_auto_free char *text = say_countdown(wizard, narrow);
	hs_auto_free char *way =
		hs_format("%shttps-setup confirm %s", narrow ? "" : "    ",
			  wizard->outcome.code);

	tui_label_set(page->own[COUNTDOWN], text);
	tui_label_set(page->own[WAY], way);
	page->own[WAY]->hidden = false;
}

static void await(struct wizard *wizard, struct page *page)
{
	wizard->deadline =
		boot_ms() + 1000LL * wizard->job->settings.confirm_within;
	wizard->may_keep = !hs_job_may_keep(wizard->job, NULL);
	add_live(wizard, page->own[REPORT]);
	tui_pager_end(page->own[REPORT]);
	show_countdown(wizard, page);
	set_buttons(page,
		    wizard->may_keep ? _("Keep") : _("Keep (console only)"),
		    BUTTON_KEEP, _("Take it back"), BUTTON_REVERT);
	tui_buttons_abbreviate(page->form.buttons, BUTTON_KEEP, "Keep");
}

/* Earlier attempts are over. */
static void start_over(struct wizard *wizard, struct page *page)
{
	hs_job_outcome_done(&wizard->outcome);
	wizard->outcome = (struct job_outcome){0};
	wizard->failure = (struct error){0};
	tui_pager_clear(page->own[REPORT]);
	tui_label_set(page->own[COUNTDOWN], _("Applying ..."));
	page->own[WAY]->hidden = true;
	tui_form_set_buttons(&page->form, tui_buttons_new());
	tui_form_focus(&page->form, page->own[REPORT]);
}

static void enter(struct wizard *wizard, struct page *page)
{
	start_over(wizard, page);
	scr_draw(wizard);
	if (hs_job_apply(wizard->job, progress, wizard, &wizard->outcome,
			 &wizard->failure)) {
		wizard->status = (int)wizard->failure.code;
		show_failure(wizard, page);
		return;
	}
	wizard->status = HS_OK;
	if (wizard->outcome.state == TX_AWAITING)
		await(wizard, page);
	else
		scr_go(wizard, STEP_DONE);
}

/* While it waits */

/* On another width. */
static void refresh(struct wizard *wizard, struct page *page)
{
	if (wizard->deadline)
		show_countdown(wizard, page);
}

static void tick(struct wizard *wizard)
{
	if (!wizard->deadline)
		return;
	if (scr_work_still_waits(wizard))
		show_countdown(wizard, &wizard->pages[STEP_APPLY]);
	else
		scr_go(wizard, STEP_DONE);
}

/* Leaving is deciding, while something waits. */
static void decide(struct wizard *wizard)
{
	static const struct tui_answer answers[] = {
		{N_("Wait"), 0}, {N_("Take it back"), BUTTON_REVERT}};
	const struct tui_dialog dialog = {
		.title = N_("The change waits"),
		.text = N_(
			"The new configuration is live but not kept yet. "
			"Take it back? Otherwise look at the site, then keep "
			"it here."),
		.answers = answers,
		.count = HS_LENGTH(answers),
		.draw_behind = scr_draw_behind,
		.context = wizard,
	};

	if (!wizard->deadline)
		scr_go(wizard, STEP_REVIEW);
	else if (tui_ask(&dialog) == BUTTON_REVERT)
		scr_press(wizard, BUTTON_REVERT);
}

static void quit(struct wizard *wizard)
{
	if (wizard->deadline)
		decide(wizard);
	else
		scr_end(wizard, wizard->status);
}

const struct screen scr_apply = {
	.step = STEP_APPLY,
	.begin = begin,
	.buttons = no_buttons,
	.enter = enter,
	.refresh = refresh,
	.back = decide,
	.quit = quit,
	.tick = tick,
};
