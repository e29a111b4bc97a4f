#include "tests/unit/cert_family.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct family family;

int family_open(void **state)
{
	(void)state;
	made_dir_open();
	family.root =
		made(&(struct made_spec){.cn = "Root", .basic = "CA:TRUE"});
	family.issuing = made(&(struct made_spec){
		.cn = "Issuing", .basic = "CA:TRUE", .issuer = &family.root});
	family.leaf = made(&(struct made_spec){.cn = "www.example.test",
					       .san = "DNS:www.example.test",
					       .key = "RSA-2048",
					       .issuer = &family.issuing});
	family.other = made(&(struct made_spec){.cn = "other.test",
						.san = "DNS:other.test",
						.issuer = &family.issuing});
	return 0;
}

int family_close(void **state)
{
	(void)state;
	made_done(&family.root);
	made_done(&family.issuing);
	made_done(&family.leaf);
	made_done(&family.other);
	made_dir_close();
	return 0;
}

void put_all(struct str *text)
{
	put_certificate(text, family.leaf.x509);
	put_certificate(text, family.issuing.x509);
	put_key(text, family.leaf.key);
}

void put_key_der(struct str *text, EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int length = i2d_PrivateKey(key, &der);

	hs_str_add(text, der, (size_t)length);
	OPENSSL_free(der);
}

void assert_whole(const struct bundle *bundle)
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
	put_certificate(&expected, family.leaf.x509);
	put_certificate(&expected, family.issuing.x509);
	hs_bundle_fullchain(bundle, &pem);
	assert_string_equal(hs_str_text(&pem), hs_str_text(&expected));
}

struct bundle *read_text(const struct str *text, const char *passphrase,
			 struct bundle *ret_bundle)
{
	hs_auto_free char *path = made_text_file("file.pem", text);

	read_one(path, passphrase, ret_bundle);
	return ret_bundle;
}
