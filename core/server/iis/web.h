/*
 * The web.config of a site: where it is, and what it already does about HTTPS.
 * Rules of URL Rewrite are either of the shape this program writes, which is
 * that of DataMiner's guide, or somebody else's and left alone.
 */
#ifndef CORE_SERVER_IIS_WEB_H
#define CORE_SERVER_IIS_WEB_H

#include "core/server/iis/rules.h"

/* A web.config and its places; elements are XML_NONE where there is none. */
struct iis_web {
	char *path;  /* inside the tree, also when it is not there yet */
	bool exists; /* else `doc` is what a new one begins with */
	struct xml_doc doc;
	int32_t top;	  /* what holds its sections: the root, or the
			     <location path="."> that has rewrite already */
	int32_t rules;	  /* system.webServer/rewrite/rules */
	int32_t redirect; /* a rule of our shape that sends HTTP to HTTPS */
	int32_t foreign;  /* another rule that does so for all requests */
	int32_t outbound; /* the outbound rule that sets the HSTS header */
	int32_t header;	  /* <add> of that header to every response */
};

/* Reads it, or begins a new one.  HS_REFUSED when the site has no folder in
 * this tree (server.outside-tree), what hs_xml_read() refuses, and what keeps
 * its sections from being edited there. */
int hs_iis_web_open(const struct root *root, const struct iis_model *model,
		    int32_t site, struct iis_web *ret_web,
		    struct error *err) HS_MUST_CHECK;
void hs_iis_web_done(struct iis_web *web);
#define hs_auto_iis_web HS_CLEANUP(hs_iis_web_done)

/* The folder of a site inside the tree, to be freed; HS_REFUSED as above. */
char *hs_iis_web_root(const struct root *root, const struct iis_model *model,
		      int32_t site, struct error *err);

/* The section at the path, be it in the root or in a location for everything
 * below; XML_NONE. */
int32_t hs_iis_web_section(const struct xml_doc *doc, const char *section);

#define IIS_RULES "system.webServer/rewrite/rules"
#define IIS_OUTBOUND "system.webServer/rewrite/outboundRules"
#define IIS_HSTS_VARIABLE "RESPONSE_Strict_Transport_Security"

#endif
