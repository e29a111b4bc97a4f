#include "cli/command.h"

#include <string.h>

#include "core/base/text.h"
#include "core/settings/questions/nearest.h"

static const struct command *const commands[] = {
	&cli_cmd_detect,       &cli_cmd_check,
	&cli_cmd_plan,	       &cli_cmd_apply,
	&cli_cmd_verify,       &cli_cmd_doctor,
	&cli_cmd_confirm,      &cli_cmd_revert,
	&cli_cmd_rollback,     &cli_cmd_recover,
	&cli_cmd_status,       &cli_cmd_history,
	&cli_cmd_disable,      &cli_cmd_renew,
	&cli_cmd_cert_show,    &cli_cmd_cert_self_sign,
	&cli_cmd_cert_request, &cli_cmd_cert_install_reply,
	&cli_cmd_cert_issue,   &cli_cmd_cert_export,
	&cli_cmd_questions,    &cli_cmd_rules,
};

const struct command *const *cli_commands(size_t *ret_count)
{
	*ret_count = HS_LENGTH(commands);
	return commands;
}

/* How many words of argv the name takes; 0 when they do not match. */
static int words_of(const char *name, int argc, char *const argv[])
{
	int words = 0;

	while (*name) {
		size_t length = strcspn(name, " ");

		if (words == argc || strlen(argv[words]) != length ||
		    strncmp(argv[words], name, length))
			return 0;
		words++;
		name += length + (name[length] == ' ');
	}
	return words;
}

/* What was typed where a command is missing: "cert shwo", "chekc". */
static char *words_typed(int argc, char *const argv[])
{
	bool two = !strcmp(argv[0], "cert") && argc > 1 && argv[1][0] != '-';
	hs_auto_free char *typed = hs_format("%s%s%s", argv[0], two ? " " : "",
					     two ? argv[1] : "");

	return hs_text_safe(typed, strlen(typed), 80);
}

/* The command whose first word this is: "cert" of "cert show". */
static const char *begun_by(const char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i < HS_LENGTH(commands); i++)
		if (!strncmp(commands[i]->name, word, length) &&
		    commands[i]->name[length] == ' ')
			return commands[i]->name;
	return NULL;
}

static void fail_unknown(int argc, char *const argv[], struct error *err)
{
	hs_auto_free char *typed = words_typed(argc, argv);
	struct nearest_word nearest = hs_nearest(typed);

	for (size_t i = 0; i < HS_LENGTH(commands); i++)
		hs_nearest_try(&nearest, commands[i]->name);
	if (!nearest.best)
		nearest.best = begun_by(typed);
	hs_fail(err, HS_USAGE, "there is no command %s", typed);
	if (nearest.best)
		hs_error_hint(err, "did you mean %s?", nearest.best);
	else
		hs_error_hint(err, "see https-setup --help");
}

const struct command *cli_command_find(int argc, char *const argv[],
				       int *ret_words, struct error *err)
{
	for (size_t i = 0; i < HS_LENGTH(commands); i++) {
		*ret_words = words_of(commands[i]->name, argc, argv);
		if (*ret_words)
			return commands[i];
	}
	fail_unknown(argc, argv, err);
	return NULL;
}
