#include "core/server/iis/plan.h"

#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/server/iis/version.h"
#include "core/settings/questions/questions.h"
#include "core/settings/ssl_places.h"

static bool is_asked(const struct settings *settings, const char *id)
{
	return hs_settings_origin(settings, id) >= ORIGIN_ANSWERS;
}

static bool knows_hsts(const struct iis_planning *planning)
{
	switch (planning->settings->iis.version) {
	case IIS_VERSION_OLDER:
		return false;
	case IIS_VERSION_NEWER:
		return true;
	default:
		return planning->model->hsts;
	}
}

/* Whether every name that HTTP answers for is in the certificate: a redirect
 * that keeps the host then never leads to a warning. */
static bool hosts_are_certified(const struct iis_planning *planning)
{
	const struct certificate *leaf =
		hs_bundle_leaf(&planning->job->facts->bundle);

	HS_EACH(binding, &planning->bindings) {
		if (!binding->web || binding->ssl)
			continue;
		if (!leaf || !*binding->host ||
		    hs_certificate_matches(leaf, binding->host) ==
			    CERT_MATCH_NONE)
			return false;
	}
	return true;
}

/*
 * The redirect of <hsts> excludes nothing, always goes to port 443, keeps the
 * host and has a code of its own: it is taken where that is what was asked
 * for, and where nothing else is installed.
 */
static bool can_redirect_natively(const struct iis_planning *planning)
{
	const struct settings *settings = planning->settings;
	bool rewrite = planning->server->abilities & SERVER_REWRITE;

	return settings->redirect_enabled && settings->hsts_enabled &&
	       planning->native_hsts && settings->https_port == 443 &&
	       !settings->redirect_skip_localhost &&
	       !is_asked(settings, "redirect.code") &&
	       (!rewrite || hosts_are_certified(planning));
}

static void read_bindings(struct iis_planning *planning)
{
	const struct xml_doc *doc = &planning->model->config;
	int32_t e = hs_xml_child(doc, planning->element, "bindings");

	e = e == XML_NONE ? e : hs_xml_child(doc, e, "binding");
	for (; e != XML_NONE; e = hs_xml_next(doc, e, "binding"))
		(void)hs_iis_read_binding(doc, e, HS_GROW(&planning->bindings));
}

/* What the scripts are told about the site. */
static void describe_site(struct iis_planning *planning,
			  enum iis_change_kind kind)
{
	const struct xml_doc *doc = &planning->model->config;
	const struct settings *settings = planning->settings;
	struct iis_change *change = &planning->change;
	hs_auto_free char *id = hs_xml_attr(doc, planning->element, "id");

	change->kind = kind;
	change->site = hs_strdup(planning->site->id);
	change->id = id ? strtol(id, NULL, 10) : 0;
	change->pool = hs_iis_site_pool(doc, planning->element);
	if (!change->pool)
		change->pool = hs_strdup("");
	change->physical_path = hs_iis_site_path(doc, planning->element);
	if (!change->physical_path)
		change->physical_path = hs_strdup("");
	change->web_root = hs_iis_web_root(planning->job->root, planning->model,
					   planning->element, NULL);
	change->http_port = settings->http_port;
	change->https_port = settings->https_port;
	change->close_http = kind == IIS_ENABLE &&
			     settings->bindings_mode == BINDINGS_HTTPS &&
			     settings->firewall_close_http;
	change->build = planning->model->build;
	if (!change->build && settings->iis.version == IIS_VERSION_NEWER)
		change->build = IIS_BUILD_2019;
}

/* What stands in the way was found while looking: a finding each. */
static int check_problems(const struct server_facts *server, struct error *err)
{
	HS_EACH(problem, &server->problems) {
		hs_fail(err, HS_REFUSED, "%s", problem->what);
		hs_error_id(err, problem->id);
		if (problem->where)
			hs_error_where(err, "%s", problem->where);
		return -1;
	}
	return 0;
}

int hs_iis_planning_init(const struct server_job *job,
			 enum iis_change_kind kind,
			 struct iis_planning *ret_planning, struct error *err)
{
	const struct server_facts *server = job->facts->server;
	const struct site *site = job->facts->site;

	*ret_planning = (struct iis_planning){
		.job = job,
		.settings = job->settings,
		.server = server,
		.model = server->model,
		.site = site,
	};
	if (check_problems(server, err))
		return -1;
	if (!site) {
		hs_fail(err, HS_REFUSED, "no site was chosen");
		hs_error_id(err, "server.no-site");
		return -1;
	}
	ret_planning->element = (int32_t)site->http_block;
	ret_planning->edits = hs_xml_edit(&ret_planning->model->config);
	read_bindings(ret_planning);
	describe_site(ret_planning, kind);
	ret_planning->native_hsts = knows_hsts(ret_planning);
	ret_planning->native_redirect = can_redirect_natively(ret_planning);
	return 0;
}

void hs_iis_planning_done(struct iis_planning *planning)
{
	hs_xml_edits_release(&planning->edits);
	hs_xml_edits_release(&planning->web_edits);
	hs_iis_web_done(&planning->web);
	hs_iis_bindings_done(&planning->bindings);
	hs_iis_change_done(&planning->change);
	*planning = (struct iis_planning){0};
}

int hs_iis_need_web(struct iis_planning *planning, struct error *err)
{
	if (planning->web_edits)
		return 0;
	if (hs_iis_web_open(planning->job->root, planning->model,
			    planning->element, &planning->web, err)) {
		hs_iis_web_done(&planning->web);
		return -1;
	}
	planning->web_edits = hs_xml_edit(&planning->web.doc);
	return 0;
}

/* One file with its edits made; nothing when none changes anything.  The
 * server's configuration may be large, and stays for as long as the plan. */
static int plan_file(struct iis_planning *planning, struct xml_edits *edits,
		     const struct xml_doc *doc, bool exists, const char *reason,
		     struct plan *plan, struct error *err)
{
	hs_auto_free char *real =
		exists ? hs_root_resolve(planning->job->root, doc->path) : NULL;
	const char *path = real ? real : doc->path;
	const struct str *before = exists ? &doc->bytes : NULL;
	hs_auto_str struct str text = {0};
	bool changed;

	if (hs_xml_finish(edits, &text, &changed, err))
		return -1;
	if (changed && doc == &planning->model->config)
		hs_plan_take(plan, PHASE_HTTPS, path, 0644, before, &text,
			     reason);
	else if (changed)
		hs_plan_write(plan, PHASE_HTTPS, path, 0644, before, &text,
			      reason);
	return 0;
}

int hs_iis_plan_files(struct iis_planning *planning, const char *reason,
		      struct plan *plan, struct error *err)
{
	const struct iis_web *web = &planning->web;

	if (plan_file(planning, planning->edits, &planning->model->config, true,
		      reason, plan, err))
		return -1;
	if (planning->web_edits &&
	    plan_file(planning, planning->web_edits, &web->doc, web->exists,
		      N_("rewrite rules of the site"), plan, err))
		return -1;
	return hs_iis_plan_script(planning->job, &planning->change, plan, err);
}

static void add_notes(const struct iis_planning *planning, struct plan *plan)
{
	const struct iis_change *change = &planning->change;

	hs_plan_note(plan,
		     "the files are edited here; the certificate, http.sys and "
		     "the firewall are set up on Windows by the script in the "
		     "plan, which ends with a probe of HTTPS");
	if (change->hsts && planning->settings->hsts_enabled)
		hs_plan_note(plan,
			     "HSTS is in the files at once: browsers take it "
			     "only from a connection whose certificate they "
			     "trust, so it cannot count before HTTPS works");
	if (change->requires_ssl && !change->redirects &&
	    planning->settings->bindings_mode == BINDINGS_BOTH)
		hs_plan_note(plan,
			     "SSL is required and nothing redirects: requests "
			     "over HTTP end in error 403.4");
}

static void plan_access(struct iis_planning *planning)
{
	const struct settings *settings = planning->settings;

	planning->change.requires_ssl = hs_ssl_is_required(settings);
	hs_iis_plan_places(planning, true);
	if (settings->iis.require_ssl || is_asked(settings, "iis.require-ssl"))
		hs_iis_plan_access(planning, NULL, settings->iis.require_ssl);
}

/* "bindings, HSTS of the site" */
static void give_reason(const struct iis_planning *planning,
			struct str *ret_reason)
{
	const struct settings *settings = planning->settings;
	hs_auto_str struct str words = {0};
	const struct {
		bool there;
		const char *word;
	} rows[] = {
		{planning->change.added.n || planning->change.removed.n,
		 N_("bindings")},
		{is_asked(settings, "hsts.enabled"), "HSTS"},
		{planning->native_redirect, N_("redirect")},
		{is_asked(settings, "iis.require-ssl"), N_("Require SSL")},
	};

	for (size_t i = 0; i < HS_LENGTH(rows); i++)
		if (rows[i].there)
			hs_str_printf(&words, "%s%s", words.len ? ", " : "",
				      _(rows[i].word));
	if (words.len)
		hs_str_printf(ret_reason, _("%s of the site"),
			      hs_str_text(&words));
	else
		hs_str_puts(ret_reason, _("of the site"));
}

int hs_iis_plan(const struct server_job *job, struct plan *plan,
		struct error *err)
{
	hs_auto_iis_planning struct iis_planning planning = {0};
	hs_auto_str struct str reason = {0};

	if (hs_iis_planning_init(job, IIS_ENABLE, &planning, err) ||
	    hs_iis_plan_bindings(&planning, err) ||
	    hs_iis_plan_hsts(&planning, err) ||
	    hs_iis_plan_redirect(&planning, err))
		return -1;
	plan_access(&planning);
	give_reason(&planning, &reason);
	if (hs_iis_plan_files(&planning, hs_str_text(&reason), plan, err))
		return -1;
	if (!hs_plan_is_empty(plan))
		add_notes(&planning, plan);
	return 0;
}
