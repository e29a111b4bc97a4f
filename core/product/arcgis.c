/*
 * ArcGIS Server 9.3 and 10.0 on IIS, after its guide "Setting up SSL": the SSL
 * port in <instance>/Security/web.config, the certificate for those who have
 * to install it, and the rest as steps for people.  Require SSL is planned by
 * the server.  10.1 and later is another product, which is said.
 */
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/windows.h"
#include "core/conf/xml.h"
#include "core/product/products.h"
#include "core/server/iis/model.h"
#include "core/server/iis/script.h"
#include "core/settings/products/arcgis.h"

#define CONFIG "/Security/web.config"
#define USUAL "/inetpub/wwwroot/ArcGIS"
#define CERTIFICATE "https-setup.cer"
/* Beyond that many, folders of sites are not looked into. */
#define SITES_MAX 200

/* Finding it */

struct search {
	const struct root *root;
	struct product_facts *product;
	struct arcgis_facts *found;
};

static bool is_key(const struct xml_doc *doc, int32_t element)
{
	hs_auto_free char *key = hs_xml_attr(doc, element, "key");

	return key && !strcasecmp(key, "SSLPort");
}

static bool has_instance(const struct arcgis_facts *found, const char *config)
{
	HS_EACH(instance, &found->instances) {
		if (!strcasecmp(instance->config, config))
			return true;
	}
	return false;
}

/* The setting that counts is the last one of that key. */
static int32_t find_port(const struct xml_doc *doc)
{
	int32_t settings = hs_xml_child(doc, hs_xml_root(doc), "appSettings");
	int32_t found = XML_NONE;

	for (int32_t e = hs_xml_child(doc, settings, "add"); e != XML_NONE;
	     e = hs_xml_next(doc, e, "add")) {
		if (is_key(doc, e))
			found = e;
	}
	return found;
}

static void add_instance(struct search *search, char *config,
			 const struct xml_doc *doc)
{
	int32_t port = find_port(doc);
	hs_auto_free char *value =
		port == XML_NONE ? NULL : hs_xml_attr(doc, port, "value");
	struct arcgis_instance instance = {
		.config = config,
		.port = value ? (int)strtol(value, NULL, 10) : 0,
		.line = port == XML_NONE ? 0 : (int)hs_xml_line(doc, port),
	};
	hs_auto_free char *seen =
		hs_format(_("%s, SSL port %s"), config,
			  value && *value ? value : _("not set"));

	HS_PUSH(&search->found->instances, instance);
	hs_strings_add(&search->product->seen, seen);
}

/* Looks into a folder that may be an instance; `sure`: its name says so. */
static void try_folder(struct search *search, const char *folder, bool sure)
{
	hs_auto_free char *wanted = hs_format("%s" CONFIG, folder);
	hs_auto_free char *config = hs_windows_find(search->root, wanted);
	hs_auto_xml struct xml_doc doc = {0};
	struct error err = {0};
	struct stat st;

	if (!config || hs_root_stat(search->root, config, &st) ||
	    has_instance(search->found, config))
		return;
	if (!hs_xml_read(search->root, config, &doc, &err)) {
		if (sure || find_port(&doc) != XML_NONE)
			add_instance(search, hs_steal(config), &doc);
	} else if (sure) {
		hs_problem_add(&search->product->problems,
			       *err.id ? err.id : "server.config-broken",
			       *err.where ? err.where : config, err.what);
	}
}

static bool exists(const struct root *root, const char *folder,
		   const char *name)
{
	hs_auto_free char *wanted = hs_format("%s%s", folder, name);
	hs_auto_free char *path = hs_windows_find(root, wanted);

	return path && hs_windows_exists(root, path);
}

/* The folder of an application, and one in it of the usual name. */
static void try_path(struct search *search, const char *windows)
{
	hs_auto_free char *path = hs_windows_path(search->root, windows);
	hs_auto_free char *inner = NULL;
	char *name;

	if (!path)
		return;
	inner = hs_format("%s/ArcGIS", path);
	try_folder(search, inner, true);
	search->found->newer |=
		exists(search->root, inner, "/WebAdaptor.config") ||
		exists(search->root, path, "/WebAdaptor.config");
	name = strrchr(path, '/');
	if (name && !strcasecmp(name, "/Security"))
		*name = '\0';
	try_folder(search, path, false);
}

static void try_applications(struct search *search, const struct xml_doc *doc,
			     int32_t site)
{
	for (int32_t a = hs_xml_child(doc, site, "application"); a != XML_NONE;
	     a = hs_xml_next(doc, a, "application")) {
		int32_t v = hs_xml_child(doc, a, "virtualDirectory");

		for (; v != XML_NONE;
		     v = hs_xml_next(doc, v, "virtualDirectory")) {
			hs_auto_free char *path =
				hs_xml_attr(doc, v, "physicalPath");

			if (path)
				try_path(search, path);
		}
	}
}

static void try_sites(struct search *search, const struct facts *facts)
{
	HS_EACH(server, &facts->servers) {
		const struct iis_model *model = server->model;

		if (strcmp(server->id, "iis"))
			continue;
		for (size_t i = 0; i < server->sites.n && i < SITES_MAX; i++)
			try_applications(
				search, &model->config,
				(int32_t)server->sites.items[i].http_block);
	}
}

static int detect(const struct root *root, const struct facts *facts,
		  struct product_facts *ret_facts, struct error *err)
{
	struct arcgis_facts *found = hs_alloc(sizeof(*found));
	struct search search = {root, ret_facts, found};

	(void)err;
	*ret_facts = (struct product_facts){
		.title = hs_product_arcgis.title,
		.model = found,
		.model_free = hs_arcgis_facts_free,
	};
	try_sites(&search, facts);
	try_folder(&search, USUAL, true);
	found->newer |=
		exists(root, "/Program Files/ArcGIS/Server", "/framework");
	found->newer &= !found->instances.n;
	if (!found->newer && !found->instances.n && !ret_facts->problems.n) {
		hs_product_facts_done(ret_facts);
		*ret_facts = (struct product_facts){0};
		return 0;
	}
	ret_facts->id = hs_product_arcgis.id;
	ret_facts->version =
		hs_strdup(found->newer ? "10.1 or later" : "9.3 or 10.0");
	return 0;
}

/* The SSL port */

struct planning {
	const struct root *root;
	const struct facts *facts;
	const struct settings *settings;
	struct plan *plan;
	bool port_changed;
};

static int refuse(const struct xml_doc *doc, int32_t element, const char *why,
		  struct error *err)
{
	hs_fail(err, HS_REFUSED, "%s", why);
	hs_error_id(err, "server.unsupported-syntax");
	hs_error_where(err, "%s:%u", doc->path, hs_xml_line(doc, element));
	return -1;
}

/* Settings that are kept in another file are not found here. */
static int check_settings(const struct xml_doc *doc, struct error *err)
{
	int32_t root = hs_xml_root(doc);
	int32_t settings = hs_xml_child(doc, root, "appSettings");

	if (!hs_xml_is(doc, root, "configuration"))
		return refuse(doc, root,
			      _("this is not the web.config of ArcGIS Server's "
				"security"),
			      err);
	if (settings != XML_NONE &&
	    hs_xml_has_attr(doc, settings, "configSource"))
		return refuse(doc, settings,
			      _("the settings of ArcGIS Server's security are "
				"kept in another file (configSource)"),
			      err);
	return 0;
}

/* The setting itself, in place; every one of that key, the last counts. */
static bool set_in_place(const struct xml_doc *doc, struct xml_edits *edits,
			 const char *port)
{
	int32_t settings = hs_xml_child(doc, hs_xml_root(doc), "appSettings");
	bool any = false;

	for (int32_t e = hs_xml_child(doc, settings, "add"); e != XML_NONE;
	     e = hs_xml_next(doc, e, "add")) {
		if (!is_key(doc, e))
			continue;
		hs_xml_set_attr(edits, e, "value", port);
		any = true;
	}
	return any;
}

static void add_setting(const struct xml_doc *doc, struct xml_edits *edits,
			const char *port)
{
	int32_t settings = hs_xml_need(edits, hs_xml_root(doc), "appSettings");
	int32_t add = hs_xml_add(edits, settings, XML_LAST, "add");

	hs_xml_set_attr(edits, add, "key", "SSLPort");
	hs_xml_set_attr(edits, add, "value", port);
}

static int plan_port(struct planning *planning, const char *config,
		     struct error *err)
{
	hs_auto_free char *port =
		hs_format("%d", planning->settings->https_port);
	hs_auto_free char *reason =
		hs_format(_("ArcGIS Server's security uses SSL port %s"), port);
	hs_auto_xml struct xml_doc doc = {0};
	hs_auto_xml_edits struct xml_edits *edits = NULL;
	hs_auto_str struct str bytes = {0};
	bool changed;

	if (hs_xml_read(planning->root, config, &doc, err) ||
	    check_settings(&doc, err))
		return -1;
	edits = hs_xml_edit(&doc);
	if (!set_in_place(&doc, edits, port))
		add_setting(&doc, edits, port);
	if (hs_xml_finish(edits, &bytes, &changed, err))
		return -1;
	if (changed)
		hs_plan_write(planning->plan, PHASE_HTTPS, doc.path, 0,
			      &doc.bytes, &bytes, reason);
	planning->port_changed |= changed;
	return 0;
}

/* The instance that was named: as Windows names it, or as seen from here. */
static int plan_named(struct planning *planning, const char *folder,
		      struct error *err)
{
	hs_auto_free char *windows =
		*folder == '/' ? NULL : hs_windows_path(planning->root, folder);
	hs_auto_free char *wanted =
		hs_format("%s" CONFIG, windows ? windows : folder);
	hs_auto_free char *config =
		*wanted == '/' ? hs_windows_find(planning->root, wanted) : NULL;
	struct stat st;

	if (config && !hs_root_stat(planning->root, config, &st))
		return plan_port(planning, config, err);
	hs_fail(err, HS_REFUSED, "there is no Security\\web.config in %s",
		folder);
	hs_error_id(err, "arcgis.not-found");
	hs_error_where(err, "--arcgis-instance");
	hs_error_hint(err, "name the folder of the instance, such as "
			   "C:\\Inetpub\\wwwroot\\ArcGIS");
	return -1;
}

static int plan_ports(struct planning *planning, struct error *err)
{
	const struct arcgis_facts *found = hs_arcgis_facts(planning->facts);
	const char *named = planning->settings->arcgis.instance;

	if (named && *named)
		return plan_named(planning, named, err);
	if (!found || found->newer)
		return 0;
	HS_EACH(instance, &found->instances) {
		if (plan_port(planning, instance->config, err))
			return -1;
	}
	return 0;
}

/* The certificate for those who have to install it */

static int plan_certificate(const struct planning *planning, struct error *err)
{
	const struct certificate *leaf =
		hs_bundle_leaf(&planning->facts->bundle);
	const char *name = planning->settings->name;
	hs_auto_free char *folder =
		hs_iis_script_folder(planning->root, name ? name : "site");
	hs_auto_free char *path =
		folder ? hs_format("%s/" CERTIFICATE, folder) : NULL;
	hs_auto_str struct str before = {0}, der = {0};
	bool exists;

	if (!path)
		return hs_fail_errno(err, HS_CANNOT, "cannot look into %s",
				     IIS_SCRIPT_FOLDER);
	exists = !hs_root_read(planning->root, path, (size_t)1 << 20, &before,
			       NULL);
	hs_str_add(&der, leaf->der, leaf->der_length);
	hs_plan_write(planning->plan, PHASE_HTTPS, path, 0644,
		      exists ? &before : NULL, &der,
		      "the certificate without its key (DER), for trust "
		      "stores of clients");
	return 0;
}

/* Steps for people */

#define IMPORTED                                                               \
	N_("clients do not trust a self-signed certificate by themselves")

static void list_self_signed(const struct planning *planning)
{
	const char *name = planning->settings->name;

	hs_plan_task(planning->plan, TASK_AFTER, IMPORTED,
		     "give %s (beside the scripts) to the machines that use "
		     "this server, and import it there: Trusted Root "
		     "Certification Authorities of My user account for ArcGIS "
		     "Desktop and browsers",
		     CERTIFICATE);
	hs_plan_task(planning->plan, TASK_AFTER, IMPORTED,
		     "on web servers that host .NET Web ADF applications, "
		     "import it into Trusted Root Certification Authorities "
		     "of the Computer account");
	hs_plan_task(planning->plan, TASK_AFTER,
		     N_("Java has a trust store of its own; a Web ADF "
			"application that moves to another server needs it "
			"there again"),
		     "for Java Web ADF applications, in the bin folder of "
		     "the Java runtime of Java Manager: keytool -importcert "
		     "-trustcacerts -alias %s -file %s "
		     "-keystore ..\\lib\\security\\cacerts",
		     name ? name : "arcgis", CERTIFICATE);
}

static void list_newer(const struct planning *planning)
{
	hs_plan_task(planning->plan, TASK_AFTER,
		     N_("10.1 and later have a web server of their own behind "
			"the Web Adaptor"),
		     "in the Administrator Directory of the server "
		     "(https://SERVER:6443/arcgis/admin), import the "
		     "certificate under machines > MACHINE > sslcertificates "
		     "and choose it for that machine");
	hs_plan_task(planning->plan, TASK_AFTER,
		     N_("from 10.9.1 on HTTPS alone is what it begins with"),
		     "there, under security > config > update, set Protocol "
		     "to %s",
		     planning->settings->bindings_mode == BINDINGS_HTTPS
			     ? "HTTPS"
			     : "HTTP_AND_HTTPS");
	hs_plan_task(planning->plan, TASK_AFTER,
		     N_("it talks to the server by the address it was given"),
		     "configure the Web Adaptor again with the https:// "
		     "address of the server");
}

static void list_steps(const struct planning *planning)
{
	if (planning->port_changed)
		hs_plan_task(
			planning->plan, TASK_AFTER,
			N_("with users in SQL Server or a custom provider, "
			   "tokens are used, and the port is read only "
			   "there"),
			"if security is configured: in ArcGIS Server "
			"Manager, Security > Settings, choose Configure "
			"and go through the wizard again, then test "
			"access to secured services");
	hs_plan_task(
		planning->plan, TASK_AFTER,
		N_("IIS requires HTTPS for applications, ArcGIS Server for "
		   "its services"),
		"where services or folders themselves must require "
		"HTTPS, say so in ArcGIS Server Manager");
	hs_plan_task(planning->plan, TASK_AFTER,
		     N_("a login or a token over HTTP can be read on the way"),
		     "open each application by https://, then by http:// "
		     "where SSL is required: that must say that HTTPS is "
		     "required, or send you on");
}

static int plan(const struct root *root, const struct facts *facts,
		const struct settings *settings, struct plan *plan,
		struct error *err)
{
	struct planning planning = {root, facts, settings, plan, false};
	const struct arcgis_facts *found = hs_arcgis_facts(facts);
	const struct certificate *leaf = hs_bundle_leaf(&facts->bundle);

	if (settings->bindings_mode == BINDINGS_HTTP)
		return 0;
	if (plan_ports(&planning, err))
		return -1;
	if (found && found->newer)
		list_newer(&planning);
	else
		list_steps(&planning);
	if (!leaf || !leaf->self_signed)
		return 0;
	list_self_signed(&planning);
	return plan_certificate(&planning, err);
}

const struct product_ops hs_product_arcgis = {
	.id = "arcgis",
	.title = "ArcGIS Server",
	.detect = detect,
	.plan = plan,
};
