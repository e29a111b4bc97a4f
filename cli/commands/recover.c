#include "cli/command.h"
#include "cli/plain/prompt.h"
#include "cli/results/json.h"
#include "cli/results/output.h"
#include "cli/session.h"
#include "core/base/i18n.h"

static void tell(const struct options *options, const struct strings *ids,
		 const struct conflicts *conflicts, struct error *err)
{
	json_t *object;

	if (options->json) {
		object = cli_json_begin(cli_cmd_recover.name);
		json_object_set_new(object, "recovered", cli_json_strings(ids));
		json_object_set_new(object, "conflicts",
				    cli_json_conflicts(conflicts));
		cli_json_add_error(object, err);
		cli_json_print(object);
		return;
	}
	HS_EACH(id, ids)
		printf(_("%s was interrupted; it has been brought to an end\n"),
		       *id);
	if (!ids->n && !err->code)
		puts(_("nothing was interrupted"));
	cli_print_conflicts(conflicts, stderr);
}

static int run(struct options *options, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	struct strings ids = {0};
	struct conflicts conflicts = {0};
	int status;

	if (cli_session_open(options, &job, err))
		return (int)err->code;
	cli_signals_hold();
	status = hs_job_recover(&job, &ids, &conflicts, err) ? (int)err->code
							     : HS_OK;
	if (!status && conflicts.n)
		status = HS_CONFLICT;
	tell(options, &ids, &conflicts, err);
	if (!status)
		cli_signals_forget();
	cli_signals_release();
	if (options->json)
		*err = (struct error){0};
	hs_strings_done(&ids);
	hs_conflicts_done(&conflicts);
	return status;
}

const struct command cli_cmd_recover = {
	.name = "recover",
	.usage = "",
	.summary = N_("finish or undo what a crash left"),
	.help = N_(
		"Brings every transaction to its end that a crash or a power "
		"cut interrupted. It only moves files: it reads no "
		"configuration and needs no running server. Every command "
		"that writes does the same when it starts."),
	.flags = FLAGS_JSON | FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST |
		 FLAGS_YES,
	.steps = STEPS_SERVER,
	.writes = true,
	.run = run,
};
