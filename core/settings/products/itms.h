/*
 * What is known of Symantec's IT Management Suite (Altiris) found on a tree,
 * and which kind of certificate its guide would call one.
 */
#ifndef CORE_SETTINGS_PRODUCTS_ITMS_H
#define CORE_SETTINGS_PRODUCTS_ITMS_H

#include "core/settings/facts.h"

/* The model of its struct product_facts. */
struct itms_facts {
	bool server;	  /* this is the Notification Server */
	bool site_server; /* this is a site server: packages, tasks */
};

/* Who issued a certificate: what has to be trusted where follows from it. */
enum itms_issuer {
	ITMS_COMMERCIAL,  /* a CA that computers trust by themselves */
	ITMS_OWN,	  /* a CA of one's own */
	ITMS_SELF_SIGNED, /* nobody else */
};

/* Of the suite found, or NULL. */
const struct itms_facts *hs_itms_facts(const struct facts *facts);

/* Of the bundle's certificate; one must be there. */
enum itms_issuer hs_itms_issuer(const struct bundle *bundle);

#endif
