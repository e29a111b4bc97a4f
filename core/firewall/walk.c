#include "core/firewall/walk.h"

#include <string.h>

#define DEPTH_MAX 64

struct named {
	const struct walk *walk;
	const char *key;
};

static bool is_named(const void *context, size_t item)
{
	const struct named *named = context;

	return !strcmp(named->walk->chains.items[item].key, named->key);
}

static uint64_t hash_of(const char *key)
{
	return hs_index_hash(HS_INDEX_SEED, key, strlen(key));
}

struct walk_chain *hs_walk_add(struct walk *walk, const char *key,
			       enum hook hook, enum act policy)
{
	struct walk_chain *chain = HS_GROW(&walk->chains);

	*chain = (struct walk_chain){
		.key = hs_strdup(key), .hook = hook, .policy = policy};
	hs_index_add(&walk->index, hash_of(key), walk->chains.n - 1);
	return chain;
}

struct walk_chain *hs_walk_find(const struct walk *walk, const char *key)
{
	const struct named named = {walk, key};
	long found =
		hs_index_find(&walk->index, hash_of(key), is_named, &named);

	return found < 0 ? NULL : &walk->chains.items[found];
}

static void go_through(struct walk *walk, struct walk_chain *chain, int depth);

/* What becomes of the packet in the chain that the rule leads to. */
static enum act follow(struct walk *walk, const struct walk_rule *rule,
		       int depth)
{
	struct walk_chain *to = hs_walk_find(walk, rule->target);

	if (!to || depth > DEPTH_MAX)
		return ACT_HIDDEN;
	go_through(walk, to, depth + 1);
	if (to->fate != ACT_NONE)
		return to->fate;
	return rule->act == ACT_GOTO ? ACT_RETURN : ACT_NONE;
}

/* What cannot be told may have decided: then no later verdict is certain. */
static enum act first_verdict(struct walk *walk, struct walk_chain *chain,
			      int depth)
{
	bool hidden = false;

	for (size_t i = 0; i < chain->rules.n; i++) {
		const struct walk_rule *rule = &chain->rules.items[i];
		enum act act = rule->act;

		if (act == ACT_JUMP || act == ACT_GOTO)
			act = follow(walk, rule, depth);
		hidden |= act == ACT_HIDDEN;
		if (act == ACT_NONE || act == ACT_HIDDEN)
			continue;
		chain->decider = i;
		return hidden ? ACT_HIDDEN : act;
	}
	chain->decider = chain->rules.n;
	if (hidden)
		return ACT_HIDDEN;
	return chain->hook ? chain->policy : ACT_NONE;
}

/* The packet is the same wherever it comes from, so each chain is gone
 * through once; one that leads back to itself ends there. */
static void go_through(struct walk *walk, struct walk_chain *chain, int depth)
{
	enum act act;

	if (chain->entered)
		return;
	chain->entered = true;
	act = first_verdict(walk, chain, depth);
	if (act == ACT_RETURN)
		act = chain->hook ? chain->policy : ACT_NONE;
	chain->fate = act;
	chain->done = true;
}

/* Marks what packets that are not for this machine go through. */
static void share(struct walk *walk, struct walk_chain *chain)
{
	if (chain->shared)
		return;
	chain->shared = true;
	HS_EACH(target, &chain->targets) {
		struct walk_chain *to = hs_walk_find(walk, *target);

		if (to)
			share(walk, to);
	}
}

static void add_place(struct walk_places *places,
		      const struct walk_chain *chain, long handle)
{
	HS_EACH(place, places) {
		if (place->handle == handle &&
		    !strcmp(place->chain, chain->key))
			return;
	}
	*HS_GROW(places) = (struct walk_place){hs_strdup(chain->key), handle};
}

/* From the chain that shuts it out down to the rule that does. */
static void note_place(struct walk *walk, const struct walk_chain *chain,
		       struct walk_places *places)
{
	for (int depth = 0; depth <= DEPTH_MAX; depth++) {
		const struct walk_rule *rule =
			chain->decider < chain->rules.n
				? &chain->rules.items[chain->decider]
				: NULL;
		const struct walk_chain *to =
			rule && rule->target ? hs_walk_find(walk, rule->target)
					     : NULL;

		/* a return, or a chain gone to that came to its end: then the
		 * policy decides, which no rule behind it can change */
		if (!to || to->shared || to->fate != ACT_DROP) {
			add_place(places, chain, rule ? rule->handle : -1);
			return;
		}
		chain = to;
	}
}

enum verdict hs_walk_judge(struct walk *walk, struct walk_places *places)
{
	enum verdict verdict = VERDICT_OPEN;

	HS_EACH(chain, &walk->chains) {
		if (chain->hook == HOOK_OTHER)
			share(walk, chain);
	}
	HS_EACH(chain, &walk->chains) {
		if (chain->hook != HOOK_INPUT)
			continue;
		go_through(walk, chain, 0);
		if (chain->fate == ACT_DROP)
			verdict = VERDICT_CLOSED;
		else if (chain->fate == ACT_HIDDEN && verdict == VERDICT_OPEN)
			verdict = VERDICT_UNKNOWN;
		if (places && chain->fate == ACT_DROP)
			note_place(walk, chain, places);
	}
	return verdict;
}

void hs_walk_places_done(struct walk_places *places)
{
	HS_EACH(place, places)
		free(place->chain);
	HS_ARRAY_FREE(places);
}

void hs_walk_done(struct walk *walk)
{
	HS_EACH(chain, &walk->chains) {
		HS_EACH(rule, &chain->rules)
			free(rule->target);
		HS_ARRAY_FREE(&chain->rules);
		hs_strings_done(&chain->targets);
		free(chain->key);
	}
	HS_ARRAY_FREE(&walk->chains);
	hs_index_done(&walk->index);
}
