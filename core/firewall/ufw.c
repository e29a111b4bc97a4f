/*
 * ufw, by its files: ufw(8), ufw-framework(8).  /etc/ufw/ufw.conf says whether
 * it is on; the "### tuple ###" comments in user.rules are what it reads back
 * itself:
 *
 *	### tuple ### allow tcp 443 0.0.0.0/0 any 0.0.0.0/0 in
 *	### tuple ### limit any 22 0.0.0.0/0 any 10.0.0.0/8 in
 *
 * ufw knows only rules that are for good.  So one that is not yet goes into
 * ufw's own chain by iptables, with an end, and to ufw when it is kept.
 */
#include "core/base/i18n.h"
#include "core/firewall/iptables.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FILE_MAX (1024 * 1024)
#define TUPLE "### tuple ### "

#define auto_root HS_CLEANUP(hs_root_close)

struct ufw_rules {
	struct str lines; /* of user.rules */
	bool readable;
	bool accepts; /* what no rule is about */
};

/* Takes the next line off *rest, without its end; NULL at the end. */
static char *next_line(char **rest)
{
	return *rest && **rest ? strsep(rest, "\n") : NULL;
}

/* Whether a shell-like file sets `key` to `value`, with or without quotes. */
static bool is_set(const struct root *root, const char *path, const char *key,
		   const char *value)
{
	hs_auto_str struct str text = {0};
	size_t length = strlen(key);
	bool found = false;
	char *rest, *line;

	if (hs_root_read(root, path, FILE_MAX, &text, NULL))
		return false;
	for (rest = text.data; (line = next_line(&rest));) {
		if (strncmp(line, key, length) || line[length] != '=')
			continue;
		line += length + 1;
		line += *line == '"';
		found = !strncasecmp(line, value, strlen(value));
	}
	return found;
}

/* "any", "443", "80,443", "8000:8100" and lists of these. */
static bool has_port(const char *ports, int port)
{
	int first, last;

	if (!strcmp(ports, "any"))
		return true;
	for (; ports; ports = strchr(ports, ','), ports += ports != NULL) {
		int fields = sscanf(ports, "%d:%d", &first, &last);

		if (fields == 1)
			last = first;
		if (fields >= 1 && port >= first && port <= last)
			return true;
	}
	return false;
}

static bool is_anywhere(const char *address)
{
	return !strcmp(address, "0.0.0.0/0") || !strcmp(address, "::/0") ||
	       !strcmp(address, "any");
}

/* What the tuple decides for a visitor from anywhere; unknown: nothing. */
static enum verdict read_tuple(const char *line, int port)
{
	char action[32], protocol[16], ports[256], to[64], from_ports[256],
		from[64];

	if (sscanf(line, "%31s %15s %255s %63s %255s %63s", action, protocol,
		   ports, to, from_ports, from) != 6)
		return VERDICT_UNKNOWN;
	if ((strcmp(protocol, "tcp") && strcmp(protocol, "any")) ||
	    !is_anywhere(to) || !is_anywhere(from) ||
	    strcmp(from_ports, "any") || !has_port(ports, port) ||
	    strstr(line, " out"))
		return VERDICT_UNKNOWN;
	if (!strncmp(action, "allow", 5) || !strncmp(action, "limit", 5))
		return VERDICT_OPEN;
	return VERDICT_CLOSED;
}

/* The first rule that fits decides. */
static enum verdict judge(const void *context, int port)
{
	const struct ufw_rules *rules = context;
	hs_auto_free char *copy = hs_strdup(hs_str_text(&rules->lines));
	char *rest = copy, *line;

	while ((line = next_line(&rest))) {
		enum verdict verdict = VERDICT_UNKNOWN;

		if (!strncmp(line, TUPLE, strlen(TUPLE)))
			verdict = read_tuple(line + strlen(TUPLE), port);
		if (verdict != VERDICT_UNKNOWN)
			return verdict;
	}
	if (rules->accepts)
		return VERDICT_OPEN;
	return rules->readable ? VERDICT_CLOSED : VERDICT_UNKNOWN;
}

static void read_rules(const struct root *root, struct ufw_rules *rules)
{
	static const char *const paths[] = {"/etc/ufw/user.rules",
					    "/lib/ufw/user.rules"};

	for (size_t i = 0; i < HS_LENGTH(paths) && !rules->readable; i++)
		rules->readable = !hs_root_read(root, paths[i], FILE_MAX,
						&rules->lines, NULL);
	rules->accepts = is_set(root, "/etc/default/ufw",
				"DEFAULT_INPUT_POLICY", "ACCEPT");
}

static int detect(const struct root *root, const struct settings *settings,
		  struct firewall_facts *ret_facts, struct error *err)
{
	struct ufw_rules rules = {0};
	struct stat st;

	(void)err;
	if (hs_root_stat(root, "/etc/ufw/ufw.conf", &st))
		return 0;
	ret_facts->id = hs_ufw.id;
	ret_facts->title = hs_ufw.title;
	ret_facts->active = is_set(root, "/etc/ufw/ufw.conf", "ENABLED", "yes");
	if (!ret_facts->active)
		return 0;
	read_rules(root, &rules);
	hs_firewall_note(settings, judge, &rules, ret_facts);
	if (!rules.readable)
		ret_facts->detail =
			hs_strdup(_("its rules cannot be read by this user"));
	else
		ret_facts->detail = hs_format(_("incoming by default: %s"),
					      rules.accepts ? "allow" : "deny");
	hs_str_done(&rules.lines);
	return 0;
}

/* The chain that ufw keeps people's rules in. */
static const char *user_chain(const struct ipt_table *table)
{
	return table->ipv6 ? "ufw6-user-input" : "ufw-user-input";
}

static bool has_chain(const struct ipt_table *table)
{
	hs_auto_free char *line = hs_format("\n:%s ", user_chain(table));

	return strstr(table->text, line) != NULL;
}

/* What the kernel has: a rule with an end is in no file. */
static enum verdict judge_now(int port)
{
	hs_auto_ipt struct ipt_tables tables = {0};
	hs_auto_ways_in struct ways_in ways = {0};
	enum verdict verdict = VERDICT_OPEN;

	if (hs_ipt_read(&tables, NULL))
		return VERDICT_UNKNOWN;
	hs_ways_in(&ways);
	HS_EACH(table, &tables) {
		enum verdict one = hs_ipt_judge(table, &ways, port, NULL);

		if (one == VERDICT_CLOSED || verdict == VERDICT_OPEN)
			verdict = one;
	}
	return verdict;
}

static int add_timed(const struct firewall_rule *rule, int seconds,
		     struct error *err)
{
	hs_auto_ipt struct ipt_tables tables = {0};
	size_t count = 0;

	if (hs_ipt_read(&tables, err))
		return -1;
	HS_EACH(table, &tables) {
		if (!has_chain(table))
			continue;
		count++;
		if (hs_ipt_add(table->program, user_chain(table), 1, rule,
			       seconds, err))
			return -1;
	}
	if (count)
		return 0;
	return hs_fail(err, HS_FAILED,
		       "ufw is on, but its chains are not in the kernel");
}

/* "### tuple ### allow tcp 443 ... in comment=68747470..." */
static bool is_kept(const struct firewall_rule *rule)
{
	auto_root struct root root = {.fd = -1};
	struct ufw_rules rules = {0};
	hs_auto_str struct str comment = {0};
	bool found;

	hs_str_puts(&comment, " comment=");
	for (const char *at = rule->tag; *at; at++)
		hs_str_printf(&comment, "%02x", (unsigned char)*at);
	hs_str_putc(&comment, '\n');
	if (hs_root_open(NULL, &root, NULL))
		return false;
	read_rules(&root, &rules);
	found = strstr(hs_str_text(&rules.lines), hs_str_text(&comment));
	hs_str_done(&rules.lines);
	return found;
}

static int keep(const struct firewall_rule *rule, struct error *err)
{
	hs_auto_free char *port = hs_format("%d/tcp", rule->port);
	const char *const argv[] = {"ufw",     "allow",	  port,
				    "comment", rule->tag, NULL};

	return hs_firewall_run(argv, NULL, NULL, err);
}

static int add(const struct firewall_rule *rule, int seconds, struct error *err)
{
	return seconds > 0 ? add_timed(rule, seconds, err) : keep(rule, err);
}

static int settle(const struct firewall_rule *rule, struct error *err)
{
	if (keep(rule, err))
		return -1;
	return hs_ipt_remove(rule, err);
}

static int remove_rule(const struct firewall_rule *rule, struct error *err)
{
	hs_auto_free char *port = hs_format("%d/tcp", rule->port);
	const char *const argv[] = {"ufw", "delete", "allow", port, NULL};

	if (is_kept(rule) && hs_firewall_run(argv, NULL, NULL, err))
		return -1;
	return hs_ipt_remove(rule, err);
}

static void describe(const struct firewall_rule *rule, struct strings *ret_argv)
{
	hs_auto_free char *port = hs_format("%d/tcp", rule->port);
	const char *const argv[] = {"ufw",     "allow",	  port,
				    "comment", rule->tag, NULL};

	hs_firewall_say(ret_argv, argv);
}

/* What a rule of the administrator's says about the port; unknown: none. */
static enum verdict explicit(int port) {
	auto_root struct root root = {.fd = -1}; struct ufw_rules rules = {0};
	enum verdict verdict;

	if (hs_root_open(NULL, &root, NULL)) return VERDICT_UNKNOWN;
	read_rules(&root, &rules);
	/* as if nothing were decided for what no rule is about */
	rules.accepts = rules.readable = false;
	verdict = judge(&rules, port);
	hs_str_done(&rules.lines);
	return verdict;
}

/* ufw changes a rule of the same port into the new one: then the
 * administrator's would be lost. */
static const char *refuses(const struct firewall_rule *rule)
{
	if (rule->shuts)
		return _("ufw would change your own rule for that port; delete "
			 "it with: ufw delete allow PORT/tcp");
	if (explicit(rule->port) == VERDICT_CLOSED)
		return _(
			"a rule of yours denies that port; delete it with: ufw "
			"status numbered, ufw delete NUMBER");
	return NULL;
}

const struct firewall_ops hs_ufw = {
	.id = "ufw",
	.title = "ufw",
	.detect = detect,
	.judge = judge_now,
	.describe = describe,
	.add = add,
	.settle = settle,
	.remove = remove_rule,
	.refuses = refuses,
};
