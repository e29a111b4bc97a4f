#include "cli/plain/interview.h"

#include <stdio.h>
#include <string.h>

#include "cli/plain/certificate.h"
#include "cli/plain/say.h"
#include "cli/results/output.h"
#include "cli/resume.h"
#include "cli/session.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"

#define NOTICED_MS 500

static bool has_finding(const struct job *job, const char *id)
{
	return hs_findings_get(&job->findings, id) != NULL;
}

static bool never(const struct job *job)
{
	(void)job;
	return false;
}

static bool lacks_server(const struct job *job)
{
	return !job->facts.servers.n;
}

static bool has_servers(const struct job *job)
{
	return job->facts.servers.n > 1;
}

static bool has_products(const struct job *job)
{
	return job->facts.products.n > 1;
}

static bool has_sites(const struct job *job)
{
	return job->facts.server && job->facts.server->sites.n > 1;
}

static bool comes_from_elsewhere(const struct job *job)
{
	return !job->settings.certificate_self_signed;
}

static bool comes_in_files(const struct job *job)
{
	return comes_from_elsewhere(job) && !job->settings.certificate_text;
}

static bool needs_chain(const struct job *job)
{
	return job->settings.certificate_chain ||
	       has_finding(job, "cert.chain-incomplete");
}

static bool needs_passphrase(const struct job *job)
{
	return has_finding(job, "cert.key-encrypted") ||
	       has_finding(job, "cert.passphrase-wrong");
}

static bool needs_key(const struct job *job)
{
	return job->settings.certificate_key ||
	       has_finding(job, "cert.no-key") ||
	       has_finding(job, "cert.key-mismatch");
}

static bool serves_https(const struct job *job)
{
	return job->settings.bindings_mode != BINDINGS_HTTP;
}

static bool serves_both(const struct job *job)
{
	return job->settings.bindings_mode == BINDINGS_BOTH;
}

static bool serves_http(const struct job *job)
{
	return job->settings.bindings_mode != BINDINGS_HTTPS;
}

static bool serves_https_only(const struct job *job)
{
	return job->settings.bindings_mode == BINDINGS_HTTPS;
}

static bool has_redirect(const struct job *job)
{
	return serves_both(job) && job->settings.redirect_enabled;
}

static bool has_hsts(const struct job *job)
{
	return serves_https(job) && job->settings.hsts_enabled;
}

/* What something is to be said about, in the order of the line; the rest of
 * the catalogue follows, step by step. */
static const struct asking askings[] = {
	{"server", NULL, has_servers, NULL},
	{"server-config", NULL, lacks_server, NULL},
	{"server-binary", NULL, never, NULL},
	{"site", NULL, has_sites, NULL},
	{"product", NULL, has_products, NULL},
	/* The job was opened on it. */
	{"root", never, NULL, NULL},
	{"certificate.file", cli_plain_source_is_open, NULL, cli_plain_source},
	{"certificate.file", comes_in_files, NULL, NULL},
	{"certificate.passphrase", needs_passphrase, NULL, NULL},
	{"certificate.key", comes_from_elsewhere, needs_key, NULL},
	{"certificate.chain", comes_from_elsewhere, needs_chain, NULL},
	/* One of the sources. */
	{"certificate.self-signed", never, NULL, NULL},
	{"bindings.mode", NULL, NULL, NULL},
	{"bindings.http-port", serves_http, never, NULL},
	{"bindings.https-port", serves_https, NULL, NULL},
	{"bindings.address", serves_https, never, NULL},
	{"bindings.host-name", serves_https, never, NULL},
	{"tls.profile", serves_https, never, NULL},
	{"redirect.enabled", serves_both, NULL, NULL},
	{"redirect.code", has_redirect, never, NULL},
	{"redirect.skip-localhost", has_redirect, never, NULL},
	{"hsts.enabled", serves_https, NULL, NULL},
	{"hsts.max-age", has_hsts, NULL, NULL},
	{"hsts.include-subdomains", has_hsts, NULL, NULL},
	{"hsts.preload", has_hsts, never, NULL},
	{"iis.version", serves_https, never, NULL},
	{"iis.require-ssl", serves_https, NULL, NULL},
	{"iis.require-ssl-for", serves_https, NULL, NULL},
	{"firewall.backend", NULL, never, NULL},
	{"firewall.close-http", serves_https_only, never, NULL},
	{"iis.pfx", serves_https, never, NULL},
	{"apply.confirm-within", NULL, never, NULL},
};

/* The line */

static const struct question *question_of(const struct asking *asking)
{
	return hs_question_by_id(asking->id);
}

static bool is_in_line(const char *id)
{
	for (size_t i = 0; i < HS_LENGTH(askings); i++)
		if (!strcmp(askings[i].id, id))
			return true;
	return false;
}

static void add(struct interview *interview, const struct asking *asking)
{
	HS_PUSH(&interview->line, *asking);
}

static void add_step(struct interview *interview, enum step step)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	for (size_t i = 0; i < HS_LENGTH(askings); i++)
		if (question_of(&askings[i])->step == step)
			add(interview, &askings[i]);
	for (size_t i = 0; i < count; i++)
		if (questions[i].step == step && !is_in_line(questions[i].id))
			add(interview, &(struct asking){questions[i].id});
}

void cli_interview_begin(struct interview *ret_interview, struct job *job)
{
	*ret_interview = (struct interview){.job = job, .announced = -1};
	for (enum step step = STEP_SERVER; step <= STEP_REVIEW; step++)
		add_step(ret_interview, step);
	ret_interview->end = ret_interview->line.n;
}

void cli_interview_done(struct interview *interview)
{
	HS_ARRAY_FREE(&interview->line);
}

static bool is_wanted(const struct interview *interview, size_t at)
{
	const struct asking *asking = &interview->line.items[at];
	const struct job *job = interview->job;

	if (!hs_question_is_relevant(question_of(asking), &job->settings) ||
	    (asking->fits && !asking->fits(job)))
		return false;
	return interview->details || !asking->matters || asking->matters(job);
}

/* Steps */

void cli_interview_announce(struct interview *interview, enum step step)
{
	const struct job *job = interview->job;
	int passed = interview->announced;

	if (passed == (int)step)
		return;
	while (++passed < (int)step) {
		if (!hs_step_is_there((enum step)passed, &job->settings))
			continue;
		cli_plain_step(job, (enum step)passed);
		puts(_("Nothing to ask here."));
	}
	cli_plain_step(job, step);
	interview->announced = (int)step;
}

static size_t first_of(const struct interview *interview, enum step step)
{
	size_t at = 0;

	while (at < interview->line.n &&
	       question_of(&interview->line.items[at])->step < step)
		at++;
	return at;
}

void cli_interview_go(struct interview *interview, enum step step)
{
	interview->announced = (int)step - 1;
	interview->at = first_of(interview, step);
}

void cli_interview_change(struct interview *interview, enum step step)
{
	cli_interview_go(interview, step);
	interview->end = first_of(interview, step + 1);
	interview->details = true;
}

bool cli_interview_back(struct interview *interview)
{
	for (size_t before = interview->at; before-- > 0;) {
		if (!is_wanted(interview, before))
			continue;
		interview->at = before;
		return true;
	}
	return false;
}

/* Asking */

/* What an answer makes necessary to look at anew. */
static int look_again(const struct question *question, struct job *job,
		      struct error *err)
{
	if (question->step == STEP_SERVER && hs_job_look(job, err))
		return -1;
	/* one that is made here has the name */
	if ((question->step == STEP_CERTIFICATE ||
	     job->settings.certificate_self_signed) &&
	    cli_session_read(job, err))
		return -1;
	hs_job_judge(job);
	return 0;
}

static bool is_at_fault(const struct job *job, const struct question *question)
{
	HS_EACH(finding, &job->findings)
		if (finding->severity == SEVERITY_ERROR && finding->question &&
		    !strcmp(finding->question, question->id))
			return true;
	return false;
}

/* Asks until no error stands that is about this very question; what is wrong
 * is not offered again. */
static enum reply ask(const struct question *question, struct job *job,
		      struct error *err)
{
	for (;;) {
		bool wrong = is_at_fault(job, question);
		enum reply reply = cli_plain_ask(question, job, !wrong);

		if (reply != REPLY_NEXT)
			return reply;
		cli_resume_note(job, question->step);
		if (look_again(question, job, err))
			return REPLY_FAILED;
		if (cli_plain_findings(&job->findings, question))
			continue;
		if (question->step == STEP_CERTIFICATE)
			cli_plain_certificate(&job->facts.bundle);
		return REPLY_NEXT;
	}
}

/* A file that could be read at last, with its passphrase or its key, may turn
 * out to be none of a site: it is asked for again at once. */
static bool goes_back_to_file(struct interview *interview)
{
	enum step step =
		question_of(&interview->line.items[interview->at])->step;

	for (size_t at = 0; at < interview->at; at++) {
		const struct asking *before = &interview->line.items[at];
		const struct question *question = question_of(before);

		if (step != STEP_CERTIFICATE || question->step != step ||
		    before->own || !is_wanted(interview, at) ||
		    !is_at_fault(interview->job, question))
			continue;
		cli_plain_findings(&interview->job->findings, question);
		interview->at = at;
		return true;
	}
	return false;
}

static enum reply ask_line(struct interview *interview, struct error *err)
{
	while (interview->at < interview->end) {
		const struct asking *asking =
			&interview->line.items[interview->at];
		const struct question *question = question_of(asking);
		enum reply reply = REPLY_NEXT;

		if (is_wanted(interview, interview->at)) {
			cli_interview_announce(interview, question->step);
			reply = asking->own
					? asking->own(interview->job, err)
					: ask(question, interview->job, err);
		}
		if (reply == REPLY_NEXT && goes_back_to_file(interview))
			continue;
		if (reply == REPLY_NEXT)
			interview->at++;
		else if (reply != REPLY_BACK || !cli_interview_back(interview))
			return reply;
	}
	return REPLY_NEXT;
}

/* The question of the first error that stands; NULL: none can be asked. */
static const struct question *question_at_fault(const struct findings *findings)
{
	HS_EACH(finding, findings)
		if (finding->severity == SEVERITY_ERROR && finding->question)
			return hs_question_by_id(finding->question);
	return NULL;
}

/* The name is being looked up. */
struct lookup {
	long long since;
	bool told;
};

/* Whoever only hears must not take silence for the end. */
static bool tell_of_it(void *context)
{
	struct lookup *lookup = context;

	if (lookup->told || hs_clock_ms() - lookup->since < NOTICED_MS)
		return false;
	cli_print_line(stdout, "%s: %s", cli_plain_word(SEVERITY_INFO),
		       _("looking the name up, that may take some seconds"));
	fflush(stdout);
	lookup->told = true;
	return false;
}

static void resolve(struct job *job)
{
	struct lookup lookup = {.since = hs_clock_ms()};
	const struct cert_patience patience = {tell_of_it, &lookup};

	job->options.patience = &patience;
	hs_job_resolve(job);
	job->options.patience = NULL;
}

/* Asks again what errors are about, until none stands. */
static enum reply settle(struct interview *interview, struct error *err)
{
	struct job *job = interview->job;

	for (;;) {
		const struct question *question;
		enum reply reply;

		resolve(job);
		hs_job_judge(job);
		question = question_at_fault(&job->findings);
		if (!question)
			return REPLY_NEXT;
		cli_interview_go(interview, question->step);
		cli_interview_announce(interview, question->step);
		interview->at = interview->end;
		interview->announced = STEP_REVIEW - 1;
		cli_plain_findings(&job->findings, question);
		reply = ask(question, job, err);
		if (reply != REPLY_NEXT)
			return reply;
	}
}

enum reply cli_interview_run(struct interview *interview, struct error *err)
{
	for (;;) {
		enum reply reply = ask_line(interview, err);

		/* After a change, the steps behind it are as they were. */
		if (interview->end < interview->line.n)
			interview->announced = STEP_REVIEW - 1;
		if (reply == REPLY_NEXT)
			reply = settle(interview, err);
		if (reply != REPLY_BACK || !cli_interview_back(interview))
			return reply;
	}
}
