/*
 * nftables by its own program, nft(8): one transaction for each change, in
 * JSON (libnftables-json(5)), so that no name is ever quoted wrongly.  A rule
 * that is not for good yet matches a set of its own, whose element the kernel
 * takes out when its time is over.
 */
#include <ctype.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/firewall/nft_rules.h"

static int list(struct ruleset *ret_rules, struct error *err)
{
	hs_auto_str struct str out = {0};

	*ret_rules = (struct ruleset){0};
	if (hs_firewall_run(
		    (const char *const[]){"nft", "-j", "list", "ruleset", NULL},
		    NULL, &out, err))
		return -1;
	if (hs_ruleset_parse(hs_str_text(&out), out.len, ret_rules))
		return hs_fail(err, HS_FAILED,
			       "nft wrote rules that cannot be read");
	return 0;
}

static int detect(const struct root *root, const struct settings *settings,
		  struct firewall_facts *ret_facts, struct error *err)
{
	hs_auto_free char *program = hs_run_find("nft");
	hs_auto_ruleset struct ruleset rules = {0};
	hs_auto_ways_in struct ways_in ways = {0};

	(void)root;
	(void)err;
	if (!program)
		return 0;
	ret_facts->id = hs_nftables.id;
	ret_facts->title = hs_nftables.title;
	if (list(&rules, NULL)) {
		ret_facts->unknown = true;
		ret_facts->detail =
			hs_strdup(_("its rules cannot be read by this user"));
		return 0;
	}
	hs_ways_in(&ways);
	hs_ruleset_note(&rules, &ways, settings, ret_facts);
	return 0;
}

static enum verdict judge(int port)
{
	hs_auto_ruleset struct ruleset rules = {0};
	hs_auto_ways_in struct ways_in ways = {0};

	if (list(&rules, NULL))
		return VERDICT_UNKNOWN;
	hs_ways_in(&ways);
	return hs_ruleset_judge(&rules, &ways, port, NULL);
}

/* A set's name holds letters, digits and underscores only. */
static char *set_name(const char *tag)
{
	char *name = hs_strdup(tag);

	for (char *at = name; *at; at++) {
		if (!isalnum((unsigned char)*at))
			*at = '_';
	}
	return name;
}

/* A transaction being written. */

static json_t *begin_batch(void)
{
	return json_pack("{s:[]}", "nftables");
}

/* Takes the object over. */
static void add_command(json_t *batch, const char *verb, const char *kind,
			json_t *object)
{
	json_array_append_new(json_object_get(batch, "nftables"),
			      json_pack("{s:{s:o}}", verb, kind, object));
}

static int commit(json_t *batch, struct error *err)
{
	hs_auto_free char *text = json_dumps(batch, JSON_COMPACT);
	const struct str input = {text, strlen(text), 0};

	json_decref(batch);
	return hs_firewall_run(
		(const char *const[]){"nft", "-j", "-f", "-", NULL}, &input,
		NULL, err);
}

/* The table in whose chain the rule shall stand, and the rule itself. */
struct spot {
	const char *family, *table, *chain;
	long handle; /* of the rule it comes before, -1: it comes last,
			0: it comes first */
};

/* "family table chain", which is cut into its words. */
static struct spot spot_of(const struct walk_place *place)
{
	struct spot spot = {.handle = place->handle};
	char *rest = place->chain;

	spot.family = strsep(&rest, " ");
	spot.table = rest ? strsep(&rest, " ") : "";
	spot.chain = rest ? rest : "";
	return spot;
}

/* Where a chain or a rule is. */
static struct spot spot_in(const json_t *object, const char *chain_key,
			   long handle)
{
	return (struct spot){hs_nft_string(object, "family"),
			     hs_nft_string(object, "table"),
			     hs_nft_string(object, chain_key), handle};
}

/* `ports`: 443, or "@set". Takes it over. */
static json_t *make_rule(const struct spot *spot,
			 const struct firewall_rule *rule, json_t *ports)
{
	json_t *object = json_pack(
		"{s:s,s:s,s:s,s:s,s:[{s:{s:s,s:{s:{s:s,s:s}},s:o}},{s:n}]}",
		"family", spot->family, "table", spot->table, "chain",
		spot->chain, "comment", rule->tag, "expr", "match", "op",
		"==", "left", "payload", "protocol", "tcp", "field", "dport",
		"right", ports, rule->shuts ? "drop" : "accept");

	if (spot->handle > 0)
		json_object_set_new(object, "handle",
				    json_integer(spot->handle));
	return object;
}

static json_t *make_set(const struct spot *spot, const char *name)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:[s]}", "family", spot->family,
			 "table", spot->table, "name", name, "type",
			 "inet_service", "flags", "timeout");
}

static json_t *make_element(const struct spot *spot, const char *name, int port,
			    int seconds)
{
	return json_pack("{s:s,s:s,s:s,s:[{s:{s:i,s:i}}]}", "family",
			 spot->family, "table", spot->table, "name", name,
			 "elem", "elem", "val", port, "timeout", seconds);
}

static void add_at(json_t *batch, const struct spot *spot,
		   const struct firewall_rule *rule, int seconds)
{
	hs_auto_free char *name = set_name(rule->tag);
	hs_auto_free char *reference = hs_format("@%s", name);
	json_t *ports;

	if (seconds > 0) {
		add_command(batch, "add", "set", make_set(spot, name));
		add_command(batch, "add", "element",
			    make_element(spot, name, rule->port, seconds));
		ports = json_string(reference);
	} else {
		ports = json_integer(rule->port);
	}
	add_command(batch, spot->handle < 0 ? "add" : "insert", "rule",
		    make_rule(spot, rule, ports));
}

/* To let in: before each verdict that shuts out. */
static void add_openings(json_t *batch, const struct ruleset *rules,
			 const struct ways_in *ways,
			 const struct firewall_rule *rule, int seconds)
{
	hs_auto_walk_places struct walk_places places = {0};

	hs_ruleset_judge(rules, ways, rule->port, &places);
	HS_EACH(place, &places) {
		const struct spot spot = spot_of(place);

		add_at(batch, &spot, rule, seconds);
	}
}

/* To shut out: first in each chain that sees what comes in. */
static void add_shutters(json_t *batch, const struct ruleset *rules,
			 const struct firewall_rule *rule, int seconds)
{
	json_t *object;
	size_t i;

	json_array_foreach(rules->objects, i, object)
	{
		json_t *chain = json_object_get(object, "chain");

		if (chain && hs_nft_sees_input(chain)) {
			const struct spot spot = spot_in(chain, "name", 0);

			add_at(batch, &spot, rule, seconds);
		}
	}
}

static int add(const struct firewall_rule *rule, int seconds, struct error *err)
{
	hs_auto_ruleset struct ruleset rules = {0};
	hs_auto_ways_in struct ways_in ways = {0};
	json_t *batch;

	if (list(&rules, err))
		return -1;
	hs_ways_in(&ways);
	batch = begin_batch();
	if (rule->shuts)
		add_shutters(batch, &rules, rule, seconds);
	else
		add_openings(batch, &rules, &ways, rule, seconds);
	return commit(batch, err);
}

static bool is_ours(const json_t *object, const struct firewall_rule *rule)
{
	return object && !strcmp(hs_nft_string(object, "comment"), rule->tag);
}

/* Our set in that table is not needed any more. */
static void drop_set(json_t *batch, const json_t *table, const char *name)
{
	add_command(batch, "delete", "set",
		    json_pack("{s:s,s:s,s:s}", "family",
			      hs_nft_string(table, "family"), "table",
			      hs_nft_string(table, "table"), "name", name));
}

static void drop_sets(json_t *batch, const struct ruleset *rules,
		      const struct firewall_rule *rule)
{
	hs_auto_free char *name = set_name(rule->tag);

	HS_EACH(set, &rules->sets) {
		if (!strcmp(hs_nft_string(*set, "name"), name))
			drop_set(batch, *set, name);
	}
}

/* Ours, with the port itself in place of the set. */
static json_t *settled(const json_t *found, const struct firewall_rule *rule)
{
	const struct spot spot = spot_in(
		found, "chain",
		(long)json_integer_value(json_object_get(found, "handle")));

	return make_rule(&spot, rule, json_integer(rule->port));
}

static json_t *doomed(const json_t *found)
{
	return json_pack("{s:s,s:s,s:s,s:I}", "family",
			 hs_nft_string(found, "family"), "table",
			 hs_nft_string(found, "table"), "chain",
			 hs_nft_string(found, "chain"), "handle",
			 json_integer_value(json_object_get(found, "handle")));
}

/* Deletes every rule with our tag, or makes it one for good; in *ret_count how
 * many there were. */
static int change_ours(const struct firewall_rule *rule, bool settles,
		       size_t *ret_count, struct error *err)
{
	hs_auto_ruleset struct ruleset rules = {0};
	json_t *batch, *object;
	size_t i;

	*ret_count = 0;
	if (list(&rules, err))
		return -1;
	batch = begin_batch();
	json_array_foreach(rules.objects, i, object)
	{
		json_t *found = json_object_get(object, "rule");

		if (!is_ours(found, rule))
			continue;
		++*ret_count;
		if (settles)
			add_command(batch, "replace", "rule",
				    settled(found, rule));
		else
			add_command(batch, "delete", "rule", doomed(found));
	}
	drop_sets(batch, &rules, rule);
	if (json_array_size(json_object_get(batch, "nftables")))
		return commit(batch, err);
	json_decref(batch);
	return 0;
}

/* Somebody may have loaded the rules anew meanwhile. */
static int settle(const struct firewall_rule *rule, struct error *err)
{
	size_t count;

	if (change_ours(rule, true, &count, err))
		return -1;
	return count ? 0 : add(rule, 0, err);
}

static int remove_rule(const struct firewall_rule *rule, struct error *err)
{
	size_t count;

	return change_ours(rule, false, &count, err);
}

/* "inet filter input, ip6 filter input": where it would go. */
static char *place(const struct firewall_rule *rule)
{
	hs_auto_ruleset struct ruleset rules = {0};
	hs_auto_ways_in struct ways_in ways = {0};
	hs_auto_walk_places struct walk_places places = {0};
	struct str text = {0};

	if (rule->shuts || list(&rules, NULL))
		return NULL;
	hs_ways_in(&ways);
	hs_ruleset_judge(&rules, &ways, rule->port, &places);
	HS_EACH(at, &places)
		hs_str_printf(&text, "%s%s", text.len ? ", " : "", at->chain);
	return text.len ? hs_str_take(&text) : NULL;
}

/* As an operator would write it. */
static void describe(const struct firewall_rule *rule, struct strings *ret_argv)
{
	hs_auto_free char *chain = place(rule);
	hs_auto_free char *port = hs_format("%d", rule->port);
	const char *const argv[] = {
		"nft",	   "insert",
		"rule",	   chain ? chain : N_("(each input chain)"),
		"tcp",	   "dport",
		port,	   rule->shuts ? "drop" : "accept",
		"comment", rule->tag,
		NULL};

	hs_firewall_say(ret_argv, argv);
}

const struct firewall_ops hs_nftables = {
	.id = "nftables",
	.title = "nftables",
	.detect = detect,
	.judge = judge,
	.describe = describe,
	.place = place,
	.add = add,
	.settle = settle,
	.remove = remove_rule,
	.persistence =
		N_("after a restart it is gone unless /etc/nftables.conf, or "
		   "whatever loads the rules here, has it as well"),
};
