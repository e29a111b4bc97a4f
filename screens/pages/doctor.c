/* The live site as visitors meet it, and what to do about it: beside the
 * steps, at any time. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/settings/sites.h"
#include "screens/screen.h"
#include "tui/terminal.h"

#define REPORT_ROWS 1
/* More than there are questions. */
#define LINK_STEP 1024
/* Screens narrower than this get the address without "https://", or none. */
#define NARROW 70
#define TINY 40
#define SCHEME_WIDTH 8

enum { HEADLINE, REPORT };

static void begin(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	page->own[HEADLINE] =
		tui_form_add(&page->form, tui_label_new(TUI_BOLD, ""));
	page->own[REPORT] =
		tui_form_add(&page->form, tui_pager_new(REPORT_ROWS));
}

static void add_buttons(struct tui_widget *buttons)
{
	tui_buttons_add(buttons, "Back", BUTTON_BACK);
	tui_buttons_add(buttons, "Look again", BUTTON_LOOK);
	tui_buttons_abbreviate(buttons, BUTTON_LOOK, "Again");
}

/* Which site */

static bool is_literal(const char *name)
{
	return *name && !strpbrk(name, "*~_$") && *name != '.';
}

/* The name that was chosen, or the first one the site has. */
static const char *name_of(const struct job *job)
{
	if (job->settings.name)
		return job->settings.name;
	if (job->facts.site)
		HS_EACH(name, &job->facts.site->names)
			if (is_literal(*name))
				return *name;
	return NULL;
}

/* Where it has HTTPS now, else where it will have it. */
static int port_of(const struct job *job)
{
	const struct listen *listen =
		job->facts.site ? hs_site_listen(job->facts.site, true, 0)
				: NULL;

	return listen ? listen->port : job->settings.https_port;
}

/* The address, short where there is little room, and how far the look is. */
static void show_headline(struct wizard *wizard, struct page *page)
{
	const struct job *job = wizard->job;
	hs_auto_free char *url = scr_url(name_of(job), port_of(job));
	const char *far = page->words.n ? page->words.items[0] : "";
	hs_auto_free char *text = NULL, *safe = NULL;

	if (tui_columns() >= NARROW)
		text = hs_format("%s %s", url, far);
	else if (tui_columns() < TINY)
		text = hs_strdup(far);
	else
		text = hs_format("%.*s: %s",
				 (int)strlen(url) - SCHEME_WIDTH - 1,
				 url + SCHEME_WIDTH, far);
	safe = hs_text_safe(text, strlen(text), 0);
	tui_label_set(page->own[HEADLINE], safe);
}

static void say(struct wizard *wizard, const char *format, ...) HS_PRINTF(2, 3);

/* How far the look is. */
static void say(struct wizard *wizard, const char *format, ...)
{
	struct page *page = &wizard->pages[STEP_DOCTOR];
	struct str text hs_auto_str = {0};
	va_list args;

	va_start(args, format);
	hs_str_vprintf(&text, format, args);
	va_end(args);
	hs_strings_done(&page->words);
	hs_strings_add(&page->words, hs_str_text(&text));
	show_headline(wizard, page);
}

/* What was seen */

static void add_clause(struct tui_widget *report, const char *title,
		       const char *text)
{
	hs_auto_free char *line = NULL;

	if (!*text)
		return;
	line = hs_format("%s%s%s", title, *title ? " " : "", text);
	tui_pager_add_note(report, TUI_PLAIN, " ", line);
}

static bool has_cure(const struct seen *seen)
{
	const struct finding finding = {
		.id = seen->texts[SEEN_ID],
		.question = *seen->texts[SEEN_QUESTION]
				    ? seen->texts[SEEN_QUESTION]
				    : NULL,
	};

	return seen->severity >= SEVERITY_WARNING &&
	       scr_step_of(&finding) < STEP_REVIEW;
}

/* Links are the questions that cure: their place in the catalogue. */
static int link_of(const struct seen *seen)
{
	const struct question *question =
		hs_question_by_id(seen->texts[SEEN_QUESTION]);

	if (!has_cure(seen) || !question)
		return 0;
	return (int)hs_question_index(question) + 1;
}

static void add_seen(struct tui_widget *report, const struct seen *seen, int at)
{
	static const struct {
		enum seen_text text;
		const char *title;
	} clauses[] = {
		{SEEN_BROWSER, N_("browsers:")}, {SEEN_MEANS, ""},
		{SEEN_CAUSE, N_("here:")},	 {SEEN_WHERE, N_("at:")},
		{SEEN_REMEDY, N_("do:")},
	};
	int link = link_of(seen);

	/* Two findings may be cured at the same question. */
	tui_pager_link(report, link ? link + at * LINK_STEP : 0);
	tui_pager_add_note(report, scr_style(seen->severity),
			   hs_severity_mark(seen->severity),
			   seen->texts[SEEN_MESSAGE]);
	tui_pager_link(report, 0);
	if (seen->severity < SEVERITY_WARNING)
		return;
	for (size_t i = 0; i < HS_LENGTH(clauses); i++)
		add_clause(report, _(clauses[i].title),
			   seen->texts[clauses[i].text]);
	if (link)
		add_clause(report, _("Enter:"),
			   _(hs_step_title(
				   hs_questions(&(size_t){0})[link - 1].step)));
}

static size_t count(const struct seens *seens, enum severity severity)
{
	size_t n = 0;

	HS_EACH(seen, seens)
		n += seen->severity == severity;
	return n;
}

static void show(struct wizard *wizard, struct tui_widget *report)
{
	struct live_table table;
	struct seens seens;
	int failed = scr_glance_take(wizard->glance, &table, &seens), at = 0;

	scr_live_show(&table, report);
	HS_EACH(seen, &seens)
		add_seen(report, seen, at++);
	if (!failed && !count(&seens, SEVERITY_ERROR) &&
	    !count(&seens, SEVERITY_WARNING))
		scr_lines_note(report, SEVERITY_OK,
			       "nothing is wrong with the live site");
	if (failed)
		say(wizard, _("could not be looked at to the end"));
	else
		say(wizard, _("%zu stop, %zu warn"),
		    count(&seens, SEVERITY_ERROR),
		    count(&seens, SEVERITY_WARNING));
	scr_live_done(&table);
	scr_seens_done(&seens);
}

/* Looking */

static void stop(struct wizard *wizard)
{
	scr_glance_end(wizard->glance);
	wizard->glance = NULL;
}

static void enter(struct wizard *wizard, struct page *page)
{
	const char *name = name_of(wizard->job);
	struct error err = {0};

	stop(wizard);
	tui_pager_clear(page->own[REPORT]);
	tui_form_focus(&page->form, page->own[REPORT]);
	if (wizard->job->facts.offline) {
		say(wizard, _("is in an offline tree: nothing runs there"));
		return;
	}
	if (!name) {
		say(wizard, _("has no name yet: choose the site first"));
		return;
	}
	wizard->glance =
		scr_glance_start(wizard->job, name, port_of(wizard->job), &err);
	if (wizard->glance)
		say(wizard, _("looking ... Esc ends it"));
	else
		say(wizard, "%s", err.what);
}

static void tick(struct wizard *wizard)
{
	int seconds;

	if (!wizard->glance)
		return;
	if (scr_glance_read(wizard->glance)) {
		show(wizard, wizard->pages[STEP_DOCTOR].own[REPORT]);
		stop(wizard);
		return;
	}
	seconds = scr_glance_seconds(wizard->glance);
	if (seconds)
		say(wizard, _("looking ... %d s, Esc ends it"), seconds);
}

static void back(struct wizard *wizard)
{
	if (!wizard->glance) {
		scr_go(wizard, STEP_SERVER);
		return;
	}
	stop(wizard);
	say(wizard, _("was not looked at to the end"));
}

/* A finding was chosen. */
static void change(struct wizard *wizard, struct tui_widget *widget)
{
	size_t n;
	const struct question *questions = hs_questions(&n);
	int link = tui_pager_chosen(widget) % LINK_STEP;

	if (link > 0 && (size_t)link <= n)
		scr_cure(wizard, questions[link - 1].id, "");
}

static void quit(struct wizard *wizard)
{
	stop(wizard);
	scr_go(wizard, STEP_SERVER);
	scr_press(wizard, BUTTON_QUIT);
}

const struct screen scr_doctor = {
	.step = (enum step)STEP_DOCTOR,
	.begin = begin,
	.buttons = add_buttons,
	.enter = enter,
	.refresh = show_headline,
	.change = change,
	.back = back,
	.quit = quit,
	.tick = tick,
};
