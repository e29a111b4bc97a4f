#include "cli/work.h"

#include <unistd.h>

#include "cli/await.h"
#include "cli/command.h"
#include "cli/elsewhere.h"
#include "cli/plain/prompt.h"
#include "cli/plain/say.h"
#include "cli/results/json.h"
#include "cli/results/output.h"
#include "cli/session.h"
#include "core/base/i18n.h"

int cli_may_ask(const struct options *options, struct error *err)
{
	if (options->yes || cli_has_terminal())
		return 0;
	hs_fail(err, HS_CANNOT, "there is no terminal to ask on");
	hs_error_hint(err, "add --yes to do it without asking");
	return -1;
}

static void print_progress(enum job_stage stage, const char *text,
			   void *context)
{
	const struct apply_face *face = context;
	enum severity severity = stage == JOB_UNSTARTED	    ? SEVERITY_INFO
				 : stage == JOB_ROLLED_BACK ? SEVERITY_ERROR
							    : SEVERITY_OK;

	/* The wait is told of when it is asked about, the end with what came
	 * of it. */
	if (!face->to || stage == JOB_AWAITING || stage == JOB_FINISHED)
		return;
	if (face->is_heard)
		fprintf(face->to, "%s: ", cli_plain_word(severity));
	else
		fprintf(face->to, "%-5s ", hs_severity_mark(severity));
	cli_print_safe(face->to, text);
	putc('\n', face->to);
	fflush(face->to);
}

int cli_apply(struct job *job, struct apply_face *face,
	      struct job_outcome *ret_outcome, struct error *err)
{
	int status = 0;

	cli_signals_hold();
	if (hs_job_apply(job, print_progress, face, ret_outcome, err))
		status = err->code;
	else if (ret_outcome->transaction && ret_outcome->state == TX_AWAITING)
		status = cli_await(job, face, ret_outcome, err);
	if (!status)
		cli_signals_forget();
	cli_signals_release();
	return status;
}

int cli_refuse(const struct options *options, const struct job *job,
	       const struct plan *plan)
{
	if (options->json) {
		cli_json_print(
			cli_json_judged(options->command->name, job, plan));
		return HS_REFUSED;
	}
	cli_print_findings(&job->findings, stderr);
	cli_print_verdict(_("https-setup: refused, nothing was written:"),
			  &job->findings, stderr);
	return HS_REFUSED;
}

/* Shows the plan and asks. 0: go on. */
static int ask(const struct options *options, const struct work *work,
	       const struct job *job, struct error *err)
{
	FILE *to = options->json ? stderr : stdout;
	int answer;

	if (options->yes || hs_plan_is_empty(&job->plan))
		return 0;
	cli_print_plan(&job->plan, to);
	putc('\n', to);
	fflush(to);
	answer = cli_ask_yes(stderr, _(work->question));
	if (answer > 0)
		return 0;
	return hs_fail(err, HS_CANNOT, "%s",
		       answer ? _("the input ended; nothing was written")
			      : _("not wanted; nothing was written"));
}

static void tell_in_json(const struct options *options, const struct job *job,
			 const struct job_outcome *outcome, struct error *err)
{
	json_t *object =
		cli_json_judged(options->command->name, job, &job->plan);

	cli_json_add_outcome(object, outcome, err);
	cli_json_print(object);
	/* It has been told. */
	*err = (struct error){0};
}

static void tell(const struct options *options, const struct work *work,
		 const struct job *job, const struct job_outcome *outcome,
		 struct error *err)
{
	if (options->json) {
		tell_in_json(options, job, outcome, err);
		return;
	}
	cli_print_findings(&outcome->live, err->code ? stderr : stdout);
	if (err->code)
		cli_print_conflicts(&outcome->conflicts, stderr);
	else if (work->kind == JOB_ENABLE)
		cli_print_summary(job, outcome, stdout);
	else
		cli_print_outcome(outcome, work->done, stdout);
	if (!err->code)
		cli_print_elsewhere(job, stdout);
}

/* Applies what was planned and tells how it went. */
static int carry_out(const struct options *options, const struct work *work,
		     struct job *job, struct error *err)
{
	bool has_user = !options->yes && cli_has_terminal();
	struct apply_face face = {options->json ? NULL : stdout, has_user,
				  false};
	struct job_outcome outcome = {0};
	int status;

	if (hs_settings_origin(&job->settings, "apply.confirm-within") <
	    ORIGIN_ANSWERS)
		job->settings.confirm_within =
			has_user ? work->confirm_within : 0;
	status = cli_apply(job, &face, &outcome, err);
	if (!status && options->save_answers &&
	    cli_answers_save(job, options->save_answers, err))
		status = err->code;
	tell(options, work, job, &outcome, err);
	hs_job_outcome_done(&outcome);
	if (!status && !options->json &&
	    cli_offer_elsewhere(job, has_user, stdout, err))
		status = (int)err->code;
	return status;
}

/* Everything before the first write. 0: go on with job->plan. */
static int prepare(struct options *options, const struct work *work,
		   struct job *job, struct error *err)
{
	bool ok;

	if (cli_may_ask(options, err) || cli_session_open(options, job, err) ||
	    cli_session_recover(job, err) ||
	    hs_job_check_nothing_waits(job, err) ||
	    cli_session_look(options, job, err))
		return (int)err->code;
	if (cli_session_plan(job, work->kind, work->subjects, &ok, err))
		return (int)err->code;
	return ok ? 0 : cli_refuse(options, job, &job->plan);
}

int cli_work_run(struct options *options, const struct work *work,
		 struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	int status = prepare(options, work, &job, err);

	if (status)
		return status;
	if (!options->json)
		cli_print_findings(&job.findings, stderr);
	if (ask(options, work, &job, err))
		return (int)err->code;
	return carry_out(options, work, &job, err);
}
