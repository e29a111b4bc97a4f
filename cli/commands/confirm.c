#include <string.h>

#include "cli/command.h"
#include "cli/plain/prompt.h"
#include "cli/results/json.h"
#include "cli/results/output.h"
#include "cli/session.h"
#include "core/base/i18n.h"

/* Opens the job and finds what waits; what nobody can keep any more is taken
 * back first. */
static int find(struct options *options, struct job *job,
		struct transaction_entry *ret_entry, struct error *err)
{
	if (cli_session_open(options, job, err) ||
	    cli_session_recover(job, err))
		return -1;
	if (!hs_job_find_waiting(job, ret_entry))
		return 0;
	hs_fail(err, HS_CANNOT, "nothing is waiting to be confirmed");
	hs_error_hint(err, "see https-setup history");
	return -1;
}

static void tell(const struct options *options,
		 const struct job_outcome *outcome, const char *done,
		 struct error *err)
{
	json_t *object;

	if (!options->json) {
		if (err->code)
			cli_print_conflicts(&outcome->conflicts, stderr);
		else
			cli_print_outcome(outcome, done, stdout);
		return;
	}
	object = cli_json_begin(options->command->name);
	cli_json_add_outcome(object, outcome, err);
	cli_json_print(object);
}

/* Asks for the code where somebody can be asked. */
static int ask_code(const struct options *options,
		    const struct transaction_entry *entry, struct str *code)
{
	hs_auto_free char *prompt = NULL;

	if (options->arguments.n) {
		hs_str_puts(code, options->arguments.items[0]);
		return 0;
	}
	if (!entry->strict || options->yes || options->json ||
	    !cli_has_terminal())
		return 0;
	prompt = hs_format(_("%s by %s, another %d s. Its code:"), entry->id,
			   entry->who, entry->left);
	cli_prompt(stderr, prompt);
	return cli_read_line(code);
}

static int keep(struct options *options, struct job *job,
		const struct transaction_entry *entry,
		struct job_outcome *outcome, struct error *err)
{
	hs_auto_str struct str code = {0};
	int status = 0;

	if (ask_code(options, entry, &code) ||
	    hs_job_confirm(job, entry->id, code.len ? code.data : NULL, outcome,
			   err))
		status = err->code ? (int)err->code : HS_CANNOT;
	if (err->code && !outcome->state)
		outcome->state = TX_AWAITING;
	return status;
}

static int take_back(struct options *options, struct job *job,
		     const struct transaction_entry *entry,
		     struct job_outcome *outcome, struct error *err)
{
	(void)options;
	if (hs_job_end(job, entry->id, WHY_REVERTED, NULL, outcome, err))
		return (int)err->code;
	if (outcome->state == TX_COMMITTED)
		hs_fail(err, HS_CANNOT, "too late: it was kept meanwhile");
	return (int)err->code;
}

/* Ends what waits, by one of the two above; `done` is the word for it. */
static int end(struct options *options,
	       int (*by)(struct options *options, struct job *job,
			 const struct transaction_entry *entry,
			 struct job_outcome *outcome, struct error *err),
	       const char *done, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	struct job_outcome outcome = {0};
	struct transaction_entry entry;
	int status;

	if (find(options, &job, &entry, err))
		return (int)err->code;
	cli_signals_hold();
	status = by(options, &job, &entry, &outcome, err);
	tell(options, &outcome, done, err);
	if (!status)
		cli_signals_forget();
	cli_signals_release();
	hs_transaction_entry_done(&entry);
	hs_job_outcome_done(&outcome);
	if (options->json)
		*err = (struct error){0};
	return status;
}

static int run_confirm(struct options *options, struct error *err)
{
	return end(options, keep, _("confirmed"), err);
}

static int run_revert(struct options *options, struct error *err)
{
	return end(options, take_back, _("taken back"), err);
}

const struct command cli_cmd_confirm = {
	.name = "confirm",
	.usage = "[CODE]",
	.summary = N_("keep what waits to be confirmed"),
	.help = N_(
		"Keeps the change that waits. The code stands where the change "
		"was made. A change made over SSH is kept only from a login "
		"that began after it: a connection that stood before does not "
		"prove that the next one gets through. After five wrong codes "
		"only `revert` is left. What a script applied (--yes) can be "
		"confirmed by any other process, also without the code."),
	.flags = FLAGS_JSON | FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST |
		 FLAGS_PROBE | FLAGS_YES,
	.steps = STEPS_SERVER,
	.arguments = 1,
	.writes = true,
	.run = run_confirm,
};

const struct command cli_cmd_revert = {
	.name = "revert",
	.usage = "",
	.summary = N_("take back at once what waits to be confirmed"),
	.help = N_("Takes back the change that waits, without waiting for its "
		   "time to be over: every file as it was, the server loaded "
		   "again, and what it answers compared with what it answered "
		   "before."),
	.flags = FLAGS_JSON | FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST |
		 FLAGS_PROBE | FLAGS_YES,
	.steps = STEPS_SERVER,
	.writes = true,
	.run = run_revert,
};
