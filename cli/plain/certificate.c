#include "cli/plain/certificate.h"

#include <stdio.h>
#include <string.h>

#include "cli/plain/prompt.h"
#include "cli/plain/say.h"
#include "cli/results/output.h"
#include "cli/session.h"
#include "core/apply/request_files.h"
#include "core/base/i18n.h"
#include "core/base/text.h"

void cli_plain_certificate(const struct bundle *bundle)
{
	const struct certificate *leaf = hs_bundle_leaf(bundle);
	char until[24];

	if (!leaf)
		return;
	hs_text_date(leaf->not_after, until);
	cli_print_line(stdout,
		       bundle->has_key
			       ? _("Certificate: %s, issued by %s, valid until "
				   "%s, with its key")
			       : _("Certificate: %s, issued by %s, valid until "
				   "%s, without its key"),
		       leaf->common_name ? leaf->common_name : leaf->subject,
		       leaf->issuer_common_name ? leaf->issuer_common_name
						: leaf->issuer,
		       until);
}

static void answer(struct job *job, const char *id, const char *text)
{
	struct error ignored = {0};

	(void)!hs_question_answer(hs_question_by_id(id), &job->settings, text,
				  ORIGIN_OPERATOR, NULL, &ignored);
}

/* Whatever came from another source before. */
static void forget(struct job *job)
{
	hs_settings_paste(&job->settings, NULL);
	answer(job, "certificate.self-signed", "no");
}

static enum reply use_files(struct job *job)
{
	(void)job;
	return REPLY_NEXT;
}

static enum reply use_self_signed(struct job *job)
{
	answer(job, "certificate.file", "");
	answer(job, "certificate.self-signed", "yes");
	puts(_("It is made for the name of the site when the plan is applied. "
	       "Browsers warn about it until they were told to trust it."));
	return REPLY_NEXT;
}

static enum reply use_paste(struct job *job)
{
	hs_auto_str struct str text = {0};
	int failed;

	puts(_("Paste the certificate, its key and its chain as PEM text. "
	       "Nothing of it is shown. A line with a single dot ends it."));
	fflush(stdout);
	failed = cli_read_paste(&text);
	if (!failed) {
		answer(job, "certificate.file", "");
		hs_settings_paste(&job->settings, hs_str_text(&text));
		printf(_("%zu bytes taken.\n"), text.len);
	}
	cli_wipe(&text);
	return failed ? REPLY_END : REPLY_NEXT;
}

static enum reply use_reply(struct job *job)
{
	hs_auto_free char *key = hs_request_open();

	puts(_("Name the file that the CA sent, and the key that was made with "
	       "the request."));
	if (key && !job->settings.certificate_key)
		answer(job, "certificate.key", key);
	return REPLY_NEXT;
}

static const struct choice key_types[] = {
	{"P-256", N_("fast, and known to all of today's clients")},
	{"P-384", N_("longer")},
	{"RSA-2048", N_("for the oldest clients")},
	{"RSA-3072", N_("for old clients, longer")},
	{NULL, NULL},
};

/* What a request is made of. */
static const struct question request_questions[] = {
	{
		.label = N_("Names"),
		.values = N_(
			"host names and addresses with a space between them"),
		.help = N_("All the names that visitors use: the certificate "
			   "is valid for these and no others."),
		.kind = QUESTION_TEXT,
	},
	{
		.label = N_("Key"),
		.values = "P-256, P-384, RSA-2048 or RSA-3072",
		.help = N_("The kind of key, and how long it is."),
		.kind = QUESTION_WORD,
		.choices = key_types,
	},
	{
		.label = N_("Directory"),
		.values = N_("the path of a directory"),
		.help = N_(
			"Where privkey.pem and request.pem are written. It is "
			"made when it is missing."),
		.kind = QUESTION_PATH,
	},
};
enum { NAMES, KEY_TYPE, DIRECTORY, PARTS };

static char *names_of(const struct job *job)
{
	const struct site *site = job->facts.site;
	const char *name = job->settings.name;
	struct str text = {0};

	if (name)
		hs_str_puts(&text, name);
	for (size_t i = 0; site && i < site->names.n; i++) {
		const char *other = site->names.items[i];

		if (!strpbrk(other, "~_") && (!name || strcmp(other, name)))
			hs_str_printf(&text, "%s%s", text.len ? " " : "",
				      other);
	}
	return hs_str_take(&text);
}

/* The default of a part, to be freed: what was answered before going back. */
static char *suggest(const struct job *job, int part, const struct str *answers)
{
	hs_auto_free char *first = NULL;
	const char *names = hs_str_text(&answers[NAMES]);

	if (answers[part].len)
		return hs_strdup(hs_str_text(&answers[part]));
	if (part == NAMES)
		return names_of(job);
	if (part == KEY_TYPE)
		return hs_strdup("P-256");
	first = hs_strndup(names, strcspn(names, " ,;"));
	return hs_request_directory(first);
}

/* The text itself comes last: nobody listens to it. */
static void tell_request(const struct request_files *made)
{
	cli_print_line(stdout, _("Send this to your CA; it is in %s."),
		       made->request);
	cli_print_line(stdout,
		       _("The key stays here, for its owner alone: %s."),
		       made->key);
	puts(_("When the CA has answered, start again and choose reply."));
	fputs(hs_str_text(&made->pem), stdout);
}

static enum reply ask_request(const struct job *job, struct str *answers)
{
	int part = 0;

	while (part < PARTS) {
		hs_auto_free char *usual = suggest(job, part, answers);
		enum reply reply = cli_plain_ask_own(&request_questions[part],
						     usual, &answers[part]);

		if (reply != REPLY_NEXT && (reply != REPLY_BACK || !part))
			return reply;
		part += reply == REPLY_NEXT ? 1 : -1;
	}
	return REPLY_NEXT;
}

static enum reply use_request(struct job *job)
{
	struct str answers[PARTS] = {{0}};
	hs_auto_request_files struct request_files made = {0};
	struct error err = {0};
	enum reply reply = ask_request(job, answers);

	if (reply == REPLY_NEXT) {
		if (hs_request_files_make(hs_str_text(&answers[NAMES]),
					  hs_str_text(&answers[KEY_TYPE]),
					  hs_str_text(&answers[DIRECTORY]),
					  &made, &err)) {
			cli_plain_error(&err);
			reply = REPLY_BACK;
		} else {
			tell_request(&made);
			reply = REPLY_DONE;
		}
	}
	for (int part = 0; part < PARTS; part++)
		hs_str_done(&answers[part]);
	return reply;
}

static const struct choice words[] = {
	{"files", N_("the CA's files, or a .pfx")},
	{"paste", N_("PEM text pasted here")},
	{"self-signed", N_("made here; browsers warn")},
	{"request", N_("make a key and a request for a CA")},
	{"reply", N_("the CA has answered a request")},
	{NULL, NULL},
};
static const struct question source_question = {
	.label = N_("Where the certificate comes from"),
	.values = N_("files, paste, self-signed, request or reply"),
	.help = N_(
		"A CA is who issues certificates that browsers trust. What it "
		"sent you are files, or text to paste. Without one, a request "
		"is the way to it, and self-signed is for tests."),
	.kind = QUESTION_WORD,
	.choices = words,
};
static enum reply (*const uses[])(struct job *job) = {
	use_files, use_paste, use_self_signed, use_request, use_reply,
};

bool cli_plain_source_is_open(const struct job *job)
{
	static const char *const ids[] = {"certificate.file",
					  "certificate.self-signed"};

	for (size_t i = 0; i < HS_LENGTH(ids); i++) {
		enum origin origin = hs_settings_origin(&job->settings, ids[i]);

		if (origin == ORIGIN_ANSWERS || origin == ORIGIN_FLAG)
			return false;
	}
	return true;
}

static const char *present_source(const struct job *job)
{
	return job->settings.certificate_text	       ? "paste"
	       : job->settings.certificate_self_signed ? "self-signed"
						       : "files";
}

static enum reply use(struct job *job, const char *word)
{
	forget(job);
	for (size_t i = 0; i < HS_LENGTH(uses); i++)
		if (!strcmp(word, words[i].word))
			return uses[i](job);
	return REPLY_BACK;
}

/* What was pasted is judged at once: there is no file to be asked for. */
static enum reply judge(struct job *job, struct error *err)
{
	bool pasted = job->settings.certificate_text;

	if (pasted && cli_session_read(job, err)) {
		cli_plain_error(err);
		*err = (struct error){0};
		return REPLY_BACK;
	}
	hs_job_judge(job);
	if (!pasted)
		return REPLY_NEXT;
	if (cli_plain_findings(&job->findings,
			       hs_question_by_id("certificate.file")))
		return REPLY_BACK;
	cli_plain_certificate(&job->facts.bundle);
	return REPLY_NEXT;
}

enum reply cli_plain_source(struct job *job, struct error *err)
{
	for (;;) {
		hs_auto_str struct str word = {0};
		enum reply reply = cli_plain_ask_own(
			&source_question, present_source(job), &word);

		if (reply != REPLY_NEXT)
			return reply;
		reply = use(job, hs_str_text(&word));
		if (reply == REPLY_NEXT)
			reply = judge(job, err);
		if (reply != REPLY_BACK)
			return reply;
	}
}
