/* Skyline DataMiner: finds the agent on the system drive, and what its files
 * say about HTTPS now. */
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/windows.h"
#include "core/conf/xml.h"
#include "core/product/dataminer.h"
#include "core/product/products.h"
#include "core/settings/products/dataminer.h"

/* Below the folder. */
#define SETTINGS "/MaintenanceSettings.xml"
#define DMS "/DMS.xml"
#define CONNECTIONS "/Webpages/ConnectionSettings.txt"

/* The path of a file that is there, else NULL. */
static char *find_file(const struct root *root, const char *folder,
		       const char *name)
{
	hs_auto_free char *wanted = hs_format("%s%s", folder, name);
	char *path = hs_windows_find(root, wanted);
	struct stat st;

	if (path && !hs_root_stat(root, path, &st))
		return path;
	free(path);
	return NULL;
}

/* What cannot be read stands in the way of planning, not of looking. */
static int read_xml(const struct root *root, const char *path,
		    struct product_facts *product, struct xml_doc *ret_doc)
{
	struct error err = {0};

	if (!hs_xml_read(root, path, ret_doc, &err))
		return 0;
	hs_problem_add(&product->problems,
		       *err.id ? err.id : "server.config-broken",
		       *err.where ? err.where : path, err.what);
	return -1;
}

static void add_problem(struct product_facts *product, const char *id,
			const struct xml_doc *doc, int32_t element,
			const char *what)
{
	hs_auto_free char *where =
		hs_format("%s:%u", doc->path, hs_xml_line(doc, element));

	hs_problem_add(&product->problems, id, where, what);
}

static bool is_yes(const char *text)
{
	return text && (!strcasecmp(text, "true") || !strcmp(text, "1"));
}

static void take_https(const struct xml_doc *doc, int32_t https,
		       struct dataminer_facts *found)
{
	hs_auto_free char *enabled = hs_xml_attr(doc, https, "enabled");

	found->has_https = true;
	found->enabled = is_yes(enabled);
	found->name = hs_xml_attr(doc, https, "name");
	found->line = (int)hs_xml_line(doc, https);
}

/* Every child of that name counts, whatever its namespace: one that DataMiner
 * would not see must not be joined by a second. */
static void look_at_https(const struct xml_doc *doc,
			  struct product_facts *product,
			  struct dataminer_facts *found)
{
	int32_t root = hs_xml_root(doc);
	int32_t own = hs_xml_child(doc, root, "HTTPS");

	for (int32_t child = hs_xml_child(doc, root, NULL); child != XML_NONE;
	     child = hs_xml_next(doc, child, NULL)) {
		if (!hs_xml_is(doc, child, "HTTPS"))
			continue;
		if (child == own)
			take_https(doc, child, found);
		else if (own == XML_NONE)
			add_problem(
				product, "dataminer.settings-unknown", doc,
				child,
				_("the HTTPS element is in another namespace "
				  "than the file"));
		else
			add_problem(product, "dataminer.https-duplicate", doc,
				    child, _("this is a second HTTPS element"));
	}
}

static void look_at_settings(const struct root *root,
			     struct product_facts *product,
			     struct dataminer_facts *found)
{
	hs_auto_xml struct xml_doc doc = {0};

	found->settings = find_file(root, product->path, SETTINGS);
	if (!found->settings) {
		hs_problem_add(&product->problems, "dataminer.settings-missing",
			       product->path, NULL);
		return;
	}
	if (read_xml(root, found->settings, product, &doc))
		return;
	if (hs_xml_is(&doc, hs_xml_root(&doc), "MaintenanceSettings"))
		look_at_https(&doc, product, found);
	else
		add_problem(product, "dataminer.settings-unknown", &doc,
			    hs_xml_root(&doc),
			    _("this is not the MaintenanceSettings.xml of a "
			      "DataMiner Agent"));
}

static void take_redirect(const struct xml_doc *doc, int32_t element,
			  struct dataminer_facts *found)
{
	hs_auto_free char *password = hs_xml_attr(doc, element, "pwd");
	char *to = hs_xml_attr(doc, element, "to");
	char *via = hs_xml_attr(doc, element, "via");
	struct dataminer_redirect redirect = {
		.to = to ? to : hs_strdup(""),
		.via = via ? via : hs_strdup(""),
		.line = (int)hs_xml_line(doc, element),
	};

	found->has_passwords |= password && *password;
	HS_PUSH(&found->redirects, redirect);
}

static void take_agents(const struct xml_doc *doc,
			struct dataminer_facts *found)
{
	int32_t root = hs_xml_root(doc);

	for (int32_t agent = hs_xml_child(doc, root, "DMA"); agent != XML_NONE;
	     agent = hs_xml_next(doc, agent, "DMA")) {
		hs_auto_free char *address = hs_xml_attr(doc, agent, "ip");

		if (address && *address)
			hs_strings_add(&found->agents, address);
	}
}

static void look_at_system(const struct root *root,
			   struct product_facts *product,
			   struct dataminer_facts *found)
{
	hs_auto_xml struct xml_doc doc = {0};
	int32_t redirects;

	found->dms = find_file(root, product->path, DMS);
	if (!found->dms || read_xml(root, found->dms, product, &doc))
		return;
	if (!hs_xml_is(&doc, hs_xml_root(&doc), "DMS")) {
		add_problem(product, "dataminer.settings-unknown", &doc,
			    hs_xml_root(&doc),
			    _("this is not the DMS.xml of a DataMiner Agent"));
		return;
	}
	take_agents(&doc, found);
	redirects = hs_xml_child(&doc, hs_xml_root(&doc), "Redirects");
	for (int32_t one = hs_xml_child(&doc, redirects, "Redirect");
	     one != XML_NONE; one = hs_xml_next(&doc, one, "Redirect"))
		take_redirect(&doc, one, found);
}

/* What the check before an upgrade to 10.5.10 does not accept. */

static bool has_port(const char *line)
{
	const char *port = strcasestr(line, "serverport=");

	return port && strtol(port + strlen("serverport="), NULL, 10) != 8004;
}

static bool has_polling(const char *line)
{
	const char *polling = strcasestr(line, "polling=");

	return polling && strtol(polling + strlen("polling="), NULL, 10) > 0;
}

static bool has_range(const char *line)
{
	return *line != '*' && !strcasestr(line, "type=GRPCConnection");
}

static const struct {
	bool (*holds)(const char *line);
	const char *says;
} connection_faults[] = {
	{has_polling,
	 N_("ConnectionSettings.txt makes clients poll: DataMiner 10.5.10 and "
	    "later refuse to be installed over this")},
	{has_port,
	 N_("ConnectionSettings.txt names a port other than 8004: DataMiner "
	    "10.5.10 and later refuse to be installed over this")},
	{has_range,
	 N_("ConnectionSettings.txt treats some addresses differently: "
	    "DataMiner 10.5.10 and later refuse to be installed over this")},
};

static const char *fault_of(const char *line)
{
	line += strspn(line, " \t\xef\xbb\xbf");
	if (!*line || *line == '#')
		return NULL;
	for (size_t i = 0; i < HS_LENGTH(connection_faults); i++)
		if (connection_faults[i].holds(line))
			return connection_faults[i].says;
	return NULL;
}

static void look_at_connections(const struct root *root,
				const struct product_facts *product,
				struct dataminer_facts *found)
{
	hs_auto_str struct str bytes = {0};
	struct error err = {0};
	char *rest, *line;
	int number = 0;

	found->connections = find_file(root, product->path, CONNECTIONS);
	if (!found->connections ||
	    hs_root_read(root, found->connections, DATAMINER_TEXT_MAX, &bytes,
			 &err))
		return;
	for (rest = bytes.data; rest && (line = strsep(&rest, "\n"));) {
		number++;
		found->connections_problem = fault_of(line);
		if (found->connections_problem) {
			found->connections_line = number;
			return;
		}
	}
}

static void tell_what_is_there(const struct dataminer_facts *found,
			       struct product_facts *product)
{
	hs_auto_free char *https =
		found->has_https
			? hs_format(
				  found->enabled
					  ? _("HTTPS is on, the name is \"%s\"")
					  : _("HTTPS is off, the name is "
					      "\"%s\""),
				  found->name ? found->name : "")
			: hs_strdup(_("HTTPS is not configured in "
				      "MaintenanceSettings.xml"));

	if (found->settings)
		hs_strings_add(&product->seen, https);
	HS_EACH(redirect, &found->redirects) {
		hs_auto_free char *text = hs_format(
			_("connections to %s go by %s"), redirect->to,
			*redirect->via ? redirect->via : _("what is detected"));

		hs_strings_add(&product->seen, text);
	}
}

/* It is hosted in the site that IIS comes with. */
static char *find_site(const struct facts *facts)
{
	HS_EACH(server, &facts->servers)
		HS_EACH(site, &server->sites)
			if (!strcmp(server->id, "iis") &&
			    !strcasecmp(site->id, "Default Web Site"))
				return hs_strdup(site->id);
	return NULL;
}

static int detect(const struct root *root, const struct facts *facts,
		  struct product_facts *ret_facts, struct error *err)
{
	char *folder = find_file(root, DATAMINER_FOLDER, "");
	struct dataminer_facts *found;

	(void)err;
	if (!folder)
		return 0;
	found = hs_alloc(sizeof(*found));
	*ret_facts = (struct product_facts){
		.id = "dataminer",
		.title = "Skyline DataMiner",
		.path = folder,
		.site = find_site(facts),
		.model = found,
		.model_free = hs_dataminer_facts_free,
	};
	look_at_settings(root, ret_facts, found);
	look_at_system(root, ret_facts, found);
	look_at_connections(root, ret_facts, found);
	tell_what_is_there(found, ret_facts);
	return 0;
}

const struct product_ops hs_product_dataminer = {
	.id = "dataminer",
	.title = "Skyline DataMiner",
	.detect = detect,
	.plan = hs_dataminer_plan,
	.disable = hs_dataminer_disable,
};
