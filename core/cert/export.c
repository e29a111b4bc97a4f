/*
 * A bundle as PKCS#12 (RFC 7292), for servers and products that want one.
 */
#include <string.h>

#include "core/cert/create.h"
#include "core/cert/secret.h"

/* Many more than the 2048 of old, far fewer than some readers refuse. */
#define ROUNDS 10000

static X509 *x509_of(const struct certificate *certificate)
{
	const unsigned char *at = certificate->der;

	return d2i_X509(NULL, &at, (long)certificate->der_length);
}

static STACK_OF(X509) * chain_of(const struct bundle *bundle)
{
	STACK_OF(X509) *chain = sk_X509_new_null();

	for (size_t i = 1; i < bundle->certificates.n; i++) {
		X509 *x509 = x509_of(&bundle->certificates.items[i]);

		if (x509)
			sk_X509_push(chain, x509);
	}
	return chain;
}

static int put_der(PKCS12 *pkcs12, struct str *bytes)
{
	unsigned char *der = NULL;
	int length = i2d_PKCS12(pkcs12, &der);

	if (length <= 0)
		return -1;
	hs_str_add(bytes, der, (size_t)length);
	OPENSSL_free(der);
	return 0;
}

int hs_cert_export_pkcs12(const struct bundle *bundle, const char *passphrase,
			  struct str *ret_bytes, struct error *err)
{
	const struct certificate *leaf = hs_bundle_leaf(bundle);
	hs_auto_x509 X509 *x509 = leaf ? x509_of(leaf) : NULL;
	hs_auto_pkey EVP_PKEY *key =
		bundle->key_pem ? hs_secret_to_key(bundle->key_pem) : NULL;
	hs_auto_free char *name = leaf ? hs_certificate_first_name(leaf) : NULL;
	hs_auto_pkcs12 PKCS12 *pkcs12 = NULL;
	STACK_OF(X509) * chain;

	if (!x509 || !key)
		return hs_fail(err, HS_CANNOT,
			       "there is no certificate with its key");
	chain = chain_of(bundle);
	pkcs12 = PKCS12_create(passphrase, name, key, x509, chain,
			       NID_aes_256_cbc, NID_aes_256_cbc, ROUNDS, ROUNDS,
			       0);
	sk_X509_pop_free(chain, X509_free);
	if (!pkcs12 || put_der(pkcs12, ret_bytes))
		return hs_openssl_fail(err, "cannot write PKCS#12");
	ERR_clear_error();
	return 0;
}
