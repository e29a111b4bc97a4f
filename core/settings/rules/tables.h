/*
 * The rule tables, one per subject, each in the file of its name
 * (cert.c, name.c ...).  rules.c alone walks them.
 */
#ifndef CORE_SETTINGS_RULES_TABLES_H
#define CORE_SETTINGS_RULES_TABLES_H

#include "core/settings/rules/rules.h"

extern const struct rule_table hs_rules_cert, hs_rules_name, hs_rules_binding,
	hs_rules_iis, hs_rules_hsts, hs_rules_redirect, hs_rules_firewall,
	hs_rules_server, hs_rules_live, hs_rules_live_tls, hs_rules_live_site;

/* Of the products: core/settings/products/. */
extern const struct rule_table hs_rules_dataminer, hs_rules_live_dataminer,
	hs_rules_certero, hs_rules_itms, hs_rules_arcgis;

#endif
