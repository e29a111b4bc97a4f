/*
 * firewalld, by its files: firewalld.conf(5), firewalld.zone(5),
 * firewalld.service(5).  firewall-cmd would need a third of a second for what
 * they say at once.  Only the default zone is looked at, and only its
 * permanent settings.
 *
 * What is changed goes through firewall-cmd(1), in the zones of the interfaces
 * that strangers come in by: a rich rule with a time limit first, the port for
 * good when it is kept.  firewalld has no room for a tag: that a rule is ours
 * is in the journal alone.
 */
#include "core/firewall/backends.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/xml.h"

#define FILE_MAX (1024 * 1024)

struct zone {
	const struct root *root;
	xmlDoc *document; /* NULL: it could not be read */
};

static void free_document(xmlDoc **document)
{
	if (*document)
		hs_xml(NULL)->xmlFreeDoc(*document);
}

#define auto_document HS_CLEANUP(free_document)

/* What the administrator wrote comes before what the package brought. */
static xmlDoc *read_xml(const struct root *root, const char *kind,
			const char *name)
{
	static const char *const directories[] = {"/etc/firewalld",
						  "/usr/lib/firewalld"};
	const struct xml *xml = hs_xml(NULL);
	xmlDoc *document = NULL;

	if (!xml || !*name || strchr(name, '/'))
		return NULL;
	for (size_t i = 0; i < HS_LENGTH(directories) && !document; i++) {
		hs_auto_str struct str text = {0};
		hs_auto_free char *path =
			hs_format("%s/%s/%s.xml", directories[i], kind, name);

		if (!hs_root_read(root, path, FILE_MAX, &text, NULL))
			document = xml->xmlReadMemory(
				hs_str_text(&text), (int)text.len, NULL, NULL,
				XML_PARSE_NONET | XML_PARSE_NOERROR |
					XML_PARSE_NOWARNING);
	}
	return document;
}

static bool is_element(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE &&
	       !strcmp((const char *)node->name, name);
}

/* An attribute as a string to be freed, "" when it is missing. */
static char *attribute(xmlNode *node, const char *name)
{
	const xmlAttr *found =
		hs_xml(NULL)->xmlHasProp(node, (const xmlChar *)name);
	const xmlNode *value = found ? found->children : NULL;

	return hs_strdup(value && value->content ? (const char *)value->content
						 : "");
}

/* <port port="443" protocol="tcp"/>, or a range: port="8000-8100". */
static bool is_port(xmlNode *node, int port)
{
	hs_auto_free char *ports = attribute(node, "port");
	hs_auto_free char *protocol = attribute(node, "protocol");
	int first, last, fields = sscanf(ports, "%d-%d", &first, &last);

	if (fields == 1)
		last = first;
	return fields >= 1 && !strcmp(protocol, "tcp") && port >= first &&
	       port <= last;
}

static bool has_port(xmlDoc *document, int port)
{
	xmlNode *top = hs_xml(NULL)->xmlDocGetRootElement(document);

	for (xmlNode *node = top ? top->children : NULL; node;
	     node = node->next) {
		if (is_element(node, "port") && is_port(node, port))
			return true;
	}
	return false;
}

static bool service_has_port(const struct root *root, xmlNode *node, int port)
{
	hs_auto_free char *name = attribute(node, "name");
	auto_document xmlDoc *service = read_xml(root, "services", name);

	return service && has_port(service, port);
}

static enum verdict judge(const void *context, int port)
{
	const struct zone *zone = context;
	xmlNode *top =
		zone->document
			? hs_xml(NULL)->xmlDocGetRootElement(zone->document)
			: NULL;
	hs_auto_free char *target = NULL;

	if (!top)
		return VERDICT_UNKNOWN;
	target = attribute(top, "target");
	if (!strcmp(target, "ACCEPT") || has_port(zone->document, port))
		return VERDICT_OPEN;
	for (xmlNode *node = top->children; node; node = node->next) {
		if (is_element(node, "service") &&
		    service_has_port(zone->root, node, port))
			return VERDICT_OPEN;
	}
	return VERDICT_CLOSED;
}

/* DefaultZone of firewalld.conf, to be freed; NULL: it cannot be read. */
static char *default_zone(const struct root *root)
{
	hs_auto_str struct str text = {0};
	char *rest, *line, *zone = NULL;

	if (hs_root_read(root, "/etc/firewalld/firewalld.conf", FILE_MAX, &text,
			 NULL))
		return NULL;
	for (rest = text.data; rest && (line = strsep(&rest, "\n"));) {
		if (strncmp(line, "DefaultZone=", 12))
			continue;
		line[12 + strcspn(line + 12, " \t\r")] = '\0';
		hs_replace(&zone, line + 12);
	}
	return zone ? zone : hs_strdup("public");
}

/* Whether the process of its pid file is alive. */
static bool is_running(const struct root *root)
{
	hs_auto_str struct str text = {0};
	int pid;

	if (hs_root_read(root, "/run/firewalld.pid", 64, &text, NULL))
		return false;
	pid = atoi(hs_str_text(&text));
	return pid > 1 && (!kill(pid, 0) || errno == EPERM);
}

static int detect(const struct root *root, const struct settings *settings,
		  struct firewall_facts *ret_facts, struct error *err)
{
	hs_auto_free char *name = NULL;
	struct zone zone = {.root = root};
	struct stat st;

	(void)err;
	if (hs_root_stat(root, "/usr/sbin/firewalld", &st) &&
	    hs_root_stat(root, "/usr/bin/firewalld", &st))
		return 0;
	ret_facts->id = hs_firewalld.id;
	ret_facts->title = hs_firewalld.title;
	ret_facts->active = is_running(root);
	if (!ret_facts->active)
		return 0;
	name = default_zone(root);
	zone.document = name ? read_xml(root, "zones", name) : NULL;
	hs_firewall_note(settings, judge, &zone, ret_facts);
	if (zone.document)
		ret_facts->detail = hs_format("zone %s", name);
	else
		ret_facts->detail =
			hs_strdup(_("its zones cannot be read by this user"));
	free_document(&zone.document);
	return 0;
}

/* Changing it */

/* `firewall-cmd OPTION ...`, NULL at the end. */
static int command(struct str *ret_out, struct error *err, const char *option,
		   ...)
{
	const char *argv[8] = {"firewall-cmd", option};
	va_list more;
	size_t n = 2;

	va_start(more, option);
	while (n + 1 < HS_LENGTH(argv) &&
	       (argv[n] = va_arg(more, const char *)))
		n++;
	va_end(more);
	argv[n] = NULL;
	return hs_firewall_run(argv, NULL, ret_out, err);
}

static void add_line(struct strings *list, struct str *text)
{
	hs_auto_free char *line = hs_strndup(
		hs_str_text(text), strcspn(hs_str_text(text), "\r\n"));

	if (*line && !hs_strings_has(list, line))
		hs_strings_add(list, line);
}

/* Interfaces that are in no zone are in the default one. */
static void add_zone(const char *interface, struct strings *zones)
{
	hs_auto_free char *option =
		hs_format("--get-zone-of-interface=%s", interface);
	hs_auto_str struct str out = {0};

	if (!*interface || command(&out, NULL, option, NULL)) {
		hs_str_clear(&out);
		if (command(&out, NULL, "--get-default-zone", NULL))
			return;
	}
	add_line(zones, &out);
}

static char *find_zones(void)
{
	hs_auto_ways_in struct ways_in ways = {0};
	struct strings zones = {0}, asked = {0};
	struct str text = {0};

	hs_ways_in(&ways);
	HS_EACH(way, &ways) {
		if (hs_strings_has(&asked, way->interface))
			continue;
		hs_strings_add(&asked, way->interface);
		add_zone(way->interface, &zones);
	}
	HS_EACH(zone, &zones)
		hs_str_printf(&text, "%s%s", text.len ? "\n" : "", *zone);
	hs_strings_done(&asked);
	hs_strings_done(&zones);
	return text.len ? hs_str_take(&text) : NULL;
}

/* The zones, one a line. Each question costs some tenths of a second, and
 * interfaces do not change their zones while this runs. */
static char *place(const struct firewall_rule *rule)
{
	static char *zones;

	(void)rule;
	if (!zones)
		zones = find_zones();
	return hs_strdup(zones);
}

/* The options about one rule, "--add-..." or "--remove-..." or "--query-...":
 * for good, and as long as it is not; the latter comes before the former. */
static char *port_option(const char *verb, const struct firewall_rule *rule)
{
	if (rule->shuts)
		return hs_format("--%s-rich-rule=rule port port=\"%d\" "
				 "protocol=\"tcp\" drop",
				 verb, rule->port);
	return hs_format("--%s-port=%d/tcp", verb, rule->port);
}

static char *timed_option(const char *verb, const struct firewall_rule *rule)
{
	return hs_format("--%s-rich-rule=rule priority=\"-1\" port "
			 "port=\"%d\" protocol=\"tcp\" %s",
			 verb, rule->port, rule->shuts ? "drop" : "accept");
}

typedef int in_zone(const char *zone, const struct firewall_rule *rule,
		    int seconds, struct error *err);

static int in_zones(const struct firewall_rule *rule, in_zone *call,
		    int seconds, struct error *err)
{
	hs_auto_free char *zones =
		rule->place ? hs_strdup(rule->place) : place(rule);
	char *rest = zones, *name;
	int result = 0;

	if (!zones)
		return hs_fail(err, HS_FAILED, "firewalld does not answer");
	while ((name = strsep(&rest, "\n"))) {
		hs_auto_free char *zone = hs_format("--zone=%s", name);

		result |= call(zone, rule, seconds, err);
	}
	return result;
}

static int add_timed(const char *zone, const struct firewall_rule *rule,
		     int seconds, struct error *err)
{
	hs_auto_free char *option = timed_option("add", rule);
	hs_auto_free char *limit = hs_format("--timeout=%d", seconds);

	return command(NULL, err, zone, limit, option, NULL);
}

static int keep(const char *zone, const struct firewall_rule *rule, int seconds,
		struct error *err)
{
	hs_auto_free char *option = port_option("add", rule);

	(void)seconds;
	return command(NULL, err, "--permanent", zone, option, NULL) ||
			       command(NULL, err, zone, option, NULL)
		       ? -1
		       : 0;
}

/* Of what is not there, firewall-cmd says so and ends well. */
static int end_timed(const char *zone, const struct firewall_rule *rule,
		     int seconds, struct error *err)
{
	hs_auto_free char *option = timed_option("remove", rule);

	(void)seconds;
	return command(NULL, err, zone, option, NULL);
}

/* A firewalld that is gone took what was timed with it; what was kept must not
 * be there when it is back. */
static int forget(const char *zone, const struct firewall_rule *rule,
		  int seconds, struct error *err)
{
	hs_auto_free char *option = port_option("remove", rule);

	if (command(NULL, NULL, "--permanent", zone, option, NULL))
		return hs_firewall_run((const char *const[]){"firewall-offline-"
							     "cmd",
							     zone, option,
							     NULL},
				       NULL, NULL, err);
	return command(NULL, err, zone, option, NULL) |
	       end_timed(zone, rule, seconds, err);
}

static int add(const struct firewall_rule *rule, int seconds, struct error *err)
{
	return in_zones(rule, seconds > 0 ? add_timed : keep, seconds, err);
}

static int settle(const struct firewall_rule *rule, struct error *err)
{
	if (in_zones(rule, keep, 0, err))
		return -1;
	return in_zones(rule, end_timed, 0, err);
}

static int remove_rule(const struct firewall_rule *rule, struct error *err)
{
	return in_zones(rule, forget, 0, err);
}

/* The zone's own word, `firewall-cmd --list-all`: what is timed is in no
 * file. */

/* "  ports: 443/tcp 8000-8010/tcp", "  services: ssh https" */
static bool lists_port(const struct root *root, const char *line, int port)
{
	hs_auto_free char *copy = hs_strndup(line, strcspn(line, "\n"));
	char *rest = copy, *word;

	while ((word = strsep(&rest, " "))) {
		auto_document xmlDoc *service = NULL;
		int first, last, fields = sscanf(word, "%d-%d", &first, &last);

		if (fields == 1)
			last = first;
		if (fields >= 1 && strstr(word, "/tcp") && port >= first &&
		    port <= last)
			return true;
		service = fields < 1 ? read_xml(root, "services", word) : NULL;
		if (service && has_port(service, port))
			return true;
	}
	return false;
}

/* What is denied is denied first. */
static enum verdict judge_rich(const char *listing, int port)
{
	hs_auto_free char *about =
		hs_format("port port=\"%d\" protocol=\"tcp\" ", port);
	enum verdict verdict = VERDICT_UNKNOWN;

	for (const char *at = listing; (at = strstr(at, about));) {
		at += strlen(about);
		if (!strncmp(at, "drop", 4) || !strncmp(at, "reject", 6))
			return VERDICT_CLOSED;
		if (!strncmp(at, "accept", 6))
			verdict = VERDICT_OPEN;
	}
	return verdict;
}

static enum verdict judge_zone(const struct root *root, const char *listing,
			       int port)
{
	static const char *const lists[] = {"\n  ports:", "\n  services:"};
	enum verdict verdict = judge_rich(listing, port);

	if (verdict != VERDICT_UNKNOWN)
		return verdict;
	if (strstr(listing, "\n  target: ACCEPT"))
		return VERDICT_OPEN;
	for (size_t i = 0; i < HS_LENGTH(lists); i++) {
		const char *line = strstr(listing, lists[i]);

		if (line && lists_port(root, line + 1, port))
			return VERDICT_OPEN;
	}
	return VERDICT_CLOSED;
}

static enum verdict judge_now(int port)
{
	hs_auto_free char *zones = place(NULL);
	char *rest = zones, *name;
	enum verdict verdict = zones ? VERDICT_OPEN : VERDICT_UNKNOWN;
	struct root root;

	if (hs_root_open(NULL, &root, NULL))
		return VERDICT_UNKNOWN;
	while (rest && (name = strsep(&rest, "\n"))) {
		hs_auto_free char *zone = hs_format("--zone=%s", name);
		hs_auto_str struct str out = {0};
		enum verdict one = VERDICT_UNKNOWN;

		if (!command(&out, NULL, zone, "--list-all", NULL))
			one = judge_zone(&root, hs_str_text(&out), port);
		if (one == VERDICT_CLOSED || verdict == VERDICT_OPEN)
			verdict = one;
	}
	hs_root_close(&root);
	return verdict;
}

static void describe(const struct firewall_rule *rule, struct strings *ret_argv)
{
	hs_auto_free char *zones = place(rule);
	hs_auto_free char *zone =
		hs_format("--zone=%.*s", (int)strcspn(zones ? zones : "", "\n"),
			  zones ? zones : "");
	hs_auto_free char *option = port_option("add", rule);
	const char *const argv[] = {"firewall-cmd", zone, option,
				    N_("(and --permanent)"), NULL};

	hs_firewall_say(ret_argv, argv);
}

const struct firewall_ops hs_firewalld = {
	.id = "firewalld",
	.title = "firewalld",
	.detect = detect,
	.judge = judge_now,
	.describe = describe,
	.place = place,
	.add = add,
	.settle = settle,
	.remove = remove_rule,
};
