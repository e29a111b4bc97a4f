#include "core/cert/bundle.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/cert/certificate.h"
#include "core/cert/chain.h"
#include "core/cert/make/create.h"
#include "core/cert/read/inventory.h"
#include "core/cert/read/origin.h"
#include "core/cert/secret.h"
#include "core/cert/select.h"
#include "core/cert/trust.h"

#define SELF_SIGNED_DAYS 398

struct reading {
	const struct cert_source *source;
	struct origins origins;
	struct gathered found; /* of all of them but those of --ca */
	struct x509s anchors;
	struct x509s family; /* of those found, what the chain may be of */
	size_t from_main;
	size_t total; /* certificates found, of the chain or not */
};

/* Moves the certificates of one place to those of the others.  Its keys stay
 * its own as well, so that where one came from can still be told. */
static void merge(struct origin *origin, struct gathered *to)
{
	struct gathered *from = &origin->found;

	HS_EACH(certificate, &from->certificates)
		hs_gather_facts(to, certificate);
	HS_EACH(key, &from->keys) {
		EVP_PKEY_up_ref(*key);
		HS_PUSH(&to->keys, *key);
	}
	if (!to->format)
		to->format = from->format;
	if (!to->other)
		to->other = hs_strdup(from->other);
	to->unordered |= from->unordered || origin->is_one_of;
	to->locked |= from->locked;
}

/* A key in a file of its own comes before one in the certificate's file. */
static bool has_own_key(const struct origins *origins)
{
	HS_EACH(origin, origins) {
		const struct gathered *found = &origin->found;

		if (origin->part == CERT_PART_KEY &&
		    (found->keys.n || found->locked))
			return true;
	}
	return false;
}

static void forget_keys(struct gathered *found)
{
	HS_EACH(key, &found->keys)
		EVP_PKEY_free(*key);
	HS_ARRAY_FREE(&found->keys);
	found->locked = false;
}

static void take_anchors(struct reading *reading,
			 const struct certificates *list)
{
	HS_EACH(certificate, list)
		HS_PUSH(&reading->anchors, hs_certificate_x509(certificate));
}

static void merge_all(struct reading *reading)
{
	enum cert_part part = CERT_PART_FILE;

	HS_EACH(origin, &reading->origins) {
		struct gathered *to = &reading->found;

		if (origin->part == CERT_PART_CA) {
			take_anchors(reading, &origin->found.certificates);
			continue;
		}
		if (part == CERT_PART_FILE && origin->part == CERT_PART_KEY &&
		    has_own_key(&reading->origins))
			forget_keys(&reading->found);
		part = origin->part;
		merge(origin, to);
		if (part == CERT_PART_FILE)
			reading->from_main = to->certificates.n;
	}
}

/* Of many files some hold something else, and of several keys others may be
 * locked: no matter once all is there. */
static bool matters(const struct origin *origin, const struct cert_note *note,
		    bool is_whole)
{
	if (!origin->is_one_of || !strcmp(note->id, "cert.legacy-encryption"))
		return true;
	return !is_whole && strcmp(note->id, "cert.not-a-certificate") != 0;
}

static void keep_notes(struct reading *reading, bool is_whole,
		       struct cert_notes *to)
{
	HS_EACH(origin, &reading->origins) {
		HS_EACH(note, &origin->found.notes) {
			if (!matters(origin, note, is_whole))
				continue;
			HS_PUSH(to, *note);
			note->detail = NULL;
		}
	}
}

/* Nothing was found and nothing says why: a key alone, a request. */
static void note_nothing(struct gathered *found, size_t total, const char *path)
{
	if (total || found->notes.n)
		return;
	if (found->other)
		hs_gather_note(found, CERT_PART_FILE, "cert.not-a-certificate",
			       "%s holds a %s and no certificate", path,
			       found->other);
	else if (found->keys.n)
		hs_gather_note(found, CERT_PART_FILE, "cert.not-a-certificate",
			       "%s holds a private key and no certificate",
			       path);
	else
		hs_gather_note(found, CERT_PART_FILE, "cert.not-a-certificate",
			       "there is no certificate in %s", path);
}

/* Where the key was found. */
static const struct origin *origin_of(const struct origins *origins,
				      const EVP_PKEY *key)
{
	HS_EACH(origin, origins) {
		HS_EACH(one, &origin->found.keys) {
			if (*one == key)
				return origin;
		}
	}
	return NULL;
}

static void keep_key(struct bundle *bundle, const struct reading *reading,
		     const struct selected *selected)
{
	const struct origin *origin =
		origin_of(&reading->origins, selected->key);

	bundle->has_key = selected->key;
	bundle->key_fits = selected->key_fits;
	if (origin) {
		bundle->key_path = hs_strdup(origin->path);
		bundle->key_file_mode = origin->mode;
		bundle->key_file_foreign = origin->is_foreign;
	}
	if (selected->key_fits)
		bundle->key_pem = hs_secret_from_key(selected->key);
}

static size_t position(const struct x509s *list, const X509 *x509)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!X509_cmp(list->items[i], x509))
			return i;
	}
	return list->n;
}

/* Whether the chain's certificates were given in another order. */
static bool is_reordered(const struct x509s *given, const struct x509s *chain)
{
	for (size_t i = 1; i < chain->n; i++) {
		if (position(given, chain->items[i - 1]) >
		    position(given, chain->items[i]))
			return true;
	}
	return false;
}

/* By the system's store, without the anchors of --ca. */
static bool is_known_here(X509 *leaf, const struct x509s *given)
{
	static const struct x509s none;
	struct x509s path;
	bool known = !hs_trust_check(leaf, given, &none, &path);

	hs_x509s_done(&path);
	return known;
}

static void keep_chain(struct bundle *bundle, const struct reading *reading,
		       X509 *leaf)
{
	const struct x509s *family = &reading->family;
	struct chain chain;

	hs_chain_build(leaf, family, &reading->anchors, reading->source->ca,
		       &chain);
	HS_EACH(x509, &chain.certificates) {
		struct certificate *to = HS_GROW(&bundle->certificates);

		if (hs_certificate_from_x509(*x509, to))
			bundle->certificates.n--;
	}
	bundle->read = bundle->certificates.n > 0;
	bundle->chain_complete = chain.complete;
	bundle->root_dropped = chain.root_dropped;
	bundle->trusted = chain.trusted;
	bundle->trust_problem = hs_strdup(chain.trust_problem);
	bundle->own_ca = chain.trusted && reading->source->ca &&
			 !is_known_here(leaf, family);
	bundle->reordered = !reading->found.unordered &&
			    is_reordered(family, &chain.certificates);
	bundle->left_out = reading->total + chain.added - chain.certificates.n -
			   chain.root_dropped;
	hs_chain_done(&chain);
}

static void read_files(struct reading *reading, struct bundle *bundle)
{
	struct gathered *found = &reading->found;
	hs_auto_free char *safe =
		hs_text_safe(bundle->path, strlen(bundle->path), 200);
	struct selected selected = {0};
	struct cert_notes notes = {0};

	merge_all(reading);
	bundle->format = found->format;
	if (found->certificates.n)
		hs_select(found, reading->from_main, safe, &selected);
	else
		selected.key = found->keys.n ? found->keys.items[0] : NULL;
	keep_key(bundle, reading, &selected);
	reading->total = found->certificates.n;
	if (selected.leaf)
		keep_chain(bundle, reading,
			   hs_select_family(&found->certificates, selected.leaf,
					    &reading->family));
	bundle->inventory =
		hs_inventory_of(&reading->origins, &found->certificates);
	keep_notes(reading, selected.key_fits, &notes);
	HS_EACH(note, &found->notes)
		HS_PUSH(&notes, *note);
	HS_ARRAY_FREE(&found->notes);
	found->notes = notes;
	note_nothing(found, reading->total, safe);
	bundle->notes = found->notes;
	found->notes = (struct cert_notes){0};
}

static int make_self_signed(const char *name, struct bundle *ret_bundle,
			    struct error *err)
{
	struct strings names = {0};
	struct cert_request request = {.names = &names,
				       .days = SELF_SIGNED_DAYS};
	int status;

	hs_strings_add(&names, name);
	status = hs_cert_create(&request, NULL, ret_bundle, err);
	hs_strings_done(&names);
	return status;
}

int hs_bundle_read(const struct root *root, const struct cert_source *source,
		   struct bundle *ret_bundle, struct error *err)
{
	struct reading reading = {.source = source};

	*ret_bundle = (struct bundle){0};
	if (source->self_signed_for)
		return make_self_signed(source->self_signed_for, ret_bundle,
					err);
	if (!source->file && !source->text) {
		hs_fail(err, HS_CANNOT, "no certificate was named");
		hs_error_hint(err, "name its file, or have one made");
		return -1;
	}
	hs_origins_read(root, source, &reading.origins);
	ret_bundle->path =
		hs_strdup(source->text ? _("the pasted text") : source->file);
	read_files(&reading, ret_bundle);
	hs_origins_done(&reading.origins);
	hs_gathered_done(&reading.found);
	hs_x509s_done(&reading.anchors);
	hs_x509s_done(&reading.family);
	ERR_clear_error();
	return 0;
}

const struct certificate *hs_bundle_leaf(const struct bundle *bundle)
{
	return bundle->read ? bundle->certificates.items : NULL;
}

void hs_bundle_fullchain(const struct bundle *bundle, struct str *ret_pem)
{
	HS_EACH(certificate, &bundle->certificates)
		hs_cert_export_pem(certificate, ret_pem);
}

void hs_bundle_done(struct bundle *bundle)
{
	free(bundle->path);
	HS_EACH(certificate, &bundle->certificates)
		hs_certificate_done(certificate);
	HS_ARRAY_FREE(&bundle->certificates);
	free(bundle->trust_problem);
	free(bundle->key_path);
	hs_secret_free(bundle->key_pem);
	HS_EACH(note, &bundle->notes)
		free(note->detail);
	HS_ARRAY_FREE(&bundle->notes);
	hs_inventory_free(bundle->inventory);
	*bundle = (struct bundle){0};
}
