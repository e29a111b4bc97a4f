/* Rules of ArcGIS Server alone. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/settings/products/arcgis.h"
#include "core/settings/rules/tables.h"
#include "core/settings/sites.h"
#include "core/settings/ssl_places.h"

#define GUIDE "ArcGIS Server 9.3: setting up SSL"
#define SECURITY "ArcGIS Server: security/config of the Administrator Directory"

const struct arcgis_facts *hs_arcgis_facts(const struct facts *facts)
{
	const struct product_facts *product = hs_facts_product(facts, "arcgis");

	return product ? product->model : NULL;
}

void hs_arcgis_facts_free(void *model)
{
	struct arcgis_facts *found = model;

	HS_EACH(instance, &found->instances)
		free(instance->config);
	HS_ARRAY_FREE(&found->instances);
	free(found);
}

static bool is_chosen(const struct judged *judged)
{
	return hs_product_is(judged->settings, "arcgis");
}

static bool wants_https(const struct settings *settings)
{
	return settings->bindings_mode != BINDINGS_HTTP;
}

static bool is_newer(const struct judged *judged, struct str *detail,
		     char **where)
{
	const struct arcgis_facts *found = hs_arcgis_facts(judged->facts);

	(void)detail, (void)where;
	return found && found->newer;
}

static bool is_nowhere(const struct judged *judged, struct str *detail,
		       char **where)
{
	const struct arcgis_facts *found = hs_arcgis_facts(judged->facts);

	(void)detail, (void)where;
	return !judged->settings->arcgis.instance &&
	       (!found || (!found->newer && !found->instances.n));
}

/* Requests over HTTP end in an error, not in a redirect. */
static bool sends_nobody_on(const struct judged *judged, struct str *detail,
			    char **where)
{
	const struct settings *settings = judged->settings;

	(void)detail, (void)where;
	return settings->bindings_mode == BINDINGS_BOTH &&
	       !settings->redirect_enabled && hs_ssl_is_required(settings);
}

static bool has_other_port(const struct judged *judged, struct str *detail,
			   char **where)
{
	const struct arcgis_facts *found = hs_arcgis_facts(judged->facts);
	int port = judged->settings->https_port;

	if (!found || !wants_https(judged->settings))
		return false;
	HS_EACH(instance, &found->instances) {
		if (instance->port == port || (!instance->port && port == 443))
			continue;
		hs_str_printf(detail,
			      _("the SSL port of its security changes from %d "
				"to %d: with token security, the security "
				"wizard of ArcGIS Server Manager must be gone "
				"through again"),
			      instance->port ? instance->port : 443, port);
		*where = instance->line ? hs_format("%s:%d", instance->config,
						    instance->line)
					: hs_strdup(instance->config);
		return true;
	}
	return false;
}

static bool is_self_signed(const struct judged *judged, struct str *detail,
			   char **where)
{
	const struct certificate *leaf = hs_bundle_leaf(&judged->facts->bundle);

	(void)detail, (void)where;
	return leaf && leaf->self_signed;
}

static const struct rule rules[] = {
	{"arcgis.other-product", SEVERITY_WARNING, "product",
	 N_("this is ArcGIS Server 10.1 or later, another product than 9.3 and "
	    "10.0: it has a web server of its own, and no SSLPort in a "
	    "web.config"),
	 N_("set HTTPS up here for the Web Adaptor's site in IIS alone; for "
	    "the server itself, choose its certificate and its protocol in the "
	    "Administrator Directory (https://SERVER:6443/arcgis/admin, "
	    "security > config)"),
	 SECURITY, is_newer},
	{"arcgis.not-found", SEVERITY_WARNING, "arcgis.instance",
	 N_("no instance of ArcGIS Server was found below the sites of IIS"),
	 N_("name its folder (--arcgis-instance)"), GUIDE, is_nowhere},
	{"arcgis.not-redirected", SEVERITY_WARNING, "redirect.enabled",
	 N_("where SSL is required, requests over http:// end in an error: "
	    "nobody is sent on to https:// by itself"),
	 N_("choose the redirect (--redirect), or tell everybody the new "
	    "addresses"),
	 GUIDE, sends_nobody_on},
	{"arcgis.port-changes", SEVERITY_INFO, "bindings.https-port",
	 N_("the SSL port changes: with token security, the security wizard of "
	    "ArcGIS Server Manager must be gone through again"),
	 N_("go through that wizard after the script has run"), GUIDE,
	 has_other_port},
	{"arcgis.self-signed", SEVERITY_WARNING, "certificate.file",
	 N_("a self-signed certificate is for development and tests: clients "
	    "warn, and Web ADF applications on other machines do not work with "
	    "it until they have it"),
	 N_("install the .cer file that is written beside the scripts on every "
	    "client, or use a certificate of a CA"),
	 GUIDE, is_self_signed},
};

const struct rule_table hs_rules_arcgis = {
	.subject = "arcgis",
	.rules = rules,
	.count = HS_LENGTH(rules),
	.applies = is_chosen,
};
