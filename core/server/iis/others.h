/*
 * What others have set up about a site's visitors, anywhere but in a rule of
 * our shape: redirects and rules for the whole server, in the location of the
 * site, or in its web.config.  They are found, told, and left as they are.
 * Sources: Microsoft, URL Rewrite Module Configuration Reference (global rules
 * come first, rules are inherited), and HTTP Redirects <httpRedirect>, which
 * looks at no scheme.
 */
#ifndef CORE_SERVER_IIS_OTHERS_H
#define CORE_SERVER_IIS_OTHERS_H

#include "core/server/iis/web.h"

struct iis_other {
	const struct xml_doc *doc;
	int32_t element; /* XML_NONE: there is none */
	char *target;	 /* a URL, or NULL */
	int code;	 /* of a redirect, 0: none */
};
void hs_iis_other_done(struct iis_other *other);
#define hs_auto_iis_other HS_CLEANUP(hs_iis_other_done)

/* What sends plain HTTP of the site to HTTPS. `web` may be NULL here and
 * below: the site has no web.config that can be read. */
struct iis_other hs_iis_other_redirect(const struct iis_model *model,
				       const char *site,
				       const struct iis_web *web);
/* What sends even those who come over HTTPS elsewhere. */
struct iis_other hs_iis_sends_all(const struct iis_model *model,
				  const char *site, const struct iis_web *web);
/* The rule of the server that answers before those of any site. */
struct iis_other hs_iis_first_answer(const struct iis_model *model);

/* What the configuration and the files of a site say about redirect and HSTS,
 * into the site's facts (look.c); what cannot be read says nothing. */
void hs_iis_look_into_web(const struct root *root, struct iis_model *model,
			  struct site *site);

#endif
