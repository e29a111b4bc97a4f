/*
 * nftables, by `nft -j list ruleset` (libnftables-json(5)): what happens to a
 * new TCP connection of a stranger to a port is worked out rule by rule.
 * Chains of firewalld and ufw are theirs to speak for.  A condition we do not
 * know (an address, an interface, a rate) does not hold for the stranger, so
 * that nothing counts as open that is open to some only.
 */
#include "core/firewall/backends.h"

#include <jansson.h>
#include <string.h>

#include "core/base/run.h"

#define OUTPUT_MAX (4 * 1024 * 1024)
#define TIMEOUT_MS 2000
#define DEPTH_MAX 16

struct ruleset {
	json_t *objects; /* the array "nftables" */
};

/* A chain by name. */
struct chain {
	const char *family, *table, *name;
};

/* What a chain, or one rule of it, does with the packet. */
enum fate {
	FATE_GOES_ON,
	FATE_ACCEPTED,
	FATE_DROPPED,
	FATE_RETURNS,
	FATE_HIDDEN
};

static const char *string(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static struct chain chain_of(const json_t *object, const char *name_key)
{
	return (struct chain){string(object, "family"), string(object, "table"),
			      string(object, name_key)};
}

static bool is_chain(struct chain a, struct chain b)
{
	return !strcmp(a.family, b.family) && !strcmp(a.table, b.table) &&
	       !strcmp(a.name, b.name);
}

/* The elements of the set with that name in the chain's table. */
static json_t *find_set(const struct ruleset *rules, struct chain chain,
			const char *name)
{
	size_t i;
	json_t *object;

	json_array_foreach(rules->objects, i, object)
	{
		json_t *set = json_object_get(object, "set");

		if (set && !strcmp(string(set, "name"), name) &&
		    !strcmp(string(set, "table"), chain.table) &&
		    !strcmp(string(set, "family"), chain.family))
			return json_object_get(set, "elem");
	}
	return NULL;
}

static bool has_port(const struct ruleset *rules, struct chain chain,
		     const json_t *value, int port, int depth);

static bool list_has_port(const struct ruleset *rules, struct chain chain,
			  const json_t *list, int port, int depth)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		if (has_port(rules, chain, item, port, depth))
			return true;
	}
	return false;
}

/* 443, {"range":[1,9]}, {"set":[...]}, {"elem":{"val":...}}, "@name". */
static bool has_port(const struct ruleset *rules, struct chain chain,
		     const json_t *value, int port, int depth)
{
	const char *text = json_string_value(value);
	json_t *range = json_object_get(value, "range");
	json_t *set = json_object_get(value, "set");
	json_t *element = json_object_get(value, "elem");

	if (depth > DEPTH_MAX)
		return false;
	if (json_is_integer(value))
		return json_integer_value(value) == port;
	if (text && *text == '@')
		set = find_set(rules, chain, text + 1);
	if (range)
		return port >= json_integer_value(json_array_get(range, 0)) &&
		       port <= json_integer_value(json_array_get(range, 1));
	if (element)
		return has_port(rules, chain, json_object_get(element, "val"),
				port, depth + 1);
	return list_has_port(rules, chain, set, port, depth + 1);
}

/* "tcp", 6, or a set with one of them. */
static bool has_tcp(const json_t *value)
{
	json_t *set = json_object_get(value, "set"), *item;
	const char *text = json_string_value(value);
	size_t i;

	json_array_foreach(set, i, item)
	{
		if (has_tcp(item))
			return true;
	}
	return (text && !strcmp(text, "tcp")) ||
	       (json_is_integer(value) && json_integer_value(value) == 6);
}

static bool has_new(const json_t *value);

static bool list_has_new(const json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		if (has_new(item))
			return true;
	}
	return false;
}

/* "new", or a list with it. */
static bool has_new(const json_t *value)
{
	const char *text = json_string_value(value);

	return (text && !strcmp(text, "new")) || list_has_new(value) ||
	       list_has_new(json_object_get(value, "set"));
}

/* Whether the left side of a match names that field. */
static bool is_field(const json_t *left, const char *kind, const char *key,
		     const char *value)
{
	return !strcmp(string(json_object_get(left, kind), key), value);
}

static bool holds(const struct ruleset *rules, struct chain chain,
		  const json_t *match, int port)
{
	json_t *left = json_object_get(match, "left");
	json_t *right = json_object_get(match, "right");
	const char *protocol =
		string(json_object_get(left, "payload"), "protocol");
	bool differs = !strcmp(string(match, "op"), "!=");

	if (is_field(left, "payload", "field", "dport") &&
	    (!strcmp(protocol, "tcp") || !strcmp(protocol, "th")))
		return has_port(rules, chain, right, port, 0) != differs;
	if (is_field(left, "meta", "key", "l4proto") ||
	    is_field(left, "payload", "field", "protocol") ||
	    is_field(left, "payload", "field", "nexthdr"))
		return has_tcp(right) != differs;
	if (is_field(left, "ct", "key", "state"))
		return has_new(right) != differs;
	/* "iifname != lo": everything that comes from outside */
	if (is_field(left, "meta", "key", "iifname") ||
	    is_field(left, "meta", "key", "iif"))
		return differs;
	return false;
}

static enum fate walk(const struct ruleset *rules, struct chain chain, int port,
		      int depth);

static enum fate jump(const struct ruleset *rules, struct chain chain,
		      const json_t *target, int port, int depth, bool returns)
{
	struct chain to = {chain.family, chain.table, string(target, "target")};
	enum fate fate = walk(rules, to, port, depth + 1);

	if (fate != FATE_GOES_ON && fate != FATE_RETURNS)
		return fate;
	return returns ? FATE_GOES_ON : FATE_RETURNS;
}

/* One statement; FATE_GOES_ON leads to the next of the same rule. */
static enum fate obey(const struct ruleset *rules, struct chain chain,
		      const json_t *statement, int port, int depth)
{
	if (json_object_get(statement, "accept"))
		return FATE_ACCEPTED;
	if (json_object_get(statement, "drop") ||
	    json_object_get(statement, "reject"))
		return FATE_DROPPED;
	if (json_object_get(statement, "return"))
		return FATE_RETURNS;
	if (json_object_get(statement, "jump"))
		return jump(rules, chain, json_object_get(statement, "jump"),
			    port, depth, true);
	if (json_object_get(statement, "goto"))
		return jump(rules, chain, json_object_get(statement, "goto"),
			    port, depth, false);
	return FATE_GOES_ON;
}

static enum fate follow(const struct ruleset *rules, struct chain chain,
			const json_t *statements, int port, int depth)
{
	json_t *statement;
	size_t i;

	json_array_foreach(statements, i, statement)
	{
		json_t *match = json_object_get(statement, "match");
		enum fate fate;

		if (match && !holds(rules, chain, match, port))
			return FATE_GOES_ON;
		/* what iptables put there cannot be seen through */
		if (json_object_get(statement, "xt"))
			return FATE_HIDDEN;
		if (json_object_get(statement, "limit") ||
		    json_object_get(statement, "vmap"))
			return FATE_GOES_ON;
		fate = obey(rules, chain, statement, port, depth);
		if (fate != FATE_GOES_ON)
			return fate;
	}
	return FATE_GOES_ON;
}

static bool is_foreign(struct chain chain)
{
	return !strcmp(chain.table, "firewalld") ||
	       !strncmp(chain.name, "ufw-", 4) ||
	       !strncmp(chain.name, "ufw6-", 5);
}

static enum fate walk(const struct ruleset *rules, struct chain chain, int port,
		      int depth)
{
	bool hidden = false;
	json_t *object;
	size_t i;

	if (depth > DEPTH_MAX || is_foreign(chain))
		return FATE_GOES_ON;
	json_array_foreach(rules->objects, i, object)
	{
		json_t *rule = json_object_get(object, "rule");
		enum fate fate;

		if (!rule || !is_chain(chain_of(rule, "chain"), chain))
			continue;
		fate = follow(rules, chain, json_object_get(rule, "expr"), port,
			      depth);
		if (fate == FATE_HIDDEN)
			hidden = true;
		else if (fate != FATE_GOES_ON)
			return hidden ? FATE_HIDDEN : fate;
	}
	return hidden ? FATE_HIDDEN : FATE_GOES_ON;
}

/* Chains that see what comes in, and are nobody's we look at elsewhere. */
static bool sees_input(const struct ruleset *rules, const json_t *chain)
{
	json_t *object;
	size_t i;

	if (strcmp(string(chain, "hook"), "input") ||
	    strcmp(string(chain, "type"), "filter") ||
	    is_foreign(chain_of(chain, "name")))
		return false;
	/* ufw lives in the tables of iptables */
	json_array_foreach(rules->objects, i, object)
	{
		struct chain other =
			chain_of(json_object_get(object, "chain"), "name");

		if (!strncmp(other.name, "ufw", 3) &&
		    !strcmp(other.table, string(chain, "table")) &&
		    !strcmp(other.family, string(chain, "family")))
			return false;
	}
	return true;
}

/* Every chain that sees the packet must let it pass. */
static enum verdict judge(const void *context, int port)
{
	const struct ruleset *rules = context;
	enum verdict verdict = VERDICT_OPEN;
	json_t *object;
	size_t i;

	json_array_foreach(rules->objects, i, object)
	{
		json_t *chain = json_object_get(object, "chain");
		enum fate fate;

		if (!chain || !sees_input(rules, chain))
			continue;
		fate = walk(rules, chain_of(chain, "name"), port, 0);
		if (fate == FATE_DROPPED ||
		    (fate != FATE_ACCEPTED && fate != FATE_HIDDEN &&
		     !strcmp(string(chain, "policy"), "drop")))
			return VERDICT_CLOSED;
		if (fate == FATE_HIDDEN)
			verdict = VERDICT_UNKNOWN;
	}
	return verdict;
}

static bool blocks(const struct ruleset *rules, int port)
{
	return judge(rules, port) != VERDICT_OPEN;
}

void hs_nftables_judge(const char *json, size_t length,
		       const struct settings *settings,
		       struct firewall_facts *facts)
{
	json_t *top = json_loadb(json, length, 0, NULL);
	struct ruleset rules = {json_object_get(top, "nftables")};

	if (!json_is_array(rules.objects)) {
		facts->unknown = true;
		facts->detail = hs_strdup("its rules cannot be read");
		json_decref(top);
		return;
	}
	hs_firewall_note(settings, judge, &rules, facts);
	/* port 0 stands for any that no rule names */
	facts->active = blocks(&rules, 0) ||
			blocks(&rules, settings->http_port) ||
			blocks(&rules, settings->https_port);
	if (facts->active)
		facts->detail = hs_strdup(
			blocks(&rules, 0) ? "ports are closed by default"
					  : "ports are open by default");
	json_decref(top);
}

static int detect(const struct root *root, const struct settings *settings,
		  struct firewall_facts *ret_facts, struct error *err)
{
	hs_auto_free char *program = hs_run_find("nft");
	hs_auto_run_result struct run_result result = {0};
	struct run run = {
		.argv = (const char *const[]){program, "-j", "list", "ruleset",
					      NULL},
		.timeout_ms = TIMEOUT_MS,
		.output_max = OUTPUT_MAX,
	};

	(void)root;
	(void)err;
	if (!program)
		return 0;
	ret_facts->id = hs_nftables.id;
	ret_facts->title = hs_nftables.title;
	if (hs_run(&run, &result, NULL) || result.status) {
		ret_facts->unknown = true;
		ret_facts->detail =
			hs_strdup("its rules cannot be read by this user");
		return 0;
	}
	hs_nftables_judge(hs_str_text(&result.out), result.out.len, settings,
			  ret_facts);
	return 0;
}

const struct firewall_ops hs_nftables = {
	.id = "nftables",
	.title = "nftables",
	.detect = detect,
};
