/*
 * Certificates and keys in the forms that other programs want: PKCS#12
 * (RFC 7292), an encrypted key (RFC 8018), PEM (RFC 7468).
 */
#include <string.h>

#include "core/base/openssl.h"
#include "core/cert/certificate.h"
#include "core/cert/make/create.h"
#include "core/cert/secret.h"

/* Many more than the 2048 of old, far fewer than some readers refuse. */
#define ROUNDS 10000
/* What is read once a start of a program may take longer. */
#define KEY_ROUNDS 200000
/* As programs of that time write it, and expect it. */
#define OLD_ROUNDS 2048

/* How the parts of a PKCS#12 file are kept. */
struct keeping {
	int cipher; /* of key and certificates, a NID */
	int rounds;
	const EVP_MD *mac;
};

static STACK_OF(X509) * chain_of(const struct bundle *bundle)
{
	STACK_OF(X509) *chain = sk_X509_new_null();

	for (size_t i = 1; i < bundle->certificates.n; i++) {
		X509 *x509 =
			hs_certificate_x509(&bundle->certificates.items[i]);

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

/* Without a MAC first, since its digest can only be chosen afterwards. */
static PKCS12 *make_pkcs12(const struct bundle *bundle, EVP_PKEY *key,
			   X509 *x509, const char *passphrase,
			   const struct keeping *how)
{
	hs_auto_free char *name =
		hs_certificate_first_name(hs_bundle_leaf(bundle));
	STACK_OF(X509) *chain = chain_of(bundle);
	PKCS12 *pkcs12 =
		PKCS12_create(passphrase, name, key, x509, chain, how->cipher,
			      how->cipher, how->rounds, -1, 0);

	sk_X509_pop_free(chain, X509_free);
	if (pkcs12 && PKCS12_set_mac(pkcs12, passphrase, -1, NULL, 0,
				     how->rounds, how->mac))
		return pkcs12;
	PKCS12_free(pkcs12);
	return NULL;
}

static int export_pkcs12(const struct bundle *bundle, const char *passphrase,
			 const struct keeping *how, struct str *bytes,
			 struct error *err)
{
	const struct certificate *leaf = hs_bundle_leaf(bundle);
	hs_auto_x509 X509 *x509 = leaf ? hs_certificate_x509(leaf) : NULL;
	hs_auto_pkey EVP_PKEY *key =
		bundle->key_pem ? hs_secret_to_key(bundle->key_pem) : NULL;
	hs_auto_pkcs12 PKCS12 *pkcs12 = NULL;

	if (!x509 || !key)
		return hs_fail(err, HS_CANNOT,
			       "there is no certificate with its key");
	pkcs12 = make_pkcs12(bundle, key, x509, passphrase, how);
	if (!pkcs12 || put_der(pkcs12, bytes))
		return hs_openssl_fail(err, "cannot write PKCS#12");
	ERR_clear_error();
	return 0;
}

int hs_cert_export_pkcs12(const struct bundle *bundle, const char *passphrase,
			  struct str *ret_bytes, struct error *err)
{
	const struct keeping modern = {NID_aes_256_cbc, ROUNDS, EVP_sha256()};

	return export_pkcs12(bundle, passphrase, &modern, ret_bytes, err);
}

int hs_cert_export_pkcs12_old(const struct bundle *bundle,
			      const char *passphrase, struct str *ret_bytes,
			      struct error *err)
{
	const struct keeping old = {NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
				    OLD_ROUNDS, EVP_sha1()};

	return export_pkcs12(bundle, passphrase, &old, ret_bytes, err);
}

static void put_pem(const char *label, const unsigned char *der, long length,
		    struct str *pem)
{
	hs_auto_bio BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long n;

	PEM_write_bio(bio, label, "", der, length);
	n = BIO_get_mem_data(bio, &data);
	hs_str_add(pem, data, (size_t)n);
}

void hs_cert_export_pem(const struct certificate *certificate,
			struct str *ret_pem)
{
	put_pem(PEM_STRING_X509, certificate->der,
		(long)certificate->der_length, ret_pem);
}

int hs_cert_key_encrypt(const char *key_pem, const char *passphrase,
			struct str *ret_pem, struct error *err)
{
	hs_auto_pkey EVP_PKEY *key = hs_secret_to_key(key_pem);
	hs_auto_pkcs8 PKCS8_PRIV_KEY_INFO *plain =
		key ? EVP_PKEY2PKCS8(key) : NULL;
	hs_auto_sig X509_SIG *locked = NULL;
	unsigned char *der = NULL;
	int length;

	if (plain)
		locked = PKCS8_encrypt(-1, EVP_aes_256_cbc(), passphrase,
				       (int)strlen(passphrase), NULL, 0,
				       KEY_ROUNDS, plain);
	length = locked ? i2d_X509_SIG(locked, &der) : -1;
	if (length <= 0)
		return hs_openssl_fail(err, "cannot encrypt the key");
	put_pem(PEM_STRING_PKCS8, der, length, ret_pem);
	OPENSSL_free(der);
	ERR_clear_error();
	return 0;
}
