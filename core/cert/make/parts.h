/*
 * What certificates and requests are made of alike: the key, the subject, the
 * alternative names, the usages of a leaf.
 */
#ifndef CORE_CERT_MAKE_PARTS_H
#define CORE_CERT_MAKE_PARTS_H

#include "core/cert/make/create.h"
#include "core/cert/openssl.h"

/* A new key of that type ("P-256", "rsa-2048"; NULL: P-256); NULL when the
 * type is none of ours or OpenSSL cannot. */
EVP_PKEY *hs_create_key(const char *type);

/* The digest that this key signs with; NULL where it has its own. */
const EVP_MD *hs_create_digest(const EVP_PKEY *key);

/* Puts the common name in: it only repeats the alternative names, so one too
 * long for it is left out. */
int hs_create_subject(const struct cert_request *request, X509_NAME *subject);

/* The alternative names as objects, not as text that a name could break out
 * of. To be freed with GENERAL_NAMES_free(). */
GENERAL_NAMES *hs_create_names(const struct strings *names);

/* One extension of a leaf, in the form of OpenSSL's configuration. */
struct leaf_extension {
	int nid;
	const char *value;
};
#define HS_LEAF_EXTENSIONS 3
/* Those of every leaf: constraints, usage, purposes. */
void hs_create_leaf_extensions(
	const struct cert_request *request, bool is_rsa,
	struct leaf_extension ret_list[static HS_LEAF_EXTENSIONS]);

#endif
