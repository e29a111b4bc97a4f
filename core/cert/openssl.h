/*
 * What the files of this room share about OpenSSL: release by attribute for
 * its types, secrets in its secure heap, its reason for a failure.
 */
#ifndef CORE_CERT_OPENSSL_H
#define CORE_CERT_OPENSSL_H

#include <stdbool.h>

#include "core/base/array.h"
#include "core/base/cleanup.h"
#include "core/base/error.h"
#include "core/base/openssl.h"

#define HS_OPENSSL_CLEANUP(name, type, release)                                \
	static inline void hs_cleanup_##name(type **slot)                      \
	{                                                                      \
		release(*slot);                                                \
	}

HS_OPENSSL_CLEANUP(bio, BIO, BIO_free_all)
HS_OPENSSL_CLEANUP(pkey, EVP_PKEY, EVP_PKEY_free)
HS_OPENSSL_CLEANUP(pkcs12, PKCS12, PKCS12_free)
HS_OPENSSL_CLEANUP(pkcs7, PKCS7, PKCS7_free)
HS_OPENSSL_CLEANUP(pkcs8, PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
HS_OPENSSL_CLEANUP(sig, X509_SIG, X509_SIG_free)
HS_OPENSSL_CLEANUP(x509, X509, X509_free)

#define hs_auto_bio HS_CLEANUP(hs_cleanup_bio)
#define hs_auto_pkey HS_CLEANUP(hs_cleanup_pkey)
#define hs_auto_pkcs12 HS_CLEANUP(hs_cleanup_pkcs12)
#define hs_auto_pkcs7 HS_CLEANUP(hs_cleanup_pkcs7)
#define hs_auto_pkcs8 HS_CLEANUP(hs_cleanup_pkcs8)
#define hs_auto_sig HS_CLEANUP(hs_cleanup_sig)
#define hs_auto_x509 HS_CLEANUP(hs_cleanup_x509)

/* Certificates that the list owns one reference of. */
struct x509s HS_ARRAY(X509 *);
void hs_x509s_done(struct x509s *list);

/* OpenSSL's reason for what just failed, "unknown reason" without one; its
 * queue of errors is empty afterwards. */
const char *hs_openssl_reason(void);

/* Sets HS_CANNOT with OpenSSL's reason behind `what`. Returns -1. */
int hs_openssl_fail(struct error *err, const char *what);

/* Calls `take` with each alternative name of a certificate: its type (GEN_DNS,
 * ...) and what that type holds. */
void hs_x509_each_name(X509 *x509,
		       void (*take)(int type, const void *value, void *context),
		       void *context);

/* Loads the provider of RC2, RC4 and the like, once; -1: there is none. */
int hs_openssl_load_legacy(void);

#endif
