/* The lines for after the screens, which vanish with them. */
#include <stdio.h>
#include <string.h>

#include "core/base/str.h"
#include "core/base/text.h"
#include "screens/screen.h"

char *scr_url(const struct settings *settings)
{
	const char *name = settings->name ? settings->name : "?";
	bool v6 = strchr(name, ':') != NULL;
	struct str url hs_auto_str = {0};

	hs_str_printf(&url, "https://%s%s%s", v6 ? "[" : "", name,
		      v6 ? "]" : "");
	if (settings->https_port != 443)
		hs_str_printf(&url, ":%d", settings->https_port);
	hs_str_putc(&url, '/');
	return hs_str_take(&url);
}

static void add_headline(const struct wizard *wizard, struct str *text)
{
	hs_auto_free char *url = scr_url(&wizard->job->settings);
	const struct job_outcome *outcome = &wizard->outcome;

	hs_str_puts(text, "https-setup: ");
	if (wizard->status != HS_OK)
		hs_str_puts(text, wizard->failure.what);
	else if (!outcome->transaction)
		hs_str_printf(text, "nothing to change, %s is%s", url,
			      outcome->verified ? " live and verified"
						: " set up as asked");
	else
		hs_str_printf(text, "%s is live%s (%s, kept)", url,
			      outcome->verified ? " and verified" : "",
			      outcome->transaction);
	hs_str_putc(text, '\n');
}

static void add_changed(const struct job_outcome *outcome, struct str *text)
{
	const char *what = "changed";

	HS_EACH(path, &outcome->changed) {
		hs_auto_free char *safe = hs_text_safe(*path, strlen(*path), 0);

		hs_str_printf(text, "  %-8s %s\n", what, safe);
		what = "";
	}
}

static void add_conflicts(const struct job_outcome *outcome, struct str *text)
{
	HS_EACH(conflict, &outcome->conflicts)
		hs_str_printf(text,
			      "  conflict %s stays as it is; from "
			      "before: %s\n",
			      conflict->path, conflict->backup);
}

static void add_certificate_end(const struct wizard *wizard, struct str *text)
{
	const struct certificate *leaf =
		hs_bundle_leaf(&wizard->job->facts.bundle);
	char date[24];

	if (!leaf)
		return;
	hs_text_date(leaf->not_after, date);
	hs_str_printf(text,
		      "  %-8s the certificate ends on %s: https-setup renew "
		      "--cert FILE\n",
		      "next", date);
}

static void add_kept(const struct wizard *wizard, struct str *text)
{
	add_changed(&wizard->outcome, text);
	if (wizard->outcome.transaction)
		hs_str_printf(text, "  %-8s https-setup rollback %s\n", "undo",
			      wizard->outcome.transaction);
	if (wizard->saved)
		hs_str_printf(text, "  %-8s https-setup apply --answers %s\n",
			      "again", wizard->saved);
	add_certificate_end(wizard, text);
}

char *scr_summary(const struct wizard *wizard)
{
	struct str text hs_auto_str = {0};

	add_headline(wizard, &text);
	if (wizard->status == HS_OK)
		add_kept(wizard, &text);
	add_conflicts(&wizard->outcome, &text);
	return hs_str_take(&text);
}

char *scr_last_words(const struct wizard *wizard)
{
	struct str text hs_auto_str = {0};

	if (wizard->status == HS_OK || wizard->status == HS_REVERTED)
		return scr_summary(wizard);
	/* The error itself is told by the caller. */
	add_conflicts(&wizard->outcome, &text);
	return text.len ? hs_str_take(&text) : NULL;
}
