/* Requests for a certificate, as read from a file. */
#include <ctype.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/message.h"
#include "core/base/openssl.h"
#include "core/base/sandbox/sandbox.h"
#include "core/cert/certificate.h"
#include "core/cert/read/gather.h"
#include "core/cert/read/inventory.h"

#define DER_MAX ((size_t)1 << 20)
#define TEXT_MAX 80

HS_OPENSSL_CLEANUP(x509_req, X509_REQ, X509_REQ_free)

static X509_REQ *parse(const void *bytes, size_t length)
{
	hs_auto_bio BIO *bio = BIO_new_mem_buf(bytes, (int)length);
	const unsigned char *at = bytes;
	X509_REQ *req = PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL);

	return req ? req : d2i_X509_REQ(NULL, &at, (long)length);
}

static void copy_names(X509_REQ *req, X509 *to)
{
	STACK_OF(X509_EXTENSION) *list = X509_REQ_get_extensions(req);

	for (int i = 0; i < sk_X509_EXTENSION_num(list); i++)
		X509_add_ext(to, sk_X509_EXTENSION_value(list, i), -1);
	sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
}

/* The certificate it would become, under a signature that counts for nothing:
 * so what there is for certificates reads its names and key. */
static X509 *as_certificate(X509_REQ *req)
{
	hs_auto_pkey EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_NAME *subject = X509_REQ_get_subject_name(req);
	X509 *x509 = X509_new();

	X509_set_version(x509, X509_VERSION_3);
	X509_gmtime_adj(X509_getm_notBefore(x509), 0);
	X509_gmtime_adj(X509_getm_notAfter(x509), 0);
	copy_names(req, x509);
	if (X509_set_subject_name(x509, subject) &&
	    X509_set_issuer_name(x509, subject) &&
	    X509_set_pubkey(x509, X509_REQ_get0_pubkey(req)) && key &&
	    X509_sign(x509, key, EVP_sha256()) > 0)
		return x509;
	X509_free(x509);
	return NULL;
}

static bool is_verified(X509_REQ *req)
{
	EVP_PKEY *key = X509_REQ_get0_pubkey(req);

	return key && EVP_PKEY_get_bits(key) <= HS_RSA_BITS_MAX &&
	       X509_REQ_verify(req, key) == 1;
}

static const char *digest_of(const X509_REQ *req)
{
	int digest = NID_undef, nid = X509_REQ_get_signature_nid(req);

	if (OBJ_find_sigid_algs(nid, &digest, NULL) && digest != NID_undef)
		nid = digest;
	return OBJ_nid2sn(nid);
}

static int work(const void *input, size_t length, void *context,
		struct str *ret_output)
{
	HS_CLEANUP(hs_cleanup_x509_req)
	X509_REQ *req = parse(input, length);
	hs_auto_x509 X509 *x509 = req ? as_certificate(req) : NULL;
	unsigned char *der = NULL;
	int n = x509 ? i2d_X509(x509, &der) : -1;

	(void)context;
	if (n <= 0)
		return -1;
	hs_message_put_bytes(ret_output, der, (size_t)n);
	hs_message_put_text(ret_output, digest_of(req));
	hs_message_put_number(ret_output, is_verified(req));
	OPENSSL_free(der);
	return 0;
}

static void warm_up(void *context)
{
	(void)context;
	OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL);
}

static int take_answer(const struct str *answer,
		       struct inventory_request *request)
{
	struct message message = hs_message_open(answer->data, answer->len);
	size_t length;
	const unsigned char *der = hs_message_bytes(&message, DER_MAX, &length);

	request->signature = hs_message_text(&message, TEXT_MAX);
	request->verified = hs_message_number(&message, 1);
	if (hs_message_end(&message) ||
	    hs_certificate_parse(der, length, &request->wanted)) {
		free(request->signature);
		return -1;
	}
	for (char *c = request->signature; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return 0;
}

int hs_inventory_read_request(const void *bytes, size_t length,
			      struct inventory_request *ret_request)
{
	const struct sandbox sandbox = {
		.work = work,
		.warm_up = warm_up,
		.what = _("the request"),
	};
	hs_auto_sandbox_result struct sandbox_result result = {0};

	*ret_request = (struct inventory_request){0};
	if (length > DER_MAX ||
	    hs_sandbox_run(&sandbox, bytes, length, &result, NULL))
		return -1;
	return take_answer(&result.output, ret_request);
}

void hs_inventory_request_done(struct inventory_request *request)
{
	hs_certificate_done(&request->wanted);
	free(request->signature);
	*request = (struct inventory_request){0};
}
