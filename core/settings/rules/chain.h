/*
 * The rules about keys, signatures and the chain: functions for the rows of
 * cert.c (struct rule's `holds`, core/settings/rules/rules.h).
 */
#ifndef CORE_SETTINGS_RULES_CHAIN_H
#define CORE_SETTINGS_RULES_CHAIN_H

#include "core/settings/rules/rules.h"

/* The chain. */
bool hs_rule_cert_chain_incomplete(const struct judged *judged,
				   struct str *detail, char **where);
bool hs_rule_cert_chain_order(const struct judged *judged, struct str *detail,
			      char **where);
bool hs_rule_cert_chain_untrusted(const struct judged *judged,
				  struct str *detail, char **where);
bool hs_rule_cert_root_included(const struct judged *judged, struct str *detail,
				char **where);

/* Keys that are too short, too long, or that not every browser knows. */
bool hs_rule_cert_weak_key(const struct judged *judged, struct str *detail,
			   char **where);
bool hs_rule_cert_key_too_large(const struct judged *judged, struct str *detail,
				char **where);
bool hs_rule_cert_key_type(const struct judged *judged, struct str *detail,
			   char **where);
/* One that every browser knows and that is not RSA: some products ask. */
bool hs_rule_cert_key_not_rsa(const struct judged *judged, struct str *detail,
			      char **where);

/* Signatures of MD5 and older, and of SHA-1. */
bool hs_rule_cert_broken_signature(const struct judged *judged,
				   struct str *detail, char **where);
bool hs_rule_cert_old_signature(const struct judged *judged, struct str *detail,
				char **where);

/* What a certificate is called in a sentence; safe to show, to be freed. */
char *hs_rule_cert_title(const struct certificate *certificate);

#endif
