#include "cli/session.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/plain/prompt.h"
#include "cli/results/output.h"
#include "core/base/i18n.h"

/* Whether the settings are about this host, not about an offline tree. */
static bool is_host(const struct settings *settings)
{
	return !settings->root || !strcmp(settings->root, "/");
}

/* Makes one path absolute that is given relative to the working directory. */
static void anchor(char **slot)
{
	char *absolute = *slot ? hs_path_absolute(*slot) : NULL;

	free(*slot);
	*slot = absolute;
}

/* Paths end up in configurations and answers files, where the working
 * directory of today means nothing.  In an offline tree the server's paths are
 * those inside it; a program without a slash is looked up in PATH. */
static void anchor_paths(struct settings *settings)
{
	if (is_host(settings)) {
		anchor(&settings->server_config);
		if (settings->server_binary &&
		    strchr(settings->server_binary, '/'))
			anchor(&settings->server_binary);
	} else {
		anchor(&settings->root);
	}
	anchor(&settings->certificate_file);
	anchor(&settings->certificate_key);
	anchor(&settings->certificate_chain);
}

/* As above for the flags that are no questions; they are kept in options. */
static void anchor_directory(const char **slot, char **ret_kept)
{
	if (!*slot)
		return;
	*ret_kept = hs_path_absolute(*slot);
	*slot = *ret_kept;
}

int cli_session_open(struct options *options, struct job *ret_job,
		     struct error *err)
{
	if (options->answers &&
	    cli_answers_load(options->answers, &options->settings, err))
		return -1;
	if (cli_passphrase_load(options, &options->settings, err))
		return -1;
	anchor_paths(&options->settings);
	anchor_directory(&options->job.state_dir, &options->kept.state_dir);
	anchor_directory(&options->job.cert_dir, &options->kept.cert_dir);
	options->job.program = "/proc/self/exe";
	options->job.confirm_anywhere = options->yes || options->demo;
	return hs_job_open(ret_job, &options->job, &options->settings, err);
}

/* Whether a transaction was cut off, or waits for a confirmation that cannot
 * come in time any more. */
static bool was_cut_off(const struct transaction_entry *entry)
{
	return entry->state == TX_STAGED || entry->state == TX_APPLYING ||
	       (entry->state == TX_AWAITING && !entry->waits);
}

static bool anything_cut_off(const struct transaction_entries *entries)
{
	HS_EACH(entry, entries)
		if (was_cut_off(entry))
			return true;
	return false;
}

static void tell_recovered(const struct strings *ids)
{
	HS_EACH(id, ids)
		fprintf(stderr,
			_("https-setup: %s was cut off; it has been brought to "
			  "an end\n"),
			*id);
}

int cli_session_recover(struct job *job, struct error *err)
{
	struct transaction_entries entries = {0};
	struct conflicts conflicts = {0};
	struct strings ids = {0};
	int failed = hs_transactions_open(&job->state, &entries, err);

	if (!failed && anything_cut_off(&entries)) {
		failed = hs_job_recover(job, &ids, &conflicts, err);
		tell_recovered(&ids);
		cli_print_conflicts(&conflicts, stderr);
	}
	hs_transaction_entries_done(&entries);
	hs_conflicts_done(&conflicts);
	hs_strings_done(&ids);
	return failed;
}

enum { PASSPHRASE_TRIES = 3 };

/* Asks once on the terminal; 0 when there is an answer to try. */
static int ask_passphrase(struct job *job, struct error *err)
{
	const struct question *question =
		hs_question_by_id("certificate.passphrase");
	hs_auto_str struct str line = {0};
	int failed;

	fprintf(stderr, "%s: ", _(question->label));
	fflush(stderr);
	failed = cli_read_secret(&line);
	putc('\n', stderr);
	if (!failed)
		failed = hs_question_answer(question, &job->settings,
					    hs_str_text(&line), ORIGIN_OPERATOR,
					    NULL, err);
	cli_wipe(&line);
	return failed;
}

static volatile sig_atomic_t interrupted;

static void catch_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static bool is_interrupted(void *context)
{
	(void)context;
	return interrupted;
}

/* A file that wants minutes of hashing can be let go of with Ctrl-C: that is
 * said, and ends the program as ever. */
int cli_session_read(struct job *job, struct error *err)
{
	static const struct cert_patience patience = {is_interrupted, NULL};
	struct sigaction ours = {.sa_handler = catch_interrupt}, before;
	int status;

	interrupted = 0;
	sigaction(SIGINT, NULL, &before);
	if (before.sa_handler == SIG_DFL) {
		sigaction(SIGINT, &ours, NULL);
		job->options.patience = &patience;
	}
	status = hs_job_read_certificate(job, err);
	job->options.patience = NULL;
	sigaction(SIGINT, &before, NULL);
	if (interrupted) {
		fputs(_("https-setup: reading the certificate was cancelled; "
			"nothing was written\n"),
		      stderr);
		raise(SIGINT);
	}
	return status;
}

static int read_and_judge(struct job *job, struct error *err)
{
	if (cli_session_read(job, err))
		return -1;
	hs_job_judge(job);
	/* One that is made for a name has to wait until the name is known. */
	if (!job->settings.certificate_self_signed || job->facts.bundle.read ||
	    !job->settings.name)
		return 0;
	if (cli_session_read(job, err))
		return -1;
	hs_job_judge(job);
	return 0;
}

static bool lacks_passphrase(const struct job *job)
{
	return hs_findings_get(&job->findings, "cert.key-encrypted") ||
	       hs_findings_get(&job->findings, "cert.passphrase-wrong");
}

int cli_session_certificate(const struct options *options, struct job *job,
			    struct error *err)
{
	/* Without a look at the host nobody has asked the clock yet. */
	if (!job->facts.now)
		job->facts.now = time(NULL);
	if (read_and_judge(job, err))
		return -1;
	if (options->yes || options->json || !cli_has_terminal())
		return 0;
	for (int i = 0; i < PASSPHRASE_TRIES && lacks_passphrase(job); i++) {
		if (ask_passphrase(job, err))
			return err->code ? -1 : 0;
		if (read_and_judge(job, err))
			return -1;
	}
	return 0;
}

int cli_session_look(const struct options *options, struct job *job,
		     struct error *err)
{
	if (hs_job_look(job, err))
		return -1;
	return cli_session_certificate(options, job, err);
}

static bool is_of(const struct finding *finding, const char *const *subjects)
{
	for (; *subjects; subjects++) {
		size_t length = strlen(*subjects);

		if (!strncmp(finding->id, *subjects, length) &&
		    finding->id[length] == '.')
			return true;
	}
	return false;
}

void cli_keep_subjects(struct findings *findings, const char *const *subjects)
{
	struct findings kept = {0}, dropped = {0};

	HS_EACH(finding, findings) {
		if (is_of(finding, subjects))
			HS_PUSH(&kept, *finding);
		else
			HS_PUSH(&dropped, *finding);
	}
	HS_ARRAY_FREE(findings);
	*findings = kept;
	hs_findings_done(&dropped);
}

int cli_session_plan(struct job *job, enum job_kind kind,
		     const char *const *subjects, bool *ret_ok,
		     struct error *err)
{
	int failed;

	if (subjects)
		cli_keep_subjects(&job->findings, subjects);
	*ret_ok = hs_findings_worst(&job->findings) < SEVERITY_ERROR;
	if (!*ret_ok)
		return 0;
	failed = hs_job_plan(job, kind, err);
	/* Planning judges again. */
	if (subjects)
		cli_keep_subjects(&job->findings, subjects);
	if (!failed)
		return 0;
	if (err->code != HS_REFUSED || !*err->id)
		return -1;
	/* What stands in the way has become a finding like the others. */
	if (!hs_findings_get(&job->findings, err->id))
		hs_findings_add(&job->findings, err->id,
				*err->where ? err->where : NULL, err->what);
	*err = (struct error){0};
	*ret_ok = false;
	return 0;
}
