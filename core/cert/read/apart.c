#include "core/cert/read/apart.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/message.h"
#include "core/base/sandbox/sandbox.h"

/* Of the child: a PKCS#12 may take seconds of hashing. */
#define CPU_SECONDS 20
#define TIMEOUT_MS 60000
#define OUTPUT_MAX ((size_t)16 << 20)

/* What its answer may hold. */
#define DER_MAX ((size_t)4 << 20)
#define KEYS_MAX 64
#define NOTES_MAX 10000
#define DETAIL_MAX 4096

/* What a note or a format may say: these words and no others. */
static const char *const ids[] = {
	"cert.unreadable",	  "cert.not-a-certificate",
	"cert.too-large",	  "cert.key-encrypted",
	"cert.passphrase-wrong",  "cert.pkcs12-mac",
	"cert.pkcs12-iterations", "cert.key-too-large",
	"cert.legacy-encryption",
};
static const char *const formats[] = {"", "PEM", "DER", "PKCS#12", "PKCS#7"};

enum flag { FLAG_UNORDERED = 1, FLAG_LOCKED = 2, FLAGS_ALL = 3 };

struct reading {
	const struct cert_input *inputs;
	size_t n;
};

static size_t index_of(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(words[i], word))
			return i;
	}
	return 0;
}

static void write_certificates(const struct certificates *list,
			       struct str *message)
{
	hs_message_put_number(message, list->n);
	HS_EACH(one, list)
		hs_message_put_bytes(message, one->der, one->der_length);
}

static void write_keys(const struct pkeys *list, struct str *message)
{
	size_t n = list->n < KEYS_MAX ? list->n : KEYS_MAX;

	hs_message_put_number(message, n);
	for (size_t i = 0; i < n; i++) {
		hs_auto_pkcs8 PKCS8_PRIV_KEY_INFO *info =
			EVP_PKEY2PKCS8(list->items[i]);
		unsigned char *der = NULL;
		int length = info ? i2d_PKCS8_PRIV_KEY_INFO(info, &der) : 0;

		hs_message_put_bytes(message, der,
				     length > 0 ? (size_t)length : 0);
		OPENSSL_clear_free(der, length > 0 ? (size_t)length : 0);
	}
}

void hs_gathered_write(const struct gathered *found, struct str *message)
{
	unsigned flags = (found->unordered ? FLAG_UNORDERED : 0) |
			 (found->locked ? FLAG_LOCKED : 0);

	hs_message_put_number(message,
			      index_of(formats, HS_LENGTH(formats),
				       found->format ? found->format : ""));
	hs_message_put_number(message, flags);
	hs_message_put_text(message, found->other);
	write_certificates(&found->certificates, message);
	write_keys(&found->keys, message);
	hs_message_put_number(message, found->notes.n);
	HS_EACH(note, &found->notes) {
		hs_message_put_number(message,
				      index_of(ids, HS_LENGTH(ids), note->id));
		hs_message_put_number(message, note->part);
		hs_message_put_text(message, note->detail);
	}
}

static void read_certificates(struct message *message, struct gathered *found)
{
	uint64_t n = hs_message_number(message, HS_CERTIFICATES_MAX);

	for (uint64_t i = 0; i < n && !message->broken; i++) {
		size_t length;
		const unsigned char *der =
			hs_message_bytes(message, DER_MAX, &length);
		struct certificate certificate;

		if (hs_certificate_parse(der, length, &certificate))
			message->broken = 1;
		else
			hs_gather_facts(found, &certificate);
	}
}

/* One that OpenSSL cannot write does not come back. */
static void read_keys(struct message *message, struct gathered *found)
{
	uint64_t n = hs_message_number(message, KEYS_MAX);

	for (uint64_t i = 0; i < n && !message->broken; i++) {
		size_t length;
		const unsigned char *at =
			hs_message_bytes(message, DER_MAX, &length);
		EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)length);

		if (key && EVP_PKEY_get_bits(key) <= HS_RSA_BITS_MAX)
			HS_PUSH(&found->keys, key);
		else
			EVP_PKEY_free(key);
	}
}

static void read_notes(struct message *message, struct gathered *found)
{
	uint64_t n = hs_message_number(message, NOTES_MAX);

	for (uint64_t i = 0; i < n && !message->broken; i++) {
		struct cert_note note = {
			.id = ids[hs_message_number(message,
						    HS_LENGTH(ids) - 1)],
			.part = (enum cert_part)hs_message_number(message,
								  CERT_PART_CA),
		};

		note.detail = hs_message_text(message, DETAIL_MAX);
		HS_PUSH(&found->notes, note);
	}
}

void hs_gathered_read(struct message *message, struct gathered *found)
{
	size_t format = hs_message_number(message, HS_LENGTH(formats) - 1);
	uint64_t flags = hs_message_number(message, FLAGS_ALL);

	found->format = format ? formats[format] : NULL;
	found->unordered = flags & FLAG_UNORDERED;
	found->locked = flags & FLAG_LOCKED;
	found->other = hs_message_text(message, DETAIL_MAX);
	read_certificates(message, found);
	read_keys(message, found);
	read_notes(message, found);
	ERR_clear_error();
}

/* A key is decrypted with what only a provider of its own knows; nothing can
 * be loaded behind the doors. */
static void warm_up(void *context)
{
	(void)context;
	OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL);
	hs_openssl_load_legacy();
}

static int work(const void *input, size_t length, void *context,
		struct str *ret_output)
{
	const struct reading *reading = input;

	(void)length;
	(void)context;
	for (size_t i = 0; i < reading->n; i++) {
		struct gathered found = {0};

		hs_gather(&reading->inputs[i], &found);
		hs_gathered_write(&found, ret_output);
		hs_gathered_done(&found);
	}
	return 0;
}

/* What the child found; -1, and nothing, when it is not an answer. */
static int take_answer(const struct str *answer, size_t n,
		       struct gathered *found)
{
	struct message message = hs_message_open(answer->data, answer->len);

	for (size_t i = 0; i < n; i++)
		hs_gathered_read(&message, &found[i]);
	if (!hs_message_end(&message))
		return 0;
	for (size_t i = 0; i < n; i++)
		hs_gathered_done(&found[i]);
	return -1;
}

static void note_failure(const struct cert_input *input, enum sandbox_end end,
			 const struct error *why, struct gathered *found)
{
	const char *id = "cert.unsafe";

	if (end == SANDBOX_CANCELLED)
		id = "cert.unreadable";
	if (end == SANDBOX_OUT_OF_CPU || end == SANDBOX_TIMED_OUT)
		id = "cert.pkcs12-iterations";
	hs_gather_note(found, input->part, id, "%s",
		       *why->what ? why->what
				  : _("what the file made of its reader makes "
				      "no sense"));
	found->locked = true;
}

static int read_apart(const struct cert_input *inputs, size_t n,
		      const struct cert_patience *patience,
		      struct gathered *found, enum sandbox_end *ret_end,
		      struct error *err)
{
	struct reading reading = {inputs, n};
	struct sandbox sandbox = {
		.work = work,
		.warm_up = warm_up,
		.cancelled = patience ? patience->cancelled : NULL,
		.context = patience ? patience->context : NULL,
		.what = n == 1 ? inputs->path : NULL,
		.cpu_seconds = CPU_SECONDS,
		.timeout_ms = TIMEOUT_MS,
		.output_max = OUTPUT_MAX,
	};
	hs_auto_sandbox_result struct sandbox_result result;
	int status = hs_sandbox_run(&sandbox, &reading, sizeof(reading),
				    &result, err);

	*ret_end = result.end;
	if (status)
		return -1;
	return take_answer(&result.output, n, found);
}

void hs_gather_apart(const struct cert_input *inputs, size_t n,
		     const struct cert_patience *patience,
		     struct gathered *found)
{
	struct error err = {0};
	enum sandbox_end end;

	if (!n || !read_apart(inputs, n, patience, found, &end, &err))
		return;
	if (n == 1 || end == SANDBOX_CANCELLED) {
		note_failure(inputs, end, &err, found);
		return;
	}
	/* one of them is to blame: each by itself tells which */
	for (size_t i = 0; i < n; i++)
		hs_gather_apart(&inputs[i], 1, patience, &found[i]);
}

int hs_certificate_parse_any(const char *bytes, size_t length,
			     struct certificate *ret_certificate)
{
	struct cert_input input = {
		.path = _("the file"), .bytes = bytes, .length = length};
	struct gathered found = {0};
	int status = -1;

	*ret_certificate = (struct certificate){0};
	hs_gather_apart(&input, 1, NULL, &found);
	if (found.certificates.n) {
		*ret_certificate = found.certificates.items[0];
		found.certificates.items[0] = (struct certificate){0};
		status = 0;
	}
	hs_gathered_done(&found);
	return status;
}
