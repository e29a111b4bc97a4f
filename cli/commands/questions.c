#include <string.h>

#include "cli/command.h"
#include "cli/results/json.h"
#include "core/base/i18n.h"

static const char *const kind_words[] = {
	[QUESTION_TEXT] = "text",	  [QUESTION_PATH] = "path",
	[QUESTION_SECRET] = "secret",	  [QUESTION_BOOL] = "bool",
	[QUESTION_CHOICE] = "choice",	  [QUESTION_WORD] = "choice",
	[QUESTION_PORT] = "port",	  [QUESTION_CODE] = "choice",
	[QUESTION_DURATION] = "duration", [QUESTION_ADDRESSES] = "addresses",
	[QUESTION_NAME] = "name",	  [QUESTION_NAMES] = "names",
};

/* How it is spelt on the command line, to be freed. */
static char *spelling(const struct question *question)
{
	const char *flag = cli_question_flag(question);

	if (!flag)
		return hs_strdup("--passphrase-file, --passphrase-fd");
	if (question->flag && question->no_flag)
		return hs_format("--%s, --%s", flag, question->no_flag);
	return hs_format("--%s", flag);
}

static json_t *choices_as_json(const struct question *question)
{
	json_t *array = json_array();
	const struct choice *choice = question->choices;

	for (; choice && choice->word; choice++)
		json_array_append_new(array, cli_json_text(choice->word));
	return array;
}

static json_t *question_as_json(const struct question *question)
{
	hs_auto_free char *flag = spelling(question);

	return json_pack("{so so ss ss so so so so so so so}", "id",
			 cli_json_text(question->id), "flag",
			 cli_json_text(flag), "kind",
			 kind_words[question->kind], "step",
			 hs_step_title(question->step), "default",
			 cli_json_text(question->fallback), "values",
			 cli_json_text(_(question->values)), "choices",
			 choices_as_json(question), "label",
			 cli_json_text(_(question->label)), "help",
			 cli_json_text(_(question->help)), "product",
			 cli_json_text(question->product), "server",
			 cli_json_text(question->server));
}

static void tell_in_json(const struct question *questions, size_t count)
{
	json_t *object = cli_json_begin(cli_cmd_questions.name);
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, question_as_json(&questions[i]));
	json_object_set_new(object, "questions", list);
	cli_json_print(object);
}

static void print_question(const struct question *question)
{
	hs_auto_free char *flag = spelling(question);

	printf(_("%s\n    flag     %s\n    kind     %s%s%s\n    default  %s\n"
		 "    %s\n"),
	       question->id, flag, kind_words[question->kind],
	       question->values ? ": " : "",
	       question->values ? _(question->values) : "",
	       question->fallback ? question->fallback : "-",
	       _(question->help));
}

static int run(struct options *options, struct error *err)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	(void)err;
	if (options->json) {
		tell_in_json(questions, count);
		return HS_OK;
	}
	for (size_t i = 0; i < count; i++)
		print_question(&questions[i]);
	return HS_OK;
}

const struct command cli_cmd_questions = {
	.name = "questions",
	.usage = "",
	.summary = N_("the catalogue: id, flag, kind, default, help"),
	.help = N_(
		"Lists every setting: its id (the element of the answers "
		"file), its flag, what it takes, its default, and what it is "
		"for."),
	.flags = FLAGS_JSON,
	.run = run,
};
