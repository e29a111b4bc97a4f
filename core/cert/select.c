#include "core/cert/select.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/cert/certificate.h"

struct candidates HS_ARRAY(const struct certificate *);

static bool fits(const struct certificate *certificate, const EVP_PKEY *key)
{
	hs_auto_x509 X509 *x509 = hs_certificate_x509(certificate);
	bool does = x509 && X509_check_private_key(x509, key) == 1;

	ERR_clear_error();
	return does;
}

/* By their names; one renewed under its own name did not issue the other. */
static bool has_issued(const struct certificate *one,
		       const struct certificate *other)
{
	return one->subject_hash == other->issuer_hash &&
	       one->subject_hash != other->subject_hash;
}

/* A certificate of them all that issued none of the others. */
static const struct certificate *lowest(const struct certificate *items,
					size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < n && !has_issued(&items[i], &items[k]))
			k++;
		if (k == n)
			return &items[i];
	}
	return n ? items : NULL;
}

static struct candidates end_entities(const struct certificate *items, size_t n)
{
	struct candidates list = {0};

	for (size_t i = 0; i < n; i++) {
		if (!items[i].is_ca)
			HS_PUSH(&list, &items[i]);
	}
	return list;
}

/* "CN=a, CN=b": the subjects of the first few. */
static char *subjects(const struct candidates *list)
{
	struct str text = {0};

	for (size_t i = 0; i < list->n && i < 3; i++) {
		const char *subject = list->items[i]->subject;
		hs_auto_free char *safe =
			hs_text_safe(subject, strlen(subject), 80);

		hs_str_printf(&text, "%s%s", i ? ", " : "", safe);
	}
	if (list->n > 3) {
		hs_auto_free char *some = hs_str_take(&text);

		hs_str_printf(&text, _("%s and %zu more"), some, list->n - 3);
	}
	return hs_str_take(&text);
}

static void note_several(struct gathered *found, const char *path,
			 const struct candidates *list)
{
	hs_auto_free char *names = subjects(list);

	hs_gather_note(found, CERT_PART_FILE, "cert.several-leaves",
		       "%s holds %zu certificates that could be meant: %s",
		       path, list->n, names);
}

/* Certificates that a key fits, and that key. */
struct pairs HS_ARRAY(struct selected);

static bool has_leaf(const struct pairs *pairs,
		     const struct certificate *certificate)
{
	HS_EACH(pair, pairs) {
		if (pair->leaf == certificate)
			return true;
	}
	return false;
}

static void add_pairs(const struct gathered *found, EVP_PKEY *key, bool of_ca,
		      struct pairs *pairs)
{
	uint64_t hash = hs_key_hash(key);

	HS_EACH(one, &found->certificates) {
		if (one->is_ca == of_ca && one->key_hash == hash &&
		    !has_leaf(pairs, one) && fits(one, key))
			HS_PUSH(pairs, ((struct selected){one, key, true}));
	}
}

static struct pairs pairs_of(const struct gathered *found, bool of_ca)
{
	struct pairs pairs = {0};

	HS_EACH(key, &found->keys)
		add_pairs(found, *key, of_ca, &pairs);
	return pairs;
}

static void note_pairs(struct gathered *found, const char *path,
		       const struct pairs *pairs)
{
	struct candidates list = {0};

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
	const struct certificate *items = found->certificates.items;
	size_t n = from_main ? from_main : found->certificates.n;
	struct candidates list = end_entities(items, n);

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
static bool works(EVP_PKEY *key, const struct certificate *leaf)
{
	static const unsigned char text[] = "does this key sign";
	bool is_plain =
		EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448");
	const EVP_MD *digest = is_plain ? NULL : EVP_sha256();
	hs_auto_x509 X509 *x509 = hs_certificate_x509(leaf);
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
					    X509_get0_pubkey(x509)) == 1 &&
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
static void add_issuers(const struct certificates *list,
			const struct certificate *one, bool *is_kin,
			struct candidates *kin)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct certificate *other = &list->items[i];

		if (is_kin[i] || other->subject_hash != one->issuer_hash)
			continue;
		is_kin[i] = true;
		HS_PUSH(kin, other);
	}
}

X509 *hs_select_family(const struct certificates *list,
		       const struct certificate *leaf, struct x509s *ret_family)
{
	hs_auto_free bool *is_kin = hs_alloc((list->n + 1) * sizeof(*is_kin));
	struct candidates kin = {0};
	X509 *lowest = NULL;

	*ret_family = (struct x509s){0};
	is_kin[leaf - list->items] = true;
	HS_PUSH(&kin, leaf);
	for (size_t i = 0; i < kin.n; i++)
		add_issuers(list, kin.items[i], is_kin, &kin);
	HS_ARRAY_FREE(&kin);
	for (size_t i = 0; i < list->n; i++) {
		if (is_kin[i])
			HS_PUSH(ret_family,
				hs_certificate_x509(&list->items[i]));
		if (leaf == &list->items[i])
			lowest = ret_family->items[ret_family->n - 1];
	}
	return lowest;
}
