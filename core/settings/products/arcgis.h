/*
 * What is known of an ArcGIS Server found on a tree.  9.3 and 10.0 are web
 * applications of IIS and read a port in a web.config; from 10.1 on it is
 * another product with a web server of its own.
 */
#ifndef CORE_SETTINGS_PRODUCTS_ARCGIS_H
#define CORE_SETTINGS_PRODUCTS_ARCGIS_H

#include "core/settings/facts.h"

/* One instance of 9.3 or 10.0: a folder of web applications. */
struct arcgis_instance {
	char *config; /* its Security/web.config, as seen from inside */
	int port;     /* SSLPort in it, 0: none */
	int line;     /* of that; 0: none */
};
struct arcgis_instances HS_ARRAY(struct arcgis_instance);

/* The model of its struct product_facts. */
struct arcgis_facts {
	struct arcgis_instances instances;
	bool newer; /* 10.1 or later */
};

/* Of the ArcGIS Server found, or NULL. */
const struct arcgis_facts *hs_arcgis_facts(const struct facts *facts);
void hs_arcgis_facts_free(void *model);

#endif
