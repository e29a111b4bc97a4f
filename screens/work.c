/* What the wizard has the job do. */
#include <string.h>

#include "core/apply/job/watch.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/str.h"
#include "screens/screen.h"
#include "tui/input.h"

/* What is done faster is not worth a word. */
#define NOTICED_MS 100
/* Keys that were pressed meanwhile. */
#define KEPT_MAX 32

struct waiting {
	struct wizard *wizard;
	const char *what; /* is waited for */
	long long since;
	bool told, cancelled;
	struct tui_event kept[KEPT_MAX];
	size_t n;
};

/* Answers that need more than the rules: which of the two has to be done
 * again.  A self-signed certificate is made for the name. */
static void mark_stale(struct wizard *wizard, const struct question *question)
{
	bool server = strcmp(question->id, "server") == 0 ||
		      strncmp(question->id, "server-", 7) == 0;
	bool certificate = question->step == STEP_CERTIFICATE ||
			   (question->step == STEP_NAME &&
			    wizard->job->settings.certificate_self_signed);

	wizard->look_again |= server;
	wizard->read_again |= certificate;
}

static void judge(struct wizard *wizard)
{
	hs_job_judge(wizard->job);
	scr_page_refresh(wizard, wizard->step);
}

void scr_work_answered(struct wizard *wizard, const struct question *question)
{
	wizard->planned = false;
	mark_stale(wizard, question);
	/* Half a word is judged when the other half does not come, and costs
	 * a slow line nothing until then. */
	if (tui_form_takes_text(&wizard->pages[wizard->step].form))
		wizard->judge_again = true;
	else
		judge(wizard);
}

static bool asks_to_stop(const struct tui_event *event)
{
	return event->kind == TUI_ESCAPE || event->kind == TUI_QUIT ||
	       event->kind == TUI_SIGNAL || event->kind == TUI_HANGUP;
}

/* Esc and Ctrl-C are meant for what is waited for; the rest was typed ahead. */
static void take_event(struct waiting *waiting, struct tui_event *event)
{
	bool is_key = event->kind != TUI_ESCAPE && event->kind != TUI_QUIT;

	waiting->cancelled |= asks_to_stop(event);
	if (event->kind == TUI_RESIZE)
		scr_draw(waiting->wizard);
	else if (is_key)
		waiting->kept[waiting->n++] = *event;
	else
		free(event->text);
}

/* Asked over and over while a certificate is read, or the resolver asked. */
static bool is_cancelled(void *context)
{
	struct waiting *waiting = context;
	struct tui_event event;

	if (waiting->cancelled || hs_clock_ms() - waiting->since < NOTICED_MS)
		return waiting->cancelled;
	if (!waiting->told) {
		scr_say(waiting->wizard, SEVERITY_INFO, "%s", _(waiting->what));
		scr_draw(waiting->wizard);
		waiting->told = true;
	}
	/* A terminal that is gone says so over and over; what is not kept is
	 * left where it is. */
	while (!waiting->cancelled && waiting->n < KEPT_MAX) {
		tui_input_next(&event, 0);
		if (event.kind == TUI_IDLE)
			break;
		take_event(waiting, &event);
	}
	return waiting->cancelled;
}

static void end_waiting(struct waiting *waiting)
{
	waiting->wizard->job->options.patience = NULL;
	for (size_t i = 0; i < waiting->n; i++)
		tui_input_return(&waiting->kept[i]);
	if (waiting->told)
		waiting->wizard->has_message = false;
}

int scr_work_read(struct wizard *wizard, struct error *err)
{
	struct waiting waiting = {
		.wizard = wizard,
		.what = N_("Reading the certificate ... Esc cancels"),
		.since = hs_clock_ms(),
	};
	const struct cert_patience patience = {is_cancelled, &waiting};
	struct job *job = wizard->job;
	int status;

	job->options.patience = &patience;
	status = hs_job_read_certificate(job, err);
	end_waiting(&waiting);
	if (waiting.cancelled)
		scr_say(wizard, SEVERITY_WARNING,
			"Reading was cancelled. To read it again, change the "
			"file or the passphrase.");
	return status;
}

/* A secret that was taken does not stay in its field, which then says no more
 * than that there is one. */
static void forget_secrets(struct wizard *wizard, struct page *page)
{
	const struct tui_widget *focused = tui_form_focused(&page->form);
	bool here = page == &wizard->pages[wizard->step];

	for (size_t i = 0; i < page->n; i++) {
		struct asked *asked = &page->asked[i];

		if (asked->question->kind != QUESTION_SECRET ||
		    !asked->touched || (here && asked->widget == focused))
			continue;
		tui_field_set(asked->widget, "");
		asked->touched = false;
		scr_answer_load(asked, &wizard->job->settings);
	}
}

bool scr_work_catch_up(struct wizard *wizard)
{
	struct error err = {0};

	for (int step = 0; step < PAGES_MAX; step++)
		forget_secrets(wizard, &wizard->pages[step]);
	if (!wizard->look_again && !wizard->read_again && !wizard->judge_again)
		return false;
	if (wizard->look_again && hs_job_look(wizard->job, &err))
		scr_say(wizard, SEVERITY_ERROR, "%s", err.what);
	err = (struct error){0};
	if (wizard->read_again && scr_work_read(wizard, &err))
		scr_say(wizard, SEVERITY_ERROR, "%s", err.what);
	wizard->look_again = wizard->read_again = wizard->judge_again = false;
	judge(wizard);
	return true;
}

/* What the name leads to is good to know, and nothing to wait for. */
static void resolve(struct wizard *wizard)
{
	struct waiting waiting = {
		.wizard = wizard,
		.what = N_("Looking the name up ... Esc goes on without"),
		.since = hs_clock_ms(),
	};
	const struct cert_patience patience = {is_cancelled, &waiting};

	wizard->job->options.patience = &patience;
	hs_job_resolve(wizard->job);
	end_waiting(&waiting);
	if (waiting.cancelled)
		scr_say(wizard, SEVERITY_INFO, "The name was not looked up.");
}

void scr_work_plan(struct wizard *wizard)
{
	struct error err = {0};

	hs_replace(&wizard->plan_problem, NULL);
	resolve(wizard);
	hs_job_judge(wizard->job);
	/* Whoever begins here, or resumes, may lack what a plan is made of. */
	wizard->plan_problem = scr_obstacle(wizard, STEP_FIREWALL);
	wizard->planned = !wizard->plan_problem &&
			  hs_job_plan(wizard->job, JOB_ENABLE, &err) == 0;
	if (!wizard->planned && !wizard->plan_problem)
		wizard->plan_problem =
			*err.where ? hs_format("%s (%s)", err.what, err.where)
				   : hs_strdup(err.what);
}

static void take_back(struct wizard *wizard, enum why reason, const char *why)
{
	struct error err = {0};

	wizard->deadline = 0;
	if (hs_job_take_back(wizard->job, reason, &wizard->outcome, &err)) {
		wizard->failure = err;
		wizard->status = err.code ? (int)err.code : HS_CONFLICT;
		return;
	}
	if (wizard->outcome.state == TX_COMMITTED) {
		wizard->status = HS_OK; /* somebody was faster */
		return;
	}
	wizard->failure = (struct error){0};
	hs_fail(&wizard->failure, HS_REVERTED, "%s", why);
	wizard->status = HS_REVERTED;
}

void scr_work_revert(struct wizard *wizard, const char *why)
{
	take_back(wizard, WHY_REVERTED, why);
}

/* Another login, or the watchdog, was faster. */
static void tell_end(struct wizard *wizard)
{
	const struct job_outcome *outcome = &wizard->outcome;

	wizard->deadline = 0;
	wizard->status = HS_OK;
	if (outcome->state == TX_COMMITTED)
		return;
	wizard->failure = (struct error){0};
	if (outcome->state != TX_ROLLED_BACK)
		hs_fail(&wizard->failure, HS_CONFLICT,
			"not everything could be taken back: see https-setup "
			"history");
	else if (outcome->why == WHY_REVERTED)
		hs_fail(&wizard->failure, HS_REVERTED, "taken back by %s",
			outcome->ended_by ? outcome->ended_by : "somebody");
	else
		hs_fail(&wizard->failure, HS_REVERTED,
			"nobody kept it in time, so it was taken back");
	wizard->status = (int)wizard->failure.code;
}

bool scr_work_still_waits(struct wizard *wizard)
{
	int left;

	if (hs_job_still_waits(wizard->job, &wizard->outcome, &left))
		return true;
	if (wizard->job->waiting)
		take_back(wizard, WHY_EXPIRED,
			  _("nobody kept it in time, so it was taken back"));
	else
		tell_end(wizard);
	return false;
}

bool scr_work_keep(struct wizard *wizard)
{
	struct error err = {0};

	if (hs_job_may_keep(wizard->job, &err) && err.code == HS_REFUSED) {
		scr_say(wizard, SEVERITY_WARNING, "%s; %s", err.what, err.hint);
		return false;
	}
	err = (struct error){0};
	wizard->deadline = 0;
	if (hs_job_keep(wizard->job, &wizard->outcome, &err)) {
		wizard->failure = err;
		wizard->status = (int)err.code;
	}
	return true;
}

void scr_work_let_go(struct wizard *wizard)
{
	if (wizard->job->waiting &&
	    hs_watch_is_on(&wizard->job->state, wizard->job->waiting))
		wizard->deadline = 0;
	else
		scr_work_revert(wizard, _("the wizard was ended, so it was "
					  "taken back"));
}
