/*
 * What a certificate says, also when it was made to mislead, and which names
 * it fits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/cert_made.h"

static void parse(const struct made_spec *spec,
		  struct certificate *ret_certificate)
{
	struct made it = made(spec);
	unsigned char *der = NULL;
	int length = i2d_X509(it.x509, &der);

	assert_int_equal(
		hs_certificate_parse(der, (size_t)length, ret_certificate), 0);
	assert_int_equal(ret_certificate->der_length, length);
	OPENSSL_free(der);
	made_done(&it);
}

static void test_plain_facts(void **state)
{
	struct certificate it;

	(void)state;
	parse(
		&(struct made_spec){
			.cn = "www.example.test",
			.san = "DNS:www.example.test,DNS:*.example.test,"
			       "IP:192.0.2.1,IP:2001:db8::1,email:a@b.test",
			.basic = "CA:FALSE",
			.extended = "serverAuth,clientAuth",
			.extra = "authorityInfoAccess="
				 "OCSP;URI:http://o.test/,"
				 "caIssuers;URI:http://ca.test/i.der",
			.key = "RSA-2048",
		},
		&it);
	assert_string_equal(it.subject, "CN=www.example.test");
	assert_string_equal(it.issuer, "CN=www.example.test");
	assert_string_equal(it.common_name, "www.example.test");
	assert_int_equal(it.dns_names.n, 2);
	assert_string_equal(it.dns_names.items[1], "*.example.test");
	assert_int_equal(it.ip_names.n, 2);
	assert_string_equal(it.ip_names.items[0], "192.0.2.1");
	assert_string_equal(it.ip_names.items[1], "2001:db8::1");
	assert_int_equal(strlen(it.serial), 16);
	assert_memory_equal(it.serial, "42", 2);
	assert_in_range(it.not_after - it.not_before, 91 * 86400,
			91 * 86400 + 120);
	assert_string_equal(it.key_type, "RSA");
	assert_int_equal(it.key_bits, 2048);
	assert_null(it.key_curve);
	assert_string_equal(it.signature, "sha256");
	assert_true(it.self_signed && it.server_auth);
	assert_false(it.is_ca || it.must_staple);
	assert_string_equal(it.aia_issuer, "http://ca.test/i.der");
	assert_null(it.hostile);
	hs_certificate_done(&it);
}

static void test_keys_and_signatures(void **state)
{
	static const struct {
		const char *key, *digest, *type, *curve, *signature;
		int bits;
	} cases[] = {
		{"P-256", "SHA256", "EC", "P-256", "sha256", 256},
		{"P-384", "SHA384", "EC", "P-384", "sha384", 384},
		{"P-521", "SHA512", "EC", "P-521", "sha512", 521},
		{"secp256k1", "SHA1", "EC", "secp256k1", "sha1", 256},
		{"RSA-1024", "MD5", "RSA", NULL, "md5", 1024},
		{"ED25519", NULL, "ED25519", NULL, "ed25519", 256},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		struct certificate it;

		parse(&(struct made_spec){.key = cases[i].key,
					  .digest = cases[i].digest},
		      &it);
		assert_string_equal(it.key_type, cases[i].type);
		assert_string_equal(it.signature, cases[i].signature);
		if (cases[i].curve)
			assert_string_equal(it.key_curve, cases[i].curve);
		else
			assert_null(it.key_curve);
		assert_in_range(it.key_bits, cases[i].bits - 8, cases[i].bits);
		assert_true(it.self_signed);
		hs_certificate_done(&it);
	}
}

static void test_usages(void **state)
{
	static const struct {
		const char *basic, *usage, *extended;
		bool server, ca;
	} cases[] = {
		{NULL, NULL, NULL, true, false},
		{"CA:TRUE", NULL, NULL, true, true},
		{"CA:FALSE", "digitalSignature", "serverAuth", true, false},
		{NULL, NULL, "clientAuth", false, false},
		{NULL, NULL, "anyExtendedKeyUsage", true, false},
		{NULL, "keyCertSign", NULL, false, false},
		{NULL, "keyEncipherment", NULL, true, false},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		struct certificate it;

		parse(&(struct made_spec){.basic = cases[i].basic,
					  .usage = cases[i].usage,
					  .extended = cases[i].extended},
		      &it);
		assert_int_equal(it.server_auth, cases[i].server);
		assert_int_equal(it.is_ca, cases[i].ca);
		hs_certificate_done(&it);
	}
}

static void test_must_staple(void **state)
{
	struct certificate it;

	(void)state;
	parse(&(struct made_spec){.extra = "tlsfeature=status_request"}, &it);
	assert_true(it.must_staple);
	hs_certificate_done(&it);
}

static void push_dns(GENERAL_NAMES *names, const void *bytes, size_t length)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();

	ASN1_STRING_set(text, bytes, (int)length);
	GENERAL_NAME_set0_value(name, GEN_DNS, text);
	sk_GENERAL_NAME_push(names, name);
}

static void add_names(X509 *x509, GENERAL_NAMES *names)
{
	assert_int_equal(X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0,
					   X509V3_ADD_REPLACE),
			 1);
	GENERAL_NAMES_free(names);
}

static void add_nul_name(X509 *x509)
{
	GENERAL_NAMES *names = GENERAL_NAMES_new();

	push_dns(names, "bank.test\0.evil.test", 20);
	push_dns(names, "fine.test", 9);
	add_names(x509, names);
}

/* What stands before the NUL is neither shown as the name nor matched. */
static void test_name_with_nul(void **state)
{
	struct certificate it;

	(void)state;
	parse(&(struct made_spec){.cn = "-", .change = add_nul_name}, &it);
	assert_null(it.common_name);
	assert_int_equal(it.dns_names.n, 2);
	assert_string_equal(it.dns_names.items[0], "bank.test\\x00.evil.test");
	assert_string_equal(it.hostile, "bank.test\\x00.evil.test");
	assert_int_equal(hs_certificate_matches(&it, "bank.test"),
			 CERT_MATCH_NONE);
	assert_int_equal(
		hs_certificate_matches(&it, "bank.test\\x00.evil.test"),
		CERT_MATCH_NONE);
	assert_int_equal(hs_certificate_matches(&it, "fine.test"),
			 CERT_MATCH_EXACT);
	hs_certificate_done(&it);
}

static void add_config_name(X509 *x509)
{
	GENERAL_NAMES *names = GENERAL_NAMES_new();

	push_dns(names, "a;} evil {", 10);
	push_dns(names, "", 0);
	add_names(x509, names);
}

static void set_cn(X509 *x509, int type, const void *bytes, int length)
{
	X509_NAME_add_entry_by_NID(X509_get_subject_name(x509), NID_commonName,
				   type, bytes, length, -1, 0);
}

static void set_escape(X509 *x509)
{
	set_cn(x509, V_ASN1_UTF8STRING, "\x1b]52;c;x\a", 9);
}

static void set_nul(X509 *x509)
{
	set_cn(x509, V_ASN1_UTF8STRING, "a\0b", 3);
}

static void set_bidi(X509 *x509)
{
	set_cn(x509, V_ASN1_UTF8STRING, "a\xe2\x80\xaemoc.b", 9);
}

static void set_bmp(X509 *x509)
{
	set_cn(x509, V_ASN1_BMPSTRING, "\0\x1b\0[\0m", 6);
}

static void set_t61(X509 *x509)
{
	set_cn(x509, V_ASN1_T61STRING,
	       "\x9b"
	       "31m",
	       4);
}

static void test_hostile_text(void **state)
{
	static void (*const changes[])(X509 *) = {
		add_config_name, set_escape, set_nul,
		set_bidi,	 set_bmp,    set_t61,
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(changes); i++) {
		struct certificate it;
		struct made odd = made(
			&(struct made_spec){.cn = "-", .change = changes[i]});

		parse(&(struct made_spec){.cn = "-",
					  .change = changes[i],
					  .issuer = &odd},
		      &it);
		if (!it.hostile)
			fail_msg("change %zu was not minded", i);
		assert_null(strchr(it.hostile, '\x1b'));
		assert_null(strchr(it.subject, '\x1b'));
		hs_certificate_done(&it);
		made_done(&odd);
	}
}

/* Nobody takes what stands before the NUL for the whole. */
static void test_common_name_with_nul(void **state)
{
	struct certificate it;

	(void)state;
	parse(&(struct made_spec){.cn = "-", .change = set_nul}, &it);
	assert_string_equal(it.common_name, "a\\x00b");
	assert_null(hs_certificate_first_name(&it));
	hs_certificate_done(&it);
}

static void set_bmp_name(X509 *x509)
{
	set_cn(x509, V_ASN1_BMPSTRING, "\0M\0\xfc\0l\0l", 8);
}

static void test_other_string_types(void **state)
{
	struct certificate it;

	(void)state;
	parse(&(struct made_spec){.cn = "-", .change = set_bmp_name}, &it);
	assert_string_equal(it.common_name, "M\xc3\xbcll");
	assert_string_equal(it.subject, "CN=M\xc3\xbcll");
	assert_null(it.hostile);
	hs_certificate_done(&it);
}

static void add_many(X509 *x509)
{
	GENERAL_NAMES *names = GENERAL_NAMES_new();

	for (int i = 0; i < 10000; i++) {
		hs_auto_free char *name = hs_format("h%d.example.test", i);

		push_dns(names, name, strlen(name));
	}
	add_names(x509, names);
}

static void test_ten_thousand_names(void **state)
{
	struct certificate it;

	(void)state;
	parse(&(struct made_spec){.change = add_many}, &it);
	assert_int_equal(it.dns_names.n, 10000);
	assert_int_equal(hs_certificate_matches(&it, "h9999.example.test"),
			 CERT_MATCH_EXACT);
	assert_int_equal(hs_certificate_matches(&it, "h10000.example.test"),
			 CERT_MATCH_NONE);
	hs_certificate_done(&it);
}

static void bad_time(X509 *x509)
{
	ASN1_STRING_set(X509_getm_notAfter(x509), "9999999999999Z", -1);
}

static void far_time(X509 *x509)
{
	ASN1_TIME_set_string(X509_getm_notAfter(x509), "99991231235959Z");
}

static void test_times(void **state)
{
	struct certificate it;

	(void)state;
	parse(&(struct made_spec){.change = bad_time}, &it);
	assert_int_equal(it.not_after, 0);
	hs_certificate_done(&it);
	parse(&(struct made_spec){.change = far_time}, &it);
	assert_true(it.not_after == 253402300799LL);
	hs_certificate_done(&it);
}

static void test_matching(void **state)
{
	static const struct {
		const char *name;
		enum cert_match match;
	} cases[] = {
		{"www.example.test", CERT_MATCH_EXACT},
		{"WWW.Example.TEST", CERT_MATCH_EXACT},
		{"www.example.test.", CERT_MATCH_EXACT},
		{"a.wild.test", CERT_MATCH_WILDCARD},
		{"a.b.wild.test", CERT_MATCH_NONE},
		{"wild.test", CERT_MATCH_NONE},
		{"web1.part.test", CERT_MATCH_NONE},
		{"xn--mller-kva.test", CERT_MATCH_EXACT},
		{"example.test", CERT_MATCH_NONE},
		{"cn.test", CERT_MATCH_NONE},
		{"192.0.2.1", CERT_MATCH_EXACT},
		{"192.0.2.2", CERT_MATCH_NONE},
		{"2001:db8::1", CERT_MATCH_EXACT},
		{"2001:db8:0::1", CERT_MATCH_EXACT},
		{"2001:db8::2", CERT_MATCH_NONE},
		{"", CERT_MATCH_NONE},
		{".", CERT_MATCH_NONE},
	};
	struct certificate it;

	(void)state;
	parse(
		&(struct made_spec){
			.cn = "cn.test",
			.san = "DNS:www.example.test,DNS:*.wild.test,"
			       "DNS:web*.part.test,DNS:xn--mller-kva.test,"
			       "IP:192.0.2.1,IP:2001:db8::1"},
		&it);
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		if (hs_certificate_matches(&it, cases[i].name) !=
		    cases[i].match)
			fail_msg("%s", cases[i].name);
	}
	hs_certificate_done(&it);
}

static void test_common_name_only(void **state)
{
	struct certificate it;

	(void)state;
	parse(&(struct made_spec){.cn = "cn.test"}, &it);
	assert_int_equal(hs_certificate_matches(&it, "cn.test"),
			 CERT_MATCH_CN_ONLY);
	assert_int_equal(hs_certificate_matches(&it, "cn2.test"),
			 CERT_MATCH_NONE);
	hs_certificate_done(&it);
	parse(&(struct made_spec){.cn = "192.0.2.1"}, &it);
	assert_int_equal(hs_certificate_matches(&it, "192.0.2.1"),
			 CERT_MATCH_NONE);
	hs_certificate_done(&it);
}

static void expect_first(const char *cn, const char *san, const char *name)
{
	hs_auto_free char *found = NULL;
	struct certificate it;

	parse(&(struct made_spec){.cn = cn, .san = san}, &it);
	found = hs_certificate_first_name(&it);
	if (name)
		assert_string_equal(found, name);
	else
		assert_null(found);
	hs_certificate_done(&it);
}

static void test_first_name(void **state)
{
	(void)state;
	expect_first("x.test", "DNS:*.a.test,DNS:b.test", "b.test");
	expect_first("x.test", NULL, "x.test");
	expect_first("My server", "IP:192.0.2.1", "192.0.2.1");
	expect_first("My server", NULL, NULL);
	expect_first("-", "DNS:*.a.test", NULL);
}

static void test_not_a_certificate(void **state)
{
	static const unsigned char junk[] = {0x30, 0x03, 0x02, 0x01, 0x00};
	struct certificate it;

	(void)state;
	assert_int_equal(hs_certificate_parse(junk, sizeof(junk), &it), -1);
	assert_int_equal(hs_certificate_parse_any("x", 1, &it), -1);
	hs_certificate_done(&it);
}

static void test_parse_any(void **state)
{
	struct made one = made(&(struct made_spec){.cn = "one.test"});
	hs_auto_str struct str text = {0};
	struct certificate it;

	(void)state;
	hs_str_puts(&text, "hello\n");
	put_certificate(&text, one.x509);
	assert_int_equal(hs_certificate_parse_any(text.data, text.len, &it), 0);
	assert_string_equal(it.common_name, "one.test");
	hs_certificate_done(&it);
	made_done(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_facts),
		cmocka_unit_test(test_keys_and_signatures),
		cmocka_unit_test(test_usages),
		cmocka_unit_test(test_must_staple),
		cmocka_unit_test(test_name_with_nul),
		cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_common_name_with_nul),
		cmocka_unit_test(test_other_string_types),
		cmocka_unit_test(test_ten_thousand_names),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_matching),
		cmocka_unit_test(test_common_name_only),
		cmocka_unit_test(test_first_name),
		cmocka_unit_test(test_not_a_certificate),
		cmocka_unit_test(test_parse_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
