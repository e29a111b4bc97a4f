/*
 * The rules of products, each where it holds and where it nearly does; and
 * what becomes of connection URIs between agents.
 */
#include "core/settings/products/certero.h"
#include "core/settings/products/dataminer.h"
#include "core/settings/rules/tables.h"
#include "tests/unit/live_facts.h"

#define DMA "product=dataminer name=www.example.test "
#define SETTINGS_XML "/Skyline DataMiner/MaintenanceSettings.xml"

/* An agent on the tree, with nothing of HTTPS yet. */
static struct dataminer_facts *add_agent(struct facts *facts)
{
	struct dataminer_facts *found = hs_alloc(sizeof(*found));
	struct product_facts product = {
		.id = "dataminer",
		.title = "Skyline DataMiner",
		.path = hs_strdup("/Skyline DataMiner"),
		.model = found,
		.model_free = hs_dataminer_facts_free,
	};

	found->settings = hs_strdup(SETTINGS_XML);
	found->dms = hs_strdup("/Skyline DataMiner/DMS.xml");
	HS_PUSH(&facts->products, product);
	return found;
}

static void an_agent(struct facts *facts)
{
	add_agent(facts);
}

static void set_name(struct facts *facts, const char *name, bool enabled)
{
	struct dataminer_facts *found = add_agent(facts);

	found->has_https = true;
	found->enabled = enabled;
	found->name = hs_strdup(name);
	found->line = 7;
}

static void an_agent_with_another_name(struct facts *facts)
{
	set_name(facts, "old.example.test", true);
}

static void an_agent_with_that_name(struct facts *facts)
{
	set_name(facts, "WWW.example.test", true);
}

static void add_redirect(struct dataminer_facts *found, const char *to,
			 const char *via)
{
	struct dataminer_redirect redirect = {
		.to = hs_strdup(to),
		.via = hs_strdup(via),
		.line = 5,
	};

	HS_PUSH(&found->redirects, redirect);
}

static void an_agent_with_remoting(struct facts *facts)
{
	add_redirect(add_agent(facts), "10.4.2.93",
		     "http://10.4.2.93:8004/SLNetService");
}

static void an_agent_without_detection(struct facts *facts)
{
	add_redirect(add_agent(facts), "*", "auto://nodetect/");
}

static void an_agent_with_grpc(struct facts *facts)
{
	struct dataminer_facts *found = add_agent(facts);

	add_redirect(found, "10.4.2.93", "https://10.4.2.93/APIGateway");
	add_redirect(found, "10.4.2.94", "");
}

static void two_agents(struct facts *facts)
{
	struct dataminer_facts *found = add_agent(facts);

	hs_strings_add(&found->agents, "10.4.2.92");
	hs_strings_add(&found->agents, "10.4.2.93");
}

static void two_agents_that_know_each_other(struct facts *facts)
{
	struct dataminer_facts *found = add_agent(facts);

	hs_strings_add(&found->agents, "10.4.2.92");
	hs_strings_add(&found->agents, "10.4.2.93");
	add_redirect(found, "*", "https://dma/APIGateway");
}

static void an_agent_that_polls(struct facts *facts)
{
	struct dataminer_facts *found = add_agent(facts);

	found->connections = hs_strdup("/c.txt");
	found->connections_line = 3;
	found->connections_problem = "makes clients poll";
}

static void problems_of_an_agent(struct facts *facts)
{
	static const char *const ids[] = {
		"dataminer.settings-missing",
		"dataminer.settings-unknown",
		"dataminer.https-duplicate",
		"server.config-broken",
	};

	add_agent(facts);
	for (size_t i = 0; i < HS_LENGTH(ids); i++)
		hs_problem_add(&facts->products.items[1].problems, ids[i],
			       SETTINGS_XML ":3", "see line 3");
}

static void a_certificate(struct facts *facts)
{
	add_agent(facts);
	add_certificate(facts, "www.example.test dma01.example.test");
}

static void a_wildcard(struct facts *facts)
{
	add_agent(facts);
	add_certificate(facts, "*.example.test");
}

static void site_has_both(struct facts *facts)
{
	add_listen(first_site(facts), "*", 443, true);
}

static void site_has_https(struct facts *facts)
{
	struct site *site = first_site(facts);

	hs_listens_done(&site->listens);
	add_listen(site, "*", 443, true);
}

/* A live site whose certificate is for www.example.test. */
static void add_live(struct facts *facts)
{
	struct probe_result *result = usual_result(facts);

	hs_strings_add(&result->certificate.names, "www.example.test");
	hs_strings_add(&result->certificate.names, "*.wild.test");
	result->certificate.names_count = 2;
}

static void live_without_https(struct facts *facts)
{
	add_agent(facts);
	add_live(facts);
}

static void live_with_https_off(struct facts *facts)
{
	set_name(facts, "www.example.test", false);
	add_live(facts);
}

static void live_with_another_name(struct facts *facts)
{
	an_agent_with_another_name(facts);
	add_live(facts);
}

static void live_with_that_name(struct facts *facts)
{
	an_agent_with_that_name(facts);
	add_live(facts);
}

static void live_with_a_covered_name(struct facts *facts)
{
	set_name(facts, "dma01.wild.test", true);
	add_live(facts);
}

static void live_with_many_names(struct facts *facts)
{
	an_agent_with_another_name(facts);
	add_live(facts);
	facts->probes.items[0].certificate.names_count = 200;
}

static const struct rule_case cases[] = {
	{"dataminer.not-found", true, "product=dataminer", NULL, NULL, NULL},
	{"dataminer.not-found", false, "product=dataminer", an_agent, NULL,
	 NULL},
	{"dataminer.not-found", false, "product=generic", NULL, NULL, NULL},
	{"dataminer.settings-missing", true, DMA, problems_of_an_agent,
	 "see line 3", SETTINGS_XML ":3"},
	{"dataminer.settings-unknown", true, DMA, problems_of_an_agent, NULL,
	 NULL},
	{"dataminer.https-duplicate", true, DMA, problems_of_an_agent, NULL,
	 NULL},
	{"dataminer.https-duplicate", false, "product=generic",
	 problems_of_an_agent, NULL, NULL},
	{"server.config-broken", true, DMA, problems_of_an_agent, "see line 3",
	 SETTINGS_XML ":3"},
	{"server.config-broken", false, "product=generic", problems_of_an_agent,
	 NULL, NULL},
	{"dataminer.name-not-in-certificate", true,
	 DMA "dataminer.name=dma02.example.test", a_certificate,
	 "dma02.example.test", "--flag"},
	{"dataminer.name-not-in-certificate", false,
	 DMA "dataminer.name=dma01.example.test", a_certificate, NULL, NULL},
	{"dataminer.name-not-in-certificate", false, DMA, a_certificate, NULL,
	 NULL},
	{"dataminer.name-wildcard", true, DMA "dataminer.name=*.example.test",
	 a_wildcard, "*.example.test", NULL},
	{"dataminer.name-wildcard", false,
	 DMA "dataminer.name=dma01.example.test", a_wildcard, NULL, NULL},
	{"dataminer.name-shared", true,
	 DMA "dataminer.failover-names=www.example.test", an_agent,
	 "this agent alone", NULL},
	{"dataminer.name-shared", false,
	 DMA "dataminer.failover-names=www.example.test "
	     "dataminer.name=dma01.example.test",
	 an_agent, NULL, NULL},
	{"dataminer.failover-documents", true,
	 DMA "dataminer.failover-names=192.0.2.9", an_agent, NULL, NULL},
	{"dataminer.failover-documents", false, DMA, an_agent, NULL, NULL},
	{"dataminer.name-replaced", true, DMA, an_agent_with_another_name,
	 "\"old.example.test\", becomes www.example.test", SETTINGS_XML ":7"},
	{"dataminer.name-replaced", false, DMA, an_agent_with_that_name, NULL,
	 NULL},
	{"dataminer.connection-uri", true, DMA, an_agent_with_remoting,
	 "10.4.2.93 goes by http://10.4.2.93:8004/SLNetService",
	 "/Skyline DataMiner/DMS.xml:5"},
	{"dataminer.connection-uri", false,
	 DMA "dataminer.connection-uris=grpc", an_agent_with_remoting, NULL,
	 NULL},
	{"dataminer.connection-uri", true, DMA "dataminer.connection-uris=grpc",
	 an_agent_without_detection, NULL, NULL},
	{"dataminer.connection-uri", true,
	 DMA "dataminer.connection-uris=auto-https", an_agent_with_remoting,
	 NULL, NULL},
	{"dataminer.connection-uri", false, DMA, an_agent_with_grpc, NULL,
	 NULL},
	{"dataminer.auto-detection-uri", true,
	 DMA "dataminer.connection-uris=auto-https", an_agent, NULL, NULL},
	{"dataminer.auto-detection-uri", false, DMA, an_agent, NULL, NULL},
	{"dataminer.connection-settings", true, DMA, an_agent_that_polls,
	 "makes clients poll", "/c.txt:3"},
	{"dataminer.connection-settings", false, DMA, an_agent, NULL, NULL},
	{"dataminer.auto-detection", true, DMA "bindings.mode=https",
	 two_agents, "10.4.2.92", NULL},
	{"dataminer.auto-detection", false, DMA "bindings.mode=https",
	 two_agents_that_know_each_other, NULL, NULL},
	{"dataminer.auto-detection", false, DMA, two_agents, NULL, NULL},
	{"dataminer.http-open", true, DMA, an_agent, NULL, NULL},
	{"dataminer.http-open", false, DMA "redirect.enabled=yes", an_agent,
	 NULL, NULL},
	{"dataminer.http-open", false, DMA "bindings.mode=https", an_agent,
	 NULL, NULL},
	{"dataminer.no-hsts", true, DMA, an_agent, NULL, NULL},
	{"dataminer.no-hsts", false, DMA "hsts.enabled=yes", an_agent, NULL,
	 NULL},
	{"dataminer.https-port", true, DMA "bindings.https-port=8443", an_agent,
	 "8443", "--flag"},
	{"dataminer.https-port", false, DMA, an_agent, NULL, NULL},
	{"name.failover-not-in-certificate", true,
	 DMA "dataminer.failover-names=192.0.2.9", a_certificate, "192.0.2.9",
	 "--flag"},
	{"name.failover-not-in-certificate", false,
	 DMA "dataminer.failover-names=dma01.example.test", a_certificate, NULL,
	 NULL},
	{"certero.name-is-address", true, "product=certero name=192.0.2.7",
	 NULL, NULL, NULL},
	{"certero.name-is-address", false, "product=certero name=a.test", NULL,
	 NULL, NULL},
	{"certero.clients-not-updated", true,
	 "product=certero bindings.mode=https", site_has_both, NULL, NULL},
	{"certero.clients-not-updated", false,
	 "product=certero bindings.mode=https certero.clients-updated=yes",
	 site_has_both, NULL, NULL},
	{"certero.clients-not-updated", false,
	 "product=certero bindings.mode=https", site_has_https, NULL, NULL},
	{"certero.clients-not-updated", false, "product=certero", site_has_both,
	 NULL, NULL},
	{"certero.endpoint-not-fqdn", true,
	 "product=certero certero.endpoint-servers=ep1.a.test,ep2", NULL, "ep2",
	 "--flag"},
	{"certero.endpoint-not-fqdn", true,
	 "product=certero certero.endpoint-servers=192.0.2.7", NULL, NULL,
	 NULL},
	{"certero.endpoint-not-fqdn", false,
	 "product=certero certero.endpoint-servers=ep1.a.test", NULL, NULL,
	 NULL},
	{"certero.endpoint-not-fqdn", false,
	 "product=generic certero.endpoint-servers=ep1", NULL, NULL, NULL},
	{"certero.endpoints-unnamed", true,
	 "product=certero certero.endpoints=from-8.4", NULL, NULL, NULL},
	{"certero.endpoints-unnamed", false,
	 "product=certero certero.endpoints=from-8.4 "
	 "certero.endpoint-servers=ep1.a.test",
	 NULL, NULL, NULL},
	{"certero.endpoint-version", true,
	 "product=certero certero.endpoint-servers=ep1.a.test", NULL, NULL,
	 NULL},
	{"certero.endpoint-version", false, "product=certero", NULL, NULL,
	 NULL},
	{"live.dataminer-https", true, NAME, live_without_https, "no HTTPS",
	 SETTINGS_XML},
	{"live.dataminer-https", true, NAME, live_with_https_off,
	 "switched off", SETTINGS_XML ":7"},
	{"live.dataminer-https", false, NAME, live_with_that_name, NULL, NULL},
	{"live.dataminer-https", false, NAME, add_live, NULL, NULL},
	{"live.dataminer-name", true, NAME, live_with_another_name,
	 "the site at 192.0.2.10:443 sends a certificate that is not for "
	 "old.example.test",
	 SETTINGS_XML ":7"},
	{"live.dataminer-name", false, NAME, live_with_that_name, NULL, NULL},
	{"live.dataminer-name", false, NAME, live_with_a_covered_name, NULL,
	 NULL},
	{"live.dataminer-name", false, NAME, live_with_many_names, NULL, NULL},
	{"live.dataminer-name", false, NAME, live_with_https_off, NULL, NULL},
};

static void test_products(void **state)
{
	(void)state;
	judge_cases(cases, HS_LENGTH(cases));
}

static enum severity severity_of(const char *answers, const char *id,
				 void (*prepare)(struct facts *facts))
{
	struct settings settings;
	struct facts facts;
	struct findings findings = {0};
	const struct finding *found;
	enum severity severity;

	usual_facts(&facts);
	prepare(&facts);
	hs_settings_init(&settings);
	answer_all(&settings, answers);
	hs_settings_complete(&settings, &facts);
	hs_rules_judge(&settings, &facts, &findings);
	found = hs_findings_get(&findings, id);
	severity = found ? found->severity : SEVERITY_OK;
	hs_findings_done(&findings);
	hs_settings_done(&settings);
	hs_facts_done(&facts);
	return severity;
}

static void test_products_raise_severities(void **state)
{
	static const struct {
		const char *answers, *id;
		enum severity severity;
	} promises[] = {
		{DMA, "name.wildcard-certificate", SEVERITY_WARNING},
		{DMA "dataminer.cloud=yes", "name.wildcard-certificate",
		 SEVERITY_ERROR},
		{"product=generic name=www.example.test dataminer.cloud=yes",
		 "name.wildcard-certificate", SEVERITY_WARNING},
		{DMA "bindings.host-name=www.example.test", "binding.host-name",
		 SEVERITY_ERROR},
		{DMA "bindings.address=192.0.2.10", "binding.address-specific",
		 SEVERITY_ERROR},
		{DMA, "binding.address-specific", SEVERITY_OK},
		{"product=certero name=www", "name.not-fqdn", SEVERITY_ERROR},
		{"product=certero bindings.mode=https",
		 "binding.skips-transition", SEVERITY_ERROR},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(promises); i++) {
		print_message("# %s: %s\n", promises[i].answers,
			      promises[i].id);
		assert_int_equal(severity_of(promises[i].answers,
					     promises[i].id, a_wildcard),
				 promises[i].severity);
	}
}

/* The product that was found is chosen, and no answer overruled. */
static void test_the_product_found_is_chosen(void **state)
{
	struct settings settings;
	struct facts facts;

	(void)state;
	usual_facts(&facts);
	add_agent(&facts);
	hs_settings_init(&settings);
	hs_settings_complete(&settings, &facts);
	assert_string_equal(settings.product, "dataminer");
	answer_all(&settings, "product=generic");
	hs_settings_complete(&settings, &facts);
	assert_string_equal(settings.product, "generic");
	hs_settings_done(&settings);
	hs_facts_done(&facts);
}

/* What becomes of a redirect; NULL: nothing. */
static void test_connection_uris(void **state)
{
	static const struct {
		const char *to, *via;
		bool blocks;
		const char *grpc, *auto_https;
	} uris[] = {
		{"10.4.2.93", "https://10.4.2.93/APIGateway", false, NULL,
		 NULL},
		{"10.4.2.93", "HTTPS://dma.test:443/apigateway/", false, NULL,
		 NULL},
		{"10.4.2.93", "", false, NULL, NULL},
		{"10.4.2.93", "auto://dma.test", true,
		 "https://dma.test/APIGateway", "auto://dma.test/https"},
		{"10.4.2.93", "auto://dma.test/https", true,
		 "https://dma.test/APIGateway", NULL},
		{"10.4.2.93", "auto://dma.test/http", true,
		 "https://dma.test/APIGateway", "auto://dma.test/https"},
		{"10.4.2.93", "auto://dma.test/8443-https", true,
		 "https://dma.test/APIGateway", "auto://dma.test/https"},
		{"10.4.2.93", "auto://nodetect/", true,
		 "https://10.4.2.93/APIGateway", "auto://10.4.2.93/https"},
		{"10.4.2.93", "http://dma.test:8004/SLNetService", true,
		 "https://dma.test/APIGateway", "auto://dma.test/https"},
		{"10.4.2.93", "http://dma.test/APIGateway", true,
		 "https://dma.test/APIGateway", "auto://dma.test/https"},
		{"10.4.2.93", "https://dma.test/APIGatewayOld", true,
		 "https://dma.test/APIGateway", "auto://dma.test/https"},
		{"2001:db8::1", "nonsense", true,
		 "https://[2001:db8::1]/APIGateway",
		 "auto://[2001:db8::1]/https"},
		{"*", "http://[2001:db8::2]:8004/", true,
		 "https://[2001:db8::2]/APIGateway",
		 "auto://[2001:db8::2]/https"},
		{"*", "auto://nodetect", true, NULL, NULL},
		{"", "http://[2001", true, NULL, NULL},
	};
	struct settings settings;

	(void)state;
	hs_settings_init(&settings);
	for (size_t i = 0; i < HS_LENGTH(uris); i++) {
		hs_auto_free char *to = hs_strdup(uris[i].to);
		hs_auto_free char *via = hs_strdup(uris[i].via);
		const struct dataminer_redirect redirect = {to, via, 1};
		const char *const expected[] = {
			[DATAMINER_KEEP] = NULL,
			[DATAMINER_GRPC] = uris[i].grpc,
			[DATAMINER_AUTO_HTTPS] = uris[i].auto_https,
		};

		print_message("# %s by %s\n", uris[i].to, uris[i].via);
		assert_int_equal(hs_dataminer_uri_blocks(uris[i].via),
				 uris[i].blocks);
		for (int way = 0; way < (int)HS_LENGTH(expected); way++) {
			hs_auto_free char *uri = NULL;

			settings.dataminer.connection_uris = way;
			uri = hs_dataminer_uri_new(&redirect, &settings);
			assert_string_equal(uri ? uri : "-",
					    expected[way] ? expected[way]
							  : "-");
		}
	}
	hs_settings_done(&settings);
}

static void test_ports_are_kept(void **state)
{
	hs_auto_free char *to = hs_strdup("a"), *via = hs_strdup("auto://a");
	const struct dataminer_redirect redirect = {to, via, 1};
	struct settings settings;
	hs_auto_free char *grpc = NULL, *detected = NULL;

	(void)state;
	hs_settings_init(&settings);
	settings.https_port = 8443;
	settings.dataminer.connection_uris = DATAMINER_GRPC;
	grpc = hs_dataminer_uri_new(&redirect, &settings);
	assert_string_equal(grpc, "https://a:8443/APIGateway");
	settings.dataminer.connection_uris = DATAMINER_AUTO_HTTPS;
	detected = hs_dataminer_uri_new(&redirect, &settings);
	assert_string_equal(detected, "auto://a/8443-https");
	hs_settings_done(&settings);
}

static void test_the_stage_is_what_the_bindings_say(void **state)
{
	struct facts facts;

	(void)state;
	usual_facts(&facts);
	assert_int_equal(hs_certero_stage(NULL), CERTERO_HTTP);
	assert_int_equal(hs_certero_stage(first_site(&facts)), CERTERO_HTTP);
	site_has_both(&facts);
	assert_int_equal(hs_certero_stage(first_site(&facts)), CERTERO_BOTH);
	site_has_https(&facts);
	assert_int_equal(hs_certero_stage(first_site(&facts)), CERTERO_HTTPS);
	hs_facts_done(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_products),
		cmocka_unit_test(test_products_raise_severities),
		cmocka_unit_test(test_the_product_found_is_chosen),
		cmocka_unit_test(test_connection_uris),
		cmocka_unit_test(test_ports_are_kept),
		cmocka_unit_test(test_the_stage_is_what_the_bindings_say),
	};

	return cmocka_run_group_tests_name("rules_products", tests, NULL, NULL);
}
