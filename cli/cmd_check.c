#include "cli/command.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/session.h"

static int tell(const struct job *job, bool ok)
{
	cli_print_findings(&job->findings, stdout);
	fputs(ok ? "the settings can be applied: " : "refused: ", stdout);
	cli_print_count(&job->findings, stdout);
	return ok ? HS_OK : HS_REFUSED;
}

static int tell_in_json(const struct job *job, bool ok)
{
	json_t *object = cli_json_begin(cli_cmd_check.name);

	cli_json_add_check(object, job);
	cli_json_print(object);
	return ok ? HS_OK : HS_REFUSED;
}

static int run(struct options *options, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	bool ok;

	if (cli_session_open(options, &job, err) ||
	    cli_session_look(options, &job, err))
		return (int)err->code;
	hs_job_resolve(&job);
	hs_job_judge(&job);
	/* Some of what stands in the way shows only while planning. */
	if (cli_session_plan(&job, JOB_ENABLE, NULL, &ok, err))
		return (int)err->code;
	if (options->save_answers &&
	    cli_answers_save(&job, options->save_answers, err))
		return (int)err->code;
	return options->json ? tell_in_json(&job, ok) : tell(&job, ok);
}

const struct command cli_cmd_check = {
	.name = "check",
	.usage = "SETTINGS",
	.summary = "validate the settings; write nothing",
	.help = "Looks at the host and the certificate and says what is wrong "
		"with the settings, what is doubtful, and what to do about "
		"it. Exit status 1 when apply would refuse them.",
	.flags = FLAGS_JSON | FLAGS_ANSWERS | FLAGS_SECRET | FLAGS_SAVE |
		 FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST | FLAGS_PROBE,
	.steps = STEPS_ALL,
	.run = run,
};
