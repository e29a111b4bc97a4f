#include "core/settings/rules/iis.h"

#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/settings/questions/questions.h"
#include "core/settings/rules/tables.h"
#include "core/settings/sites.h"

/* An HTTPS binding that is to be: what the operator asked for, or what the
 * site has and keeps. */
struct wanted {
	const char *address, *host; /* host NULL: every name */
	int port;
	bool sni;
};
struct wanteds HS_ARRAY(struct wanted);

static void free_wanted(struct wanteds *list)
{
	HS_ARRAY_FREE(list);
}
#define auto_wanted HS_CLEANUP(free_wanted)

static bool is_asked(const struct settings *settings, const char *id)
{
	return hs_settings_origin(settings, id) >= ORIGIN_ANSWERS;
}

static void add_present(const struct site *site, struct wanteds *list)
{
	HS_EACH(listen, &site->listens) {
		if (!listen->ssl)
			continue;
		*HS_GROW(list) = (struct wanted){
			.address = listen->address,
			.host = listen->host,
			.port = listen->port,
			.sni = listen->sni,
		};
	}
}

static void add_asked(const struct settings *settings, const char *address,
		      struct wanteds *list)
{
	const char *host = hs_bound_host(settings);

	*HS_GROW(list) = (struct wanted){
		.address = address,
		.host = host,
		.port = settings->https_port,
		.sni = host != NULL,
	};
}

static void list_wanted(const struct judged *judged, struct wanteds *ret_list)
{
	const struct settings *settings = judged->settings;
	const struct site *site = judged->facts->site;

	if (!site || settings->bindings_mode == BINDINGS_HTTP)
		return;
	if (!is_asked(settings, "bindings.address") &&
	    !is_asked(settings, "bindings.host-name") &&
	    !is_asked(settings, "bindings.https-port"))
		add_present(site, ret_list);
	if (ret_list->n)
		return;
	HS_EACH(address, &settings->addresses)
		add_asked(settings, *address, ret_list);
	if (!ret_list->n)
		add_asked(settings, "*", ret_list);
}

/* One address in two spellings: brackets, and the two words for all. */
static bool same_address(const char *one, const char *other)
{
	size_t a, b;

	one += *one == '[';
	other += *other == '[';
	a = strcspn(one, "]");
	b = strcspn(other, "]");
	if (!strcmp(one, "0.0.0.0"))
		one = "*", a = 1;
	if (!strcmp(other, "0.0.0.0"))
		other = "*", b = 1;
	return a == b && !strncasecmp(one, other, a);
}

static bool same_host(const char *one, const char *other)
{
	if (!one || !other)
		return !one && !other;
	return !strcasecmp(one, other);
}

static bool same_place(const struct wanted *wanted, const struct listen *listen)
{
	return listen->port == wanted->port &&
	       same_address(listen->address, wanted->address);
}

static void say_place(const struct listen *listen, char **where)
{
	if (listen->place.path)
		*where = hs_format("%s:%d", listen->place.path,
				   listen->place.line);
}

bool hs_iis_has_binding_twice(const struct judged *judged, struct str *detail,
			      char **where)
{
	const struct site *site = judged->facts->site;

	if (!hs_server_is(judged->facts, "iis") || !site)
		return false;
	HS_EACH(one, &site->listens)
		for (const struct listen *before = site->listens.items;
		     before < one; before++) {
			if (one->port != before->port ||
			    !same_address(one->address, before->address) ||
			    !same_host(one->host, before->host))
				continue;
			hs_str_printf(detail,
				      _("%s has the binding %s:%d:%s "
					"twice"),
				      site->id, one->address, one->port,
				      one->host ? one->host : "");
			say_place(one, where);
			return true;
		}
	return false;
}

/* The listener of another site for which `meets` says yes, and that site. */
static const struct listen *find_other(
	const struct judged *judged, const struct site **ret_site,
	bool (*meets)(const struct judged *judged, const struct wanted *wanted,
		      const struct listen *listen))
{
	auto_wanted struct wanteds list = {0};

	if (!hs_server_is(judged->facts, "iis"))
		return NULL;
	list_wanted(judged, &list);
	HS_EACH(site, &judged->facts->server->sites) {
		if (site == judged->facts->site)
			continue;
		HS_EACH(listen, &site->listens)
			HS_EACH(wanted, &list) {
				*ret_site = site;
				if (meets(judged, wanted, listen))
					return listen;
			}
	}
	return NULL;
}

static bool is_the_same(const struct judged *judged,
			const struct wanted *wanted,
			const struct listen *listen)
{
	(void)judged;
	return listen->ssl && same_place(wanted, listen) &&
	       same_host(wanted->host, listen->host);
}

bool hs_iis_clashes(const struct judged *judged, struct str *detail,
		    char **where)
{
	const struct site *site;
	const struct listen *listen = find_other(judged, &site, is_the_same);

	if (!listen)
		return false;
	hs_str_printf(detail,
		      _("the binding %s:%d:%s belongs to another site, %s: IIS "
			"starts only one of them"),
		      listen->address, listen->port,
		      listen->host ? listen->host : "", site->id);
	say_place(listen, where);
	return true;
}

/* Both without SNI: http.sys has one certificate for address and port, which
 * does no harm when it names the other's host too. */
static bool shares_certificate(const struct judged *judged,
			       const struct wanted *wanted,
			       const struct listen *listen)
{
	const struct certificate *leaf = hs_bundle_leaf(&judged->facts->bundle);

	if (!listen->ssl || listen->sni || wanted->sni ||
	    !same_place(wanted, listen))
		return false;
	return !listen->host || !leaf ||
	       hs_certificate_matches(leaf, listen->host) == CERT_MATCH_NONE;
}

static bool sni_lacks_host(const struct judged *judged, struct str *detail,
			   char **where)
{
	const struct site *site;
	const struct listen *listen =
		find_other(judged, &site, shares_certificate);

	if (!listen)
		return false;
	hs_str_printf(detail,
		      _("%s has HTTPS on %s:%d too, with one certificate for "
			"both: the binding needs a host name"),
		      site->id, listen->address, listen->port);
	say_place(listen, where);
	return true;
}

/* SNI flags came with IIS 8. */
static bool flags_are_unknown(const struct judged *judged, struct str *detail,
			      char **where)
{
	const struct server_facts *server = judged->facts->server;

	(void)where;
	if (!hs_server_is(judged->facts, "iis") || !server->version ||
	    strtol(server->version, NULL, 10) >= 8 ||
	    !hs_bound_host(judged->settings))
		return false;
	hs_str_printf(detail,
		      _("IIS %s has no SNI: the host name has no effect on the "
			"certificate"),
		      server->version);
	return true;
}

static const struct rule rules[] = {
	{
		.id = "binding.sni-needs-host",
		.severity = SEVERITY_ERROR,
		.question = "bindings.host-name",
		.says = N_("several certificates on one port need host names"),
		.remedy = N_("give the binding its host name, or another port"),
		.source = "RFC 6066, 3",
		.holds = sni_lacks_host,
	},
	{
		.id = "binding.flags-unsupported",
		.severity = SEVERITY_WARNING,
		.question = "bindings.host-name",
		.says = N_("this server version cannot tell certificates apart "
			   "by host name"),
		.remedy =
			N_("use another address or port for each certificate"),
		.source = "Microsoft: IIS binding sslFlags",
		.holds = flags_are_unknown,
	},
};

const struct rule_table hs_rules_iis = {
	.subject = "binding",
	.rules = rules,
	.count = HS_LENGTH(rules),
};
