/*
 * The way of one packet through the rules of a packet filter, whoever wrote
 * them down.  A backend fills the chains, each rule judged already for one
 * stranger: a new TCP connection from anywhere to one port.  Walking them
 * tells whether it is let in, and which verdict shuts it out: that is where a
 * rule of ours has to stand.  Each rule is looked at once, so a walk takes as
 * long as there are rules.
 */
#ifndef CORE_FIREWALL_WALK_H
#define CORE_FIREWALL_WALK_H

#include "core/base/index.h"
#include "core/base/str.h"
#include "core/firewall/backends.h"

/* Who knocks. */
struct stranger {
	const char *interface; /* it comes in by */
	bool ipv6;
	int port;
};

/* What a rule does with the packet, or a chain in the end. */
enum act {
	ACT_NONE, /* nothing: on to the next rule */
	ACT_ACCEPT,
	ACT_DROP,
	ACT_RETURN,
	ACT_JUMP,
	ACT_GOTO,
	ACT_HIDDEN, /* it cannot be told */
};

/* Which packets begin their way in a chain. */
enum hook {
	HOOK_NONE,  /* a chain of rules that others jump to */
	HOOK_INPUT, /* those for this machine */
	HOOK_OTHER, /* those passing through, going out ... */
};

struct walk_rule {
	enum act act;
	long handle;  /* what the backend calls it: a handle, a number */
	char *target; /* key of a chain to jump to */
};

struct walk_chain {
	char *key; /* as the backend likes, one for each chain */
	enum hook hook;
	enum act policy; /* of one with a hook */
	struct walk_rules HS_ARRAY(struct walk_rule) rules;
	struct strings targets; /* every chain it may lead to */
	/* The walk's own. */
	bool entered, done, shared;
	enum act fate;
	size_t decider; /* of the fate: a rule, or how many there are */
};

struct walk {
	struct walk_chains HS_ARRAY(struct walk_chain) chains;
	struct index index;
};

/* A verdict that shuts the stranger out. */
struct walk_place {
	char *chain; /* its key */
	long handle; /* of the rule with it, -1: the policy, behind all */
};
struct walk_places HS_ARRAY(struct walk_place);

/* A new chain; the pointer holds until the next is added. */
struct walk_chain *hs_walk_add(struct walk *walk, const char *key,
			       enum hook hook, enum act policy);
/* The chain with that key, or NULL. */
struct walk_chain *hs_walk_find(const struct walk *walk, const char *key);

/*
 * Walks every chain that sees what comes in: all must let it pass.  The places
 * that shut it out are added to `places` (unless NULL), each once.  A place in
 * a chain that other packets go through as well is given as the rule that led
 * there, so that what is put before it concerns this machine alone.
 */
enum verdict hs_walk_judge(struct walk *walk, struct walk_places *places);

void hs_walk_places_done(struct walk_places *places);
void hs_walk_done(struct walk *walk);
#define hs_auto_walk HS_CLEANUP(hs_walk_done)
#define hs_auto_walk_places HS_CLEANUP(hs_walk_places_done)

#endif
