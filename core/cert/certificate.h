/*
 * Plain facts of one X.509 certificate (RFC 5280), from OpenSSL's object.
 */
#ifndef CORE_CERT_CERTIFICATE_H
#define CORE_CERT_CERTIFICATE_H

#include "core/cert/bundle.h"
#include "core/cert/openssl.h"

/* Fills `ret_certificate`; -1 when it cannot even be encoded again. */
int hs_certificate_from_x509(X509 *x509, struct certificate *ret_certificate);
/* The same with no more than its DER and its fingerprint. */
int hs_certificate_keep_der(X509 *x509, struct certificate *ret_certificate);
/* OpenSSL's object of it, to be freed; NULL when it has no DER. */
X509 *hs_certificate_x509(const struct certificate *certificate);

/* Type, size, curve, flaw and hash of its key. */
void hs_certificate_read_key(X509 *x509, struct certificate *to);
/* The `key_hash` of a certificate that the key fits. */
uint64_t hs_key_hash(const EVP_PKEY *key);

/* Whether it is issued by its own key (RFC 5280, 3.2); the signature is
 * checked as well. */
bool hs_x509_is_self_signed(X509 *x509);

#endif
