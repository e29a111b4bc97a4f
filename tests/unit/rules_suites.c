/*
 * The rules of ITMS and of ArcGIS Server, each where it holds and where it
 * nearly does, and who is said to have issued a certificate.
 */
#include "core/settings/products/arcgis.h"
#include "core/settings/products/itms.h"
#include "tests/unit/rule_cases.h"

#define ITMS "product=itms name=www.example.test "
#define ARCGIS "product=arcgis name=www.example.test "
#define CONFIG "/inetpub/wwwroot/ArcGIS/Security/web.config"

static struct certificate *leaf_of(struct facts *facts)
{
	return &facts->bundle.certificates.items[0];
}

static void trusted(struct facts *facts)
{
	add_certificate(facts, "www.example.test");
	leaf_of(facts)->self_signed = false;
}

static void with_own_ca(struct facts *facts)
{
	trusted(facts);
	facts->bundle.own_ca = true;
}

static void self_signed(struct facts *facts)
{
	add_certificate(facts, "www.example.test");
	leaf_of(facts)->self_signed = true;
}

static void signed_with(struct facts *facts, const char *hash)
{
	trusted(facts);
	hs_replace(&leaf_of(facts)->signature, hash);
}

static void signed_with_sha224(struct facts *facts)
{
	signed_with(facts, "sha224");
}

static void signed_with_sha1(struct facts *facts)
{
	signed_with(facts, "sha1");
}

/* A CA has no Enhanced Key Usage here. */
static void without_usage(struct facts *facts)
{
	struct strings names = {0};
	struct cert_request request = {
		.names = &names, .days = 90, .is_ca = true};

	hs_strings_add(&names, "www.example.test");
	assert_int_equal(hs_cert_create(&request, NULL, &facts->bundle, NULL),
			 0);
	hs_strings_done(&names);
}

static void with_https(struct facts *facts)
{
	add_listen(first_site(facts), "*", 443, true);
}

static struct arcgis_facts *add_arcgis(struct facts *facts)
{
	struct arcgis_facts *found = hs_alloc(sizeof(*found));
	struct product_facts product = {
		.id = "arcgis",
		.title = "ArcGIS Server",
		.model = found,
		.model_free = hs_arcgis_facts_free,
	};

	HS_PUSH(&facts->products, product);
	return found;
}

static void newer(struct facts *facts)
{
	add_arcgis(facts)->newer = true;
}

static void an_instance(struct facts *facts)
{
	struct arcgis_instance instance = {
		.config = hs_strdup(CONFIG), .port = 443, .line = 9};

	HS_PUSH(&add_arcgis(facts)->instances, instance);
}

static const struct rule_case cases[] = {
	{"itms.hash", true, ITMS, signed_with_sha224, "sha224", NULL},
	{"itms.hash", false, ITMS, signed_with_sha1, NULL, NULL},
	{"itms.hash", false, ITMS, trusted, NULL, NULL},
	{"itms.usage-missing", true, ITMS, without_usage, NULL, NULL},
	{"itms.usage-missing", false, ITMS, trusted, NULL, NULL},
	{"itms.usage-missing", false, "product=generic", without_usage, NULL,
	 NULL},
	{"itms.issuer", true, ITMS, trusted, "nothing has to be installed",
	 NULL},
	{"itms.issuer", true, ITMS, with_own_ca, "CA of your own", NULL},
	{"itms.issuer", true, ITMS, self_signed, "self-signed", NULL},
	{"itms.issuer", false, ITMS, NULL, NULL, NULL},
	{"itms.site-server-not-fqdn", true,
	 ITMS "itms.site-servers=ps1.a.test,ps2", NULL, "ps2", NULL},
	{"itms.site-server-not-fqdn", false,
	 ITMS "itms.site-servers=ps1.a.test", NULL, NULL, NULL},
	{"itms.agents-not-told", true, ITMS "bindings.mode=https", NULL, NULL,
	 NULL},
	{"itms.agents-not-told", true, ITMS "itms.require-https=yes", NULL,
	 NULL, NULL},
	{"itms.agents-not-told", false, ITMS "bindings.mode=https", with_https,
	 NULL, NULL},
	{"itms.agents-not-told", false, ITMS, NULL, NULL, NULL},
	{"arcgis.other-product", true, ARCGIS, newer, NULL, NULL},
	{"arcgis.other-product", false, ARCGIS, an_instance, NULL, NULL},
	{"arcgis.not-found", true, ARCGIS, NULL, NULL, NULL},
	{"arcgis.not-found", false, ARCGIS "arcgis.instance=/ArcGIS", NULL,
	 NULL, NULL},
	{"arcgis.not-found", false, ARCGIS, newer, NULL, NULL},
	{"arcgis.not-redirected", true,
	 ARCGIS "iis.require-ssl-for=ArcGIS/rest", an_instance, NULL, NULL},
	{"arcgis.not-redirected", false,
	 ARCGIS "iis.require-ssl-for=ArcGIS/rest redirect.enabled=yes",
	 an_instance, NULL, NULL},
	{"arcgis.not-redirected", false, ARCGIS, an_instance, NULL, NULL},
	{"arcgis.port-changes", true, ARCGIS "bindings.https-port=8443",
	 an_instance, "from 443 to 8443", CONFIG ":9"},
	{"arcgis.port-changes", false, ARCGIS, an_instance, NULL, NULL},
	{"arcgis.self-signed", true, ARCGIS, self_signed, NULL, NULL},
	{"arcgis.self-signed", false, ARCGIS, trusted, NULL, NULL},
};

static void test_suites(void **state)
{
	(void)state;
	judge_cases(cases, HS_LENGTH(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
