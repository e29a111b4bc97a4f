#include <stdio.h>

#include "cli/command.h"
#include "cli/results/json.h"
#include "cli/results/output.h"
#include "cli/results/probes.h"
#include "cli/session.h"
#include "cli/url.h"
#include "core/base/i18n.h"
#include "core/settings/live/explain.h"
#include "core/settings/preload.h"

/* Adds the reasons to what is told of each finding. */
static json_t *explained_as_json(const struct job *job,
				 const struct findings *findings)
{
	json_t *array = cli_json_findings(findings);
	size_t i = 0;

	HS_EACH(finding, findings) {
		json_t *object = json_array_get(array, i++);
		struct explanation why;

		hs_explain(finding, &job->settings, &job->facts, &why);
		json_object_set_new(object, "means", cli_json_text(why.means));
		json_object_set_new(object, "browser",
				    cli_json_text(why.browser));
		json_object_set_new(object, "cause", cli_json_text(why.cause));
		json_object_set_new(object, "step", cli_json_text(why.step));
		json_object_set_new(object, "where", cli_json_text(why.where));
		hs_explanation_done(&why);
	}
	return array;
}

static json_t *site_as_json(const struct job *job)
{
	const struct site *site = job->facts.site;
	hs_auto_free char *where = NULL;

	if (!site || !job->facts.server)
		return json_null();
	if (site->place.path)
		where = hs_format("%s:%d", site->place.path, site->place.line);
	return json_pack(
		"{so so so so}", "server", cli_json_text(job->facts.server->id),
		"config", cli_json_text(job->facts.server->config), "id",
		cli_json_text(site->id), "where", cli_json_text(where));
}

static json_t *issues_as_json(const struct preload_issues *issues)
{
	json_t *array = json_array();

	HS_EACH(issue, issues)
		json_array_append_new(
			array,
			json_pack("{ss ss}", "id", issue->id, "severity",
				  issue->is_error ? "error" : "warning"));
	return array;
}

/* What hstspreload.org would say, by its own ids: of getting in, and of
 * getting out. */
static json_t *preload_as_json(const struct job *job)
{
	struct preload_issues issues, removal;
	json_t *object;

	hs_preload_judge(&job->settings, &job->facts, &issues);
	hs_preload_judge_removal(&job->facts, &removal);
	object = json_pack("{sb sb so sb so}", "asked",
			   hs_preload_is_asked(&job->facts), "eligible",
			   !hs_preload_refuses(&issues), "issues",
			   issues_as_json(&issues), "removable",
			   !hs_preload_refuses(&removal), "removal-issues",
			   issues_as_json(&removal));
	HS_ARRAY_FREE(&issues);
	HS_ARRAY_FREE(&removal);
	return object;
}

static void tell_in_json(const struct job *job, const struct findings *findings)
{
	json_t *object = cli_json_begin(cli_cmd_doctor.name);
	bool ok = hs_findings_worst(findings) < SEVERITY_ERROR;

	json_object_set_new(object, "ok", json_boolean(ok));
	json_object_set_new(object, "name", cli_json_text(job->settings.name));
	json_object_set_new(object, "port",
			    json_integer(job->settings.https_port));
	json_object_set_new(object, "site", site_as_json(job));
	json_object_set_new(object, "probes",
			    cli_json_probes(&job->facts.probes));
	json_object_set_new(object, "preload", preload_as_json(job));
	json_object_set_new(object, "findings",
			    explained_as_json(job, findings));
	cli_json_print(object);
}

static void print_line(const char *title, const char *text)
{
	if (!text)
		return;
	fputs("      ", stdout);
	cli_print_column(stdout, title, 9);
	cli_print_safe(stdout, text);
	putchar('\n');
}

static void tell_finding(const struct job *job, const struct finding *finding)
{
	struct explanation why;

	cli_print_finding(finding, stdout);
	hs_explain(finding, &job->settings, &job->facts, &why);
	print_line(_("browsers"), why.browser);
	print_line(_("means"), why.means);
	print_line(_("here"), why.cause);
	print_line(_("at"), why.where);
	print_line(_("do"), finding->remedy);
	if (why.step && job->facts.site)
		print_line(_("wizard"), _(why.step));
	hs_explanation_done(&why);
}

static void tell(const struct job *job, const struct findings *findings)
{
	bool ok = hs_findings_worst(findings) < SEVERITY_ERROR;

	cli_print_probes(&job->facts.probes);
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_OK; severity--)
		HS_EACH(finding, findings)
			if ((int)finding->severity == severity)
				tell_finding(job, finding);
	cli_print_verdict(ok ? _("nothing stands in the way:")
			     : _("not right:"),
			  findings, stdout);
}

/* Puts the address into the settings, so that rules speak of it. */
static int take_url(struct job *job, const struct url *url, struct error *err)
{
	hs_auto_free char *port = hs_format("%d", url->port);

	if (hs_question_answer(hs_question_by_id("name"), &job->settings,
			       url->host, ORIGIN_FLAG, "URL", err))
		return -1;
	return hs_question_answer(hs_question_by_id("bindings.https-port"),
				  &job->settings, port, ORIGIN_FLAG, "URL",
				  err);
}

static int diagnose(struct options *options, const struct url *url,
		    struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	struct findings findings = {0};
	int status;

	if (cli_session_open(options, &job, err) || take_url(&job, url, err) ||
	    hs_job_diagnose(&job, url->path, &findings, err))
		return (int)err->code;
	if (options->json)
		tell_in_json(&job, &findings);
	else
		tell(&job, &findings);
	status = hs_findings_worst(&findings) < SEVERITY_ERROR ? HS_OK
							       : HS_REFUSED;
	hs_findings_done(&findings);
	return status;
}

static int run(struct options *options, struct error *err)
{
	cli_auto_url struct url url = {0};

	if (!options->arguments.n) {
		hs_fail(err, HS_USAGE, "which site to look at is missing");
		hs_error_hint(err, "write https-setup doctor https://HOST/");
		return (int)err->code;
	}
	if (cli_url_parse(options->arguments.items[0], &url, err))
		return (int)err->code;
	return diagnose(options, &url, err);
}

const struct command cli_cmd_doctor = {
	.name = "doctor",
	.usage = "https://HOST[:PORT]/",
	.summary = N_("find out what is wrong with a live site, and why"),
	.help = N_(
		"Looks at the site as browsers do, at each address its name "
		"leads to (or at those of --address), and, where it is served "
		"by this machine, at the server's configuration. Names each "
		"symptom, what it means, its cause with file and line, and "
		"what to do. Needs no settings and changes nothing. Exit "
		"status 1 when something is wrong."),
	.flags = FLAGS_JSON | FLAGS_TRUST | FLAGS_PROBE,
	.steps = STEPS_SERVER | STEPS_BINDINGS,
	.arguments = 1,
	.run = run,
};
