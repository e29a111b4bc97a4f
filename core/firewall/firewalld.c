/*
 * firewalld, by its files: firewalld.conf(5), firewalld.zone(5),
 * firewalld.service(5).  firewall-cmd would need a third of a second for what
 * they say at once.  Only the default zone is looked at, and only its
 * permanent settings.
 */
#include "core/firewall/backends.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

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
			hs_strdup("its zones cannot be read by this user");
	free_document(&zone.document);
	return 0;
}

const struct firewall_ops hs_firewalld = {
	.id = "firewalld",
	.title = "firewalld",
	.detect = detect,
};
