/*
 * Rules of ours in the tables of iptables, for what builds on these: iptables
 * itself, and ufw.
 */
#ifndef CORE_FIREWALL_IPTABLES_H
#define CORE_FIREWALL_IPTABLES_H

#include "core/firewall/ipt_rules.h"

/* Adds the rule at that number of the chain (0: behind all) of one family's
 * table. With `seconds` it ends by itself where the kernel can do that. */
int hs_ipt_add(const char *program, const char *chain, long number,
	       const struct firewall_rule *rule, int seconds,
	       struct error *err) HS_MUST_CHECK;

/* Removes every rule with our tag from every table; none is fine. */
int hs_ipt_remove(const struct firewall_rule *rule,
		  struct error *err) HS_MUST_CHECK;

#endif
