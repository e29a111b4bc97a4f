/*
 * Makes certificates: a self-signed one for a name, and the small CA of the
 * demo and of tests.  RSA 2048 or P-256 keys, SHA-256, a proper SAN,
 * serverAuth (RFC 5280, CA/Browser Forum baseline requirements).
 */
#ifndef CORE_CERT_CREATE_H
#define CORE_CERT_CREATE_H

#include "core/cert/bundle.h"

struct cert_request {
	const struct strings *names; /* DNS names or IP addresses; first = CN */
	int days; /* of validity, from now (minus an hour); below 0: it ended
		     so many days ago */
	bool is_ca;
	const char *key_type; /* "P-256" (default, NULL), "P-384", "RSA-2048",
				 "RSA-3072", "RSA-4096" */
};

/*
 * Makes a key and a certificate signed by `issuer` (its leaf and key; NULL:
 * self-signed).  `ret_bundle` is complete: certificate, key, chain = issuer
 * unless that is a root.  -1: HS_CANNOT with OpenSSL's reason.
 */
int hs_cert_create(const struct cert_request *request,
		   const struct bundle *issuer, struct bundle *ret_bundle,
		   struct error *err) HS_MUST_CHECK;

/* The bundle as PKCS#12 under a passphrase (AES-256, PBKDF2; RFC 9579 not
 * used: widest readers); appended to ret_bytes. */
int hs_cert_export_pkcs12(const struct bundle *bundle, const char *passphrase,
			  struct str *ret_bytes,
			  struct error *err) HS_MUST_CHECK;

#endif
