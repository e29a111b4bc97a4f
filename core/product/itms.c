/*
 * Symantec IT Management Suite (Altiris): its sites are those of IIS, which
 * the server plans, Require SSL included.  What agents, site servers and the
 * platform itself are told is kept in its database and set in its console:
 * people do it, in the order of the guide "How to run ITMS on HTTPS".
 */
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/windows.h"
#include "core/product/products.h"
#include "core/server/iis/model.h"
#include "core/settings/products/itms.h"

#define SERVER_FOLDER "/Program Files/Altiris/Notification Server"
#define AGENT_FOLDER "/Program Files/Altiris/Altiris Agent"
#define SITES_MAX 200

/* Finding it */

static bool starts_with(const char *path, const char *start)
{
	size_t length = strlen(start);

	return !strncasecmp(path, start, length) &&
	       (!path[length] || path[length] == '/');
}

static void look_at_site(const struct xml_doc *doc, int32_t site,
			 struct itms_facts *found)
{
	for (int32_t a = hs_xml_child(doc, site, "application"); a != XML_NONE;
	     a = hs_xml_next(doc, a, "application")) {
		hs_auto_free char *path = hs_xml_attr(doc, a, "path");

		if (!path || !starts_with(path, "/Altiris"))
			continue;
		found->server |= starts_with(path, "/Altiris/NS");
		found->site_server |= !starts_with(path, "/Altiris/NS");
	}
}

static void look_at_sites(const struct facts *facts, struct itms_facts *found)
{
	HS_EACH(server, &facts->servers) {
		const struct iis_model *model = server->model;

		if (strcmp(server->id, "iis"))
			continue;
		for (size_t i = 0; i < server->sites.n && i < SITES_MAX; i++)
			look_at_site(&model->config,
				     (int32_t)server->sites.items[i].http_block,
				     found);
	}
}

static int detect(const struct root *root, const struct facts *facts,
		  struct product_facts *ret_facts, struct error *err)
{
	hs_auto_free char *folder = hs_windows_find(root, SERVER_FOLDER);
	struct itms_facts found = {
		.server = folder && hs_windows_exists(root, folder),
	};
	struct itms_facts *model;

	(void)err;
	look_at_sites(facts, &found);
	found.site_server &= !found.server;
	if (!found.server && !found.site_server)
		return 0;
	model = hs_alloc(sizeof(*model));
	*model = found;
	*ret_facts = (struct product_facts){
		.id = hs_product_itms.id,
		.title = hs_product_itms.title,
		.path = hs_windows_find(root, found.server ? SERVER_FOLDER
							   : AGENT_FOLDER),
		.model = model,
		.model_free = free,
	};
	hs_strings_add(&ret_facts->seen,
		       found.server ? _("this is the Notification Server")
				    : _("this is a site server"));
	return 0;
}

/* Steps for people */

struct listing {
	const struct settings *settings;
	const struct bundle *bundle;
	bool server; /* of the Notification Server, not of a site server */
	struct plan *plan;
};

/* Before all else: nobody talks to a certificate that he does not trust. */
static void list_trust(const struct listing *listing)
{
	static const char *const what[] = {
		[ITMS_COMMERCIAL] = NULL,
		[ITMS_OWN] = N_("the root certificate of your own CA"),
		[ITMS_SELF_SIGNED] =
			N_("this self-signed certificate (as .cer, "
			   "without its key)"),
	};
	const char *wanted = what[hs_itms_issuer(listing->bundle)];

	if (!wanted)
		return;
	hs_plan_task(
		listing->plan, TASK_BEFORE,
		N_("the platform takes only a certificate whose issuer the "
		   "Notification Server trusts, and agents likewise"),
		"put %s into Trusted Root Certification Authorities of "
		"the computer: on the Notification Server, on every site "
		"server and, by group policy, on all clients",
		_(wanted));
}

static void list_console(const struct listing *listing)
{
	if (!listing->server)
		return;
	hs_plan_task(listing->plan, TASK_AFTER,
		     N_("agents take the address of the server from it"),
		     "in the Symantec Management Console, give the agent "
		     "communication profile of the Notification Server HTTPS, "
		     "%s and port %d",
		     listing->settings->name, listing->settings->https_port);
	hs_plan_task(listing->plan, TASK_AFTER,
		     N_("they fetch their settings over the old address first"),
		     "there, in Targeted Agent Settings, let agents reach the "
		     "Notification Server by https://%s, and wait until all "
		     "of them have fetched it",
		     listing->settings->name);
}

static void list_agents(const struct listing *listing)
{
	hs_plan_task(
		listing->plan, TASK_AFTER,
		N_("a client without the issuer's certificate goes silent"),
		"on some clients, open Symantec Management Agent "
		"Settings: the server must be shown with https://, and "
		"Send and Update must work");
	if (listing->settings->bindings_mode == BINDINGS_BOTH)
		hs_plan_task(listing->plan, TASK_AFTER,
			     N_("HTTP was only for the way"),
			     "when every agent has changed, apply again with "
			     "--bindings https: /Altiris requires SSL then");
}

static void list_site_servers(const struct listing *listing)
{
	HS_EACH(name, &listing->settings->itms.site_servers) {
		hs_plan_task(
			listing->plan, TASK_AFTER,
			N_("clients check the certificate of a site server "
			   "against its own full name"),
			"on the site server %s, install a certificate "
			"for that name, from an issuer that clients "
			"trust, and give its Default Web Site an HTTPS "
			"binding with it",
			*name);
	}
	if (listing->settings->itms.site_servers.n)
		hs_plan_task(
			listing->plan, TASK_AFTER,
			N_("clients fetch packages from the addresses that "
			   "a package server publishes"),
			"in the console, under Site Server Settings, let "
			"package servers publish HTTPS codebases, then "
			"let them refresh their packages");
}

static void list_console_access(const struct listing *listing)
{
	if (listing->server)
		hs_plan_task(listing->plan, TASK_AFTER,
			     N_("bookmarks and scripts still say http://"),
			     "open https://%s/Altiris/Console and log in",
			     listing->settings->name);
}

static void (*const steps[])(const struct listing *listing) = {
	list_trust,  list_console,	  list_site_servers,
	list_agents, list_console_access,
};

static int plan_steps(const struct root *root, const struct facts *facts,
		      const struct settings *settings, struct plan *plan,
		      struct error *err)
{
	const struct itms_facts *found = hs_itms_facts(facts);
	const struct listing listing = {
		.settings = settings,
		.bundle = &facts->bundle,
		.server = !found || found->server,
		.plan = plan,
	};

	(void)root;
	(void)err;
	if (settings->bindings_mode == BINDINGS_HTTP ||
	    !hs_bundle_leaf(&facts->bundle))
		return 0;
	for (size_t i = 0; i < HS_LENGTH(steps); i++)
		steps[i](&listing);
	return 0;
}

static int plan_back(const struct root *root, const struct facts *facts,
		     const struct settings *settings, struct plan *plan,
		     struct error *err)
{
	(void)root;
	(void)facts;
	(void)settings;
	(void)err;
	hs_plan_task(plan, TASK_BEFORE,
		     N_("agents that know https:// alone would be cut off"),
		     "in the console, set the communication profile of the "
		     "Notification Server and Targeted Agent Settings back to "
		     "HTTP, publish HTTP codebases of package servers, and "
		     "wait until every agent has fetched it");
	return 0;
}

const struct product_ops hs_product_itms = {
	.id = "itms",
	.title = "IT Management Suite",
	.detect = detect,
	.plan = plan_steps,
	.disable = plan_back,
};
