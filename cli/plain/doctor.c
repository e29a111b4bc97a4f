#include "cli/plain/doctor.h"

#include <stdio.h>

#include "cli/plain/say.h"
#include "cli/results/output.h"
#include "cli/results/probes.h"
#include "cli/session.h"
#include "cli/url.h"
#include "core/base/i18n.h"
#include "core/settings/live/explain.h"
#include "core/settings/sites.h"

/* The name that was chosen, or the first one that the site has. */
static const char *name_of(const struct job *job)
{
	if (job->settings.name)
		return job->settings.name;
	if (job->facts.site)
		HS_EACH(name, &job->facts.site->names)
			if (hs_site_name_is_plain(*name))
				return *name;
	return NULL;
}

/* Where it has HTTPS now, else where it will have it; "" without a name. */
static char *usual_address(const struct job *job)
{
	const struct listen *listen =
		job->facts.site ? hs_site_listen(job->facts.site, true, 0)
				: NULL;
	const char *name = name_of(job);

	if (!name)
		return hs_strdup("");
	return hs_format("https://%s:%d/", name,
			 listen ? listen->port : job->settings.https_port);
}

static enum reply ask_address(const struct job *job, struct url *ret_url)
{
	static const struct question question = {
		.label = N_("Address to look at"),
		.values = N_("https:// and a host name, perhaps with a port"),
		.help = N_("The site is looked at as browsers do, at each "
			   "address its name leads to. Nothing is changed."),
		.kind = QUESTION_TEXT,
	};
	hs_auto_free char *usual = usual_address(job);

	for (;;) {
		hs_auto_str struct str text = {0};
		struct error err = {0};
		enum reply reply = cli_plain_ask_own(&question, usual, &text);

		if (reply != REPLY_NEXT ||
		    !cli_url_parse(hs_str_text(&text), ret_url, &err))
			return reply;
		cli_plain_error(&err);
	}
}

/* What is about to be installed is not what should be served yet. */
static int ask_for(const struct url *url, struct settings *settings,
		   struct error *err)
{
	hs_auto_free char *port = hs_format("%d", url->port);

	hs_question_reset(hs_question_by_id("certificate.file"), settings);
	hs_question_reset(hs_question_by_id("certificate.self-signed"),
			  settings);
	hs_settings_paste(settings, NULL);
	if (hs_question_answer(hs_question_by_id("name"), settings, url->host,
			       ORIGIN_OPERATOR, NULL, err))
		return -1;
	return hs_question_answer(hs_question_by_id("bindings.https-port"),
				  settings, port, ORIGIN_OPERATOR, NULL, err);
}

static void print_sentence(const char *title, const char *text)
{
	if (!text)
		return;
	cli_print_line(stdout, "  %s %s", title, text);
}

static void tell_why(const struct job *job, const struct finding *finding)
{
	struct explanation why;

	hs_explain(finding, &job->settings, &job->facts, &why);
	print_sentence(_("Browsers say:"), why.browser);
	print_sentence(_("What it means:"), why.means);
	print_sentence(_("The cause here:"), why.cause);
	print_sentence(_("It stands at:"), why.where);
	if (job->facts.site)
		print_sentence(_("The step that cures it:"), _(why.step));
	hs_explanation_done(&why);
}

static void tell(const struct job *job, const struct findings *findings)
{
	cli_print_probes(&job->facts.probes);
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_OK; severity--)
		HS_EACH(finding, findings) {
			if ((int)finding->severity != severity)
				continue;
			cli_plain_finding(finding);
			if (severity >= SEVERITY_WARNING)
				tell_why(job, finding);
		}
	puts(hs_findings_worst(findings) < SEVERITY_ERROR
		     ? _("Nothing stands in the way.")
		     : _("Not all of it is right."));
}

/* In a job of its own. */
static int look(const struct job *job, const struct url *url, struct error *err)
{
	cli_auto_job struct job own = CLI_JOB_NONE;
	struct settings settings;
	struct findings findings = {0};
	int failed;

	hs_settings_copy(&job->settings, &settings);
	failed = ask_for(url, &settings, err) ||
		 hs_job_open(&own, &job->options, &settings, err);
	hs_settings_done(&settings);
	if (failed || hs_job_diagnose(&own, url->path, &findings, err))
		return -1;
	tell(&own, &findings);
	hs_findings_done(&findings);
	return 0;
}

enum reply cli_plain_doctor(const struct job *job)
{
	cli_auto_url struct url url = {0};
	struct error err = {0};
	enum reply reply;

	if (job->facts.offline) {
		puts(_("Error: this is an offline tree, nothing runs there"));
		return REPLY_BACK;
	}
	reply = ask_address(job, &url);
	if (reply != REPLY_NEXT)
		return reply;
	puts(_("Looking, for 15 seconds at most."));
	fflush(stdout);
	if (!look(job, &url, &err))
		return REPLY_NEXT;
	cli_plain_error(&err);
	return REPLY_BACK;
}
