#include "core/probe/staple.h"

#include "core/base/cleanup.h"
#include "core/base/i18n.h"
#include "core/base/openssl.h"

/* What the clocks of two machines may differ by, in seconds. */
#define CLOCKS_DIFFER 300

static void free_response(OCSP_RESPONSE **response)
{
	OCSP_RESPONSE_free(*response);
}
#define auto_response HS_CLEANUP(free_response)

static void free_basic(OCSP_BASICRESP **basic)
{
	OCSP_BASICRESP_free(*basic);
}
#define auto_basic HS_CLEANUP(free_basic)

static X509 *find_issuer(X509 *leaf, STACK_OF(X509) * chain)
{
	for (int i = 0; i < sk_X509_num(chain); i++) {
		X509 *candidate = sk_X509_value(chain, i);

		if (X509_check_issued(candidate, leaf) == X509_V_OK)
			return candidate;
	}
	return NULL;
}

/* The issuer itself, or somebody it appointed (RFC 6960, 4.2.2.2). */
static bool may_sign(X509 *signer, X509 *issuer)
{
	EVP_PKEY *key = X509_get0_pubkey(issuer);

	if (!X509_cmp(signer, issuer))
		return true;
	return X509_get_extension_flags(signer) & EXFLAG_XKUSAGE &&
	       X509_get_extended_key_usage(signer) & XKU_OCSP_SIGN && key &&
	       X509_verify(signer, key) == 1;
}

static bool is_signed(OCSP_BASICRESP *basic, X509 *issuer,
		      STACK_OF(X509) * chain)
{
	X509 *signer = NULL;

	return OCSP_resp_get0_signer(basic, &signer, chain) == 1 &&
	       may_sign(signer, issuer) &&
	       OCSP_basic_verify(basic, chain, NULL, OCSP_NOVERIFY) == 1;
}

/* What it says of the leaf, which responders name by one hash or the other. */
static OCSP_SINGLERESP *find_single(OCSP_BASICRESP *basic, X509 *leaf,
				    X509 *issuer)
{
	const EVP_MD *const digests[] = {EVP_sha1(), EVP_sha256()};
	int at = -1;

	for (size_t i = 0; at < 0 && i < HS_LENGTH(digests); i++) {
		OCSP_CERTID *id = OCSP_cert_to_id(digests[i], leaf, issuer);

		at = id ? OCSP_resp_find(basic, id, -1) : -1;
		OCSP_CERTID_free(id);
	}
	return at < 0 ? NULL : OCSP_resp_get0(basic, at);
}

static const char *judge_single(OCSP_SINGLERESP *single, bool *ret_revoked)
{
	ASN1_GENERALIZEDTIME *from, *until;
	int status = OCSP_single_get0_status(single, NULL, NULL, &from, &until);

	if (!OCSP_check_validity(from, until, CLOCKS_DIFFER, -1))
		return N_("that is out of date");
	*ret_revoked = status == V_OCSP_CERTSTATUS_REVOKED;
	return status == V_OCSP_CERTSTATUS_UNKNOWN
		       ? N_("that does not know the certificate")
		       : NULL;
}

static const char *judge(OCSP_BASICRESP *basic, X509 *leaf,
			 STACK_OF(X509) * chain, bool *ret_revoked)
{
	X509 *issuer = find_issuer(leaf, chain);
	OCSP_SINGLERESP *single;

	if (!issuer) /* what the chain lacks is said elsewhere */
		return NULL;
	if (!is_signed(basic, issuer, chain))
		return N_("that the issuer of the certificate did not sign");
	single = find_single(basic, leaf, issuer);
	return single ? judge_single(single, ret_revoked)
		      : N_("that is about another certificate");
}

void hs_staple_note(SSL *ssl, X509 *leaf, STACK_OF(X509) * chain,
		    struct probe_result *result)
{
	struct probe_certificate *certificate = &result->certificate;
	const unsigned char *bytes = NULL;
	long length = SSL_get_tlsext_status_ocsp_resp(ssl, &bytes);
	auto_response OCSP_RESPONSE *response = NULL;
	auto_basic OCSP_BASICRESP *basic = NULL;

	if (length <= 0)
		return;
	certificate->stapled = true;
	response = d2i_OCSP_RESPONSE(NULL, &bytes, length);
	if (response &&
	    OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
		basic = OCSP_response_get1_basic(response);
	certificate->staple_problem =
		basic ? judge(basic, leaf, chain, &certificate->revoked)
		      : N_("that is none, or an error");
	ERR_clear_error();
}
