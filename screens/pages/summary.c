/* How it ended: on the last screen, and again on the plain terminal after the
 * screens have vanished. */
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/server/iis/script_run.h"
#include "screens/screen.h"

char *scr_url(const char *name, int port)
{
	bool v6 = name && strchr(name, ':');
	struct str url hs_auto_str = {0};

	hs_str_printf(&url, "https://%s%s%s", v6 ? "[" : "", name ? name : "?",
		      v6 ? "]" : "");
	if (port != 443)
		hs_str_printf(&url, ":%d", port);
	hs_str_putc(&url, '/');
	return hs_str_take(&url);
}

/* Takes one row of it: a word for its column, and what it is about; a path
 * where it may be cut. */
struct sink {
	void (*row)(void *context, const char *word, const char *text);
	void (*path)(void *context, const char *word, const char *path);
	void *context;
};

static void put(const struct sink *sink, const char *word, const char *format,
		...) HS_PRINTF(3, 4);

static void put(const struct sink *sink, const char *word, const char *format,
		...)
{
	struct str text hs_auto_str = {0};
	hs_auto_free char *safe = NULL;
	va_list args;

	va_start(args, format);
	hs_str_vprintf(&text, format, args);
	va_end(args);
	safe = hs_text_safe(hs_str_text(&text), text.len, 0);
	sink->row(sink->context, word, safe);
}

static void put_headline(const struct wizard *wizard, const struct sink *sink)
{
	const struct settings *settings = &wizard->job->settings;
	hs_auto_free char *url = scr_url(settings->name, settings->https_port);
	const struct job_outcome *outcome = &wizard->outcome;

	if (wizard->status != HS_OK)
		put(sink, "", "%s", wizard->failure.what);
	else if (outcome->transaction)
		put(sink, "",
		    outcome->verified
			    ? _("%s is live and verified (%s, kept)")
			    : _("%s is set up, to be proved once it is "
				"served (%s, kept)"),
		    url, outcome->transaction);
	else if (outcome->verified)
		put(sink, "",
		    _("%s is live and verified, nothing was to be changed"),
		    url);
	else
		put(sink, "", _("nothing was to be changed for %s"), url);
}

static void put_changed(const struct job_outcome *outcome,
			const struct sink *sink)
{
	const char *word = _("changed");

	HS_EACH(path, &outcome->changed) {
		hs_auto_free char *safe = hs_text_safe(*path, strlen(*path), 0);

		sink->path(sink->context, word, safe);
		word = " ";
	}
}

static void put_conflicts(const struct job_outcome *outcome,
			  const struct sink *sink)
{
	HS_EACH(conflict, &outcome->conflicts) {
		if (conflict->backup)
			put(sink, _("conflict"),
			    _("%s stays as it is; from before: %s"),
			    conflict->path, conflict->backup);
		else
			put(sink, _("conflict"),
			    _("%s stays as it is; before there was none"),
			    conflict->path);
	}
}

static void put_certificate_end(const struct wizard *wizard,
				const struct sink *sink)
{
	const struct certificate *leaf =
		hs_bundle_leaf(&wizard->job->facts.bundle);
	char date[24];

	if (!leaf)
		return;
	hs_text_date(leaf->not_after, date);
	put(sink, _("next"),
	    _("the certificate ends on %s: https-setup renew "
	      "--cert FILE"),
	    date);
}

/* What only the machine itself can do. */
static void put_elsewhere(const struct wizard *wizard, const struct sink *sink)
{
	const struct job *job = wizard->job;
	const struct change *script =
		job->facts.offline ? hs_iis_script_in(&job->plan) : NULL;
	hs_auto_free char *line = script ? hs_iis_script_line(script) : NULL;

	if (script)
		put(sink, _("next"),
		    _("run on the server itself, as "
		      "administrator: %s"),
		    line);
}

/* What is left to do by hand. */
static void put_tasks(const struct plan *plan, const struct sink *sink)
{
	const char *word = _("by you");

	HS_EACH(task, &plan->tasks) {
		if (task->when != TASK_AFTER)
			continue;
		put(sink, word, "%s", task->text);
		word = " ";
	}
}

static void put_kept(const struct wizard *wizard, const struct sink *sink)
{
	hs_auto_free char *root = hs_root_option(&wizard->job->root);

	if (wizard->outcome.transaction)
		put(sink, _("undo"), "https-setup rollback %s%s",
		    wizard->outcome.transaction, root);
	if (wizard->saved)
		put(sink, _("again"),
		    wizard->job->settings.certificate_text
			    ? _("https-setup apply --answers %s --cert FILE")
			    : "https-setup apply --answers %s",
		    wizard->saved);
	put_elsewhere(wizard, sink);
	put_certificate_end(wizard, sink);
	/* The longest comes last, so that the rest is in sight. */
	put_changed(&wizard->outcome, sink);
	put_tasks(&wizard->job->plan, sink);
}

static void put_all(const struct wizard *wizard, const struct sink *sink)
{
	put_headline(wizard, sink);
	if (wizard->status == HS_OK)
		put_kept(wizard, sink);
	put_conflicts(&wizard->outcome, sink);
}

/* On the screen */

static void row_of_pager(void *pager, const char *word, const char *text)
{
	tui_pager_add_note(pager, *word ? TUI_LINK : TUI_BOLD, word, text);
}

static void path_of_pager(void *pager, const char *word, const char *path)
{
	tui_pager_add_path(pager, TUI_LINK, word, path);
}

void scr_show_summary(const struct wizard *wizard, struct tui_widget *pager)
{
	const struct sink sink = {row_of_pager, path_of_pager, pager};

	tui_pager_clear(pager);
	put_all(wizard, &sink);
	if (wizard->status == HS_REVERTED)
		scr_lines_note(pager, SEVERITY_OK,
			       "Everything is as it was before.");
}

/* On the plain terminal */

static void row_of_text(void *context, const char *word, const char *text)
{
	struct str *lines = context;
	int pad = 8 - hs_text_width(word);

	if (!*word)
		hs_str_printf(lines, "https-setup: %s\n", text);
	else
		hs_str_printf(lines, "  %s%*s %s\n", word, pad > 0 ? pad : 0,
			      "", text);
}

char *scr_last_words(const struct wizard *wizard)
{
	struct str text hs_auto_str = {0};
	const struct sink sink = {row_of_text, row_of_text, &text};

	if (wizard->status == HS_OK || wizard->status == HS_REVERTED)
		put_all(wizard, &sink);
	else
		/* The error itself is told by the caller. */
		put_conflicts(&wizard->outcome, &sink);
	return text.len ? hs_str_take(&text) : NULL;
}
