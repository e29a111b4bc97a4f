/*
 * What the operator left open, from the facts (core/settings/rules/rules.h).
 * Each call starts over: what an earlier one found is forgotten first, since
 * the certificate, the name or the site may be another one now.
 */
#include <stdio.h>
#include <string.h>

#include "core/settings/questions/questions.h"
#include "core/settings/rules/rules.h"
#include "core/settings/sites.h"

/* The answers that are filled here. */
static const char *const found_here[] = {
	"server",
	"site",
	"product",
	"name",
	"bindings.http-port",
	"bindings.https-port",
	"hsts.enabled",
	"hsts.max-age",
	"hsts.preload",
	"hsts.include-subdomains",
	"redirect.enabled",
	"redirect.code",
};

static void forget(struct settings *settings)
{
	for (size_t i = 0; i < HS_LENGTH(found_here); i++)
		if (hs_settings_origin(settings, found_here[i]) == ORIGIN_FOUND)
			hs_question_reset(hs_question_by_id(found_here[i]),
					  settings);
}

static void found_number(struct settings *settings, const char *id,
			 long long number)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", number);
	hs_settings_found(settings, id, text);
}

/* The server that was asked for; else the first that runs, else the first. */
static const struct server_facts *choose_server(const struct settings *settings,
						const struct facts *facts)
{
	const struct server_facts *first = NULL;

	HS_EACH(server, &facts->servers) {
		if (settings->server) {
			if (strcmp(server->id, settings->server) == 0)
				return server;
			continue;
		}
		if (!first || (server->running && !first->running))
			first = server;
	}
	return first;
}

static void complete_name(struct settings *settings, const struct facts *facts)
{
	const struct certificate *leaf = hs_bundle_leaf(&facts->bundle);
	hs_auto_free char *name = NULL;

	if (!leaf || hs_settings_origin(settings, "name"))
		return;
	name = hs_certificate_first_name(leaf);
	if (name)
		hs_settings_found(settings, "name", name);
}

/* A certificate that is still to be made will have the site's name. */
static void complete_name_of_site(struct settings *settings,
				  const struct site *site)
{
	if (!settings->certificate_self_signed || settings->name)
		return;
	HS_EACH(name, &site->names) {
		if (strpbrk(*name, "*~_$") || !strchr(*name, '.') ||
		    **name == '.')
			continue;
		hs_settings_found(settings, "name", *name);
		return;
	}
}

/* The sites that come into question, and the best of them. */
struct search {
	const struct settings *settings;
	const struct site *best;
	int weight; /* of the best */
	bool ambiguous;
};

/* Whether the site listens on the HTTP port somebody asked for. */
static bool is_on_asked_port(const struct settings *settings,
			     const struct site *site)
{
	return hs_settings_origin(settings, "bindings.http-port") >=
		       ORIGIN_ANSWERS &&
	       hs_site_listen(site, false, settings->http_port);
}

/* Whether the first listed wins over the other, as it does in a server where
 * both have a listener in common; else only their ports tell them apart. */
static bool share_listener(const struct site *one, const struct site *other)
{
	HS_EACH(a, &one->listens)
		HS_EACH(b, &other->listens)
			if (a->port == b->port &&
			    hs_addresses_clash(a->address, b->address))
				return true;
	return false;
}

/* Weighs one more site.  The port that was asked for decides between equals;
 * after that, the first in the server's order. */
static void weigh(struct search *search, const struct site *site, int weight)
{
	weight = 2 * weight +
		 (weight && is_on_asked_port(search->settings, site));
	if (weight == 0 || weight < search->weight)
		return;
	if (weight == search->weight) {
		if (!share_listener(search->best, site))
			search->ambiguous = true;
		return;
	}
	search->best = site;
	search->weight = weight;
	search->ambiguous = false;
}

static int weigh_id(const struct settings *settings, const struct site *site)
{
	if (strcmp(site->id, settings->site) == 0)
		return 2;
	return hs_strings_has(&site->names, settings->site) ? 1 : 0;
}

/* Regular expressions are tried in the server's order: the first wins. */
static int weigh_name(const struct settings *settings, const struct site *site)
{
	return hs_site_fits(site, settings->name);
}

/* No name decided: whoever answers for everything else, over HTTP if anybody
 * does, on the HTTP port if anybody does. */
static int weigh_default(const struct settings *settings,
			 const struct site *site)
{
	int best = 1;

	HS_EACH(listen, &site->listens) {
		int weight = 2 * !listen->ssl + 4 * listen->default_server +
			     (listen->port == settings->http_port);

		if (!listen->ssl || listen->default_server)
			best = weight > best ? weight : best;
	}
	return best;
}

static void search_sites(struct search *search,
			 const struct server_facts *server,
			 int (*weight)(const struct settings *settings,
				       const struct site *site))
{
	HS_EACH(site, &server->sites)
		weigh(search, site, weight(search->settings, site));
}

/* The site that the chosen product has for itself, or NULL. */
static const struct site *site_of_product(const struct settings *settings,
					  const struct facts *facts)
{
	const struct product_facts *product =
		hs_facts_product(facts, settings->product);

	HS_EACH(site, &facts->server->sites)
		if (product && product->site &&
		    strcmp(site->id, product->site) == 0)
			return site;
	return NULL;
}

static const struct site *choose_site(const struct settings *settings,
				      const struct facts *facts,
				      const char **ret_problem)
{
	const struct server_facts *server = facts->server;
	struct search search = {.settings = settings};

	if (settings->site) {
		search_sites(&search, server, weigh_id);
	} else {
		if (settings->name)
			search_sites(&search, server, weigh_name);
		if (!search.best)
			search.best = site_of_product(settings, facts);
		if (!search.best)
			search_sites(&search, server, weigh_default);
	}
	*ret_problem = NULL;
	if (!search.best)
		*ret_problem = "server.no-site";
	else if (search.ambiguous)
		*ret_problem = "server.ambiguous-site";
	return *ret_problem ? NULL : search.best;
}

/* A site's own port where it does not listen on the usual one. */
static void complete_port(struct settings *settings, const struct site *site,
			  const char *id, bool ssl, int usual)
{
	const struct listen *listen = hs_site_listen(site, ssl, usual);

	if (!listen)
		listen = hs_site_listen(site, ssl, 0);
	if (listen && listen->port != usual)
		found_number(settings, id, listen->port);
}

static bool is_known_code(int code)
{
	const struct choice *choice =
		hs_question_by_id("redirect.code")->choices;

	for (; choice->word; choice++)
		if (strtol(choice->word, NULL, 10) == code)
			return true;
	return false;
}

/* What the site does already is not taken away for want of an answer. */
static void complete_redirect(struct settings *settings,
			      const struct facts *facts)
{
	const struct site *site = facts->site;
	bool has_308 = facts->server &&
		       (facts->server->abilities & SERVER_REDIRECT_308);

	if (site && site->redirects) {
		hs_settings_found(settings, "redirect.enabled", "yes");
		if (is_known_code(site->redirect_code) &&
		    settings->redirect_enabled) {
			found_number(settings, "redirect.code",
				     site->redirect_code);
			return;
		}
	}
	if (has_308 && hs_product_is(settings, "generic"))
		hs_settings_found(settings, "redirect.code", "308");
}

/* The header this program once wrote; the operator's own is left alone. */
static void complete_hsts(struct settings *settings, const struct site *site)
{
	const char *age;

	if (!site->hsts || !site->ours)
		return;
	age = strcasestr(site->hsts, "max-age=");
	if (!age)
		return;
	hs_settings_found(settings, "hsts.enabled", "yes");
	if (!settings->hsts_enabled)
		return;
	found_number(settings, "hsts.max-age",
		     strtoll(age + strlen("max-age="), NULL, 10));
	if (strcasestr(site->hsts, "includeSubDomains"))
		hs_settings_found(settings, "hsts.include-subdomains", "yes");
	if (strcasestr(site->hsts, "preload"))
		hs_settings_found(settings, "hsts.preload", "yes");
}

static void complete_product(struct settings *settings,
			     const struct facts *facts)
{
	const char *id = "generic";

	HS_EACH(product, &facts->products) {
		if (strcmp(product->id, "generic") != 0) {
			id = product->id;
			break;
		}
	}
	if (!settings->product)
		hs_settings_found(settings, "product", id);
}

void hs_settings_complete(struct settings *settings, struct facts *facts)
{
	forget(settings);
	complete_product(settings, facts);
	complete_name(settings, facts);
	facts->site = NULL;
	facts->site_problem = NULL;
	facts->server = choose_server(settings, facts);
	if (facts->server) {
		hs_settings_found(settings, "server", facts->server->id);
		facts->site =
			choose_site(settings, facts, &facts->site_problem);
	}
	if (facts->site) {
		hs_settings_found(settings, "site", facts->site->id);
		complete_name_of_site(settings, facts->site);
		complete_port(settings, facts->site, "bindings.http-port",
			      false, 80);
		complete_port(settings, facts->site, "bindings.https-port",
			      true, 443);
		complete_hsts(settings, facts->site);
	}
	complete_redirect(settings, facts);
}
