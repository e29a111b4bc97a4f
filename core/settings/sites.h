/*
 * Questions about the sites that were found, which rules and completion both
 * ask: which names a site answers for, where it listens, and whether two
 * listeners would be in each other's way.
 */
#ifndef CORE_SETTINGS_SITES_H
#define CORE_SETTINGS_SITES_H

#include "core/settings/facts.h"
#include "core/settings/settings.h"

/* How well a configured name fits a host name; the larger, the better, as
 * every name-based server weighs them: exact, then the longest "*.x", then
 * the longest "x.*", then "~regex".  0: not at all. */
int hs_site_name_fits(const char *pattern, const char *name);
/* The best of all names of the site. */
int hs_site_fits(const struct site *site, const char *name);

/* Whether a configured name is one host name: no wildcard, no pattern, not
 * empty and not the usual "_" of a catch-all. */
bool hs_site_name_is_plain(const char *pattern);

/* Whether listeners on the two addresses (in any spelling) cannot both be
 * opened on one port, or would get the same connections. */
bool hs_addresses_clash(const char *one, const char *other);

/* The first listener with or without TLS on that port (0: any port); NULL. */
const struct listen *hs_site_listen(const struct site *site, bool ssl,
				    int port);

/* The site that gets what no name decides about on that HTTPS port: the
 * default server, else the first that listens there; NULL. */
const struct site *hs_site_default(const struct server_facts *server, int port);

/* The host name that the HTTPS binding is asked to have, or NULL. */
const char *hs_bound_host(const struct settings *settings);

/* Whether the product is chosen; whether the server found is of that id. */
bool hs_product_is(const struct settings *settings, const char *id);
bool hs_server_is(const struct facts *facts, const char *id);

#endif
