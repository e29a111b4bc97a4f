#include "core/server/iis/locks.h"

#include <string.h>
#include <strings.h>

bool hs_iis_is_everywhere(const char *path)
{
	return !path || !*path || !strcmp(path, ".");
}

/* The child <`element` name="..."> with that name. */
static int32_t find_named(const struct xml_doc *doc, int32_t parent,
			  const char *element, const char *name, size_t length)
{
	hs_auto_free char *wanted = hs_strndup(name, length);
	int32_t e = hs_xml_child(doc, parent, element);

	while (e != XML_NONE && !hs_iis_attr_is(doc, e, "name", wanted))
		e = hs_xml_next(doc, e, element);
	return e;
}

/* Where a section is declared, e.g. "system.webServer/rewrite/rules". */
static int32_t find_declaration(const struct xml_doc *doc, const char *section)
{
	int32_t at = hs_xml_child(doc, hs_xml_root(doc), "configSections");

	while (at != XML_NONE) {
		const char *slash = strchr(section, '/');

		if (!slash)
			return find_named(doc, at, "section", section,
					  strlen(section));
		at = find_named(doc, at, "sectionGroup", section,
				(size_t)(slash - section));
		section = slash + 1;
	}
	return XML_NONE;
}

bool hs_iis_has_rewrite(const struct xml_doc *config)
{
	static const char module[] = "RewriteModule";
	int32_t modules = hs_xml_find(config, hs_xml_root(config),
				      "system.webServer/globalModules");

	if (find_declaration(config, "system.webServer/rewrite/rules") ==
	    XML_NONE)
		return false;
	return modules == XML_NONE || find_named(config, modules, "add", module,
						 strlen(module)) != XML_NONE;
}

/* What is being looked for, and the element that forbids it. */
struct search {
	const struct xml_doc *doc;
	const char *section, *item;
	int32_t denied; /* XML_NONE while it is allowed */
};

/* Whether a list of names ("rule, add"; "*") has the name. */
static bool lists(const char *list, const char *name)
{
	while (*list) {
		size_t length;

		list += strspn(list, ", \t");
		length = strcspn(list, ", \t");
		if ((length == 1 && *list == '*') ||
		    (length == strlen(name) &&
		     !strncasecmp(list, name, length)))
			return true;
		list += length;
	}
	return false;
}

/* Whether the element keeps lower levels from having or adding `name`. */
static bool locks_element(const struct xml_doc *doc, int32_t element,
			  const char *name)
{
	hs_auto_free char *locked = hs_xml_attr(doc, element, "lockElements");
	hs_auto_free char *open =
		hs_xml_attr(doc, element, "lockAllElementsExcept");

	return (locked && lists(locked, name)) ||
	       (open && !lists(open, name)) ||
	       hs_iis_attr_is_true(doc, element, "lockItem");
}

/* Follows the section's path from an element down: each level may lock the
 * next one, and the last one its items. */
static void follow(struct search *search, int32_t from)
{
	const struct xml_doc *doc = search->doc;
	const char *path = search->section;

	for (int32_t at = from;;) {
		size_t length = strcspn(path, "/");
		hs_auto_free char *name = hs_strndup(path, length);

		if (at != from &&
		    locks_element(doc, at, *path ? name : search->item))
			search->denied = at;
		if (!*path)
			return;
		at = hs_xml_child(doc, at, name);
		if (at == XML_NONE)
			return;
		path += length + (path[length] == '/');
	}
}

/* What one location says about the section, when it names it. */
static void read_location(struct search *search, int32_t location)
{
	const struct xml_doc *doc = search->doc;

	if (hs_xml_find(doc, location, search->section) == XML_NONE)
		return;
	if (hs_iis_attr_is(doc, location, "overrideMode", "Allow"))
		search->denied = XML_NONE;
	if (hs_iis_attr_is(doc, location, "overrideMode", "Deny") ||
	    hs_iis_attr_is(doc, location, "allowOverride", "false"))
		search->denied = location;
	follow(search, location);
}

static void read_locations(struct search *search, const char *site)
{
	const struct xml_doc *doc = search->doc;
	int32_t e = hs_xml_child(doc, hs_xml_root(doc), "location");

	for (; e != XML_NONE; e = hs_xml_next(doc, e, "location")) {
		hs_auto_free char *path = hs_xml_attr(doc, e, "path");

		if (site ? path && !strcasecmp(path, site)
			 : hs_iis_is_everywhere(path))
			read_location(search, e);
	}
}

static int refuse(const struct iis_model *model, const struct search *search,
		  const char *site, struct error *err)
{
	hs_fail(err, HS_REFUSED,
		"the web.config of %s may not hold the section %s: it is "
		"locked in applicationHost.config",
		site, search->section);
	hs_error_id(err, "server.locked-section");
	hs_error_where(err, "%s:%u", model->config.path,
		       hs_xml_line(&model->config, search->denied));
	hs_error_hint(err, "unlock it there, or leave out what needs it");
	return -1;
}

int hs_iis_check_lock(const struct iis_model *model, const char *site,
		      const char *section, const char *item, struct error *err)
{
	struct search search = {
		.doc = &model->config,
		.section = section,
		.item = item,
		.denied = XML_NONE,
	};
	int32_t declared = find_declaration(search.doc, section);

	if (declared != XML_NONE &&
	    (hs_iis_attr_is(search.doc, declared, "overrideModeDefault",
			    "Deny") ||
	     hs_iis_attr_is(search.doc, declared, "allowDefinition",
			    "AppHostOnly")))
		search.denied = declared;
	follow(&search, hs_xml_root(search.doc));
	read_locations(&search, NULL);
	read_locations(&search, site);
	return search.denied == XML_NONE ? 0
					 : refuse(model, &search, site, err);
}
