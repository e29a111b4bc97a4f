/*
 * Certificates of our own making, judged by OpenSSL.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/cert/details.h"
#include "core/cert/make/create.h"
#include "core/cert/read/inventory.h"
#include "core/cert/secret.h"
#include "tests/unit/cert_made.h"

static int set_up(void **state)
{
	(void)state;
	made_dir_open();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	made_dir_close();
	return 0;
}

static void create(const char *name, bool is_ca, const char *key,
		   const struct bundle *issuer, struct bundle *ret_bundle)
{
	struct strings names = {0};
	struct cert_request request = {
		.names = &names, .days = 30, .is_ca = is_ca, .key_type = key};
	struct error err = {0};

	hs_strings_add(&names, name);
	if (!is_ca) {
		hs_strings_add(&names, "192.0.2.7");
		hs_strings_add(&names, "2001:db8::7");
	}
	if (hs_cert_create(&request, issuer, ret_bundle, &err))
		fail_msg("%s", err.what);
	hs_strings_done(&names);
}

static X509 *x509_of(const struct certificate *certificate)
{
	const unsigned char *at = certificate->der;

	return d2i_X509(NULL, &at, (long)certificate->der_length);
}

static void test_self_signed(void **state)
{
	struct bundle bundle;
	const struct certificate *leaf;
	hs_auto_x509 X509 *x509 = NULL;

	(void)state;
	create("www.example.test", false, NULL, NULL, &bundle);
	leaf = hs_bundle_leaf(&bundle);
	assert_non_null(leaf);
	assert_true(bundle.has_key && bundle.key_fits && bundle.chain_complete);
	assert_false(bundle.trusted);
	assert_true(leaf->self_signed && leaf->server_auth);
	assert_false(leaf->is_ca);
	assert_string_equal(leaf->key_curve, "P-256");
	assert_string_equal(leaf->common_name, "www.example.test");
	assert_int_equal(leaf->dns_names.n, 1);
	assert_int_equal(leaf->ip_names.n, 2);
	assert_int_equal(strlen(leaf->serial), 32);
	assert_int_equal(leaf->not_after - leaf->not_before, 30 * 86400);
	assert_in_range(time(NULL) - leaf->not_before, 3600, 3660);
	assert_int_equal(hs_certificate_matches(leaf, "2001:db8::7"),
			 CERT_MATCH_EXACT);
	x509 = x509_of(leaf);
	assert_int_equal(X509_check_purpose(x509, X509_PURPOSE_SSL_SERVER, 0),
			 1);
	assert_int_equal(X509_get_version(x509), X509_VERSION_3);
	assert_non_null(X509_get0_subject_key_id(x509));
	hs_bundle_done(&bundle);
}

/* By key identifier, not by name alone. */
static void assert_linked(const struct bundle *below,
			  const struct bundle *above)
{
	hs_auto_x509 X509 *low = x509_of(hs_bundle_leaf(below));
	hs_auto_x509 X509 *high = x509_of(hs_bundle_leaf(above));
	const ASN1_OCTET_STRING *id = X509_get0_authority_key_id(low);

	assert_non_null(id);
	assert_int_equal(
		ASN1_OCTET_STRING_cmp(id, X509_get0_subject_key_id(high)), 0);
}

static void assert_trusted(const struct bundle *bundle, const char *passphrase,
			   const struct bundle *anchor)
{
	hs_auto_str struct str text = {0}, ca = {0};
	hs_auto_free char *path = NULL, *ca_path = NULL;
	struct bundle again;
	struct cert_source source = {.passphrase = passphrase};
	struct error err = {0};

	hs_bundle_fullchain(anchor, &ca);
	source.ca = ca_path = made_text_file("ca.pem", &ca);
	if (passphrase) {
		assert_int_equal(
			hs_cert_export_pkcs12(bundle, passphrase, &text, &err),
			0);
	} else {
		hs_bundle_fullchain(bundle, &text);
		hs_str_puts(&text, bundle->key_pem);
	}
	source.file = path = made_text_file("leaf", &text);
	read_bundle(&source, &again);
	assert_note(&again, NULL);
	assert_true(again.trusted && again.key_fits);
	assert_int_equal(again.certificates.n, bundle->certificates.n);
	assert_memory_equal(hs_bundle_leaf(&again)->fingerprint,
			    hs_bundle_leaf(bundle)->fingerprint, HS_HASH_SIZE);
	assert_string_equal(again.key_pem, bundle->key_pem);
	hs_bundle_done(&again);
}

static void test_small_ca(void **state)
{
	static const char *const keys[] = {NULL, "RSA-2048"};
	struct bundle root_ca, issuing, leaf;

	(void)state;
	create("Test Root", true, NULL, NULL, &root_ca);
	assert_true(hs_bundle_leaf(&root_ca)->is_ca);
	assert_int_equal(hs_bundle_leaf(&root_ca)->dns_names.n, 0);
	create("Test Issuing CA", true, "P-384", &root_ca, &issuing);
	assert_int_equal(issuing.certificates.n, 1);
	for (size_t i = 0; i < HS_LENGTH(keys); i++) {
		create("www.example.test", false, keys[i], &issuing, &leaf);
		assert_int_equal(leaf.certificates.n, 2);
		assert_false(hs_bundle_leaf(&leaf)->self_signed);
		assert_linked(&leaf, &issuing);
		assert_trusted(&leaf, NULL, &root_ca);
		assert_trusted(&leaf, "s3cret", &root_ca);
		hs_bundle_done(&leaf);
	}
	hs_bundle_done(&issuing);
	hs_bundle_done(&root_ca);
}

static void test_no_two_alike(void **state)
{
	struct bundle one, two;

	(void)state;
	create("a.test", false, NULL, NULL, &one);
	create("a.test", false, NULL, NULL, &two);
	assert_string_not_equal(hs_bundle_leaf(&one)->serial,
				hs_bundle_leaf(&two)->serial);
	assert_string_not_equal(one.key_pem, two.key_pem);
	hs_bundle_done(&one);
	hs_bundle_done(&two);
}

/* Too long for a common name, and one that a configuration text would break
 * at: both are but names. */
static void test_odd_names(void **state)
{
	static const char longer[] =
		"a-name-of-more-than-sixty-four-characters.in-some-deep-domain."
		"example.test";
	struct bundle bundle;

	(void)state;
	create(longer, false, NULL, NULL, &bundle);
	assert_null(hs_bundle_leaf(&bundle)->common_name);
	assert_string_equal(hs_bundle_leaf(&bundle)->dns_names.items[0],
			    longer);
	hs_bundle_done(&bundle);
	create("a,IP:1.2.3.4", false, NULL, NULL, &bundle);
	assert_string_equal(hs_bundle_leaf(&bundle)->dns_names.items[0],
			    "a,IP:1.2.3.4");
	hs_bundle_done(&bundle);
}

static void test_ended(void **state)
{
	struct strings names = {0};
	struct cert_request request = {.names = &names, .days = -2};
	struct error err = {0};
	struct bundle bundle;

	(void)state;
	hs_strings_add(&names, "old.test");
	assert_int_equal(hs_cert_create(&request, NULL, &bundle, &err), 0);
	assert_in_range(time(NULL) - hs_bundle_leaf(&bundle)->not_after,
			2 * 86400, 2 * 86400 + 60);
	hs_bundle_done(&bundle);
	request.key_type = "ROT-13";
	assert_int_equal(hs_cert_create(&request, NULL, &bundle, &err), -1);
	assert_int_equal(err.code, HS_CANNOT);
	hs_strings_done(&names);
}

static void test_bundle_made_for_a_name(void **state)
{
	struct cert_source source = {.self_signed_for = "own.test"};
	struct bundle bundle;
	const struct certificate *leaf;

	(void)state;
	read_bundle(&source, &bundle);
	leaf = hs_bundle_leaf(&bundle);
	assert_true(leaf->self_signed);
	assert_int_equal(hs_certificate_matches(leaf, "own.test"),
			 CERT_MATCH_EXACT);
	assert_int_equal(leaf->not_after - leaf->not_before, 398 * 86400);
	hs_bundle_done(&bundle);
	source.self_signed_for = "192.0.2.9";
	read_bundle(&source, &bundle);
	assert_int_equal(
		hs_certificate_matches(hs_bundle_leaf(&bundle), "192.0.2.9"),
		CERT_MATCH_EXACT);
	hs_bundle_done(&bundle);
}

static void test_client(void **state)
{
	struct strings names = {0};
	struct cert_request request = {
		.names = &names,
		.common_name = "Jane Doe",
		.days = 30,
		.use = CERT_FOR_CLIENTS,
		.key_type = "rsa-2048",
	};
	struct error err = {0};
	struct bundle bundle;
	hs_auto_x509 X509 *x509 = NULL;

	(void)state;
	assert_int_equal(hs_cert_create(&request, NULL, &bundle, &err), 0);
	x509 = x509_of(hs_bundle_leaf(&bundle));
	assert_int_equal(X509_check_purpose(x509, X509_PURPOSE_SSL_CLIENT, 0),
			 1);
	assert_int_equal(X509_check_purpose(x509, X509_PURPOSE_SSL_SERVER, 0),
			 0);
	assert_string_equal(hs_bundle_leaf(&bundle)->common_name, "Jane Doe");
	assert_int_equal(hs_bundle_leaf(&bundle)->dns_names.n, 0);
	assert_int_equal(hs_bundle_leaf(&bundle)->key_bits, 2048);
	hs_bundle_done(&bundle);
}

/* A hundred years, too far for seconds in 32 bits; under a CA, the CA's. */
static void test_ends_with_its_ca(void **state)
{
	struct strings names = {0};
	struct cert_request request = {.names = &names, .days = 36500};
	struct error err = {0};
	struct bundle root_ca, bundle;
	time_t now = time(NULL);

	(void)state;
	hs_strings_add(&names, "a.test");
	create("Test Root", true, NULL, NULL, &root_ca);
	assert_int_equal(hs_cert_create(&request, &root_ca, &bundle, &err), 0);
	assert_true(hs_bundle_leaf(&bundle)->not_after ==
		    hs_bundle_leaf(&root_ca)->not_after);
	hs_bundle_done(&bundle);
	hs_bundle_done(&root_ca);
	assert_int_equal(hs_cert_create(&request, NULL, &bundle, &err), 0);
	assert_in_range(hs_bundle_leaf(&bundle)->not_after,
			now + 36499LL * 86400, now + 36500LL * 86400);
	hs_bundle_done(&bundle);
	hs_strings_done(&names);
}

static void make_request(const char *type, struct str *pem, char **ret_key)
{
	struct strings names = {0};
	struct cert_request request = {.names = &names, .key_type = type};
	struct error err = {0};

	hs_strings_add(&names, "www.example.test");
	hs_strings_add(&names, "2001:db8::7");
	if (hs_cert_request_create(&request, pem, ret_key, &err))
		fail_msg("%s", err.what);
	hs_strings_done(&names);
}

static void test_request(void **state)
{
	static const char *const types[] = {"p-384", "rsa-3072"};
	static const int bits[] = {384, 3072};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(types); i++) {
		hs_auto_str struct str pem = {0};
		struct inventory_request request;
		char *key;

		make_request(types[i], &pem, &key);
		assert_non_null(strstr(key, "BEGIN PRIVATE KEY"));
		assert_int_equal(
			hs_inventory_read_request(pem.data, pem.len, &request),
			0);
		assert_true(request.verified);
		assert_string_equal(request.signature, "sha256");
		assert_string_equal(request.wanted.subject,
				    "CN=www.example.test");
		assert_string_equal(request.wanted.dns_names.items[0],
				    "www.example.test");
		assert_string_equal(request.wanted.ip_names.items[0],
				    "2001:db8::7");
		assert_int_equal(request.wanted.key_bits, bits[i]);
		hs_certificate_done(&request.wanted);
		free(request.signature);
		hs_cert_key_free(key);
	}
}

/* Cut off, no request at all, and changed behind its signature. */
static void test_broken_request(void **state)
{
	hs_auto_str struct str pem = {0};
	struct inventory_request request;
	char *key, *middle;

	(void)state;
	make_request(NULL, &pem, &key);
	hs_cert_key_free(key);
	assert_int_equal(
		hs_inventory_read_request(pem.data, pem.len / 2, &request), -1);
	assert_int_equal(hs_inventory_read_request("nothing", 7, &request), -1);
	middle = strstr(pem.data, "-----END") - 12;
	*middle = *middle == 'A' ? 'B' : 'A';
	if (hs_inventory_read_request(pem.data, pem.len, &request))
		return;
	assert_false(request.verified);
	hs_certificate_done(&request.wanted);
	free(request.signature);
}

static void test_encrypted_key(void **state)
{
	hs_auto_str struct str text = {0};
	hs_auto_free char *path = NULL;
	struct bundle bundle, again;
	struct error err = {0};

	(void)state;
	create("a.test", false, NULL, NULL, &bundle);
	assert_int_equal(
		hs_cert_key_encrypt(bundle.key_pem, "s3cret", &text, &err), 0);
	assert_non_null(strstr(text.data, "BEGIN ENCRYPTED PRIVATE KEY"));
	hs_bundle_fullchain(&bundle, &text);
	path = made_text_file("locked.pem", &text);
	read_one(path, "wrong", &again);
	assert_note(&again, "cert.passphrase-wrong");
	hs_bundle_done(&again);
	read_one(path, "s3cret", &again);
	assert_true(again.key_fits);
	assert_string_equal(again.key_pem, bundle.key_pem);
	hs_bundle_done(&again);
	hs_bundle_done(&bundle);
}

static void test_old_pkcs12(void **state)
{
	hs_auto_str struct str bytes = {0};
	hs_auto_free char *path = NULL;
	struct bundle bundle, again;
	struct error err = {0};

	(void)state;
	create("a.test", false, "rsa-2048", NULL, &bundle);
	assert_int_equal(
		hs_cert_export_pkcs12_old(&bundle, "s3cret", &bytes, &err), 0);
	path = made_text_file("old.p12", &bytes);
	read_one(path, "s3cret", &again);
	assert_true(again.key_fits);
	assert_string_equal(again.format, "PKCS#12");
	assert_string_equal(again.key_pem, bundle.key_pem);
	hs_bundle_done(&again);
	hs_secret_free(hs_steal(bundle.key_pem));
	assert_int_equal(
		hs_cert_export_pkcs12_old(&bundle, "s3cret", &bytes, &err), -1);
	hs_bundle_done(&bundle);
}

static void test_details(void **state)
{
	struct certificate_details details, above;
	struct bundle root_ca, bundle;

	(void)state;
	create("Test Root", true, NULL, NULL, &root_ca);
	create("a.test", false, "rsa-2048", &root_ca, &bundle);
	hs_certificate_details(hs_bundle_leaf(&bundle), &details);
	hs_certificate_details(hs_bundle_leaf(&root_ca), &above);
	assert_int_equal(details.version, 3);
	assert_int_equal(strlen(details.sha1), 40);
	assert_int_equal(details.usages.n, 2);
	assert_string_equal(details.usages.items[1], "key encipherment");
	assert_int_equal(details.purposes.n, 1);
	assert_string_equal(details.purposes.items[0], "TLS server");
	assert_string_equal(details.issuer_key_id, above.key_id);
	assert_int_equal(above.purposes.n, 0);
	assert_int_equal(above.path_length, -1);
	hs_certificate_details_done(&above);
	hs_certificate_details_done(&details);
	hs_bundle_done(&bundle);
	hs_bundle_done(&root_ca);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_self_signed),
		cmocka_unit_test(test_small_ca),
		cmocka_unit_test(test_no_two_alike),
		cmocka_unit_test(test_odd_names),
		cmocka_unit_test(test_ended),
		cmocka_unit_test(test_bundle_made_for_a_name),
		cmocka_unit_test(test_client),
		cmocka_unit_test(test_ends_with_its_ca),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_broken_request),
		cmocka_unit_test(test_encrypted_key),
		cmocka_unit_test(test_old_pkcs12),
		cmocka_unit_test(test_details),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
