/*
 * Rules about bindings and the firewall in front of them.
 */
#include "tests/unit/rule_cases.h"

#define NAME "name=www.example.test "

static struct port_use *use_port(struct facts *facts, int port,
				 const char *program, pid_t pid)
{
	struct port_use *use = HS_GROW(&facts->ports);

	*use = (struct port_use){
		.port = port,
		.address = hs_strdup("*"),
		.program = hs_strdup(program),
		.pid = pid,
	};
	return use;
}

static void apache_has_443(struct facts *facts)
{
	use_port(facts, 443, "apache2", 99);
}

static void somebody_has_443(struct facts *facts)
{
	use_port(facts, 443, NULL, 0);
}

static void somebody_has_443_elsewhere(struct facts *facts)
{
	hs_replace(&use_port(facts, 443, NULL, 0)->address, "127.0.0.1");
	hs_replace(&first_site(facts)->listens.items[0].address, "192.0.2.10");
}

static void its_master_has_443(struct facts *facts)
{
	use_port(facts, 443, "nginx", 4711);
}

static void its_worker_has_443(struct facts *facts)
{
	use_port(facts, 443, "nginx", 4712);
	add_listen(add_site(facts, "b.test", 80), "*", 443, true);
}

static void apache_has_its_443(struct facts *facts)
{
	its_worker_has_443(facts);
	hs_replace(&facts->ports.items[0].program, "apache2");
}

static void another_nginx_has_443(struct facts *facts)
{
	use_port(facts, 443, "nginx", 99);
}

static void offline_443(struct facts *facts)
{
	apache_has_443(facts);
	facts->offline = true;
}

static void other_site_has_name(struct facts *facts)
{
	struct site *other = add_site(facts, "other", 0);

	add_listen(other, "*", 443, true);
	hs_strings_add(&other->names, "www.example.test");
}

static void other_site_has_other_name(struct facts *facts)
{
	add_listen(add_site(facts, "b.test", 80), "*", 443, true);
}

static void other_site_is_plain(struct facts *facts)
{
	add_site(facts, "b.test", 8443);
}

static void site_has_https(struct facts *facts)
{
	add_listen(first_site(facts), "*", 443, true);
}

static void is_iis(struct facts *facts)
{
	first_server(facts)->id = "iis";
	hs_replace(&first_server(facts)->version, "10.0");
	other_site_has_other_name(facts);
}

static void is_old_iis(struct facts *facts)
{
	is_iis(facts);
	hs_replace(&first_server(facts)->version, "7.5");
}

static void shares_its_block(struct facts *facts)
{
	hs_strings_add(&first_site(facts)->names, "other.test");
	hs_strings_add(&first_site(facts)->names, "*.wild.test");
	hs_strings_add(&first_site(facts)->names, "example.test");
	add_certificate(facts, "www.example.test example.test");
}

static void shares_without_certificate(struct facts *facts)
{
	hs_strings_add(&first_site(facts)->names, "other.test");
}

static void has_a_certificate(struct facts *facts)
{
	add_certificate(facts, "www.example.test");
}

static const struct rule_case binding_cases[] = {
	{"binding.none", true, "bindings.mode=http", NULL, "HTTPS", "--flag"},
	{"binding.none", false, "bindings.mode=https", NULL, NULL, NULL},
	{"binding.port-range", true, "bindings.https-port=0", NULL, "0",
	 "--flag"},
	{"binding.port-range", true, "bindings.https-port=70000", NULL, "70000",
	 NULL},
	{"binding.port-range", true, "bindings.https-port=abc", NULL,
	 "HTTPS port", NULL},
	{"binding.port-range", true, "bindings.http-port=65536", NULL, "65536",
	 NULL},
	{"binding.port-range", true, "bindings.http-port=http", NULL,
	 "HTTP port", NULL},
	{"binding.port-range", false, "bindings.https-port=65535", NULL, NULL,
	 NULL},
	{"binding.same-port", true, "bindings.https-port=80", NULL, "80",
	 "--flag"},
	{"binding.same-port", false,
	 "bindings.https-port=80 bindings.mode=https", NULL, NULL, NULL},
	{"binding.same-port", false, NULL, NULL, NULL, NULL},
	{"binding.port-in-use", true, NULL, apache_has_443, "apache2", NULL},
	{"binding.port-in-use", true, NULL, somebody_has_443, "another", NULL},
	{"binding.port-in-use", true, NULL, another_nginx_has_443, "nginx",
	 NULL},
	{"binding.port-in-use", true, NULL, apache_has_its_443, "apache2",
	 NULL},
	{"binding.port-in-use", false, "bindings.https-port=8443",
	 apache_has_443, NULL, NULL},
	{"binding.port-in-use", false, "bindings.mode=http", apache_has_443,
	 NULL, NULL},
	{"binding.port-in-use", false, NULL, its_master_has_443, NULL, NULL},
	{"binding.port-in-use", false, NULL, its_worker_has_443, NULL, NULL},
	{"binding.port-in-use", false, NULL, offline_443, NULL, NULL},
	{"binding.port-in-use", false, NULL, somebody_has_443_elsewhere, NULL,
	 NULL},
	{"binding.port-in-use", true, "bindings.address=127.0.0.1",
	 somebody_has_443_elsewhere, NULL, NULL},
	{"binding.duplicate", true, "bindings.address=::1,[::1]", NULL, "::1",
	 "--flag"},
	{"binding.duplicate", false, "bindings.address=::1,127.0.0.1", NULL,
	 NULL, NULL},
	{"binding.other-site", true, NAME "site=www.example.test",
	 other_site_has_name, "other", "/etc/nginx/a.conf:4"},
	{"binding.other-site", false,
	 NAME "site=www.example.test bindings.https-port=8443",
	 other_site_has_name, NULL, NULL},
	{"binding.other-site", false, NAME, other_site_has_other_name, NULL,
	 NULL},
	{"binding.plain-port", true, NAME "bindings.https-port=8443",
	 other_site_is_plain, "b.test", "/etc/nginx/a.conf:4"},
	{"binding.plain-port", false, NAME, other_site_is_plain, NULL, NULL},
	{"binding.skips-transition", true,
	 "product=certero bindings.mode=https", NULL, "clients", NULL},
	{"binding.skips-transition", false,
	 "product=certero bindings.mode=https", site_has_https, NULL, NULL},
	{"binding.skips-transition", false,
	 "product=certero bindings.mode=both", NULL, NULL, NULL},
	{"binding.skips-transition", false, "bindings.mode=https", NULL, NULL,
	 NULL},
	{"binding.host-name", true, NAME "bindings.host-name=b.test", NULL,
	 "b.test", "--flag"},
	{"binding.host-name", false, NAME "bindings.host-name=www.example.test",
	 NULL, NULL, NULL},
	{"binding.host-name", true,
	 NAME "bindings.host-name=www.example.test product=dataminer", NULL,
	 "404", NULL},
	{"binding.host-name", false,
	 NAME "bindings.host-name=none product=dataminer", NULL, NULL, NULL},
	{"binding.address-specific", true, "bindings.address=192.0.2.99", NULL,
	 "192.0.2.99", "--flag"},
	{"binding.address-specific", false, "bindings.address=192.0.2.10", NULL,
	 NULL, NULL},
	{"binding.address-specific", false, "bindings.address=127.0.0.1,::1",
	 NULL, NULL, NULL},
	{"binding.address-specific", false, "bindings.address=*", NULL, NULL,
	 NULL},
	{"binding.address-specific", false,
	 "bindings.address=* product=dataminer", NULL, NULL, NULL},
	{"binding.address-specific", true,
	 "bindings.address=192.0.2.10 product=dataminer", NULL, "192.0.2.10",
	 NULL},
	{"binding.sni-needs-host", true, NAME, is_iis, "b.test", NULL},
	{"binding.sni-needs-host", false,
	 NAME "bindings.host-name=www.example.test", is_iis, NULL, NULL},
	{"binding.sni-needs-host", false, NAME, other_site_has_other_name, NULL,
	 NULL},
	{"binding.flags-unsupported", true,
	 NAME "bindings.host-name=www.example.test", is_old_iis, "7.5", NULL},
	{"binding.flags-unsupported", false,
	 NAME "bindings.host-name=www.example.test", is_iis, NULL, NULL},
	{"binding.https-only", true, "bindings.mode=https", NULL, "80",
	 "--flag"},
	{"binding.https-only", false, NULL, NULL, NULL, NULL},
	{"binding.shared-block", true, NULL, shares_its_block, "other.test",
	 "/etc/nginx/a.conf:3"},
	{"binding.shared-block", false, "name=www.example.test",
	 shares_without_certificate, NULL, NULL},
	{"binding.shared-block", false, NULL, has_a_certificate, NULL, NULL},
};

static struct firewall_facts *add_firewall(struct facts *facts, const char *id,
					   bool active, bool open_https)
{
	struct firewall_facts *firewall = HS_GROW(&facts->firewalls);

	*firewall = (struct firewall_facts){
		.id = id,
		.title = id,
		.active = active,
		.open_https = open_https,
		.detail = hs_strdup("policy drop"),
	};
	return firewall;
}

static void nftables_sleeps(struct facts *facts)
{
	add_firewall(facts, "nftables", false, false);
}

static void nftables_blocks(struct facts *facts)
{
	add_firewall(facts, "nftables", true, false);
}

static void nftables_lets_in(struct facts *facts)
{
	add_firewall(facts, "nftables", true, true);
}

static void nftables_hides(struct facts *facts)
{
	add_firewall(facts, "nftables", false, false)->unknown = true;
}

static void nftables_puzzles(struct facts *facts)
{
	add_firewall(facts, "nftables", true, false)->unknown = true;
}

static void two_firewalls(struct facts *facts)
{
	nftables_blocks(facts);
	add_firewall(facts, "ufw", true, true);
}

static void blocks_offline(struct facts *facts)
{
	nftables_blocks(facts);
	facts->offline = true;
}

static void nftables_is_locked(struct facts *facts)
{
	add_firewall(facts, "nftables", true, false)->locked = true;
}

static void ssh_has_port_80(struct facts *facts)
{
	nftables_blocks(facts);
	*HS_GROW(&facts->ports) = (struct port_use){
		.port = 80,
		.address = hs_strdup("*"),
		.program = hs_strdup("sshd"),
	};
}

static const struct rule_case firewall_cases[] = {
	{"firewall.inactive", true, NULL, nftables_sleeps, "nftables", NULL},
	{"firewall.inactive", false, NULL, nftables_blocks, NULL, NULL},
	{"firewall.inactive", false, NULL, NULL, NULL, NULL},
	{"firewall.inactive", false, NULL, nftables_hides, NULL, NULL},
	{"firewall.several", true, NULL, two_firewalls, "nftables and ufw",
	 NULL},
	{"firewall.several", false, "firewall.backend=ufw", two_firewalls, NULL,
	 NULL},
	{"firewall.several", false, NULL, nftables_blocks, NULL, NULL},
	{"firewall.missing", true, NULL, NULL, "no firewall", NULL},
	{"firewall.missing", true, "firewall.backend=ufw", nftables_blocks,
	 "ufw", "--flag"},
	{"firewall.missing", false, NULL, nftables_sleeps, NULL, NULL},
	{"firewall.already-open", true, NULL, nftables_lets_in, "443", NULL},
	{"firewall.already-open", false, NULL, nftables_blocks, NULL, NULL},
	{"firewall.blocked", true, "bindings.https-port=8443", nftables_blocks,
	 "TCP 8443 is not open in nftables (policy drop)", NULL},
	{"firewall.blocked", false, NULL, nftables_lets_in, NULL, NULL},
	{"firewall.blocked", false, NULL, blocks_offline, NULL, NULL},
	{"firewall.blocked", false, "firewall.backend=none", nftables_blocks,
	 NULL, NULL},
	{"firewall.blocked", false, NULL, nftables_puzzles, NULL, NULL},
	{"firewall.unknown", true, NULL, nftables_puzzles, "TCP 443", NULL},
	{"firewall.unknown", true, NULL, nftables_hides, "nftables", NULL},
	{"firewall.unknown", false, NULL, nftables_blocks, NULL, NULL},
	{"firewall.closes-http", true,
	 "firewall.close-http=yes bindings.mode=https", NULL, "80", "--flag"},
	{"firewall.closes-http", false, "bindings.mode=https", NULL, NULL,
	 NULL},
	{"firewall.http-needed", true, "firewall.close-http=yes", NULL, "80",
	 "--flag"},
	{"firewall.http-needed", false,
	 "firewall.close-http=yes bindings.mode=https", NULL, NULL, NULL},
	{"firewall.ssh-at-risk", true,
	 "firewall.close-http=yes bindings.mode=https", ssh_has_port_80,
	 "TCP 80 is SSH's", NULL},
	{"firewall.ssh-at-risk", false, NULL, ssh_has_port_80, NULL, NULL},
	{"firewall.no-privilege", true, NULL, nftables_is_locked, "TCP 443",
	 NULL},
	{"firewall.no-privilege", false, "bindings.mode=http",
	 nftables_is_locked, NULL, NULL},
	{"firewall.no-privilege", false, NULL, nftables_blocks, NULL, NULL},
};

static void test_bindings(void **state)
{
	(void)state;
	judge_cases(binding_cases, HS_LENGTH(binding_cases));
}

static void test_firewalls(void **state)
{
	(void)state;
	judge_cases(firewall_cases, HS_LENGTH(firewall_cases));
}

/* A bad port is shown beside the field it was typed into. */
static void test_the_right_port_is_blamed(void **state)
{
	static const char *const ports[] = {"bindings.http-port",
					    "bindings.https-port"};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(ports); i++) {
		hs_auto_free char *answers = hs_format("%s=0", ports[i]);
		struct settings settings;
		struct facts facts;
		struct findings findings = {0};

		usual_facts(&facts);
		hs_settings_init(&settings);
		answer_all(&settings, answers);
		hs_settings_complete(&settings, &facts);
		hs_rules_judge(&settings, &facts, &findings);
		assert_string_equal(
			hs_findings_get(&findings, "binding.port-range")
				->question,
			ports[i]);
		hs_findings_done(&findings);
		hs_settings_done(&settings);
		hs_facts_done(&facts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bindings),
		cmocka_unit_test(test_firewalls),
		cmocka_unit_test(test_the_right_port_is_blamed),
	};

	return cmocka_run_group_tests_name("rules_binding", tests, NULL, NULL);
}
