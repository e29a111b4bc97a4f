#include "core/cert/trust.h"

#include <ctype.h>
#include <dirent.h>
#include <string.h>

#include "core/cert/chain.h"

/* The place OpenSSL was built for, or the one the environment names. */
static const char *place(const char *variable, const char *fallback)
{
	const char *given = secure_getenv(variable);

	return given ? given : fallback;
}

/* "5cd81ad7.0": a certificate under the hash of its name. */
static bool is_hash_name(const char *name)
{
	return strspn(name, "0123456789abcdef") == 8 && name[8] == '.' &&
	       isdigit((unsigned char)name[9]);
}

/* A directory whose files were not hashed finds nothing, ever. */
static bool is_hashed(const char *path)
{
	DIR *stream = opendir(path);
	struct dirent *entry;
	bool is_found = false;

	if (!stream)
		return false;
	while (!is_found && (entry = readdir(stream)))
		is_found = is_hash_name(entry->d_name);
	closedir(stream);
	return is_found;
}

/* The hashed directory is read one certificate at a time.  The one file with
 * all of them takes twenty milliseconds, and is used without it only. */
static void add_system(X509_STORE *store)
{
	const char *directory = place(X509_get_default_cert_dir_env(),
				      X509_get_default_cert_dir());
	const char *file = place(X509_get_default_cert_file_env(),
				 X509_get_default_cert_file());

	if (is_hashed(directory))
		X509_LOOKUP_add_dir(
			X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir()),
			directory, X509_FILETYPE_PEM);
	else
		X509_LOOKUP_load_file(
			X509_STORE_add_lookup(store, X509_LOOKUP_file()), file,
			X509_FILETYPE_PEM);
}

static int forgive_leaf(int ok, X509_STORE_CTX *context)
{
	static const int forgiven[] = {
		X509_V_ERR_CERT_HAS_EXPIRED,
		X509_V_ERR_CERT_NOT_YET_VALID,
		X509_V_ERR_INVALID_PURPOSE,
	};

	if (ok || X509_STORE_CTX_get_error_depth(context))
		return ok;
	for (size_t i = 0; i < HS_LENGTH(forgiven); i++) {
		if (X509_STORE_CTX_get_error(context) != forgiven[i])
			continue;
		X509_STORE_CTX_set_error(context, X509_V_OK);
		return 1;
	}
	return 0;
}

static X509_STORE *make_store(const struct x509s *anchors)
{
	X509_STORE *store = X509_STORE_new();

	add_system(store);
	HS_EACH(anchor, anchors)
		X509_STORE_add_cert(store, *anchor);
	X509_STORE_set_purpose(store, X509_PURPOSE_SSL_SERVER);
	X509_STORE_set_depth(store, HS_CHAIN_MAX);
	/* an anchor named by the operator need not be a root */
	if (anchors->n)
		X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
	X509_STORE_set_verify_cb(store, forgive_leaf);
	return store;
}

static void keep_path(X509_STORE_CTX *context, struct x509s *path)
{
	const STACK_OF(X509) *found = X509_STORE_CTX_get0_chain(context);

	for (int i = 0; i < sk_X509_num(found); i++) {
		X509_up_ref(sk_X509_value(found, i));
		HS_PUSH(path, sk_X509_value(found, i));
	}
}

const char *hs_trust_check(X509 *leaf, const struct x509s *given,
			   const struct x509s *anchors, struct x509s *ret_path)
{
	X509_STORE *store = make_store(anchors);
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	STACK_OF(X509) *untrusted = sk_X509_new_null();
	const char *problem = NULL;

	*ret_path = (struct x509s){0};
	HS_EACH(one, given)
		sk_X509_push(untrusted, *one);
	X509_STORE_CTX_init(context, store, leaf, untrusted);
	if (X509_verify_cert(context) <= 0)
		problem = X509_verify_cert_error_string(
			X509_STORE_CTX_get_error(context));
	else
		keep_path(context, ret_path);
	sk_X509_free(untrusted);
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	ERR_clear_error();
	return problem;
}

X509 *hs_trust_anchor(X509 *leaf, const struct x509s *given,
		      const struct x509s *anchors)
{
	X509 *anchor = NULL;
	struct x509s path;

	hs_trust_check(leaf, given, anchors, &path);
	if (path.n)
		anchor = path.items[path.n - 1];
	if (anchor)
		X509_up_ref(anchor);
	hs_x509s_done(&path);
	return anchor;
}
