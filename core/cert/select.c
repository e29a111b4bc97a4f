#include "core/cert/select.h"

#include <string.h>

#include "core/base/text.h"

static bool is_ca(X509 *x509)
{
	return X509_get_extension_flags(x509) & EXFLAG_CA;
}

static bool fits(X509 *x509, const EVP_PKEY *key)
{
	bool does = X509_check_private_key(x509, key) == 1;

	ERR_clear_error();
	return does;
}

/* A certificate of them all that issued none of the others. */
static X509 *lowest(X509 **items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool has_issued = false;

		for (size_t k = 0; k < n && !has_issued; k++)
			has_issued = k != i &&
				     X509_check_issued(items[i], items[k]) ==
					     X509_V_OK;
		if (!has_issued)
			return items[i];
	}
	return n ? items[0] : NULL;
}

/* Those that `wanted` says yes to; the caller frees the list. */
static struct x509s those(X509 **items, size_t n,
			  bool (*wanted)(X509 *, const EVP_PKEY *),
			  const EVP_PKEY *key)
{
	struct x509s list = {0};

	for (size_t i = 0; i < n; i++) {
		if (wanted(items[i], key))
			HS_PUSH(&list, items[i]);
	}
	return list;
}

static bool is_end_entity(X509 *x509, const EVP_PKEY *key)
{
	(void)key;
	return !is_ca(x509);
}

/* "CN=a, CN=b": the subjects of the first few. */
static char *subjects(const struct x509s *list)
{
	struct str text = {0};

	for (size_t i = 0; i < list->n && i < 3; i++) {
		char name[200];
		hs_auto_free char *safe = NULL;

		X509_NAME_oneline(X509_get_subject_name(list->items[i]), name,
				  sizeof(name));
		safe = hs_text_safe(name, strlen(name), 80);
		hs_str_printf(&text, "%s%s", i ? ", " : "", safe);
	}
	if (list->n > 3)
		hs_str_printf(&text, " and %zu more", list->n - 3);
	return hs_str_take(&text);
}

static void note_several(struct gathered *found, const char *path,
			 const struct x509s *list)
{
	hs_auto_free char *names = subjects(list);

	hs_gather_note(found, CERT_PART_FILE, "cert.several-leaves",
		       "%s holds %zu certificates that could be meant: %s",
		       path, list->n, names);
}

/* Certificates that a key fits, and that key. */
struct pairs HS_ARRAY(struct selected);

static bool has_leaf(const struct pairs *pairs, const X509 *x509)
{
	HS_EACH(pair, pairs) {
		if (pair->leaf == x509)
			return true;
	}
	return false;
}

static struct pairs pairs_of(const struct gathered *found, bool of_ca)
{
	struct pairs pairs = {0};

	HS_EACH(key, &found->keys) {
		HS_EACH(x509, &found->certificates) {
			struct selected pair = {*x509, *key, true};

			if (is_ca(*x509) == of_ca && fits(*x509, *key) &&
			    !has_leaf(&pairs, *x509))
				HS_PUSH(&pairs, pair);
		}
	}
	return pairs;
}

static void note_pairs(struct gathered *found, const char *path,
		       const struct pairs *pairs)
{
	struct x509s list = {0};

	HS_EACH(pair, pairs)
		HS_PUSH(&list, pair->leaf);
	note_several(found, path, &list);
	HS_ARRAY_FREE(&list);
}

/* The key decides, also for a certificate in another file than expected; that
 * of a CA only when it is all there is.  Whether it did, be it for too many. */
static bool select_by_key(struct gathered *found, const char *path,
			  struct selected *to)
{
	struct pairs pairs = pairs_of(found, false);
	bool is_any;

	if (!pairs.n)
		pairs = pairs_of(found, true);
	is_any = pairs.n;
	if (pairs.n == 1)
		*to = pairs.items[0];
	else if (is_any)
		note_pairs(found, path, &pairs);
	HS_ARRAY_FREE(&pairs);
	return is_any;
}

static void select_by_kind(struct gathered *found, size_t from_main,
			   const char *path, struct selected *to)
{
	X509 **items = found->certificates.items;
	size_t n = from_main ? from_main : found->certificates.n;
	struct x509s list = those(items, n, is_end_entity, NULL);

	if (list.n > 1 && !found->keys.n)
		note_several(found, path, &list);
	else if (list.n)
		to->leaf = list.items[0];
	else
		to->leaf = lowest(items, n);
	HS_ARRAY_FREE(&list);
}

/* Signs and verifies once: the public half may fit while the private one was
 * damaged.  Very long keys would take longer than anybody waits. */
static bool works(EVP_PKEY *key, X509 *leaf)
{
	static const unsigned char text[] = "does this key sign";
	bool is_plain =
		EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448");
	const EVP_MD *digest = is_plain ? NULL : EVP_sha256();
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char signature[HS_RSA_BITS_MAX / 8];
	size_t length = sizeof(signature);
	bool does = true;

	if (EVP_PKEY_get_bits(key) <= 8192)
		does = EVP_DigestSignInit(context, NULL, digest, NULL, key) ==
			       1 &&
		       EVP_DigestSign(context, signature, &length, text,
				      sizeof(text)) == 1 &&
		       EVP_MD_CTX_reset(context) &&
		       EVP_DigestVerifyInit(context, NULL, digest, NULL,
					    X509_get0_pubkey(leaf)) == 1 &&
		       EVP_DigestVerify(context, signature, length, text,
					sizeof(text)) == 1;
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return does;
}

static void judge_key(struct gathered *found, const char *path,
		      struct selected *to)
{
	if (to->key_fits && !works(to->key, to->leaf)) {
		to->key_fits = false;
		hs_gather_note(found, CERT_PART_KEY, "cert.key-mismatch",
			       "the private key is damaged: what it signs "
			       "cannot be verified with %s",
			       path);
	} else if (to->leaf && !to->key && found->keys.n) {
		to->key = found->keys.items[0];
		hs_gather_note(found, CERT_PART_KEY, "cert.key-mismatch",
			       "the private key is that of another certificate "
			       "than the one in %s",
			       path);
	} else if (to->leaf && !to->key && !found->locked) {
		hs_gather_note(found, CERT_PART_KEY, "cert.no-key",
			       "there is no private key in %s", path);
	}
}

void hs_select(struct gathered *found, size_t from_main, const char *path,
	       struct selected *ret_selected)
{
	*ret_selected = (struct selected){0};
	if (!select_by_key(found, path, ret_selected))
		select_by_kind(found, from_main, path, ret_selected);
	judge_key(found, path, ret_selected);
}

/* Adds to the family those that `one` may be issued by. */
static void add_issuers(const struct x509s *list, X509 *one, bool *is_kin,
			struct x509s *kin)
{
	const X509_NAME *wanted = X509_get_issuer_name(one);

	for (size_t i = 0; i < list->n; i++) {
		X509 *other = list->items[i];

		if (is_kin[i] ||
		    X509_NAME_cmp(X509_get_subject_name(other), wanted) != 0)
			continue;
		is_kin[i] = true;
		HS_PUSH(kin, other);
	}
}

void hs_select_family(struct gathered *found, X509 *leaf)
{
	struct x509s *list = &found->certificates, kin = {0};
	hs_auto_free bool *is_kin = hs_alloc(list->n * sizeof(*is_kin));
	size_t kept = 0;

	for (size_t i = 0; leaf && i < list->n; i++) {
		if (list->items[i] != leaf)
			continue;
		is_kin[i] = true;
		HS_PUSH(&kin, leaf);
	}
	for (size_t i = 0; i < kin.n; i++)
		add_issuers(list, kin.items[i], is_kin, &kin);
	for (size_t i = 0; i < list->n; i++) {
		if (is_kin[i])
			list->items[kept++] = list->items[i];
		else
			X509_free(list->items[i]);
	}
	list->n = kept;
	HS_ARRAY_FREE(&kin);
	hs_index_done(&found->index);
}
