#include "core/cert/read/gather.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/cert/certificate.h"

/* Windows' editors put one in front of UTF-8. */
static void skip_bom(struct cert_input *input)
{
	if (input->length >= 3 && !memcmp(input->bytes, "\xef\xbb\xbf", 3)) {
		input->bytes += 3;
		input->length -= 3;
	}
}

/* "Unicode" text of Windows' editors, with a mark in front or without: PEM
 * with a zero beside each byte, which is the second one when it begins at an
 * even place. */
static char *narrow(const struct cert_input *input)
{
	static const char begin[] = "-\0-\0-\0-\0-\0B\0E";
	const char *at =
		memmem(input->bytes, input->length, begin, sizeof(begin) - 1);
	size_t n = input->length / 2, low;
	char *text;

	if (!at)
		return NULL;
	low = (size_t)(at - input->bytes) % 2;
	text = OPENSSL_zalloc(n + 1);
	for (size_t i = 0; i < n; i++) {
		const char *pair = &input->bytes[2 * i];
		bool is_mark = !memcmp(pair, low ? "\xfe\xff" : "\xff\xfe", 2);

		text[i] = is_mark ? '\n' : pair[1 - low] ? '?' : pair[low];
	}
	return text;
}

static bool is_pem(const struct cert_input *input)
{
	return memmem(input->bytes, input->length, "-----BEGIN ", 11);
}

static void gather_text_or_der(const struct cert_input *input,
			       struct gathered *found)
{
	if (!input->length)
		hs_gather_note(found, input->part, "cert.not-a-certificate",
			       "%s is empty", input->path);
	else if (is_pem(input))
		hs_gather_pem(input, found);
	else
		hs_gather_der(input, found);
}

void hs_gather(const struct cert_input *input, struct gathered *found)
{
	struct cert_input plain = *input;
	char *text = narrow(input);

	if (text) {
		plain.bytes = text;
		plain.length = input->length / 2;
	} else {
		skip_bom(&plain);
	}
	gather_text_or_der(&plain, found);
	OPENSSL_clear_free(text, input->length / 2 + 1);
	ERR_clear_error();
}

/* One of the list, and one that may be the same. */
struct pair {
	const struct certificates *list;
	const struct certificate *certificate;
};

static bool is_same(const void *context, size_t item)
{
	const struct pair *pair = context;

	return !memcmp(pair->list->items[item].fingerprint,
		       pair->certificate->fingerprint, HS_HASH_SIZE);
}

void hs_gather_facts(struct gathered *found, struct certificate *certificate)
{
	const struct pair pair = {&found->certificates, certificate};
	uint64_t hash = hs_index_hash(HS_INDEX_SEED, certificate->fingerprint,
				      HS_HASH_SIZE);

	if (found->certificates.n >= HS_CERTIFICATES_MAX ||
	    hs_index_find(&found->index, hash, is_same, &pair) >= 0) {
		hs_certificate_done(certificate);
		return;
	}
	hs_index_add(&found->index, hash, found->certificates.n);
	HS_PUSH(&found->certificates, *certificate);
	*certificate = (struct certificate){0};
}

void hs_gather_certificate(struct gathered *found, X509 *x509)
{
	struct certificate certificate;

	if (!hs_certificate_keep_der(x509, &certificate))
		hs_gather_facts(found, &certificate);
	X509_free(x509);
}

void hs_gather_key(const struct cert_input *input, struct gathered *found,
		   EVP_PKEY *key)
{
	int bits = EVP_PKEY_get_bits(key);

	if (bits <= HS_RSA_BITS_MAX) {
		HS_PUSH(&found->keys, key);
		return;
	}
	hs_gather_note(found, input->part, "cert.key-too-large",
		       "the key in %s has %d bits, more than %d", input->path,
		       bits, HS_RSA_BITS_MAX);
	found->locked = true;
	EVP_PKEY_free(key);
}

void hs_gather_note(struct gathered *found, enum cert_part part, const char *id,
		    const char *format, ...)
{
	struct cert_note note = {.id = id, .part = part};
	struct str detail = {0};
	va_list args;

	va_start(args, format);
	hs_str_vprintf(&detail, _(format), args);
	va_end(args);
	note.detail = hs_str_take(&detail);
	HS_PUSH(&found->notes, note);
}

void hs_gathered_done(struct gathered *found)
{
	HS_EACH(certificate, &found->certificates)
		hs_certificate_done(certificate);
	HS_ARRAY_FREE(&found->certificates);
	hs_index_done(&found->index);
	HS_EACH(key, &found->keys)
		EVP_PKEY_free(*key);
	HS_ARRAY_FREE(&found->keys);
	HS_EACH(note, &found->notes)
		free(note->detail);
	HS_ARRAY_FREE(&found->notes);
	free(found->other);
	*found = (struct gathered){0};
}
