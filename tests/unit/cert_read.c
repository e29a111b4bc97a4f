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

#include <openssl/pem.h>

#include "tests/unit/cert_family.h"

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
	put_key(&plain, family.leaf.key);
	hs_str_puts(&plain, "Bag Attributes\n    localKeyID: 01\n");
	put_certificate(&plain, family.issuing.x509);
	put_certificate(&plain, family.leaf.x509);
	put_certificate(&plain, family.leaf.x509);
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

static void test_mark_before_first_block(void **state)
{
	hs_auto_str struct str text = {0};

	(void)state;
	hs_str_puts(&text, "\xef\xbb\xbf");
	put_all(&text);
	WITH(bundle, &text, NULL)
	assert_whole(&bundle);
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
	put_certificate(&cert, family.leaf.x509);
	put_certificate(&chain, family.issuing.x509);
	put_certificate(&chain, family.root.x509);
	put_key(&key, family.leaf.key);
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

static void put_pkcs7(struct str *text, bool is_pem, bool with_leaf)
{
	hs_auto_pkcs7 PKCS7 *pkcs7 = PKCS7_new();
	hs_auto_bio BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long length;

	PKCS7_set_type(pkcs7, NID_pkcs7_signed);
	PKCS7_content_new(pkcs7, NID_pkcs7_data);
	PKCS7_add_certificate(pkcs7, family.root.x509);
	PKCS7_add_certificate(pkcs7, family.issuing.x509);
	if (with_leaf)
		PKCS7_add_certificate(pkcs7, family.leaf.x509);
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
	put_x509_der(&cert, family.leaf.x509);
	put_key_der(&key, family.leaf.key);
	path = made_text_file("cert.der", &cert);
	key_path = made_text_file("key.der", &key);
	for (int is_pem = 0; is_pem < 2; is_pem++) {
		hs_auto_str struct str chain = {0};
		hs_auto_free char *chain_path = NULL;
		struct bundle bundle;

		put_pkcs7(&chain, is_pem, false);
		chain_path = made_text_file("chain.p7b", &chain);
		source = (struct cert_source){path, key_path, chain_path, NULL,
					      NULL, NULL,     NULL};
		read_bundle(&source, &bundle);
		assert_whole(&bundle);
		assert_string_equal(bundle.format, "DER");
		hs_bundle_done(&bundle);
	}
}

/* A set has no order that could be wrong. */
static void test_pkcs7_with_leaf(void **state)
{
	hs_auto_str struct str text = {0}, key = {0};
	hs_auto_free char *path = NULL, *key_path = NULL;
	struct cert_source source = {0};
	struct bundle bundle;

	(void)state;
	put_pkcs7(&text, false, true);
	put_key(&key, family.leaf.key);
	source.file = path = made_text_file("all.p7b", &text);
	source.key = key_path = made_text_file("key.pem", &key);
	read_bundle(&source, &bundle);
	assert_whole(&bundle);
	assert_string_equal(bundle.format, "PKCS#7");
	assert_true(bundle.root_dropped);
	assert_false(bundle.reordered);
	hs_bundle_done(&bundle);
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
	put_key(&key, family.leaf.key);
	expect_note(key.data, key.len, "cert.not-a-certificate");
	hs_str_puts(&request, "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"
			      "-----END CERTIFICATE REQUEST-----\n");
	WITH(bundle, &request, NULL)
	assert_non_null(strstr(noted(&bundle, "cert.not-a-certificate")->detail,
			       "CERTIFICATE REQUEST"));
	put_x509_der(&der, family.leaf.x509);
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
	for (int i = 0; i < 9000; i++) {
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
	static char zeros[4 * 1024 * 1024 + 1];
	const char *paths[] = {none, pipe};
	struct bundle bundle;

	(void)state;
	mkdir(dir, 0700);
	mkfifo(pipe, 0600);
	read_one(dir, NULL, &bundle);
	assert_note(&bundle, "cert.not-a-certificate");
	assert_int_equal(bundle.notes.n, 1);
	hs_bundle_done(&bundle);
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

/* As a CA sends it, unpacked: names say nothing, order says nothing, and
 * there is something to read with it. */
static void test_directory(void **state)
{
	hs_auto_str struct str leaf = {0}, chain = {0}, key = {0}, other = {0};
	hs_auto_free char *dir = made_path("from [CA]*");
	hs_auto_free char *pattern = made_path("from*/[nz].*");
	hs_auto_free char *paths[5] = {NULL};
	struct bundle bundle;

	(void)state;
	mkdir(dir, 0700);
	put_certificate(&leaf, family.leaf.x509);
	put_certificate(&chain, family.root.x509);
	put_certificate(&chain, family.issuing.x509);
	put_key(&key, family.leaf.key);
	put_encrypted_key(&other, family.other.key, "unknown");
	paths[0] = made_text_file("from [CA]*/z.crt", &leaf);
	paths[1] = made_text_file("from [CA]*/a.crt", &chain);
	paths[2] = made_text_file("from [CA]*/n.key", &key);
	paths[3] = made_text_file("from [CA]*/o.key", &other);
	paths[4] = made_file("from [CA]*/README.txt", "read me", 7);
	read_one(dir, NULL, &bundle);
	assert_whole(&bundle);
	assert_true(bundle.root_dropped);
	assert_false(bundle.reordered);
	assert_string_equal(bundle.key_path, paths[2]);
	hs_bundle_done(&bundle);
	read_one(pattern, NULL, &bundle);
	assert_int_equal(bundle.certificates.n, 1);
	assert_true(bundle.key_fits);
	assert_note(&bundle, NULL);
	hs_bundle_done(&bundle);
	/* without its key, the locked one is worth a word */
	unlink(paths[2]);
	read_one(dir, NULL, &bundle);
	assert_note(&bundle, "cert.key-encrypted");
	assert_true(bundle.read);
	hs_bundle_done(&bundle);
}

static void test_pasted_text(void **state)
{
	hs_auto_str struct str text = {0};
	struct cert_source source = {0};
	struct bundle bundle;

	(void)state;
	put_all(&text);
	source.text = hs_str_text(&text);
	read_bundle(&source, &bundle);
	assert_whole(&bundle);
	assert_null(bundle.key_path);
	hs_bundle_done(&bundle);
	source.text = "no certificate";
	read_bundle(&source, &bundle);
	assert_note(&bundle, "cert.not-a-certificate");
	assert_non_null(strstr(bundle.notes.items[0].detail, "pasted"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pem_in_one_file),
		cmocka_unit_test(test_pem_as_people_send_it),
		cmocka_unit_test(test_mark_before_first_block),
		cmocka_unit_test(test_pem_with_other_line_ends),
		cmocka_unit_test(test_key_and_chain_in_their_files),
		cmocka_unit_test(test_relative_path),
		cmocka_unit_test(test_der_and_pkcs7),
		cmocka_unit_test(test_pkcs7_with_leaf),
		cmocka_unit_test(test_what_is_no_certificate),
		cmocka_unit_test(test_damaged_pem),
		cmocka_unit_test(test_many_blocks),
		cmocka_unit_test(test_files_that_cannot_be_read),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_pasted_text),
		cmocka_unit_test(test_nothing_named),
	};

	return cmocka_run_group_tests(tests, family_open, family_close);
}
