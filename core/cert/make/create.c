#include "core/cert/make/create.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/openssl.h"
#include "core/cert/certificate.h"
#include "core/cert/make/parts.h"
#include "core/cert/secret.h"

#define HOUR 3600L

/* A certificate being made. */
struct making {
	const struct cert_request *request;
	X509 *x509;
	EVP_PKEY *key;
	X509 *issuer;	      /* itself when self-signed */
	EVP_PKEY *issuer_key; /* likewise */
};

/* 127 random bits (the CA/Browser Forum wants 64), positive, never zero. */
static int set_serial(X509 *x509)
{
	unsigned char bytes[16];
	BIGNUM *number;
	int status = -1;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return -1;
	bytes[0] = (bytes[0] & 0x7f) | 0x40;
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	if (number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)))
		status = 0;
	BN_free(number);
	return status;
}

/* A certificate that outlives its issuer is worth nothing from then on. */
static void end_with_issuer(struct making *making)
{
	const ASN1_TIME *last = X509_get0_notAfter(making->issuer);

	if (making->issuer == making->x509)
		return;
	if (ASN1_TIME_compare(X509_get0_notAfter(making->x509), last) > 0)
		X509_set1_notAfter(making->x509, last);
}

/* What has ended already was valid for thirty days. */
static int set_times(struct making *making)
{
	int days = making->request->days;
	int first = days < 0 ? days - 30 : 0;
	long earlier = days < 0 ? 0 : -HOUR;

	if (!X509_time_adj_ex(X509_getm_notBefore(making->x509), first, earlier,
			      NULL) ||
	    !X509_time_adj_ex(X509_getm_notAfter(making->x509), days, earlier,
			      NULL))
		return -1;
	end_with_issuer(making);
	return 0;
}

static int set_names(struct making *making)
{
	X509_NAME *subject = X509_get_subject_name(making->x509);

	if (hs_create_subject(making->request, subject) ||
	    !X509_set_issuer_name(making->x509,
				  X509_get_subject_name(making->issuer)))
		return -1;
	return 0;
}

static int add_extension(struct making *making, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;
	int is_added;

	X509V3_set_ctx(&context, making->issuer, making->x509, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	is_added = extension && X509_add_ext(making->x509, extension, -1);
	X509_EXTENSION_free(extension);
	return is_added ? 0 : -1;
}

static int add_san(struct making *making)
{
	const struct strings *names = making->request->names;
	GENERAL_NAMES *list;
	/* critical where there is no subject (RFC 5280, 4.2.1.6) */
	int is_critical =
		!X509_NAME_entry_count(X509_get_subject_name(making->x509));
	int status = 0;

	if (!names || !names->n)
		return 0;
	list = hs_create_names(names);
	if (X509_add1_ext_i2d(making->x509, NID_subject_alt_name, list,
			      is_critical, 0) != 1)
		status = -1;
	GENERAL_NAMES_free(list);
	return status;
}

static int add_leaf_extensions(struct making *making)
{
	struct leaf_extension list[HS_LEAF_EXTENSIONS];

	hs_create_leaf_extensions(making->request,
				  EVP_PKEY_is_a(making->key, "RSA"), list);
	for (size_t i = 0; i < HS_LEAF_EXTENSIONS; i++) {
		if (add_extension(making, list[i].nid, list[i].value))
			return -1;
	}
	return add_san(making);
}

static int add_ca_extensions(struct making *making)
{
	if (add_extension(making, NID_basic_constraints, "critical,CA:TRUE"))
		return -1;
	return add_extension(making, NID_key_usage,
			     "critical,keyCertSign,cRLSign");
}

static int add_extensions(struct making *making)
{
	int status = making->request->is_ca ? add_ca_extensions(making)
					    : add_leaf_extensions(making);

	if (status || add_extension(making, NID_subject_key_identifier, "hash"))
		return -1;
	return add_extension(making, NID_authority_key_identifier, "keyid");
}

static int sign(struct making *making)
{
	const EVP_MD *digest = hs_create_digest(making->issuer_key);

	return X509_sign(making->x509, making->issuer_key, digest) > 0 ? 0 : -1;
}

static int fill(struct making *making)
{
	if (!X509_set_version(making->x509, X509_VERSION_3) ||
	    set_serial(making->x509) || set_times(making) ||
	    set_names(making) || !X509_set_pubkey(making->x509, making->key) ||
	    add_extensions(making))
		return -1;
	return sign(making);
}

static void copy_certificate(const struct certificate *from,
			     struct bundle *bundle)
{
	struct certificate *to = HS_GROW(&bundle->certificates);

	if (hs_certificate_parse(from->der, from->der_length, to))
		bundle->certificates.n--;
}

static int finish(const struct making *making, const struct bundle *issuer,
		  struct bundle *ret_bundle)
{
	struct bundle *bundle = ret_bundle;

	*bundle = (struct bundle){0};
	bundle->has_key = !making->request->key_of;
	bundle->key_fits = bundle->has_key;
	if (bundle->has_key)
		bundle->key_pem = hs_secret_from_key(making->key);
	if ((bundle->has_key && !bundle->key_pem) ||
	    hs_certificate_from_x509(making->x509,
				     HS_GROW(&bundle->certificates))) {
		hs_bundle_done(bundle);
		return -1;
	}
	for (size_t i = 0; issuer && i < issuer->certificates.n; i++) {
		if (!issuer->certificates.items[i].self_signed)
			copy_certificate(&issuer->certificates.items[i],
					 bundle);
	}
	bundle->read = true;
	bundle->chain_complete = true;
	bundle->format = "PEM";
	bundle->path = hs_strdup(_("the certificate made here"));
	bundle->trust_problem = hs_strdup(_("its issuer is not known here"));
	return 0;
}

static int set_issuer(struct making *making, const struct bundle *issuer,
		      struct error *err)
{
	const struct certificate *leaf = hs_bundle_leaf(issuer);

	if (!leaf || !issuer->key_pem)
		return hs_fail(err, HS_CANNOT, "the CA has no key");
	making->issuer = hs_certificate_x509(leaf);
	making->issuer_key = hs_secret_to_key(issuer->key_pem);
	if (!making->issuer || !making->issuer_key)
		return hs_openssl_fail(err, "cannot use the CA");
	return 0;
}

/* A new one, or that of whoever asks. */
static EVP_PKEY *key_for(const struct cert_request *request)
{
	const struct certificate *of = request->key_of;
	hs_auto_x509 X509 *x509 = NULL;

	if (!of)
		return hs_create_key(request->key_type);
	x509 = hs_certificate_x509(of);
	return x509 ? X509_get_pubkey(x509) : NULL;
}

int hs_cert_create(const struct cert_request *request,
		   const struct bundle *issuer, struct bundle *ret_bundle,
		   struct error *err)
{
	hs_auto_pkey EVP_PKEY *key = key_for(request);
	hs_auto_x509 X509 *x509 = X509_new();
	hs_auto_pkey EVP_PKEY *issuer_key = NULL;
	hs_auto_x509 X509 *issuer_x509 = NULL;
	struct making making = {request, x509, key, x509, key};

	*ret_bundle = (struct bundle){0};
	if (!key)
		return hs_openssl_fail(err, "cannot make a key");
	if (request->key_of && !issuer)
		return hs_fail(err, HS_CANNOT, "a request needs a CA");
	if (issuer) {
		int status = set_issuer(&making, issuer, err);

		issuer_x509 = making.issuer == x509 ? NULL : making.issuer;
		issuer_key =
			making.issuer_key == key ? NULL : making.issuer_key;
		if (status)
			return -1;
	}
	if (fill(&making) || finish(&making, issuer, ret_bundle))
		return hs_openssl_fail(err, "cannot make a certificate");
	ERR_clear_error();
	return 0;
}
