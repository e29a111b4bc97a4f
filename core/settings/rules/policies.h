/*
 * What a product's guide asks of certificates and names, as severities: the
 * rules find the same facts whoever asks; how much they weigh stands in a
 * table for each product.  A policy never makes a finding milder.
 */
#ifndef CORE_SETTINGS_RULES_POLICIES_H
#define CORE_SETTINGS_RULES_POLICIES_H

#include "core/settings/facts.h"
#include "core/settings/settings.h"

/* The rows of that product, ending with a NULL id; "generic", NULL and unknown
 * ones have none. */
const struct raised_rule *hs_policy_get(const char *product);
/* The rows that come with answers to the chosen product's questions. */
const struct raised_rule *hs_policy_answered(const struct settings *settings);

#endif
