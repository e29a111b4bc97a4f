/*
 * A real PKCS#12 is read in the sandbox, in each of its modes, with what
 * OpenSSL loads from files loaded before the doors close.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include "core/base/sandbox/sandbox.h"

static void load_legacy(void *context)
{
	OSSL_PROVIDER_try_load(NULL, "legacy", 1);
}

/* Writes a PKCS#12 with RC2, which only the legacy provider knows. */
static int write_pkcs12(const void *input, size_t length, void *context,
			struct str *ret_output)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x509 = X509_new();
	unsigned char *der = NULL;
	PKCS12 *pkcs12;
	int size;

	X509_set_pubkey(x509, key);
	X509_gmtime_adj(X509_getm_notBefore(x509), 0);
	X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
	X509_sign(x509, key, EVP_sha256());
	pkcs12 = PKCS12_create("secret", "site", key, x509, NULL,
			       NID_pbe_WithSHA1And40BitRC2_CBC,
			       NID_pbe_WithSHA1And40BitRC2_CBC, 0, 0, 0);
	size = i2d_PKCS12(pkcs12, &der);
	if (size > 0)
		hs_str_add(ret_output, der, (size_t)size);
	return size > 0 ? 0 : -1;
}

/* Reads it; the key's DER comes back. */
static int read_pkcs12(const void *input, size_t length, void *context,
		       struct str *ret_output)
{
	const unsigned char *at = input;
	PKCS12 *pkcs12 = d2i_PKCS12(NULL, &at, (long)length);
	EVP_PKEY *key = NULL;
	X509 *x509 = NULL;
	unsigned char *der = NULL;
	int size;

	if (!pkcs12 || !PKCS12_parse(pkcs12, "secret", &key, &x509, NULL) ||
	    X509_check_private_key(x509, key) != 1)
		return -1;
	size = i2d_PrivateKey(key, &der);
	hs_str_add(ret_output, der, (size_t)size);
	return 0;
}

/* The parent never loads the provider: it would be in the child as well. */
static void make_pkcs12(struct sandbox_result *ret_result)
{
	struct sandbox sandbox = {
		.work = write_pkcs12,
		.warm_up = load_legacy,
		.without = SANDBOX_ALL,
	};
	struct error err = {0};

	assert_int_equal(hs_sandbox_run(&sandbox, "", 0, ret_result, &err), 0);
}

static void check_pkcs12(unsigned without, void (*warm_up)(void *),
			 enum sandbox_end end)
{
	struct sandbox sandbox = {
		.work = read_pkcs12,
		.warm_up = warm_up,
		.without = without,
	};
	hs_auto_sandbox_result struct sandbox_result file, result;
	const unsigned char *at;
	EVP_PKEY *key;

	make_pkcs12(&file);
	assert_int_equal(hs_sandbox_run(&sandbox, file.output.data,
					file.output.len, &result, NULL),
			 end == SANDBOX_FINISHED ? 0 : -1);
	assert_int_equal(result.end, end);
	if (end != SANDBOX_FINISHED)
		return;
	at = (const unsigned char *)result.output.data;
	key = d2i_AutoPrivateKey(NULL, &at, (long)result.output.len);
	assert_non_null(key);
	assert_int_equal(EVP_PKEY_get_bits(key), 256);
	EVP_PKEY_free(key);
}

static void test_pkcs12_with_all_guards(void **state)
{
	check_pkcs12(0, load_legacy, SANDBOX_FINISHED);
}

static void test_pkcs12_without_seccomp(void **state)
{
	check_pkcs12(SANDBOX_SECCOMP, load_legacy, SANDBOX_FINISHED);
}

static void test_pkcs12_without_landlock(void **state)
{
	check_pkcs12(SANDBOX_LANDLOCK, load_legacy, SANDBOX_FINISHED);
}

/* What is not loaded before the doors close is not there, and that is all. */
static void test_pkcs12_without_warm_up(void **state)
{
	check_pkcs12(0, NULL, SANDBOX_REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pkcs12_with_all_guards),
		cmocka_unit_test(test_pkcs12_without_seccomp),
		cmocka_unit_test(test_pkcs12_without_landlock),
		cmocka_unit_test(test_pkcs12_without_warm_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
