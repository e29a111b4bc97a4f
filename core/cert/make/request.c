/* Requests for a certificate: PKCS#10 (RFC 2986). */

#include "core/base/openssl.h"
#include "core/cert/make/create.h"
#include "core/cert/make/parts.h"
#include "core/cert/secret.h"

HS_OPENSSL_CLEANUP(x509_req, X509_REQ, X509_REQ_free)

static void free_extensions(STACK_OF(X509_EXTENSION) * *list)
{
	sk_X509_EXTENSION_pop_free(*list, X509_EXTENSION_free);
}

static int push_leaf_extensions(const struct cert_request *request, bool is_rsa,
				STACK_OF(X509_EXTENSION) * list)
{
	struct leaf_extension wanted[HS_LEAF_EXTENSIONS];

	hs_create_leaf_extensions(request, is_rsa, wanted);
	for (size_t i = 0; i < HS_LEAF_EXTENSIONS; i++) {
		X509_EXTENSION *one = X509V3_EXT_conf_nid(
			NULL, NULL, wanted[i].nid, wanted[i].value);

		if (!one || !sk_X509_EXTENSION_push(list, one))
			return -1;
	}
	return 0;
}

static int push_names(const struct cert_request *request,
		      STACK_OF(X509_EXTENSION) * *list)
{
	GENERAL_NAMES *names = hs_create_names(request->names);
	int status = X509V3_add1_i2d(list, NID_subject_alt_name, names, 0, 0);

	GENERAL_NAMES_free(names);
	return status == 1 ? 0 : -1;
}

static int fill(const struct cert_request *request, EVP_PKEY *key,
		X509_REQ *req)
{
	HS_CLEANUP(free_extensions)
	STACK_OF(X509_EXTENSION) *list = sk_X509_EXTENSION_new_null();

	if (!X509_REQ_set_version(req, X509_REQ_VERSION_1) ||
	    hs_create_subject(request, X509_REQ_get_subject_name(req)) ||
	    !X509_REQ_set_pubkey(req, key) ||
	    push_leaf_extensions(request, EVP_PKEY_is_a(key, "RSA"), list) ||
	    push_names(request, &list) || !X509_REQ_add_extensions(req, list) ||
	    X509_REQ_sign(req, key, hs_create_digest(key)) <= 0)
		return -1;
	return 0;
}

static int put_pem(X509_REQ *req, struct str *pem)
{
	hs_auto_bio BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long length;

	if (!bio || !PEM_write_bio_X509_REQ(bio, req))
		return -1;
	length = BIO_get_mem_data(bio, &data);
	hs_str_add(pem, data, (size_t)length);
	return 0;
}

int hs_cert_request_create(const struct cert_request *request,
			   struct str *ret_pem, char **ret_key,
			   struct error *err)
{
	hs_auto_pkey EVP_PKEY *key = hs_create_key(request->key_type);
	HS_CLEANUP(hs_cleanup_x509_req) X509_REQ *req = X509_REQ_new();

	*ret_key = NULL;
	if (!key)
		return hs_openssl_fail(err, "cannot make a key");
	if (!req || fill(request, key, req) || put_pem(req, ret_pem))
		return hs_openssl_fail(err, "cannot make a request");
	*ret_key = hs_secret_from_key(key);
	if (!*ret_key)
		return hs_openssl_fail(err, "cannot write the key");
	ERR_clear_error();
	return 0;
}

void hs_cert_key_free(char *key_pem)
{
	hs_secret_free(key_pem);
}
