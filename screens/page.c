/* The page of a step: its questions, and the findings beside them. */
#include <stdarg.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "screens/screen.h"

/* Findings stand a little behind what they are about. */
#define NOTES_INDENT 2

enum tui_style scr_style(enum severity severity)
{
	static const enum tui_style styles[] = {
		[SEVERITY_OK] = TUI_OK,
		[SEVERITY_INFO] = TUI_NOTE,
		[SEVERITY_WARNING] = TUI_WARN,
		[SEVERITY_ERROR] = TUI_STOP,
	};

	return styles[severity];
}

static char *format_safe(const char *format, va_list args)
{
	struct str text hs_auto_str = {0};

	hs_str_vprintf(&text, _(format), args);
	return hs_text_safe(hs_str_text(&text), text.len, 0);
}

void scr_note(struct tui_widget *notes, enum severity severity,
	      const char *format, ...)
{
	hs_auto_free char *text = NULL;
	va_list args;

	va_start(args, format);
	text = format_safe(format, args);
	va_end(args);
	tui_notes_add(notes, scr_style(severity), hs_severity_mark(severity),
		      text);
}

void scr_row(struct tui_widget *notes, enum tui_style style, const char *format,
	     ...)
{
	hs_auto_free char *text = NULL;
	va_list args;

	va_start(args, format);
	text = format_safe(format, args);
	va_end(args);
	tui_notes_add(notes, style, NULL, text);
}

/* What to do, for what should not stay so; "" otherwise. */
static const char *cure_of(const struct finding *finding)
{
	if (finding->severity < SEVERITY_WARNING || !finding->remedy)
		return "";
	return finding->remedy;
}

void scr_note_finding(struct tui_widget *notes, const struct finding *finding)
{
	const char *cure = cure_of(finding);

	scr_note(notes, finding->severity, "%s%s%s", finding->message,
		 *cure ? " - " : "", cure);
}

void scr_lines_note(struct tui_widget *pager, enum severity severity,
		    const char *format, ...)
{
	hs_auto_free char *text = NULL;
	va_list args;

	va_start(args, format);
	text = format_safe(format, args);
	va_end(args);
	tui_pager_add_note(pager, scr_style(severity),
			   hs_severity_mark(severity), text);
}

void scr_lines_finding(struct tui_widget *pager, const struct finding *finding)
{
	const char *cure = cure_of(finding);

	scr_lines_note(pager, finding->severity, "%s%s%s", finding->message,
		       *cure ? " - " : "", cure);
}

/* Findings */

/* Where those go that are about no question. */
static enum step step_of_subject(const char *id)
{
	static const struct {
		const char *subject;
		enum step step;
	} subjects[] = {
		{"cert.", STEP_CERTIFICATE}, {"name.", STEP_NAME},
		{"binding.", STEP_BINDINGS}, {"hsts.", STEP_HSTS},
		{"redirect.", STEP_HSTS},    {"firewall.", STEP_FIREWALL},
		{"server.", STEP_SERVER},    {"dataminer.", STEP_PRODUCT},
		{"certero.", STEP_PRODUCT},
	};

	for (size_t i = 0; i < HS_LENGTH(subjects); i++)
		if (strncmp(id, subjects[i].subject,
			    strlen(subjects[i].subject)) == 0)
			return subjects[i].step;
	return STEP_REVIEW;
}

enum step scr_step_of(const struct finding *finding)
{
	const struct question *question =
		finding->question ? hs_question_by_id(finding->question) : NULL;

	return question ? question->step : step_of_subject(finding->id);
}

struct asked *scr_asked(struct page *page, const struct tui_widget *widget)
{
	for (size_t i = 0; i < page->n; i++)
		if (page->asked[i].widget == widget)
			return &page->asked[i];
	return NULL;
}

struct asked *scr_asked_by_id(struct page *page, const char *id)
{
	for (size_t i = 0; i < page->n; i++)
		if (strcmp(page->asked[i].question->id, id) == 0)
			return &page->asked[i];
	return NULL;
}

/* The notes a finding goes to: those of its field when that is in sight. */
static struct tui_widget *place_of(struct page *page,
				   const struct finding *finding)
{
	struct asked *asked = finding->question
				      ? scr_asked_by_id(page, finding->question)
				      : NULL;

	return asked && !asked->widget->hidden ? asked->notes : page->notes;
}

static void place_findings(struct wizard *wizard, enum step step)
{
	struct page *page = &wizard->pages[step];

	tui_notes_clear(page->notes);
	for (size_t i = 0; i < page->n; i++) {
		tui_notes_clear(page->asked[i].notes);
		if (page->asked[i].refused)
			scr_note(page->asked[i].notes, SEVERITY_ERROR, "%s",
				 page->asked[i].refused);
	}
	HS_EACH(finding, &wizard->job->findings)
		if (scr_step_of(finding) == step)
			scr_note_finding(place_of(page, finding), finding);
}

/* Building */

static const struct screen *const screens[PAGES_MAX] = {
	[STEP_SERVER] = &scr_server,   [STEP_CERTIFICATE] = &scr_certificate,
	[STEP_NAME] = &scr_name,       [STEP_BINDINGS] = &scr_bindings,
	[STEP_HSTS] = &scr_hsts,       [STEP_FIREWALL] = &scr_firewall,
	[STEP_PRODUCT] = &scr_product, [STEP_REVIEW] = &scr_review,
	[STEP_APPLY] = &scr_apply,     [STEP_DONE] = &scr_done,
	[STEP_DOCTOR] = &scr_doctor,
};

const struct screen *scr_screen(enum step step)
{
	return screens[step];
}

static void offer(struct asked *asked, const struct choice *choice)
{
	hs_auto_free char *label = scr_choice_label(asked->question, choice);

	scr_answer_offer(asked, choice->word, label);
}

static void ask(struct wizard *wizard, struct page *page,
		const struct question *question)
{
	struct asked asked = {.question = question};

	asked.widget = tui_form_add(&page->form, scr_answer_widget(question));
	asked.notes = tui_form_add(&page->form, tui_notes_new());
	asked.notes->indent = NOTES_INDENT;
	for (const struct choice *choice = question->choices;
	     choice && choice->word; choice++)
		offer(&asked, choice);
	scr_recall_offer(wizard, &asked);
	page->asked = hs_realloc(page->asked, page->n + 1, sizeof(asked));
	page->asked[page->n++] = asked;
}

static void ask_all(struct wizard *wizard, struct page *page,
		    const struct screen *screen)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	for (const char *const *id = screen->questions; id && *id; id++)
		ask(wizard, page, hs_question_by_id(*id));
	for (size_t i = 0; i < count; i++)
		if (questions[i].step == screen->step &&
		    !scr_asked_by_id(page, questions[i].id))
			ask(wizard, page, &questions[i]);
}

static void add_buttons(struct page *page, const struct screen *screen)
{
	struct tui_widget *buttons = tui_buttons_new();

	if (screen->buttons) {
		screen->buttons(buttons);
	} else {
		tui_buttons_add(buttons, "Back", BUTTON_BACK);
		tui_buttons_add(buttons, "Next", BUTTON_NEXT);
		tui_buttons_prefer(buttons, BUTTON_NEXT);
	}
	tui_form_set_buttons(&page->form, buttons);
}

void scr_page_build(struct wizard *wizard, const struct screen *screen)
{
	struct page *page = &wizard->pages[screen->step];

	if (screen->begin)
		screen->begin(wizard, page);
	ask_all(wizard, page, screen);
	if (screen->end)
		screen->end(wizard, page);
	page->notes = tui_form_add(&page->form, tui_notes_new());
	page->notes->space = 1;
	add_buttons(page, screen);
}

/* What is asked with one server or product alone. */
static void hide_others(struct page *page, const struct settings *settings)
{
	for (size_t i = 0; i < page->n; i++) {
		const struct question *question = page->asked[i].question;

		if (question->server || question->product)
			page->asked[i].widget->hidden =
				!hs_question_is_relevant(question, settings);
	}
}

void scr_page_refresh(struct wizard *wizard, enum step step)
{
	struct page *page = &wizard->pages[step];
	const struct settings *settings = &wizard->job->settings;

	for (size_t i = 0; i < page->n; i++)
		scr_answer_load(&page->asked[i], settings);
	hide_others(page, settings);
	if (scr_screen(step)->refresh)
		scr_screen(step)->refresh(wizard, page);
	place_findings(wizard, step);
}

void scr_page_done(struct page *page)
{
	for (size_t i = 0; i < page->n; i++) {
		hs_strings_done(&page->asked[i].words);
		free(page->asked[i].refused);
	}
	free(page->asked);
	hs_strings_done(&page->words);
	tui_form_done(&page->form);
}
