/*
 * What rules ask about bindings of IIS: an address, a port and a host name
 * together, compared as IIS does.
 */
#ifndef CORE_SETTINGS_RULES_IIS_H
#define CORE_SETTINGS_RULES_IIS_H

#include "core/settings/rules/rules.h"

/* Whether the site has one binding twice; as a rule's holds(). */
bool hs_iis_has_binding_twice(const struct judged *judged, struct str *detail,
			      char **where);

/* Whether the HTTPS that is to be belongs to another site; likewise. */
bool hs_iis_clashes(const struct judged *judged, struct str *detail,
		    char **where);

#endif
