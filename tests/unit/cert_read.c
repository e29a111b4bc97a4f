/*
 * Reading what people hand over: every format, every way to get it wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <openssl/crypto.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "core/cert/create.h"
#include "tests/unit/cert_made.h"

/* A leaf below an issuing CA below a root; one RSA leaf of the same CA. */
static struct made root_ca, issuing, leaf, other;

static int set_up(void **state)
{
	(void)state;
	assert_true(CRYPTO_secure_malloc_init(1 << 16, 32));
	made_dir_open();
	root_ca = made(&(struct made_spec){.cn = "Root", .basic = "CA:TRUE"});
	issuing = made(&(struct made_spec){
		.cn = "Issuing", .basic = "CA:TRUE", .issuer = &root_ca});
	leaf = made(&(struct made_spec){.cn = "www.example.test",
					.san = "DNS:www.example.test",
					.key = "RSA-2048",
					.issuer = &issuing});
	other = made(&(struct made_spec){.cn = "other.test",
					 .san = "DNS:other.test",
					 .issuer = &issuing});
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	made_done(&root_ca);
	made_done(&issuing);
	made_done(&leaf);
	made_done(&other);
	made_dir_close();
	return 0;
}

/* That it is our leaf with its key and the issuing CA, and nothing is odd. */
static void assert_whole(const struct bundle *bundle)
{
	const struct certificate *found = hs_bundle_leaf(bundle);
	hs_auto_str struct str pem = {0}, expected = {0};

	assert_note(bundle, NULL);
	assert_non_null(found);
	assert_string_equal(found->common_name, "www.example.test");
	assert_int_equal(bundle->certificates.n, 2);
	assert_true(bundle->has_key && bundle->key_fits);
	assert_memory_equal(bundle->key_pem, "-----BEGIN PRIVATE KEY-----", 27);
	assert_true(CRYPTO_secure_allocated(bundle->key_pem));
	assert_true(bundle->chain_complete);
	put_certificate(&expected, leaf.x509);
	put_certificate(&expected, issuing.x509);
	hs_bundle_fullchain(bundle, &pem);
	assert_string_equal(hs_str_text(&pem), hs_str_text(&expected));
}

/* Writes, reads and releases; what follows is asserted of `bundle`. */
#define WITH(bundle, text, passphrase)                                         \
	for (struct bundle bundle,                                             \
	     *hs_once = read_text(text, passphrase, &bundle);                  \
	     hs_once; hs_bundle_done(&bundle), hs_once = NULL)

static struct bundle *read_text(const struct str *text, const char *passphrase,
				struct bundle *ret_bundle)
{
	hs_auto_free char *path = made_text_file("file.pem", text);

	read_one(path, passphrase, ret_bundle);
	return ret_bundle;
}

static void expect_note(const void *bytes, size_t length, const char *id)
{
	hs_auto_str struct str text = {0};

	hs_str_add(&text, bytes, length);
	WITH(bundle, &text, NULL)
	{
		assert_note(&bundle, id);
		assert_false(bundle.read);
		assert_null(hs_bundle_leaf(&bundle));
	}
}

static void put_all(struct str *text)
{
	put_certificate(text, leaf.x509);
	put_certificate(text, issuing.x509);
	put_key(text, leaf.key);
}

static void test_pem_in_one_file(void **state)
{
	hs_auto_str struct str text = {0};

	(void)state;
	put_all(&text);
	WITH(bundle, &text, NULL)
	{
		assert_whole(&bundle);
		assert_string_equal(bundle.format, "PEM");
		assert_false(bundle.reordered);
		assert_false(bundle.root_dropped);
		assert_int_equal(bundle.left_out, 0);
		assert_int_equal(bundle.key_file_mode & S_IFMT, S_IFREG);
	}
}

static void test_pem_as_people_send_it(void **state)
{
	hs_auto_str struct str plain = {0}, text = {0};

	(void)state;
	hs_str_puts(&plain, "Dear customer,\n\nyour key:\n");
	put_key(&plain, leaf.key);
	hs_str_puts(&plain, "Bag Attributes\n    localKeyID: 01\n");
	put_certificate(&plain, issuing.x509);
	put_certificate(&plain, leaf.x509);
	put_certificate(&plain, leaf.x509);
	hs_str_puts(&plain, "Yours -----BEGIN\n");
	hs_str_puts(&text, "\xef\xbb\xbf");
	for (const char *c = hs_str_text(&plain); *c; c++) {
		if (*c == '\n')
			hs_str_puts(&text, " \t\r\n\t ");
		else
			hs_str_putc(&text, *c);
	}
	WITH(bundle, &text, NULL)
	{
		assert_whole(&bundle);
		assert_true(bundle.reordered);
	}
}

static void test_pem_with_other_line_ends(void **state)
{
	hs_auto_str struct str text = {0}, wide = {0};

	(void)state;
	put_all(&text);
	hs_str_add(&wide, "\xff\xfe", 2);
	for (size_t i = 0; i < text.len; i++) {
		hs_str_putc(&wide, text.data[i]);
		hs_str_putc(&wide, '\0');
		if (text.data[i] == '\n')
			text.data[i] = '\r';
	}
	WITH(bundle, &text, NULL)
	assert_whole(&bundle);
	WITH(bundle, &wide, NULL)
	assert_whole(&bundle);
}

static void test_key_and_chain_in_their_files(void **state)
{
	hs_auto_str struct str chain = {0}, key = {0}, cert = {0};
	hs_auto_free char *chain_path = NULL, *key_path = NULL, *path = NULL;
	struct bundle bundle;
	struct cert_source source = {0};

	(void)state;
	put_certificate(&cert, leaf.x509);
	put_certificate(&chain, issuing.x509);
	put_certificate(&chain, root_ca.x509);
	put_key(&key, leaf.key);
	source.file = path = made_text_file("cert.pem", &cert);
	source.key = key_path = made_text_file("key.pem", &key);
	source.chain = chain_path = made_text_file("chain.pem", &chain);
	chmod(key_path, 0640);
	read_bundle(&source, &bundle);
	assert_whole(&bundle);
	assert_true(bundle.root_dropped);
	assert_int_equal(bundle.key_file_mode & 07777, 0640);
	assert_string_equal(bundle.key_path, key_path);
	hs_bundle_done(&bundle);
	/* certificate and key mixed up */
	source.file = key_path;
	source.key = path;
	read_bundle(&source, &bundle);
	assert_whole(&bundle);
	hs_bundle_done(&bundle);
}

static void test_relative_path(void **state)
{
	hs_auto_str struct str text = {0};
	hs_auto_free char *path = NULL, *here = getcwd(NULL, 0);
	hs_auto_free char *dir = made_path("");
	struct bundle bundle;

	(void)state;
	put_all(&text);
	path = made_text_file("relative.pem", &text);
	assert_int_equal(chdir(dir), 0);
	read_one("relative.pem", NULL, &bundle);
	assert_int_equal(chdir(here), 0);
	assert_whole(&bundle);
	hs_bundle_done(&bundle);
}

static void put_x509_der(struct str *text, X509 *x509)
{
	unsigned char *der = NULL;
	int length = i2d_X509(x509, &der);

	hs_str_add(text, der, (size_t)length);
	OPENSSL_free(der);
}

static void put_key_der(struct str *text, EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int length = i2d_PrivateKey(key, &der);

	hs_str_add(text, der, (size_t)length);
	OPENSSL_free(der);
}

static void put_pkcs7(struct str *text, bool is_pem)
{
	hs_auto_pkcs7 PKCS7 *pkcs7 = PKCS7_new();
	hs_auto_bio BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long length;

	PKCS7_set_type(pkcs7, NID_pkcs7_signed);
	PKCS7_content_new(pkcs7, NID_pkcs7_data);
	PKCS7_add_certificate(pkcs7, root_ca.x509);
	PKCS7_add_certificate(pkcs7, issuing.x509);
	assert_true(is_pem ? PEM_write_bio_PKCS7(bio, pkcs7)
			   : i2d_PKCS7_bio(bio, pkcs7));
	length = BIO_get_mem_data(bio, &data);
	hs_str_add(text, data, (size_t)length);
}

static void test_der_and_pkcs7(void **state)
{
	hs_auto_free char *path = NULL, *key_path = NULL;
	hs_auto_str struct str cert = {0}, key = {0};
	struct cert_source source;

	(void)state;
	put_x509_der(&cert, leaf.x509);
	put_key_der(&key, leaf.key);
	path = made_text_file("cert.der", &cert);
	key_path = made_text_file("key.der", &key);
	for (int is_pem = 0; is_pem < 2; is_pem++) {
		hs_auto_str struct str chain = {0};
		hs_auto_free char *chain_path = NULL;
		struct bundle bundle;

		put_pkcs7(&chain, is_pem);
		chain_path = made_text_file("chain.p7b", &chain);
		source = (struct cert_source){path, key_path, chain_path,
					      NULL, NULL,     NULL};
		read_bundle(&source, &bundle);
		assert_whole(&bundle);
		assert_string_equal(bundle.format, "DER");
		hs_bundle_done(&bundle);
	}
}

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
	put_certificate(&text, leaf.x509);
	put_certificate(&text, issuing.x509);
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
	put_traditional(&plain, leaf.key, NULL);
	assert_non_null(strstr(plain.data, "RSA PRIVATE KEY"));
	expect_key(&plain, NULL, NULL);
	put_traditional(&locked, leaf.key, "s3cret");
	assert_non_null(strstr(locked.data, "DEK-Info"));
	put_encrypted_key(&pkcs8, leaf.key, "s3cret");
	for (int i = 0; i < 2; i++) {
		const struct str *key = i ? &pkcs8 : &locked;

		expect_key(key, "s3cret", NULL);
		expect_key(key, NULL, "cert.key-encrypted");
		expect_key(key, "wrong", "cert.passphrase-wrong");
		expect_key(key, "", "cert.passphrase-wrong");
	}
}

static void test_long_passphrase(void **state)
{
	static char passphrase[10001];
	hs_auto_str struct str locked = {0}, pkcs8 = {0};

	(void)state;
	memset(passphrase, 'x', sizeof(passphrase) - 1);
	put_encrypted_key(&pkcs8, leaf.key, "gr\xc3\xbc\xc3\x9f");
	expect_key(&pkcs8, "gr\xc3\xbc\xc3\x9f", NULL);
	expect_key(&pkcs8, passphrase, "cert.passphrase-wrong");
	put_traditional(&locked, leaf.key, "s3cret");
	expect_key(&locked, passphrase, "cert.passphrase-wrong");
}

static void test_what_is_no_certificate(void **state)
{
	hs_auto_str struct str key = {0}, request = {0}, der = {0};
	static char noise[5000];

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)(i * 7919 >> 3);
	expect_note("", 0, "cert.not-a-certificate");
	expect_note("\n", 1, "cert.not-a-certificate");
	expect_note("0", 1, "cert.not-a-certificate");
	expect_note("\xef\xbb\xbf", 3, "cert.not-a-certificate");
	expect_note("\xff\xfe", 2, "cert.not-a-certificate");
	expect_note("\x7f"
		    "ELF\x02",
		    5, "cert.not-a-certificate");
	expect_note(noise, sizeof(noise), "cert.not-a-certificate");
	expect_note("\x30\x84\x7f\xff\xff\xff\x02\x01", 8,
		    "cert.not-a-certificate");
	expect_note("\x30\x80\x30\x80\x30\x80", 6, "cert.not-a-certificate");
	put_key(&key, leaf.key);
	expect_note(key.data, key.len, "cert.not-a-certificate");
	hs_str_puts(&request, "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"
			      "-----END CERTIFICATE REQUEST-----\n");
	WITH(bundle, &request, NULL)
	assert_non_null(strstr(noted(&bundle, "cert.not-a-certificate")->detail,
			       "CERTIFICATE REQUEST"));
	put_x509_der(&der, leaf.x509);
	hs_str_puts(&der, "and more");
	WITH(bundle, &der, NULL)
	assert_note(&bundle, "cert.not-a-certificate");
}

static void test_damaged_pem(void **state)
{
	hs_auto_str struct str text = {0}, cut = {0};
	const char *where;

	(void)state;
	put_all(&text);
	hs_str_add(&cut, text.data, text.len);
	hs_str_puts(&text, "-----BEGIN CERTIFICATE-----\n!!!!\n"
			   "-----END CERTIFICATE-----\n");
	WITH(bundle, &text, NULL)
	{
		assert_note(&bundle, "cert.not-a-certificate");
		where = noted(&bundle, "cert.not-a-certificate")->detail;
		assert_non_null(strstr(where, "file.pem:"));
		assert_true(bundle.read);
	}
	cut.len -= 30;
	WITH(bundle, &cut, NULL)
	{
		assert_note(&bundle, "cert.not-a-certificate");
		assert_non_null(strstr(bundle.notes.items[0].detail, "no end"));
	}
}

static void test_many_blocks(void **state)
{
	hs_auto_str struct str text = {0}, nested = {0};

	(void)state;
	put_all(&text);
	for (int i = 0; i < 3000; i++) {
		hs_str_puts(&text, "-----BEGIN X-----\nAAAA\n"
				   "-----END X-----\n");
		hs_str_puts(&nested, "-----BEGIN CERTIFICATE-----\n");
	}
	WITH(bundle, &text, NULL)
	{
		assert_note(&bundle, "cert.too-large");
		assert_int_equal(bundle.notes.n, 1);
		assert_true(bundle.read);
	}
	expect_note(nested.data, nested.len, "cert.not-a-certificate");
}

static void test_files_that_cannot_be_read(void **state)
{
	hs_auto_free char *none = made_path("none.pem");
	hs_auto_free char *dir = made_path("dir");
	hs_auto_free char *pipe = made_path("pipe");
	hs_auto_free char *big = NULL;
	static char zeros[1024 * 1024 + 1];
	const char *paths[] = {none, dir, pipe};
	struct bundle bundle;

	(void)state;
	mkdir(dir, 0700);
	mkfifo(pipe, 0600);
	for (size_t i = 0; i < HS_LENGTH(paths); i++) {
		read_one(paths[i], NULL, &bundle);
		assert_note(&bundle, "cert.unreadable");
		assert_int_equal(bundle.notes.n, 1);
		hs_bundle_done(&bundle);
	}
	big = made_file("big.pem", zeros, sizeof(zeros));
	read_one(big, NULL, &bundle);
	assert_note(&bundle, "cert.too-large");
	assert_int_equal(bundle.notes.n, 1);
	hs_bundle_done(&bundle);
}

static void test_nothing_named(void **state)
{
	struct root host;
	struct bundle bundle;
	struct cert_source source = {0};
	struct error err = {0};

	(void)state;
	assert_int_equal(hs_root_open(NULL, &host, &err), 0);
	assert_int_equal(hs_bundle_read(&host, &source, &bundle, &err), -1);
	assert_int_equal(err.code, HS_CANNOT);
	hs_root_close(&host);
	hs_bundle_done(&bundle);
}

static void test_which_leaf(void **state)
{
	hs_auto_str struct str two = {0}, keyed = {0}, foreign = {0};
	hs_auto_str struct str none = {0};

	(void)state;
	put_certificate(&two, other.x509);
	put_certificate(&two, leaf.x509);
	WITH(bundle, &two, NULL)
	{
		assert_note(&bundle, "cert.several-leaves");
		assert_false(bundle.read);
	}
	hs_str_add(&keyed, two.data, two.len);
	put_key(&keyed, leaf.key);
	WITH(bundle, &keyed, NULL)
	{
		assert_note(&bundle, NULL);
		assert_string_equal(hs_bundle_leaf(&bundle)->common_name,
				    "www.example.test");
		assert_int_equal(bundle.left_out, 1);
	}
	put_certificate(&foreign, leaf.x509);
	put_key(&foreign, other.key);
	WITH(bundle, &foreign, NULL)
	{
		assert_note(&bundle, "cert.key-mismatch");
		assert_true(bundle.has_key && !bundle.key_fits);
		assert_null(bundle.key_pem);
		assert_true(bundle.read);
	}
	put_certificate(&none, leaf.x509);
	WITH(bundle, &none, NULL)
	{
		assert_note(&bundle, "cert.no-key");
		assert_false(bundle.has_key);
	}
}

static void test_same_key_twice(void **state)
{
	struct made renewed = made(&(struct made_spec){.cn = "www.example.test",
						       .use_key = leaf.key,
						       .issuer = &issuing});
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

/* A modulus of 20000 bits is refused before anybody reckons with it. */
static void test_giant_key(void **state)
{
	hs_auto_str struct str text = {0};
	hs_auto_pkey EVP_PKEY *key = giant_key(20000);

	(void)state;
	put_traditional(&text, key, NULL);
	put_certificate(&text, leaf.x509);
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
						     .use_key = leaf.key,
						     .issuer = &issuing,
						     .change = use_giant_key});
	hs_auto_str struct str text = {0};

	(void)state;
	put_certificate(&text, giant.x509);
	put_key(&text, leaf.key);
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
		cmocka_unit_test(test_pem_in_one_file),
		cmocka_unit_test(test_pem_as_people_send_it),
		cmocka_unit_test(test_pem_with_other_line_ends),
		cmocka_unit_test(test_key_and_chain_in_their_files),
		cmocka_unit_test(test_relative_path),
		cmocka_unit_test(test_der_and_pkcs7),
		cmocka_unit_test(test_forms_of_keys),
		cmocka_unit_test(test_long_passphrase),
		cmocka_unit_test(test_what_is_no_certificate),
		cmocka_unit_test(test_damaged_pem),
		cmocka_unit_test(test_many_blocks),
		cmocka_unit_test(test_files_that_cannot_be_read),
		cmocka_unit_test(test_nothing_named),
		cmocka_unit_test(test_which_leaf),
		cmocka_unit_test(test_same_key_twice),
		cmocka_unit_test(test_damaged_key),
		cmocka_unit_test(test_giant_key),
		cmocka_unit_test(test_giant_certificate),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
