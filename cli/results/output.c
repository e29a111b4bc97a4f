#include "cli/results/output.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/plan/diff.h"

static struct {
	bool out, err; /* whether that stream gets colour */
} coloured;

void cli_output_init(const struct options *options)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	bool wanted = !options->no_color && !(no_color && *no_color) && term &&
		      *term && strcmp(term, "dumb") != 0;

	coloured.out = wanted && isatty(STDOUT_FILENO);
	coloured.err = wanted && isatty(STDERR_FILENO);
}

void cli_output_uncolour(void)
{
	coloured.out = coloured.err = false;
}

static bool has_colour(FILE *to)
{
	return to == stdout ? coloured.out : to == stderr && coloured.err;
}

static void start_colour(FILE *to, const char *sequence)
{
	if (sequence && has_colour(to))
		fprintf(to, "\033[%sm", sequence);
}

static void end_colour(FILE *to, const char *sequence)
{
	if (sequence && has_colour(to))
		fputs("\033[m", to);
}

void cli_print_safe(FILE *to, const char *text)
{
	hs_auto_free char *safe = NULL;

	if (!text)
		return;
	safe = hs_text_safe(text, strlen(text), 0);
	fputs(safe, to);
}

void cli_print_line(FILE *to, const char *format, ...)
{
	hs_auto_str struct str line = {0};
	va_list args;

	va_start(args, format);
	hs_str_vprintf(&line, format, args);
	va_end(args);
	cli_print_safe(to, hs_str_text(&line));
	putc('\n', to);
}

void cli_print_column(FILE *to, const char *text, int width)
{
	int pad = width - hs_text_width(text);

	fprintf(to, "%s%*s", text, pad > 0 ? pad : 0, "");
}

void cli_print_row(FILE *to, const char *label, const char *text)
{
	fputs("  ", to);
	cli_print_column(to, label, 8);
	putc(' ', to);
	cli_print_safe(to, text);
	putc('\n', to);
}

bool cli_has_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

void cli_print_error(const struct error *err)
{
	if (!err->code)
		return;
	fputs("https-setup: ", stderr);
	if (*err->where) {
		cli_print_safe(stderr, err->where);
		fputs(": ", stderr);
	}
	cli_print_safe(stderr, err->what);
	if (*err->hint) {
		fputs("; ", stderr);
		cli_print_safe(stderr, err->hint);
	}
	putc('\n', stderr);
}

static const char *const mark_colours[] = {
	[SEVERITY_OK] = "32",
	[SEVERITY_INFO] = NULL,
	[SEVERITY_WARNING] = "33",
	[SEVERITY_ERROR] = "1;31",
};

void cli_print_finding(const struct finding *finding, FILE *to)
{
	const char *colour = mark_colours[finding->severity];

	start_colour(to, colour);
	cli_print_column(to, hs_severity_mark(finding->severity), 5);
	end_colour(to, colour);
	putc(' ', to);
	cli_print_safe(to, finding->message);
	fprintf(to, " [%s]\n", finding->id);
}

static void print_finding(const struct finding *finding, FILE *to)
{
	cli_print_finding(finding, to);
	if (finding->where) {
		fputs("      ", to);
		cli_print_line(to, _("at %s"), finding->where);
	}
	if (finding->remedy && finding->severity >= SEVERITY_WARNING)
		fprintf(to, "      %s\n", finding->remedy);
}

void cli_print_findings(const struct findings *findings, FILE *to)
{
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_OK; severity--)
		HS_EACH(finding, findings)
			if ((int)finding->severity == severity)
				print_finding(finding, to);
}

void cli_print_verdict(const char *verdict, const struct findings *findings,
		       FILE *to)
{
	fprintf(to, "%s ", verdict);
	fprintf(to, _("%zu stop, %zu warn, %zu note\n"),
		hs_findings_count(findings, SEVERITY_ERROR),
		hs_findings_count(findings, SEVERITY_WARNING),
		hs_findings_count(findings, SEVERITY_INFO));
}

/* The colour of a line of a diff, by how it begins; the first that fits. */
static const struct {
	const char *start, *colour;
} diff_colours[] = {
	{"+++", "1"}, {"---", "1"}, {"@@", "36"}, {"+", "32"}, {"-", "31"},
};

static const char *diff_colour(const char *line, size_t length)
{
	for (size_t i = 0; i < HS_LENGTH(diff_colours); i++) {
		size_t n = strlen(diff_colours[i].start);

		if (length >= n && !memcmp(line, diff_colours[i].start, n))
			return diff_colours[i].colour;
	}
	return NULL;
}

/* One line made harmless, its tabs kept: they are what files indent with. */
static void print_line(const char *line, size_t length, FILE *to)
{
	const char *end = line + length;

	for (;;) {
		const char *tab = memchr(line, '\t', (size_t)(end - line));
		size_t n = (size_t)((tab ? tab : end) - line);
		hs_auto_free char *safe = hs_text_safe(line, n, 0);

		fputs(safe, to);
		if (!tab)
			return;
		putc('\t', to);
		line = tab + 1;
	}
}

/* For a terminal: coloured, and nothing in it can steer the terminal. */
static void print_diff_safely(const struct str *diff, FILE *to)
{
	const char *line = hs_str_text(diff), *end = line + diff->len;

	while (line < end) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((stop ? stop : end) - line);
		const char *colour = diff_colour(line, length);
		bool dos = length && line[length - 1] == '\r';

		start_colour(to, colour);
		print_line(line, length - dos, to);
		end_colour(to, colour);
		putc('\n', to);
		line += length + 1;
	}
}

static void print_diff(const struct change *change, FILE *to)
{
	hs_auto_str struct str diff = {0};

	hs_diff_change(change, &diff);
	if (isatty(fileno(to)))
		print_diff_safely(&diff, to);
	else
		fwrite(hs_str_text(&diff), 1, diff.len, to);
}

static void print_command(const struct change *change, FILE *to)
{
	HS_EACH(word, &change->command) {
		putc(' ', to);
		cli_print_safe(to, *word);
	}
}

/* Whether there is something to see. */
static bool has_diff(const struct change *change)
{
	return change->kind != CHANGE_RUN && change->kind != CHANGE_LINK;
}

static void print_clause(const char *label, const char *text, FILE *to)
{
	fputs("    ", to);
	cli_print_column(to, label, 5);
	putc(' ', to);
	cli_print_safe(to, text);
	putc('\n', to);
}

static void print_change(const struct change *change, FILE *to)
{
	start_colour(to, "1");
	fprintf(to, "%s", _(hs_change_word(change->kind)));
	if (change->kind == CHANGE_RUN) {
		print_command(change, to);
	} else {
		putc(' ', to);
		cli_print_safe(to, change->path);
	}
	if (change->kind == CHANGE_CREATE)
		fprintf(to, " %04o", (unsigned)change->mode);
	if (change->kind == CHANGE_LINK) {
		fputs(" -> ", to);
		cli_print_safe(to, change->target);
	}
	end_colour(to, "1");
	putc('\n', to);
	print_clause(_("why:"), change->reason, to);
	if (change->undo)
		print_clause(_("undo:"), change->undo, to);
	if (has_diff(change))
		print_diff(change, to);
}

static const char *const phase_titles[] = {
	[PHASE_HTTPS] = NULL,
	[PHASE_PROVED] = N_("Only after HTTPS was proved on the live site:"),
};

static void print_phase(const struct plan *plan, enum change_phase phase,
			FILE *to)
{
	const char *title = phase_titles[phase];

	HS_EACH(change, &plan->changes) {
		if (change->phase != phase)
			continue;
		if (title)
			fprintf(to, "\n%s\n", _(title));
		title = NULL;
		putc('\n', to);
		print_change(change, to);
	}
}

static const char *const task_titles[] = {
	[TASK_BEFORE] = N_("By you, before:"),
	[TASK_AFTER] = N_("By you, afterwards:"),
};

void cli_print_tasks(const struct plan *plan, enum task_when when, FILE *to)
{
	int number = 0;

	HS_EACH(task, &plan->tasks) {
		if (task->when != when)
			continue;
		if (!number)
			fprintf(to, "\n%s\n", _(task_titles[when]));
		fprintf(to, "  %d. ", ++number);
		cli_print_safe(to, task->text);
		putc('\n', to);
		if (task->reason) {
			putc(' ', to);
			print_clause(_("why:"), task->reason, to);
		}
	}
}

void cli_print_plan(const struct plan *plan, FILE *to)
{
	if (hs_plan_is_empty(plan))
		fprintf(to, "%s\n", _("nothing to do: all of it is in place"));
	else
		for (size_t i = 0; i < HS_LENGTH(phase_titles); i++)
			print_phase(plan, (enum change_phase)i, to);
	HS_EACH(note, &plan->notes) {
		putc('\n', to);
		cli_print_column(to, hs_severity_mark(SEVERITY_INFO), 5);
		putc(' ', to);
		cli_print_safe(to, *note);
		putc('\n', to);
	}
	cli_print_tasks(plan, TASK_BEFORE, to);
	cli_print_tasks(plan, TASK_AFTER, to);
}

void cli_print_conflicts(const struct conflicts *conflicts, FILE *to)
{
	HS_EACH(conflict, conflicts) {
		cli_print_column(to, _("conflict"), 9);
		putc(' ', to);
		cli_print_safe(to, conflict->path);
		fputs("\n      ", to);
		if (conflict->backup)
			cli_print_line(to,
				       _("stays as somebody left it; as it was "
					 "before: %s"),
				       conflict->backup);
		else
			cli_print_line(to, "%s",
				       _("stays as it is, since others may "
					 "need it by now; before there was "
					 "none"));
	}
}

void cli_print_outcome(const struct job_outcome *outcome, const char *done,
		       FILE *to)
{
	if (!outcome->transaction) {
		fprintf(to, "%s\n", _("nothing to do: all of it is in place"));
		return;
	}
	HS_EACH(path, &outcome->changed)
		cli_print_row(to, _("changed"), *path);
	cli_print_conflicts(&outcome->conflicts, to);
	fprintf(to,
		outcome->verified ? _("%s and verified (%s, %s)\n")
				  : _("%s (%s, %s)\n"),
		_(done), outcome->transaction,
		_(hs_transaction_word(outcome->state)));
}

static void print_next(const struct job *job, FILE *to)
{
	const struct certificate *leaf = hs_bundle_leaf(&job->facts.bundle);
	hs_auto_free char *text = NULL;
	char until[24];

	if (!leaf)
		return;
	hs_text_date(leaf->not_after, until);
	text = hs_format(_("the certificate ends on %s: https-setup renew "
			   "--cert NEW"),
			 until);
	cli_print_row(to, _("next"), text);
}

void cli_print_summary(const struct job *job, const struct job_outcome *outcome,
		       FILE *to)
{
	const struct settings *settings = &job->settings;
	hs_auto_free char *port =
		settings->https_port == 443
			? hs_strdup("")
			: hs_format(":%d", settings->https_port);
	hs_auto_free char *undo = NULL;
	hs_auto_free char *root = hs_root_option(&job->root);

	if (!outcome->transaction) {
		fprintf(to, "%s\n", _("nothing to do: all of it is in place"));
		return;
	}
	fprintf(to,
		outcome->verified
			? _("https-setup: https://%s%s/ is live and verified "
			    "(%s, kept)\n")
			: _("https-setup: https://%s%s/ is set up, to be "
			    "proved once it is served (%s, kept)\n"),
		settings->name, port, outcome->transaction);
	HS_EACH(path, &outcome->changed)
		cli_print_row(to, _("changed"), *path);
	undo = hs_format("https-setup rollback %s%s", outcome->transaction,
			 root);
	cli_print_row(to, _("undo"), undo);
	print_next(job, to);
}

void cli_time_text(time_t time, char ret_text[static 24])
{
	struct tm tm;

	localtime_r(&time, &tm);
	strftime(ret_text, 24, "%Y-%m-%d %H:%M", &tm);
}

static bool is_reader_gone(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO};

	return errno == EPIPE ||
	       (poll(&out, 1, 0) > 0 && out.revents & POLLERR);
}

int cli_output_finish(struct error *err)
{
	errno = 0;
	if ((!fflush(stdout) && !ferror(stdout)) || is_reader_gone())
		return 0;
	/* what failed earlier has left no number */
	if (!errno)
		errno = EIO;
	return hs_fail_errno(err, HS_CANNOT, "standard output");
}
