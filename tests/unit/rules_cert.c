/*
 * Every certificate finding, from real certificates and from notes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "core/settings/rules/tables.h"
#include "tests/unit/cert_made.h"
#include "tests/unit/rules_judged.h"

static struct made ca;

static int set_up(void **state)
{
	(void)state;
	ca = made(&(struct made_spec){.cn = "Issuing",
				      .basic = "critical,CA:TRUE",
				      .key = "RSA-2048"});
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	made_done(&ca);
	return 0;
}

static void add_made(struct bundle *bundle, const struct made_spec *spec)
{
	struct made it = made(spec);
	unsigned char *der = NULL;
	int length = i2d_X509(it.x509, &der);

	assert_int_equal(hs_certificate_parse(der, (size_t)length,
					      HS_GROW(&bundle->certificates)),
			 0);
	OPENSSL_free(der);
	made_done(&it);
}

/* A bundle nothing is wrong with, but for this certificate in it. */
static void open_with(const struct made_spec *spec, struct situation *situation)
{
	struct bundle *bundle = &situation->facts.bundle;

	*situation = (struct situation){0};
	situation->settings.bindings_mode = BINDINGS_BOTH;
	situation->settings.certificate_file = hs_strdup("/x/site.pem");
	/* an hour on, so that no count of days hangs on the second */
	situation->facts.now = time(NULL) + 3600;
	add_made(bundle, spec);
	bundle->path = hs_strdup("/x/site.pem");
	bundle->read = bundle->has_key = bundle->key_fits = true;
	bundle->chain_complete = bundle->trusted = true;
	bundle->key_path = hs_strdup("/x/site.pem");
	bundle->key_file_mode = S_IFREG | 0600;
}

static struct made_spec usual(void)
{
	return (struct made_spec){.cn = "www.example.test",
				  .san = "DNS:www.example.test",
				  .issuer = &ca};
}

static void close_it(struct situation *situation)
{
	hs_bundle_done(&situation->facts.bundle);
	free(situation->settings.certificate_file);
	free(situation->settings.certificate_key);
	hs_strings_done(&situation->messages);
}

static void expect(const struct made_spec *spec, const char *ids,
		   const char *words)
{
	struct situation situation;

	open_with(spec, &situation);
	assert_held(&situation, &hs_rules_cert, ids);
	if (words)
		assert_says(&situation, words);
	close_it(&situation);
}

static void test_nothing_wrong(void **state)
{
	struct made_spec spec = usual();
	struct situation nothing = {0};

	(void)state;
	expect(&spec, "", NULL);
	spec.san = "IP:192.0.2.1";
	expect(&spec, "", NULL);
	/* plain HTTP needs no certificate */
	nothing.settings.bindings_mode = BINDINGS_HTTP;
	assert_held(&nothing, &hs_rules_cert, "");
}

static void test_missing(void **state)
{
	struct situation nothing = {0};

	(void)state;
	nothing.settings.bindings_mode = BINDINGS_HTTPS;
	assert_held(&nothing, &hs_rules_cert, "cert.missing");
	nothing.settings.certificate_self_signed = true;
	assert_held(&nothing, &hs_rules_cert, "");
	hs_strings_done(&nothing.messages);
}

static void test_dates(void **state)
{
	struct made_spec spec = usual();

	(void)state;
	spec.first_day = -90;
	spec.last_day = -3;
	expect(&spec, "cert.expired", "3 days ago");
	spec.first_day = 2;
	spec.last_day = 60;
	expect(&spec, "cert.not-yet-valid", "clock");
	spec.first_day = -60;
	spec.last_day = 20;
	expect(&spec, "cert.expires-soon", "19 days left");
	spec.last_day = 30;
	expect(&spec, "cert.expires-soon", "29 days left");
	spec.last_day = 31;
	expect(&spec, "", NULL);
	spec.first_day = -1;
	spec.last_day = 396;
	expect(&spec, "", NULL);
	spec.last_day = 399;
	expect(&spec, "cert.validity-too-long", "400 days");
}

static void test_keys(void **state)
{
	struct made_spec spec = usual();

	(void)state;
	spec.key = "RSA-1024";
	expect(&spec, "cert.weak-key", "1024");
	spec.key = "P-224";
	expect(&spec, "cert.weak-key cert.key-type", NULL);
	spec.key = "RSA-2048";
	expect(&spec, "", NULL);
	spec.key = "P-384";
	expect(&spec, "", NULL);
	spec.key = "ED25519";
	expect(&spec, "cert.key-type", "ED25519");
	spec.key = "P-521";
	expect(&spec, "cert.key-type", "P-521");
}

static void test_large_keys(void **state)
{
	struct made_spec spec = usual();
	struct situation situation;

	(void)state;
	open_with(&spec, &situation);
	situation.facts.bundle.certificates.items[0].key_bits = 16384;
	assert_held(&situation, &hs_rules_cert, "");
	situation.facts.bundle.certificates.items[0].key_bits = 16385;
	assert_held(&situation, &hs_rules_cert, "cert.key-too-large");
	close_it(&situation);
}

static const struct rule *row_of(const char *id, enum severity severity)
{
	for (size_t i = 0; i < hs_rules_cert.count; i++) {
		const struct rule *rule = &hs_rules_cert.rules[i];

		if (!strcmp(rule->id, id) && rule->severity == severity)
			return rule;
	}
	fail_msg("no row %s", id);
	return NULL;
}

static void add_unknown(X509 *x509)
{
	hs_auto_free char *name = hs_strdup("1.2.3.4.5");
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *oid = OBJ_txt2obj(name, 1);
	X509_EXTENSION *extension;

	ASN1_OCTET_STRING_set(value, (const unsigned char *)"\5", 2);
	extension = X509_EXTENSION_create_by_OBJ(NULL, oid, 1, value);
	assert_true(X509_add_ext(x509, extension, -1));
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(oid);
}

static void test_critical_extension(void **state)
{
	struct made_spec spec = usual();

	(void)state;
	spec.change = add_unknown;
	expect(&spec, "cert.critical-extension", "1.2.3.4.5");
}

/* A key nobody can make with OpenSSL, but everybody can be handed. */
static void test_exponents(void **state)
{
	static const struct {
		const char *flaw, *ids;
	} cases[] = {
		{"the exponent 1", "cert.weak-key"},
		{NULL, ""},
	};
	struct made_spec spec = usual();

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		struct situation situation;
		struct bundle *bundle = &situation.facts.bundle;

		open_with(&spec, &situation);
		bundle->certificates.items[0].key_flaw =
			hs_strdup(cases[i].flaw);
		assert_held(&situation, &hs_rules_cert, cases[i].ids);
		close_it(&situation);
	}
}

static void test_signatures(void **state)
{
	static const struct {
		const char *digest;
		enum severity severity;
	} cases[] = {{"MD5", SEVERITY_ERROR}, {"SHA1", SEVERITY_WARNING}};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		struct made_spec spec = usual();
		struct situation situation;
		struct judged judged = {&situation.settings, &situation.facts,
					NULL};
		hs_auto_str struct str detail = {0};
		char *where = NULL;

		spec.digest = cases[i].digest;
		open_with(&spec, &situation);
		assert_held(&situation, &hs_rules_cert, "cert.weak-signature");
		assert_true(row_of("cert.weak-signature", cases[i].severity)
				    ->holds(&judged, &detail, &where));
		close_it(&situation);
	}
}

/* What is weak in the chain is weak for visitors as well. */
static void test_weak_chain(void **state)
{
	struct made_spec spec = usual();
	struct situation situation;

	(void)state;
	open_with(&spec, &situation);
	add_made(&situation.facts.bundle,
		 &(struct made_spec){.cn = "Old CA",
				     .basic = "CA:TRUE",
				     .key = "RSA-1024",
				     .digest = "SHA1"});
	assert_held(&situation, &hs_rules_cert,
		    "cert.weak-key cert.weak-signature");
	assert_non_null(strstr(situation.messages.items[0], "Old CA"));
	close_it(&situation);
}

static void test_purposes(void **state)
{
	struct made_spec spec = usual();

	(void)state;
	spec.extended = "clientAuth";
	expect(&spec, "cert.no-server-auth", NULL);
	spec.extended = "serverAuth";
	expect(&spec, "", NULL);
	spec.basic = "CA:TRUE";
	expect(&spec, "cert.is-ca", "www.example.test");
	spec.basic = NULL;
	spec.extra = "tlsfeature=status_request";
	expect(&spec, "cert.must-staple", NULL);
}

static void set_escape(X509 *x509)
{
	X509_NAME_add_entry_by_NID(X509_get_subject_name(x509),
				   NID_organizationName, V_ASN1_UTF8STRING,
				   (const unsigned char *)"\x1b[31m", 5, -1, 0);
}

static void test_names(void **state)
{
	struct made_spec spec = usual();

	(void)state;
	spec.san = NULL;
	expect(&spec, "cert.no-san", NULL);
	spec = usual();
	spec.change = set_escape;
	expect(&spec, "cert.hostile-text", "\\x1b[31m");
}

static void test_self_signed(void **state)
{
	struct made_spec spec = usual();
	struct situation situation;

	(void)state;
	spec.issuer = NULL;
	open_with(&spec, &situation);
	situation.facts.bundle.trusted = false;
	situation.facts.bundle.trust_problem = hs_strdup("self-signed");
	assert_held(&situation, &hs_rules_cert, "cert.self-signed");
	close_it(&situation);
}

static void test_chain(void **state)
{
	struct made_spec spec = usual();
	struct situation situation;
	struct bundle *bundle = &situation.facts.bundle;

	(void)state;
	spec.extra = "authorityInfoAccess=caIssuers;URI:http://ca.test/i.der";
	open_with(&spec, &situation);
	bundle->chain_complete = false;
	assert_held(&situation, &hs_rules_cert, "cert.chain-incomplete");
	assert_says(&situation, "Issuing");
	assert_says(&situation, "http://ca.test/i.der");
	bundle->chain_complete = true;
	bundle->trusted = false;
	bundle->trust_problem = hs_strdup("no anchor");
	assert_held(&situation, &hs_rules_cert, "cert.chain-untrusted");
	assert_says(&situation, "(no anchor)");
	bundle->trusted = true;
	bundle->reordered = true;
	assert_held(&situation, &hs_rules_cert, "cert.chain-order");
	bundle->left_out = 2;
	assert_held(&situation, &hs_rules_cert, "cert.chain-order");
	assert_says(&situation, "; 2 certificates do not belong");
	bundle->reordered = false;
	bundle->left_out = 1;
	assert_held(&situation, &hs_rules_cert, "cert.chain-order");
	assert_says(&situation, "1 certificate does not belong");
	bundle->left_out = 0;
	bundle->root_dropped = true;
	assert_held(&situation, &hs_rules_cert, "cert.root-included");
	close_it(&situation);
}

static void test_permissions(void **state)
{
	static const struct {
		unsigned mode;
		const char *words; /* NULL: fine */
	} cases[] = {
		{0600, NULL},
		{0640, NULL},
		{0400, NULL},
		{0644, "everybody may read"},
		{0666, "may change"},
		{0660, "its group may change"},
		{0604, "everybody may read"},
	};
	struct made_spec spec = usual();
	struct situation situation;

	(void)state;
	open_with(&spec, &situation);
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		situation.facts.bundle.key_file_mode = S_IFREG | cases[i].mode;
		assert_held(&situation, &hs_rules_cert,
			    cases[i].words ? "cert.key-permissions" : "");
		if (cases[i].words)
			assert_says(&situation, cases[i].words);
	}
	situation.settings.certificate_key = hs_strdup("/x/key.pem");
	situation.facts.bundle.key_file_mode = S_IFREG | 0644;
	assert_held(&situation, &hs_rules_cert, "cert.key-permissions");
	assert_string_equal(situation.question, "certificate.key");
	close_it(&situation);
}

static void test_notes(void **state)
{
	static const struct {
		const char *id;
		enum cert_part part;
		const char *question;
	} cases[] = {
		{"cert.unreadable", CERT_PART_FILE, "certificate.file"},
		{"cert.unreadable", CERT_PART_KEY, "certificate.key"},
		{"cert.unreadable", CERT_PART_CHAIN, "certificate.chain"},
		{"cert.unreadable", CERT_PART_CA, "certificate.file"},
		{"cert.not-a-certificate", CERT_PART_FILE, "certificate.file"},
		{"cert.too-large", CERT_PART_FILE, "certificate.file"},
		{"cert.no-key", CERT_PART_FILE, "certificate.key"},
		{"cert.key-mismatch", CERT_PART_KEY, "certificate.key"},
		{"cert.key-encrypted", CERT_PART_KEY, "certificate.passphrase"},
		{"cert.passphrase-wrong", CERT_PART_FILE,
		 "certificate.passphrase"},
		{"cert.pkcs12-mac", CERT_PART_FILE, "certificate.file"},
		{"cert.pkcs12-iterations", CERT_PART_FILE, "certificate.file"},
		{"cert.several-leaves", CERT_PART_FILE, "certificate.file"},
		{"cert.unsafe", CERT_PART_FILE, "certificate.file"},
		{"cert.legacy-encryption", CERT_PART_KEY, "certificate.key"},
		{"cert.key-too-large", CERT_PART_KEY, "certificate.key"},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		struct made_spec spec = usual();
		struct situation situation;
		struct cert_note note = {cases[i].id, cases[i].part,
					 hs_strdup("what is the matter")};

		open_with(&spec, &situation);
		HS_PUSH(&situation.facts.bundle.notes, note);
		assert_held(&situation, &hs_rules_cert, cases[i].id);
		assert_says(&situation, "what is the matter");
		assert_string_equal(situation.question, cases[i].question);
		close_it(&situation);
	}
}

static void test_promised_severities(void **state)
{
	static const struct promise promises[] = {
		{"cert.unreadable", SEVERITY_ERROR},
		{"cert.not-a-certificate", SEVERITY_ERROR},
		{"cert.too-large", SEVERITY_ERROR},
		{"cert.no-key", SEVERITY_ERROR},
		{"cert.key-mismatch", SEVERITY_ERROR},
		{"cert.key-encrypted", SEVERITY_ERROR},
		{"cert.passphrase-wrong", SEVERITY_ERROR},
		{"cert.pkcs12-mac", SEVERITY_ERROR},
		{"cert.pkcs12-iterations", SEVERITY_ERROR},
		{"cert.several-leaves", SEVERITY_ERROR},
		{"cert.expired", SEVERITY_ERROR},
		{"cert.not-yet-valid", SEVERITY_ERROR},
		{"cert.expires-soon", SEVERITY_WARNING},
		{"cert.validity-too-long", SEVERITY_WARNING},
		{"cert.weak-key", SEVERITY_ERROR},
		{"cert.key-too-large", SEVERITY_ERROR},
		{"cert.key-type", SEVERITY_WARNING},
		{"cert.weak-signature", SEVERITY_ERROR},
		{"cert.weak-signature", SEVERITY_WARNING},
		{"cert.no-server-auth", SEVERITY_ERROR},
		{"cert.is-ca", SEVERITY_ERROR},
		{"cert.no-san", SEVERITY_WARNING},
		{"cert.self-signed", SEVERITY_WARNING},
		{"cert.chain-incomplete", SEVERITY_WARNING},
		{"cert.chain-order", SEVERITY_INFO},
		{"cert.chain-untrusted", SEVERITY_WARNING},
		{"cert.root-included", SEVERITY_INFO},
		{"cert.key-permissions", SEVERITY_WARNING},
		{"cert.must-staple", SEVERITY_WARNING},
		{"cert.hostile-text", SEVERITY_WARNING},
		{"cert.unsafe", SEVERITY_ERROR},
		{"cert.legacy-encryption", SEVERITY_INFO},
		{"cert.key-type", SEVERITY_OK},
		{"cert.critical-extension", SEVERITY_WARNING},
		{"cert.missing", SEVERITY_ERROR},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(promises); i++)
		assert_kept(&hs_rules_cert, &promises[i]);
}

/* Runs last. */
static void test_every_rule_held(void **state)
{
	(void)state;
	assert_all_held(&hs_rules_cert);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_wrong),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_large_keys),
		cmocka_unit_test(test_critical_extension),
		cmocka_unit_test(test_exponents),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_weak_chain),
		cmocka_unit_test(test_purposes),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_self_signed),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_permissions),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_promised_severities),
		cmocka_unit_test(test_every_rule_held),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
