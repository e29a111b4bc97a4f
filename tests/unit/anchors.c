/*
 * The certificates of --ca, as the probe reads them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/probe/anchors.h"
#include "tests/unit/cert_made.h"

static struct made first, second;

static int open_all(void **state)
{
	(void)state;
	made_dir_open();
	first = made(&(struct made_spec){.cn = "one"});
	second = made(&(struct made_spec){.cn = "two"});
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	made_done(&first);
	made_done(&second);
	made_dir_close();
	return 0;
}

static bool has(X509_STORE *store, X509 *x509)
{
	STACK_OF(X509_OBJECT) *list = X509_STORE_get0_objects(store);
	bool is_there = false;

	for (int i = 0; i < sk_X509_OBJECT_num(list); i++)
		is_there |= !X509_cmp(
			x509,
			X509_OBJECT_get0_X509(sk_X509_OBJECT_value(list, i)));
	return is_there;
}

/* Reads the text as a file, which holds so many of the two. */
static void expect(const struct str *text, int n)
{
	hs_auto_free char *path = made_text_file("anchors", text);
	X509_STORE *store = X509_STORE_new();
	struct error err = {0};

	assert_int_equal(hs_anchors_add(path, store, &err), n ? 0 : -1);
	assert_int_equal(has(store, first.x509), n > 0);
	assert_int_equal(has(store, second.x509), n > 1);
	assert_int_equal(err.code, n ? HS_OK : HS_CANNOT);
	assert_string_equal(err.where, n ? "" : "--ca");
	assert_true(n || *err.hint);
	X509_STORE_free(store);
}

static void test_pem(void **state)
{
	hs_auto_str struct str text = {0};

	(void)state;
	hs_str_puts(&text, "\xef\xbb\xbf");
	put_certificate(&text, first.x509);
	expect(&text, 1);
	hs_str_puts(&text, "and the other\r\n");
	put_certificate(&text, second.x509);
	expect(&text, 2);
}

static void test_der(void **state)
{
	hs_auto_str struct str text = {0};
	unsigned char *der = NULL;
	int length = i2d_X509(first.x509, &der);

	(void)state;
	hs_str_add(&text, (char *)der, (size_t)length);
	expect(&text, 1);
	text.len /= 2;
	expect(&text, 0);
	OPENSSL_free(der);
}

static void test_nothing_in_it(void **state)
{
	hs_auto_str struct str text = {0};

	(void)state;
	expect(&text, 0);
	hs_str_puts(&text, "-----BEGIN CERTIFICATE-----\nMIIB\n");
	expect(&text, 0);
	put_key(&text, first.key);
	expect(&text, 0);
}

static void test_unreadable(void **state)
{
	hs_auto_free char *path = made_path("nothing");
	X509_STORE *store = X509_STORE_new();
	struct error err = {0};

	(void)state;
	assert_int_equal(hs_anchors_add(path, store, &err), -1);
	assert_non_null(strstr(err.what, "cannot read"));
	assert_string_equal(err.where, "--ca");
	X509_STORE_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pem),
		cmocka_unit_test(test_der),
		cmocka_unit_test(test_nothing_in_it),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
