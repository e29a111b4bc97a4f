#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/settings/questions/nearest.h"

/* Where reading stands. */
struct walk {
	int argc, at;
	char *const *argv;
	struct options *options;
	struct error *err;
};

static const char *command_name(const struct walk *walk)
{
	const struct command *command = walk->options->command;

	return command ? command->name : _("the wizard");
}

/* What follows a flag that needs a value; NULL with the error set. */
static const char *take_value(struct walk *walk, const char *name,
			      const char *values, const char *given)
{
	const char *next = NULL;

	if (given)
		return given;
	if (walk->at + 1 < walk->argc)
		next = walk->argv[walk->at + 1];
	if (next && strncmp(next, "--", 2)) {
		walk->at++;
		return next;
	}
	hs_fail(walk->err, HS_USAGE, "a value is missing");
	hs_error_where(walk->err, "--%s", name);
	hs_error_hint(walk->err, "write --%s %s", name,
		      values ? values : "VALUE");
	return NULL;
}

static int set_switch(void *field, const char *value)
{
	if (value)
		return -1;
	*(bool *)field = true;
	return 0;
}

static int set_text(void *field, const char *value)
{
	*(const char **)field = value;
	return *value ? 0 : -1;
}

static int add_text(void *field, const char *value)
{
	hs_strings_add(field, value);
	return *value ? 0 : -1;
}

static int set_descriptor(void *field, const char *value)
{
	char *end;
	long number = strtol(value, &end, 10);

	*(int *)field = (int)number;
	return *value && !*end && number >= 0 && number < 1 << 20 ? 0 : -1;
}

static int set_seconds(void *field, const char *value)
{
	char *end;
	double seconds = strtod(value, &end);

	if (!*value || *end || !(seconds >= 0.1 && seconds <= 600))
		return -1;
	*(int *)field = (int)(seconds * 1000);
	return 0;
}

static const struct {
	int (*set)(void *field, const char *value);
	const char *wants;
} kinds[] = {
	[FLAG_BOOL] = {set_switch, N_("it takes no value")},
	[FLAG_TEXT] = {set_text, N_("it needs a value")},
	[FLAG_DESCRIPTOR] = {set_descriptor,
			     N_("it takes the number of an open descriptor")},
	[FLAG_SECONDS] = {set_seconds, N_("it takes seconds, 0.1 to 600")},
	[FLAG_LIST] = {add_text, N_("it needs a value")},
};

static int read_flag(struct walk *walk, const struct flag *flag,
		     const char *given)
{
	void *field = (char *)walk->options + flag->offset;
	const char *value = given;
	hs_auto_free char *shown = NULL;

	if (flag->kind != FLAG_BOOL)
		value = take_value(walk, flag->name, flag->values, given);
	if (!value && flag->kind != FLAG_BOOL)
		return -1;
	if (!kinds[flag->kind].set(field, value))
		return 0;
	shown = hs_text_safe(value, strlen(value), 80);
	hs_fail(walk->err, HS_USAGE, "\"%s\": %s", shown,
		_(kinds[flag->kind].wants));
	hs_error_where(walk->err, "--%s", flag->name);
	return -1;
}

static int read_question(struct walk *walk, const struct question *question,
			 const char *name, const char *given)
{
	bool denied = question->no_flag && !strcmp(name, question->no_flag);
	hs_auto_free char *where = hs_format("--%s", name);
	const char *value = given;

	if (question->kind != QUESTION_BOOL)
		value = take_value(walk, name, cli_question_value(question),
				   given);
	else if (!given)
		value = denied ? "no" : "yes";
	else if (denied)
		return hs_fail(walk->err, HS_USAGE, "--%s: it takes no value",
			       name);
	if (!value)
		return -1;
	return hs_question_answer(question, &walk->options->settings, value,
				  ORIGIN_FLAG, where, walk->err);
}

/* Shows the search every flag that the command takes. */
static void try_flags(const struct command *command,
		      struct nearest_word *nearest)
{
	size_t count;
	const struct flag *flags = cli_flags(&count);
	const struct question *questions;

	for (size_t i = 0; i < count; i++)
		if (cli_takes_flag(command, &flags[i]))
			hs_nearest_try(nearest, flags[i].name);
	questions = hs_questions(&count);
	for (size_t i = 0; i < count; i++) {
		const struct question *question = &questions[i];

		if (!cli_takes_question(command, question) ||
		    !cli_question_flag(question))
			continue;
		hs_nearest_try(nearest, cli_question_flag(question));
		if (question->no_flag)
			hs_nearest_try(nearest, question->no_flag);
	}
}

static int fail_unknown(struct walk *walk, const char *dashes, const char *name)
{
	const struct command *command = walk->options->command;
	struct nearest_word nearest = hs_nearest(name);
	hs_auto_free char *shown = hs_text_safe(name, strlen(name), 80);

	try_flags(command, &nearest);
	hs_fail(walk->err, HS_USAGE, "there is no flag %s%s", dashes, shown);
	if (nearest.best)
		hs_error_hint(walk->err, "did you mean --%s?", nearest.best);
	else
		hs_error_hint(walk->err, "see https-setup%s%s --help",
			      command ? " " : "", command ? command->name : "");
	return -1;
}

static int fail_misplaced(struct walk *walk, const char *name)
{
	hs_fail(walk->err, HS_USAGE, "--%s is no flag of %s", name,
		command_name(walk));
	hs_error_hint(walk->err, "see https-setup%s%s --help",
		      walk->options->command ? " " : "",
		      walk->options->command ? walk->options->command->name
					     : "");
	return -1;
}

/* Reads one flag, given without its dashes. */
static int take_flag(struct walk *walk, const char *text)
{
	const char *equals = strchr(text, '=');
	size_t length = equals ? (size_t)(equals - text) : strlen(text);
	hs_auto_free char *name = hs_strndup(text, length);
	const char *given = equals ? equals + 1 : NULL;
	const struct command *command = walk->options->command;
	const struct flag *flag = cli_flag(name);
	const struct question *question = hs_question_by_flag(name);

	if (flag && cli_takes_flag(command, flag))
		return read_flag(walk, flag, given);
	if (question && question->kind != QUESTION_SECRET &&
	    cli_takes_question(command, question))
		return read_question(walk, question, name, given);
	if (flag || (question && question->kind != QUESTION_SECRET))
		return fail_misplaced(walk, name);
	return fail_unknown(walk, "--", name);
}

static int take_argument(struct walk *walk, const char *word)
{
	const struct command *command = walk->options->command;
	struct strings *arguments = &walk->options->arguments;
	hs_auto_free char *shown = NULL;

	if (command && arguments->n < command->arguments) {
		hs_strings_add(arguments, word);
		return 0;
	}
	shown = hs_text_safe(word, strlen(word), 80);
	hs_fail(walk->err, HS_USAGE, "\"%s\" is one word too many for %s",
		shown, command_name(walk));
	hs_error_hint(walk->err, "flags begin with --, a command stands first");
	return -1;
}

/* Switches that may stand before the command: `https-setup --json check`. */
static bool is_switch(const char *word)
{
	const struct flag *flag;

	if (strncmp(word, "--", 2))
		return false;
	flag = cli_flag(word + 2);
	return flag && flag->kind == FLAG_BOOL;
}

static bool is_word(const char *text)
{
	return text[0] != '-' || !text[1];
}

/* Whether --json stands anywhere, so that even a usage error is told so. */
static bool asks_for_json(int argc, char *const argv[])
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--json"))
			return true;
	return false;
}

/* Reads all words but those of the command's name. */
static int read_words(struct walk *walk, int command_at, int command_words)
{
	bool only_arguments = false;

	for (walk->at = 1; walk->at < walk->argc; walk->at++) {
		const char *word = walk->argv[walk->at];
		int failed;

		if (walk->at >= command_at &&
		    walk->at < command_at + command_words)
			continue;
		if (!only_arguments && !strcmp(word, "--")) {
			only_arguments = true;
			continue;
		}
		if (only_arguments || is_word(word))
			failed = take_argument(walk, word);
		else if (!strncmp(word, "--", 2))
			failed = take_flag(walk, word + 2);
		else
			failed = fail_unknown(walk, "-", word + 1);
		if (failed)
			return -1;
	}
	return 0;
}

static int check_together(const struct options *options, struct error *err)
{
	if (options->passphrase_file && options->passphrase_fd >= 0)
		return hs_fail(err, HS_USAGE,
			       "--passphrase-file and "
			       "--passphrase-fd exclude each other");
	if (options->make.passphrase_file && options->make.passphrase_fd >= 0)
		return hs_fail(err, HS_USAGE,
			       "--out-passphrase-file and "
			       "--out-passphrase-fd exclude each other");
	if (options->unattended && !options->demo)
		return hs_fail(err, HS_USAGE,
			       "--unattended goes with --demo; "
			       "use apply --yes for a site of your own");
	return 0;
}

int cli_options_parse(int argc, char *const argv[], struct options *ret_options,
		      struct error *err)
{
	struct walk walk = {argc, 1, argv, ret_options, err};
	int at = 1, words = 0;

	*ret_options = (struct options){
		.passphrase_fd = -1,
		.make.passphrase_fd = -1,
	};
	hs_settings_init(&ret_options->settings);
	ret_options->json = asks_for_json(argc, argv);
	while (at < argc && is_switch(argv[at]))
		at++;
	if (at < argc && is_word(argv[at])) {
		ret_options->command =
			cli_command_find(argc - at, argv + at, &words, err);
		if (!ret_options->command)
			return -1;
	}
	if (read_words(&walk, at, words))
		return -1;
	return check_together(ret_options, err);
}

void cli_options_done(struct options *options)
{
	hs_settings_done(&options->settings);
	hs_strings_done(&options->arguments);
	hs_strings_done(&options->make.names);
	free(options->kept.state_dir);
	free(options->kept.cert_dir);
}
