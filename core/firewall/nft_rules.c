#include "core/firewall/nft_rules.h"

#include <string.h>

#include "core/base/i18n.h"

#define DEPTH_MAX 16

/* What is judged, and for whom. */
struct judging {
	const struct ruleset *rules;
	const struct stranger *stranger;
	const char *family, *table; /* of the rule */
	struct walk *walk;
};

/* Whether a condition holds for the stranger. */
enum answer { NO, YES, UNSURE };

const char *hs_nft_string(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

#define string hs_nft_string

static enum answer answer(bool yes)
{
	return yes ? YES : NO;
}

/* The elements of a set or map of the rule's table. */
static json_t *find_set(const struct judging *judging, const char *name)
{
	HS_EACH(set, &judging->rules->sets) {
		if (!strcmp(string(*set, "name"), name) &&
		    !strcmp(string(*set, "table"), judging->table) &&
		    !strcmp(string(*set, "family"), judging->family))
			return json_object_get(*set, "elem");
	}
	return NULL;
}

/* One field of the packet against one value. */

static enum answer is_port(const struct judging *judging, const json_t *value)
{
	json_t *range = json_object_get(value, "range");
	int port = judging->stranger->port;

	if (range)
		return answer(
			port >= json_integer_value(json_array_get(range, 0)) &&
			port <= json_integer_value(json_array_get(range, 1)));
	return answer(json_is_integer(value) &&
		      json_integer_value(value) == port);
}

static enum answer is_tcp(const struct judging *judging, const json_t *value)
{
	const char *text = json_string_value(value);

	(void)judging;
	return answer(text ? !strcmp(text, "tcp")
			   : json_integer_value(value) == 6);
}

static enum answer is_tcp_of_v4(const struct judging *judging,
				const json_t *value)
{
	return judging->stranger->ipv6 ? UNSURE : is_tcp(judging, value);
}

static enum answer is_tcp_of_v6(const struct judging *judging,
				const json_t *value)
{
	return judging->stranger->ipv6 ? is_tcp(judging, value) : UNSURE;
}

static enum answer is_new(const struct judging *judging, const json_t *value)
{
	const char *text = json_string_value(value);

	(void)judging;
	return answer(text && !strcmp(text, "new"));
}

/* "eth0", "eth*" */
static enum answer is_way_in(const struct judging *judging, const json_t *value)
{
	const char *text = json_string_value(value);
	const char *interface = judging->stranger->interface;
	size_t length = text ? strlen(text) : 0;

	if (length && text[length - 1] == '*')
		return answer(!strncmp(interface, text, length - 1));
	return answer(text && !strcmp(interface, text));
}

static enum answer is_family(const struct judging *judging, const json_t *value)
{
	const char *text = json_string_value(value);

	if (!text)
		return UNSURE;
	if (!strcmp(text, "ipv6") || !strcmp(text, "ip6"))
		return answer(judging->stranger->ipv6);
	return answer(!judging->stranger->ipv6 &&
		      (!strcmp(text, "ipv4") || !strcmp(text, "ip")));
}

/* An address: a stranger has another one. */
static enum answer is_elsewhere_v4(const struct judging *judging,
				   const json_t *value)
{
	(void)value;
	return judging->stranger->ipv6 ? UNSURE : NO;
}

static enum answer is_elsewhere_v6(const struct judging *judging,
				   const json_t *value)
{
	(void)value;
	return judging->stranger->ipv6 ? NO : UNSURE;
}

/* What comes in here is for this machine. */
static enum answer is_local(const struct judging *judging, const json_t *value)
{
	const char *text = json_string_value(value);

	(void)judging;
	return answer(text && !strcmp(text, "local"));
}

/* A new connection begins with SYN alone. */
static enum answer is_syn(const struct judging *judging, const json_t *value)
{
	const char *text = json_string_value(value);

	(void)judging;
	return answer(text && !strcmp(text, "syn"));
}

/* A packet of another protocol altogether. */
static enum answer is_other(const struct judging *judging, const json_t *value)
{
	(void)judging;
	(void)value;
	return UNSURE;
}

static const struct field {
	const char *kind, *protocol, *key, *name;
	enum answer (*is)(const struct judging *judging, const json_t *value);
} fields[] = {
	{"payload", "tcp", "field", "dport", is_port},
	{"payload", "th", "field", "dport", is_port},
	{"payload", "udp", "field", "dport", is_other},
	{"payload", "tcp", "field", "flags", is_syn},
	{"payload", "ip", "field", "protocol", is_tcp_of_v4},
	{"payload", "ip6", "field", "nexthdr", is_tcp_of_v6},
	{"payload", "ip", "field", "saddr", is_elsewhere_v4},
	{"payload", "ip", "field", "daddr", is_elsewhere_v4},
	{"payload", "ip6", "field", "saddr", is_elsewhere_v6},
	{"payload", "ip6", "field", "daddr", is_elsewhere_v6},
	{"meta", NULL, "key", "l4proto", is_tcp},
	{"meta", NULL, "key", "nfproto", is_family},
	{"meta", NULL, "key", "protocol", is_family},
	{"meta", NULL, "key", "iifname", is_way_in},
	{"meta", NULL, "key", "iif", is_way_in},
	{"ct", NULL, "key", "state", is_new},
	{"fib", NULL, "result", "type", is_local},
};

static const struct field *find_field(const json_t *left)
{
	json_t *masked = json_object_get(left, "&");

	if (masked)
		left = json_array_get(masked, 0);
	for (size_t i = 0; i < HS_LENGTH(fields); i++) {
		const struct field *field = &fields[i];
		json_t *of = json_object_get(left, field->kind);

		if (of && !strcmp(string(of, field->key), field->name) &&
		    (!field->protocol ||
		     !strcmp(string(of, "protocol"), field->protocol)))
			return field;
	}
	return NULL;
}

static enum answer fits(const struct judging *judging, const json_t *left,
			const json_t *right, int depth);

static enum answer fits_any(const struct judging *judging, const json_t *left,
			    const json_t *list, int depth)
{
	enum answer best = NO;
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		enum answer one = fits(judging, left, item, depth + 1);

		if (one == YES)
			return YES;
		best = one == UNSURE ? UNSURE : best;
	}
	return best;
}

static enum answer fits_all(const struct judging *judging, const json_t *left,
			    const json_t *right, int depth)
{
	enum answer worst = YES;
	json_t *item;
	size_t i;

	json_array_foreach(left, i, item)
	{
		enum answer one = fits(judging, item, json_array_get(right, i),
				       depth + 1);

		if (one == NO)
			return NO;
		worst = one == UNSURE ? UNSURE : worst;
	}
	return worst;
}

/* A field against 443, {"range":[1,9]}, {"set":[...]}, a list,
 * {"elem":{"val":...}}, "@name"; several fields against as many values. */
static enum answer fits(const struct judging *judging, const json_t *left,
			const json_t *right, int depth)
{
	const struct field *field = find_field(left);
	json_t *set = json_object_get(right, "set");
	json_t *element = json_object_get(right, "elem");
	const char *text = json_string_value(right);

	if (depth > DEPTH_MAX)
		return UNSURE;
	if (text && *text == '@')
		return fits_any(judging, left, find_set(judging, text + 1),
				depth);
	if (set || json_is_array(right))
		return fits_any(judging, left, set ? set : right, depth);
	if (element)
		return fits(judging, left, json_object_get(element, "val"),
			    depth + 1);
	if (json_object_get(left, "concat"))
		return fits_all(judging, json_object_get(left, "concat"),
				json_object_get(right, "concat"), depth);
	return field ? field->is(judging, right) : UNSURE;
}

static bool holds(const struct judging *judging, const json_t *match)
{
	const char *op = string(match, "op");
	enum answer is = fits(judging, json_object_get(match, "left"),
			      json_object_get(match, "right"), 0);

	if (!strcmp(op, "!="))
		return is == NO;
	if (!strcmp(op, "==") || !strcmp(op, "in"))
		return is == YES;
	return false;
}

/* What a statement does, when it is reached. */

static const struct deed {
	const char *name;
	enum act act;
} deeds[] = {
	{"accept", ACT_ACCEPT},
	{"drop", ACT_DROP},
	{"reject", ACT_DROP},
	{"return", ACT_RETURN},
	{"jump", ACT_JUMP},
	{"goto", ACT_GOTO},
	/* what iptables put there cannot be seen through */
	{"xt", ACT_HIDDEN},
	{"queue", ACT_HIDDEN},
	{"synproxy", ACT_HIDDEN},
	{"tproxy", ACT_HIDDEN},
};

/* Those that hold for some packets only. */
static const char *const counts[] = {"limit", "ct count", "quota", "meter"};

static const struct deed *find_deed(const json_t *statement)
{
	for (size_t i = 0; i < HS_LENGTH(deeds); i++) {
		if (json_object_get(statement, deeds[i].name))
			return &deeds[i];
	}
	return NULL;
}

static bool is_counting(const json_t *statement)
{
	for (size_t i = 0; i < HS_LENGTH(counts); i++) {
		if (json_object_get(statement, counts[i]))
			return true;
	}
	return false;
}

static char *key_of(const char *family, const char *table, const char *name)
{
	return hs_format("%s %s %s", family, table, name);
}

/* The chain that a jump leads to, or NULL. */
static char *target_of(const struct judging *judging, const json_t *statement)
{
	json_t *jump = json_object_get(statement, "jump");

	jump = jump ? jump : json_object_get(statement, "goto");
	return jump ? key_of(judging->family, judging->table,
			     string(jump, "target"))
		    : NULL;
}

/* The pairs of a verdict map. */
static json_t *pairs_of(const struct judging *judging, const json_t *vmap)
{
	json_t *data = json_object_get(vmap, "data");
	const char *text = json_string_value(data);

	if (text && *text == '@')
		return find_set(judging, text + 1);
	return json_object_get(data, "set");
}

/* The verdict of the map for the stranger, or NULL. */
static json_t *look_up(const struct judging *judging, const json_t *vmap)
{
	json_t *key = json_object_get(vmap, "key"), *pair;
	size_t i;

	json_array_foreach(pairs_of(judging, vmap), i, pair)
	{
		if (fits(judging, key, json_array_get(pair, 0), 0) == YES)
			return json_array_get(pair, 1);
	}
	return NULL;
}

static void note_target(const struct judging *judging, struct walk_chain *chain,
			const json_t *statement)
{
	hs_auto_free char *target = target_of(judging, statement);

	if (target)
		hs_strings_add(&chain->targets, target);
}

/* Wherever the rule may lead some packet. */
static void note_targets(const struct judging *judging,
			 struct walk_chain *chain, const json_t *statements)
{
	json_t *statement, *pair;
	size_t i, k;

	json_array_foreach(statements, i, statement)
	{
		json_t *vmap = json_object_get(statement, "vmap");

		note_target(judging, chain, statement);
		json_array_foreach(pairs_of(judging, vmap), k, pair)
			note_target(judging, chain, json_array_get(pair, 1));
	}
}

static void obey(const struct judging *judging, const json_t *statements,
		 struct walk_rule *rule)
{
	json_t *statement;
	size_t i;

	json_array_foreach(statements, i, statement)
	{
		json_t *match = json_object_get(statement, "match");
		json_t *vmap = json_object_get(statement, "vmap");
		const struct deed *deed;

		if ((match && !holds(judging, match)) || is_counting(statement))
			return;
		if (vmap)
			statement = look_up(judging, vmap);
		deed = statement ? find_deed(statement) : NULL;
		if (!deed)
			continue;
		rule->act = deed->act;
		rule->target = target_of(judging, statement);
		return;
	}
}

/* Whose the chains are: those of firewalld and iptables (and with these ufw's)
 * are looked at elsewhere. */
static bool is_foreign(const char *family, const char *table, const char *chain)
{
	return !strcmp(table, "firewalld") ||
	       (strcmp(family, "inet") &&
		(!strcmp(chain, "INPUT") || !strcmp(chain, "PREROUTING")));
}

bool hs_nft_sees_input(const json_t *chain)
{
	const char *hook = string(chain, "hook");

	return (!strcmp(hook, "input") || !strcmp(hook, "prerouting")) &&
	       !strcmp(string(chain, "type"), "filter") &&
	       !is_foreign(string(chain, "family"), string(chain, "table"),
			   string(chain, "name"));
}

/* Whether the stranger's packets come by that family's tables. */
static bool is_of(const char *family, const struct stranger *stranger)
{
	return !strcmp(family, "inet") ||
	       !strcmp(family, stranger->ipv6 ? "ip6" : "ip");
}

static void add_chain(const struct judging *judging, const json_t *chain)
{
	const char *family = string(chain, "family");
	hs_auto_free char *key =
		key_of(family, string(chain, "table"), string(chain, "name"));
	enum hook hook = *string(chain, "hook") ? HOOK_OTHER : HOOK_NONE;

	if (hs_nft_sees_input(chain) && is_of(family, judging->stranger))
		hook = HOOK_INPUT;
	hs_walk_add(judging->walk, key, hook,
		    strcmp(string(chain, "policy"), "drop") ? ACT_ACCEPT
							    : ACT_DROP);
}

static void add_rule(struct judging *judging, const json_t *rule)
{
	json_t *statements = json_object_get(rule, "expr");
	hs_auto_free char *key = NULL;
	struct walk_chain *chain;
	struct walk_rule *added;

	judging->family = string(rule, "family");
	judging->table = string(rule, "table");
	key = key_of(judging->family, judging->table, string(rule, "chain"));
	chain = hs_walk_find(judging->walk, key);
	if (!chain)
		return;
	added = HS_GROW(&chain->rules);
	*added = (struct walk_rule){.handle = (long)json_integer_value(
					    json_object_get(rule, "handle"))};
	note_targets(judging, chain, statements);
	obey(judging, statements, added);
}

/* Chains come before the rules of their table, tables one by one. */
void hs_ruleset_walk(const struct ruleset *rules,
		     const struct stranger *stranger, struct walk *ret_walk)
{
	struct judging judging = {
		.rules = rules, .stranger = stranger, .walk = ret_walk};
	json_t *object, *part;
	size_t i;

	*ret_walk = (struct walk){0};
	json_array_foreach(rules->objects, i, object)
	{
		if ((part = json_object_get(object, "chain")))
			add_chain(&judging, part);
	}
	json_array_foreach(rules->objects, i, object)
	{
		if ((part = json_object_get(object, "rule")))
			add_rule(&judging, part);
	}
}

enum verdict hs_ruleset_judge(const struct ruleset *rules,
			      const struct ways_in *ways, int port,
			      struct walk_places *places)
{
	enum verdict verdict = VERDICT_OPEN;

	HS_EACH(way, ways) {
		const struct stranger stranger = {way->interface, way->ipv6,
						  port};
		hs_auto_walk struct walk walk;
		enum verdict one;

		hs_ruleset_walk(rules, &stranger, &walk);
		one = hs_walk_judge(&walk, places);
		if (one == VERDICT_CLOSED || verdict == VERDICT_OPEN)
			verdict = one;
	}
	return verdict;
}

/* The ruleset and the ways in, as hs_firewall_note() hands them on. */
struct seen {
	const struct ruleset *rules;
	const struct ways_in *ways;
};

static enum verdict judge_seen(const void *context, int port)
{
	const struct seen *seen = context;

	return hs_ruleset_judge(seen->rules, seen->ways, port, NULL);
}

void hs_ruleset_note(const struct ruleset *rules, const struct ways_in *ways,
		     const struct settings *settings,
		     struct firewall_facts *facts)
{
	const struct seen seen = {rules, ways};
	/* port 0 stands for any that no rule names */
	bool closed = judge_seen(&seen, 0) != VERDICT_OPEN;

	hs_firewall_note(settings, judge_seen, &seen, facts);
	facts->active = closed || !facts->open_http || !facts->open_https;
	if (facts->active)
		facts->detail =
			hs_strdup(closed ? _("ports are closed by default")
					 : _("ports are open by default"));
}

int hs_ruleset_parse(const char *json, size_t length, struct ruleset *ret_rules)
{
	size_t i;
	json_t *object, *set;

	*ret_rules = (struct ruleset){.top = json_loadb(json, length, 0, NULL)};
	ret_rules->objects = json_object_get(ret_rules->top, "nftables");
	if (!json_is_array(ret_rules->objects)) {
		hs_ruleset_done(ret_rules);
		return -1;
	}
	json_array_foreach(ret_rules->objects, i, object)
	{
		set = json_object_get(object, "set");
		set = set ? set : json_object_get(object, "map");
		if (set)
			HS_PUSH(&ret_rules->sets, set);
	}
	return 0;
}

void hs_ruleset_done(struct ruleset *rules)
{
	HS_ARRAY_FREE(&rules->sets);
	json_decref(rules->top);
	*rules = (struct ruleset){0};
}
