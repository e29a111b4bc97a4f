#include <arpa/inet.h>
#include <time.h>

#include "cli/command.h"
#include "cli/results/json.h"
#include "cli/results/output.h"
#include "cli/results/probes.h"
#include "cli/session.h"
#include "cli/url.h"
#include "core/base/i18n.h"

/* For the resolver and for the site, that it all ends within 15 s. */
#define LONGEST_MS 7000

static void tell_in_json(const struct job *job, const struct findings *findings)
{
	json_t *object = cli_json_begin(cli_cmd_verify.name);
	bool ok = hs_findings_worst(findings) < SEVERITY_ERROR;

	json_object_set_new(object, "ok", json_boolean(ok));
	json_object_set_new(object, "name", cli_json_text(job->settings.name));
	json_object_set_new(object, "probes",
			    cli_json_probes(&job->facts.probes));
	json_object_set_new(object, "findings", cli_json_findings(findings));
	cli_json_print(object);
}

static void tell(const struct job *job, const struct findings *findings)
{
	bool ok = hs_findings_worst(findings) < SEVERITY_ERROR;

	cli_print_probes(&job->facts.probes);
	cli_print_findings(findings, stdout);
	cli_print_verdict(ok ? _("verified:") : _("not right:"), findings,
			  stdout);
}

static bool is_address(const char *text)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, text, bytes) == 1 ||
	       inet_pton(AF_INET6, text, bytes) == 1;
}

/* Where the name of an address leads: to itself when it is a number. */
static int find_targets(struct job *job, const struct url *url,
			struct probe_targets *ret_targets, struct error *err)
{
	bool http = hs_settings_origin(&job->settings, "bindings.http-port") >=
			    ORIGIN_ANSWERS ||
		    url->port == 443;
	struct strings self = {0}, *addresses = &job->facts.name.addresses;

	if (is_address(url->host)) {
		hs_strings_add(&self, url->host);
		addresses = &self;
	} else {
		hs_job_resolve(job);
	}
	HS_EACH(address, addresses)
		HS_PUSH(ret_targets,
			((struct probe_target){
				.address = hs_strdup(*address),
				.https_port = url->port,
				.http_port = http ? job->settings.http_port : 0,
			}));
	hs_strings_done(&self);
	if (ret_targets->n)
		return 0;
	hs_fail(err, HS_CANNOT, "%s has no address", job->settings.name);
	hs_error_id(err, "live.dns");
	hs_error_hint(err, "check the name and the resolver of this host");
	return -1;
}

/* Puts the address into the settings, so that rules speak of it. */
static int take_url(struct job *job, const struct url *url, const char *text,
		    struct error *err)
{
	hs_auto_free char *port = hs_format("%d", url->port);

	if (hs_question_answer(hs_question_by_id("name"), &job->settings,
			       url->host, ORIGIN_FLAG, text, err))
		return -1;
	return hs_question_answer(hs_question_by_id("bindings.https-port"),
				  &job->settings, port, ORIGIN_FLAG, text, err);
}

static int verify_url(struct job *job, const char *text,
		      struct findings *ret_findings, struct error *err)
{
	cli_auto_url struct url url = {0};
	struct probe_targets targets = {0};
	struct strings paths = {0};
	struct probe_request request;
	int failed;

	if (cli_url_parse(text, &url, err) || take_url(job, &url, text, err) ||
	    find_targets(job, &url, &targets, err))
		return -1;
	hs_strings_add(&paths, url.path);
	request = (struct probe_request){
		.name = job->settings.name,
		.targets = targets,
		.ca = job->options.ca,
		.timeout_ms = job->options.timeout_ms,
		.http = true,
		.paths = &paths,
	};
	job->facts.now = time(NULL);
	failed = hs_probe(&request, &job->facts.probes, err);
	if (!failed)
		hs_rules_judge_live(&job->settings, &job->facts, ret_findings);
	hs_probe_targets_done(&targets);
	hs_strings_done(&paths);
	return failed;
}

static int verify_settings(const struct options *options, struct job *job,
			   struct findings *ret_findings, struct error *err)
{
	if (cli_session_look(options, job, err))
		return -1;
	if (!job->facts.site) {
		hs_fail(err, HS_CANNOT, "which site to verify is not clear");
		hs_error_hint(err, "say it with --name or --site, or write "
				   "https-setup verify https://HOST/");
		return -1;
	}
	return hs_job_verify(job, ret_findings, err);
}

static int run(struct options *options, struct error *err)
{
	const char *url =
		options->arguments.n ? options->arguments.items[0] : NULL;
	cli_auto_job struct job job = CLI_JOB_NONE;
	struct findings findings = {0};
	int status;

	if (cli_session_open(options, &job, err))
		return (int)err->code;
	if (job.options.timeout_ms > LONGEST_MS)
		job.options.timeout_ms = LONGEST_MS;
	status = url ? verify_url(&job, url, &findings, err)
		     : verify_settings(options, &job, &findings, err);
	if (status) {
		hs_findings_done(&findings);
		return (int)err->code;
	}
	if (options->json)
		tell_in_json(&job, &findings);
	else
		tell(&job, &findings);
	status = hs_findings_worst(&findings) < SEVERITY_ERROR ? HS_OK
							       : HS_REFUSED;
	hs_findings_done(&findings);
	return status;
}

const struct command cli_cmd_verify = {
	.name = "verify",
	.usage = "[SETTINGS | https://HOST[:PORT]/]",
	.summary = N_("look at the live site"),
	.help = N_(
		"Connects to the site as a visitor would, at each of its "
		"addresses, and judges what comes: the certificate and its "
		"chain, the protocol, the redirect, HSTS. Exit status 1 when "
		"something is wrong."),
	.flags = FLAGS_JSON | FLAGS_ANSWERS | FLAGS_SECRET | FLAGS_STATE |
		 FLAGS_CERT_DIR | FLAGS_TRUST | FLAGS_PROBE,
	.steps = STEPS_ALL,
	.arguments = 1,
	.run = run,
};
