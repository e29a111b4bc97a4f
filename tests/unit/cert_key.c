/*
 * Private keys: their forms, their passphrases, and the certificate they fit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "core/cert/read/gather.h"
#include "tests/unit/cert_family.h"

static void put_traditional(struct str *text, EVP_PKEY *key,
			    const char *passphrase)
{
	hs_auto_bio BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long length;

	assert_true(PEM_write_bio_PrivateKey_traditional(
		bio, key, passphrase ? EVP_aes_128_cbc() : NULL,
		(const unsigned char *)passphrase,
		passphrase ? (int)strlen(passphrase) : 0, NULL, NULL));
	length = BIO_get_mem_data(bio, &data);
	hs_str_add(text, data, (size_t)length);
}

static void expect_key(const struct str *key, const char *passphrase,
		       const char *id)
{
	hs_auto_str struct str text = {0};

	hs_str_add(&text, key->data, key->len);
	put_certificate(&text, family.leaf.x509);
	put_certificate(&text, family.issuing.x509);
	WITH(bundle, &text, passphrase)
	{
		if (!id) {
			assert_whole(&bundle);
			continue;
		}
		assert_note(&bundle, id);
		assert_int_equal(bundle.notes.n, 1);
		assert_false(bundle.has_key);
		assert_null(bundle.key_pem);
		assert_true(bundle.read);
	}
}

static void test_forms_of_keys(void **state)
{
	hs_auto_str struct str plain = {0}, locked = {0}, pkcs8 = {0};

	(void)state;
	put_traditional(&plain, family.leaf.key, NULL);
	assert_non_null(strstr(plain.data, "RSA PRIVATE KEY"));
	expect_key(&plain, NULL, NULL);
	put_traditional(&locked, family.leaf.key, "s3cret");
	assert_non_null(strstr(locked.data, "DEK-Info"));
	put_encrypted_key(&pkcs8, family.leaf.key, "s3cret");
	for (int i = 0; i < 2; i++) {
		const struct str *key = i ? &pkcs8 : &locked;

		expect_key(key, "s3cret", NULL);
		expect_key(key, NULL, "cert.key-encrypted");
		expect_key(key, "wrong", "cert.passphrase-wrong");
		expect_key(key, "", "cert.passphrase-wrong");
	}
}

/* One in 256 leaves a padding that looks right: still no key. */
static void test_many_wrong_passphrases(void **state)
{
	hs_auto_str struct str locked = {0};
	hs_auto_pkey EVP_PKEY *key = made_key(NULL);

	(void)state;
	put_traditional(&locked, key, "s3cret");
	for (int i = 0; i < 1500; i++) {
		hs_auto_free char *wrong = hs_format("wrong %d", i);
		struct cert_input input = {.path = "x",
					   .bytes = locked.data,
					   .length = locked.len,
					   .passphrase = wrong};
		struct gathered found = {0};

		hs_gather(&input, &found);
		assert_int_equal(found.notes.n, 1);
		assert_string_equal(found.notes.items[0].id,
				    "cert.passphrase-wrong");
		hs_gathered_done(&found);
	}
}

static void test_long_passphrase(void **state)
{
	static char passphrase[10001];
	hs_auto_str struct str locked = {0}, pkcs8 = {0};

	(void)state;
	memset(passphrase, 'x', sizeof(passphrase) - 1);
	put_encrypted_key(&pkcs8, family.leaf.key, "gr\xc3\xbc\xc3\x9f");
	expect_key(&pkcs8, "gr\xc3\xbc\xc3\x9f", NULL);
	expect_key(&pkcs8, passphrase, "cert.passphrase-wrong");
	put_traditional(&locked, family.leaf.key, "s3cret");
	expect_key(&locked, passphrase, "cert.passphrase-wrong");
}

static void test_which_leaf(void **state)
{
	hs_auto_str struct str two = {0}, keyed = {0}, foreign = {0};
	hs_auto_str struct str none = {0};

	(void)state;
	put_certificate(&two, family.other.x509);
	put_certificate(&two, family.leaf.x509);
	WITH(bundle, &two, NULL)
	{
		assert_note(&bundle, "cert.several-leaves");
		assert_false(bundle.read);
	}
	hs_str_add(&keyed, two.data, two.len);
	put_key(&keyed, family.leaf.key);
	WITH(bundle, &keyed, NULL)
	{
		assert_note(&bundle, NULL);
		assert_string_equal(hs_bundle_leaf(&bundle)->common_name,
				    "www.example.test");
		assert_int_equal(bundle.left_out, 1);
	}
	put_certificate(&foreign, family.leaf.x509);
	put_key(&foreign, family.other.key);
	WITH(bundle, &foreign, NULL)
	{
		assert_note(&bundle, "cert.key-mismatch");
		assert_true(bundle.has_key && !bundle.key_fits);
		assert_null(bundle.key_pem);
		assert_true(bundle.read);
	}
	put_certificate(&none, family.leaf.x509);
	WITH(bundle, &none, NULL)
	{
		assert_note(&bundle, "cert.no-key");
		assert_false(bundle.has_key);
	}
}

static void test_same_key_twice(void **state)
{
	struct made renewed =
		made(&(struct made_spec){.cn = "www.example.test",
					 .use_key = family.leaf.key,
					 .issuer = &family.issuing});
	hs_auto_str struct str text = {0};

	(void)state;
	put_all(&text);
	put_certificate(&text, renewed.x509);
	WITH(bundle, &text, NULL)
	assert_note(&bundle, "cert.several-leaves");
	made_done(&renewed);
}

/* The public half fits, the private one is of no use. */
static void test_damaged_key(void **state)
{
	hs_auto_str struct str der = {0}, cert = {0};
	hs_auto_free char *path = NULL, *key_path = NULL;
	struct made ec = made(&(struct made_spec){.cn = "ec.test"});
	struct cert_source source = {0};
	struct bundle bundle;

	(void)state;
	put_key_der(&der, ec.key);
	der.data[10] ^= 1; /* in the private number (RFC 5915) */
	put_certificate(&cert, ec.x509);
	source.file = path = made_text_file("ec.pem", &cert);
	source.key = key_path = made_text_file("ec.der", &der);
	read_bundle(&source, &bundle);
	assert_note(&bundle, "cert.key-mismatch");
	assert_false(bundle.key_fits);
	hs_bundle_done(&bundle);
	made_done(&ec);
}

struct bignums HS_ARRAY(BIGNUM *);

static void push_number(OSSL_PARAM_BLD *params, struct bignums *numbers,
			const char *name, int bits)
{
	BIGNUM *number = BN_new();

	assert_true(BN_rand(number, bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD));
	assert_true(OSSL_PARAM_BLD_push_BN(params, name, number));
	HS_PUSH(numbers, number);
}

/* An RSA key of random numbers: enough to be written and read. */
static EVP_PKEY *giant_key(int bits)
{
	static const char *const names[] = {
		OSSL_PKEY_PARAM_RSA_FACTOR1,	  OSSL_PKEY_PARAM_RSA_FACTOR2,
		OSSL_PKEY_PARAM_RSA_EXPONENT1,	  OSSL_PKEY_PARAM_RSA_EXPONENT2,
		OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
	};
	OSSL_PARAM_BLD *params = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	struct bignums numbers = {0};
	OSSL_PARAM *built;
	EVP_PKEY *key = NULL;

	OSSL_PARAM_BLD_push_uint(params, OSSL_PKEY_PARAM_RSA_E, 65537);
	push_number(params, &numbers, OSSL_PKEY_PARAM_RSA_N, bits);
	push_number(params, &numbers, OSSL_PKEY_PARAM_RSA_D, bits);
	for (size_t i = 0; i < HS_LENGTH(names); i++)
		push_number(params, &numbers, names[i], bits / 2);
	built = OSSL_PARAM_BLD_to_param(params);
	assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
	assert_int_equal(
		EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, built), 1);
	OSSL_PARAM_free(built);
	OSSL_PARAM_BLD_free(params);
	EVP_PKEY_CTX_free(context);
	HS_EACH(number, &numbers)
		BN_free(*number);
	HS_ARRAY_FREE(&numbers);
	return key;
}

static void set_form(EVP_PKEY *key, const char *form)
{
	assert_true(EVP_PKEY_set_utf8_string_param(
		key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, form));
}

/* The same point, written in another way than in the key's own file. */
static void test_compressed_point(void **state)
{
	hs_auto_pkey EVP_PKEY *key = made_key("P-256");
	struct made short_one = {0};
	hs_auto_str struct str text = {0};

	(void)state;
	set_form(key, OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_COMPRESSED);
	short_one = made(&(struct made_spec){
		.cn = "short.test", .use_key = key, .issuer = &family.issuing});
	assert_int_equal(X509_get0_pubkey_bitstr(short_one.x509)->length, 33);
	set_form(key, OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_UNCOMPRESSED);
	put_certificate(&text, short_one.x509);
	put_certificate(&text, family.issuing.x509);
	put_key(&text, key);
	WITH(bundle, &text, NULL)
	{
		assert_note(&bundle, NULL);
		assert_true(bundle.key_fits);
	}
	made_done(&short_one);
}

/* A modulus of 20000 bits is refused before anybody reckons with it. */
static void test_giant_key(void **state)
{
	hs_auto_str struct str text = {0};
	hs_auto_pkey EVP_PKEY *key = giant_key(20000);

	(void)state;
	put_traditional(&text, key, NULL);
	put_certificate(&text, family.leaf.x509);
	WITH(bundle, &text, NULL)
	{
		assert_note(&bundle, "cert.key-too-large");
		assert_int_equal(bundle.notes.n, 1);
	}
}

static void use_giant_key(X509 *x509)
{
	hs_auto_pkey EVP_PKEY *key = giant_key(20000);

	assert_true(X509_set_pubkey(x509, key));
}

/* Reading a certificate for such a key takes no longer. */
static void test_giant_certificate(void **state)
{
	struct made giant = made(&(struct made_spec){.cn = "giant.test",
						     .use_key = family.leaf.key,
						     .issuer = &family.issuing,
						     .change = use_giant_key});
	hs_auto_str struct str text = {0};

	(void)state;
	put_certificate(&text, giant.x509);
	put_key(&text, family.leaf.key);
	WITH(bundle, &text, NULL)
	{
		assert_note(&bundle, "cert.key-mismatch");
		assert_int_equal(hs_bundle_leaf(&bundle)->key_bits, 20000);
	}
	made_done(&giant);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms_of_keys),
		cmocka_unit_test(test_many_wrong_passphrases),
		cmocka_unit_test(test_long_passphrase),
		cmocka_unit_test(test_which_leaf),
		cmocka_unit_test(test_same_key_twice),
		cmocka_unit_test(test_damaged_key),
		cmocka_unit_test(test_compressed_point),
		cmocka_unit_test(test_giant_key),
		cmocka_unit_test(test_giant_certificate),
	};

	return cmocka_run_group_tests(tests, family_open, family_close);
}
