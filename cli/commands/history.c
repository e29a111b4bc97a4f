#include "cli/commands/history.h"

#include <string.h>

#include "cli/command.h"
#include "cli/results/json.h"
#include "cli/results/narrow.h"
#include "cli/results/output.h"
#include "cli/session.h"
#include "core/base/i18n.h"

const struct transaction_entry *cli_entry_to_undo(
	const struct transaction_entries *entries, const char *id)
{
	HS_EACH(entry, entries)
		if (id ? !strcmp(entry->id, id) : entry->state == TX_COMMITTED)
			return entry;
	return NULL;
}

static json_t *events_as_json(const struct events *events)
{
	static const char *const verified[] = {
		[CHECKED_NOT] = NULL,
		[CHECKED_RIGHT] = "right",
		[CHECKED_WRONG] = "wrong",
	};
	json_t *list = json_array();

	HS_EACH(event, events)
		json_array_append_new(
			list,
			json_pack("{ss so so so so}", "what",
				  hs_why_text(event->why), "who",
				  cli_json_text(event->who), "when",
				  cli_json_time(event->when), "verified",
				  cli_json_text(verified[event->checked]),
				  "detail", cli_json_text(event->detail)));
	return list;
}

static json_t *files_as_json(const struct transaction_files *files)
{
	json_t *list = json_array();

	HS_EACH(file, files)
		json_array_append_new(
			list, json_pack("{so so so}", "path",
					cli_json_text(file->path), "before",
					cli_json_text(file->before), "after",
					cli_json_text(file->after)));
	return list;
}

/* What somebody who may end it needs to know. */
static void add_waiting(json_t *object, const struct transaction_entry *entry)
{
	if (entry->state != TX_AWAITING)
		return;
	json_object_set_new(object, "seconds-left",
			    json_integer(entry->left > 0 ? entry->left : 0));
	json_object_set_new(object, "needs-new-login",
			    json_boolean(entry->strict));
	json_object_set_new(object, "tries-left", json_integer(entry->tries));
	json_object_set_new(object, "watched", json_boolean(entry->watched));
}

static json_t *base_as_json(const struct transaction_entry *entry)
{
	return json_pack("{so ss so so so so}", "id", cli_json_text(entry->id),
			 "state", hs_transaction_word(entry->state), "title",
			 cli_json_text(entry->title), "begun",
			 cli_json_time(entry->begun), "who",
			 cli_json_text(entry->who), "paths",
			 cli_json_strings(&entry->paths));
}

static json_t *entry_as_json(const struct transaction_entry *entry)
{
	json_t *object = base_as_json(entry);

	json_object_set_new(object, "files", files_as_json(&entry->files));
	json_object_set_new(object, "events", events_as_json(&entry->events));
	add_waiting(object, entry);
	return object;
}

/* "WHAT, by WHO", where somebody did it. */
static void print_with(const char *what, const char *who)
{
	hs_auto_free char *both =
		who ? hs_format(_("%s, by %s"), what, who) : NULL;

	cli_print_safe(stdout, both ? both : what);
}

static void print_event(const struct event *event)
{
	char when[24];

	cli_time_text(event->when, when);
	printf("    %s: ", when);
	print_with(_(hs_why_text(event->why)), event->who);
	if (event->checked != CHECKED_NOT)
		printf("; %s", event->checked == CHECKED_RIGHT
				       ? _("verified")
				       : _("NOT AS BEFORE"));
	if (event->detail) {
		fputs(": ", stdout);
		cli_print_safe(stdout, _(event->detail));
	}
	putchar('\n');
}

static void print_hash(const char *name, const char *hash)
{
	if (!hash)
		return;
	fputs("        ", stdout);
	cli_print_column(stdout, name, 6);
	printf(" %s\n", *hash ? hash : _("(none)"));
}

static void print_files(const struct transaction_entry *entry)
{
	HS_EACH(file, &entry->files) {
		fputs("    ", stdout);
		cli_print_safe(stdout, file->path);
		putchar('\n');
		print_hash(_("before"), file->before);
		print_hash(_("after"), file->after);
	}
}

void cli_print_waiting(FILE *to, const struct transaction_entry *entry)
{
	if (entry->state != TX_AWAITING)
		return;
	if (!entry->waits) {
		cli_print_part(to, "%s",
			       _("its time is over: the next command takes it "
				 "back"));
		return;
	}
	cli_print_part(to,
		       entry->strict
			       ? _("undone in %d:%02d unless it is kept from a "
				   "NEW login: https-setup confirm CODE")
			       : _("undone in %d:%02d unless it is kept: "
				   "https-setup confirm CODE"),
		       entry->left / 60, entry->left % 60);
	cli_print_part(to, "%s",
		       _("taken back at once by: https-setup revert"));
	if (!entry->watched)
		cli_print_part(to, "%s",
			       _("its watchdog is gone: the next command after "
				 "that time takes it back"));
}

static void print_entry(const struct transaction_entry *entry)
{
	char when[24];

	cli_time_text(entry->begun, when);
	printf("%s  %s  %s  ", entry->id, when,
	       _(hs_transaction_word(entry->state)));
	print_with(entry->title, entry->who);
	putchar('\n');
	print_files(entry);
	HS_EACH(event, &entry->events)
		print_event(event);
	cli_print_waiting(stdout, entry);
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
			 const struct transaction_entries *entries,
			 const char *holder)
{
	json_t *object = cli_json_begin(view->command->name);
	json_t *list = json_array();

	HS_EACH(entry, entries)
		if (view->shows(entry))
			json_array_append_new(list, entry_as_json(entry));
	json_object_set_new(object, view->key, list);
	json_object_set_new(object, "holder", cli_json_text(holder));
	cli_json_print(object);
}

static void tell(const struct view *view,
		 const struct transaction_entries *entries, const char *holder)
{
	bool any = false;

	if (holder)
		printf(_("%s is at work\n"), holder);
	HS_EACH(entry, entries) {
		if (!view->shows(entry))
			continue;
		any = true;
		print_entry(entry);
	}
	if (!any)
		puts(_(view->empty));
}

static int run_view(struct options *options, const struct view *view,
		    struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	struct transaction_entries entries = {0};
	hs_auto_free char *holder = NULL;

	if (cli_session_open(options, &job, err) ||
	    hs_transactions_list(&job.state, &entries, err))
		return (int)err->code;
	holder = hs_state_holder(&job.state);
	if (options->json)
		tell_in_json(view, &entries, holder);
	else
		tell(view, &entries, holder);
	hs_transaction_entries_done(&entries);
	return HS_OK;
}

static int run_status(struct options *options, struct error *err)
{
	static const struct view view = {
		.command = &cli_cmd_status,
		.shows = is_open,
		.key = "open",
		.empty = N_("nothing is waiting or interrupted"),
	};

	return run_view(options, &view, err);
}

static int run_history(struct options *options, struct error *err)
{
	static const struct view view = {
		.command = &cli_cmd_history,
		.shows = is_any,
		.key = "transactions",
		.empty = N_("nothing was done yet"),
	};

	return run_view(options, &view, err);
}

const struct command cli_cmd_status = {
	.name = "status",
	.usage = "",
	.summary = N_("what is waiting or interrupted"),
	.help = N_(
		"Lists the transactions that wait for a confirmation (who made "
		"them, since when, how long they wait), were interrupted, or "
		"ended in a conflict, and who is at work right now. It never "
		"waits for anybody and changes nothing. `recover` brings what "
		"was interrupted to an end."),
	.flags = FLAGS_JSON | FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST |
		 FLAGS_YES,
	.steps = STEPS_SERVER,
	.run = run_status,
};

const struct command cli_cmd_history = {
	.name = "history",
	.usage = "",
	.summary = N_("what was done, when, by whom"),
	.help = N_(
		"Lists every transaction, the newest first: its id for "
		"`rollback`, when it began, who did it from where, the files "
		"it changed with the SHA-256 of their bytes before and after "
		"(none of a private key), how it ended, by whom, and whether "
		"a look at the live site bore that out. The system's log "
		"(authpriv) is told the same."),
	.flags = FLAGS_JSON | FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST |
		 FLAGS_YES,
	.steps = STEPS_SERVER,
	.run = run_history,
};
