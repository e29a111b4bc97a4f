#include "core/probe/chain.h"

#include <string.h>
#include <time.h>

#include "core/base/openssl.h"
#include "core/base/text.h"
#include "core/probe/tls.h"

#define NAMES_MAX 16 /* kept of a certificate: enough for any sentence */
#define TEXT_MAX 120

static void hash_leaf(X509 *leaf, struct probe_result *result)
{
	unsigned char *der = NULL;
	int length = i2d_X509(leaf, &der);

	if (length > 0)
		hs_hash(der, (size_t)length, result->leaf);
	OPENSSL_free(der);
}

static char *name_text(const X509_NAME *name)
{
	BIO *memory = BIO_new(BIO_s_mem());
	char *bytes, *text;
	long length;

	X509_NAME_print_ex(memory, name, 0,
			   XN_FLAG_RFC2253 & ~(unsigned)ASN1_STRFLGS_ESC_MSB);
	length = BIO_get_mem_data(memory, &bytes);
	text = hs_text_safe(bytes, length > 0 ? (size_t)length : 0, TEXT_MAX);
	BIO_free(memory);
	return text;
}

static char *string_text(const ASN1_STRING *string)
{
	return hs_text_safe((const char *)ASN1_STRING_get0_data(string),
			    (size_t)ASN1_STRING_length(string), TEXT_MAX);
}

static char *common_name_text(const X509 *leaf)
{
	X509_NAME *name = X509_get_subject_name(leaf);
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);

	if (at < 0)
		return NULL;
	return string_text(
		X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
}

static char *general_name_text(const GENERAL_NAME *name)
{
	char *text = NULL, *address;

	if (name->type == GEN_DNS)
		return string_text(name->d.dNSName);
	if (name->type != GEN_IPADD)
		return NULL;
	address = i2s_ASN1_OCTET_STRING(NULL, name->d.iPAddress);
	if (address)
		text = hs_text_safe(address, strlen(address), TEXT_MAX);
	OPENSSL_free(address);
	return text;
}

static void note_names(X509 *leaf, struct probe_certificate *certificate)
{
	GENERAL_NAMES *names =
		X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		char *text = general_name_text(sk_GENERAL_NAME_value(names, i));

		if (!text)
			continue;
		certificate->names_count++;
		if (certificate->names.n < NAMES_MAX)
			HS_PUSH(&certificate->names, text);
		else
			free(text);
	}
	GENERAL_NAMES_free(names);
}

static long long seconds_of(const ASN1_TIME *time)
{
	struct tm tm;

	return ASN1_TIME_to_tm(time, &tm) ? (long long)timegm(&tm) : 0;
}

static void note_key(X509 *leaf, struct probe_certificate *certificate)
{
	EVP_PKEY *key = X509_get0_pubkey(leaf);
	const char *type = key ? EVP_PKEY_get0_type_name(key) : NULL;
	int digest;

	if (type) {
		certificate->key_type = hs_strdup(type);
		certificate->key_bits = EVP_PKEY_get_bits(key);
	}
	if (OBJ_find_sigid_algs(X509_get_signature_nid(leaf), &digest, NULL) &&
	    digest != NID_undef)
		certificate->signature = hs_strdup(OBJ_nid2ln(digest));
}

/* The TLS feature extension with status_request (RFC 7633). */
static bool must_staple(X509 *leaf)
{
	TLS_FEATURE *features =
		X509_get_ext_d2i(leaf, NID_tlsfeature, NULL, NULL);
	bool found = false;

	for (int i = 0; i < sk_ASN1_INTEGER_num(features); i++)
		if (ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) ==
		    TLSEXT_TYPE_status_request)
			found = true;
	TLS_FEATURE_free(features);
	return found;
}

static bool issued(X509 *issuer, X509 *subject)
{
	bool fits = X509_check_issued(issuer, subject) == X509_V_OK;

	ERR_clear_error();
	return fits;
}

static bool is_self_signed(X509 *x509)
{
	bool is = X509_self_signed(x509, 0) == 1;

	ERR_clear_error();
	return is;
}

/* The one that issued it among those that were sent; -1: none. */
static int issuer_of(STACK_OF(X509) * chain, X509 *subject)
{
	for (int i = 1; i < sk_X509_num(chain); i++)
		if (sk_X509_value(chain, i) != subject &&
		    issued(sk_X509_value(chain, i), subject))
			return i;
	return -1;
}

/*
 * Walks from the leaf upwards along what was sent.  Who follows the order
 * meets each issuer right behind what it issued.
 */
static void note_chain(X509 *leaf, STACK_OF(X509) * chain, struct trust *trust,
		       struct probe_certificate *certificate)
{
	int count = sk_X509_num(chain), used = 1, at = 0;
	X509 *last = leaf;

	while (used < count && !is_self_signed(last)) {
		int next = issuer_of(chain, last);

		if (next < 0)
			break;
		certificate->misordered |= next != at + 1;
		at = next;
		last = sk_X509_value(chain, next);
		used++;
	}
	certificate->root_sent = last != leaf && is_self_signed(last);
	certificate->unneeded = count > used ? count - used : 0;
	certificate->incomplete = last == leaf && !is_self_signed(leaf) &&
				  !hs_trust_knows_issuer(trust, leaf);
}

/* As browsers do (RFC 9525): the subject's common name does not count. */
static bool fits_name(X509 *leaf, const char *name, unsigned more_flags)
{
	const unsigned flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;

	if (hs_tls_is_address(name))
		return X509_check_ip_asc(leaf, name, 0) == 1;
	return X509_check_host(leaf, name, 0, flags | more_flags, NULL) == 1;
}

static void note_certificate(X509 *leaf, const char *name,
			     struct probe_result *result)
{
	struct probe_certificate *certificate = &result->certificate;

	certificate->subject = name_text(X509_get_subject_name(leaf));
	certificate->issuer = name_text(X509_get_issuer_name(leaf));
	certificate->common_name = common_name_text(leaf);
	certificate->not_before = seconds_of(X509_get0_notBefore(leaf));
	certificate->not_after = seconds_of(X509_get0_notAfter(leaf));
	certificate->self_signed = is_self_signed(leaf);
	certificate->must_staple = must_staple(leaf);
	note_names(leaf, certificate);
	note_key(leaf, certificate);
	if (!name)
		return;
	result->name_fits =
		fits_name(leaf, name, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	/* for a name that is an address the common name is not looked at */
	certificate->common_name_fits =
		!result->name_fits &&
		(hs_tls_is_address(name)
			 ? certificate->common_name &&
				   !strcmp(certificate->common_name, name)
			 : fits_name(leaf, name,
				     X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT));
}

void hs_chain_note(X509 *leaf, STACK_OF(X509) * chain, const char *name,
		   struct trust *trust, struct probe_result *result)
{
	const char *problem;

	hash_leaf(leaf, result);
	if (!trust)
		return;
	problem = hs_trust_judge(trust, leaf, chain);
	result->trusted = !problem;
	result->trust_problem = hs_strdup(problem);
	note_certificate(leaf, name, result);
	note_chain(leaf, chain, trust, &result->certificate);
	ERR_clear_error();
}
