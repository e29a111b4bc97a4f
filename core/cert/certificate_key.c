/*
 * What stands in a certificate about its key.
 */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/index.h"
#include "core/base/openssl.h"
#include "core/cert/certificate.h"

#define EXPONENT_BITS_MAX 256

/* The names that standards and browsers use. */
static char *curve_of(const EVP_PKEY *key)
{
	static const struct {
		const char *name, *usual;
	} curves[] = {
		{SN_X9_62_prime256v1, "P-256"},
		{SN_secp384r1, "P-384"},
		{SN_secp521r1, "P-521"},
	};
	char name[80];

	/* TLS knows curves by their names alone (RFC 8422, 5.1.1) */
	if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING,
					   name, sizeof(name), NULL) &&
	    !strcmp(name, OSSL_PKEY_EC_ENCODING_EXPLICIT))
		return hs_strdup(_("with its curve spelled out"));
	if (!EVP_PKEY_get_group_name(key, name, sizeof(name), NULL))
		return hs_strdup(_("unnamed curve"));
	for (size_t i = 0; i < HS_LENGTH(curves); i++) {
		if (!strcmp(name, curves[i].name))
			return hs_strdup(curves[i].usual);
	}
	return hs_strdup(name);
}

/* An exponent is odd, 3 or more, and fits 256 bits (Baseline Requirements,
 * 6.1.6). */
static char *flaw_of(const EVP_PKEY *key)
{
	BIGNUM *exponent = NULL;
	char *flaw = NULL;

	if (!EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent))
		return NULL;
	if (BN_num_bits(exponent) > EXPONENT_BITS_MAX)
		flaw = hs_format(_("an exponent of %d bits"),
				 BN_num_bits(exponent));
	else if (!BN_is_odd(exponent) || BN_is_one(exponent))
		flaw = hs_strdup(BN_is_one(exponent) ? _("the exponent 1")
						     : _("an even exponent"));
	BN_free(exponent);
	return flaw;
}

static uint64_t hash_of(const unsigned char *bytes, size_t length)
{
	return hs_index_hash(HS_INDEX_SEED, bytes, length);
}

static uint64_t hash_of_number(const BIGNUM *number)
{
	size_t length = (size_t)BN_num_bytes(number);
	hs_auto_free unsigned char *bytes = hs_alloc(length + 1);

	BN_bn2bin(number, bytes);
	return hash_of(bytes, length);
}

/* The modulus of RSA, the x of a curve's point, which stands in all of its
 * forms, or the bytes of a key that has but one form; else they are equal. */
uint64_t hs_key_hash(const EVP_PKEY *key)
{
	static const char *const numbers[] = {
		OSSL_PKEY_PARAM_RSA_N,
		OSSL_PKEY_PARAM_EC_PUB_X,
	};
	unsigned char bytes[64];
	size_t length = sizeof(bytes);
	BIGNUM *number = NULL;
	uint64_t hash = 0;

	for (size_t i = 0; !number && i < HS_LENGTH(numbers); i++)
		(void)EVP_PKEY_get_bn_param(key, numbers[i], &number);
	if (number)
		hash = hash_of_number(number);
	else if (EVP_PKEY_get_raw_public_key(key, bytes, &length))
		hash = hash_of(bytes, length);
	BN_free(number);
	return hash;
}

void hs_certificate_read_key(X509 *x509, struct certificate *to)
{
	const EVP_PKEY *key = X509_get0_pubkey(x509);
	ASN1_OBJECT *oid = NULL;

	if (!key) {
		X509_PUBKEY_get0_param(&oid, NULL, NULL, NULL,
				       X509_get_X509_PUBKEY(x509));
		to->key_type = hs_strdup(OBJ_nid2sn(OBJ_obj2nid(oid)));
		return;
	}
	to->key_type = hs_strdup(EVP_PKEY_get0_type_name(key));
	to->key_bits = EVP_PKEY_get_bits(key);
	to->key_hash = hs_key_hash(key);
	to->key_flaw = flaw_of(key);
	if (!strcmp(to->key_type, "EC"))
		to->key_curve = curve_of(key);
}
