#include "cli/plain/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/plain/prompt.h"
#include "cli/plain/say.h"
#include "cli/results/output.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/settings/sites.h"

/* What can be chosen; words are what is stored. */
struct offers {
	struct strings words, labels;
};

static void offers_done(struct offers *offers)
{
	hs_strings_done(&offers->words);
	hs_strings_done(&offers->labels);
}

static void offer(struct offers *offers, const char *word, const char *label)
{
	hs_strings_add(&offers->words, word);
	hs_strings_add(&offers->labels, label);
}

static void offer_servers(const struct job *job, struct offers *ret_offers)
{
	HS_EACH(server, &job->facts.servers) {
		hs_auto_free char *label = hs_format(
			"%s%s%s, %s", server->title, server->version ? " " : "",
			server->version ? server->version : "", server->config);

		offer(ret_offers, server->id, label);
	}
}

static void offer_sites(const struct job *job, struct offers *ret_offers)
{
	if (!job->facts.server)
		return;
	HS_EACH(site, &job->facts.server->sites) {
		hs_auto_str struct str names = {0};
		hs_auto_free char *label = NULL;

		HS_EACH(name, &site->names)
			hs_str_printf(&names, "%s%s", names.len ? " " : "",
				      *name);
		label = hs_format(site->https ? _("%s (https)")
					      : _("%s (http)"),
				  hs_str_text(&names));
		offer(ret_offers, site->id, label);
	}
}

static void offer_words(const struct question *question,
			struct offers *ret_offers)
{
	const struct choice *choice = question->choices;

	for (; choice && choice->word; choice++)
		offer(ret_offers, choice->word,
		      choice->label ? _(choice->label) : "");
}

/* Where none was found, any of them can be said. */
static void offer_products(const struct job *job, struct offers *ret_offers)
{
	if (job->facts.products.n < 2)
		return;
	HS_EACH(product, &job->facts.products)
		offer(ret_offers, product->id, _(product->title));
}

/* The names that the certificate has; its wildcards stand for names. */
static void offer_names(const struct job *job, struct offers *ret_offers)
{
	const struct certificate *leaf = hs_bundle_leaf(&job->facts.bundle);

	if (!leaf || job->settings.certificate_self_signed)
		return;
	HS_EACH(name, &leaf->dns_names)
		if (hs_site_name_is_plain(*name) &&
		    !hs_text_is_hostile(*name, strlen(*name)))
			offer(ret_offers, *name, "");
}

/* Questions whose choices were found out on the host. */
static const struct {
	const char *id;
	void (*fill)(const struct job *job, struct offers *ret_offers);
} found_offers[] = {
	{"server", offer_servers},
	{"site", offer_sites},
	{"product", offer_products},
	{"name", offer_names},
};

static void find_offers(const struct question *question, const struct job *job,
			struct offers *ret_offers)
{
	for (size_t i = 0; i < HS_LENGTH(found_offers); i++)
		if (!strcmp(question->id, found_offers[i].id))
			found_offers[i].fill(job, ret_offers);
	if (!ret_offers->words.n)
		offer_words(question, ret_offers);
	/* One alone is the default already. */
	if (ret_offers->words.n == 1)
		offers_done(ret_offers);
}

static void print_offers(const struct offers *offers)
{
	for (size_t i = 0; i < offers->words.n; i++) {
		printf("  %zu. ", i + 1);
		cli_print_safe(stdout, offers->words.items[i]);
		if (*offers->labels.items[i])
			fputs(": ", stdout);
		cli_print_safe(stdout, offers->labels.items[i]);
		putchar('\n');
	}
}

/* Those that have to be answered. */
static bool is_needed(const struct question *question)
{
	static const char *const needed[] = {"certificate.file",
					     "certificate.passphrase"};

	for (size_t i = 0; question->id && i < HS_LENGTH(needed); i++)
		if (!strcmp(question->id, needed[i]))
			return true;
	return !question->id;
}

/* Seconds also as people say them. */
static char *ask_duration(const char *label, const char *seconds)
{
	char words[40];

	hs_text_duration(strtoll(seconds, NULL, 10), words);
	return hs_format(_("%s, default %s seconds (%s):"), label, seconds,
			 words);
}

/* The default comes last: who listens hears it just before the answer. */
static char *ask_usual(const struct question *question,
		       const struct offers *offers, const char *usual)
{
	const char *label = _(question->label);

	if (offers->words.n)
		return hs_format(_("%s, a number from 1 to %zu or the word, "
				   "default %s:"),
				 label, offers->words.n, usual);
	if (question->kind == QUESTION_BOOL)
		return hs_format(_("%s, yes or no, default %s:"), label, usual);
	if (question->kind == QUESTION_DURATION)
		return ask_duration(label, usual);
	return hs_format(_("%s, default %s:"), label, usual);
}

static char *ask_needed(const struct question *question,
			const struct offers *offers)
{
	const char *label = _(question->label);

	if (offers->words.n)
		return hs_format(_("%s, a number from 1 to %zu or the word:"),
				 label, offers->words.n);
	if (question->kind == QUESTION_BOOL)
		return hs_format(_("%s, yes or no:"), label);
	if (question->kind == QUESTION_SECRET)
		return hs_format(_("%s, nothing of it is shown:"), label);
	return hs_format("%s:", label);
}

static char *ask_open(const struct question *question,
		      const struct offers *offers)
{
	const char *label = _(question->label);

	if (offers->words.n)
		return hs_format(_("%s, a number from 1 to %zu or the word, "
				   "may stay open:"),
				 label, offers->words.n);
	if (question->kind == QUESTION_BOOL)
		return hs_format(_("%s, yes or no, may stay open:"), label);
	return hs_format(_("%s, may stay open:"), label);
}

static void print_prompt(const struct question *question,
			 const struct offers *offers, const char *usual)
{
	hs_auto_free char *prompt = NULL, *safe = NULL;

	if (*usual)
		prompt = ask_usual(question, offers, usual);
	else if (is_needed(question))
		prompt = ask_needed(question, offers);
	else
		prompt = ask_open(question, offers);
	safe = hs_text_safe(prompt, strlen(prompt), 0);
	cli_prompt(stdout, safe);
}

static void print_help(const struct question *question)
{
	printf(is_needed(question)
		       ? _("%s It takes %s. < goes back, q quits.\n")
		       : _("%s It takes %s. < goes back, - takes the answer "
			   "away, q quits.\n"),
	       _(question->help), _(question->values));
}

static int read_answer(const struct question *question, struct str *ret_line)
{
	bool secret = question->kind == QUESTION_SECRET;
	int failed =
		secret ? cli_read_secret(ret_line) : cli_read_line(ret_line);

	/* Where nothing was echoed, no line was ended either. */
	if (failed || secret || !isatty(STDIN_FILENO))
		putchar('\n');
	return failed;
}

/* A letter is enough, as wherever yes or no is asked. */
static const char *spell_out(const char *text)
{
	return !strcasecmp(text, "y")	? "yes"
	       : !strcasecmp(text, "n") ? "no"
					: text;
}

/* The word that a number stands for; else the text itself. */
static const char *meant(const struct offers *offers, const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (!*text || *end || number < 1 || number > offers->words.n)
		return text;
	return offers->words.items[number - 1];
}

static bool store(const struct question *question, struct job *job,
		  const char *text)
{
	struct error err = {0};

	if (!hs_question_answer(question, &job->settings, text, ORIGIN_OPERATOR,
				NULL, &err))
		return true;
	if (err.code == HS_USAGE)
		printf(_("Error: that is no answer; it takes %s\n"),
		       _(question->values));
	else
		cli_plain_error(&err);
	return false;
}

/* Words that are no answers. */
static const struct {
	const char *text;
	enum reply reply;
} ways_out[] = {
	{"<", REPLY_BACK},
	{"q", REPLY_QUIT},
};

/* One that asks for something else than an answer: help, or a way out, which
 * is in *ret_reply then. */
static bool is_command(const struct question *question,
		       const struct offers *offers, const char *text,
		       enum reply *ret_reply)
{
	*ret_reply = REPLY_NEXT;
	if (!strcmp(text, "?")) {
		print_help(question);
		print_offers(offers);
		return true;
	}
	for (size_t i = 0; i < HS_LENGTH(ways_out); i++) {
		if (strcmp(text, ways_out[i].text) != 0)
			continue;
		*ret_reply = ways_out[i].reply;
		return true;
	}
	return false;
}

/* What Enter stands for: the answer there is, or what was found out. */
static char *usual_answer(const struct question *question,
			  const struct job *job)
{
	const struct server_facts *server = job->facts.server;
	char *text = hs_question_text(question, &job->settings);
	const struct {
		const char *id, *found;
	} found[] = {
		{"server-config", server ? server->config : NULL},
		{"server-binary", server ? server->binary : NULL},
	};

	for (size_t i = 0; i < HS_LENGTH(found) && !*text; i++)
		if (!strcmp(question->id, found[i].id))
			hs_replace(&text, found[i].found ? found[i].found : "");
	return text;
}

/* What Enter stands for where the present answer is wrong: what it was before
 * anybody answered, unless that is the one. */
static char *first_answer(const struct question *question,
			  const struct job *job)
{
	hs_auto_free char *present = hs_question_text(question, &job->settings);
	struct settings settings;
	char *text;

	hs_settings_copy(&job->settings, &settings);
	hs_question_reset(question, &settings);
	text = hs_question_text(question, &settings);
	hs_settings_done(&settings);
	if (!strcmp(text, present))
		hs_replace(&text, "");
	return text;
}

static bool take_away(const struct question *question, struct job *job)
{
	if (is_needed(question)) {
		puts(_("Error: an answer is needed"));
		return false;
	}
	hs_question_reset(question, &job->settings);
	return true;
}

/* Deals with an answer; true when the question is done with.  Enter keeps the
 * present answer; where that is wrong or none, it is taken away. */
static bool take_line(const struct question *question, struct job *job,
		      const struct offers *offers, const char *text, bool keeps)
{
	if (!*text && keeps)
		return true;
	if (!*text || !strcmp(text, "-"))
		return take_away(question, job);
	text = question->kind == QUESTION_BOOL ? spell_out(text)
					       : meant(offers, text);
	return store(question, job, text);
}

enum reply cli_plain_ask(const struct question *question, struct job *job,
			 bool keeps)
{
	hs_auto_free char *usual = keeps ? usual_answer(question, job)
					 : first_answer(question, job);
	HS_CLEANUP(offers_done) struct offers offers = {0};
	hs_auto_str struct str line = {0};
	enum reply reply = REPLY_END;
	bool done = false;

	find_offers(question, job, &offers);
	print_offers(&offers);
	while (!done) {
		print_prompt(question, &offers, usual);
		if (read_answer(question, &line))
			return REPLY_END;
		if (is_command(question, &offers, hs_str_text(&line), &reply))
			done = reply != REPLY_NEXT;
		else
			done = take_line(question, job, &offers,
					 hs_str_text(&line), keeps && *usual);
		cli_wipe(&line);
	}
	return reply;
}

/* Whether it is one of the words, where there are words. */
static bool is_offered(const struct offers *offers, const char *text)
{
	if (!*text)
		puts(_("Error: an answer is needed"));
	else if (offers->words.n && !hs_strings_has(&offers->words, text))
		puts(_("Error: that is none of these"));
	else
		return true;
	return false;
}

enum reply cli_plain_ask_own(const struct question *question,
			     const char *present, struct str *ret_text)
{
	HS_CLEANUP(offers_done) struct offers offers = {0};
	hs_auto_str struct str line = {0};
	enum reply reply;
	const char *text;

	offer_words(question, &offers);
	print_offers(&offers);
	for (;;) {
		print_prompt(question, &offers, present);
		if (read_answer(question, &line))
			return REPLY_END;
		text = hs_str_text(&line);
		if (is_command(question, &offers, text, &reply)) {
			if (reply != REPLY_NEXT)
				return reply;
			continue;
		}
		text = *text ? meant(&offers, text) : present;
		if (is_offered(&offers, text))
			break;
	}
	hs_str_clear(ret_text);
	hs_str_puts(ret_text, text);
	return REPLY_NEXT;
}
