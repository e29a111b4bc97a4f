#include "cli/command.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/session.h"

static int tell(const struct job *job, bool ok)
{
	cli_print_findings(&job->findings, stderr);
	if (ok) {
		cli_print_plan(&job->plan, stdout);
		return HS_OK;
	}
	fputs("refused: ", stderr);
	cli_print_count(&job->findings, stderr);
	return HS_REFUSED;
}

static int tell_in_json(const struct job *job, bool ok)
{
	json_t *object = cli_json_begin(cli_cmd_plan.name);

	cli_json_add_check(object, job);
	cli_json_add_plan(object, &job->plan);
	cli_json_print(object);
	return ok ? HS_OK : HS_REFUSED;
}

static int run(struct options *options, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	bool ok;

	if (cli_session_open(options, &job, err) ||
	    cli_session_look(options, &job, err) ||
	    cli_session_plan(&job, JOB_ENABLE, NULL, &ok, err))
		return (int)err->code;
	if (options->save_answers &&
	    cli_answers_save(&job, options->save_answers, err))
		return (int)err->code;
	return options->json ? tell_in_json(&job, ok) : tell(&job, ok);
}

const struct command cli_cmd_plan = {
	.name = "plan",
	.usage = "SETTINGS",
	.summary = "show every change as a diff, every command; write nothing",
	.help = "Validates the settings and prints all that apply would do: "
		"every change as a unified diff, every command, each with its "
		"reason and its undo.",
	.flags = FLAGS_JSON | FLAGS_ANSWERS | FLAGS_SECRET | FLAGS_SAVE |
		 FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST | FLAGS_PROBE,
	.steps = STEPS_ALL,
	.run = run,
};
