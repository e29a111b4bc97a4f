/* What apply would do: `check` says whether it can, `plan` shows it. */
#include "cli/command.h"
#include "cli/results/json.h"
#include "cli/results/output.h"
#include "cli/session.h"
#include "core/base/i18n.h"

/* Everything but the writing.  What stands in the way may show only while
 * planning, so `check` plans too; it alone asks for the name's addresses. */
static int look_ahead(struct options *options, bool resolves, struct job *job,
		      bool *ret_ok, struct error *err)
{
	if (cli_session_open(options, job, err) ||
	    cli_session_look(options, job, err))
		return -1;
	if (resolves) {
		hs_job_resolve(job);
		hs_job_judge(job);
	}
	if (cli_session_plan(job, JOB_ENABLE, NULL, ret_ok, err))
		return -1;
	return options->save_answers
		       ? cli_answers_save(job, options->save_answers, err)
		       : 0;
}

static void tell_check(const struct job *job, bool ok)
{
	cli_print_findings(&job->findings, stdout);
	cli_print_verdict(ok ? _("the settings can be applied:")
			     : _("refused:"),
			  &job->findings, stdout);
}

static int run_check(struct options *options, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	bool ok;

	if (look_ahead(options, true, &job, &ok, err))
		return (int)err->code;
	if (options->json)
		cli_json_print(
			cli_json_judged(options->command->name, &job, NULL));
	else
		tell_check(&job, ok);
	return ok ? HS_OK : HS_REFUSED;
}

const struct command cli_cmd_check = {
	.name = "check",
	.usage = "SETTINGS",
	.summary = N_("validate the settings; write nothing"),
	.help = N_(
		"Looks at the host and the certificate and says what is wrong "
		"with the settings, what is doubtful, and what to do about "
		"it. Exit status 1 when apply would refuse them."),
	.flags = FLAGS_JSON | FLAGS_ANSWERS | FLAGS_SECRET | FLAGS_SAVE |
		 FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST | FLAGS_PROBE,
	.steps = STEPS_ALL,
	.run = run_check,
};

static void tell_plan(const struct job *job, bool ok)
{
	cli_print_findings(&job->findings, stderr);
	if (ok) {
		cli_print_plan(&job->plan, stdout);
		return;
	}
	cli_print_verdict(_("refused:"), &job->findings, stderr);
}

static int run_plan(struct options *options, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	bool ok;

	if (look_ahead(options, false, &job, &ok, err))
		return (int)err->code;
	if (options->json)
		cli_json_print(cli_json_judged(options->command->name, &job,
					       &job.plan));
	else
		tell_plan(&job, ok);
	return ok ? HS_OK : HS_REFUSED;
}

const struct command cli_cmd_plan = {
	.name = "plan",
	.usage = "SETTINGS",
	.summary =
		N_("show every change as a diff, every command; write nothing"),
	.help = N_(
		"Validates the settings and prints all that apply would do: "
		"every change as a unified diff, every command, each with its "
		"reason and its undo."),
	.flags = FLAGS_JSON | FLAGS_ANSWERS | FLAGS_SECRET | FLAGS_SAVE |
		 FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST | FLAGS_PROBE,
	.steps = STEPS_ALL,
	.run = run_plan,
};
