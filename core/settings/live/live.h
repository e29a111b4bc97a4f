/*
 * What the tables of live.* rules share: a rule holds where any address that
 * was looked at is wrong, and names each of them.
 */
#ifndef CORE_SETTINGS_LIVE_LIVE_H
#define CORE_SETTINGS_LIVE_LIVE_H

#include "core/settings/rules/rules.h"

/* Whether one address is wrong, and how: a sentence that names it as `at`. */
typedef bool live_is_wrong(const struct judged *judged,
			   const struct probe_result *result, const char *at,
			   struct str *how);

/* Writes a sentence for every address that is wrong: "the site at [::1]:443
 * does not answer in time; ...".  Without a port where it names a URL. */
bool hs_live_any(const struct judged *judged, struct str *detail,
		 bool with_port, live_is_wrong *is_wrong);

/* A rule's `holds` of that. */
#define HS_LIVE_ANY(name, with_port, is_wrong)                                 \
	static bool name(const struct judged *judged, struct str *detail,      \
			 char **where)                                         \
	{                                                                      \
		(void)where;                                                   \
		return hs_live_any(judged, detail, with_port, is_wrong);       \
	}

/* Whether site rules may speak at all: something was probed, or somebody
 * wants to know why nothing could be. */
bool hs_live_was_probed(const struct judged *judged);

#endif
