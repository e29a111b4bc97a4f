/*
 * nftables' rules as `nft -j list ruleset` writes them (libnftables-json(5)),
 * judged rule by rule for one stranger.  Chains of firewalld, ufw and iptables
 * are theirs to speak for.  A condition that is not known (an address, a rate)
 * does not hold for the stranger, so that nothing counts as open that is open
 * to some only.
 */
#ifndef CORE_FIREWALL_NFT_RULES_H
#define CORE_FIREWALL_NFT_RULES_H

#include <jansson.h>

#include "core/firewall/walk.h"

struct ruleset {
	json_t *top;				  /* owns the rest */
	json_t *objects;			  /* the array "nftables" */
	struct json_list HS_ARRAY(json_t *) sets; /* and maps, of all tables */
};

/* -1: it is not what nft writes. */
int hs_ruleset_parse(const char *json, size_t length,
		     struct ruleset *ret_rules) HS_MUST_CHECK;
void hs_ruleset_done(struct ruleset *rules);
#define hs_auto_ruleset HS_CLEANUP(hs_ruleset_done)

/* Fills the walk; the keys of its chains are "family table name". */
void hs_ruleset_walk(const struct ruleset *rules,
		     const struct stranger *stranger, struct walk *ret_walk);

/* What all ways in say about the port; the worst counts.  The places that shut
 * it out are added to `places` unless that is NULL. */
enum verdict hs_ruleset_judge(const struct ruleset *rules,
			      const struct ways_in *ways, int port,
			      struct walk_places *places);

/* Fills the facts as nftables.c does. */
void hs_ruleset_note(const struct ruleset *rules, const struct ways_in *ways,
		     const struct settings *settings,
		     struct firewall_facts *facts);

/* A member that is a string, "" when it is none. */
const char *hs_nft_string(const json_t *object, const char *key);

/* Whether the chain sees what comes in and is nobody else's. */
bool hs_nft_sees_input(const json_t *chain);

#endif
