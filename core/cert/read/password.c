/*
 * What a password method asks for, read before any of it is done: the
 * parameters of PBES1 and PKCS#12 (RFC 7292, appendix C), of PBES2 with
 * PBKDF2 (RFC 8018) and of scrypt (RFC 7914).
 */
#include <limits.h>
#include <string.h>

#include "core/base/array.h"
#include "core/base/i18n.h"
#include "core/cert/read/gather.h"

#define COUNTLESS LLONG_MAX

static long long count_of(const ASN1_INTEGER *integer)
{
	int64_t value;

	if (!integer || !ASN1_INTEGER_get_int64(&value, integer) || value < 0) {
		ERR_clear_error();
		return COUNTLESS;
	}
	return value;
}

static long long rounds_of_pbkdf2(const X509_ALGOR *derivation)
{
	PBKDF2PARAM *param = ASN1_TYPE_unpack_sequence(
		ASN1_ITEM_rptr(PBKDF2PARAM), derivation->parameter);
	long long rounds = param ? count_of(param->iter) : COUNTLESS;

	PBKDF2PARAM_free(param);
	return rounds;
}

/* a * b, but never past COUNTLESS. */
static long long times(long long a, long long b)
{
	long long product;

	return __builtin_mul_overflow(a, b, &product) ? COUNTLESS : product;
}

/* N * r * p: about as long as so many rounds of PBKDF2. */
static long long rounds_of_scrypt(const X509_ALGOR *derivation)
{
	SCRYPT_PARAMS *param = ASN1_TYPE_unpack_sequence(
		ASN1_ITEM_rptr(SCRYPT_PARAMS), derivation->parameter);
	long long rounds = COUNTLESS;

	if (param)
		rounds =
			times(count_of(param->costParameter),
			      times(count_of(param->blockSize),
				    count_of(param->parallelizationParameter)));
	SCRYPT_PARAMS_free(param);
	return rounds;
}

static long long rounds_of_pbes2(const X509_ALGOR *method)
{
	PBE2PARAM *param = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM),
						     method->parameter);
	long long rounds = COUNTLESS;

	if (param && param->keyfunc) {
		switch (OBJ_obj2nid(param->keyfunc->algorithm)) {
		case NID_id_pbkdf2:
			rounds = rounds_of_pbkdf2(param->keyfunc);
			break;
		case NID_id_scrypt:
			rounds = rounds_of_scrypt(param->keyfunc);
			break;
		}
	}
	PBE2PARAM_free(param);
	return rounds;
}

static long long rounds_of_pbes1(const X509_ALGOR *method)
{
	PBEPARAM *param = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM),
						    method->parameter);
	long long rounds = param ? count_of(param->iter) : COUNTLESS;

	PBEPARAM_free(param);
	return rounds;
}

long long hs_password_rounds(const X509_ALGOR *method)
{
	const ASN1_OBJECT *oid;
	long long rounds;

	X509_ALGOR_get0(&oid, NULL, NULL, method);
	if (OBJ_obj2nid(oid) == NID_pbes2)
		rounds = rounds_of_pbes2(method);
	else
		rounds = rounds_of_pbes1(method);
	ERR_clear_error();
	return rounds;
}

static bool is_one_of(const int *nids, size_t n, int nid)
{
	for (size_t i = 0; i < n; i++) {
		if (nids[i] == nid)
			return true;
	}
	return false;
}

static int nid_of(const X509_ALGOR *method)
{
	const ASN1_OBJECT *oid;

	X509_ALGOR_get0(&oid, NULL, NULL, method);
	return OBJ_obj2nid(oid);
}

bool hs_password_is_legacy(const X509_ALGOR *method)
{
	static const int legacy[] = {
		NID_pbe_WithSHA1And40BitRC2_CBC,
		NID_pbe_WithSHA1And128BitRC2_CBC,
		NID_pbe_WithSHA1And40BitRC4,
		NID_pbe_WithSHA1And128BitRC4,
		NID_pbeWithMD2AndDES_CBC,
		NID_pbeWithMD5AndDES_CBC,
		NID_pbeWithSHA1AndDES_CBC,
		NID_pbeWithMD2AndRC2_CBC,
		NID_pbeWithMD5AndRC2_CBC,
		NID_pbeWithSHA1AndRC2_CBC,
	};

	return is_one_of(legacy, HS_LENGTH(legacy), nid_of(method));
}

/* Those of before PBES2 that the default provider still knows. */
static bool is_old(const X509_ALGOR *method)
{
	static const int old[] = {
		NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
		NID_pbe_WithSHA1And2_Key_TripleDES_CBC,
	};

	return is_one_of(old, HS_LENGTH(old), nid_of(method));
}

static bool is_noted(const struct gathered *found)
{
	HS_EACH(note, &found->notes) {
		if (!strcmp(note->id, "cert.legacy-encryption"))
			return true;
	}
	return false;
}

void hs_gather_old_method(const struct cert_input *input,
			  struct gathered *found, const X509_ALGOR *method)
{
	bool is_legacy = hs_password_is_legacy(method);

	if ((!is_legacy && !is_old(method)) || is_noted(found))
		return;
	hs_gather_note(found, input->part, "cert.legacy-encryption",
		       is_legacy ? N_("%s is encrypted with %s, read by "
				      "OpenSSL's legacy provider")
				 : N_("%s is encrypted with %s"),
		       input->path, OBJ_nid2ln(nid_of(method)));
}
