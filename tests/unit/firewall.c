/*
 * Firewalls, by the files and rulesets that they leave behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/run.h"
#include "core/firewall/ipt_rules.h"
#include "core/firewall/nft_rules.h"
#include "tests/unit/scratch.h"

/* A tree that is not the machine's. */
static int make_tree(void **state)
{
	struct root *root = hs_alloc(sizeof(*root));
	struct error err = {0};

	assert_int_equal(hs_root_open(scratch_make(), root, &err), 0);
	*state = root;
	return 0;
}

static int drop_tree(void **state)
{
	struct root *root = *state;

	hs_root_close(root);
	free(root);
	scratch_remove();
	return 0;
}

static struct firewall_facts look(const struct firewall_ops *ops,
				  const struct root *root)
{
	struct settings settings = {.http_port = 80, .https_port = 443};
	struct firewall_facts facts = {0};

	assert_int_equal(ops->detect(root, &settings, &facts, NULL), 0);
	return facts;
}

static void assert_ports(struct firewall_facts facts, bool http, bool https)
{
	assert_true(facts.active);
	assert_false(facts.unknown);
	assert_int_equal(facts.open_http, http);
	assert_int_equal(facts.open_https, https);
	free(facts.detail);
}

static void test_nothing_installed(void **state)
{
	assert_null(look(&hs_ufw, *state).id);
	assert_null(look(&hs_firewalld, *state).id);
}

static void test_ufw_off(void **state)
{
	struct firewall_facts facts;

	scratch_write("etc/ufw/ufw.conf", "# ENABLED=yes\nENABLED=no\n");
	facts = look(&hs_ufw, *state);
	assert_string_equal(facts.id, "ufw");
	assert_false(facts.active);
}

static void test_ufw_rules(void **state)
{
	scratch_write("etc/ufw/ufw.conf", "ENABLED=yes\nLOGLEVEL=low\n");
	scratch_write("etc/default/ufw", "DEFAULT_INPUT_POLICY=\"DROP\"\n");
	scratch_write(
		"etc/ufw/user.rules",
		"*filter\n"
		"### tuple ### allow any 22 0.0.0.0/0 any 0.0.0.0/0 in\n"
		"### tuple ### allow tcp 443 0.0.0.0/0 any 10.0.0.0/8 in\n"
		"### tuple ### allow udp 443 0.0.0.0/0 any 0.0.0.0/0 in\n"
		"### tuple ### allow tcp 8080,80 0.0.0.0/0 any 0.0.0.0/0 in\n"
		"COMMIT\n");
	assert_ports(look(&hs_ufw, *state), true, false);
	scratch_write("etc/ufw/user.rules",
		      "### tuple ### deny tcp 80 0.0.0.0/0 any 0.0.0.0/0 in\n"
		      "### tuple ### allow tcp 80,443 0.0.0.0/0 any 0.0.0.0/0 "
		      "Nginx%20Full - in\n");
	assert_ports(look(&hs_ufw, *state), false, true);
	scratch_write(
		"etc/ufw/user.rules",
		"### tuple ### allow tcp 400:500 0.0.0.0/0 any 0.0.0.0/0 in\n");
	assert_ports(look(&hs_ufw, *state), false, true);
	scratch_write("etc/default/ufw", "DEFAULT_INPUT_POLICY=\"ACCEPT\"\n");
	scratch_write("etc/ufw/user.rules", "COMMIT\n");
	assert_ports(look(&hs_ufw, *state), true, true);
}

static void test_ufw_rules_that_cannot_be_read(void **state)
{
	struct firewall_facts facts;

	scratch_write("etc/ufw/ufw.conf", "ENABLED=yes\n");
	facts = look(&hs_ufw, *state);
	assert_true(facts.active);
	assert_true(facts.unknown);
	assert_non_null(facts.detail);
	free(facts.detail);
}

static void put_firewalld(const char *zone)
{
	hs_auto_free char *pid = hs_format("%d\n", (int)getpid());

	scratch_write("usr/sbin/firewalld", "");
	scratch_write("run/firewalld.pid", pid);
	scratch_write("etc/firewalld/firewalld.conf",
		      "# DefaultZone=drop\nDefaultZone=office\n");
	scratch_write(
		"usr/lib/firewalld/services/https.xml",
		"<service><port protocol=\"tcp\" port=\"443\"/></service>");
	scratch_write("usr/lib/firewalld/zones/office.xml",
		      "<zone target=\"ACCEPT\"/>");
	scratch_write("etc/firewalld/zones/office.xml", zone);
}

static void test_firewalld(void **state)
{
	put_firewalld("<zone><service name=\"ssh\"/>"
		      "<service name=\"https\"/></zone>");
	assert_ports(look(&hs_firewalld, *state), false, true);
	put_firewalld("<zone><port port=\"80-90\" protocol=\"tcp\"/>"
		      "<port port=\"443\" protocol=\"udp\"/></zone>");
	assert_ports(look(&hs_firewalld, *state), true, false);
	put_firewalld("<zone target=\"ACCEPT\"/>");
	assert_ports(look(&hs_firewalld, *state), true, true);
}

static void test_firewalld_that_does_not_run(void **state)
{
	struct firewall_facts facts;

	put_firewalld("<zone/>");
	scratch_write("run/firewalld.pid", "");
	facts = look(&hs_firewalld, *state);
	assert_string_equal(facts.id, "firewalld");
	assert_false(facts.active);
}

/* Pieces of rulesets, as nft 1.0.6 writes them. */
#define OF(table, chain)                                                       \
	"\"family\":\"inet\",\"table\":\"" table "\",\"chain\":\"" chain "\","
#define RULE_OF(chain, expr)                                                   \
	",{\"rule\":{" OF("t", chain) "\"expr\":[" expr "]}}"
#define RULE(expr) RULE_OF("input", expr)
#define NAMED(kind, table, name, rest)                                         \
	"{\"" kind "\":{\"family\":\"inet\",\"table\":\"" table "\","          \
	"\"name\":\"" name "\"," rest "}}"
#define CHAIN(table, policy)                                                   \
	NAMED("chain", table, "input",                                         \
	      "\"hook\":\"input\",\"prio\":0,"                                 \
	      "\"type\":\"filter\",\"policy\":\"" policy "\"")
#define MATCH(op, left, right)                                                 \
	"{\"match\":{\"op\":\"" op "\",\"left\":" left ",\"right\":" right "}},"
#define PAYLOAD(protocol, field)                                               \
	"{\"payload\":{\"protocol\":\"" protocol "\",\"field\":\"" field "\"}}"
#define META(key) "{\"meta\":{\"key\":\"" key "\"}}"
#define STATE "{\"ct\":{\"key\":\"state\"}}"
#define DPORT(value) MATCH("==", PAYLOAD("tcp", "dport"), value)
#define ACCEPT "{\"accept\":null}"
#define DROP "{\"drop\":null}"
#define JUMP(chain) "{\"jump\":{\"target\":\"" chain "\"}}"

#define FROM(address) MATCH("==", PAYLOAD("ip", "saddr"), address)
#define BY_LOOPBACK MATCH("==", META("iifname"), "\"lo\"")
#define ON_ITS_WAY MATCH("in", STATE, "[\"established\",\"related\"]")
#define NEW MATCH("in", STATE, "\"new\"")
#define TCP MATCH("==", META("l4proto"), "\"tcp\"")
#define COUNTER "{\"counter\":{\"packets\":0,\"bytes\":0}},"
#define PORTS "{\"set\":[80,{\"range\":[8000,8100]}]}"
#define ELEMENTS "\"elem\":[{\"elem\":{\"val\":443,\"comment\":\"x\"}}]"

static const char of_iptables[] =
	"{\"chain\":{\"family\":\"ip\",\"table\":\"filter\","
	"\"name\":\"INPUT\",\"hook\":\"input\",\"prio\":0,"
	"\"type\":\"filter\",\"policy\":\"drop\"}}";

static const char ranges[] = CHAIN("t", "drop") RULE(DPORT(PORTS) ACCEPT);

static const char named_set[] = CHAIN("t", "drop")
	RULE(DPORT("\"@web\"") ACCEPT) "," NAMED("set", "t", "web", ELEMENTS);

static const char drops_https[] = CHAIN("t", "accept") RULE(DPORT("443") DROP);

static const char not_for_strangers[] =
	CHAIN("t", "drop") RULE(FROM("\"10.0.0.1\"") ACCEPT)
		RULE(ON_ITS_WAY ACCEPT) RULE(BY_LOOPBACK ACCEPT);

static const char new_ones_only[] =
	CHAIN("t", "drop") RULE(TCP DPORT("443") NEW COUNTER ACCEPT);

static const char by_another_chain[] =
	CHAIN("t", "drop") "," NAMED("chain", "t", "web", "\"handle\":2")
		RULE(JUMP("web")) RULE_OF("web", DPORT("443") ACCEPT);

static const char calls_itself[] = CHAIN("t", "drop") RULE(JUMP("input"));

static const char two_tables[] =
	CHAIN("t", "accept") "," CHAIN("u", "drop") RULE(DPORT("443") ACCEPT);

static const char by_iptables[] =
	CHAIN("t", "drop") RULE("{\"xt\":{\"type\":\"match\"}}," ACCEPT);

static struct firewall_facts judge(const char *objects)
{
	struct settings settings = {.http_port = 80, .https_port = 443};
	struct firewall_facts facts = {0};
	hs_auto_free char *json =
		hs_format("{\"nftables\":[{\"metainfo\":{}},%s]}", objects);

	hs_auto_ruleset struct ruleset rules = {0};
	struct way_in way = {(char[]){"eth0"}, false};
	const struct ways_in ways = {&way, 1, 1};

	assert_int_equal(hs_ruleset_parse(json, strlen(json), &rules), 0);
	hs_ruleset_note(&rules, &ways, &settings, &facts);
	return facts;
}

static void test_nft_without_rules(void **state)
{
	(void)state;
	assert_false(judge("{}").active);
	assert_false(judge(CHAIN("t", "accept")).active);
	/* what the others keep is theirs to speak for */
	assert_false(judge(CHAIN("firewalld", "drop")).active);
	assert_false(judge(of_iptables).active);
}

static void test_nft_ports(void **state)
{
	(void)state;
	assert_ports(judge(ranges), true, false);
	assert_ports(judge(named_set), false, true);
	assert_ports(judge(drops_https), true, false);
}

static void test_nft_conditions(void **state)
{
	(void)state;
	assert_ports(judge(not_for_strangers), false, false);
	assert_ports(judge(new_ones_only), false, true);
}

static void test_nft_chains(void **state)
{
	(void)state;
	assert_ports(judge(by_another_chain), false, true);
	/* it ends all the same */
	assert_ports(judge(calls_itself), false, false);
	/* every chain that sees it must let it in */
	assert_ports(judge(two_tables), false, false);
}

static void test_nft_that_cannot_be_told(void **state)
{
	struct firewall_facts facts = judge(by_iptables);
	struct ruleset rules;

	(void)state;
	assert_true(facts.active);
	assert_true(facts.unknown);
	free(facts.detail);
	assert_int_equal(hs_ruleset_parse("{", 1, &rules), -1);
	assert_int_equal(hs_ruleset_parse("{}", 2, &rules), -1);
}

static void test_offline_trees_have_none(void **state)
{
	const struct root *root = *state;
	struct settings settings = {.http_port = 80, .https_port = 443};
	struct facts facts = {0};
	struct error err = {0};

	scratch_write("etc/ufw/ufw.conf", "ENABLED=yes\n");
	assert_int_equal(hs_firewalls_detect(root, &settings, &facts, &err), 0);
	assert_int_equal(facts.firewalls.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nothing_installed,
						make_tree, drop_tree),
		cmocka_unit_test_setup_teardown(test_ufw_off, make_tree,
						drop_tree),
		cmocka_unit_test_setup_teardown(test_ufw_rules, make_tree,
						drop_tree),
		cmocka_unit_test_setup_teardown(
			test_ufw_rules_that_cannot_be_read, make_tree,
			drop_tree),
		cmocka_unit_test_setup_teardown(test_firewalld, make_tree,
						drop_tree),
		cmocka_unit_test_setup_teardown(
			test_firewalld_that_does_not_run, make_tree, drop_tree),
		cmocka_unit_test(test_nft_without_rules),
		cmocka_unit_test(test_nft_ports),
		cmocka_unit_test(test_nft_conditions),
		cmocka_unit_test(test_nft_chains),
		cmocka_unit_test(test_nft_that_cannot_be_told),
		cmocka_unit_test_setup_teardown(test_offline_trees_have_none,
						make_tree, drop_tree),
	};

	return cmocka_run_group_tests_name("firewall", tests, NULL, NULL);
}
