#include "core/cert/details.h"

#include <stdio.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/cert/certificate.h"

/* RFC 5280, 4.2.1.3, in its words. */
static const struct {
	uint32_t bit;
	const char *name;
} usages[] = {
	{KU_DIGITAL_SIGNATURE, N_("digital signature")},
	{KU_NON_REPUDIATION, N_("non-repudiation")},
	{KU_KEY_ENCIPHERMENT, N_("key encipherment")},
	{KU_DATA_ENCIPHERMENT, N_("data encipherment")},
	{KU_KEY_AGREEMENT, N_("key agreement")},
	{KU_KEY_CERT_SIGN, N_("certificate signing")},
	{KU_CRL_SIGN, N_("CRL signing")},
	{KU_ENCIPHER_ONLY, N_("encipher only")},
	{KU_DECIPHER_ONLY, N_("decipher only")},
};

/* RFC 5280, 4.2.1.12, in words for people. */
static const struct {
	int nid;
	const char *name;
} purposes[] = {
	{NID_server_auth, N_("TLS server")},
	{NID_client_auth, N_("TLS client")},
	{NID_code_sign, N_("code signing")},
	{NID_email_protect, N_("e-mail")},
	{NID_time_stamp, N_("time stamping")},
	{NID_OCSP_sign, N_("OCSP signing")},
	{NID_anyExtendedKeyUsage, N_("any purpose")},
};

static void read_usages(X509 *x509, struct certificate_details *to)
{
	uint32_t given = X509_get_key_usage(x509);

	if (!(X509_get_extension_flags(x509) & EXFLAG_KUSAGE))
		return;
	for (size_t i = 0; i < HS_LENGTH(usages); i++) {
		if (given & usages[i].bit)
			hs_strings_add(&to->usages, usages[i].name);
	}
}

static void add_purpose(const ASN1_OBJECT *oid, struct certificate_details *to)
{
	char text[80];

	for (size_t i = 0; i < HS_LENGTH(purposes); i++) {
		if (purposes[i].nid != OBJ_obj2nid(oid))
			continue;
		hs_strings_add(&to->purposes, purposes[i].name);
		return;
	}
	OBJ_obj2txt(text, sizeof(text), oid, 1);
	hs_strings_add(&to->purposes, text);
}

static void read_purposes(X509 *x509, struct certificate_details *to)
{
	EXTENDED_KEY_USAGE *list =
		X509_get_ext_d2i(x509, NID_ext_key_usage, NULL, NULL);

	for (int i = 0; i < sk_ASN1_OBJECT_num(list); i++)
		add_purpose(sk_ASN1_OBJECT_value(list, i), to);
	EXTENDED_KEY_USAGE_free(list);
}

static void add_text(const char *kind, const ASN1_STRING *value,
		     struct certificate_details *to)
{
	hs_auto_free char *safe =
		hs_text_safe((const char *)ASN1_STRING_get0_data(value),
			     (size_t)ASN1_STRING_length(value), 200);
	char *text = hs_format("%s:%s", kind, safe);

	HS_PUSH(&to->other_names, text);
}

static void take_other_name(int type, const void *value, void *context)
{
	struct certificate_details *to = context;

	if (type == GEN_EMAIL)
		add_text("email", value, to);
	else if (type == GEN_URI)
		add_text("URI", value, to);
	else if (type != GEN_DNS && type != GEN_IPADD)
		hs_strings_add(&to->other_names, _("of another kind"));
}

static void put_hex(const unsigned char *bytes, size_t n, char *to)
{
	for (size_t i = 0; i < n; i++)
		snprintf(to + 2 * i, 3, "%02x", bytes[i]);
}

static char *hex_of(const ASN1_OCTET_STRING *string)
{
	size_t length = string ? (size_t)ASN1_STRING_length(string) : 0;
	char *text;

	if (!length || length > 64)
		return NULL;
	text = hs_alloc(2 * length + 1);
	put_hex(ASN1_STRING_get0_data(string), length, text);
	return text;
}

void hs_certificate_details(const struct certificate *certificate,
			    struct certificate_details *ret_details)
{
	struct certificate_details *to = ret_details;
	hs_auto_x509 X509 *x509 = hs_certificate_x509(certificate);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length = 0;

	*to = (struct certificate_details){.path_length = -1};
	if (!x509)
		return;
	to->version = (int)X509_get_version(x509) + 1;
	if (X509_digest(x509, EVP_sha1(), digest, &length) && length == 20)
		put_hex(digest, length, to->sha1);
	read_usages(x509, to);
	read_purposes(x509, to);
	hs_x509_each_name(x509, take_other_name, to);
	to->path_length = X509_get_pathlen(x509);
	to->key_id = hex_of(X509_get0_subject_key_id(x509));
	to->issuer_key_id = hex_of(X509_get0_authority_key_id(x509));
	ERR_clear_error();
}

void hs_certificate_details_done(struct certificate_details *details)
{
	hs_strings_done(&details->usages);
	hs_strings_done(&details->purposes);
	hs_strings_done(&details->other_names);
	free(details->key_id);
	free(details->issuer_key_id);
	*details = (struct certificate_details){0};
}
