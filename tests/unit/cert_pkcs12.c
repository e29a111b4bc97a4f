/*
 * PKCS#12 of every age: passphrases given, wrong, empty and missing, damaged
 * files, and files that ask for more work than anybody waits for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <openssl/provider.h>

#include "core/cert/make/create.h"
#include "core/cert/read/gather.h"
#include "tests/unit/cert_made.h"

static struct made ca, leaf;

static int set_up(void **state)
{
	(void)state;
	made_dir_open();
	ca = made(&(struct made_spec){.cn = "Issuing", .basic = "CA:TRUE"});
	leaf = made(&(struct made_spec){.cn = "www.example.test",
					.san = "DNS:www.example.test",
					.issuer = &ca});
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	made_done(&ca);
	made_done(&leaf);
	made_dir_close();
	return 0;
}

struct pfx_spec {
	const char *passphrase;	     /* NULL stays NULL */
	int key_method, cert_method; /* 0: AES-256; -1: in clear */
	int rounds, mac_rounds;	     /* 0: 2048; -1: no MAC */
	bool no_key, no_cert;
};

static PKCS12 *make_pfx(const struct pfx_spec *spec)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	PKCS12 *pkcs12;

	sk_X509_push(chain, ca.x509);
	pkcs12 = PKCS12_create(
		spec->passphrase, "www", spec->no_key ? NULL : leaf.key,
		spec->no_cert ? NULL : leaf.x509, spec->no_cert ? NULL : chain,
		spec->key_method ? spec->key_method : NID_aes_256_cbc,
		spec->cert_method ? spec->cert_method : NID_aes_256_cbc,
		spec->rounds, spec->mac_rounds, 0);
	assert_non_null(pkcs12);
	sk_X509_free(chain);
	return pkcs12;
}

static void put_pfx(struct str *text, PKCS12 *pkcs12)
{
	unsigned char *der = NULL;
	int length = i2d_PKCS12(pkcs12, &der);

	assert_true(length > 0);
	hs_str_add(text, der, (size_t)length);
	OPENSSL_free(der);
}

static void read_bytes(const struct str *bytes, const char *passphrase,
		       struct bundle *ret_bundle)
{
	hs_auto_free char *path = made_text_file("file.pfx", bytes);

	read_one(path, passphrase, ret_bundle);
}

static void read_pfx(const struct pfx_spec *spec, const char *passphrase,
		     struct bundle *ret_bundle)
{
	hs_auto_pkcs12 PKCS12 *pkcs12 = make_pfx(spec);
	hs_auto_str struct str bytes = {0};

	put_pfx(&bytes, pkcs12);
	read_bytes(&bytes, passphrase, ret_bundle);
}

/* `id` is the only note (NULL: none, and all is there). */
static void expect(const struct pfx_spec *spec, const char *passphrase,
		   const char *id)
{
	struct bundle bundle;

	read_pfx(spec, passphrase, &bundle);
	assert_note(&bundle, id);
	assert_string_equal(bundle.format, "PKCS#12");
	if (id)
		assert_int_equal(bundle.notes.n, 1);
	if (id && strcmp(id, "cert.legacy-encryption") != 0) {
		assert_null(bundle.key_pem);
	} else {
		assert_true(bundle.read && bundle.key_fits);
		assert_int_equal(bundle.certificates.n, 1);
		assert_true(bundle.root_dropped);
		assert_false(bundle.reordered);
		assert_memory_equal(bundle.key_pem, "-----BEGIN PRIVATE", 18);
	}
	hs_bundle_done(&bundle);
}

static void test_passphrases(void **state)
{
	struct pfx_spec spec = {.passphrase = "s3cret"};
	struct pfx_spec empty = {.passphrase = ""}, none = {0};
	struct pfx_spec foreign = {.passphrase =
					   "gr\xc3\xbc\xc3\x9f \xe2\x82\xac"};

	(void)state;
	expect(&spec, "s3cret", NULL);
	expect(&spec, "S3cret", "cert.passphrase-wrong");
	expect(&spec, "", "cert.passphrase-wrong");
	expect(&spec, NULL, "cert.key-encrypted");
	expect(&foreign, foreign.passphrase, NULL);
	for (int i = 0; i < 2; i++) {
		expect(i ? &empty : &none, NULL, NULL);
		expect(i ? &empty : &none, "", NULL);
		expect(i ? &empty : &none, "x", "cert.passphrase-wrong");
	}
}

static void test_without_mac(void **state)
{
	struct pfx_spec spec = {.passphrase = "s3cret", .mac_rounds = -1};
	struct pfx_spec clear = {
		.key_method = -1, .cert_method = -1, .mac_rounds = -1};

	(void)state;
	expect(&spec, "s3cret", NULL);
	expect(&spec, "wrong", "cert.passphrase-wrong");
	expect(&spec, NULL, "cert.key-encrypted");
	expect(&clear, NULL, NULL);
	expect(&clear, "not needed", NULL);
}

static void test_legacy_methods(void **state)
{
	struct pfx_spec spec = {
		.passphrase = "s3cret",
		.key_method = NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
		.cert_method = NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
	};

	(void)state;
	expect(&spec, "s3cret", "cert.legacy-encryption");
	expect(&spec, "wrong", "cert.passphrase-wrong");
	if (hs_openssl_load_legacy()) {
		print_message("# no legacy provider here\n");
		return;
	}
	spec.cert_method = NID_pbe_WithSHA1And40BitRC2_CBC;
	expect(&spec, "s3cret", "cert.legacy-encryption");
	expect(&spec, "wrong", "cert.passphrase-wrong");
	expect(&spec, NULL, "cert.key-encrypted");
	/* loading it must not have pushed the default one out */
	assert_true(OSSL_PROVIDER_available(NULL, "default"));
}

static void test_parts_missing(void **state)
{
	struct pfx_spec no_key = {.passphrase = "s3cret", .no_key = true};
	struct pfx_spec no_cert = {.passphrase = "s3cret", .no_cert = true};
	struct bundle bundle;

	(void)state;
	read_pfx(&no_key, "s3cret", &bundle);
	assert_note(&bundle, "cert.no-key");
	assert_true(bundle.read);
	hs_bundle_done(&bundle);
	read_pfx(&no_cert, "s3cret", &bundle);
	assert_note(&bundle, "cert.not-a-certificate");
	assert_false(bundle.read);
	hs_bundle_done(&bundle);
}

/* A bit of the contents was flipped: they still open, but for the MAC. */
static void test_broken_mac(void **state)
{
	struct pfx_spec spec = {.passphrase = "s3cret"};
	hs_auto_pkcs12 PKCS12 *pkcs12 = make_pfx(&spec);
	const ASN1_OCTET_STRING *mac;
	char *at;
	hs_auto_str struct str bytes = {0};
	struct bundle bundle;

	(void)state;
	PKCS12_get0_mac(&mac, NULL, NULL, NULL, pkcs12);
	put_pfx(&bytes, pkcs12);
	at = memmem(bytes.data, bytes.len, ASN1_STRING_get0_data(mac),
		    (size_t)ASN1_STRING_length(mac));
	assert_non_null(at);
	at[3] ^= 4;
	read_bytes(&bytes, "s3cret", &bundle);
	assert_note(&bundle, "cert.pkcs12-mac");
	assert_false(bundle.read);
	hs_bundle_done(&bundle);
	read_bytes(&bytes, "wrong", &bundle);
	assert_note(&bundle, "cert.passphrase-wrong");
	hs_bundle_done(&bundle);
}

static void test_cut_off(void **state)
{
	struct pfx_spec spec = {.passphrase = "s3cret"};
	hs_auto_pkcs12 PKCS12 *pkcs12 = make_pfx(&spec);
	hs_auto_str struct str bytes = {0};
	struct bundle bundle;

	(void)state;
	put_pfx(&bytes, pkcs12);
	bytes.len -= 40;
	read_bytes(&bytes, "s3cret", &bundle);
	assert_note(&bundle, "cert.pkcs12-mac");
	assert_false(bundle.read);
	hs_bundle_done(&bundle);
}

/* Puts another number where the MAC's count of rounds stands. */
static void test_rounds_of_mac(void **state)
{
	struct pfx_spec spec = {.passphrase = "s3cret", .mac_rounds = 3000};
	hs_auto_pkcs12 PKCS12 *pkcs12 = make_pfx(&spec);
	const ASN1_INTEGER *rounds;
	hs_auto_str struct str bytes = {0};
	struct bundle bundle;

	(void)state;
	PKCS12_get0_mac(NULL, NULL, NULL, &rounds, pkcs12);
	/* OpenSSL itself lets nobody change it */
	ASN1_INTEGER_set((ASN1_INTEGER *)(uintptr_t)rounds, 0x7fffffff);
	put_pfx(&bytes, pkcs12);
	read_bytes(&bytes, "s3cret", &bundle);
	assert_note(&bundle, "cert.pkcs12-iterations");
	assert_int_equal(bundle.notes.n, 1);
	hs_bundle_done(&bundle);
}

/* The last count of rounds in DER, INTEGER 3001: that of the key's bag, which
 * is only seen once the bag around it is open. */
static void set_rounds(struct str *bytes, const char *count)
{
	for (size_t i = 0; i + 4 <= bytes->len; i++) {
		if (!memcmp(bytes->data + i, "\x02\x02\x0b\xb9", 4))
			memcpy(bytes->data + i + 2, count, 2);
	}
}

static X509_SIG *locked_key(int rounds, bool is_scrypt)
{
	hs_auto_pkcs8 PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(leaf.key);
	X509_ALGOR *method;

	if (is_scrypt)
		method = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 0, NULL,
					       1024, 8, (uint64_t)rounds);
	else
		method = PKCS5_pbe2_set(EVP_aes_256_cbc(), rounds, NULL, 0);
	assert_non_null(method);
	return PKCS8_set0_pbe("s3cret", 6, info, method);
}

static void read_locked(int rounds, bool is_scrypt, struct bundle *ret_bundle)
{
	hs_auto_sig X509_SIG *sig = locked_key(rounds, is_scrypt);
	unsigned char *der = NULL;
	int length = i2d_X509_SIG(sig, &der);
	hs_auto_free char *key = made_file("key.der", der, (size_t)length);
	hs_auto_str struct str cert = {0};
	hs_auto_free char *path = NULL;
	struct cert_source source = {.key = key, .passphrase = "s3cret"};

	put_certificate(&cert, leaf.x509);
	source.file = path = made_text_file("cert.pem", &cert);
	read_bundle(&source, ret_bundle);
	OPENSSL_free(der);
}

/* scrypt with p = 1000 is a file of 100 bytes that takes minutes. */
static void test_rounds_of_keys(void **state)
{
	static const struct {
		int rounds;
		bool is_scrypt;
		const char *id;
	} cases[] = {
		{2048, false, NULL},
		{1, true, NULL},
		{700, true, "cert.pkcs12-iterations"},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		struct bundle bundle;

		read_locked(cases[i].rounds, cases[i].is_scrypt, &bundle);
		assert_note(&bundle, cases[i].id);
		hs_bundle_done(&bundle);
	}
}

static void test_rounds_of_methods(void **state)
{
	X509_ALGOR *method = PKCS5_pbe2_set(EVP_aes_256_cbc(), 3001, NULL, 0);
	X509_ALGOR *old =
		PKCS5_pbe_set(NID_pbe_WithSHA1And40BitRC2_CBC, 77, NULL, 0);
	X509_ALGOR *none = X509_ALGOR_new();

	(void)state;
	assert_int_equal(hs_password_rounds(method), 3001);
	assert_int_equal(hs_password_rounds(old), 77);
	assert_true(hs_password_is_legacy(old));
	assert_false(hs_password_is_legacy(method));
	X509_ALGOR_set0(none, OBJ_nid2obj(NID_pbes2), V_ASN1_NULL, NULL);
	assert_true(hs_password_rounds(none) > HS_ROUNDS_MAX);
	X509_ALGOR_free(method);
	X509_ALGOR_free(old);
	X509_ALGOR_free(none);
}

/* The count inside of the encrypted bags is seen before it is used. */
static void test_rounds_of_bags(void **state)
{
	struct pfx_spec spec = {
		.passphrase = "s3cret", .rounds = 3001, .mac_rounds = -1};
	hs_auto_pkcs12 PKCS12 *pkcs12 = make_pfx(&spec);
	hs_auto_str struct str bytes = {0};
	struct bundle bundle;

	(void)state;
	put_pfx(&bytes, pkcs12);
	read_bytes(&bytes, "s3cret", &bundle);
	assert_note(&bundle, NULL);
	hs_bundle_done(&bundle);
	set_rounds(&bytes, "\xff\xff"); /* below zero: no count at all */
	read_bytes(&bytes, "s3cret", &bundle);
	assert_note(&bundle, "cert.pkcs12-iterations");
	hs_bundle_done(&bundle);
}

/* Whatever is flipped or cut: an answer, no crash, and never a whole bundle
 * that is not the one that was packed. */
static void test_any_damage(void **state)
{
	struct pfx_spec spec = {
		.passphrase = "s", .rounds = 1, .mac_rounds = 1};
	hs_auto_pkcs12 PKCS12 *pkcs12 = make_pfx(&spec);
	hs_auto_str struct str bytes = {0};

	(void)state;
	put_pfx(&bytes, pkcs12);
	for (size_t i = 0; i < bytes.len; i += 3) {
		struct bundle bundle;

		bytes.data[i] ^= (char)(1 << i % 8);
		read_bytes(&bytes, "s", &bundle);
		assert_true(bundle.notes.n || bundle.key_fits);
		hs_bundle_done(&bundle);
		bytes.data[i] ^= (char)(1 << i % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passphrases),
		cmocka_unit_test(test_without_mac),
		cmocka_unit_test(test_legacy_methods),
		cmocka_unit_test(test_parts_missing),
		cmocka_unit_test(test_broken_mac),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_rounds_of_mac),
		cmocka_unit_test(test_rounds_of_keys),
		cmocka_unit_test(test_rounds_of_methods),
		cmocka_unit_test(test_rounds_of_bags),
		cmocka_unit_test(test_any_damage),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
