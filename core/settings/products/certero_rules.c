/* Rules of Certero alone; binding.skips-transition stands with those about
 * bindings, what is taken more seriously in core/settings/rules/policies.c. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/settings/host_name.h"
#include "core/settings/products/certero.h"
#include "core/settings/rules/tables.h"
#include "core/settings/sites.h"

#define GUIDE "How to configure Certero to use HTTPS"

enum certero_stage hs_certero_stage(const struct site *site)
{
	if (!site || !hs_site_listen(site, true, 0))
		return CERTERO_HTTP;
	return hs_site_listen(site, false, 0) ? CERTERO_BOTH : CERTERO_HTTPS;
}

static bool is_chosen(const struct judged *judged)
{
	return hs_product_is(judged->settings, "certero");
}

/* HTTP goes away, and people have not said that every client is ready. */
static bool clients_may_be_lost(const struct judged *judged, struct str *detail,
				char **where)
{
	const struct settings *settings = judged->settings;

	(void)detail, (void)where;
	return settings->bindings_mode == BINDINGS_HTTPS &&
	       !settings->certero.clients_updated &&
	       hs_certero_stage(judged->facts->site) == CERTERO_BOTH;
}

static bool endpoint_is_short(const struct judged *judged, struct str *detail,
			      char **where)
{
	(void)where;
	HS_EACH(name, &judged->settings->certero.endpoint_servers) {
		if (strchr(*name, '.') && !hs_host_name_is_ip(*name))
			continue;
		hs_str_printf(detail,
			      _("%s is no fully qualified name: clients could "
				"not check the certificate of that Endpoint "
				"Server"),
			      *name);
		return true;
	}
	return false;
}

static bool endpoints_are_unknown(const struct judged *judged,
				  struct str *detail, char **where)
{
	const struct certero_settings *certero = &judged->settings->certero;

	(void)detail, (void)where;
	return certero->endpoints != CERTERO_NO_ENDPOINTS &&
	       !certero->endpoint_servers.n;
}

static bool version_is_unknown(const struct judged *judged, struct str *detail,
			       char **where)
{
	const struct certero_settings *certero = &judged->settings->certero;

	(void)detail, (void)where;
	return certero->endpoints == CERTERO_NO_ENDPOINTS &&
	       certero->endpoint_servers.n;
}

static bool name_is_address(const struct judged *judged, struct str *detail,
			    char **where)
{
	const char *name = judged->settings->name;

	(void)detail, (void)where;
	return name && hs_host_name_is_ip(name);
}

static const struct rule rules[] = {
	{"certero.name-is-address", SEVERITY_ERROR, "name",
	 N_("servers of Certero must be known by their full names, not by "
	    "addresses"),
	 N_("give the fully qualified name of the application server"), GUIDE,
	 name_is_address},
	{"certero.clients-not-updated", SEVERITY_WARNING,
	 "certero.clients-updated",
	 N_("clients that have not fetched the new address yet are cut off "
	    "when HTTP goes"),
	 N_("wait until each client has its new config.ini, then say so "
	    "(--certero-clients-updated)"),
	 GUIDE, clients_may_be_lost},
	{"certero.endpoint-not-fqdn", SEVERITY_ERROR,
	 "certero.endpoint-servers", N_("an Endpoint Server has no full name"),
	 N_("change its Hostname in Administration > Endpoint Servers, and "
	    "give that name"),
	 GUIDE, endpoint_is_short},
	{"certero.endpoints-unnamed", SEVERITY_INFO, "certero.endpoint-servers",
	 N_("the stand-alone Endpoint Servers are not named, so their names "
	    "are not checked"),
	 N_("name each of them"), GUIDE, endpoints_are_unknown},
	{"certero.endpoint-version", SEVERITY_WARNING, "certero.endpoints",
	 N_("Endpoint Servers are named, and not how old they are"),
	 N_("say before-8.4 or from-8.4: they are set up in different ways"),
	 GUIDE, version_is_unknown},
};

const struct rule_table hs_rules_certero = {
	.subject = "certero",
	.rules = rules,
	.count = HS_LENGTH(rules),
	.applies = is_chosen,
};
