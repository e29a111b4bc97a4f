#include "cli/plain/plan.h"

#include <stdio.h>
#include <string.h>

#include "cli/plain/say.h"
#include "cli/results/output.h"
#include "core/base/i18n.h"
#include "core/plan/diff.h"

/* Where a diff is: the numbers of its next lines, before and after. */
struct spot {
	long before, after;
};

/* A row below the path it is about. */
static void tell_row(const char *label, const char *text)
{
	if (text)
		cli_print_line(stdout, "  %s %s", label, text);
}

/* One line of a unified diff; what it is indented with is nothing to hear. */
static void tell_line(char *line, struct spot *spot)
{
	const char *text = line + 1 + strspn(line + 1, " \t");
	hs_auto_free char *row = NULL;
	long before, after;

	line[strcspn(line, "\r")] = '\0';

	if (sscanf(line, "@@ -%ld%*[,0-9] +%ld", &before, &after) == 2 ||
	    sscanf(line, "@@ -%ld +%ld", &before, &after) == 2)
		*spot = (struct spot){before, after};
	else if (!spot->after && !spot->before)
		return; /* the names of the file */
	else if (*line == '-')
		row = hs_format(_("Removed line %ld: %s"), spot->before++,
				text);
	else if (*line == '+')
		row = hs_format(_("Added line %ld: %s"), spot->after++, text);
	else if (*line == ' ')
		*spot = (struct spot){spot->before + 1, spot->after + 1};
	if (row)
		cli_print_line(stdout, "  %s", row);
}

static void tell_diff(const struct change *change)
{
	hs_auto_str struct str diff = {0};
	struct spot spot = {0};
	char *rest, *line;

	if (change->secret) {
		cli_print_line(stdout, "  %s",
			       _("What it holds is secret and not shown."));
		return;
	}
	hs_diff_change(change, &diff);
	for (rest = diff.data; rest && (line = strsep(&rest, "\n"));)
		if (*line)
			tell_line(line, &spot);
}

static char *command_of(const struct change *change)
{
	struct str text = {0};

	HS_EACH(word, &change->command)
		hs_str_printf(&text, "%s%s", text.len ? " " : "", *word);
	return hs_str_take(&text);
}

/* "create /etc/ssl/x.pem, mode 0644" */
static char *say_change(const struct change *change)
{
	const char *word = _(hs_change_word(change->kind));
	hs_auto_free char *command = NULL;

	switch (change->kind) {
	case CHANGE_RUN:
		command = command_of(change);
		return hs_format("%s %s", word, command);
	case CHANGE_CREATE:
		return hs_format(_("%s %s, mode %04o"), word, change->path,
				 (unsigned)change->mode);
	case CHANGE_LINK:
		return hs_format(_("%s %s, to %s"), word, change->path,
				 change->target);
	default:
		return hs_format("%s %s", word, change->path);
	}
}

static void tell_change(const struct change *change, bool whole, size_t number,
			size_t count)
{
	hs_auto_free char *what = say_change(change);

	putchar('\n');
	cli_print_line(stdout, _("Change %zu of %zu: %s"), number, count, what);
	tell_row(_("Why:"), change->reason);
	if (change->phase == PHASE_PROVED)
		tell_row(_("When:"), _("only after HTTPS was proved live"));
	tell_row(_("Undo:"), change->undo);
	if (change->kind == CHANGE_EDIT ||
	    (whole && change->kind != CHANGE_RUN &&
	     change->kind != CHANGE_LINK))
		tell_diff(change);
}

void cli_plain_plan(const struct plan *plan, bool whole)
{
	size_t number = 0;

	if (hs_plan_is_empty(plan))
		puts(_("nothing to do: all of it is in place"));
	else
		for (int phase = PHASE_HTTPS; phase <= PHASE_PROVED; phase++)
			HS_EACH(change, &plan->changes)
				if ((int)change->phase == phase)
					tell_change(change, whole, ++number,
						    plan->changes.n);
	if (plan->notes.n)
		putchar('\n');
	HS_EACH(note, &plan->notes)
		cli_print_line(stdout, "%s: %s", cli_plain_word(SEVERITY_INFO),
			       *note);
	cli_print_tasks(plan, TASK_BEFORE, stdout);
	cli_print_tasks(plan, TASK_AFTER, stdout);
}
