/* Taking HTTPS off a site of IIS again, and renewing its certificate. */
#include <string.h>

#include "core/server/iis/plan.h"

/* HTTP comes back with the addresses and names that HTTPS had. */
static void restore_http(struct iis_planning *planning)
{
	int port = planning->settings->http_port;

	HS_EACH(binding, &planning->change.https) {
		struct iis_binding http;
		bool v6 = *binding->address == '[';
		hs_auto_free char *bare =
			hs_strndup(binding->address + v6,
				   strlen(binding->address) - (v6 ? 2 : 0));

		hs_iis_binding_make(false, bare, port, binding->host, &http);
		hs_iis_add_binding(planning, &http);
		hs_iis_binding_done(&http);
	}
}

static void remove_bindings(struct iis_planning *planning)
{
	bool http = false;

	HS_EACH(binding, &planning->bindings) {
		http |= binding->web && !binding->ssl;
		if (!binding->web || !binding->ssl)
			continue;
		hs_iis_remove_binding(planning, binding);
		hs_iis_binding_copy(binding, HS_GROW(&planning->change.https));
	}
	if (!http)
		restore_http(planning);
}

int hs_iis_disable(const struct server_job *job, struct plan *plan,
		   struct error *err)
{
	hs_auto_iis_planning struct iis_planning planning = {0};

	if (job->facts->site && !job->facts->site->https)
		return 0;
	if (hs_iis_planning_init(job, IIS_DISABLE, &planning, err))
		return -1;
	remove_bindings(&planning);
	if (hs_iis_remove_hsts(&planning, err) ||
	    hs_iis_remove_redirect(&planning, err) ||
	    hs_iis_check_dead_end(&planning, err))
		return -1;
	hs_iis_plan_access(&planning, NULL, false);
	hs_iis_plan_places(&planning, false);
	if (job->facts->site->hsts)
		hs_plan_note(plan, "browsers that have seen HSTS go on "
				   "asking for HTTPS until its max-age has "
				   "passed");
	return hs_iis_plan_files(&planning, "no HTTPS any more", plan, err);
}

/* The https bindings of other sites that the new certificate covers too. */
static void add_covered(struct iis_planning *planning, const struct site *site)
{
	const struct certificate *leaf =
		hs_bundle_leaf(&planning->job->facts->bundle);

	HS_EACH(listen, &site->listens) {
		if (listen->ssl && listen->host && listen->sni && leaf &&
		    hs_certificate_matches(leaf, listen->host) !=
			    CERT_MATCH_NONE)
			hs_iis_binding_make(true, listen->address, listen->port,
					    listen->host,
					    HS_GROW(&planning->change.https));
	}
}

int hs_iis_renew(const struct server_job *job, struct plan *plan,
		 struct error *err)
{
	hs_auto_iis_planning struct iis_planning planning = {0};

	if (hs_iis_planning_init(job, IIS_RENEW, &planning, err))
		return -1;
	HS_EACH(binding, &planning.bindings)
		if (binding->web && binding->ssl)
			hs_iis_binding_copy(binding,
					    HS_GROW(&planning.change.https));
	HS_EACH(site, &planning.server->sites)
		if (site != planning.site)
			add_covered(&planning, site);
	if (planning.change.https.n)
		return hs_iis_plan_files(&planning, "the new certificate", plan,
					 err);
	hs_fail(err, HS_CANNOT,
		"no site here has an HTTPS binding whose name "
		"this certificate covers");
	hs_error_hint(err, "install it first: https-setup apply --cert FILE "
			   "--name NAME");
	return -1;
}
