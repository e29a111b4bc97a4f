/*
 * Where a site of IIS is to require SSL, beside on the whole of it: what was
 * asked for (iis.require-ssl-for) and what the product means by its answers.
 */
#ifndef CORE_SETTINGS_SSL_PLACES_H
#define CORE_SETTINGS_SSL_PLACES_H

#include "core/settings/settings.h"

/* Paths below the site, without a slash at either end: "ArcGIS/rest". Each
 * once, in the order of the answer; to be freed. */
void hs_ssl_places(const struct settings *settings, struct strings *ret_places);

/* Whether SSL is required anywhere. */
bool hs_ssl_is_required(const struct settings *settings);

#endif
