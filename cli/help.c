#include <string.h>

#include "cli/command.h"
#include "core/base/i18n.h"

enum { FLAG_WIDTH = 28, TEXT_WIDTH = 78 };

/* Prints a text in lines that fit, each behind `indent` blanks; the first
 * line goes on at column `at`. */
static void print_wrapped(const char *text, int at, int indent, FILE *to)
{
	int column = at;

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (column > indent && column + 1 + length > TEXT_WIDTH) {
			fprintf(to, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			putc(' ', to);
			column++;
		}
		fprintf(to, "%.*s", length, text);
		column += length;
		text += length;
		text += strspn(text, " ");
	}
	putc('\n', to);
}

static void print_flag(const char *name, const char *values, const char *help,
		       FILE *to)
{
	int width = fprintf(to, "  --%s%s%s", name, values ? " " : "",
			    values ? values : "");

	if (width >= FLAG_WIDTH) {
		putc('\n', to);
		width = 0;
	}
	fprintf(to, "%*s", FLAG_WIDTH - width, "");
	print_wrapped(help, FLAG_WIDTH, FLAG_WIDTH, to);
}

static void print_question(const struct question *question, FILE *to)
{
	const char *name = cli_question_flag(question);
	hs_auto_free char *both = NULL, *help = NULL;

	if (!name)
		return;
	if (question->flag && question->no_flag)
		both = hs_format("%s, --%s", name, question->no_flag);
	help = hs_format("%s%s%s", _(question->label),
			 question->choices ? ": " : "",
			 question->choices ? _(question->values) : "");
	print_flag(both ? both : name, cli_question_value(question), help, to);
}

static void print_flags(const struct command *command, FILE *to)
{
	size_t count;
	const struct question *questions = hs_questions(&count);
	const struct flag *flags;
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (!cli_takes_question(command, &questions[i]))
			continue;
		if (!any)
			fputs(_("\nSettings:\n"), to);
		any = true;
		print_question(&questions[i], to);
	}
	fputs(_("\nFlags:\n"), to);
	flags = cli_flags(&count);
	for (size_t i = 0; i < count; i++)
		if (cli_takes_flag(command, &flags[i]))
			print_flag(flags[i].name, flags[i].values,
				   _(flags[i].help), to);
}

static void print_commands(FILE *to)
{
	size_t count;
	const struct command *const *commands = cli_commands(&count);

	fputs(_("Usage: https-setup [COMMAND] [SETTINGS] [FLAGS]\n\nTakes a "
		"web site from plain HTTP to verified HTTPS. Without "
		"a\ncommand: the wizard.\n\nCommands:\n"),
	      to);
	for (size_t i = 0; i < count; i++)
		fprintf(to, "  %-20s%s\n", commands[i]->name,
			_(commands[i]->summary));
	fputs(_("\n`https-setup COMMAND --help` tells more about each; so "
		"does\nhttps-setup(8). SETTINGS are the flags below and the "
		"answers\nfile.\n"),
	      to);
}

void cli_print_help(const struct command *command, FILE *to)
{
	if (!command) {
		print_commands(to);
	} else {
		fprintf(to, _("Usage: https-setup %s%s%s [FLAGS]\n\n"),
			command->name, *command->usage ? " " : "",
			command->usage);
		print_wrapped(_(command->help), 0, 0, to);
	}
	print_flags(command, to);
}
