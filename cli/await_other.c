/* A second login meets a change that waits. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/await.h"
#include "cli/commands/history.h"
#include "cli/plain/prompt.h"
#include "cli/plain/say.h"
#include "cli/results/narrow.h"
#include "cli/results/output.h"
#include "core/base/i18n.h"

static void print_paths(const struct transaction_entry *entry)
{
	if (cli_is_low()) {
		hs_auto_free char *files =
			hs_format(P_("%zu file", "%zu files", entry->paths.n),
				  entry->paths.n);

		fputs("  ", stdout);
		cli_print_row(stdout, _("changed"), files);
		return;
	}
	HS_EACH(path, &entry->paths) {
		fputs("  ", stdout);
		cli_print_row(stdout, _("changed"), *path);
	}
}

static void show(const struct transaction_entry *entry)
{
	char when[24];

	cli_time_text(entry->begun, when);
	puts(_("A change waits to be confirmed:"));
	cli_print_part(stdout, _("%s (%s), since %s, by %s"), entry->title,
		       entry->id, when, entry->who);
	print_paths(entry);
	cli_print_waiting(stdout, entry);
}

static int revert(struct job *job, const char *id, struct error *err)
{
	struct job_outcome outcome = {0};
	int status = 0;

	if (hs_job_end(job, id, WHY_REVERTED, NULL, &outcome, err))
		status = (int)err->code;
	cli_print_conflicts(&outcome.conflicts, stdout);
	if (!status)
		puts(outcome.state == TX_COMMITTED
			     ? _("It was kept meanwhile.")
			     : _("Everything was taken back."));
	hs_job_outcome_done(&outcome);
	return status ? status : HS_REVERTED;
}

/* 0: kept; -1: told why not. */
static int keep(struct job *job, const char *id, const char *code)
{
	struct job_outcome outcome = {0};
	struct error err = {0};
	int result = hs_job_confirm(job, id, code, &outcome, &err);

	if (result)
		cli_plain_error(&err);
	else
		printf(_("Confirmed: %s is kept.\n"), id);
	hs_job_outcome_done(&outcome);
	return result;
}

static bool is_revert(const char *text)
{
	return !strcasecmp(text, "revert") || !strcasecmp(text, "r");
}

static int leave(struct error *err)
{
	hs_fail(err, HS_CANNOT,
		"left as it was: it waits on; nothing was written");
	return HS_CANNOT;
}

/* 0: it is kept; -1: asks again; else the exit status. */
static int take_answer(struct job *job, const char *id, const char *text,
		       struct error *err)
{
	if (is_revert(text))
		return revert(job, id, err);
	if (!*text || !strcasecmp(text, "q") || !strcasecmp(text, "quit"))
		return leave(err);
	if (strspn(text, "0123456789") == strlen(text))
		return keep(job, id, text);
	puts(!strcmp(text, "?")
		     ? _("The code was told where the change was made: with "
			 "it the change stays. With revert every file is put "
			 "back now; without either that happens by itself.")
		     : _("Error: that is neither the code nor revert"));
	return -1;
}

bool cli_settle_waiting(struct job *job, int *ret_status, struct error *err)
{
	hs_auto_str struct str line = {0};
	struct transaction_entry entry;
	int status = -1, failed;

	if (hs_job_find_waiting(job, &entry))
		return false;
	show(&entry);
	while (status < 0) {
		cli_print_narrow(stdout,
				 _("The code keeps it, \"revert\" takes it "
				   "back, Enter leaves it waiting:"));
		cli_prompt(stdout, "");
		failed = cli_read_line(&line);
		/* Where nothing was echoed, no line was ended either. */
		if (failed || !isatty(STDIN_FILENO))
			putchar('\n');
		status = failed ? leave(err)
				: take_answer(job, entry.id, hs_str_text(&line),
					      err);
	}
	hs_transaction_entry_done(&entry);
	*ret_status = status;
	return true;
}
