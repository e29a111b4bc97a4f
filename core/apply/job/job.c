#include "core/apply/job/job.h"

#include <string.h>

#include "core/apply/job/parts.h"
#include "core/apply/transaction/ports.h"
#include "core/base/i18n.h"
#include "core/product/product.h"
#include "core/settings/questions/questions.h"

/* With more sites than that a server's own test of the whole configuration
 * takes longer than planning; the staged files are tested in any case. */
#define SITES_QUICKLY_TESTED 2000

int hs_job_open(struct job *job, const struct job_options *options,
		struct settings *settings, struct error *err)
{
	*job = (struct job){
		.options = *options,
		.root = {.fd = -1},
		.settings = *settings,
		.lock = -1,
	};
	*settings = (struct settings){0};
	if (hs_root_open(job->settings.root, &job->root, err))
		return -1;
	hs_state_init(&job->state, &job->root, options->state_dir);
	return 0;
}

void hs_job_close(struct job *job)
{
	free(job->waiting);
	hs_cleanup_close(&job->lock);
	hs_plan_done(&job->plan);
	hs_findings_done(&job->findings);
	hs_facts_done(&job->facts);
	hs_settings_done(&job->settings);
	hs_state_done(&job->state);
	hs_root_close(&job->root);
	*job = (struct job){.lock = -1, .root = {.fd = -1}};
}

/* The certificate is the operator's file on this host, also when the tree to
 * be changed is another one. */
int hs_job_read_certificate(struct job *job, struct error *err)
{
	const struct settings *settings = &job->settings;
	struct cert_source source = {
		.file = settings->certificate_file,
		.key = settings->certificate_key,
		.chain = settings->certificate_chain,
		.passphrase = settings->certificate_passphrase,
		.ca = job->options.ca,
		.text = settings->certificate_text,
		.patience = job->options.patience,
	};
	struct root host;
	int result;

	hs_bundle_done(&job->facts.bundle);
	job->facts.bundle = (struct bundle){0};
	/* One that is made here needs a name, and no file even if one was
	 * named before. */
	if (settings->certificate_self_signed) {
		source.self_signed_for = settings->name;
		source.file = source.text = NULL;
	}
	if (!source.file && !source.text && !source.self_signed_for)
		return 0;
	if (hs_root_open(NULL, &host, err))
		return -1;
	result = hs_bundle_read(&host, &source, &job->facts.bundle, err);
	hs_root_close(&host);
	return result;
}

void hs_job_judge(struct job *job)
{
	hs_settings_complete(&job->settings, &job->facts);
	hs_job_name_programs(job);
	hs_rules_judge(&job->settings, &job->facts, &job->findings);
}

const struct server_ops *hs_job_server(const struct job *job)
{
	return job->facts.server ? hs_server_ops(job->facts.server->id) : NULL;
}

/* The chosen server's facts, to be added to. */
static struct server_facts *chosen(struct job *job)
{
	HS_EACH(server, &job->facts.servers) {
		if (server == job->facts.server)
			return server;
	}
	return NULL;
}

static bool can_test(const struct job *job, const struct server_ops *ops)
{
	return ops->trial && job->facts.server->binary && !job->facts.offline;
}

static bool is_quickly_tested(const struct job *job)
{
	return job->facts.server->sites.n <= SITES_QUICKLY_TESTED;
}

/* The server's own test of what is there now: a configuration that is broken
 * already is not ours to change. */
static int test_present(struct job *job, const struct server_ops *ops)
{
	const struct staged_files none = {0};
	struct error err = {0};
	bool isolated;

	if (job->tested || !can_test(job, ops) || !is_quickly_tested(job))
		return 0;
	job->tested = true;
	if (!ops->trial(job->facts.server, &none, &isolated, &err) || !*err.id)
		return 0;
	hs_problem_add(&chosen(job)->problems, err.id,
		       *err.where ? err.where : NULL, err.what);
	hs_job_judge(job);
	return -1;
}

static int add_finding(struct job *job, struct error *err)
{
	if (err && *err->id) {
		hs_findings_add(&job->findings, err->id,
				*err->where ? err->where : NULL, err->what);
		err->code = HS_REFUSED;
	}
	return -1;
}

static int refuse_broken(struct job *job, struct error *err)
{
	const struct finding *finding =
		hs_findings_get(&job->findings, "server.config-broken");

	hs_fail(err, HS_REFUSED, "%s",
		finding ? finding->message
			: _("the configuration is broken already"));
	hs_error_id(err, "server.config-broken");
	if (finding && finding->where)
		hs_error_where(err, "%s", finding->where);
	hs_error_hint(err, "put that right first");
	return -1;
}

static int plan_server(struct job *job, const struct server_ops *ops,
		       struct error *err)
{
	const struct server_job about = {
		.root = &job->root,
		.facts = &job->facts,
		.settings = &job->settings,
	};

	if (job->kind == JOB_RENEW)
		return ops->renew(&about, &job->plan, err);
	if (job->kind == JOB_DISABLE)
		return ops->disable(&about, &job->plan, err);
	return ops->plan(&about, &job->plan, err);
}

static int plan_product(struct job *job, struct error *err)
{
	const struct product_ops *product =
		job->settings.product ? hs_product_ops(job->settings.product)
				      : NULL;
	int (*const plans[])(const struct root *, const struct facts *,
			     const struct settings *, struct plan *,
			     struct error *) = {
		[JOB_ENABLE] = product ? product->plan : NULL,
		[JOB_DISABLE] = product ? product->disable : NULL,
		[JOB_RENEW] = NULL, /* no product knows its certificate */
	};

	return plans[job->kind]
		       ? plans[job->kind](&job->root, &job->facts,
					  &job->settings, &job->plan, err)
		       : 0;
}

/* What makes the files count; carried out by the server's own activate(). */
static void plan_reload(struct job *job, const struct server_ops *ops)
{
	const char *const argv[] = {ops->id, "reload", NULL};

	/* one that is never reloaded here says itself what follows */
	if (!ops->activate)
		return;
	if (job->facts.server->running)
		hs_plan_run(
			&job->plan, PHASE_HTTPS, argv,
			N_("load the new configuration, drop no connection"),
			N_("restore, reload"));
	else
		hs_plan_note(&job->plan,
			     "%s is not running: nothing is reloaded or "
			     "probed, and HSTS is left for when it is",
			     ops->title);
}

static void note_test(struct job *job, const struct server_ops *ops)
{
	if (can_test(job, ops) && !is_quickly_tested(job))
		hs_plan_note(&job->plan,
			     "%s has %zu sites: its own test, which takes "
			     "a while for so many, is left to apply, which "
			     "makes it before the reload",
			     ops->title, job->facts.server->sites.n);
}

static bool has_files(const struct plan *plan)
{
	HS_EACH(change, &plan->changes) {
		if (change->kind != CHANGE_RUN)
			return true;
	}
	return false;
}

/* Whether another site is served on that port. */
static bool is_shared(const struct job *job, int port)
{
	HS_EACH(site, &job->facts.server->sites) {
		HS_EACH(listen, &site->listens) {
			if (site != job->facts.site && listen->port == port)
				return true;
		}
	}
	return false;
}

/* HTTPS goes: what was opened for it here is closed again, and the other way
 * round for HTTP. */
static void plan_ports_back(struct job *job)
{
	struct tx_ports ours;

	hs_tx_ports_ours(&job->state, &ours);
	HS_EACH(port, &ours) {
		int about = port->rule.shuts ? job->settings.http_port
					     : job->settings.https_port;

		if (port->goes || port->rule.port != about)
			continue;
		if (port->rule.shuts || !is_shared(job, about))
			hs_firewall_plan_removal(&port->rule, &job->plan);
		else
			hs_plan_note(&job->plan,
				     "TCP %d stays open in the firewall: "
				     "another site is served there",
				     about);
	}
	hs_tx_ports_done(&ours);
}

static void plan_ports(struct job *job)
{
	const char *wanted = job->settings.firewall;

	if (job->facts.offline || (wanted && !strcmp(wanted, "none")))
		return;
	if (job->kind == JOB_ENABLE)
		hs_firewall_plan(&job->settings, &job->facts, &job->plan);
	if (job->kind == JOB_DISABLE)
		plan_ports_back(job);
}

static int no_server(const struct job *job, struct error *err)
{
	if (job->settings.server)
		hs_fail(err, HS_REFUSED, "no %s was found",
			job->settings.server);
	else
		hs_fail(err, HS_REFUSED, "no web server was found");
	hs_error_id(err, "server.not-found");
	hs_error_hint(err, "name its configuration with --server-config");
	return -1;
}

int hs_job_plan(struct job *job, enum job_kind kind, struct error *err)
{
	const struct server_ops *ops;
	struct error own = {0};

	if (!err)
		err = &own;
	hs_plan_done(&job->plan);
	job->kind = kind;
	hs_job_judge(job);
	ops = hs_job_server(job);
	if (!ops)
		return no_server(job, err);
	if (test_present(job, ops))
		return refuse_broken(job, err);
	/* The server's scripts for Windows do what the product asks for. */
	if (plan_product(job, err) || plan_server(job, ops, err))
		return add_finding(job, err);
	plan_ports(job);
	if (hs_plan_is_empty(&job->plan))
		return 0;
	if (has_files(&job->plan))
		plan_reload(job, ops);
	note_test(job, ops);
	hs_job_note_others(job);
	hs_job_note_doors(job);
	return 0;
}
