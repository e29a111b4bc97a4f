/*
 * PEM (RFC 7468), as people pass it around: text before, between and behind
 * the blocks, any line ends, blanks before the lines, several blocks in any
 * order.  A damaged block is noted with its line and the others are used.
 */
#include <string.h>

#include "core/base/openssl.h"
#include "core/base/text.h"
#include "core/cert/read/gather.h"

/* One block, decoded. */
struct block {
	char *label, *header;
	unsigned char *data;
	long length;
	unsigned flags; /* that it was read with, and is released by */
};

/* One block, as text. */
struct span {
	const char *label;
	size_t label_length;
	int line;
	struct str text; /* lines without blanks around them */
};

static void release_block(struct block *block)
{
	bool is_secure = block->flags & PEM_FLAG_SECURE;

	if (is_secure) {
		OPENSSL_secure_free(block->label);
		OPENSSL_secure_free(block->header);
		OPENSSL_secure_clear_free(block->data, (size_t)block->length);
	} else {
		OPENSSL_free(block->label);
		OPENSSL_free(block->header);
		OPENSSL_clear_free(block->data, (size_t)block->length);
	}
}

static int decode_with(const struct span *span, unsigned flags,
		       struct block *ret_block)
{
	hs_auto_bio BIO *bio =
		BIO_new_mem_buf(span->text.data, (int)span->text.len);
	int is_read;

	*ret_block = (struct block){.flags = flags};
	is_read = PEM_read_bio_ex(bio, &ret_block->label, &ret_block->header,
				  &ret_block->data, &ret_block->length, flags);
	ERR_clear_error();
	return is_read ? 0 : -1;
}

/* A key is decoded in the secure heap, unless that is full. */
static int decode(const struct span *span, struct block *ret_block)
{
	const unsigned plain = PEM_FLAG_EAY_COMPATIBLE;

	if (memmem(span->label, span->label_length, "PRIVATE KEY", 11) &&
	    !decode_with(span, plain | PEM_FLAG_SECURE, ret_block))
		return 0;
	return decode_with(span, plain, ret_block);
}

static int use_certificate(const struct cert_input *input,
			   const struct block *block, struct gathered *found)
{
	const unsigned char *at = block->data;
	X509 *x509 = d2i_X509(NULL, &at, block->length);

	(void)input;
	if (!x509)
		return -1;
	hs_gather_certificate(found, x509);
	return 0;
}

static int use_trusted(const struct cert_input *input,
		       const struct block *block, struct gathered *found)
{
	const unsigned char *at = block->data;
	X509 *x509 = d2i_X509_AUX(NULL, &at, block->length);

	(void)input;
	if (!x509)
		return -1;
	hs_gather_certificate(found, x509);
	return 0;
}

static int use_pkcs7(const struct cert_input *input, const struct block *block,
		     struct gathered *found)
{
	const unsigned char *at = block->data;
	hs_auto_pkcs7 PKCS7 *pkcs7 = d2i_PKCS7(NULL, &at, block->length);

	if (!pkcs7)
		return -1;
	hs_gather_pkcs7(input, pkcs7, found);
	return 0;
}

static int give_passphrase(char *buffer, int size, int is_writing,
			   void *context)
{
	const char *const *passphrase = context;
	size_t length = strlen(*passphrase);

	(void)is_writing;
	if (length > (size_t)size)
		return -1;
	memcpy(buffer, *passphrase, length);
	return (int)length;
}

static void note_locked(const struct cert_input *input, struct gathered *found)
{
	found->locked = true;
	if (input->passphrase)
		hs_gather_note(found, input->part, "cert.passphrase-wrong",
			       "the passphrase does not open the key in %s",
			       input->path);
	else
		hs_gather_note(found, input->part, "cert.key-encrypted",
			       "the private key in %s is encrypted",
			       input->path);
}

/* The old encryption of keys, named in "Proc-Type" and "DEK-Info" lines; done
 * in place.  One wrong passphrase in 256 seems to fit, and yields no key. */
static void use_locked(const struct cert_input *input, struct block *block,
		       EVP_CIPHER_INFO *cipher, struct gathered *found)
{
	const char *passphrase = input->passphrase;

	if (!passphrase ||
	    !PEM_do_header(cipher, block->data, &block->length, give_passphrase,
			   &passphrase) ||
	    hs_gather_key_der(input, block->data, block->length, found))
		note_locked(input, found);
}

static int use_key(const struct cert_input *input, const struct block *block,
		   struct gathered *found)
{
	struct block plain = *block;
	EVP_CIPHER_INFO cipher;

	if (!PEM_get_EVP_CIPHER_INFO(plain.header, &cipher))
		return -1;
	if (!cipher.cipher)
		return hs_gather_key_der(input, plain.data, plain.length,
					 found);
	use_locked(input, &plain, &cipher, found);
	return 0;
}

static int use_other(const struct cert_input *input, const struct block *block,
		     struct gathered *found)
{
	(void)input;
	if (!found->other && !strstr(block->label, "PARAMETERS"))
		found->other =
			hs_text_safe(block->label, strlen(block->label), 60);
	return 0;
}

static const struct kind {
	const char *label;
	int (*use)(const struct cert_input *, const struct block *,
		   struct gathered *);
} kinds[] = {
	{PEM_STRING_X509, use_certificate},
	{PEM_STRING_X509_OLD, use_certificate},
	{PEM_STRING_X509_TRUSTED, use_trusted},
	{PEM_STRING_PKCS7, use_pkcs7},
	{PEM_STRING_PKCS7_SIGNED, use_pkcs7},
	{PEM_STRING_CMS, use_pkcs7},
	{PEM_STRING_PKCS8, use_key},
	{PEM_STRING_PKCS8INF, use_key},
	{PEM_STRING_RSA, use_key},
	{PEM_STRING_ECPRIVATEKEY, use_key},
	{PEM_STRING_DSA, use_key},
};

static int use_block(const struct cert_input *input, const struct block *block,
		     struct gathered *found)
{
	for (size_t i = 0; i < HS_LENGTH(kinds); i++) {
		if (!strcmp(kinds[i].label, block->label))
			return kinds[i].use(input, block, found);
	}
	return use_other(input, block, found);
}

static void gather_span(const struct cert_input *input, const struct span *span,
			struct gathered *found)
{
	struct block block;
	int is_damaged = decode(span, &block);

	if (!is_damaged) {
		is_damaged = use_block(input, &block, found);
		release_block(&block);
	}
	if (is_damaged)
		hs_gather_note(found, input->part, "cert.not-a-certificate",
			       "%s:%d: this PEM block is damaged", input->path,
			       span->line);
}

/* One line, without the blanks around it; *at goes to the next. */
static bool next_line(const char **at, const char *end, const char **ret_line,
		      size_t *ret_length)
{
	const char *line = *at, *stop = line;

	if (line >= end)
		return false;
	while (stop < end && *stop != '\n' && *stop != '\r')
		stop++;
	*at = stop < end ? stop + 1 : end;
	if (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n')
		(*at)++;
	while (line < stop && strchr(" \t", *line))
		line++;
	while (line < stop && (!stop[-1] || strchr(" \t", stop[-1])))
		stop--;
	*ret_line = line;
	*ret_length = (size_t)(stop - line);
	return true;
}

static bool starts(const char *line, size_t length, const char *with)
{
	return length >= strlen(with) && !memcmp(line, with, strlen(with));
}

/* Takes one line of the file: begins, goes on with or ends a block. Returns
 * whether a block is complete. */
static bool take_line(struct span *span, const char *line, size_t length,
		      int number)
{
	const char *begin = "-----BEGIN ";

	if (starts(line, length, begin)) {
		hs_str_clear(&span->text);
		span->label = line + strlen(begin);
		span->label_length = length - strlen(begin);
		span->line = number;
	}
	if (!span->line)
		return false;
	hs_str_add(&span->text, line, length);
	hs_str_putc(&span->text, '\n');
	return starts(line, length, "-----END ");
}

void hs_gather_pem(const struct cert_input *input, struct gathered *found)
{
	const char *at = input->bytes, *end = at + input->length, *line;
	struct span span = {0};
	size_t length, blocks = 0;
	int number = 0;

	if (!found->format)
		found->format = "PEM";
	while (blocks < HS_CERTIFICATES_MAX &&
	       next_line(&at, end, &line, &length)) {
		if (!take_line(&span, line, length, ++number))
			continue;
		gather_span(input, &span, found);
		span.line = 0;
		blocks++;
	}
	if (span.line)
		hs_gather_note(found, input->part, "cert.not-a-certificate",
			       "%s:%d: this PEM block has no end", input->path,
			       span.line);
	if (blocks == HS_CERTIFICATES_MAX)
		hs_gather_note(found, input->part, "cert.too-large",
			       "%s has more than %d PEM blocks", input->path,
			       HS_CERTIFICATES_MAX - 1);
	OPENSSL_cleanse(span.text.data, span.text.cap);
	hs_str_done(&span.text);
}
