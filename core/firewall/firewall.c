#include "core/firewall/firewall.h"

#include <string.h>

#include "core/firewall/backends.h"

static const struct firewall_ops *const firewalls[] = {
	&hs_firewalld,
	&hs_ufw,
	&hs_nftables,
};

const struct firewall_ops *const *hs_firewalls(size_t *ret_count)
{
	*ret_count = HS_LENGTH(firewalls);
	return firewalls;
}

void hs_firewall_note(const struct settings *settings,
		      enum verdict (*judge)(const void *rules, int port),
		      const void *rules, struct firewall_facts *facts)
{
	enum verdict http = judge(rules, settings->http_port);
	enum verdict https = judge(rules, settings->https_port);

	facts->open_http = http == VERDICT_OPEN;
	facts->open_https = https == VERDICT_OPEN;
	facts->unknown = https == VERDICT_UNKNOWN;
}

/* Nothing decides about packets in an offline tree, and who says "none" wants
 * no firewall touched: both need no look. */
int hs_firewalls_detect(const struct root *root,
			const struct settings *settings, struct facts *facts,
			struct error *err)
{
	const char *wanted = settings->firewall ? settings->firewall : "auto";

	if (hs_root_is_offline(root) || !strcmp(wanted, "none"))
		return 0;
	for (size_t i = 0; i < HS_LENGTH(firewalls); i++) {
		struct firewall_facts found = {0};

		if (firewalls[i]->detect(root, settings, &found, err))
			return -1;
		if (found.id)
			HS_PUSH(&facts->firewalls, found);
	}
	return 0;
}
