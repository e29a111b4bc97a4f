/*
 * What is known of a Certero Management Platform found on a tree.
 */
#ifndef CORE_SETTINGS_PRODUCTS_CERTERO_H
#define CORE_SETTINGS_PRODUCTS_CERTERO_H

#include "core/settings/facts.h"
#include "core/settings/settings.h"

/* The way from HTTP to HTTPS; clients are lost when a step is left out. */
enum certero_stage {
	CERTERO_HTTP,  /* clients know http:// alone */
	CERTERO_BOTH,  /* they learn https:// over http:// */
	CERTERO_HTTPS, /* they need no HTTP any more */
};

/* How far the tenant's site is now: its bindings in the tree say so, and so it
 * is remembered from run to run, and forgotten when a run is taken back. */
enum certero_stage hs_certero_stage(const struct site *site);

#endif
