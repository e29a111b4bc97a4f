/*
 * The rules as a whole: every row is complete, every row has a test, and
 * findings come in the order in which people answer.
 */
#include <glob.h>

#include "core/base/root.h"
#include "tests/unit/rule_cases.h"

static void each_rule(void (*check)(const struct rule_table *table,
				    const struct rule *rule, void *context),
		      void *context)
{
	size_t count;
	const struct rule_table *const *tables = hs_rules(&count);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < tables[i]->count; j++)
			check(tables[i], &tables[i]->rules[j], context);
}

static void check_row(const struct rule_table *table, const struct rule *rule,
		      void *context)
{
	size_t subject = strlen(table->subject);

	(void)context;
	print_message("# %s\n", rule->id);
	assert_int_equal(strncmp(rule->id, table->subject, subject), 0);
	assert_int_equal(rule->id[subject], '.');
	/* One id may have two rows where the case decides the severity. */
	assert_true(hs_rule_get(rule->id) == rule ||
		    hs_rule_get(rule->id)->severity != rule->severity);
	assert_true(rule->severity > SEVERITY_OK ||
		    !strcmp(rule->id, "cert.key-type"));
	assert_non_null(rule->says);
	assert_non_null(rule->remedy);
	if (rule->question)
		assert_non_null(hs_question_by_id(rule->question));
}

static void test_rows_are_whole(void **state)
{
	(void)state;
	each_rule(check_row, NULL);
	assert_null(hs_rule_get("cert.of-no-kind"));
}

/* The sources of every other unit test, one behind the other. */
static void read_tests(struct str *ret_sources)
{
	const char *srcdir = getenv("srcdir");
	hs_auto_free char *pattern =
		hs_format("%s/tests/unit/*.c", srcdir ? srcdir : ".");
	struct root root;
	glob_t found;

	assert_int_equal(hs_root_open(NULL, &root, NULL), 0);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		hs_auto_free char *path = realpath(found.gl_pathv[i], NULL);
		hs_auto_str struct str bytes = {0};

		if (strcmp(strrchr(path, '/'), "/rules.c") == 0)
			continue;
		assert_int_equal(
			hs_root_read(&root, path, 1 << 20, &bytes, NULL), 0);
		hs_str_puts(ret_sources, hs_str_text(&bytes));
	}
	globfree(&found);
	hs_root_close(&root);
}

struct untested {
	struct str sources, ids;
};

/* Whether it stands in a string of ids, "cert.expired name.idn". */
static bool is_expected(const char *sources, const char *id)
{
	size_t length = strlen(id);

	for (const char *at = sources; (at = strstr(at, id)); at += length)
		if (at > sources && strchr("\" ", at[-1]) &&
		    strchr("\" ", at[length]))
			return true;
	return false;
}

static void check_tested(const struct rule_table *table,
			 const struct rule *rule, void *context)
{
	struct untested *untested = context;

	(void)table;
	if (!is_expected(hs_str_text(&untested->sources), rule->id))
		hs_str_printf(&untested->ids, " %s", rule->id);
}

static void test_every_rule_has_a_test(void **state)
{
	struct untested untested = {0};

	(void)state;
	read_tests(&untested.sources);
	each_rule(check_tested, &untested);
	hs_str_done(&untested.sources);
	if (untested.ids.len)
		fail_msg("no case in tests/unit expects%s",
			 hs_str_text(&untested.ids));
}

/* What the contract promises to scripts. */
static const struct {
	enum severity severity;
	const char *ids;
} promised[] = {
	{SEVERITY_ERROR,
	 "binding.none binding.port-range binding.same-port "
	 "binding.port-in-use binding.duplicate binding.other-site "
	 "binding.skips-transition binding.sni-needs-host hsts.max-age-zero "
	 "hsts.max-age-invalid hsts.preload-max-age hsts.preload-subdomains "
	 "hsts.preload-redirect hsts.preload-subdomain "
	 "hsts.preload-public-suffix hsts.unsupported redirect.no-http "
	 "redirect.loop redirect.port redirect.module-missing redirect.double "
	 "redirect.code redirect.name-mismatch firewall.several "
	 "firewall.ssh-at-risk firewall.no-privilege server.not-found "
	 "server.config-broken server.module-missing server.shared-config "
	 "server.locked-section server.changed-on-disk "
	 "server.unsupported-syntax server.ambiguous-site server.no-site "
	 "live.connect live.timeout live.certificate-other live.name "
	 "live.hsts-missing live.hsts-duplicate live.hsts-inner-path "
	 "live.redirect-missing live.redirect-loop live.redirect-target"},
	{SEVERITY_WARNING,
	 "binding.host-name binding.address-specific "
	 "binding.flags-unsupported hsts.max-age-short "
	 "hsts.max-age-over-10-years hsts.preload-commitment hsts.ip-address "
	 "hsts.untrusted-certificate hsts.duplicate-header firewall.blocked "
	 "server.not-running live.chain live.legacy-protocol live.weak-cipher "
	 "live.http2 live.hsts-on-http live.not-found-404 live.dns"},
	{SEVERITY_INFO,
	 "binding.https-only firewall.inactive firewall.missing "
	 "firewall.already-open firewall.closes-http server.already-https"},
};

static void test_promised_ids_stand(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(promised); i++) {
		hs_auto_free char *ids = hs_strdup(promised[i].ids);
		char *rest, *id = strtok_r(ids, " ", &rest);

		for (; id; id = strtok_r(NULL, " ", &rest)) {
			if (!hs_rule_get(id))
				fail_msg("%s is gone", id);
			assert_int_equal(hs_rule_get(id)->severity,
					 promised[i].severity);
		}
	}
}

struct judgement {
	struct settings settings;
	struct facts facts;
	struct findings findings;
};

static void judge(struct judgement *judgement, const char *answers)
{
	*judgement = (struct judgement){0};
	usual_facts(&judgement->facts);
	hs_settings_init(&judgement->settings);
	answer_all(&judgement->settings, answers);
	hs_settings_complete(&judgement->settings, &judgement->facts);
	hs_rules_judge(&judgement->settings, &judgement->facts,
		       &judgement->findings);
}

static void done(struct judgement *judgement)
{
	hs_findings_done(&judgement->findings);
	hs_settings_done(&judgement->settings);
	hs_facts_done(&judgement->facts);
}

static size_t rank(const struct finding *finding)
{
	const struct question *question =
		finding->question ? hs_question_by_id(finding->question) : NULL;

	return question ? hs_question_index(question) : HS_QUESTIONS_MAX;
}

static void test_findings_follow_the_questions(void **state)
{
	struct judgement judgement;
	const struct finding *before;

	(void)state;
	judge(&judgement,
	      "hsts.enabled=yes hsts.preload=yes name=192.0.2.1 server=nginx "
	      "hsts.max-age=0 bindings.https-port=0 redirect.code=1 "
	      "bindings.address=192.0.2.8,192.0.2.8");
	before = judgement.findings.items;
	assert_true(judgement.findings.n > 6);
	HS_EACH(finding, &judgement.findings) {
		assert_true(rank(before) <= rank(finding));
		if (rank(before) == rank(finding))
			assert_true(before->severity >= finding->severity);
		before = finding;
	}
	assert_int_equal(hs_findings_worst(&judgement.findings),
			 SEVERITY_ERROR);
	assert_true(hs_findings_count(&judgement.findings, SEVERITY_ERROR) > 3);
	done(&judgement);
}

static void test_a_product_raises_severities(void **state)
{
	static const struct raised_rule raises[] = {
		{"binding.address-specific", SEVERITY_ERROR},
		{"binding.same-port", SEVERITY_WARNING},
		{NULL, SEVERITY_OK},
	};
	struct judgement judgement;
	struct product_facts product = {.id = "arcgis", .raises = raises};

	(void)state;
	judge(&judgement, "product=arcgis bindings.address=192.0.2.1 "
			  "bindings.https-port=80");
	assert_int_equal(
		hs_findings_get(&judgement.findings, "binding.address-specific")
			->severity,
		SEVERITY_WARNING);
	HS_PUSH(&judgement.facts.products, product);
	hs_rules_judge(&judgement.settings, &judgement.facts,
		       &judgement.findings);
	assert_int_equal(
		hs_findings_get(&judgement.findings, "binding.address-specific")
			->severity,
		SEVERITY_ERROR);
	assert_int_equal(
		hs_findings_get(&judgement.findings, "binding.same-port")
			->severity,
		SEVERITY_ERROR);
	done(&judgement);
}

/* The same key and name, judged for whom it is. */
static void test_policies_raise_severities(void **state)
{
	static const struct {
		const char *product;
		enum severity not_fqdn;
	} cases[] = {
		{"generic", SEVERITY_WARNING},
		{"itms", SEVERITY_ERROR},
		{"certero", SEVERITY_ERROR},
		{"dataminer", SEVERITY_WARNING},
		{"service-manager", SEVERITY_WARNING},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		struct judgement judgement;
		const struct finding *finding;
		hs_auto_free char *answers =
			hs_format("product=%s name=web01", cases[i].product);

		judge(&judgement, answers);
		finding = hs_findings_get(&judgement.findings, "name.not-fqdn");
		assert_non_null(finding);
		assert_int_equal(finding->severity, cases[i].not_fqdn);
		assert_int_equal(!strncmp(finding->source, "RFC", 3),
				 cases[i].not_fqdn == SEVERITY_WARNING);
		done(&judgement);
	}
}

static void test_errors_become_findings(void **state)
{
	struct findings findings = {0};

	(void)state;
	hs_findings_add(&findings, "server.config-broken",
			"/etc/nginx/a.conf:3", "unknown \033 directive");
	hs_findings_add(&findings, "server.changed-on-disk", NULL, NULL);
	hs_findings_add(&findings, "never.heard-of", NULL, "something else");
	assert_int_equal(findings.n, 3);
	assert_string_equal(findings.items[0].where, "/etc/nginx/a.conf:3");
	assert_null(strchr(findings.items[0].message, '\033'));
	assert_string_equal(findings.items[0].question, "server-config");
	assert_string_equal(findings.items[1].message,
			    hs_rule_get("server.changed-on-disk")->says);
	assert_null(findings.items[1].where);
	assert_string_equal(findings.items[2].id, "server.unknown-problem");
	assert_string_equal(findings.items[2].message, "something else");
	hs_findings_done(&findings);
	assert_int_equal(hs_findings_worst(&findings), SEVERITY_OK);
}

static void test_severities_have_words(void **state)
{
	(void)state;
	assert_string_equal(hs_severity_word(SEVERITY_WARNING), "warning");
	assert_string_equal(hs_severity_mark(SEVERITY_WARNING), "warn");
	assert_string_equal(hs_severity_word(SEVERITY_ERROR), "error");
	assert_string_equal(hs_severity_mark(SEVERITY_ERROR), "stop");
	assert_string_equal(hs_severity_word(SEVERITY_INFO), "info");
	assert_string_equal(hs_severity_mark(SEVERITY_INFO), "note");
	assert_string_equal(hs_severity_word(SEVERITY_OK), "ok");
	assert_string_equal(hs_severity_mark(SEVERITY_OK), "ok");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_whole),
		cmocka_unit_test(test_every_rule_has_a_test),
		cmocka_unit_test(test_promised_ids_stand),
		cmocka_unit_test(test_findings_follow_the_questions),
		cmocka_unit_test(test_a_product_raises_severities),
		cmocka_unit_test(test_policies_raise_severities),
		cmocka_unit_test(test_errors_become_findings),
		cmocka_unit_test(test_severities_have_words),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
