/* Step 7: every change with its reason, before any of it is made. */
#include <string.h>

#include "core/base/str.h"
#include "core/base/text.h"
#include "core/plan/diff.h"
#include "screens/screen.h"

/* Few enough to be seen with the rest on a small screen. */
#define PAGER_ROWS 4

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
	tui_buttons_add(buttons, "Apply", BUTTON_APPLY);
}

static void add_line(struct tui_widget *pager, enum tui_style style,
		     const char *line, size_t length)
{
	struct str text hs_auto_str = {0};
	hs_auto_free char *safe = NULL;

	/* A tab is no danger and belongs to the file: shown as spaces. */
	for (size_t i = 0; i < length; i++) {
		if (line[i] == '\t')
			hs_str_puts(&text, "        " + text.len % 8);
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

static void add_count(struct tui_widget *pager, const char *line, size_t n)
{
	hs_auto_free char *text =
		hs_format("%c(%zu lines of base64)", *line, n);

	tui_pager_add(pager, style_of(line), text);
}

static const char *skip_lines(const char *text, size_t n)
{
	for (; n > 0; n--) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return text;
}

static void add_diff(struct tui_widget *pager, const struct change *change)
{
	struct str diff hs_auto_str = {0};
	const char *line;

	if (change->kind == CHANGE_RUN)
		return;
	hs_diff_change(change, &diff);
	for (line = hs_str_text(&diff); *line;) {
		size_t length = strcspn(line, "\n");
		size_t dull = count_base64(line);

		if (dull < 3) {
			add_line(pager, style_of(line), line, length);
			line = skip_lines(line, 1);
			continue;
		}
		add_count(pager, line, dull);
		line = skip_lines(line, dull);
	}
}

/* What is changed, wrapped behind the word that says how. */
static void add_headline(struct tui_widget *pager, const struct change *change)
{
	struct str text hs_auto_str = {0};
	hs_auto_free char *safe = NULL;

	if (change->path)
		hs_str_puts(&text, change->path);
	HS_EACH(word, &change->command)
		hs_str_printf(&text, "%s%s",
			      word == change->command.items ? "" : " ", *word);
	safe = hs_text_safe(hs_str_text(&text), text.len, 0);
	tui_pager_add_note(pager, TUI_BOLD, hs_change_word(change->kind), safe);
}

static void add_clause(struct tui_widget *pager, const char *what,
		       const char *clause)
{
	hs_auto_free char *text = NULL;
	hs_auto_free char *safe = NULL;

	if (!clause)
		return;
	text = hs_format("%s%s", what, clause);
	safe = hs_text_safe(text, strlen(text), 0);
	/* A blank mark: below the path. */
	tui_pager_add_note(pager, TUI_PLAIN, " ", safe);
}

static void add_change(struct tui_widget *pager, const struct change *change)
{
	add_headline(pager, change);
	add_clause(pager, "", change->reason);
	if (change->phase == PHASE_PROVED)
		add_clause(pager, "", "only after HTTPS was proved live");
	add_clause(pager, "undo: ", change->undo);
	add_diff(pager, change);
	tui_pager_add(pager, TUI_PLAIN, "");
}

/* All that was found, in one place; what stops first. */
static void show_findings(const struct findings *findings,
			  struct tui_widget *pager)
{
	for (int severity = SEVERITY_ERROR; severity > SEVERITY_OK; severity--)
		HS_EACH(finding, findings)
			if ((int)finding->severity == severity)
				scr_lines_finding(pager, finding);
	if (findings->n)
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
	HS_EACH(change, &plan->changes)
		add_change(pager, change);
}

/* "0 stop, 1 warn: 3 files, 1 command" */
static void show_counts(struct wizard *wizard, struct tui_widget *label)
{
	const struct findings *findings = &wizard->job->findings;
	size_t files = 0, commands = 0;
	hs_auto_free char *text = NULL;

	HS_EACH(change, &wizard->job->plan.changes)
		*(change->kind == CHANGE_RUN ? &commands : &files) += 1;
	text = hs_format("%zu stop, %zu warn: %zu file%s, %zu command%s",
			 hs_findings_count(findings, SEVERITY_ERROR),
			 hs_findings_count(findings, SEVERITY_WARNING), files,
			 files == 1 ? "" : "s", commands,
			 commands == 1 ? "" : "s");
	tui_label_set(label, text);
}

static void enter(struct wizard *wizard, struct page *page)
{
	scr_work_plan(wizard);
	show_plan(wizard, page->own[CHANGES]);
	tui_form_focus(&page->form, page->form.buttons);
	/* Applying is never the next key. */
	tui_buttons_focus(page->form.buttons, BUTTON_BACK);
}

static void refresh(struct wizard *wizard, struct page *page)
{
	(void)page;
	show_counts(wizard, page->own[COUNTS]);
}

const struct screen scr_review = {
	.step = STEP_REVIEW,
	.begin = begin,
	.buttons = add_buttons,
	.enter = enter,
	.refresh = refresh,
};
