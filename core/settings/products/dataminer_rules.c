/* Rules of DataMiner alone; what it takes more seriously than everybody does
 * stands in core/settings/rules/policies.c. */
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/settings/products/dataminer.h"
#include "core/settings/rules/tables.h"
#include "core/settings/sites.h"

#define GUIDE "DataMiner: Setting up HTTPS on a DMA"
#define GRPC "DataMiner: Verify gRPC connection (upgrade prerequisite)"

const struct dataminer_facts *hs_dataminer_facts(const struct facts *facts)
{
	const struct product_facts *product =
		hs_facts_product(facts, "dataminer");

	return product ? product->model : NULL;
}

void hs_dataminer_facts_free(void *model)
{
	struct dataminer_facts *found = model;

	if (!found)
		return;
	free(found->settings);
	free(found->name);
	free(found->dms);
	hs_strings_done(&found->agents);
	HS_EACH(redirect, &found->redirects) {
		free(redirect->to);
		free(redirect->via);
	}
	HS_ARRAY_FREE(&found->redirects);
	free(found->connections);
	free(found);
}

const char *hs_dataminer_name(const struct settings *settings)
{
	const char *own = settings->dataminer.name;

	return own && *own ? own : settings->name;
}

static bool is_chosen(const struct judged *judged)
{
	return hs_product_is(judged->settings, "dataminer");
}

static const struct dataminer_facts *found_of(const struct judged *judged)
{
	return hs_dataminer_facts(judged->facts);
}

static bool is_missing(const struct judged *judged, struct str *detail,
		       char **where)
{
	(void)detail, (void)where;
	return !hs_facts_product(judged->facts, "dataminer");
}

/* The own name alone: that of the site is judged by the rules about names. */
static const char *own_name(const struct judged *judged)
{
	const char *name = judged->settings->dataminer.name;
	const char *site = judged->settings->name;

	return name && *name && (!site || strcmp(name, site)) ? name : NULL;
}

static bool own_name_is_not_in_certificate(const struct judged *judged,
					   struct str *detail, char **where)
{
	const struct certificate *leaf = hs_bundle_leaf(&judged->facts->bundle);
	const char *name = own_name(judged);

	(void)where;
	if (!leaf || !name || strchr(name, '*') ||
	    hs_certificate_matches(leaf, name) != CERT_MATCH_NONE)
		return false;
	hs_str_printf(detail,
		      _("the certificate is not for this agent's own "
			"name, %s"),
		      name);
	return true;
}

static bool own_name_is_a_mask(const struct judged *judged, struct str *detail,
			       char **where)
{
	const char *name = own_name(judged);

	(void)where;
	if (!name || !strchr(name, '*'))
		return false;
	hs_str_printf(detail, _("\"%s\" stands for many agents"), name);
	return true;
}

static bool name_is_shared(const struct judged *judged, struct str *detail,
			   char **where)
{
	const struct settings *settings = judged->settings;
	const char *name = hs_dataminer_name(settings);

	(void)where;
	if (!name || !hs_strings_has(&settings->dataminer.failover_names, name))
		return false;
	hs_str_printf(
		detail,
		_("%s is what both agents of the Failover pair answer to; "
		  "the name in MaintenanceSettings.xml must be that of "
		  "this agent alone"),
		name);
	return true;
}

static bool has_partner(const struct judged *judged, struct str *detail,
			char **where)
{
	(void)detail, (void)where;
	return judged->settings->dataminer.failover_names.n > 0;
}

/* The name there is now goes away. */
static bool name_is_replaced(const struct judged *judged, struct str *detail,
			     char **where)
{
	const struct dataminer_facts *found = found_of(judged);
	const char *name = hs_dataminer_name(judged->settings);

	if (!found || !found->name || !name || !strcasecmp(found->name, name))
		return false;
	hs_str_printf(detail, _("the name there is now, \"%s\", becomes %s"),
		      found->name, name);
	*where = hs_format("%s:%d", found->settings, found->line);
	return true;
}

/* How many redirects would still block an upgrade, and the first of them. */
static size_t count_blocking(const struct judged *judged,
			     const struct dataminer_redirect **ret_first)
{
	const struct dataminer_facts *found = found_of(judged);
	size_t count = 0;

	if (!found)
		return 0;
	HS_EACH(redirect, &found->redirects) {
		hs_auto_free char *via =
			hs_dataminer_uri_new(redirect, judged->settings);

		if (!hs_dataminer_uri_blocks(via ? via : redirect->via))
			continue;
		if (!count++)
			*ret_first = redirect;
	}
	return count;
}

static bool uris_block_upgrades(const struct judged *judged, struct str *detail,
				char **where)
{
	const struct dataminer_redirect *first = NULL;
	size_t count = count_blocking(judged, &first);

	if (!count)
		return false;
	hs_str_printf(
		detail,
		count > 1 ? _("the connection to %s goes by %s, and others: "
			      "DataMiner 10.5.10 and later refuse to be "
			      "installed over this")
			  : _("the connection to %s goes by %s: DataMiner "
			      "10.5.10 and later refuse to be installed over "
			      "this"),
		first->to, first->via);
	*where = hs_format("%s:%d", found_of(judged)->dms, first->line);
	return true;
}

static bool uris_become_auto(const struct judged *judged, struct str *detail,
			     char **where)
{
	(void)detail, (void)where;
	return judged->settings->dataminer.connection_uris ==
	       DATAMINER_AUTO_HTTPS;
}

static bool connections_hold_up(const struct judged *judged, struct str *detail,
				char **where)
{
	const struct dataminer_facts *found = found_of(judged);

	if (!found || !found->connections_line)
		return false;
	hs_str_puts(detail, _(found->connections_problem));
	*where =
		hs_format("%s:%d", found->connections, found->connections_line);
	return true;
}

static bool is_redirected(const struct dataminer_facts *found,
			  const char *agent)
{
	HS_EACH(redirect, &found->redirects)
		if (!strcasecmp(redirect->to, agent) ||
		    !strcmp(redirect->to, "*"))
			return true;
	return false;
}

/* Agents of other machines find this one by trying HTTP first. */
static bool detection_may_fail(const struct judged *judged, struct str *detail,
			       char **where)
{
	const struct dataminer_facts *found = found_of(judged);

	if (!found || judged->settings->bindings_mode != BINDINGS_HTTPS ||
	    found->agents.n < 2)
		return false;
	HS_EACH(agent, &found->agents) {
		if (is_redirected(found, *agent))
			continue;
		hs_str_printf(detail,
			      _("with HTTPS alone, the agents may fail to "
				"detect how to connect to each other: DMS.xml "
				"does not say it for %s"),
			      *agent);
		*where = hs_strdup(found->dms);
		return true;
	}
	return false;
}

static bool http_stays(const struct judged *judged, struct str *detail,
		       char **where)
{
	(void)detail, (void)where;
	return judged->settings->bindings_mode == BINDINGS_BOTH &&
	       !judged->settings->redirect_enabled;
}

static bool has_no_hsts(const struct judged *judged, struct str *detail,
			char **where)
{
	(void)detail, (void)where;
	return judged->settings->bindings_mode != BINDINGS_HTTP &&
	       !judged->settings->hsts_enabled;
}

static bool port_is_another(const struct judged *judged, struct str *detail,
			    char **where)
{
	int port = judged->settings->https_port;

	(void)where;
	if (port == 443 || judged->settings->bindings_mode == BINDINGS_HTTP)
		return false;
	hs_str_printf(detail,
		      _("HTTPS on port %d: the API gateway and the web "
			"applications expect 443"),
		      port);
	return true;
}

static const struct rule rules[] = {
	{"dataminer.not-found", SEVERITY_WARNING, "product",
	 N_("no folder \"Skyline DataMiner\" was found: only its rules are "
	    "applied"),
	 N_("name the system drive of the agent with --root"), GUIDE,
	 is_missing},
	/* found out while looking */
	{"dataminer.settings-missing", SEVERITY_ERROR, "product",
	 N_("there is no MaintenanceSettings.xml to put the name into"),
	 N_("start DataMiner once, so that it makes one"), GUIDE, NULL},
	{"dataminer.settings-unknown", SEVERITY_ERROR, "product",
	 N_("this is no file of DataMiner"),
	 N_("put the original file back, or look at the right drive"), GUIDE,
	 NULL},
	{"dataminer.https-duplicate", SEVERITY_ERROR, "product",
	 N_("MaintenanceSettings.xml has more than one HTTPS element"),
	 N_("remove all but one: which of them counts is not defined"),
	 "DataMiner: schema of MaintenanceSettings.xml", NULL},
	{"dataminer.name-not-in-certificate", SEVERITY_ERROR, "dataminer.name",
	 N_("the certificate is not for this agent's own name"),
	 N_("have the certificate issued for it too, or give the name it has"),
	 GUIDE, own_name_is_not_in_certificate},
	{"dataminer.name-wildcard", SEVERITY_ERROR, "dataminer.name",
	 N_("a wildcard is not the name of an agent"),
	 N_("give the full name, such as dma01.example.org"), GUIDE,
	 own_name_is_a_mask},
	{"dataminer.name-shared", SEVERITY_ERROR, "dataminer.name",
	 N_("the name is what both agents of the Failover pair answer to"),
	 N_("give this agent's own host name or address (--dataminer-name); "
	    "the shared one belongs into the certificate alone"),
	 GUIDE, name_is_shared},
	{"dataminer.failover-documents", SEVERITY_WARNING,
	 "dataminer.failover-names",
	 N_("the vendor's page on preparing a Failover pair asks for the "
	    "shared name in MaintenanceSettings.xml, the newer one on HTTPS "
	    "forbids it: the newer one is followed"),
	 N_("set up the partner in the same way, with its own name"),
	 "DataMiner: Preparing the two DataMiner Agents; " GUIDE, has_partner},
	{"dataminer.name-replaced", SEVERITY_INFO, "dataminer.name",
	 N_("the name there is now is replaced"),
	 N_("check that nobody uses the old name any more"), GUIDE,
	 name_is_replaced},
	{"dataminer.connection-uri", SEVERITY_WARNING,
	 "dataminer.connection-uris",
	 N_("a connection between agents keeps upgrades from being installed"),
	 N_("have it converted to https://HOST/APIGateway "
	    "(--dataminer-connection-uris grpc)"),
	 GRPC, uris_block_upgrades},
	{"dataminer.auto-detection-uri", SEVERITY_WARNING,
	 "dataminer.connection-uris",
	 N_("auto:// is the way of the guide for versions before 10.5.10; "
	    "later ones refuse to be installed over it"),
	 N_("choose grpc unless an agent of the system is older"), GRPC,
	 uris_become_auto},
	{"dataminer.connection-settings", SEVERITY_WARNING, "product",
	 N_("ConnectionSettings.txt keeps upgrades from being installed"),
	 N_("replace its lines by \"* type=GRPCConnection\" and try Cube"),
	 GRPC, connections_hold_up},
	{"dataminer.auto-detection", SEVERITY_WARNING, "bindings.mode",
	 N_("with HTTPS alone, agents may fail to detect how to connect to "
	    "each other"),
	 N_("give each agent a connection URI: SLNetClientTest, Edit "
	    "Connection Uris"),
	 GUIDE, detection_may_fail},
	{"dataminer.http-open", SEVERITY_WARNING, "bindings.mode",
	 N_("plain HTTP stays open without a redirect: passwords may cross the "
	    "network unencrypted"),
	 N_("redirect to HTTPS, or serve HTTPS alone and close port 80"), GUIDE,
	 http_stays},
	{"dataminer.no-hsts", SEVERITY_INFO, "hsts.enabled",
	 N_("the guide recommends HSTS for a year, sub-domains included"),
	 N_("switch it on when every name below has HTTPS"), GUIDE,
	 has_no_hsts},
	{"dataminer.https-port", SEVERITY_WARNING, "bindings.https-port",
	 N_("the API gateway expects port 443"), N_("use 443"),
	 "DataMiner: APIGateway and IIS bindings", port_is_another},
};

const struct rule_table hs_rules_dataminer = {
	.subject = "dataminer",
	.rules = rules,
	.count = HS_LENGTH(rules),
	.applies = is_chosen,
};
