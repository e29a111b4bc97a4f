/*
 * Keys, signatures and the chain: what holds for every certificate of the
 * bundle, not for the leaf alone.
 */
#include "core/settings/rules/chain.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"

#define RSA_BITS_MIN 2048
#define EC_BITS_MIN 256
#define BITS_MAX 16384

static const struct bundle *bundle_of(const struct judged *judged)
{
	return &judged->facts->bundle;
}

static const struct certificate *leaf_of(const struct judged *judged)
{
	return hs_bundle_leaf(bundle_of(judged));
}

char *hs_rule_cert_title(const struct certificate *certificate)
{
	const char *name = certificate->common_name;

	if (!name && certificate->dns_names.n)
		name = certificate->dns_names.items[0];
	if (!name || !*name)
		name = certificate->subject;
	return hs_text_safe(name, strlen(name), 80);
}

static char *issuer_title(const struct certificate *certificate)
{
	const char *name = certificate->issuer_common_name;

	if (!name || !*name)
		name = certificate->issuer;
	return hs_text_safe(name, strlen(name), 80);
}

/* RSA-PSS keys are RSA keys too. */
static bool is_rsa(const struct certificate *certificate)
{
	return !strncmp(certificate->key_type, "RSA", 3);
}

static bool is_weak(const struct certificate *certificate)
{
	int bits = certificate->key_bits;

	if (is_rsa(certificate))
		return bits < RSA_BITS_MIN;
	if (!strcmp(certificate->key_type, "EC"))
		return bits < EC_BITS_MIN;
	return false;
}

bool hs_rule_cert_weak_key(const struct judged *judged, struct str *detail,
			   char **where)
{
	(void)where;
	HS_EACH(certificate, &bundle_of(judged)->certificates) {
		hs_auto_free char *name = hs_rule_cert_title(certificate);

		if (certificate->key_flaw) {
			hs_str_printf(detail, _("the key of %s has %s"), name,
				      certificate->key_flaw);
			return true;
		}
		if (!is_weak(certificate))
			continue;
		hs_str_printf(
			detail,
			_("the key of %s is %s with %d bits; browsers ask "
			  "for %d"),
			name, certificate->key_type, certificate->key_bits,
			is_rsa(certificate) ? RSA_BITS_MIN : EC_BITS_MIN);
		return true;
	}
	return false;
}

bool hs_rule_cert_key_too_large(const struct judged *judged, struct str *detail,
				char **where)
{
	(void)where;
	HS_EACH(certificate, &bundle_of(judged)->certificates) {
		hs_auto_free char *name = hs_rule_cert_title(certificate);

		if (certificate->key_bits <= BITS_MAX)
			continue;
		hs_str_printf(detail, _("the key of %s has %d bits"), name,
			      certificate->key_bits);
		return true;
	}
	return false;
}

/* What every browser of today can verify. */
static bool is_usual_key(const struct certificate *leaf)
{
	const char *curve = leaf->key_curve;

	if (!strcmp(leaf->key_type, "RSA"))
		return true;
	return !strcmp(leaf->key_type, "EC") && curve &&
	       (!strcmp(curve, "P-256") || !strcmp(curve, "P-384"));
}

bool hs_rule_cert_key_type(const struct judged *judged, struct str *detail,
			   char **where)
{
	const struct certificate *leaf = leaf_of(judged);
	const char *curve;

	(void)where;
	if (!leaf || is_usual_key(leaf))
		return false;
	curve = leaf->key_curve ? leaf->key_curve : "";
	hs_str_printf(detail,
		      _("the certificate has a key of type %s%s%s, which not "
			"every browser knows"),
		      leaf->key_type, *curve ? " " : "", curve);
	return true;
}

bool hs_rule_cert_key_not_rsa(const struct judged *judged, struct str *detail,
			      char **where)
{
	const struct certificate *leaf = leaf_of(judged);

	(void)where;
	if (!leaf || !is_usual_key(leaf) || is_rsa(leaf))
		return false;
	hs_str_printf(detail,
		      _("the certificate has a key of type %s, and the product "
			"takes RSA alone"),
		      leaf->key_type);
	return true;
}

static bool has_signature(const struct judged *judged,
			  const char *const *digests, struct str *detail)
{
	HS_EACH(certificate, &bundle_of(judged)->certificates) {
		hs_auto_free char *name = hs_rule_cert_title(certificate);

		for (const char *const *digest = digests; *digest; digest++) {
			if (strcmp(certificate->signature, *digest))
				continue;
			hs_str_printf(
				detail,
				_("the certificate of %s is signed with %s"),
				name, *digest);
			return true;
		}
	}
	return false;
}

bool hs_rule_cert_broken_signature(const struct judged *judged,
				   struct str *detail, char **where)
{
	static const char *const digests[] = {
		"md2", "md4", "md5", "mdc2", "md5-sha1", NULL,
	};

	(void)where;
	return has_signature(judged, digests, detail);
}

bool hs_rule_cert_old_signature(const struct judged *judged, struct str *detail,
				char **where)
{
	static const char *const digests[] = {"sha1", NULL};

	(void)where;
	return has_signature(judged, digests, detail);
}

bool hs_rule_cert_chain_incomplete(const struct judged *judged,
				   struct str *detail, char **where)
{
	const struct bundle *bundle = bundle_of(judged);
	const struct certificate *leaf = leaf_of(judged), *top;
	hs_auto_free char *issuer = NULL;

	(void)where;
	if (!leaf || leaf->self_signed || bundle->chain_complete)
		return false;
	top = &bundle->certificates.items[bundle->certificates.n - 1];
	issuer = issuer_title(top);
	if (top->aia_issuer)
		hs_str_printf(detail,
			      _("the certificate of the issuer, %s, is in none "
				"of the files; the CA has it at %s"),
			      issuer, top->aia_issuer);
	else
		hs_str_printf(detail,
			      _("the certificate of the issuer, %s, is in none "
				"of the files"),
			      issuer);
	return true;
}

bool hs_rule_cert_chain_order(const struct judged *judged, struct str *detail,
			      char **where)
{
	const struct bundle *bundle = bundle_of(judged);

	(void)where;
	if (!bundle->read || !(bundle->reordered || bundle->left_out))
		return false;
	if (bundle->reordered)
		hs_str_puts(detail, _("the certificates were not in order and "
				      "are installed in order"));
	if (bundle->reordered && bundle->left_out)
		hs_str_puts(detail, "; ");
	if (bundle->left_out)
		hs_str_printf(detail,
			      P_("%zu certificate does not belong to the chain "
				 "and is left out",
				 "%zu certificates do not belong to the chain "
				 "and are left out",
				 bundle->left_out),
			      bundle->left_out);
	return true;
}

bool hs_rule_cert_chain_untrusted(const struct judged *judged,
				  struct str *detail, char **where)
{
	const struct bundle *bundle = bundle_of(judged);
	const struct certificate *leaf = leaf_of(judged), *top;
	hs_auto_free char *issuer = NULL;

	(void)where;
	if (!leaf || leaf->self_signed || bundle->trusted)
		return false;
	top = &bundle->certificates.items[bundle->certificates.n - 1];
	issuer = issuer_title(top);
	if (bundle->trust_problem)
		hs_str_printf(detail, _("this machine does not trust %s (%s)"),
			      issuer, bundle->trust_problem);
	else
		hs_str_printf(detail, _("this machine does not trust %s"),
			      issuer);
	return true;
}

bool hs_rule_cert_root_included(const struct judged *judged, struct str *detail,
				char **where)
{
	(void)detail, (void)where;
	return bundle_of(judged)->root_dropped;
}
