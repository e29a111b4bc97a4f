/*
 * ufw, by its files: ufw(8), ufw-framework(8).  /etc/ufw/ufw.conf says whether
 * it is on; the "### tuple ###" comments in user.rules are what it reads back
 * itself:
 *
 *	### tuple ### allow tcp 443 0.0.0.0/0 any 0.0.0.0/0 in
 *	### tuple ### limit any 22 0.0.0.0/0 any 10.0.0.0/8 in
 */
#include "core/firewall/backends.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FILE_MAX (1024 * 1024)
#define TUPLE "### tuple ### "

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
			hs_strdup("its rules cannot be read by this user");
	else
		ret_facts->detail = hs_format("incoming by default: %s",
					      rules.accepts ? "allow" : "deny");
	hs_str_done(&rules.lines);
	return 0;
}

const struct firewall_ops hs_ufw = {
	.id = "ufw",
	.title = "ufw",
	.detect = detect,
};
