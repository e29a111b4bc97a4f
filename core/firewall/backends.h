/*
 * The firewalls of the table in firewall.c, one file each, and what they
 * share.
 */
#ifndef CORE_FIREWALL_BACKENDS_H
#define CORE_FIREWALL_BACKENDS_H

#include "core/firewall/firewall.h"

extern const struct firewall_ops hs_firewalld;
extern const struct firewall_ops hs_nftables;
extern const struct firewall_ops hs_ufw;

/* What a firewall says about one port. */
enum verdict { VERDICT_OPEN, VERDICT_CLOSED, VERDICT_UNKNOWN };

/* Notes what was found out about both ports of the settings; `judge` answers
 * for one of them. */
void hs_firewall_note(const struct settings *settings,
		      enum verdict (*judge)(const void *rules, int port),
		      const void *rules, struct firewall_facts *facts);

/* Judges the JSON of `nft -j list ruleset` as nftables.c does. Public so that
 * rulesets of other machines can be tried. */
void hs_nftables_judge(const char *json, size_t length,
		       const struct settings *settings,
		       struct firewall_facts *facts);

#endif
