/* Where HTTP and HTTPS will listen. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/settings/rules/iis.h"
#include "core/settings/rules/tables.h"
#include "core/settings/sites.h"

static bool is_port(int port)
{
	return port >= 1 && port <= 65535;
}

static bool wants_https(const struct settings *settings)
{
	return settings->bindings_mode != BINDINGS_HTTP;
}

static bool nothing_serves_https(const struct judged *judged,
				 struct str *detail, char **where)
{
	(void)detail, (void)where;
	return !wants_https(judged->settings);
}

static bool port_is_out_of_range(const struct judged *judged,
				 struct str *detail, char **where)
{
	const struct settings *settings = judged->settings;
	bool https = !is_port(settings->https_port);
	int port = https ? settings->https_port : settings->http_port;

	(void)where;
	if (is_port(port))
		return false;
	if (!https)
		*judged->question = "bindings.http-port";
	if (port < 0)
		hs_str_puts(
			detail,
			https ? _("the HTTPS port is no number from 1 to 65535")
			      : _("the HTTP port is no number from 1 to "
				  "65535"));
	else
		hs_str_printf(detail,
			      _("%d is no port: they go from 1 to 65535"),
			      port);
	return true;
}

static bool ports_are_the_same(const struct judged *judged, struct str *detail,
			       char **where)
{
	const struct settings *settings = judged->settings;

	(void)where;
	if (settings->bindings_mode != BINDINGS_BOTH ||
	    settings->http_port != settings->https_port ||
	    !is_port(settings->http_port))
		return false;
	hs_str_printf(detail, _("HTTP and HTTPS cannot both have port %d"),
		      settings->http_port);
	return true;
}

/* Whether HTTPS will listen on an address that clashes with this one. */
static bool wants_address(const struct judged *judged, const char *address)
{
	const struct strings *wanted = &judged->settings->addresses;
	const struct site *site = judged->facts->site;

	HS_EACH(one, wanted)
		if (hs_addresses_clash(*one, address))
			return true;
	if (wanted->n || !site)
		return wanted->n == 0;
	if (hs_server_is(judged->facts, "iis"))
		return hs_addresses_clash("*", address);
	HS_EACH(listen, &site->listens)
		if (hs_addresses_clash(listen->address, address))
			return true;
	return site->listens.n == 0;
}

static bool server_listens(const struct server_facts *server, int port)
{
	HS_EACH(site, &server->sites)
		HS_EACH(listen, &site->listens)
			if (listen->port == port)
				return true;
	return false;
}

/* Whether the chosen server itself holds that port.  Its workers have other
 * process ids than its master, so its configuration speaks as well. */
static bool is_its_own(const struct server_facts *server,
		       const struct port_use *use)
{
	const char *program;

	if (!server || !server->running)
		return false;
	if (server->pid > 0 && use->pid == server->pid)
		return true;
	program = server->binary ? strrchr(server->binary, '/') : NULL;
	program = program ? program + 1 : server->id;
	if (use->program && strcmp(use->program, program) != 0 &&
	    strcmp(use->program, server->id) != 0)
		return false;
	return server_listens(server, use->port);
}

static void say_listener(const struct facts *facts, const struct port_use *use,
			 int port, struct str *detail)
{
	if (!use->program)
		hs_str_printf(detail,
			      _("another program listens on port %d already"),
			      port);
	else
		hs_str_printf(
			detail,
			hs_server_is(facts, use->program)
				? _("another %s listens on port %d already")
				: _("%s listens on port %d already"),
			use->program, port);
}

static bool port_is_in_use(const struct judged *judged, struct str *detail,
			   char **where)
{
	const struct facts *facts = judged->facts;
	int port = judged->settings->https_port;

	(void)where;
	if (facts->offline || !wants_https(judged->settings))
		return false;
	HS_EACH(use, &facts->ports) {
		if (use->port != port || is_its_own(facts->server, use) ||
		    !wants_address(judged, use->address ? use->address : "*"))
			continue;
		say_listener(facts, use, port, detail);
		if (use->pid > 0) {
			hs_auto_free char *who = hs_str_take(detail);

			hs_str_printf(detail, _("%s (process %ld)"), who,
				      (long)use->pid);
		}
		return true;
	}
	return false;
}

static bool address_is_given_twice(const struct judged *judged,
				   struct str *detail, char **where)
{
	const struct strings *addresses = &judged->settings->addresses;

	if (hs_iis_has_binding_twice(judged, detail, where))
		return true;
	for (size_t i = 1; i < addresses->n; i++) {
		struct strings before = {.items = addresses->items, .n = i};

		if (hs_strings_has(&before, addresses->items[i])) {
			hs_str_printf(detail, _("%s is given twice"),
				      addresses->items[i]);
			return true;
		}
	}
	return false;
}

/* The HTTPS listener of another site that would get the same requests. */
static const struct listen *clash_with(const struct judged *judged,
				       const struct site *other)
{
	HS_EACH(listen, &other->listens)
		if (listen->ssl &&
		    listen->port == judged->settings->https_port &&
		    wants_address(judged, listen->address))
			return listen;
	return NULL;
}

static bool is_another_sites(const struct judged *judged, struct str *detail,
			     char **where)
{
	const struct facts *facts = judged->facts;
	const char *name = judged->settings->name;

	if (hs_server_is(facts, "iis"))
		return hs_iis_clashes(judged, detail, where);
	if (!facts->site || !facts->server || !name ||
	    !wants_https(judged->settings))
		return false;
	HS_EACH(other, &facts->server->sites) {
		const struct listen *listen;

		if (other == facts->site ||
		    !hs_strings_has(&other->names, name))
			continue;
		listen = clash_with(judged, other);
		if (!listen)
			continue;
		hs_str_printf(detail,
			      _("%s on %s:%d belongs to another site, %s"),
			      name, listen->address, listen->port, other->id);
		if (listen->place.path)
			*where = hs_format("%s:%d", listen->place.path,
					   listen->place.line);
		return true;
	}
	return false;
}

/* One listener speaks either TLS or plain HTTP, for all sites that share it. */
static bool port_is_plain(const struct judged *judged, struct str *detail,
			  char **where)
{
	const struct server_facts *server = judged->facts->server;
	int port = judged->settings->https_port;

	if (!server || !wants_https(judged->settings) ||
	    port == judged->settings->http_port)
		return false;
	HS_EACH(site, &server->sites) {
		const struct listen *listen = hs_site_listen(site, false, port);

		if (!listen || !wants_address(judged, listen->address))
			continue;
		hs_str_printf(detail, _("%s serves plain HTTP on port %d"),
			      site->id, port);
		if (listen->place.path)
			*where = hs_format("%s:%d", listen->place.path,
					   listen->place.line);
		return true;
	}
	return false;
}

static bool skips_the_transition(const struct judged *judged,
				 struct str *detail, char **where)
{
	const struct site *site = judged->facts->site;

	(void)detail, (void)where;
	return hs_product_is(judged->settings, "certero") &&
	       judged->settings->bindings_mode == BINDINGS_HTTPS &&
	       !(site && site->https);
}

static bool binding_has_host_name(const struct judged *judged,
				  struct str *detail, char **where)
{
	const struct settings *settings = judged->settings;
	const char *host = hs_bound_host(settings);

	(void)where;
	if (!host)
		return false;
	if (!hs_product_is(settings, "dataminer") &&
	    (!settings->name || strcmp(host, settings->name) == 0))
		return false;
	hs_str_printf(
		detail,
		_("the binding answers only for %s: requests for any other "
		  "name get a 404"),
		host);
	return true;
}

static bool is_every_address(const char *address)
{
	return strcmp(address, "*") == 0 || strcmp(address, "0.0.0.0") == 0 ||
	       strcmp(address, "::") == 0;
}

static bool is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

static bool address_is_specific(const struct judged *judged, struct str *detail,
				char **where)
{
	const struct facts *facts = judged->facts;
	bool any = hs_product_is(judged->settings, "dataminer");

	(void)where;
	if (!any && (facts->offline || facts->addresses.n == 0))
		return false;
	HS_EACH(address, &judged->settings->addresses) {
		if (is_every_address(*address))
			continue;
		if (any) {
			hs_str_printf(detail,
				      _("HTTPS would answer on %s only, not on "
					"every address of this machine"),
				      *address);
			return true;
		}
		if (is_loopback(*address) ||
		    hs_strings_has(&facts->addresses, *address))
			continue;
		hs_str_printf(detail, _("%s is no address of this machine"),
			      *address);
		return true;
	}
	return false;
}

static bool is_https_only(const struct judged *judged, struct str *detail,
			  char **where)
{
	(void)where;
	if (judged->settings->bindings_mode != BINDINGS_HTTPS)
		return false;
	hs_str_printf(detail,
		      _("HTTP on port %d is taken away: old http:// "
			"links end in an error"),
		      judged->settings->http_port);
	return true;
}

static bool block_is_shared(const struct judged *judged, struct str *detail,
			    char **where)
{
	const struct certificate *leaf = hs_bundle_leaf(&judged->facts->bundle);
	const struct site *site = judged->facts->site;
	const char *name = judged->settings->name;
	hs_auto_str struct str names = {0};
	size_t shown = 0;

	if (!site || !leaf || !name)
		return false;
	HS_EACH(other, &site->names) {
		if (!hs_site_name_is_plain(*other) || !strcmp(*other, name) ||
		    hs_certificate_matches(leaf, *other) != CERT_MATCH_NONE)
			continue;
		hs_str_printf(&names, "%s%s", shown++ ? ", " : "", *other);
	}
	if (!shown)
		return false;
	hs_str_printf(detail,
		      P_("%s shares the block of %s but is not in the "
			 "certificate: it stays on HTTP",
			 "%s share the block of %s but are not in the "
			 "certificate: they stay on HTTP",
			 shown),
		      hs_str_text(&names), name);
	if (site->place.path)
		*where = hs_format("%s:%d", site->place.path, site->place.line);
	return true;
}

static const struct rule rules[] = {
	{
		.id = "binding.none",
		.severity = SEVERITY_ERROR,
		.question = "bindings.mode",
		.says = N_("nothing would serve HTTPS: only HTTP is asked for"),
		.remedy = N_("choose both, or https alone; to take HTTPS off a "
			     "site use https-setup disable"),
		.holds = nothing_serves_https,
	},
	{
		.id = "binding.port-range",
		.severity = SEVERITY_ERROR,
		.question = "bindings.https-port",
		.says = N_("a port is a number from 1 to 65535"),
		.remedy =
			N_("use 443 for HTTPS and 80 for HTTP unless you have "
			   "a reason not to"),
		.source = "RFC 6335, 6",
		.holds = port_is_out_of_range,
	},
	{
		.id = "binding.same-port",
		.severity = SEVERITY_ERROR,
		.question = "bindings.https-port",
		.says = N_("HTTP and HTTPS cannot have the same port"),
		.remedy = N_("give HTTPS a port of its own, usually 443"),
		.source = "RFC 9110, 4.2.2",
		.holds = ports_are_the_same,
	},
	{
		.id = "binding.port-in-use",
		.severity = SEVERITY_ERROR,
		.question = "bindings.https-port",
		.says = N_("another program listens on the HTTPS port already"),
		.remedy = N_("stop that program, or choose another port"),
		.holds = port_is_in_use,
	},
	{
		.id = "binding.duplicate",
		.severity = SEVERITY_ERROR,
		.question = "bindings.address",
		.says = N_("an address is given twice"),
		.remedy = N_("name each address once"),
		.holds = address_is_given_twice,
	},
	{
		.id = "binding.other-site",
		.severity = SEVERITY_ERROR,
		.question = "bindings.https-port",
		.says = N_("another site has HTTPS for this name and port"),
		.remedy =
			N_("choose that site with --site, or take the name off "
			   "one of the two"),
		.source = "nginx: Server names; Microsoft: IIS <binding>",
		.holds = is_another_sites,
	},
	{
		.id = "binding.plain-port",
		.severity = SEVERITY_ERROR,
		.question = "bindings.https-port",
		.says = N_("the server has plain HTTP on that port"),
		.remedy = N_("choose a port of its own for HTTPS, usually 443"),
		.source = "nginx: ngx_http_core_module, listen",
		.holds = port_is_plain,
	},
	{
		.id = "binding.skips-transition",
		.severity = SEVERITY_ERROR,
		.question = "bindings.mode",
		.says = N_("this product's clients learn the new address over "
			   "HTTP: they would be cut off"),
		.remedy =
			N_("serve both now, and HTTPS alone once every client "
			   "has the new address"),
		.source = "Certero: SSL Configuration",
		.holds = skips_the_transition,
	},
	{
		.id = "binding.host-name",
		.severity = SEVERITY_WARNING,
		.question = "bindings.host-name",
		.says = N_("the binding answers only for one host name"),
		.remedy = N_("leave the binding without a host name"),
		.source = "DataMiner: Setting up HTTPS on a DMA",
		.holds = binding_has_host_name,
	},
	{
		.id = "binding.address-specific",
		.severity = SEVERITY_WARNING,
		.question = "bindings.address",
		.says = N_("HTTPS would not answer on every address of this "
			   "machine"),
		.remedy =
			N_("use * unless HTTPS is meant for one address alone"),
		.source = "DataMiner: Setting up HTTPS on a DMA",
		.holds = address_is_specific,
	},
	{
		.id = "binding.https-only",
		.severity = SEVERITY_INFO,
		.question = "bindings.mode",
		.says = N_("HTTP is taken away: old http:// links end in an "
			   "error"),
		.remedy = N_(
			"choose both with a redirect to keep old links alive"),
		.holds = is_https_only,
	},
	{
		.id = "binding.shared-block",
		.severity = SEVERITY_INFO,
		.question = "site",
		.says = N_("other names share this block and stay on HTTP"),
		.remedy = N_("get a certificate with these names to give them "
			     "HTTPS too"),
		.source = "nginx: Configuring HTTPS servers",
		.holds = block_is_shared,
	},
};

const struct rule_table hs_rules_binding = {
	.subject = "binding",
	.rules = rules,
	.count = HS_LENGTH(rules),
};
