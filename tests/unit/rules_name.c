/*
 * Every finding about the name, against real certificates.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/settings/host_name.h"
#include "core/settings/rules/tables.h"
#include "core/settings/script.h"
#include "tests/unit/cert_made.h"
#include "tests/unit/rules_judged.h"

#define LABEL_63                                                               \
	"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123"

static struct certificate certificate;

static int set_up(void **state)
{
	struct made it = made(&(struct made_spec){
		.cn = "cn.example.test",
		.san = "DNS:www.example.test,DNS:*.wild.test,DNS:*.co.uk,"
		       "DNS:xn--mller-kva.test,IP:192.0.2.1,DNS:e.test,"
		       "DNS:f.test,DNS:web01"});
	unsigned char *der = NULL;
	int length = i2d_X509(it.x509, &der);

	(void)state;
	assert_int_equal(
		hs_certificate_parse(der, (size_t)length, &certificate), 0);
	OPENSSL_free(der);
	made_done(&it);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	hs_certificate_done(&certificate);
	return 0;
}

/* Asks about a name as it is kept (normal), with that certificate at hand
 * where `is_read`. */
static void judge(struct situation *situation, const char *name, bool is_read,
		  const char *ids)
{
	*situation = (struct situation){0};
	situation->settings.bindings_mode = BINDINGS_BOTH;
	situation->settings.name = hs_strdup(name);
	situation->facts.bundle.read = is_read;
	situation->facts.bundle.certificates.items = &certificate;
	situation->facts.bundle.certificates.n = is_read;
	assert_held(situation, &hs_rules_name, ids);
}

static void expect(const char *name, bool is_read, const char *ids,
		   const char *words)
{
	struct situation situation;

	judge(&situation, name, is_read, ids);
	if (words)
		assert_says(&situation, words);
	hs_strings_done(&situation.messages);
	free(situation.settings.name);
}

static void test_good_names(void **state)
{
	static const char *const names[] = {
		"www.example.test",
		"e.test",
		"192.0.2.1",
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(names); i++)
		expect(names[i], true, "", NULL);
}

static void test_missing(void **state)
{
	struct situation situation = {0};

	(void)state;
	expect(NULL, true, "name.missing", NULL);
	expect("", false, "name.missing", NULL);
	situation.settings.bindings_mode = BINDINGS_HTTP;
	assert_held(&situation, &hs_rules_name, "");
}

static void test_invalid(void **state)
{
	static const struct {
		const char *name, *words;
	} cases[] = {
		{"https://a.test", "letters, digits"},
		{"a b.test", "letters, digits"},
		{"a.test;}", "letters, digits"},
		{"a_b.test", "letters, digits"},
		{"a..test", "nothing between"},
		{".a.test", "nothing between"},
		{"-a.test", "hyphen"},
		{"a-.test", "hyphen"},
		{"a" LABEL_63 ".test", "63"},
		{"a.test.443", "ends in a number"},
		{"1.2.3", "ends in a number"},
		{"1.2.3.256", "ends in a number"},
		{"w.*.test", "letters, digits"},
		{"caf\xc3\xa9.test", "letters, digits"},
		{"a\x1b[31m.test", "\\x1b"},
		{"xn--a-\xc3\xa9.test", "letters"},
		{"xn--99999999.test", "decode"},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		expect(cases[i].name, false, "name.invalid", cases[i].words);
		/* and nothing is said of the certificate */
		expect(cases[i].name, true, "name.invalid", NULL);
	}
	expect(LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63, false,
	       "name.invalid", "253");
	expect(LABEL_63 "." LABEL_63 "." LABEL_63 ".test", false, "", NULL);
}

static void test_not_in_certificate(void **state)
{
	(void)state;
	expect("shop.example.test", true, "name.not-in-certificate",
	       "www.example.test, *.wild.test, *.co.uk, xn--mller-kva.test and "
	       "4 more");
	expect("shop.example.test", false, "", NULL);
	expect("192.0.2.2", true, "name.ip-not-in-certificate", "192.0.2.2");
	expect("2001:db8::1", true, "name.ip-not-in-certificate", NULL);
	expect("192.0.2.2", false, "", NULL);
}

static void test_common_name(void **state)
{
	struct made it = made(&(struct made_spec){.cn = "cn.example.test"});
	struct certificate before = certificate;
	unsigned char *der = NULL;
	int length = i2d_X509(it.x509, &der);

	(void)state;
	hs_certificate_parse(der, (size_t)length, &certificate);
	expect("cn.example.test", true, "name.cn-only", NULL);
	expect("other.test", true, "name.not-in-certificate", "no names");
	hs_certificate_done(&certificate);
	certificate = before;
	expect("cn.example.test", true, "name.not-in-certificate", NULL);
	OPENSSL_free(der);
	made_done(&it);
}

static void test_wildcards(void **state)
{
	(void)state;
	expect("*.wild.test", true, "name.wildcard-literal", "many names");
	expect("*.wild.test", false, "name.wildcard-literal", NULL);
	expect("a.wild.test", true, "name.wildcard-certificate",
	       "covered by *.wild.test: whoever");
	expect("a.b.wild.test", true, "name.not-in-certificate", NULL);
	expect("a.co.uk", true, "name.wildcard-public-suffix", "public suffix");
}

static void test_short_names(void **state)
{
	(void)state;
	expect("web01", true, "name.not-fqdn", "web01");
	expect("localhost", false, "name.not-fqdn", NULL);
	expect("::1", false, "", NULL);
}

static void judge_address(const char *found, const char *own, bool offline,
			  const char *ids, const char *words)
{
	struct situation situation = {0};

	situation.settings.name = hs_strdup("www.example.test");
	situation.facts.offline = offline;
	situation.facts.name.looked_up = true;
	if (found)
		hs_strings_add(&situation.facts.name.addresses, found);
	hs_strings_add(&situation.facts.addresses, own);
	assert_held(&situation, &hs_rules_name, ids);
	if (words)
		assert_says(&situation, words);
	hs_strings_done(&situation.messages);
	hs_strings_done(&situation.facts.name.addresses);
	hs_strings_done(&situation.facts.addresses);
	free(situation.settings.name);
}

static void test_resolution(void **state)
{
	(void)state;
	judge_address("192.0.2.1", "192.0.2.1", false, "", NULL);
	judge_address("::ffff:192.0.2.1", "192.0.2.1", false, "", NULL);
	judge_address("2001:db8:0::1", "2001:db8::1", false, "", NULL);
	judge_address("127.0.1.1", "192.0.2.1", false, "", NULL);
	judge_address("::1", "192.0.2.1", false, "", NULL);
	judge_address("192.0.2.9", "192.0.2.1", false,
		      "name.resolves-elsewhere", "192.0.2.9");
	judge_address(NULL, "192.0.2.1", false, "name.unresolvable", NULL);
	judge_address(NULL, "192.0.2.1", true, "", NULL);
	judge_address("192.0.2.9", "192.0.2.1", true, "", NULL);
}

static void test_international_names(void **state)
{
	hs_auto_free char *russian =
		hs_host_name_normal("\xd0\xbf\xd1\x80\xd0\xb8.test");
	hs_auto_free char *mixed = /* a Cyrillic "a" among Latin letters */
		hs_host_name_normal("p\xd0\xb0ypal.test");
	hs_auto_free char *japanese = /* Han, Hiragana and Latin belong */
		hs_host_name_normal("abc\xe6\x97\xa5\xe3\x81\xae.test");

	(void)state;
	expect("xn--mller-kva.test", true, "name.idn", "m\xc3\xbcller.test");
	expect(russian, false, "name.idn", "\xd0\xbf\xd1\x80\xd0\xb8.test");
	expect(japanese, false, "name.idn", NULL);
	expect(mixed, false, "name.idn name.mixed-script", NULL);
}

static void test_scripts(void **state)
{
	static const struct {
		const char *label;
		bool is_mixed;
	} cases[] = {
		{"plain-1", false},
		{"\xce\xb1\xce\xb2", false},	      /* Greek */
		{"a\xce\xb2", true},		      /* Latin, Greek */
		{"\xd1\x8f\xce\xb2", true},	      /* Cyrillic, Greek */
		{"a\xec\x95\x88\xe5\xae\x89", false}, /* Latin, Hangul, Han */
		{"\xec\x95\x88\xe3\x81\xae", true},   /* Hangul, Hiragana */
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		const char *label = cases[i].label;

		if (hs_script_is_mixed(label, strlen(label)) !=
		    cases[i].is_mixed)
			fail_msg("%s", label);
	}
}

static void test_white_space(void **state)
{
	struct situation situation = {0};

	(void)state;
	situation.settings.name = hs_strdup("www.example.test");
	situation.settings.name_trimmed = true;
	assert_held(&situation, &hs_rules_name, "name.whitespace");
	hs_strings_done(&situation.messages);
	free(situation.settings.name);
}

/* What is to be in the certificate beside the name of the site. */
static void judge_failover(const char *name, const char *product,
			   const char *ids)
{
	struct situation situation = {0};

	situation.settings.bindings_mode = BINDINGS_BOTH;
	situation.settings.name = hs_strdup("e.test");
	situation.settings.product = hs_strdup(product);
	hs_strings_add(&situation.settings.dataminer.failover_names, name);
	situation.facts.bundle.read = true;
	situation.facts.bundle.certificates.items = &certificate;
	situation.facts.bundle.certificates.n = 1;
	assert_held(&situation, &hs_rules_name, ids);
	hs_strings_done(&situation.settings.dataminer.failover_names);
	free(situation.settings.product);
	free(situation.settings.name);
}

static void test_failover(void **state)
{
	(void)state;
	judge_failover("192.0.2.1", "dataminer", "");
	judge_failover("dms.wild.test", "dataminer", "");
	judge_failover("192.0.2.2", "dataminer",
		       "name.failover-not-in-certificate");
	judge_failover("dms.example.test", "dataminer",
		       "name.failover-not-in-certificate");
	judge_failover("192.0.2.2", "generic", "");
}

static void test_promised_severities(void **state)
{
	static const struct promise promises[] = {
		{"name.missing", SEVERITY_ERROR},
		{"name.invalid", SEVERITY_ERROR},
		{"name.not-in-certificate", SEVERITY_ERROR},
		{"name.cn-only", SEVERITY_WARNING},
		{"name.wildcard-literal", SEVERITY_ERROR},
		{"name.wildcard-certificate", SEVERITY_WARNING},
		{"name.wildcard-public-suffix", SEVERITY_ERROR},
		{"name.not-fqdn", SEVERITY_WARNING},
		{"name.ip-not-in-certificate", SEVERITY_ERROR},
		{"name.unresolvable", SEVERITY_WARNING},
		{"name.resolves-elsewhere", SEVERITY_WARNING},
		{"name.idn", SEVERITY_INFO},
		{"name.mixed-script", SEVERITY_WARNING},
		{"name.failover-not-in-certificate", SEVERITY_ERROR},
		{"name.whitespace", SEVERITY_INFO},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(promises); i++)
		assert_kept(&hs_rules_name, &promises[i]);
}

/* Runs last. */
static void test_every_rule_held(void **state)
{
	(void)state;
	assert_all_held(&hs_rules_name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_names),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_not_in_certificate),
		cmocka_unit_test(test_common_name),
		cmocka_unit_test(test_wildcards),
		cmocka_unit_test(test_short_names),
		cmocka_unit_test(test_resolution),
		cmocka_unit_test(test_international_names),
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_white_space),
		cmocka_unit_test(test_failover),
		cmocka_unit_test(test_promised_severities),
		cmocka_unit_test(test_every_rule_held),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
