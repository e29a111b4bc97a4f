/* Every change with its reason, before any of it is made. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/plan/diff.h"
#include "screens/screen.h"
#include "tui/input.h"

/* Few enough to be seen with the rest on a small screen. */
#define PAGER_ROWS 2

/* A diff of so many lines is seen at once, that of a new file too. */
#define EDIT_LINES 40
#define NEW_LINES 3

/* Findings are linked by their number from 1 on, changes from here on. */
#define CHANGE_LINKS 100000

enum { COUNTS, CHANGES };

static void begin(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	page->own[COUNTS] =
		tui_form_add(&page->form, tui_label_new(TUI_BOLD, ""));
	page->own[CHANGES] =
		tui_form_add(&page->form, tui_pager_new(PAGER_ROWS));
}

static void add_buttons(struct tui_widget *buttons)
{
	tui_buttons_add(buttons, "Back", BUTTON_BACK);
	tui_buttons_add(buttons, "Save answers", BUTTON_SAVE);
	tui_buttons_abbreviate(buttons, BUTTON_SAVE, "Save");
	tui_buttons_add(buttons, "Apply", BUTTON_APPLY);
	tui_buttons_guard(buttons, BUTTON_APPLY);
}

static void add_line(struct tui_widget *pager, enum tui_style style,
		     const char *line, size_t length)
{
	struct str text hs_auto_str = {0};
	hs_auto_free char *safe = NULL;

	/* A tab is no danger and belongs to the file: shown as spaces. */
	for (size_t i = 0; i < length; i++) {
		if (line[i] == '\t')
			hs_str_puts(&text, &"        "[text.len % 8]);
		else
			hs_str_putc(&text, line[i]);
	}
	safe = hs_text_safe(hs_str_text(&text), text.len, 0);
	tui_pager_add(pager, style, safe);
}

/* The headers of a diff begin like its lines. */
static enum tui_style style_of(const char *line)
{
	if (strncmp(line, "+++", 3) == 0 || strncmp(line, "---", 3) == 0)
		return TUI_PLAIN;
	if (line[0] == '+')
		return TUI_ADDED;
	return line[0] == '-' ? TUI_REMOVED : TUI_PLAIN;
}

static const char *skip_lines(const char *text, size_t n)
{
	for (; n > 0; n--) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return text;
}

/* How many of the next lines are the base64 of a certificate: nobody reads
 * them. */
static size_t count_base64(const char *line)
{
	size_t n = 0;

	for (; *line == '+' || *line == '-'; n++) {
		size_t length = strcspn(line, "\n");

		if (length < 2 ||
		    strspn(line + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789+/=") != length - 1)
			break;
		line += length + (line[length] == '\n');
	}
	return n;
}

/* How many of the next lines are certificates, all with the same mark before
 * them; *ret_count is how many certificates. */
static size_t count_certificates(const char *line, size_t *ret_count)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----";
	char mark = *line;
	size_t lines = 0;

	*ret_count = 0;
	while (*line && *line == mark &&
	       strncmp(line + 1, begin, strlen(begin)) == 0) {
		size_t n = 1 + count_base64(skip_lines(line, 1)) + 1;

		lines += n;
		++*ret_count;
		line = skip_lines(line, n);
	}
	return lines < 3 ? 0 : lines;
}

/* "+ 2 certificates, 56 lines" */
static size_t add_certificates(struct tui_widget *pager, const char *line)
{
	size_t count, lines = count_certificates(line, &count);
	hs_auto_free char *text = NULL;

	if (!lines)
		return 0;
	text = hs_format(P_("%c %zu certificate, %zu lines",
			    "%c %zu certificates, %zu lines", count),
			 *line, count, lines);
	tui_pager_add(pager, style_of(line), text);
	return lines;
}

/* What the headline said. */
static const char *skip_head(const char *diff)
{
	const char *body = strstr(diff, "@@");

	return strncmp(diff, "--- ", 4) == 0 && body ? body : diff;
}

/* What is new has no place in anything the operator knows by heart: its name
 * and reason say enough at first, as they do for what is long. */
static bool begins_folded(const struct change *change, const char *diff)
{
	size_t rows = 0,
	       most = change->kind == CHANGE_EDIT ? EDIT_LINES : NEW_LINES;

	for (const char *line = diff; *line; rows++) {
		size_t count, dull = count_certificates(line, &count);

		line = skip_lines(line, dull ? dull : 1);
	}
	return rows > most;
}

static void add_diff(struct tui_widget *pager, const struct change *change,
		     int link)
{
	struct str diff hs_auto_str = {0};
	const char *line;

	if (change->kind == CHANGE_RUN)
		return;
	hs_diff_change(change, &diff);
	line = skip_head(hs_str_text(&diff));
	tui_pager_fold(pager, link, begins_folded(change, line));
	while (*line) {
		size_t dull = add_certificates(pager, line);

		if (!dull)
			add_line(pager, style_of(line), line,
				 strcspn(line, "\n"));
		line = skip_lines(line, dull ? dull : 1);
	}
	tui_pager_fold(pager, 0, false);
}

/* What is changed, behind the word that says how. */
static void add_headline(struct tui_widget *pager, const struct change *change)
{
	const char *how = _(hs_change_word(change->kind));
	struct str text hs_auto_str = {0};
	hs_auto_free char *safe = NULL;

	if (change->path)
		hs_str_puts(&text, change->path);
	HS_EACH(word, &change->command)
		hs_str_printf(&text, "%s%s",
			      word == change->command.items ? "" : " ", *word);
	safe = hs_text_safe(hs_str_text(&text), text.len, 0);
	if (change->path)
		tui_pager_add_path(pager, TUI_BOLD, how, safe);
	else
		tui_pager_add_note(pager, TUI_BOLD, how, safe);
}

static void add_clause(struct tui_widget *pager, const char *what,
		       const char *clause)
{
	hs_auto_free char *text = NULL;
	hs_auto_free char *safe = NULL;

	if (!clause)
		return;
	text = hs_format("%s%s%s", what, *what ? " " : "", clause);
	safe = hs_text_safe(text, strlen(text), 0);
	/* A blank mark: below the path. */
	tui_pager_add_note(pager, TUI_PLAIN, " ", safe);
}

static void add_change(struct tui_widget *pager, const struct plan *plan,
		       const struct change *change)
{
	int link = CHANGE_LINKS + (int)(change - plan->changes.items);

	if (change->kind != CHANGE_RUN)
		tui_pager_link(pager, link);
	add_headline(pager, change);
	add_clause(pager, "", change->reason);
	if (change->phase == PHASE_PROVED)
		add_clause(pager, "", _("only after HTTPS was proved live"));
	add_clause(pager, _("undo:"), change->undo);
	tui_pager_link(pager, 0);
	add_diff(pager, change, link);
	tui_pager_add(pager, TUI_PLAIN, "");
}

/* Those that a step can do something about are linked to it. */
static void add_finding(const struct findings *findings,
			const struct finding *finding, struct tui_widget *pager)
{
	if (scr_step_of(finding) < STEP_REVIEW)
		tui_pager_link(pager, (int)(finding - findings->items) + 1);
	scr_lines_finding(pager, finding);
	tui_pager_link(pager, 0);
}

/* All that was found, in one place; what stops first. */
static void show_findings(const struct findings *findings,
			  struct tui_widget *pager)
{
	for (int severity = SEVERITY_ERROR; severity > SEVERITY_OK; severity--)
		HS_EACH(finding, findings)
			if ((int)finding->severity == severity)
				add_finding(findings, finding, pager);
	if (findings->n)
		tui_pager_add(pager, TUI_PLAIN, "");
}

/* What happens there, by people. */
static void show_tasks(const struct plan *plan, enum task_when when,
		       const char *title, struct tui_widget *pager)
{
	bool any = false;

	HS_EACH(task, &plan->tasks) {
		if (task->when != when)
			continue;
		if (!any)
			tui_pager_add(pager, TUI_BOLD, title);
		any = true;
		scr_lines_note(pager, SEVERITY_INFO, "%s", task->text);
		if (task->reason)
			add_clause(pager, _("why:"), task->reason);
	}
	if (any)
		tui_pager_add(pager, TUI_PLAIN, "");
}

static void show_plan(struct wizard *wizard, struct tui_widget *pager)
{
	const struct plan *plan = &wizard->job->plan;

	tui_pager_clear(pager);
	show_findings(&wizard->job->findings, pager);
	if (wizard->plan_problem) {
		scr_lines_note(pager, SEVERITY_ERROR, "no plan yet: %s",
			       wizard->plan_problem);
		return;
	}
	if (hs_plan_is_empty(plan))
		scr_lines_note(pager, SEVERITY_OK,
			       "nothing to change: the site is as you want "
			       "it");
	HS_EACH(note, &plan->notes)
		scr_lines_note(pager, SEVERITY_INFO, "%s", *note);
	show_tasks(plan, TASK_BEFORE, _("By you, before:"), pager);
	/* What becomes of the operator's own files comes first. */
	for (int edits = 1; edits >= 0; edits--)
		HS_EACH(change, &plan->changes)
			if ((change->kind == CHANGE_EDIT) == edits)
				add_change(pager, plan, change);
	show_tasks(plan, TASK_AFTER, _("By you, afterwards:"), pager);
}

/* "0 stop, 1 warn: 3 files, 1 command" */
static void show_counts(struct wizard *wizard, struct tui_widget *label)
{
	const struct findings *findings = &wizard->job->findings;
	size_t files = 0, commands = 0;
	hs_auto_free char *of_files = NULL, *of_commands = NULL, *text = NULL;

	HS_EACH(change, &wizard->job->plan.changes)
		*(change->kind == CHANGE_RUN ? &commands : &files) += 1;
	of_files = hs_format(P_("%zu file", "%zu files", files), files);
	of_commands = hs_format(P_("%zu command", "%zu commands", commands),
				commands);
	/* TRANSLATORS: errors and warnings; then "3 files", "1 command". */
	text = hs_format(_("%zu stop, %zu warn: %s, %s"),
			 hs_findings_count(findings, SEVERITY_ERROR),
			 hs_findings_count(findings, SEVERITY_WARNING),
			 of_files, of_commands);
	tui_label_set(label, text);
}

static void enter(struct wizard *wizard, struct page *page)
{
	scr_work_plan(wizard);
	show_plan(wizard, page->own[CHANGES]);
	tui_form_focus(&page->form, page->form.buttons);
	/* Applying is never the next key, nor one that was typed ahead. */
	tui_buttons_focus(page->form.buttons, BUTTON_BACK);
	tui_input_forget();
}

static void refresh(struct wizard *wizard, struct page *page)
{
	(void)page;
	show_counts(wizard, page->own[COUNTS]);
}

/* A finding was chosen. */
static void change(struct wizard *wizard, struct tui_widget *widget)
{
	const struct findings *findings = &wizard->job->findings;
	size_t i = (size_t)tui_pager_chosen(widget) - 1;

	if (i < findings->n)
		scr_cure(wizard, findings->items[i].question,
			 findings->items[i].id);
}

const struct screen scr_review = {
	.step = STEP_REVIEW,
	.begin = begin,
	.buttons = add_buttons,
	.enter = enter,
	.refresh = refresh,
	.change = change,
};
