/*
 * What is known of IIS in a tree: its configuration as it was read, and how
 * its places are found.  site.http_block is the element of the site there.
 */
#ifndef CORE_SERVER_IIS_MODEL_H
#define CORE_SERVER_IIS_MODEL_H

#include "core/conf/xml.h"
#include "core/server/iis/binding.h"

/* server_facts.model of IIS. */
struct iis_model {
	struct xml_doc config; /* applicationHost.config */
	int32_t sites;	       /* system.applicationHost/sites, XML_NONE */
	int32_t default_hsts;  /* sites/siteDefaults/hsts, XML_NONE */
	int build;	       /* of Windows, 0: unknown */
	bool hsts;	       /* <hsts> of a site is understood there */
	struct strings paths;  /* of web.config files, for places */
};

/* detect.c */
int hs_iis_detect(const struct root *root, const struct server_hint *hint,
		  struct server_facts *ret_facts, struct error *err);

/* Fills facts->sites from the model, and facts->problems with what IIS itself
 * would refuse (sites.c). */
void hs_iis_list_sites(const struct root *root, struct server_facts *facts);

/* true for "true" in any case, as IIS reads a bool; NULL is false. */
bool hs_iis_is_true(const char *text);
/* The same of an attribute. */
bool hs_iis_attr_is_true(const struct xml_doc *doc, int32_t element,
			 const char *name);
/* Whether an attribute is there and has that value, case aside. */
bool hs_iis_attr_is(const struct xml_doc *doc, int32_t element,
		    const char *name, const char *value);

/* Reads the binding at an element; -1 when its flags are no number. */
int hs_iis_read_binding(const struct xml_doc *doc, int32_t element,
			struct iis_binding *ret_binding);

/* An attribute of the virtual directory "/" of the application "/" of a site
 * ("physicalPath"), or of that application itself ("applicationPool"); to be
 * freed, NULL when there is none. */
char *hs_iis_site_path(const struct xml_doc *doc, int32_t site);
char *hs_iis_site_pool(const struct xml_doc *doc, int32_t site);

/* The <hsts> that counts for a site: its own, else that of siteDefaults, else
 * XML_NONE. */
int32_t hs_iis_hsts(const struct iis_model *model, int32_t site);
/* Its header as IIS would send it, to be freed; NULL when it sends none. */
char *hs_iis_hsts_header(const struct xml_doc *doc, int32_t hsts);

#endif
