/*
 * What a password method asks for, read before any of it is done: the
 * parameters of PBES1 and PKCS#12 (RFC 7292, appendix C), of PBES2 with
 * PBKDF2 (RFC 8018) and of scrypt (RFC 7914).
 */
#include <limits.h>

#include "core/base/array.h"
#include "core/cert/gather.h"

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
	const ASN1_OBJECT *oid;
	int nid;

	X509_ALGOR_get0(&oid, NULL, NULL, method);
	nid = OBJ_obj2nid(oid);
	for (size_t i = 0; i < HS_LENGTH(legacy); i++) {
		if (legacy[i] == nid)
			return true;
	}
	return false;
}
