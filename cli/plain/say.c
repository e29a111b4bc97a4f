#include "cli/plain/say.h"

#include <stdio.h>
#include <string.h>

#include "cli/results/output.h"
#include "core/base/i18n.h"

static const char *const severity_words[] = {
	[SEVERITY_OK] = "OK",
	[SEVERITY_INFO] = N_("Note"),
	[SEVERITY_WARNING] = N_("Warning"),
	[SEVERITY_ERROR] = N_("Error"),
};

const char *cli_plain_word(enum severity severity)
{
	return _(severity_words[severity]);
}

void cli_plain_error(const struct error *err)
{
	bool has_where = *err->where, has_hint = *err->hint;

	cli_print_line(stdout, "%s: %s%s%s%s%s", cli_plain_word(SEVERITY_ERROR),
		       err->where, has_where ? ": " : "", err->what,
		       has_hint ? "; " : "", err->hint);
}

void cli_plain_finding(const struct finding *finding)
{
	bool helps = finding->remedy && finding->severity > SEVERITY_INFO;
	hs_auto_free char *placed =
		finding->where ? hs_format(_("%s, at %s"), finding->message,
					   finding->where)
			       : NULL;

	cli_print_line(stdout, "%s: %s%s%s", cli_plain_word(finding->severity),
		       placed ? placed : finding->message, helps ? "; " : "",
		       helps ? finding->remedy : "");
}

size_t cli_plain_findings(const struct findings *findings,
			  const struct question *question)
{
	size_t errors = 0;

	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_OK; severity--)
		HS_EACH(finding, findings) {
			if ((int)finding->severity != severity ||
			    !finding->question ||
			    strcmp(finding->question, question->id) != 0)
				continue;
			cli_plain_finding(finding);
			errors += severity == SEVERITY_ERROR;
		}
	return errors;
}

void cli_plain_tell(const struct findings *findings, enum severity least)
{
	for (int severity = SEVERITY_ERROR; severity >= (int)least; severity--)
		HS_EACH(finding, findings)
			if ((int)finding->severity == severity)
				cli_plain_finding(finding);
}

/* Steps */

/* "Found: nginx 1.22.1, /etc/nginx/nginx.conf", as far as it is known. */
static void tell_one(const char *title, const char *version, const char *path)
{
	hs_auto_free char *what = hs_format(
		"%s%s%s%s%s", title, version ? " " : "", version ? version : "",
		path ? ", " : "", path ? path : "");

	cli_print_line(stdout, _("Found: %s"), what);
}

static void tell_servers(const struct job *job)
{
	HS_EACH(server, &job->facts.servers)
		tell_one(server->title, server->version, server->config);
	if (job->facts.offline)
		puts(_("This is an offline tree: its files are edited, and "
		       "nothing runs there."));
}

static void tell_listens(const struct job *job)
{
	const struct site *site = job->facts.site;
	hs_auto_str struct str all = {0};

	if (!site || !site->listens.n)
		return;
	HS_EACH(listen, &site->listens) {
		hs_str_printf(&all, "%s%s", all.len ? " " : "",
			      listen->address);
		if (listen->port)
			hs_str_printf(&all, ":%d", listen->port);
	}
	cli_print_line(stdout, _("Listens now: %s"), hs_str_text(&all));
}

static void tell_product(const struct job *job)
{
	const struct product_facts *product =
		hs_facts_product(&job->facts, job->settings.product);

	if (!product)
		return;
	tell_one(_(product->title), NULL, product->path);
	HS_EACH(seen, &product->seen)
		cli_print_line(stdout, "%s", *seen);
}

/* What was found that the step is about. */
static void (*const tell_found[STEP_MAX])(const struct job *job) = {
	[STEP_SERVER] = tell_servers,
	[STEP_BINDINGS] = tell_listens,
	[STEP_PRODUCT] = tell_product,
};

void cli_plain_step(const struct job *job, enum step step)
{
	const struct settings *settings = &job->settings;

	printf(_("\nStep %d of %d: %s\n"), hs_step_number(step, settings),
	       hs_step_count(settings), _(hs_step_title(step)));
	if (tell_found[step])
		tell_found[step](job);
}
