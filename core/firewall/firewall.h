/*
 * Where a firewall moves in.  Looking only, today: what decides about the
 * ports, and what would be opened.
 */
#ifndef CORE_FIREWALL_FIREWALL_H
#define CORE_FIREWALL_FIREWALL_H

#include "core/base/error.h"
#include "core/base/root.h"
#include "core/settings/facts.h"
#include "core/settings/settings.h"

struct firewall_ops {
	const char *id;
	const char *title;
	int (*detect)(const struct root *root, const struct settings *settings,
		      struct firewall_facts *ret_facts, struct error *err);
};

const struct firewall_ops *const *hs_firewalls(size_t *ret_count);

/* Fills facts->firewalls with those that are there. */
int hs_firewalls_detect(const struct root *root,
			const struct settings *settings, struct facts *facts,
			struct error *err) HS_MUST_CHECK;

#endif
