#include "core/cert/make/parts.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define COMMON_NAME_MAX 64 /* ub-common-name, RFC 5280, appendix A */

static const struct {
	const char *type, *curve;
	size_t bits;
} keys[] = {
	{"P-256", "P-256", 0},	  {"P-384", "P-384", 0},
	{"RSA-2048", NULL, 2048}, {"RSA-3072", NULL, 3072},
	{"RSA-4096", NULL, 4096},
};

bool hs_cert_key_type_is_known(const char *type)
{
	for (size_t i = 0; i < HS_LENGTH(keys); i++) {
		if (!strcasecmp(type, keys[i].type))
			return true;
	}
	return false;
}

EVP_PKEY *hs_create_key(const char *type)
{
	for (size_t i = 0; i < HS_LENGTH(keys); i++) {
		if (strcasecmp(type ? type : "P-256", keys[i].type) != 0)
			continue;
		if (keys[i].curve)
			return EVP_EC_gen(keys[i].curve);
		return EVP_RSA_gen(keys[i].bits);
	}
	return NULL;
}

const EVP_MD *hs_create_digest(const EVP_PKEY *key)
{
	bool is_its_own =
		EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448");

	return is_its_own ? NULL : EVP_sha256();
}

static const char *common_name(const struct cert_request *request)
{
	const struct strings *names = request->names;

	if (request->common_name)
		return request->common_name;
	return names && names->n ? names->items[0] : "";
}

int hs_create_subject(const struct cert_request *request, X509_NAME *subject)
{
	const char *name = common_name(request);

	if (!*name || strlen(name) > COMMON_NAME_MAX)
		return 0;
	return X509_NAME_add_entry_by_NID(
		       subject, NID_commonName, MBSTRING_UTF8,
		       (const unsigned char *)name, -1, -1, 0)
		       ? 0
		       : -1;
}

static void push_name(GENERAL_NAMES *names, const char *name)
{
	GENERAL_NAME *one = GENERAL_NAME_new();
	unsigned char address[16];
	ASN1_STRING *value = NULL;
	int length = -1, type = GEN_DNS;

	if (inet_pton(AF_INET, name, address) == 1)
		length = 4;
	else if (inet_pton(AF_INET6, name, address) == 1)
		length = 16;
	if (length > 0) {
		type = GEN_IPADD;
		value = ASN1_OCTET_STRING_new();
		ASN1_STRING_set(value, address, length);
	} else {
		value = ASN1_IA5STRING_new();
		ASN1_STRING_set(value, name, -1);
	}
	GENERAL_NAME_set0_value(one, type, value);
	sk_GENERAL_NAME_push(names, one);
}

GENERAL_NAMES *hs_create_names(const struct strings *names)
{
	GENERAL_NAMES *list = GENERAL_NAMES_new();

	HS_EACH(name, names)
		push_name(list, *name);
	return list;
}

void hs_create_leaf_extensions(
	const struct cert_request *request, bool is_rsa,
	struct leaf_extension ret_list[static HS_LEAF_EXTENSIONS])
{
	static const char *const purposes[] = {
		[CERT_FOR_SERVERS] = "serverAuth",
		[CERT_FOR_CLIENTS] = "clientAuth",
	};

	ret_list[0] = (struct leaf_extension){NID_basic_constraints,
					      "critical,CA:FALSE"};
	ret_list[1] = (struct leaf_extension){
		NID_key_usage,
		is_rsa ? "critical,digitalSignature,keyEncipherment"
		       : "critical,digitalSignature"};
	ret_list[2] = (struct leaf_extension){NID_ext_key_usage,
					      purposes[request->use]};
}
