/*
 * Certero Management Platform: the bindings of its tenant are those of its
 * site in IIS, which the server plans.  What is Certero's own (the tenant in
 * Certero Provisioning, Endpoint Servers, their config.ini) is kept by its
 * programs and not described anywhere: nothing of it is written here, people
 * do it, in the order of the guide "How to configure Certero to use HTTPS".
 */
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/windows.h"
#include "core/product/products.h"
#include "core/settings/products/certero.h"

/* Finding it */

static const char *const folders[] = {
	"/Program Files/Certero",
	"/Program Files (x86)/Certero",
};

static char *find_folder(const struct root *root)
{
	for (size_t i = 0; i < HS_LENGTH(folders); i++) {
		char *path = hs_windows_find(root, folders[i]);
		struct stat st;

		if (path && !hs_root_stat(root, path, &st))
			return path;
		free(path);
	}
	return NULL;
}

/* That of Certero Provisioning is set up in IIS Manager alone. */
static bool is_tenant(const struct site *site)
{
	return strcasestr(site->id, "certero") &&
	       !strcasestr(site->id, "provisioning");
}

/* The tenant's site, where its name gives it away; *ret_count of them. */
static const struct site *find_site(const struct facts *facts, int *ret_count)
{
	const struct site *found = NULL;

	*ret_count = 0;
	HS_EACH(server, &facts->servers)
		HS_EACH(site, &server->sites)
			if (!strcmp(server->id, "iis") && is_tenant(site) &&
			    !(*ret_count)++)
				found = site;
	return found;
}

static int detect(const struct root *root, const struct facts *facts,
		  struct product_facts *ret_facts, struct error *err)
{
	static const char *const stages[] = {
		[CERTERO_HTTP] = "HTTP",
		[CERTERO_BOTH] = "HTTP + HTTPS",
		[CERTERO_HTTPS] = "HTTPS",
	};
	int count;
	const struct site *site = find_site(facts, &count);
	char *folder = find_folder(root);

	(void)err;
	if (!folder && !site)
		return 0;
	*ret_facts = (struct product_facts){
		.id = "certero",
		.title = "Certero Management Platform",
		.path = folder,
		/* Of several tenants, people choose. */
		.site = count == 1 ? hs_strdup(site->id) : NULL,
	};
	if (site) {
		hs_auto_free char *seen =
			hs_format(_("the site \"%s\" has the bindings %s"),
				  site->id, stages[hs_certero_stage(site)]);

		hs_strings_add(&ret_facts->seen, seen);
	}
	return 0;
}

/* Steps for people */

/* What a step is about. */
struct listing {
	const struct settings *settings;
	enum certero_stage now, then;
	struct plan *plan;
};

static const char *const words[] = {
	[CERTERO_HTTP] = "HTTP",
	[CERTERO_BOTH] = "HTTP + HTTPS",
	[CERTERO_HTTPS] = "HTTPS",
};

static void check_tenant_name(const struct listing *listing)
{
	hs_plan_task(listing->plan, TASK_BEFORE,
		     N_("clients are given this name, and the certificate is "
			"checked against it"),
		     "in Certero Provisioning, Tenants > Configure > Website, "
		     "check that Hostname is %s, and Save if it was changed: "
		     "that sets the Endpoint Server of this machine too",
		     listing->settings->name);
}

static void check_endpoint_names(const struct listing *listing)
{
	hs_plan_task(listing->plan, TASK_BEFORE,
		     N_("every reference to an Endpoint Server must be by its "
			"fully qualified name"),
		     "in Administration > Endpoint Servers, open the "
		     "properties of each, and make Hostname on the tab "
		     "Details its fully qualified name");
}

static void import_certificate(const struct listing *listing)
{
	hs_plan_task(listing->plan, TASK_BEFORE,
		     N_("Certero Provisioning chooses among those it knows"),
		     "import the certificate for %s in Certero Provisioning, "
		     "menu Certificates",
		     listing->settings->name);
}

static void set_tenant_bindings(const struct listing *listing)
{
	hs_plan_task(listing->plan, TASK_AFTER,
		     N_("it writes the bindings of IIS anew when the tenant is "
			"saved, and gives clients their addresses"),
		     "in Certero Provisioning, Tenants > Configure > Website, "
		     "choose %s under IIS Bindings, the certificate under SSL "
		     "Certificate, and Save",
		     words[listing->then]);
}

static void wait_for_clients(const struct listing *listing)
{
	if (listing->then == CERTERO_BOTH)
		hs_plan_task(
			listing->plan, TASK_AFTER,
			N_("they learn of HTTPS over HTTP; one that missed "
			   "it cannot be reached afterwards"),
			"leave HTTP + HTTPS until every client has its "
			"updated config.ini from its Endpoint Server, "
			"then apply again with --bindings https");
}

static void open_it(const struct listing *listing)
{
	hs_plan_task(listing->plan, TASK_AFTER,
		     N_("that is the new address of the platform"),
		     "open https://%s/ and log in", listing->settings->name);
}

/* Versions before 8.4 have a tool of their own. */
static void set_old_endpoints(const struct listing *listing)
{
	hs_plan_task(
		listing->plan, TASK_AFTER,
		N_("a tenant and its Endpoint Servers must be changed alike"),
		"on each stand-alone Endpoint Server before 8.4: run "
		"Endpoint Server Configuration Tool as administrator, "
		"choose HTTPS, port %d, Test, Apply, OK",
		listing->settings->https_port);
}

static void set_new_endpoints(const struct listing *listing)
{
	hs_plan_task(
		listing->plan, TASK_AFTER,
		N_("a tenant and its Endpoint Servers must be changed alike"),
		"on each stand-alone Endpoint Server of 8.4 or later: "
		"import a certificate for its own name, and give its "
		"site in IIS Manager the bindings %s",
		words[listing->then]);
}

static void list_endpoints(const struct listing *listing)
{
	static void (*const lists[])(const struct listing *listing) = {
		[CERTERO_BEFORE_8_4] = set_old_endpoints,
		[CERTERO_FROM_8_4] = set_new_endpoints,
	};
	const struct certero_settings *certero = &listing->settings->certero;

	if (certero->endpoints == CERTERO_NO_ENDPOINTS)
		return;
	lists[certero->endpoints](listing);
	HS_EACH(name, &certero->endpoint_servers)
		hs_plan_task(listing->plan, TASK_AFTER,
			     N_("each has a certificate of its own"),
			     "check https://%s/ of that Endpoint Server",
			     *name);
}

static void look_at_provisioning(const struct listing *listing)
{
	hs_plan_task(listing->plan, TASK_AFTER,
		     N_("it came with a self-signed one when it was installed"),
		     "the site of Certero Provisioning itself has a "
		     "certificate of its own: renew it in IIS Manager; it "
		     "need not be imported in the menu Certificates");
}

static void (*const steps[])(const struct listing *listing) = {
	check_tenant_name,
	check_endpoint_names,
	import_certificate,
	set_tenant_bindings,
	list_endpoints,
	wait_for_clients,
	open_it,
	look_at_provisioning,
};

static int plan_steps(const struct root *root, const struct facts *facts,
		      const struct settings *settings, struct plan *plan,
		      struct error *err)
{
	const struct listing listing = {
		.settings = settings,
		.now = hs_certero_stage(facts->site),
		.then = settings->bindings_mode == BINDINGS_HTTPS
				? CERTERO_HTTPS
				: CERTERO_BOTH,
		.plan = plan,
	};

	(void)root;
	(void)err;
	for (size_t i = 0; i < HS_LENGTH(steps); i++)
		steps[i](&listing);
	hs_plan_note(plan,
		     "Certero: the way is HTTP, then HTTP + HTTPS, then "
		     "HTTPS; the site has %s now, and will have %s",
		     words[listing.now], words[listing.then]);
	return 0;
}

/* The way back is the same way: clients learn http:// over https://. */
static int plan_back(const struct root *root, const struct facts *facts,
		     const struct settings *settings, struct plan *plan,
		     struct error *err)
{
	(void)root;
	(void)settings;
	(void)err;
	if (hs_certero_stage(facts->site) == CERTERO_HTTPS)
		hs_plan_task(
			plan, TASK_BEFORE,
			N_("clients know https:// alone and would be cut off"),
			"serve HTTP + HTTPS first, until every client "
			"has fetched its config.ini again");
	hs_plan_task(plan, TASK_AFTER,
		     N_("it writes the bindings of IIS anew when the tenant is "
			"saved"),
		     "in Certero Provisioning, Tenants > Configure > Website, "
		     "choose HTTP under IIS Bindings and Save; change every "
		     "stand-alone Endpoint Server alike");
	return 0;
}

const struct product_ops hs_product_certero = {
	.id = "certero",
	.title = "Certero Management Platform",
	.detect = detect,
	.plan = plan_steps,
	.disable = plan_back,
};
