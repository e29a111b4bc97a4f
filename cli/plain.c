#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/elsewhere.h"
#include "cli/face.h"
#include "cli/output.h"
#include "cli/plain_ask.h"
#include "cli/plain_certificate.h"
#include "cli/prompt.h"
#include "cli/resume.h"
#include "cli/session.h"
#include "cli/work.h"
#include "core/base/text.h"

enum { KEEP_WITHIN = 120 };

static bool has_finding(const struct job *job, const char *id)
{
	return hs_findings_get(&job->findings, id) != NULL;
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

static bool wants_file(const struct job *job)
{
	return !job->settings.certificate_self_signed &&
	       !job->settings.certificate_text;
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

/* What the questions go through. */
struct interview {
	struct job *job;
	bool details; /* those that most can leave alone are asked as well */
};

static enum reply ask_source(struct interview *interview, struct error *err)
{
	return cli_plain_source(interview->job, err);
}

static const struct choice how_much[] = {
	{"no", "ask for what matters, take the defaults"},
	{"yes", "ask for all of it"},
	{NULL, NULL},
};

static enum reply ask_details(struct interview *interview, struct error *err)
{
	static const struct question question = {
		.label = "All there is to set",
		.values = "yes or no",
		.help = "With yes, addresses, TLS versions, the redirect's "
			"code, preloading and the firewall are asked for as "
			"well. Their defaults fit most sites.",
		.kind = QUESTION_WORD,
		.choices = how_much,
	};
	hs_auto_str struct str word = {0};
	enum reply reply = cli_plain_ask_own(
		&question, interview->details ? "yes" : "no", &word);

	(void)err;
	if (reply == REPLY_NEXT)
		interview->details = !strcmp(hs_str_text(&word), "yes");
	return reply;
}

/* What is asked: only what could not be found out, or what matters; the rest
 * for those who want it. */
static const struct asked {
	const char *id;
	bool (*wanted)(const struct job *job); /* NULL: always */
	/* Asked by this, instead of as the question that it belongs to. */
	enum reply (*own)(struct interview *interview, struct error *err);
	bool is_detail;
} asked[] = {
	{"server", has_servers, NULL, false},
	{"server-config", lacks_server, NULL, false},
	{"site", has_sites, NULL, false},
	{"product", has_products, NULL, false},
	{"certificate.file", cli_plain_source_is_open, ask_source, false},
	{"certificate.file", wants_file, NULL, false},
	{"certificate.passphrase", needs_passphrase, NULL, false},
	{"certificate.key", needs_key, NULL, false},
	{"certificate.chain", needs_chain, NULL, false},
	{"name", NULL, NULL, false},
	{"bindings.mode", NULL, ask_details, false},
	{"bindings.mode", NULL, NULL, false},
	{"bindings.http-port", serves_http, NULL, true},
	{"bindings.https-port", serves_https, NULL, false},
	{"bindings.address", serves_https, NULL, true},
	{"bindings.host-name", serves_https, NULL, true},
	{"tls.profile", serves_https, NULL, true},
	{"redirect.enabled", serves_both, NULL, false},
	{"redirect.code", has_redirect, NULL, true},
	{"redirect.skip-localhost", has_redirect, NULL, true},
	{"hsts.enabled", serves_https, NULL, false},
	{"hsts.max-age", has_hsts, NULL, false},
	{"hsts.include-subdomains", has_hsts, NULL, false},
	{"hsts.preload", has_hsts, NULL, true},
	{"firewall.backend", NULL, NULL, true},
	{"firewall.close-http", serves_https_only, NULL, true},
};

/* Behind those, what the product asks: each of its questions. */
static size_t count_asked(void)
{
	size_t count;

	hs_questions(&count);
	return HS_LENGTH(asked) + count;
}

static const struct question *question_at(size_t at)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	return at < HS_LENGTH(asked) ? hs_question_by_id(asked[at].id)
				     : &questions[at - HS_LENGTH(asked)];
}

static bool is_wanted(size_t at, const struct interview *interview)
{
	const struct question *question = question_at(at);
	const struct job *job = interview->job;

	if (at < HS_LENGTH(asked))
		return (!asked[at].wanted || asked[at].wanted(job)) &&
		       (!asked[at].is_detail || interview->details);
	return question->step == STEP_PRODUCT &&
	       hs_question_is_relevant(question, &job->settings);
}

static void print_step(const struct settings *settings, enum step step)
{
	printf("\nStep %d of %d: %s\n", hs_step_number(step, settings),
	       hs_step_count(settings), hs_step_title(step));
}

static void print_certificate(const struct bundle *bundle)
{
	const struct certificate *leaf = hs_bundle_leaf(bundle);
	char until[24];

	if (!leaf)
		return;
	hs_text_date(leaf->not_after, until);
	fputs("Certificate: ", stdout);
	cli_print_safe(stdout,
		       leaf->common_name ? leaf->common_name : leaf->subject);
	fputs(", issued by ", stdout);
	cli_print_safe(stdout, leaf->issuer_common_name
				       ? leaf->issuer_common_name
				       : leaf->issuer);
	printf(", valid until %s, %s\n", until,
	       bundle->has_key ? "with its key" : "without its key");
}

/* What an answer makes necessary to look at anew. */
static int look_again(const struct question *question, struct job *job,
		      struct error *err)
{
	if (question->step == STEP_SERVER && hs_job_look(job, err))
		return -1;
	/* one that is made here has the name */
	if ((question->step == STEP_CERTIFICATE ||
	     job->settings.certificate_self_signed) &&
	    hs_job_read_certificate(job, err))
		return -1;
	hs_job_judge(job);
	return 0;
}

/* Asks until no error stands that is about this very question; what is wrong
 * is not offered again. */
static enum reply ask(const struct question *question, struct job *job,
		      struct error *err)
{
	for (bool wrong = false;; wrong = true) {
		enum reply reply = cli_plain_ask(question, job, !wrong);

		if (reply != REPLY_NEXT)
			return reply;
		cli_resume_note(job, question->step);
		if (look_again(question, job, err))
			return REPLY_QUIT;
		if (cli_plain_findings(&job->findings, question))
			continue;
		if (question->step == STEP_CERTIFICATE)
			print_certificate(&job->facts.bundle);
		return REPLY_NEXT;
	}
}

/* The question before `at` that is asked; `at` itself when it is the first. */
static size_t question_before(size_t at, const struct interview *interview)
{
	for (size_t before = at; before-- > 0;)
		if (is_wanted(before, interview))
			return before;
	puts("This is the first question.");
	return at;
}

static enum reply ask_at(size_t at, struct interview *interview,
			 struct error *err)
{
	enum reply (*own)(struct interview * interview, struct error * err) =
		at < HS_LENGTH(asked) ? asked[at].own : NULL;

	return own ? own(interview, err)
		   : ask(question_at(at), interview->job, err);
}

static enum reply ask_all(struct job *job, struct error *err)
{
	struct interview interview = {.job = job};
	enum step step = STEP_MAX;
	size_t at = 0;

	while (at < count_asked()) {
		enum reply reply;

		if (!is_wanted(at, &interview)) {
			at++;
			continue;
		}
		if (question_at(at)->step != step)
			print_step(&job->settings, question_at(at)->step);
		step = question_at(at)->step;
		reply = ask_at(at, &interview, err);
		if (reply == REPLY_BACK)
			at = question_before(at, &interview);
		else if (reply == REPLY_NEXT)
			at++;
		else
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

/* Asks again what errors are about, until none stands. */
static enum reply settle(struct job *job, struct error *err)
{
	for (;;) {
		const struct question *question;
		enum reply reply;

		hs_job_resolve(job);
		hs_job_judge(job);
		question = question_at_fault(&job->findings);
		if (!question)
			return REPLY_NEXT;
		cli_plain_findings(&job->findings, question);
		reply = ask(question, job, err);
		if (reply != REPLY_NEXT)
			return reply;
	}
}

static const char *const endings[] = {
	[REPLY_BACK] = "left",
	[REPLY_QUIT] = "left",
	[REPLY_END] = "the input ended",
};

static int tell_end(enum reply reply, struct error *err)
{
	if (reply == REPLY_DONE)
		return HS_OK;
	hs_fail(err, HS_CANNOT, "%s; nothing was written", endings[reply]);
	return (int)err->code;
}

static int tell_refused(const struct job *job)
{
	cli_print_findings(&job->findings, stdout);
	fputs("Error: refused, nothing was written: ", stdout);
	cli_print_count(&job->findings, stdout);
	return HS_REFUSED;
}

/* Applies what was agreed to and tells how it went. */
static int carry_out(const struct options *options, struct job *job,
		     struct error *err)
{
	struct apply_face face = {stdout, true};
	struct job_outcome outcome = {0};
	int status;

	if (hs_settings_origin(&job->settings, "apply.confirm-within") <
	    ORIGIN_ANSWERS)
		job->settings.confirm_within = KEEP_WITHIN;
	print_step(&job->settings, STEP_APPLY);
	status = cli_apply(job, &face, &outcome, err);
	cli_print_findings(&outcome.live, stdout);
	if (!status) {
		print_step(&job->settings, STEP_DONE);
		cli_print_summary(job, &outcome, stdout);
		cli_print_elsewhere(job, stdout);
	}
	cli_print_conflicts(&outcome.conflicts, stdout);
	if (!status && options->save_answers &&
	    cli_answers_save(job, options->save_answers, err))
		status = (int)err->code;
	hs_job_outcome_done(&outcome);
	if (!status && cli_offer_elsewhere(job, true, stdout, err))
		status = (int)err->code;
	return status;
}

static const struct choice verdicts[] = {
	{"no", "nothing is written"},
	{"yes", "apply it"},
	{"details", "hear what every new file holds, then be asked again"},
	{NULL, NULL},
};

/* REPLY_NEXT: agreed. */
static enum reply ask_verdict(const struct job *job)
{
	static const struct question question = {
		.label = "Apply this",
		.values = "yes, no or details",
		.help = "With yes all of it is done as one: if anything fails, "
			"every file is put back.",
		.kind = QUESTION_WORD,
		.choices = verdicts,
	};
	hs_auto_str struct str word = {0};

	for (;;) {
		enum reply reply = cli_plain_ask_own(&question, "no", &word);
		const char *text = hs_str_text(&word);

		if (reply != REPLY_NEXT)
			return reply;
		if (strcmp(text, "details") != 0)
			return strcmp(text, "yes") ? REPLY_QUIT : REPLY_NEXT;
		cli_print_plan(&job->plan, stdout);
		putchar('\n');
	}
}

/* Shows the plan.  *ret_reply: whether to carry it out, or where to go; the
 * status to end with otherwise. */
static int review(struct job *job, enum reply *ret_reply, struct error *err)
{
	bool ok;

	*ret_reply = REPLY_DONE;
	print_step(&job->settings, STEP_REVIEW);
	if (cli_session_plan(job, JOB_ENABLE, NULL, &ok, err))
		return (int)err->code;
	if (!ok)
		return tell_refused(job);
	cli_plain_warnings(&job->findings);
	cli_print_plan_briefly(&job->plan, stdout);
	if (hs_plan_is_empty(&job->plan))
		return HS_OK;
	putchar('\n');
	*ret_reply = ask_verdict(job);
	return *ret_reply == REPLY_NEXT || *ret_reply == REPLY_BACK
		       ? HS_OK
		       : tell_end(*ret_reply, err);
}

static enum reply interview(struct job *job, struct error *err)
{
	enum reply reply = ask_all(job, err);

	return reply == REPLY_NEXT ? settle(job, err) : reply;
}

int cli_plain_run(const struct options *options, struct job *job,
		  struct error *err)
{
	enum reply reply;
	int status;

	puts("https-setup: from HTTP to verified HTTPS. Nothing is written "
	     "before you agree to the plan.\n"
	     "At each question ? explains it, < goes back, q quits.");
	if (hs_job_look(job, err) || hs_job_read_certificate(job, err))
		return (int)err->code;
	hs_job_judge(job);
	do {
		reply = interview(job, err);
		if (reply != REPLY_NEXT)
			return tell_end(reply, err);
		status = review(job, &reply, err);
	} while (reply == REPLY_BACK);
	return reply == REPLY_NEXT ? carry_out(options, job, err) : status;
}
