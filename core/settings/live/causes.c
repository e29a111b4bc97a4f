#include "core/settings/live/causes.h"

#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/settings/host_name.h"
#include "core/settings/products/dataminer.h"
#include "core/settings/sites.h"

static const char *title_of(const struct facts *facts)
{
	return facts->server ? facts->server->title : _("the server");
}

/* Where the site's listener for HTTPS stands, else the site. */
static struct place place_of(const struct settings *settings,
			     const struct site *site)
{
	const struct listen *listen =
		hs_site_listen(site, true, settings->https_port);

	if (listen && listen->place.path)
		return listen->place;
	return site->place;
}

static const struct port_use *user_of(const struct facts *facts, int port)
{
	HS_EACH(use, &facts->ports)
		if (use->port == port)
			return use;
	return NULL;
}

static bool probed_here(const struct facts *facts)
{
	HS_EACH(result, &facts->probes)
		if (hs_facts_address_is_here(facts, result->address))
			return true;
	return false;
}

/* What the firewall that decides lets through. */
static bool tell_firewall(const struct settings *settings,
			  const struct facts *facts, struct str *cause)
{
	HS_EACH(firewall, &facts->firewalls) {
		if (!firewall->active || firewall->open_https)
			continue;
		if (firewall->unknown)
			hs_str_printf(
				cause,
				_("%s decides on this machine; whether it "
				  "lets port %d through, this user cannot "
				  "see"),
				firewall->title, settings->https_port);
		else
			hs_str_printf(cause,
				      _("%s on this machine does not let port "
					"%d through"),
				      firewall->title, settings->https_port);
		return true;
	}
	return false;
}

/* The site is there, but not on that port. */
static bool tell_other_port(const struct settings *settings,
			    const struct facts *facts, struct str *cause,
			    struct place *place)
{
	const struct site *site = facts->site;
	const struct listen *listen;

	if (!site || hs_site_listen(site, true, settings->https_port))
		return false;
	listen = hs_site_listen(site, true, 0);
	if (!listen)
		listen = hs_site_listen(site, false, 0);
	*place = listen && listen->place.path ? listen->place : site->place;
	if (listen && listen->ssl)
		hs_str_printf(cause,
			      _("the site %s listens for HTTPS on port %d, not "
				"on %d"),
			      site->id, listen->port, settings->https_port);
	else if (listen && listen->port == settings->https_port)
		hs_str_printf(cause,
			      _("the site %s listens on port %d without TLS"),
			      site->id, listen->port);
	else
		hs_str_printf(cause, _("the site %s has no listener for HTTPS"),
			      site->id);
	return true;
}

bool hs_cause_of_silence(const struct settings *settings,
			 const struct facts *facts, struct str *cause,
			 struct place *place)
{
	const struct port_use *use = user_of(facts, settings->https_port);

	if (!probed_here(facts) && !facts->site)
		return false;
	if (tell_other_port(settings, facts, cause, place))
		return true;
	if (facts->site)
		*place = place_of(settings, facts->site);
	if (!use) {
		if (facts->server && facts->site && !facts->server->running)
			hs_str_printf(cause,
				      _("nothing on this machine listens on "
					"port %d; %s is not running"),
				      settings->https_port, title_of(facts));
		else
			hs_str_printf(cause,
				      _("nothing on this machine listens on "
					"port %d"),
				      settings->https_port);
		return true;
	}
	if (tell_firewall(settings, facts, cause))
		return true;
	hs_str_printf(cause, _("%s listens on port %d of %s here"),
		      use->program ? use->program : _("a program"),
		      settings->https_port, use->address);
	return true;
}

bool hs_cause_certificate(const struct settings *settings,
			  const struct facts *facts, struct str *cause,
			  struct place *place)
{
	const struct site *site = facts->site;

	if (!site || !site->certificate)
		return hs_cause_site_choice(settings, facts, cause, place);
	*place = site->certificate_place.path ? site->certificate_place
					      : place_of(settings, site);
	hs_str_printf(cause, _("the site %s sends what is in %s"), site->id,
		      site->certificate);
	return true;
}

static void put_names(const struct strings *names, struct str *text)
{
	size_t shown = names->n < 5 ? names->n : 5;

	for (size_t i = 0; i < shown; i++)
		hs_str_printf(text, "%s%s", i ? ", " : "", names->items[i]);
	if (names->n > shown) {
		hs_auto_free char *some = hs_str_take(text);

		hs_str_printf(text, _("%s and %zu more"), some,
			      names->n - shown);
	}
}

bool hs_cause_name(const struct settings *settings, const struct facts *facts,
		   struct str *cause, struct place *place)
{
	const struct certificate *leaf = hs_bundle_leaf(&facts->bundle);
	const struct site *site = facts->site;
	hs_auto_str struct str names = {0};

	if (!site || !leaf)
		return hs_cause_site_choice(settings, facts, cause, place);
	*place = site->certificate_place.path ? site->certificate_place
					      : place_of(settings, site);
	if (leaf->dns_names.n)
		put_names(&leaf->dns_names, &names);
	else if (leaf->ip_names.n)
		put_names(&leaf->ip_names, &names);
	else
		hs_str_puts(&names, _("no name at all (no SAN)"));
	hs_str_printf(cause, _("the site %s has %s, which is for %s"), site->id,
		      site->certificate, hs_str_text(&names));
	return true;
}

/* No site here has the name: who gets it instead. */
static bool tell_default(const struct settings *settings,
			 const struct facts *facts, struct str *cause,
			 struct place *place)
{
	const struct site *site;

	if (!facts->server || !probed_here(facts))
		return false;
	site = hs_site_default(facts->server, settings->https_port);
	if (!site)
		return false;
	*place = place_of(settings, site);
	hs_str_printf(cause,
		      _("no site of %s here is for %s: the default one, %s, "
			"answers"),
		      title_of(facts), settings->name, site->id);
	return true;
}

bool hs_cause_site_choice(const struct settings *settings,
			  const struct facts *facts, struct str *cause,
			  struct place *place)
{
	if (!facts->site)
		return tell_default(settings, facts, cause, place);
	return hs_cause_site(settings, facts, cause, place);
}

bool hs_cause_site(const struct settings *settings, const struct facts *facts,
		   struct str *cause, struct place *place)
{
	const struct site *site = facts->site;

	if (!site)
		return tell_default(settings, facts, cause, place);
	*place = place_of(settings, site);
	hs_str_printf(cause, _("the site %s of %s answers for %s"), site->id,
		      title_of(facts), settings->name);
	return true;
}

bool hs_cause_hsts(const struct settings *settings, const struct facts *facts,
		   struct str *cause, struct place *place)
{
	const struct site *site = facts->site;

	if (!site || !site->hsts)
		return hs_cause_site(settings, facts, cause, place);
	*place = site->hsts_place.path ? site->hsts_place
				       : place_of(settings, site);
	hs_str_printf(cause, _("the site %s sends \"%s\""), site->id,
		      site->hsts);
	return true;
}

bool hs_cause_redirect(const struct settings *settings,
		       const struct facts *facts, struct str *cause,
		       struct place *place)
{
	const struct site *site = facts->site;

	if (!site || !site->redirects)
		return hs_cause_site(settings, facts, cause, place);
	*place = site->redirect_place.path ? site->redirect_place : site->place;
	hs_str_printf(cause, _("the site %s redirects to %s"), site->id,
		      site->redirect_target);
	return true;
}

bool hs_cause_dataminer(const struct settings *settings,
			const struct facts *facts, struct str *cause,
			struct place *place)
{
	const struct dataminer_facts *found = hs_dataminer_facts(facts);

	(void)settings;
	if (!found || !found->settings)
		return false;
	*place = (struct place){found->settings, found->line};
	if (!found->has_https)
		hs_str_puts(cause, _("there is no HTTPS element"));
	else
		hs_str_printf(cause,
			      found->enabled
				      ? _("the HTTPS element is enabled, its "
					  "name \"%s\"")
				      : _("the HTTPS element is not enabled, "
					  "its name \"%s\""),
			      found->name ? found->name : "");
	return true;
}
