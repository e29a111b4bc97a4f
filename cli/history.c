#include "cli/history.h"

#include <string.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/session.h"

const struct transaction_entry *cli_entry_to_undo(
	const struct transaction_entries *entries, const char *id)
{
	HS_EACH(entry, entries)
		if (id ? !strcmp(entry->id, id) : entry->state == TX_COMMITTED)
			return entry;
	return NULL;
}

static json_t *entry_as_json(const struct transaction_entry *entry)
{
	return json_pack("{so ss so so so so}", "id", cli_json_text(entry->id),
			 "state", hs_transaction_word(entry->state), "title",
			 cli_json_text(entry->title), "begun",
			 cli_json_time(entry->begun), "who",
			 cli_json_text(entry->who), "paths",
			 cli_json_strings(&entry->paths));
}

static void print_entry(const struct transaction_entry *entry)
{
	char when[24];

	cli_time_text(entry->begun, when);
	printf("%s  %s  %s  ", entry->id, when,
	       hs_transaction_word(entry->state));
	cli_print_safe(stdout, entry->title);
	if (entry->who) {
		fputs(", by ", stdout);
		cli_print_safe(stdout, entry->who);
	}
	putchar('\n');
	HS_EACH(path, &entry->paths) {
		fputs("    ", stdout);
		cli_print_safe(stdout, *path);
		putchar('\n');
	}
}

/* One view of the transactions. */
struct view {
	const struct command *command;
	bool (*shows)(const struct transaction_entry *entry);
	const char *key;   /* of its list in JSON */
	const char *empty; /* what is said when there is none */
};

static bool is_any(const struct transaction_entry *entry)
{
	(void)entry;
	return true;
}

/* What needs somebody: waiting, interrupted, in conflict. */
static bool is_open(const struct transaction_entry *entry)
{
	return entry->state != TX_COMMITTED && entry->state != TX_ROLLED_BACK;
}

static void tell_in_json(const struct view *view,
			 const struct transaction_entries *entries)
{
	json_t *object = cli_json_begin(view->command->name);
	json_t *list = json_array();

	HS_EACH(entry, entries)
		if (view->shows(entry))
			json_array_append_new(list, entry_as_json(entry));
	json_object_set_new(object, view->key, list);
	cli_json_print(object);
}

static void tell(const struct view *view,
		 const struct transaction_entries *entries)
{
	bool any = false;

	HS_EACH(entry, entries) {
		if (!view->shows(entry))
			continue;
		any = true;
		print_entry(entry);
	}
	if (!any)
		puts(view->empty);
}

static int run_view(struct options *options, const struct view *view,
		    struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	struct transaction_entries entries = {0};

	if (cli_session_open(options, &job, err) ||
	    hs_transactions_list(&job.state, &entries, err))
		return (int)err->code;
	if (options->json)
		tell_in_json(view, &entries);
	else
		tell(view, &entries);
	hs_transaction_entries_done(&entries);
	return HS_OK;
}

static int run_status(struct options *options, struct error *err)
{
	static const struct view view = {
		.command = &cli_cmd_status,
		.shows = is_open,
		.key = "open",
		.empty = "nothing is waiting or interrupted",
	};

	return run_view(options, &view, err);
}

static int run_history(struct options *options, struct error *err)
{
	static const struct view view = {
		.command = &cli_cmd_history,
		.shows = is_any,
		.key = "transactions",
		.empty = "nothing was done yet",
	};

	return run_view(options, &view, err);
}

const struct command cli_cmd_status = {
	.name = "status",
	.usage = "",
	.summary = "what is waiting or interrupted",
	.help = "Lists the transactions that wait for a confirmation, were "
		"interrupted, or ended in a conflict. `recover` brings what "
		"was interrupted to an end.",
	.flags = FLAGS_JSON | FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST |
		 FLAGS_YES,
	.steps = STEPS_SERVER,
	.run = run_status,
};

const struct command cli_cmd_history = {
	.name = "history",
	.usage = "",
	.summary = "what was done, when, by whom",
	.help = "Lists every transaction, the newest first: its id for "
		"`rollback`, when it began, how it ended, who did it, and the "
		"files it changed.",
	.flags = FLAGS_JSON | FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST |
		 FLAGS_YES,
	.steps = STEPS_SERVER,
	.run = run_history,
};
