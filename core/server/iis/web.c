#include "core/server/iis/web.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/base/windows.h"
#include "core/server/iis/locks.h"

#define SKELETON                                                               \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"                       \
	"<configuration>\r\n"                                                  \
	"    <system.webServer>\r\n"                                           \
	"    </system.webServer>\r\n"                                          \
	"</configuration>\r\n"

void hs_iis_web_done(struct iis_web *web)
{
	free(web->path);
	hs_xml_done(&web->doc);
	*web = (struct iis_web){0};
}

static int no_folder(const struct iis_model *model, int32_t site,
		     const char *windows, const char *why, struct error *err)
{
	hs_auto_free char *safe = hs_text_safe(windows, strlen(windows), 160);

	hs_fail(err, HS_REFUSED, "the folder of this site, %s, %s", safe, why);
	hs_error_id(err, "server.outside-tree");
	hs_error_where(err, "%s:%u", model->config.path,
		       hs_xml_line(&model->config, site));
	hs_error_hint(err, "bring that folder into the tree, or leave out "
			   "what needs the site's web.config");
	return -1;
}

char *hs_iis_web_root(const struct root *root, const struct iis_model *model,
		      int32_t site, struct error *err)
{
	hs_auto_free char *windows = hs_iis_site_path(&model->config, site);
	hs_auto_free char *path = NULL;
	struct stat st;

	if (!windows) {
		no_folder(model, site, "physicalPath", N_("is not named"), err);
		return NULL;
	}
	path = hs_windows_path(root, windows);
	if (!path) {
		no_folder(model, site, windows,
			  errno == EXDEV ? N_("lies outside of this tree")
					 : N_("could be one of two that differ "
					      "in case alone"),
			  err);
		return NULL;
	}
	if (hs_root_stat(root, path, &st) || !S_ISDIR(st.st_mode)) {
		no_folder(model, site, windows, N_("is not in this tree"), err);
		return NULL;
	}
	return hs_steal(path);
}

int32_t hs_iis_web_section(const struct xml_doc *doc, const char *section)
{
	int32_t root = hs_xml_root(doc);
	int32_t found = hs_xml_find(doc, root, section);
	int32_t e = hs_xml_child(doc, root, "location");

	for (; found == XML_NONE && e != XML_NONE;
	     e = hs_xml_next(doc, e, "location")) {
		hs_auto_free char *path = hs_xml_attr(doc, e, "path");

		if (hs_iis_is_everywhere(path))
			found = hs_xml_find(doc, e, section);
	}
	return found;
}

static int32_t find_outbound(const struct xml_doc *doc)
{
	int32_t rules = hs_iis_web_section(doc, IIS_OUTBOUND);
	int32_t e =
		rules == XML_NONE ? XML_NONE : hs_xml_child(doc, rules, "rule");

	while (e != XML_NONE &&
	       !hs_iis_child_has(doc, e, "match", "serverVariable",
				 IIS_HSTS_VARIABLE))
		e = hs_xml_next(doc, e, "rule");
	return e;
}

static int32_t find_header(const struct xml_doc *doc)
{
	int32_t headers = hs_iis_web_section(
		doc, "system.webServer/httpProtocol/customHeaders");
	int32_t e = headers == XML_NONE ? XML_NONE
					: hs_xml_child(doc, headers, "add");

	while (e != XML_NONE &&
	       !hs_iis_attr_is(doc, e, "name", "Strict-Transport-Security"))
		e = hs_xml_next(doc, e, "add");
	return e;
}

/* Sections of a file may stand in a location for everything below it: new
 * ones go where rewrite is already. */
static int32_t find_top(const struct xml_doc *doc)
{
	int32_t rewrite = hs_iis_web_section(doc, "system.webServer/rewrite");

	if (rewrite == XML_NONE)
		return hs_xml_root(doc);
	return hs_xml_parent(doc, hs_xml_parent(doc, rewrite));
}

static int refuse_elsewhere(const struct iis_web *web, int32_t element,
			    const char *source, struct error *err)
{
	hs_auto_free char *safe = hs_text_safe(source, strlen(source), 160);

	hs_fail(err, HS_REFUSED,
		"this section stands in a file of its own, %s (configSource)",
		safe);
	hs_error_id(err, "server.unsupported-syntax");
	hs_error_where(err, "%s:%u", web->path,
		       hs_xml_line(&web->doc, element));
	hs_error_hint(err, "bring it back into web.config first");
	return -1;
}

/* rewrite, rules and outboundRules may have moved to other files. */
static int check_sources(const struct iis_web *web, struct error *err)
{
	static const char *const sections[] = {"system.webServer/rewrite",
					       IIS_RULES, IIS_OUTBOUND};

	for (size_t i = 0; i < HS_LENGTH(sections); i++) {
		int32_t e = hs_iis_web_section(&web->doc, sections[i]);
		hs_auto_free char *source =
			e == XML_NONE
				? NULL
				: hs_xml_attr(&web->doc, e, "configSource");

		if (source)
			return refuse_elsewhere(web, e, source, err);
	}
	return 0;
}

static int refuse_other(const struct iis_web *web, struct error *err)
{
	hs_auto_free char *name =
		hs_xml_name(&web->doc, hs_xml_root(&web->doc));
	hs_auto_free char *safe = hs_text_safe(name, strlen(name), 60);

	hs_fail(err, HS_REFUSED,
		"this is no web.config: its root is <%s>, not <configuration>",
		safe);
	hs_error_id(err, "server.unsupported-syntax");
	hs_error_where(err, "%s:%u", web->path,
		       hs_xml_line(&web->doc, hs_xml_root(&web->doc)));
	return -1;
}

static int read_web(const struct root *root, struct iis_web *web,
		    struct error *err)
{
	hs_auto_str struct str skeleton = {0};

	web->exists = hs_windows_exists(root, web->path);
	if (web->exists)
		return hs_xml_read(root, web->path, &web->doc, err);
	hs_str_puts(&skeleton, SKELETON);
	return hs_xml_parse(web->path, &skeleton, &web->doc, err);
}

static void find_places(struct iis_web *web)
{
	const struct xml_doc *doc = &web->doc;

	web->top = find_top(doc);
	web->rules = hs_iis_web_section(doc, IIS_RULES);
	web->redirect = hs_iis_find_rule(doc, web->rules, IIS_RULE_OURS);
	web->foreign = hs_iis_find_rule(doc, web->rules, IIS_RULE_FOREIGN);
	web->outbound = find_outbound(doc);
	web->header = find_header(doc);
}

int hs_iis_web_open(const struct root *root, const struct iis_model *model,
		    int32_t site, struct iis_web *ret_web, struct error *err)
{
	hs_auto_free char *folder = hs_iis_web_root(root, model, site, err);
	hs_auto_free char *path = NULL;

	*ret_web = (struct iis_web){0};
	if (!folder)
		return -1;
	path = hs_format("%s/web.config", folder);
	ret_web->path = hs_windows_find(root, path);
	if (!ret_web->path)
		return no_folder(model, site, "web.config",
				 N_("has two that differ in case alone"), err);
	if (read_web(root, ret_web, err))
		return -1;
	if (!hs_xml_is(&ret_web->doc, hs_xml_root(&ret_web->doc),
		       "configuration"))
		return refuse_other(ret_web, err);
	if (check_sources(ret_web, err))
		return -1;
	find_places(ret_web);
	return 0;
}
