/*
 * One object in DER, or BER where PKCS#12 and PKCS#7 come so: what it is shows
 * only by trying.
 */
#include <limits.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/cert/read/gather.h"

/* Each returns how many bytes it took, 0 when it is nothing of the kind. */
static size_t take_certificate(const struct cert_input *input,
			       struct gathered *found)
{
	const unsigned char *start = (const unsigned char *)input->bytes;
	const unsigned char *at = start;
	X509 *x509 = d2i_X509(NULL, &at, (long)input->length);

	if (!x509)
		return 0;
	hs_gather_certificate(found, x509);
	if (!found->format)
		found->format = "DER";
	return (size_t)(at - start);
}

static size_t take_pkcs12(const struct cert_input *input,
			  struct gathered *found)
{
	const unsigned char *start = (const unsigned char *)input->bytes;
	const unsigned char *at = start;
	hs_auto_pkcs12 PKCS12 *pkcs12 =
		d2i_PKCS12(NULL, &at, (long)input->length);

	if (!pkcs12)
		return 0;
	if (!found->format)
		found->format = "PKCS#12";
	hs_gather_pkcs12(input, pkcs12, found);
	return (size_t)(at - start);
}

static size_t take_pkcs7(const struct cert_input *input, struct gathered *found)
{
	const unsigned char *start = (const unsigned char *)input->bytes;
	const unsigned char *at = start;
	hs_auto_pkcs7 PKCS7 *pkcs7 = d2i_PKCS7(NULL, &at, (long)input->length);

	if (!pkcs7)
		return 0;
	if (!found->format)
		found->format = "PKCS#7";
	hs_gather_pkcs7(input, pkcs7, found);
	return (size_t)(at - start);
}

static size_t take_key(const struct cert_input *input, struct gathered *found)
{
	const unsigned char *der = (const unsigned char *)input->bytes;

	if (hs_gather_key_der(input, der, (long)input->length, found))
		return 0;
	return input->length;
}

/* What begins like PKCS#12 (a sequence of version 3 and more) and is none was
 * cut off or damaged on its way. */
static size_t take_broken_pkcs12(const struct cert_input *input,
				 struct gathered *found)
{
	const unsigned char *at = (const unsigned char *)input->bytes;
	size_t skip = 2;

	if (input->length < 8 || at[0] != 0x30)
		return 0;
	if (at[1] > 0x80 && at[1] <= 0x84)
		skip += at[1] & 0x0fu;
	if (skip + 3 > input->length || memcmp(at + skip, "\x02\x01\x03", 3))
		return 0;
	hs_gather_note(found, input->part, "cert.pkcs12-mac",
		       "%s begins as PKCS#12 and was cut off or damaged",
		       input->path);
	found->locked = true;
	return input->length;
}

static size_t take_request(const struct cert_input *input,
			   struct gathered *found)
{
	const unsigned char *at = (const unsigned char *)input->bytes;
	X509_REQ *request = d2i_X509_REQ(NULL, &at, (long)input->length);

	if (!request)
		return 0;
	X509_REQ_free(request);
	hs_replace(&found->other, "CERTIFICATE REQUEST");
	return input->length;
}

/* What an editor or a copy program leaves behind is no harm. */
static bool is_blank(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] && !strchr(" \t\r\n\x1a", bytes[i]))
			return false;
	}
	return true;
}

void hs_gather_pkcs7(const struct cert_input *input, const PKCS7 *pkcs7,
		     struct gathered *found)
{
	const STACK_OF(X509) *list = NULL;
	int nid = OBJ_obj2nid(pkcs7->type);

	if (nid == NID_pkcs7_signed && pkcs7->d.sign)
		list = pkcs7->d.sign->cert;
	if (!list || !sk_X509_num(list)) {
		hs_gather_note(found, input->part, "cert.not-a-certificate",
			       "the PKCS#7 in %s holds no certificates",
			       input->path);
		return;
	}
	if (input->part == CERT_PART_FILE)
		found->unordered = true;
	for (int i = 0; i < sk_X509_num(list); i++) {
		X509_up_ref(sk_X509_value(list, i));
		hs_gather_certificate(found, sk_X509_value(list, i));
	}
}

static size_t take(const struct cert_input *input, struct gathered *found)
{
	static size_t (*const takers[])(const struct cert_input *,
					struct gathered *) = {
		take_certificate, take_pkcs12,	take_pkcs7,
		take_key,	  take_request, take_broken_pkcs12,
	};
	size_t taken = 0;

	for (size_t i = 0; !taken && i < HS_LENGTH(takers); i++)
		taken = takers[i](input, found);
	ERR_clear_error();
	return taken;
}

/* DER as base64 without lines around it, as it is copied out of a form.
 * Returns how many bytes of text it took. */
static size_t take_base64(const struct cert_input *input,
			  struct gathered *found)
{
	EVP_ENCODE_CTX *context = EVP_ENCODE_CTX_new();
	unsigned char *bytes = OPENSSL_malloc(input->length + 4);
	struct cert_input der = *input;
	int head = 0, tail = 0, failed;

	EVP_DecodeInit(context);
	failed = EVP_DecodeUpdate(context, bytes, &head,
				  (const unsigned char *)input->bytes,
				  (int)input->length) < 0 ||
		 EVP_DecodeFinal(context, bytes + head, &tail) < 0;
	der.bytes = (char *)bytes;
	der.length = (size_t)(head + tail);
	if (failed || !der.length || !take(&der, found))
		failed = 1;
	EVP_ENCODE_CTX_free(context);
	OPENSSL_clear_free(bytes, input->length + 4);
	ERR_clear_error();
	return failed ? 0 : input->length;
}

/* What people also take for a certificate's file, and what to do about it. */
static const struct {
	const char *bytes;
	size_t length;
	const char *words;
} strangers[] = {
	{"PK\003\004", 4,
	 N_("a ZIP archive: unpack it and name its directory")},
	{"\376\355\376\355", 4,
	 N_("a Java keystore: keytool -importkeystore -deststoretype PKCS12 "
	    "makes a file of it that can be read")},
	{"PuTTY-User-Key", 14, N_("a key of PuTTY, for SSH and not for TLS")},
	{"ssh-", 4, N_("a key for SSH and not for TLS")},
	{"<!DOCTYPE", 9, N_("a web page: the download went wrong")},
	{"<html", 5, N_("a web page: the download went wrong")},
};

static void note_stranger(const struct cert_input *input,
			  struct gathered *found)
{
	const char *words = _("neither PEM, DER, PKCS#7 nor PKCS#12");

	for (size_t i = 0; i < HS_LENGTH(strangers); i++) {
		if (input->length >= strangers[i].length &&
		    !memcmp(input->bytes, strangers[i].bytes,
			    strangers[i].length))
			words = _(strangers[i].words);
	}
	hs_gather_note(found, input->part, "cert.not-a-certificate", "%s is %s",
		       input->path, words);
}

void hs_gather_der(const struct cert_input *input, struct gathered *found)
{
	size_t taken = take(input, found);

	if (!taken)
		taken = take_base64(input, found);
	if (!taken)
		note_stranger(input, found);
	else if (!is_blank(input->bytes + taken, input->length - taken))
		hs_gather_note(found, input->part, "cert.not-a-certificate",
			       "%s goes on for %zu bytes behind its end",
			       input->path, input->length - taken);
}
