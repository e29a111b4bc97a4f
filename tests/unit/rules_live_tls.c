/*
 * Rules about the certificate that a site sends and the TLS it speaks.
 */
#include "tests/unit/live_facts.h"

#define DAY 86400
#define NOW 1800000000LL

/* A certificate of 60 days, 30 of them gone, for www.example.test. */
static struct probe_certificate *certificate(struct facts *facts)
{
	struct probe_result *result = usual_result(facts);
	struct probe_certificate *sent = &result->certificate;

	sent->subject = hs_strdup("CN=www.example.test");
	sent->issuer = hs_strdup("CN=Test CA");
	sent->not_before = NOW - 30 * DAY;
	sent->not_after = NOW + 31 * DAY;
	sent->key_type = hs_strdup("EC");
	sent->key_bits = 256;
	sent->signature = hs_strdup("sha256");
	sent->names_count = 1;
	hs_strings_add(&sent->names, "www.example.test");
	return sent;
}

static struct probe_result *result_of(struct facts *facts)
{
	return &facts->probes.items[facts->probes.n - 1];
}

static void all_is_well(struct facts *facts)
{
	certificate(facts);
}

static void ended_yesterday(struct facts *facts)
{
	certificate(facts)->not_after = NOW - DAY;
}

/* What OpenSSL says of it is no word about the chain. */
static void ended_and_is_not_trusted(struct facts *facts)
{
	certificate(facts)->not_after = NOW - DAY;
	result_of(facts)->trusted = false;
	hs_replace(&result_of(facts)->trust_problem, "certificate has expired");
}

/* Another one of the chain may have ended. */
static void issuer_has_ended(struct facts *facts)
{
	certificate(facts);
	result_of(facts)->trusted = false;
	hs_replace(&result_of(facts)->trust_problem, "certificate has expired");
}

static void begins_tomorrow(struct facts *facts)
{
	certificate(facts)->not_before = NOW + DAY;
}

static void nobody_knows_the_time(struct facts *facts)
{
	certificate(facts);
	facts->now = 0;
}

static void ends_in_ten_days(struct facts *facts)
{
	certificate(facts)->not_after = NOW + 10 * DAY;
}

static void is_self_signed(struct facts *facts)
{
	certificate(facts)->self_signed = true;
	result_of(facts)->trusted = false;
}

static void is_self_signed_and_trusted(struct facts *facts)
{
	certificate(facts)->self_signed = true;
}

static void comes_alone(struct facts *facts)
{
	certificate(facts)->incomplete = true;
}

static void is_misordered(struct facts *facts)
{
	certificate(facts)->misordered = true;
}

static void brings_its_root(struct facts *facts)
{
	certificate(facts)->root_sent = true;
}

static void brings_another(struct facts *facts)
{
	certificate(facts)->unneeded = 1;
}

static void has_only_a_common_name(struct facts *facts)
{
	certificate(facts)->common_name_fits = true;
	result_of(facts)->name_fits = false;
}

/* The same certificate as an unknown name gets. */
static void is_of_the_default(struct facts *facts)
{
	certificate(facts);
	result_of(facts)->name_fits = false;
	result_of(facts)->wrong_name.asked = true;
	result_of(facts)->wrong_name.handshake = true;
}

static void is_of_its_own(struct facts *facts)
{
	is_of_the_default(facts);
	result_of(facts)->wrong_name.leaf[0] = 1;
}

static void is_as_configured(struct facts *facts)
{
	struct certificate *leaf;

	is_of_the_default(facts);
	add_certificate(facts, "other.test");
	leaf = &facts->bundle.certificates.items[0];
	memcpy(result_of(facts)->leaf, leaf->fingerprint, HS_HASH_SIZE);
	memcpy(result_of(facts)->wrong_name.leaf, leaf->fingerprint,
	       HS_HASH_SIZE);
}

/* The one made now is younger than any of the test's dates. */
static void was_renewed(struct facts *facts)
{
	certificate(facts)->not_before = 1000;
	add_certificate(facts, "www.example.test");
}

static void was_replaced(struct facts *facts)
{
	certificate(facts)->not_before = 1000;
	add_certificate(facts, "other.test");
}

static void has_rsa_1024(struct facts *facts)
{
	struct probe_certificate *sent = certificate(facts);

	hs_replace(&sent->key_type, "RSA");
	sent->key_bits = 1024;
}

static void is_signed_with_sha1(struct facts *facts)
{
	hs_replace(&certificate(facts)->signature, "sha1");
}

static void signed_itself_with_sha1(struct facts *facts)
{
	is_signed_with_sha1(facts);
	result_of(facts)->certificate.self_signed = true;
}

static void must_staple(struct facts *facts)
{
	certificate(facts)->must_staple = true;
}

static void must_staple_and_does(struct facts *facts)
{
	must_staple(facts);
	result_of(facts)->certificate.stapled = true;
}

static void staples_nonsense(struct facts *facts)
{
	must_staple_and_does(facts);
	result_of(facts)->certificate.staple_problem = "that is nonsense";
}

static void is_revoked(struct facts *facts)
{
	certificate(facts)->revoked = true;
}

static void needs_sni(struct facts *facts)
{
	certificate(facts);
	result_of(facts)->no_sni.asked = true;
}

static void has_another_without_sni(struct facts *facts)
{
	needs_sni(facts);
	result_of(facts)->no_sni.handshake = true;
	result_of(facts)->no_sni.leaf[3] = 9;
}

static void has_the_same_without_sni(struct facts *facts)
{
	needs_sni(facts);
	result_of(facts)->no_sni.handshake = true;
}

static void accept(struct facts *facts, enum probe_offer offer, int version,
		   unsigned cipher)
{
	if (!facts->probes.n)
		certificate(facts);
	result_of(facts)->offers[offer] = (struct probe_offered){
		.asked = true,
		.accepted = true,
		.version = version,
		.cipher = cipher,
		.h2 = offer == OFFER_H2,
	};
}

static void speaks_tls_1_1_only(struct facts *facts)
{
	certificate(facts);
	hs_replace(&result_of(facts)->protocol, "TLSv1.1");
}

static void speaks_ssl_3_only(struct facts *facts)
{
	accept(facts, OFFER_SSL3, 0x0300, 0x002f);
	result_of(facts)->handshake = false;
}

static void speaks_ssl_3_too(struct facts *facts)
{
	accept(facts, OFFER_SSL3, 0x0300, 0x002f);
	accept(facts, OFFER_TLS1_2, 0x0303, 0xc02f);
}

static void takes_3des_and_rc4(struct facts *facts)
{
	accept(facts, OFFER_3DES, 0x0303, 0x000a);
	accept(facts, OFFER_RC4, 0x0303, 0x0005);
}

static void takes_cbc(struct facts *facts)
{
	accept(facts, OFFER_CBC, 0x0303, 0xc013);
}

static void has_http2_with_cbc(struct facts *facts)
{
	accept(facts, OFFER_H2, 0x0303, 0xc013);
}

static void has_http2_with_gcm(struct facts *facts)
{
	accept(facts, OFFER_H2, 0x0303, 0xc02f);
}

static void has_http2_with_tls_1_3(struct facts *facts)
{
	accept(facts, OFFER_H2, 0x0304, 0x1301);
}

static void has_plain_http(struct facts *facts)
{
	certificate(facts);
	result_of(facts)->handshake = false;
	result_of(facts)->speaks_http = true;
}

static void has_tls_on_80(struct facts *facts)
{
	certificate(facts);
	result_of(facts)->http_is_tls = true;
}

static const struct rule_case cases[] = {
	{"live.expired", true, NAME, ended_yesterday, "2027-01-14", NULL},
	{"live.expired", false, NAME, all_is_well, NULL, NULL},
	{"live.chain", false, NAME, ended_and_is_not_trusted, NULL, NULL},
	{"live.chain", true, NAME, issuer_has_ended, "expired", NULL},
	{"live.not-yet-valid", true, NAME, begins_tomorrow, "2027-01-16", NULL},
	{"live.not-yet-valid", false, NAME, all_is_well, NULL, NULL},
	{"live.not-yet-valid", false, NAME, nobody_knows_the_time, NULL, NULL},
	{"live.expires-soon", true, NAME, ends_in_ten_days, "10 days", NULL},
	{"live.expires-soon", false, NAME, ended_yesterday, NULL, NULL},
	{"live.expires-soon", false, NAME, all_is_well, NULL, NULL},
	{"live.self-signed", true, NAME, is_self_signed, "self-signed", NULL},
	{"live.self-signed", false, NAME, is_self_signed_and_trusted, NULL,
	 NULL},
	{"live.chain-incomplete", true, NAME, comes_alone, "CN=Test CA", NULL},
	{"live.chain-incomplete", false, NAME, all_is_well, NULL, NULL},
	{"live.chain-order", true, NAME, is_misordered, "order", NULL},
	{"live.chain-order", false, NAME, all_is_well, NULL, NULL},
	{"live.chain-extra", true, NAME, brings_its_root, "root", NULL},
	{"live.chain-extra", true, NAME, brings_another, "1 certificate ",
	 NULL},
	{"live.chain-extra", false, NAME, all_is_well, NULL, NULL},
	{"live.cn-only", true, NAME, has_only_a_common_name, "CN", NULL},
	{"live.cn-only", false, NAME, all_is_well, NULL, NULL},
	{"live.wrong-site", true, NAME, is_of_the_default, "www.example.test",
	 NULL},
	{"live.wrong-site", false, NAME, is_of_its_own, NULL, NULL},
	{"live.wrong-site", false, NAME, is_as_configured, NULL, NULL},
	{"live.wrong-site", false, NAME, has_only_a_common_name, NULL, NULL},
	{"live.certificate-old", true, NAME, was_renewed, "1970-01-01", NULL},
	{"live.certificate-old", false, NAME, was_replaced, NULL, NULL},
	{"live.certificate-old", false, NAME, all_is_well, NULL, NULL},
	{"live.weak-key", true, NAME, has_rsa_1024, "RSA 1024", NULL},
	{"live.weak-key", false, NAME, all_is_well, NULL, NULL},
	{"live.weak-signature", true, NAME, is_signed_with_sha1, "sha1", NULL},
	{"live.weak-signature", false, NAME, signed_itself_with_sha1, NULL,
	 NULL},
	{"live.weak-signature", false, NAME, all_is_well, NULL, NULL},
	{"live.stapling", true, NAME, must_staple, "OCSP", NULL},
	{"live.stapling", false, NAME, must_staple_and_does, NULL, NULL},
	{"live.staple-invalid", true, NAME, staples_nonsense, "nonsense", NULL},
	{"live.staple-invalid", false, NAME, must_staple_and_does, NULL, NULL},
	{"live.revoked", true, NAME, is_revoked, "revoked", NULL},
	{"live.revoked", false, NAME, must_staple_and_does, NULL, NULL},
	{"live.no-sni", true, NAME, needs_sni, "refuses", NULL},
	{"live.no-sni", true, NAME, has_another_without_sni, "another", NULL},
	{"live.no-sni", false, NAME, has_the_same_without_sni, NULL, NULL},
	{"live.no-modern-tls", true, NAME, speaks_tls_1_1_only, "TLS 1.2",
	 NULL},
	{"live.no-modern-tls", true, NAME, speaks_ssl_3_only, NULL, NULL},
	{"live.no-modern-tls", false, NAME, speaks_ssl_3_too, NULL, NULL},
	{"live.no-modern-tls", false, NAME, has_plain_http, NULL, NULL},
	{"live.legacy-protocol", true, NAME, speaks_ssl_3_too, "SSL 3", NULL},
	{"live.legacy-protocol", false, NAME, takes_cbc, NULL, NULL},
	{"live.weak-cipher", true, NAME, takes_3des_and_rc4, "RC4, 3DES", NULL},
	{"live.weak-cipher", false, NAME, takes_cbc, NULL, NULL},
	{"live.obsolete-cipher", true, NAME, takes_cbc, "CBC", NULL},
	{"live.obsolete-cipher", false, NAME, all_is_well, NULL, NULL},
	{"live.http2-cipher", true, NAME, has_http2_with_cbc, "0xc013", NULL},
	{"live.http2-cipher", false, NAME, has_http2_with_gcm, NULL, NULL},
	{"live.http2-cipher", false, NAME, has_http2_with_tls_1_3, NULL, NULL},
	{"live.plain-http", true, NAME, has_plain_http, "plain HTTP", NULL},
	{"live.plain-http", false, NAME, all_is_well, NULL, NULL},
	{"live.tls-on-http-port", true, NAME, has_tls_on_80, "port 80", NULL},
	{"live.tls-on-http-port", false, NAME, all_is_well, NULL, NULL},
};

static void test_tls(void **state)
{
	(void)state;
	judge_cases(cases, HS_LENGTH(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tls),
	};

	return cmocka_run_group_tests_name("rules_live_tls", tests, NULL, NULL);
}
