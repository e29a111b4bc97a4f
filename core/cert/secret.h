/*
 * Private keys as text, in OpenSSL's secure heap.
 */
#ifndef CORE_CERT_SECRET_H
#define CORE_CERT_SECRET_H

#include "core/cert/openssl.h"

/* The key as unencrypted PKCS#8 PEM (RFC 5958), NULL when OpenSSL cannot
 * write it. hs_secret_free() wipes and frees it. */
char *hs_secret_from_key(const EVP_PKEY *key);
/* The key of such text, or NULL. */
EVP_PKEY *hs_secret_to_key(const char *pem);
void hs_secret_free(char *secret);

#endif
