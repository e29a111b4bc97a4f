#include "core/cert/certificate.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "core/base/text.h"
#include "core/cert/read/gather.h"

/* Remembers the first text that is fit for no screen. */
static void mind_hostile(struct certificate *to, const char *bytes, size_t n)
{
	if (!to->hostile && hs_text_is_hostile(bytes, n))
		to->hostile = hs_text_safe(bytes, n, 160);
}

/* One name's text in UTF-8; one that holds a NUL is escaped as a whole, so
 * that no reader takes its first part for all of it. To be freed. */
static char *text_of(const ASN1_STRING *string)
{
	unsigned char *utf8 = NULL;
	int length = ASN1_STRING_to_UTF8(&utf8, string);
	char *text;

	if (length < 0) {
		utf8 = NULL;
		text = hs_text_safe((const char *)ASN1_STRING_get0_data(string),
				    (size_t)ASN1_STRING_length(string), 0);
	} else if (memchr(utf8, '\0', (size_t)length)) {
		text = hs_text_safe((char *)utf8, (size_t)length, 0);
	} else {
		text = hs_strndup((char *)utf8, (size_t)length);
	}
	OPENSSL_free(utf8);
	return text;
}

static char *distinguished_name(const X509_NAME *name)
{
	static const unsigned long flags =
		XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
	hs_auto_bio BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long length;

	X509_NAME_print_ex(bio, name, 0, flags);
	length = BIO_get_mem_data(bio, &data);
	return hs_strndup(length ? data : "", (size_t)length);
}

/* The last of several is the most specific one. */
static char *common_name(const X509_NAME *name)
{
	int at = -1, last = -1;

	while ((at = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0)
		last = at;
	if (last < 0)
		return NULL;
	return text_of(
		X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
}

static void mind_name(struct certificate *to, const X509_NAME *name)
{
	for (int i = 0; i < X509_NAME_entry_count(name); i++) {
		const ASN1_STRING *value =
			X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
		unsigned char *utf8 = NULL;
		int length = ASN1_STRING_to_UTF8(&utf8, value);

		if (length >= 0)
			mind_hostile(to, (char *)utf8, (size_t)length);
		else
			mind_hostile(to, "\xff", 1);
		OPENSSL_free(utf8);
	}
}

/* Letters, digits, hyphen, and what else real certificates have (RFC 5280,
 * 4.2.1.6; "_" is common). */
static bool is_dns_text(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!isascii(bytes[i]) || (!isalnum((unsigned char)bytes[i]) &&
					   !strchr("-._*", bytes[i])))
			return false;
	}
	return length && !memchr(bytes, '\0', length);
}

static void add_dns(struct certificate *to, const ASN1_STRING *string)
{
	const char *bytes = (const char *)ASN1_STRING_get0_data(string);
	size_t length = (size_t)ASN1_STRING_length(string);
	char *safe = hs_text_safe(bytes, length, 0);

	if (!to->hostile && !is_dns_text(bytes, length))
		to->hostile = hs_text_safe(bytes, length, 160);
	HS_PUSH(&to->dns_names, safe);
}

static void add_ip(struct certificate *to, const ASN1_OCTET_STRING *address)
{
	const unsigned char *bytes = ASN1_STRING_get0_data(address);
	int length = ASN1_STRING_length(address);
	char text[INET6_ADDRSTRLEN];

	if (length == 4 && inet_ntop(AF_INET, bytes, text, sizeof(text)))
		hs_strings_add(&to->ip_names, text);
	else if (length == 16 && inet_ntop(AF_INET6, bytes, text, sizeof(text)))
		hs_strings_add(&to->ip_names, text);
}

static void take_name(int type, const void *value, void *context)
{
	if (type == GEN_DNS)
		add_dns(context, value);
	else if (type == GEN_IPADD)
		add_ip(context, value);
}

static time_t time_of(const ASN1_TIME *time)
{
	struct tm tm;

	return ASN1_TIME_to_tm(time, &tm) ? timegm(&tm) : 0;
}

static char *lower(const char *text)
{
	char *copy = hs_strdup(text);

	for (char *c = copy; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

/* The digest; for EdDSA, which has none of its own, the algorithm. */
static char *signature_of(X509 *x509)
{
	int digest = NID_undef, key = NID_undef;

	if (X509_get_signature_info(x509, &digest, &key, NULL, NULL) &&
	    digest != NID_undef)
		return lower(OBJ_nid2sn(digest));
	if (key == NID_undef)
		key = X509_get_signature_nid(x509);
	return lower(OBJ_nid2sn(key));
}

/* A TLS server signs, or decrypts, or agrees on a key; extended usages, where
 * there are any, name it (RFC 5280, 4.2.1.3 and 4.2.1.12). */
static bool is_for_servers(X509 *x509)
{
	const uint32_t usages =
		KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT | KU_KEY_AGREEMENT;
	uint32_t flags = X509_get_extension_flags(x509);

	if (flags & EXFLAG_KUSAGE && !(X509_get_key_usage(x509) & usages))
		return false;
	return !(flags & EXFLAG_XKUSAGE) ||
	       X509_get_extended_key_usage(x509) &
		       (XKU_SSL_SERVER | XKU_ANYEKU);
}

/* TLS feature status_request: without a stapled answer, browsers refuse it
 * (RFC 7633). */
static bool must_staple(X509 *x509)
{
	TLS_FEATURE *features =
		X509_get_ext_d2i(x509, NID_tlsfeature, NULL, NULL);
	bool is_there = false;

	for (int i = 0; i < sk_ASN1_INTEGER_num(features); i++) {
		if (ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) == 5)
			is_there = true;
	}
	TLS_FEATURE_free(features);
	return is_there;
}

static char *uri_of(const ACCESS_DESCRIPTION *access)
{
	int type;
	const ASN1_STRING *uri =
		GENERAL_NAME_get0_value(access->location, &type);

	if (OBJ_obj2nid(access->method) != NID_ad_ca_issuers || type != GEN_URI)
		return NULL;
	return hs_text_safe((const char *)ASN1_STRING_get0_data(uri),
			    (size_t)ASN1_STRING_length(uri), 200);
}

static char *issuer_url(X509 *x509)
{
	AUTHORITY_INFO_ACCESS *list =
		X509_get_ext_d2i(x509, NID_info_access, NULL, NULL);
	char *url = NULL;

	for (int i = 0; !url && i < sk_ACCESS_DESCRIPTION_num(list); i++)
		url = uri_of(sk_ACCESS_DESCRIPTION_value(list, i));
	AUTHORITY_INFO_ACCESS_free(list);
	return url;
}

/* The first extension that must be understood and is not. */
static char *critical_of(X509 *x509)
{
	char name[80];

	for (int i = 0; i < X509_get_ext_count(x509); i++) {
		X509_EXTENSION *extension = X509_get_ext(x509, i);

		if (!X509_EXTENSION_get_critical(extension) ||
		    X509_supported_extension(extension))
			continue;
		OBJ_obj2txt(name, sizeof(name),
			    X509_EXTENSION_get_object(extension), 0);
		return hs_text_safe(name, strlen(name), 0);
	}
	return NULL;
}

static char *serial_of(X509 *x509)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509), NULL);
	char *hex = number ? BN_bn2hex(number) : NULL;
	char *copy = hs_strdup(hex ? hex : "");

	OPENSSL_free(hex);
	BN_free(number);
	return copy;
}

bool hs_x509_is_self_signed(X509 *x509)
{
	EVP_PKEY *key = X509_get0_pubkey(x509);
	uint32_t flags = X509_get_extension_flags(x509);
	int verified;

	if (!(flags & EXFLAG_SI) || !key ||
	    EVP_PKEY_get_bits(key) > HS_RSA_BITS_MAX)
		return false;
	verified = X509_verify(x509, key);
	ERR_clear_error();
	/* below 0: not to be verified here (MD5); then its names decide */
	return verified > 0 || (verified < 0 && flags & EXFLAG_SS);
}

int hs_certificate_keep_der(X509 *x509, struct certificate *ret_certificate)
{
	struct certificate *to = ret_certificate;
	unsigned char *der = NULL;
	int length = i2d_X509(x509, &der);

	*to = (struct certificate){0};
	if (length <= 0)
		return -1;
	to->der = (unsigned char *)hs_strndup((char *)der, (size_t)length);
	to->der_length = (size_t)length;
	OPENSSL_free(der);
	hs_hash(to->der, to->der_length, to->fingerprint);
	return 0;
}

int hs_certificate_from_x509(X509 *x509, struct certificate *ret_certificate)
{
	struct certificate *to = ret_certificate;
	const X509_NAME *subject = X509_get_subject_name(x509);
	const X509_NAME *issuer = X509_get_issuer_name(x509);

	if (hs_certificate_keep_der(x509, to))
		return -1;
	to->subject = distinguished_name(subject);
	to->common_name = common_name(subject);
	to->issuer = distinguished_name(issuer);
	to->issuer_common_name = common_name(issuer);
	to->subject_hash = X509_NAME_hash_ex(subject, NULL, NULL, NULL);
	to->issuer_hash = X509_NAME_hash_ex(issuer, NULL, NULL, NULL);
	mind_name(to, subject);
	mind_name(to, issuer);
	hs_x509_each_name(x509, take_name, to);
	to->serial = serial_of(x509);
	to->not_before = time_of(X509_get0_notBefore(x509));
	to->not_after = time_of(X509_get0_notAfter(x509));
	hs_certificate_read_key(x509, to);
	to->signature = signature_of(x509);
	to->is_ca = X509_get_extension_flags(x509) & EXFLAG_CA;
	to->self_signed = hs_x509_is_self_signed(x509);
	to->server_auth = is_for_servers(x509);
	to->must_staple = must_staple(x509);
	to->aia_issuer = issuer_url(x509);
	to->critical = critical_of(x509);
	ERR_clear_error();
	return 0;
}

int hs_certificate_parse(const unsigned char *der, size_t length,
			 struct certificate *ret_certificate)
{
	const unsigned char *at = der;
	hs_auto_x509 X509 *x509 = d2i_X509(NULL, &at, (long)length);

	*ret_certificate = (struct certificate){0};
	ERR_clear_error();
	if (!x509 || at != der + length)
		return -1;
	return hs_certificate_from_x509(x509, ret_certificate);
}

X509 *hs_certificate_x509(const struct certificate *certificate)
{
	const unsigned char *at = certificate->der;

	return at ? d2i_X509(NULL, &at, (long)certificate->der_length) : NULL;
}

void hs_certificate_done(struct certificate *certificate)
{
	free(certificate->subject);
	free(certificate->common_name);
	free(certificate->issuer);
	free(certificate->issuer_common_name);
	hs_strings_done(&certificate->dns_names);
	hs_strings_done(&certificate->ip_names);
	free(certificate->serial);
	free(certificate->key_type);
	free(certificate->key_curve);
	free(certificate->signature);
	free(certificate->der);
	free(certificate->aia_issuer);
	free(certificate->key_flaw);
	free(certificate->critical);
	free(certificate->hostile);
	*certificate = (struct certificate){0};
}
