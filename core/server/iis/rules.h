/*
 * Rules of URL Rewrite, as far as they matter to HTTPS.  They are either of
 * the shape this program writes, which is that of DataMiner's guide, or
 * somebody else's and left alone.  Source: Microsoft, URL Rewrite Module
 * Configuration Reference, and its rewrite_schema.xml.
 */
#ifndef CORE_SERVER_IIS_RULES_H
#define CORE_SERVER_IIS_RULES_H

#include "core/server/iis/model.h"

enum iis_rule {
	IIS_RULE_OURS,	  /* of our shape: sends plain HTTP to HTTPS */
	IIS_RULE_FOREIGN, /* of another shape, and does so whatever the path */
	IIS_RULE_GENERAL, /* the same, whatever is asked for besides */
	IIS_RULE_BACK,	  /* sends what comes over HTTPS to http:// */
	IIS_RULE_ANSWERS, /* answers every request and is the last to do so */
};

/* The first of that kind among the <rule>s of a section, which may be
 * XML_NONE; XML_NONE.  But for ours, those that are switched off do not
 * count. */
int32_t hs_iis_find_rule(const struct xml_doc *doc, int32_t rules,
			 enum iis_rule kind);

/* Whether the element has such a child, with an attribute of that value. */
bool hs_iis_child_has(const struct xml_doc *doc, int32_t element,
		      const char *child, const char *attribute,
		      const char *value);

/* The URL and the code of a rule's action; the URL is to be freed, NULL when
 * there is none. */
char *hs_iis_rule_target(const struct xml_doc *doc, int32_t rule);
int hs_iis_rule_code(const struct xml_doc *doc, int32_t rule);

/* Words of redirectType and their codes; 0 and NULL where there is none. */
int hs_iis_redirect_code(const char *type);
const char *hs_iis_redirect_type(int code);

#define IIS_LOCALHOST "^localhost(:\\d+)?$"

#endif
