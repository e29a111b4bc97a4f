/* The picture: the frame around the page, the message, the keys, the help. */
#include <stdarg.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "screens/screen.h"
#include "tui/frame.h"
#include "tui/widgets/dialog.h"

/* From here on there is room for more than the words of one step. */
#define WIDE 70

void scr_say(struct wizard *wizard, enum severity severity, const char *format,
	     ...)
{
	struct str text hs_auto_str = {0};
	va_list args;

	va_start(args, format);
	hs_str_vprintf(&text, _(format), args);
	va_end(args);
	free(wizard->message);
	wizard->message = hs_text_safe(hs_str_text(&text), text.len, 0);
	wizard->message_severity = severity;
	wizard->has_message = true;
}

/* "demo: nginx 1.22.1, www.example.test" */
static char *make_subject(const struct wizard *wizard)
{
	const struct facts *facts = &wizard->job->facts;
	const struct settings *settings = &wizard->job->settings;
	const char *site = facts->site ? facts->site->id : settings->site;
	struct str text hs_auto_str = {0};

	if (wizard->options->demo)
		hs_str_puts(&text, "demo: ");
	if (facts->server)
		hs_str_puts(&text, facts->server->title);
	if (facts->server && facts->server->version)
		hs_str_printf(&text, " %s", facts->server->version);
	if (site)
		hs_str_printf(&text, "%s%s", text.len ? ", " : "", site);
	return hs_text_safe(hs_str_text(&text), text.len, 60);
}

/* Steps */

static enum severity worst_of(const struct wizard *wizard, enum step step)
{
	enum severity worst = SEVERITY_OK;

	HS_EACH(finding, &wizard->job->findings)
		if (scr_step_of(finding) == step && finding->severity > worst)
			worst = finding->severity;
	for (size_t i = 0; i < wizard->pages[step].n; i++)
		if (wizard->pages[step].asked[i].refused)
			worst = SEVERITY_ERROR;
	return worst;
}

/* Steps that were seen show how they stand; a note is as good as ok. */
static struct tui_step describe_step(const struct wizard *wizard,
				     enum step step)
{
	struct tui_step shown = {_(hs_step_title(step)), "", TUI_PLAIN};
	enum severity worst;

	if (!wizard->pages[step].visited || step >= STEP_APPLY)
		return shown;
	worst = worst_of(wizard, step);
	worst = worst == SEVERITY_INFO ? SEVERITY_OK : worst;
	shown.mark = hs_severity_mark(worst);
	shown.style = scr_style(worst);
	return shown;
}

/* Hints */

/* What Enter does in a report that has the focus; NULL: nothing. */
static const char *hint_of_report(const struct wizard *wizard)
{
	const struct page *page = &wizard->pages[wizard->step];
	const struct tui_widget *report =
		wizard->step == (enum step)STEP_DOCTOR ? page->own[1]
		: wizard->step == STEP_REVIEW	       ? page->own[1]
						       : NULL;

	if (!report || tui_form_focused(&page->form) != report)
		return NULL;
	if (!tui_pager_chosen(report))
		return wizard->step == STEP_REVIEW
			       ? _("Left Right: the rest of long lines")
			       : NULL;
	return tui_pager_folds(report)
		       ? _("Enter shows the change, or hides it")
		       : _("Enter goes to where it is cured");
}

/* Short enough for a small screen, and for a slow line to show it anew each
 * time the focus moves. */
static char *make_hint(const struct wizard *wizard, struct page *page)
{
	const struct screen *screen = scr_screen(wizard->step);
	struct asked *asked = scr_asked(page, tui_form_focused(&page->form));
	const char *own = screen->hint ? screen->hint(page) : NULL;

	if (!own)
		own = hint_of_report(wizard);
	if (own)
		return scr_shorten(_(own));
	return asked ? scr_hint(asked->question) : hs_strdup("");
}

/* What works wherever the focus is: it stays while the focus moves. */
static const struct keys {
	const char *wide, *narrow, *tiny;
} glance_keys = {N_("Esc ends the look"), N_("Esc ends the look"),
		 N_("Esc ends it")},
  doctor_keys =
	  {N_("Tab next  Up Down choose  Enter cure  PgUp PgDn scroll  Esc "
	      "back"),
	   N_("Tab  Enter cure  PgUp PgDn  Esc back"),
	   N_("Tab  PgUp PgDn  Esc back")},
  apply_keys = {N_("Tab next  Enter press  PgUp PgDn scroll"),
		N_("Tab next  Enter press  PgUp PgDn"),
		N_("Tab  Enter  PgUp PgDn")},
  page_keys = {N_("Tab next  F1 ? help  Esc back  Ctrl-N next step  "
		  "Ctrl-F findings  F10 q quit"),
	       N_("Tab F1 help Esc back ^N next ^F found"),
	       N_("F1 help Esc back ^N next ^F")};

static const char *keys_now(struct wizard *wizard)
{
	const struct keys *keys = &page_keys;

	if (wizard->glance)
		keys = &glance_keys;
	else if (wizard->step == (enum step)STEP_DOCTOR)
		keys = &doctor_keys;
	else if (wizard->step >= STEP_APPLY)
		keys = &apply_keys;
	return tui_columns() >= 78   ? keys->wide
	       : tui_columns() >= 40 ? keys->narrow
				     : keys->tiny;
}

/* Drawing */

static void draw(struct wizard *wizard)
{
	struct page *page = &wizard->pages[wizard->step];
	struct tui_step steps[STEP_MAX];
	const struct settings *settings = &wizard->job->settings;
	bool is_step = wizard->step < STEP_MAX;
	bool wide = tui_columns() >= WIDE;
	hs_auto_free char *hint = make_hint(wizard, page);
	hs_auto_free char *subject = make_subject(wizard);
	struct tui_frame frame = {
		.program = PACKAGE_NAME,
		.subject = is_step || wide ? subject : _("Live site"),
		.steps = steps,
		.count = is_step ? hs_step_count(settings) : 0,
		.current = is_step ? hs_step_number(wizard->step, settings) - 1
				   : 0,
		.message = wizard->has_message ? wizard->message : hint,
		.keys = keys_now(wizard),
	};
	struct tui_area body;

	for (enum step step = 0; step < STEP_MAX; step++)
		if (hs_step_is_there(step, settings))
			steps[hs_step_number(step, settings) - 1] =
				describe_step(wizard, step);
	if (wizard->has_message) {
		frame.mark = hs_severity_mark(wizard->message_severity);
		frame.style = scr_style(wizard->message_severity);
	}
	if (tui_frame_draw(&frame, &body) == 0 && page->visited)
		tui_form_draw(&page->form, &body);
}

void scr_draw(struct wizard *wizard)
{
	draw(wizard);
	tui_show();
}

void scr_draw_behind(void *wizard)
{
	draw(wizard);
}

/* Dialogs */

void scr_help(struct wizard *wizard)
{
	struct page *page = &wizard->pages[wizard->step];
	struct asked *asked = scr_asked(page, tui_form_focused(&page->form));
	struct str text hs_auto_str = {0};

	if (!asked) {
		scr_say(wizard, SEVERITY_INFO,
			"Help is about fields: Tab moves to the next one.");
		return;
	}
	hs_str_printf(&text, _("%s\n\nIt takes %s."), _(asked->question->help),
		      _(asked->question->values));
	tui_tell(&(struct tui_dialog){
		.title = asked->question->label,
		.text = hs_str_text(&text),
		.draw_behind = scr_draw_behind,
		.context = wizard,
	});
}

void scr_tell_error(struct wizard *wizard, const char *title,
		    const struct error *err)
{
	struct str text hs_auto_str = {0};

	if (*err->where)
		hs_str_printf(&text, "%s: ", err->where);
	hs_str_puts(&text, err->what);
	if (*err->hint)
		hs_str_printf(&text, "\n\n%s", err->hint);
	tui_tell(&(struct tui_dialog){
		.title = title,
		.text = hs_str_text(&text),
		.draw_behind = scr_draw_behind,
		.context = wizard,
	});
}
