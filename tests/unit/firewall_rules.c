/*
 * Packet filters: which verdict decides about a stranger, and where a rule of
 * ours has to stand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "core/firewall/ipt_rules.h"
#include "core/firewall/nft_rules.h"

/* One ruleset, one port, what is wanted: a verdict, and the places that shut
 * the stranger out, "chain handle" each, " | " between. */
struct rules_case {
	const char *rules;
	int port;
	enum verdict verdict;
	const char *places;
};

static struct way_in ways_of_two[] = {
	{(char[]){"eth0"}, false},
	{(char[]){"eth0"}, true},
};
static const struct ways_in two_ways = {ways_of_two, 2, 2};

static char *places_text(const struct walk_places *places)
{
	struct str text = {0};

	HS_EACH(place, places)
		hs_str_printf(&text, "%s%s %ld", text.len ? " | " : "",
			      place->chain, place->handle);
	return hs_str_take(&text);
}

/* nftables */

#define IN(family, table) "\"family\":\"" family "\",\"table\":\"" table "\","
#define BASE(family, name, hook, policy)                                       \
	"{\"chain\":{" IN(family, "t") "\"name\":\"" name                      \
				       "\",\"hook\":\"" hook                   \
				       "\",\"type\":\"filter\",\"prio\":0,"    \
				       "\"policy\":\"" policy "\"}},"
#define CHAIN(name) "{\"chain\":{" IN("inet", "t") "\"name\":\"" name "\"}},"
#define RULE_IN(family, chain, handle, expr)                                   \
	"{\"rule\":{" IN(family, "t") "\"chain\":\"" chain                     \
				      "\",\"handle\":" handle                  \
				      ",\"expr\":[" expr "]}},"
#define RULE(chain, handle, expr) RULE_IN("inet", chain, handle, expr)
#define INPUT BASE("inet", "in", "input", "drop")
#define OPEN_INPUT BASE("inet", "in", "input", "accept")
#define MATCH(op, left, right)                                                 \
	"{\"match\":{\"op\":\"" op "\",\"left\":" left ",\"right\":" right "}},"
#define FIELD(protocol, name)                                                  \
	"{\"payload\":{\"protocol\":\"" protocol "\",\"field\":\"" name "\"}}"
#define META(key) "{\"meta\":{\"key\":\"" key "\"}}"
#define DPORT(port) MATCH("==", FIELD("tcp", "dport"), port)
#define JUMP(chain) "{\"jump\":{\"target\":\"" chain "\"}}"
#define GOTO(chain) "{\"goto\":{\"target\":\"" chain "\"}}"
#define VMAP(key, pairs)                                                       \
	"{\"vmap\":{\"key\":" key ",\"data\":{\"set\":[" pairs "]}}}"
#define ACCEPT "{\"accept\":null}"
#define DROP "{\"drop\":null}"
#define RETURN "{\"return\":null}"
#define REJECT "{\"reject\":{\"type\":\"tcp reset\"}}"
#define STATE "{\"ct\":{\"key\":\"state\"}}"
#define SYN_OF                                                                 \
	"{\"&\":[" FIELD("tcp", "flags") ",[\"fin\",\"syn\",\"rst\",\"ack\"]]}"

static const struct rules_case nft_cases[] = {
	{INPUT, 443, VERDICT_CLOSED, "inet t in -1"},
	{OPEN_INPUT, 443, VERDICT_OPEN, ""},
	{INPUT RULE("in", "2", DPORT("443") ACCEPT), 443, VERDICT_OPEN, ""},
	/* a drop at the end, whatever the policy */
	{OPEN_INPUT RULE("in", "2", DPORT("22") ACCEPT)
		 RULE("in", "7", "{\"counter\":null}," DROP),
	 443, VERDICT_CLOSED, "inet t in 7"},
	{OPEN_INPUT RULE("in", "7", REJECT), 443, VERDICT_CLOSED,
	 "inet t in 7"},
	/* what comes behind the verdict does not count */
	{OPEN_INPUT RULE("in", "7", DROP) RULE("in", "8", DPORT("443") ACCEPT),
	 443, VERDICT_CLOSED, "inet t in 7"},
	/* down the chains, to the rule that says it */
	{INPUT CHAIN("a") CHAIN("b") RULE("in", "2", JUMP("a"))
		 RULE("a", "3", DPORT("22") ACCEPT) RULE("a", "4", GOTO("b"))
			 RULE("b", "5", DROP),
	 443, VERDICT_CLOSED, "inet t b 5"},
	/* a chain gone to does not come back: the policy decides, and only
	 * before the goto can anything be done */
	{INPUT CHAIN("a") RULE("in", "2", GOTO("a"))
		 RULE("a", "3", DPORT("22") ACCEPT),
	 443, VERDICT_CLOSED, "inet t in 2"},
	{INPUT RULE("in", "2", RETURN), 443, VERDICT_CLOSED, "inet t in 2"},
	{INPUT CHAIN("a") RULE("in", "2", JUMP("a")) RULE("a", "3", RETURN),
	 443, VERDICT_CLOSED, "inet t in -1"},
	/* shared with packets that pass through: not there */
	{INPUT BASE("inet", "fwd", "forward",
		    "accept") CHAIN("no") RULE("in", "2", JUMP("no"))
		 RULE("fwd", "3", DPORT("1") JUMP("no")) RULE("no", "4", DROP),
	 443, VERDICT_CLOSED, "inet t in 2"},
	/* verdict maps */
	{INPUT RULE("in", "2",
		    VMAP(FIELD("tcp", "dport"),
			 "[22,{\"accept\":null}],[443,{\"accept\":null}]")),
	 443, VERDICT_OPEN, ""},
	{OPEN_INPUT CHAIN("a")
		 RULE("in", "2",
		      VMAP(META("iifname"), "[\"lo\",{\"accept\":null}],"
					    "[\"eth0\"," JUMP("a") "]"))
			 RULE("a", "3", DROP),
	 443, VERDICT_CLOSED, "inet t a 3"},
	{INPUT RULE("in", "2",
		    VMAP(STATE, "[\"established\",{\"accept\":null}],"
				"[\"invalid\",{\"drop\":null}]")),
	 443, VERDICT_CLOSED, "inet t in -1"},
	/* interfaces */
	{INPUT RULE("in", "2", MATCH("==", META("iifname"), "\"eth*\"") ACCEPT),
	 443, VERDICT_OPEN, ""},
	{INPUT RULE("in", "2", MATCH("==", META("iifname"), "\"wg0\"") ACCEPT),
	 443, VERDICT_CLOSED, "inet t in -1"},
	{OPEN_INPUT RULE("in", "2", MATCH("!=", META("iif"), "\"lo\"") DROP),
	 443, VERDICT_CLOSED, "inet t in 2"},
	/* addresses: a stranger's is another */
	{OPEN_INPUT RULE("in", "2",
			 MATCH("!=", FIELD("ip", "saddr"), "\"10.0.0.1\"")
				 DROP),
	 443, VERDICT_CLOSED, "inet t in 2"},
	{INPUT RULE("in", "2",
		    MATCH("==", FIELD("ip", "saddr"), "\"10.0.0.1\"") ACCEPT),
	 443, VERDICT_CLOSED, "inet t in -1"},
	/* a new connection begins with SYN */
	{OPEN_INPUT RULE("in", "2", MATCH("!=", SYN_OF, "\"syn\"") DROP), 443,
	 VERDICT_OPEN, ""},
	/* rates, counts: for some packets only */
	{INPUT RULE("in", "2", "{\"limit\":{\"rate\":1}}," ACCEPT), 443,
	 VERDICT_CLOSED, "inet t in -1"},
	{OPEN_INPUT RULE("in", "2", "{\"ct count\":{\"val\":9}}," DROP), 443,
	 VERDICT_OPEN, ""},
	/* one family only */
	{BASE("ip", "in", "input", "accept") BASE("ip6", "in", "input", "drop"),
	 443, VERDICT_CLOSED, "ip6 t in -1"},
	{INPUT RULE("in", "2", MATCH("==", META("nfproto"), "\"ipv4\"") ACCEPT),
	 443, VERDICT_CLOSED, "inet t in -1"},
	/* several chains on the way: all must let it in */
	{INPUT BASE("inet", "raw", "prerouting", "accept")
		 RULE("in", "2", DPORT("443") ACCEPT) RULE("raw", "3", DROP),
	 443, VERDICT_CLOSED, "inet t raw 3"},
	{INPUT BASE("ip", "in", "input", "drop"), 443, VERDICT_CLOSED,
	 "inet t in -1 | ip t in -1"},
	/* ports */
	{INPUT RULE("in", "2",
		    DPORT("{\"set\":[80,{\"range\":[400,500]}]}") ACCEPT),
	 443, VERDICT_OPEN, ""},
	{OPEN_INPUT RULE("in", "2",
			 MATCH("!=", FIELD("tcp", "dport"), "{\"set\":[22]}")
				 DROP),
	 443, VERDICT_CLOSED, "inet t in 2"},
	{OPEN_INPUT RULE("in", "2",
			 MATCH("==", FIELD("udp", "dport"), "443") DROP),
	 443, VERDICT_OPEN, ""},
	/* what cannot be told */
	{INPUT RULE("in", "2", "{\"xt\":{\"type\":\"target\"}}"), 443,
	 VERDICT_UNKNOWN, ""},
	{INPUT RULE("in", "2", JUMP("nowhere")), 443, VERDICT_UNKNOWN, ""},
};

static void check_nft(const struct rules_case *one)
{
	hs_auto_free char *json =
		hs_format("{\"nftables\":[%s{}]}", one->rules);
	hs_auto_ruleset struct ruleset rules = {0};
	hs_auto_walk_places struct walk_places places = {0};
	hs_auto_free char *text = NULL;
	enum verdict verdict;

	assert_int_equal(hs_ruleset_parse(json, strlen(json), &rules), 0);
	verdict = hs_ruleset_judge(&rules, &two_ways, one->port, &places);
	text = places_text(&places);
	if (verdict != one->verdict || strcmp(text, one->places))
		print_message("# %s: %d, %s\n", one->rules, verdict, text);
	assert_int_equal(verdict, one->verdict);
	assert_string_equal(text, one->places);
}

static void test_nft(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(nft_cases); i++)
		check_nft(&nft_cases[i]);
}

/* iptables */

#define FILTER(policy)                                                         \
	"*filter\n:INPUT " policy " [0:0]\n:FORWARD ACCEPT [0:0]\n"            \
	":OUTPUT ACCEPT [0:0]\n:mine - [0:0]\n"
#define A "-A INPUT "

static const struct rules_case ipt_cases[] = {
	{FILTER("DROP"), 443, VERDICT_CLOSED, "INPUT -1"},
	{FILTER("ACCEPT"), 443, VERDICT_OPEN, ""},
	{FILTER("DROP") A "-p tcp -m tcp --dport 443 -j ACCEPT\n", 443,
	 VERDICT_OPEN, ""},
	{FILTER("ACCEPT") A "-i lo -j ACCEPT\n" A
			    "-j REJECT --reject-with icmp-port-unreachable\n",
	 443, VERDICT_CLOSED, "INPUT 2"},
	{FILTER("DROP") A "-p tcp -m multiport --dports 80,400:500 -j "
			  "ACCEPT\n",
	 443, VERDICT_OPEN, ""},
	{FILTER("DROP") A "-p tcp -m multiport ! --dports 443 -j ACCEPT\n", 443,
	 VERDICT_CLOSED, "INPUT -1"},
	{FILTER("DROP") A "-m conntrack --ctstate RELATED,ESTABLISHED -j "
			  "ACCEPT\n",
	 443, VERDICT_CLOSED, "INPUT -1"},
	{FILTER("DROP") A "-p tcp -m conntrack --ctstate NEW -m comment "
			  "--comment \"for -j DROP \\\"all\\\"\" -j ACCEPT\n",
	 443, VERDICT_OPEN, ""},
	{FILTER("ACCEPT") A "-j mine\n-A mine -j DROP\n", 443, VERDICT_CLOSED,
	 "mine 1"},
	{FILTER("ACCEPT") A "-j mine\n-A FORWARD -j mine\n-A mine -j DROP\n",
	 443, VERDICT_CLOSED, "INPUT 1"},
	{FILTER("ACCEPT") A "-g mine\n-A mine -j RETURN\n" A "-j DROP\n", 443,
	 VERDICT_OPEN, ""},
	{FILTER("ACCEPT") A "! -i lo -j DROP\n", 443, VERDICT_CLOSED,
	 "INPUT 1"},
	{FILTER("DROP") A "-s 10.0.0.0/8 -j ACCEPT\n", 443, VERDICT_CLOSED,
	 "INPUT -1"},
	{FILTER("ACCEPT") A "! -s 10.0.0.0/8 -j DROP\n", 443, VERDICT_CLOSED,
	 "INPUT 1"},
	{FILTER("DROP") A "-m limit --limit 1/sec -j ACCEPT\n", 443,
	 VERDICT_CLOSED, "INPUT -1"},
	{FILTER("ACCEPT") A "-m recent --update --name x --rsource -j DROP\n",
	 443, VERDICT_OPEN, ""},
	{FILTER("ACCEPT") A "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN "
			    "-j DROP\n",
	 443, VERDICT_OPEN, ""},
	{FILTER("DROP") A "-j LOG --log-prefix \"in -j ACCEPT \"\n", 443,
	 VERDICT_CLOSED, "INPUT -1"},
	{FILTER("DROP") A "-j NFQUEUE --queue-num 0\n", 443, VERDICT_UNKNOWN,
	 ""},
};

static void check_ipt(const struct rules_case *one)
{
	const struct ipt_table table = {.text = (char *)(uintptr_t)one->rules};
	hs_auto_walk_places struct walk_places places = {0};
	enum verdict verdict =
		hs_ipt_judge(&table, &two_ways, one->port, &places);
	hs_auto_free char *text = places_text(&places);

	if (verdict != one->verdict || strcmp(text, one->places))
		print_message("# %s: %d, %s\n", one->rules, verdict, text);
	assert_int_equal(verdict, one->verdict);
	assert_string_equal(text, one->places);
}

static void test_ipt(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(ipt_cases); i++)
		check_ipt(&ipt_cases[i]);
}

/* Of this process: others may be at work. */
static long long cpu_ms(void)
{
	return (long long)clock() * 1000 / CLOCKS_PER_SEC;
}

/* Time for as many rules, each in a chain of its own that jumps to the next
 * but one and a set. */
static long long time_for(size_t count)
{
	hs_auto_str struct str json = {0};
	hs_auto_ruleset struct ruleset rules = {0};
	long long start;

	hs_str_puts(&json, "{\"nftables\":[" INPUT);
	for (size_t i = 0; i < count; i++)
		hs_str_printf(&json, CHAIN("c%zu"), i);
	hs_str_puts(&json, RULE("in", "1", JUMP("c0")));
	for (size_t i = 0; i < count; i++)
		hs_str_printf(&json,
			      RULE("c%zu", "2",
				   DPORT("{\"set\":[1,2,3]}") JUMP("c%zu")),
			      i, i + 1);
	hs_str_puts(&json, "{}]}");
	assert_int_equal(hs_ruleset_parse(json.data, json.len, &rules), 0);
	start = cpu_ms();
	assert_int_equal(hs_ruleset_judge(&rules, &two_ways, 443, NULL),
			 VERDICT_CLOSED);
	return cpu_ms() - start;
}

/* Ten times as many rules must not take a hundred times as long. */
static void test_many_rules(void **state)
{
	long long few = time_for(3000), many = time_for(30000);

	(void)state;
	print_message("# 3000 rules: %lld ms, 30000: %lld ms\n", few, many);
	assert_true(many < 40 * (few + 5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nft),
		cmocka_unit_test(test_ipt),
		cmocka_unit_test(test_many_rules),
	};

	return cmocka_run_group_tests_name("firewall rules", tests, NULL, NULL);
}
