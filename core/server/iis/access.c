/* Require SSL: <access> in the location of the site.  A web.config may not
 * hold it, so it goes into applicationHost.config. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/server/iis/plan.h"
#include "core/settings/ssl_places.h"

#define ACCESS "system.webServer/security/access"

/* The location of exactly this place: the one that has <access> already, else
 * the first. */
static int32_t find_location(const struct iis_planning *planning,
			     const char *path)
{
	const struct xml_doc *doc = &planning->model->config;
	int32_t e = hs_xml_child(doc, hs_xml_root(doc), "location");
	int32_t found = XML_NONE;

	for (; e != XML_NONE; e = hs_xml_next(doc, e, "location")) {
		if (!hs_iis_attr_is(doc, e, "path", path))
			continue;
		if (hs_xml_find(doc, e, ACCESS) != XML_NONE)
			return e;
		if (found == XML_NONE)
			found = e;
	}
	return found;
}

/* Where the flag stands in the list, its length in *ret_length; NULL. */
static const char *find_flag(const char *list, const char *flag,
			     size_t *ret_length)
{
	while (*list) {
		list += strspn(list, ", \t");
		*ret_length = strcspn(list, ", \t");
		if (*ret_length == strlen(flag) &&
		    !strncasecmp(list, flag, *ret_length))
			return list;
		list += *ret_length;
	}
	return NULL;
}

/* The flags with or without Ssl, the others as they are. To be freed. */
static char *set_flag(const char *flags, bool require)
{
	size_t length, rest;
	const char *there = find_flag(flags, "Ssl", &length);
	bool none = !*flags || find_flag(flags, "None", &rest);

	if (require)
		return there  ? hs_strdup(flags)
		       : none ? hs_strdup("Ssl")
			      : hs_format("Ssl, %s", flags);
	if (!there)
		return hs_strdup(flags);
	rest = length + strspn(there + length, ", \t");
	if (!there[rest] && there == flags)
		return hs_strdup("None");
	if (there[rest])
		return hs_format("%.*s%s", (int)(there - flags), flags,
				 there + rest);
	while (there > flags && strchr(", \t", there[-1]))
		there--;
	return hs_strndup(flags, (size_t)(there - flags));
}

void hs_iis_plan_access(struct iis_planning *planning, const char *place,
			bool require)
{
	hs_auto_free char *path =
		place ? hs_format("%s/%s", planning->site->id, place)
		      : hs_strdup(planning->site->id);
	const struct xml_doc *doc = &planning->model->config;
	struct xml_edits *edits = planning->edits;
	int32_t location = find_location(planning, path), access;
	hs_auto_free char *flags = NULL, *changed = NULL;

	access = location == XML_NONE ? XML_NONE
				      : hs_xml_find(doc, location, ACCESS);
	if (access != XML_NONE)
		flags = hs_xml_attr(doc, access, "sslFlags");
	changed = set_flag(flags ? flags : "", require);
	if (!strcmp(changed, flags ? flags : ""))
		return;
	if (location == XML_NONE) {
		location = hs_xml_add(edits, hs_xml_root(doc), XML_LAST,
				      "location");
		hs_xml_set_attr(edits, location, "path", path);
	}
	if (access == XML_NONE)
		access = hs_xml_need(edits, location, ACCESS);
	hs_xml_set_attr(edits, access, "sslFlags", changed);
}

void hs_iis_plan_places(struct iis_planning *planning, bool require)
{
	struct strings places;

	hs_ssl_places(planning->settings, &places);
	HS_EACH(place, &places)
		hs_iis_plan_access(planning, *place, require);
	hs_strings_done(&places);
}
