/*
 * Makes certificates: a self-signed one for a name, a request for a CA to
 * sign, and those of a small CA of one's own.  RSA or P-256/P-384 keys,
 * SHA-256, a proper SAN, serverAuth (RFC 5280, CA/Browser Forum baseline
 * requirements); and the forms in which other programs want them.
 */
#ifndef CORE_CERT_MAKE_CREATE_H
#define CORE_CERT_MAKE_CREATE_H

#include "core/cert/bundle.h"

enum cert_use { CERT_FOR_SERVERS, CERT_FOR_CLIENTS };

struct cert_request {
	const struct strings *names; /* DNS names or IP addresses */
	const char *common_name;     /* NULL: the first of them */
	int days; /* of validity, from now (minus an hour); below 0: it ended
		     so many days ago.  Never longer than the issuer's. */
	bool is_ca;
	enum cert_use use;    /* of what is no CA */
	const char *key_type; /* "P-256" (default, NULL), "P-384", "RSA-2048",
				 "RSA-3072", "RSA-4096", in any case */
	const struct certificate *key_of; /* instead of a new key: the public
					     one of a request (inventory.h);
					     NULL */
};

/* Whether it is one of the key types above. */
bool hs_cert_key_type_is_known(const char *type);

/*
 * Makes a key and a certificate signed by `issuer` (its leaf and key; NULL:
 * self-signed).  `ret_bundle` is complete: certificate, key, chain = issuer
 * unless that is a root.  With `key_of` there is no private key in it, and an
 * issuer has to be there; nothing but the key is taken from the request.
 * -1: HS_CANNOT with OpenSSL's reason.
 */
int hs_cert_create(const struct cert_request *request,
		   const struct bundle *issuer, struct bundle *ret_bundle,
		   struct error *err) HS_MUST_CHECK;

/*
 * Makes a key and a request for a certificate (PKCS#10, RFC 2986, with the
 * names as extensionRequest, RFC 2985): PEM, appended to `ret_pem`; *ret_key
 * is PKCS#8 PEM in the secure heap, to be freed by hs_cert_key_free().
 */
int hs_cert_request_create(const struct cert_request *request,
			   struct str *ret_pem, char **ret_key,
			   struct error *err) HS_MUST_CHECK;
void hs_cert_key_free(char *key_pem);

/* The key (PKCS#8 PEM) under a passphrase: PKCS#8 with AES-256 and PBKDF2
 * (RFC 8018), PEM, appended. */
int hs_cert_key_encrypt(const char *key_pem, const char *passphrase,
			struct str *ret_pem, struct error *err) HS_MUST_CHECK;

/*
 * The bundle as one PKCS#12 file (.pfx, RFC 7292), made in memory: the leaf
 * with its key, tied to each other by localKeyID and named by the first name
 * of the certificate, and the chain without its root.  `bundle` needs a leaf
 * and its key_pem.  The bytes are appended to `ret_bytes`, which the caller
 * releases with hs_str_done(); the key in them is encrypted, nothing else
 * needs to be wiped.  "" as passphrase is kept apart from none by few readers.
 * AES-256 with PBKDF2 and a MAC of SHA-256 (not RFC 9579: widest readers):
 * Windows Server 2019, Windows 10 1709, Java 8u301 and later read it.
 * -1: HS_CANNOT without leaf or key, or with OpenSSL's reason.
 */
int hs_cert_export_pkcs12(const struct bundle *bundle, const char *passphrase,
			  struct str *ret_bytes,
			  struct error *err) HS_MUST_CHECK;

/* The same as Windows before Server 2019 and Java before 8u301 read it, and
 * all later ones as well: 3DES and a MAC of SHA-1 (RFC 7292, appendix C).
 * Weaker than the other, so the passphrase ought to be long and random. */
int hs_cert_export_pkcs12_old(const struct bundle *bundle,
			      const char *passphrase, struct str *ret_bytes,
			      struct error *err) HS_MUST_CHECK;

/* One certificate as PEM, appended. */
void hs_cert_export_pem(const struct certificate *certificate,
			struct str *ret_pem);

#endif
