#include <string.h>

#include "cli/command.h"
#include "cli/commands/history.h"
#include "cli/plain/prompt.h"
#include "cli/results/json.h"
#include "cli/results/output.h"
#include "cli/session.h"
#include "cli/work.h"
#include "core/base/i18n.h"

/* What is about to be undone, for the question. */
static void print_entry(const struct transaction_entry *entry)
{
	char when[24];

	cli_time_text(entry->begun, when);
	fprintf(stderr, "%s, %s: ", entry->id, when);
	cli_print_safe(stderr, entry->title);
	putc('\n', stderr);
	HS_EACH(path, &entry->paths)
		cli_print_row(stderr, _("undoes"), *path);
}

/* Shows what would be undone and asks. 0: go on. */
static int ask(const struct options *options, const struct job *job,
	       const char *id, struct error *err)
{
	struct transaction_entries entries = {0};
	const struct transaction_entry *entry;
	int answer;

	if (options->yes)
		return 0;
	if (hs_transactions_list(&job->state, &entries, err))
		return -1;
	entry = cli_entry_to_undo(&entries, id);
	if (entry)
		print_entry(entry);
	answer = entry ? cli_ask_yes(stderr, _("Undo it?")) : 1;
	hs_transaction_entries_done(&entries);
	if (answer > 0)
		return 0;
	return hs_fail(err, HS_CANNOT, "%s",
		       answer ? _("the input ended; nothing was written")
			      : _("not wanted; nothing was written"));
}

static void tell(const struct options *options,
		 const struct job_outcome *outcome, struct error *err)
{
	json_t *object;

	if (!options->json && !err->code) {
		cli_print_outcome(outcome, N_("undone"), stdout);
	} else if (!options->json) {
		cli_print_conflicts(&outcome->conflicts, stderr);
	} else {
		object = cli_json_begin(cli_cmd_rollback.name);
		cli_json_add_outcome(object, outcome, err);
		cli_json_print(object);
	}
}

static int run(struct options *options, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	struct job_outcome outcome = {0};
	const char *id =
		options->arguments.n ? options->arguments.items[0] : NULL;
	int status;

	if (cli_may_ask(options, err) || cli_session_open(options, &job, err) ||
	    cli_session_recover(&job, err) ||
	    hs_job_check_nothing_waits(&job, err) ||
	    ask(options, &job, id, err))
		return (int)err->code;
	cli_signals_hold();
	status = hs_job_rollback(&job, id, &outcome, err) ? (int)err->code : 0;
	if (!status)
		cli_signals_forget();
	tell(options, &outcome, err);
	cli_signals_release();
	hs_job_outcome_done(&outcome);
	if (options->json)
		*err = (struct error){0};
	return status;
}

const struct command cli_cmd_rollback = {
	.name = "rollback",
	.usage = "[ID]",
	.summary = N_("undo a finished transaction (default: the last one)"),
	.help = N_(
		"Puts back every byte that a transaction changed, and reloads "
		"the server. A file that somebody has edited since is left "
		"alone and named, with the paths of both versions: exit "
		"status 5. `history` lists the transactions."),
	.flags = FLAGS_JSON | FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST |
		 FLAGS_PROBE | FLAGS_YES,
	.steps = STEPS_SERVER,
	.arguments = 1,
	.writes = true,
	.run = run,
};
