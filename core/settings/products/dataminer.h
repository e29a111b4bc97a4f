/*
 * What is known of a DataMiner Agent found on a tree, and what its rules and
 * its plan both say about it (MaintenanceSettings.xml, DMS.xml and
 * ConnectionSettings.txt, after Skyline's documentation).
 */
#ifndef CORE_SETTINGS_PRODUCTS_DATAMINER_H
#define CORE_SETTINGS_PRODUCTS_DATAMINER_H

#include <stdbool.h>

#include "core/settings/facts.h"
#include "core/settings/settings.h"

/* One way to another agent: DMS/Redirects/Redirect. */
struct dataminer_redirect {
	char *to;  /* address or name of that agent, or "*" */
	char *via; /* "" where only a user name is given */
	int line;
};
struct dataminer_redirects HS_ARRAY(struct dataminer_redirect);

/* The model of its struct product_facts. */
struct dataminer_facts {
	char *settings; /* path of MaintenanceSettings.xml, or NULL */
	bool has_https; /* there is one <HTTPS> */
	bool enabled;
	char *name; /* in it, as written; NULL: it has none */
	int line;   /* of it */

	char *dms;	       /* path of DMS.xml, or NULL */
	struct strings agents; /* addresses of the agents of the system */
	struct dataminer_redirects redirects;
	bool has_passwords; /* DMS.xml: its bytes are not to be shown */

	/* A line of ConnectionSettings.txt that holds up upgrades: its path,
	 * number (0: none) and what is the matter with it. */
	char *connections;
	int connections_line;
	const char *connections_problem;
};

/* Of the DataMiner found, or NULL. */
const struct dataminer_facts *hs_dataminer_facts(const struct facts *facts);
void hs_dataminer_facts_free(void *model);

/* What the name in MaintenanceSettings.xml is to be; NULL: not known yet. */
const char *hs_dataminer_name(const struct settings *settings);

/*
 * Whether a connection URI keeps 10.5.10 and later from being installed: all
 * but https://HOST/APIGateway and the empty one do (DataMiner: "Verify gRPC
 * connection").
 */
bool hs_dataminer_uri_blocks(const char *via);

/* What becomes of a redirect when the settings are applied, to be freed; NULL
 * when it stays as it is. */
char *hs_dataminer_uri_new(const struct dataminer_redirect *redirect,
			   const struct settings *settings);

#endif
