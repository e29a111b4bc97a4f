#include "core/cert/bundle.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include <openssl/pem.h>

#include "core/base/text.h"
#include "core/cert/certificate.h"
#include "core/cert/chain.h"
#include "core/cert/create.h"
#include "core/cert/gather.h"
#include "core/cert/secret.h"
#include "core/cert/select.h"

#define FILE_MAX (1024 * 1024)
#define SELF_SIGNED_DAYS 398

struct reading {
	const struct root *root;
	const struct cert_source *source;
	struct gathered found;
	struct gathered anchors;
	size_t from_main;
};

/* A file named relative to where the operator stands is found from there. */
static char *absolute(const char *path)
{
	hs_auto_free char *here = *path == '/' ? NULL : getcwd(NULL, 0);

	return here ? hs_format("%s/%s", here, path) : hs_strdup(path);
}

static void note_unread(struct gathered *found, enum cert_part part,
			const char *path, const struct error *why)
{
	if (why->sys == EFBIG)
		hs_gather_note(found, part, "cert.too-large",
			       "%s is larger than 1 MiB", path);
	else
		hs_gather_note(found, part, "cert.unreadable", "%s", why->what);
}

/* Adds what is in one file; its bytes, which may be a key's, are wiped. */
static void gather_file(struct reading *reading, enum cert_part part,
			const char *path, struct gathered *found)
{
	hs_auto_free char *safe = hs_text_safe(path, strlen(path), 200);
	hs_auto_free char *full = absolute(path);
	struct str bytes = {0};
	struct error err = {0};

	if (hs_root_read(reading->root, full, FILE_MAX, &bytes, &err)) {
		note_unread(found, part, safe, &err);
	} else {
		struct cert_input input = {
			.part = part,
			.path = safe,
			.bytes = hs_str_text(&bytes),
			.length = bytes.len,
			.passphrase = reading->source->passphrase,
		};

		hs_gather(&input, found);
	}
	if (bytes.data)
		OPENSSL_cleanse(bytes.data, bytes.cap);
	hs_str_done(&bytes);
}

/* A key in a file of its own comes before one in the certificate's file. */
static void gather_key_file(struct reading *reading)
{
	struct gathered *found = &reading->found;
	struct pkeys before = found->keys;
	bool was_locked = found->locked;

	found->keys = (struct pkeys){0};
	found->locked = false;
	gather_file(reading, CERT_PART_KEY, reading->source->key, found);
	if (!found->keys.n && !found->locked) {
		found->keys = before;
		found->locked = was_locked;
		return;
	}
	HS_EACH(key, &before)
		EVP_PKEY_free(*key);
	HS_ARRAY_FREE(&before);
}

/* Nothing was found and nothing says why: a key alone, a request. */
static void note_nothing(struct gathered *found, const char *path)
{
	if (found->certificates.n || found->notes.n)
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

static void gather_all(struct reading *reading, const char *safe)
{
	const struct cert_source *source = reading->source;
	struct gathered *found = &reading->found;

	gather_file(reading, CERT_PART_FILE, source->file, found);
	reading->from_main = found->certificates.n;
	if (source->key)
		gather_key_file(reading);
	if (source->chain)
		gather_file(reading, CERT_PART_CHAIN, source->chain, found);
	if (source->ca)
		gather_file(reading, CERT_PART_CA, source->ca,
			    &reading->anchors);
	note_nothing(found, safe);
	HS_EACH(note, &reading->anchors.notes) {
		HS_PUSH(&found->notes, *note);
		note->detail = NULL;
	}
}

static void keep_key(struct bundle *bundle, const struct reading *reading,
		     const struct selected *selected)
{
	const struct cert_source *source = reading->source;
	const char *path = source->key ? source->key : source->file;
	hs_auto_free char *full = absolute(path);
	struct stat st;

	bundle->has_key = selected->key;
	bundle->key_fits = selected->key_fits;
	if (!selected->key)
		return;
	bundle->key_path = hs_strdup(path);
	if (!hs_root_stat(reading->root, full, &st))
		bundle->key_file_mode = st.st_mode;
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

static void keep_chain(struct bundle *bundle, const struct reading *reading,
		       X509 *leaf)
{
	const struct gathered *found = &reading->found;
	struct chain chain;

	hs_chain_build(leaf, &found->certificates,
		       &reading->anchors.certificates, reading->source->ca,
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
	bundle->reordered =
		!found->unordered &&
		is_reordered(&found->certificates, &chain.certificates);
	bundle->left_out = found->certificates.n - chain.certificates.n -
			   chain.root_dropped;
	hs_chain_done(&chain);
}

static void read_files(struct reading *reading, struct bundle *bundle)
{
	struct gathered *found = &reading->found;
	hs_auto_free char *safe =
		hs_text_safe(bundle->path, strlen(bundle->path), 200);
	struct selected selected = {0};

	gather_all(reading, safe);
	bundle->format = found->format;
	if (found->certificates.n)
		hs_select(found, reading->from_main, safe, &selected);
	else
		selected.key = found->keys.n ? found->keys.items[0] : NULL;
	keep_key(bundle, reading, &selected);
	if (selected.leaf)
		keep_chain(bundle, reading, selected.leaf);
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
	struct reading reading = {.root = root, .source = source};

	*ret_bundle = (struct bundle){0};
	if (source->self_signed_for)
		return make_self_signed(source->self_signed_for, ret_bundle,
					err);
	if (!source->file) {
		hs_fail(err, HS_CANNOT, "no certificate was named");
		hs_error_hint(err, "name its file, or have one made");
		return -1;
	}
	ret_bundle->path = hs_strdup(source->file);
	read_files(&reading, ret_bundle);
	hs_gathered_done(&reading.found);
	hs_gathered_done(&reading.anchors);
	ERR_clear_error();
	return 0;
}

const struct certificate *hs_bundle_leaf(const struct bundle *bundle)
{
	return bundle->read ? bundle->certificates.items : NULL;
}

static void put_pem(const struct certificate *certificate, struct str *pem)
{
	hs_auto_bio BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long length;

	PEM_write_bio(bio, PEM_STRING_X509, "", certificate->der,
		      (long)certificate->der_length);
	length = BIO_get_mem_data(bio, &data);
	hs_str_add(pem, data, (size_t)length);
}

void hs_bundle_fullchain(const struct bundle *bundle, struct str *ret_pem)
{
	HS_EACH(certificate, &bundle->certificates)
		put_pem(certificate, ret_pem);
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
	*bundle = (struct bundle){0};
}
