/*
 * What the XML editor costs by itself, for xml.sh:
 *
 *	xml_edit start FILE	does nothing
 *	xml_edit read FILE	reads it and counts the sites
 *	xml_edit edit FILE	and gives the last site an https binding
 */
#include <stdio.h>
#include <string.h>

#include "core/conf/xml.h"

#define SITES "system.applicationHost/sites"

static int fail(const struct error *err)
{
	fprintf(stderr, "%s: %s\n", err->where, err->what);
	return 1;
}

static int edit(const struct xml_doc *doc, int32_t site)
{
	hs_auto_xml_edits struct xml_edits *edits = hs_xml_edit(doc);
	int32_t bindings = hs_xml_need(edits, site, "bindings");
	int32_t binding = hs_xml_add(edits, bindings, XML_LAST, "binding");
	hs_auto_str struct str bytes = {0};
	struct error err = {0};
	bool changed;

	hs_xml_set_attr(edits, binding, "protocol", "https");
	hs_xml_set_attr(edits, binding, "bindingInformation", "*:443:");
	if (hs_xml_finish(edits, &bytes, &changed, &err))
		return fail(&err);
	printf("%zu bytes more\n", bytes.len - doc->bytes.len);
	return 0;
}

int main(int argc, char **argv)
{
	hs_auto_xml struct xml_doc doc = {0};
	struct error err = {0};
	struct root root;
	int32_t sites, last = XML_NONE;
	int status;

	if (argc != 3)
		return 2;
	if (!strcmp(argv[1], "start"))
		return 0;
	if (hs_root_open(NULL, &root, &err))
		return fail(&err);
	status = hs_xml_read(&root, argv[2], &doc, &err);
	hs_root_close(&root);
	if (status)
		return fail(&err);
	sites = hs_xml_find(&doc, hs_xml_root(&doc), SITES);
	printf("%zu sites\n", hs_xml_count(&doc, sites, "site"));
	for (int32_t e = hs_xml_child(&doc, sites, "site"); e != XML_NONE;
	     e = hs_xml_next(&doc, e, "site"))
		last = e;
	return strcmp(argv[1], "edit") ? 0 : edit(&doc, last);
}
