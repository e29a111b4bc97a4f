#include "core/probe/trust.h"

#include <dirent.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/openssl.h"
#include "core/probe/anchors.h"

/* So many hashed names make a directory the system's own store; fewer are
 * somebody's additions beside a bundle file. */
#define HASHED_MIN 16

struct trust {
	X509_STORE *store;
	bool needs_bundle; /* there is no directory worth the name */
	bool bundle_is_read;
	pthread_mutex_t lock; /* of the last */
};

/* "4a6481c9.0": a link that the look-up by subject finds. */
static bool is_hashed(const char *name)
{
	return strlen(name) == 10 && strspn(name, "0123456789abcdef") == 8 &&
	       !strcmp(name + 8, ".0");
}

static bool has_authorities(const char *directory)
{
	DIR *stream = opendir(directory);
	struct dirent *entry;
	int count = 0;

	if (!stream)
		return false;
	while (count < HASHED_MIN && (entry = readdir(stream)))
		count += is_hashed(entry->d_name);
	closedir(stream);
	return count == HASHED_MIN;
}

struct trust *hs_trust_new(const char *ca, struct error *err)
{
	struct trust *trust = hs_alloc(sizeof(*trust));
	const char *directory = X509_get_default_cert_dir();
	X509_LOOKUP *lookup;

	pthread_mutex_init(&trust->lock, NULL);
	trust->store = X509_STORE_new();
	/* an anchor is one the operator trusts, a root or not */
	X509_STORE_set_flags(trust->store, X509_V_FLAG_PARTIAL_CHAIN);
	lookup = X509_STORE_add_lookup(trust->store, X509_LOOKUP_hash_dir());
	X509_LOOKUP_add_dir(lookup, directory, X509_FILETYPE_PEM);
	trust->needs_bundle = !has_authorities(directory);
	if (ca && hs_anchors_add(ca, trust->store, err)) {
		hs_trust_free(trust);
		return NULL;
	}
	return trust;
}

void hs_trust_free(struct trust *trust)
{
	if (!trust)
		return;
	X509_STORE_free(trust->store);
	pthread_mutex_destroy(&trust->lock);
	free(trust);
}

static int verify(struct trust *trust, X509 *leaf, STACK_OF(X509) * chain)
{
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	int error = X509_V_ERR_UNSPECIFIED;

	if (context &&
	    X509_STORE_CTX_init(context, trust->store, leaf, chain)) {
		X509_STORE_CTX_set_default(context, "ssl_server");
		error = X509_V_OK;
		if (X509_verify_cert(context) <= 0)
			error = X509_STORE_CTX_get_error(context);
	}
	X509_STORE_CTX_free(context);
	ERR_clear_error();
	return error;
}

/* Whether more authorities could make it right. */
static bool is_for_want_of_an_anchor(int error)
{
	return error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
	       error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
	       error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE ||
	       error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
	       error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT;
}

static void read_bundle(struct trust *trust)
{
	pthread_mutex_lock(&trust->lock);
	if (!trust->bundle_is_read)
		X509_load_cert_file(
			X509_STORE_add_lookup(trust->store, X509_LOOKUP_file()),
			X509_get_default_cert_file(), X509_FILETYPE_PEM);
	ERR_clear_error();
	trust->bundle_is_read = true;
	pthread_mutex_unlock(&trust->lock);
}

const char *hs_trust_judge(struct trust *trust, X509 *leaf,
			   STACK_OF(X509) * chain)
{
	int error = verify(trust, leaf, chain);

	if (trust->needs_bundle && is_for_want_of_an_anchor(error)) {
		read_bundle(trust);
		error = verify(trust, leaf, chain);
	}
	return error == X509_V_OK ? NULL : X509_verify_cert_error_string(error);
}

static bool finds_issuer(struct trust *trust, X509 *leaf)
{
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	X509 *issuer = NULL;

	if (context && X509_STORE_CTX_init(context, trust->store, leaf, NULL))
		(void)X509_STORE_CTX_get1_issuer(&issuer, context, leaf);
	X509_STORE_CTX_free(context);
	ERR_clear_error();
	X509_free(issuer);
	return issuer != NULL;
}

bool hs_trust_knows_issuer(struct trust *trust, X509 *leaf)
{
	if (finds_issuer(trust, leaf))
		return true;
	if (!trust->needs_bundle)
		return false;
	read_bundle(trust);
	return finds_issuer(trust, leaf);
}
