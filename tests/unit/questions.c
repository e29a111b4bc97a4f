/*
 * The catalogue: every row is whole, and every kind of answer is taken, shown,
 * kept, copied and forgotten as it should be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/array.h"
#include "core/settings/questions/questions.h"
#include "core/settings/rules/rules.h"

static const struct question *question(const char *id)
{
	const struct question *found = hs_question_by_id(id);

	if (!found)
		fail_msg("there is no question %s", id);
	return found;
}

static void test_rows_are_whole(void **state)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	(void)state;
	assert_true(count > 0);
	/* A full catalogue may have lost some. */
	assert_true(count < HS_QUESTIONS_MAX);
	for (size_t i = 0; i < count; i++) {
		const struct question *q = &questions[i];

		print_message("# %s\n", q->id);
		assert_ptr_equal(hs_question_by_id(q->id), q);
		assert_ptr_equal(hs_question_by_flag(q->flag), q);
		assert_int_equal(hs_question_index(q), i);
		assert_non_null(q->label);
		assert_non_null(q->values);
		assert_non_null(q->help);
		assert_true(strlen(q->label) > 2 && strlen(q->label) < 32);
		assert_true(strlen(q->help) > 60);
		assert_int_equal(q->help[strlen(q->help) - 1], '.');
		assert_true(q->step < STEP_MAX);
		assert_true(q->offset + q->size <= sizeof(struct settings));
	}
}

/* What a field of each kind is made of. */
static const size_t sizes[][2] = {
	[QUESTION_TEXT] = {sizeof(char *)},
	[QUESTION_PATH] = {sizeof(char *)},
	[QUESTION_SECRET] = {sizeof(char *)},
	[QUESTION_BOOL] = {sizeof(bool)},
	[QUESTION_CHOICE] = {sizeof(int)},
	[QUESTION_WORD] = {sizeof(char *)},
	[QUESTION_PORT] = {sizeof(int)},
	[QUESTION_CODE] = {sizeof(int)},
	[QUESTION_DURATION] = {sizeof(int), sizeof(long long)},
	[QUESTION_ADDRESSES] = {sizeof(struct strings)},
	[QUESTION_NAME] = {sizeof(char *)},
	[QUESTION_NAMES] = {sizeof(struct strings)},
};

static void test_kinds_match_their_fields(void **state)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct question *q = &questions[i];
		bool has_choices = q->kind == QUESTION_CHOICE ||
				   q->kind == QUESTION_WORD ||
				   q->kind == QUESTION_CODE;

		print_message("# %s\n", q->id);
		assert_true(q->size == sizes[q->kind][0] ||
			    q->size == sizes[q->kind][1]);
		assert_int_equal(has_choices, q->choices != NULL);
		assert_true(!q->no_flag || q->kind == QUESTION_BOOL);
		if (q->no_flag)
			assert_ptr_equal(hs_question_by_flag(q->no_flag), q);
		if (q->judged_by)
			assert_non_null(hs_rule_get(q->judged_by));
		for (const struct choice *c = q->choices; c && c->word; c++) {
			assert_true(*c->label);
			assert_non_null(strstr(q->values, c->word));
		}
	}
}

static void test_ids_and_flags_are_unique(void **state)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++) {
			const struct question *a = &questions[i];
			const struct question *b = &questions[j];

			assert_string_not_equal(a->id, b->id);
			assert_string_not_equal(a->flag, b->flag);
			assert_true(a->offset >= b->offset + b->size ||
				    b->offset >= a->offset + a->size);
		}
}

static void test_defaults_can_be_answered(void **state)
{
	struct settings settings;
	size_t count;
	const struct question *questions = hs_questions(&count);

	(void)state;
	hs_settings_init(&settings);
	for (size_t i = 0; i < count; i++) {
		const struct question *q = &questions[i];
		hs_auto_free char *text = hs_question_text(q, &settings);

		print_message("# %s\n", q->id);
		if (q->kind != QUESTION_ADDRESSES)
			assert_string_equal(text,
					    q->fallback ? q->fallback : "");
		assert_false(hs_question_is_answered(q, &settings));
		if (q->fallback)
			assert_int_equal(
				hs_question_answer(q, &settings, q->fallback,
						   ORIGIN_FLAG, "--x", NULL),
				0);
	}
	hs_settings_done(&settings);
}

static void test_the_contract_s_flags_are_there(void **state)
{
	static const char *const flags[] = {
		"server",
		"server-config",
		"server-binary",
		"site",
		"product",
		"root",
		"cert",
		"key",
		"chain",
		"passphrase-file",
		"self-signed",
		"name",
		"bindings",
		"http-port",
		"https-port",
		"address",
		"binding-host",
		"hsts",
		"no-hsts",
		"hsts-max-age",
		"hsts-subdomains",
		"hsts-preload",
		"redirect",
		"no-redirect",
		"redirect-code",
		"redirect-localhost",
		"tls-profile",
		"firewall",
		"close-http",
		"confirm-within",
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(flags); i++)
		if (!hs_question_by_flag(flags[i]))
			fail_msg("there is no --%s", flags[i]);
	assert_null(hs_question_by_flag("hsts-max"));
	assert_null(hs_question_by_id("hsts"));
}

/* What an answer is shown as afterwards; NULL: it is refused. */
static const struct {
	const char *id, *text, *shown;
} answers[] = {
	{"site", "shop", "shop"},
	{"site", "", ""},
	{"server", "nginx", "nginx"},
	{"server", "ngnix", NULL},
	{"certificate.file", "/root/a b.pfx", "/root/a b.pfx"},
	{"certificate.passphrase", "secret", "********"},
	{"hsts.enabled", "yes", "yes"},
	{"hsts.enabled", "TRUE", "yes"},
	{"hsts.enabled", "on", "yes"},
	{"hsts.enabled", "0", "no"},
	{"hsts.enabled", "perhaps", NULL},
	{"hsts.enabled", "", NULL},
	{"bindings.mode", "https", "https"},
	{"bindings.mode", "foo", NULL},
	{"bindings.https-port", "8443", "8443"},
	{"bindings.https-port", "0", "0"},
	{"bindings.https-port", "70000", "70000"},
	{"bindings.https-port", "abc", ""},
	{"bindings.https-port", "443x", ""},
	{"bindings.https-port", "-1", ""},
	{"bindings.https-port", "99999999999", ""},
	{"redirect.code", "308", "308"},
	{"redirect.code", "305", "305"},
	{"redirect.code", "abc", ""},
	{"hsts.max-age", "31536000", "31536000"},
	{"hsts.max-age", "1y", "31536000"},
	{"hsts.max-age", "30d", "2592000"},
	{"hsts.max-age", "12h", "43200"},
	{"hsts.max-age", "90s", "90"},
	{"hsts.max-age", "0", "0"},
	{"hsts.max-age", "abc", ""},
	{"hsts.max-age", "1.5y", ""},
	{"hsts.max-age", "99999999999999999999", ""},
	{"hsts.max-age", "9999999999999999y", ""},
	{"apply.confirm-within", "2m", "120"},
	{"apply.confirm-within", "0", "0"},
	{"apply.confirm-within", "soon", NULL},
	{"apply.confirm-within", "9999999999", NULL},
	{"bindings.address", "*", "*"},
	{"bindings.address", "192.0.2.1, [2001:DB8:0::1]",
	 "192.0.2.1 2001:db8::1"},
	{"bindings.address", "eth0", NULL},
	{"bindings.address", "192.0.2.1;", NULL},
	{"name", "www.example.test", "www.example.test"},
	{"name", "  WWW.Example.TEST. ", "www.example.test"},
	{"name",
	 "b\xc3\xbc"
	 "cher.example",
	 "xn--bcher-kva.example"},
	{"name", "fa\xc3\x9f.de", "xn--fa-hia.de"},
	{"name", "[2001:DB8::0:1]", "2001:db8::1"},
	{"name", "192.0.2.7", "192.0.2.7"},
	{"name", "*.example.test", "*.example.test"},
	{"name", "a b", "a b"},
	{"name", "   ", ""},
	{"dataminer.failover-names", "DMS.example.test, 192.0.2.9",
	 "dms.example.test 192.0.2.9"},
	{"dataminer.failover-names", "*", NULL},
	{"dataminer.failover-names", "a_b;c", NULL},
	{"firewall.backend", "none", "none"},
	{"tls.profile", "old", NULL},
};

static void test_answers_are_taken_and_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(answers); i++) {
		const struct question *q = question(answers[i].id);
		hs_auto_free char *before = NULL, *after = NULL;
		struct settings settings;
		struct error err = {0};
		int result;

		hs_settings_init(&settings);
		before = hs_question_text(q, &settings);
		result = hs_question_answer(q, &settings, answers[i].text,
					    ORIGIN_FLAG, "--flag", &err);
		after = hs_question_text(q, &settings);
		print_message("# %s \"%s\": \"%s\"\n", q->id, answers[i].text,
			      after);
		assert_int_equal(result, answers[i].shown ? 0 : -1);
		assert_string_equal(after, answers[i].shown ? answers[i].shown
							    : before);
		assert_int_equal(hs_question_is_answered(q, &settings),
				 answers[i].shown != NULL);
		if (!answers[i].shown) {
			assert_int_equal(err.code, HS_USAGE);
			assert_string_equal(err.where, "--flag");
			assert_true(*err.what && *err.hint);
		}
		hs_settings_done(&settings);
	}
}

static void test_nonsense_is_left_to_the_rules(void **state)
{
	struct settings settings;

	(void)state;
	hs_settings_init(&settings);
	assert_int_equal(hs_question_answer(question("hsts.max-age"), &settings,
					    "long", ORIGIN_FLAG, NULL, NULL),
			 0);
	assert_int_equal(settings.hsts_max_age, -1);
	assert_int_equal(hs_question_answer(question("bindings.http-port"),
					    &settings, "http", ORIGIN_FLAG,
					    NULL, NULL),
			 0);
	assert_int_equal(settings.http_port, -1);
	hs_settings_done(&settings);
}

static void test_the_nearest_word_is_named(void **state)
{
	struct settings settings;
	struct error err = {0};

	(void)state;
	hs_settings_init(&settings);
	assert_int_equal(hs_question_answer(question("server"), &settings,
					    "ngnix", ORIGIN_FLAG, "--server",
					    &err),
			 -1);
	assert_non_null(strstr(err.hint, "\"nginx\""));
	assert_null(settings.server);
	hs_settings_done(&settings);
}

static void test_white_space_is_remembered(void **state)
{
	struct settings settings;

	(void)state;
	hs_settings_init(&settings);
	assert_int_equal(hs_question_answer(question("name"), &settings,
					    "a.test\n", ORIGIN_FLAG, NULL,
					    NULL),
			 0);
	assert_true(settings.name_trimmed);
	assert_int_equal(hs_question_answer(question("bindings.host-name"),
					    &settings, " b.test", ORIGIN_FLAG,
					    NULL, NULL),
			 0);
	assert_int_equal(hs_question_answer(question("name"), &settings,
					    "a.test", ORIGIN_FLAG, NULL, NULL),
			 0);
	assert_false(settings.name_trimmed);
	hs_settings_done(&settings);
}

static void answer_address(struct settings *settings, const char *text,
			   enum origin origin, const char *expected)
{
	const struct question *q = question("bindings.address");
	hs_auto_free char *shown = NULL;

	assert_int_equal(
		hs_question_answer(q, settings, text, origin, NULL, NULL), 0);
	shown = hs_question_text(q, settings);
	assert_string_equal(shown, expected);
}

static void test_flags_may_be_repeated(void **state)
{
	struct settings settings;

	(void)state;
	hs_settings_init(&settings);
	answer_address(&settings, "192.0.2.1", ORIGIN_ANSWERS, "192.0.2.1");
	answer_address(&settings, "::1", ORIGIN_ANSWERS, "192.0.2.1 ::1");
	answer_address(&settings, "192.0.2.9", ORIGIN_FLAG, "192.0.2.9");
	answer_address(&settings, "*", ORIGIN_FLAG, "192.0.2.9 *");
	answer_address(&settings, "192.0.2.2", ORIGIN_OPERATOR, "192.0.2.2");
	answer_address(&settings, "192.0.2.3", ORIGIN_OPERATOR, "192.0.2.3");
	answer_address(&settings, "", ORIGIN_OPERATOR, "");
	hs_settings_done(&settings);
}

static void test_what_is_found_fills_only_what_is_open(void **state)
{
	struct settings settings;

	(void)state;
	hs_settings_init(&settings);
	hs_settings_found(&settings, "redirect.code", "308");
	assert_int_equal(settings.redirect_code, 308);
	assert_int_equal(hs_settings_origin(&settings, "redirect.code"),
			 ORIGIN_FOUND);
	assert_int_equal(hs_question_answer(question("redirect.code"),
					    &settings, "301", ORIGIN_FLAG,
					    "--redirect-code", NULL),
			 0);
	hs_settings_found(&settings, "redirect.code", "308");
	assert_int_equal(settings.redirect_code, 301);
	assert_int_equal(hs_settings_origin(&settings, "redirect.code"),
			 ORIGIN_FLAG);
	hs_question_reset(question("redirect.code"), &settings);
	assert_int_equal(settings.redirect_code, 302);
	assert_int_equal(hs_settings_origin(&settings, "redirect.code"),
			 ORIGIN_DEFAULT);
	assert_int_equal(hs_settings_origin(&settings, "no.such"),
			 ORIGIN_DEFAULT);
	hs_settings_done(&settings);
}

static void test_products_have_questions_of_their_own(void **state)
{
	const struct question *own = question("dataminer.cloud");
	struct settings settings;

	(void)state;
	hs_settings_init(&settings);
	assert_false(hs_question_is_relevant(own, &settings));
	assert_true(hs_question_is_relevant(question("name"), &settings));
	assert_false(hs_step_is_there(STEP_PRODUCT, &settings));
	assert_int_equal(hs_step_count(&settings), STEP_MAX - 1);
	assert_int_equal(hs_step_number(STEP_REVIEW, &settings), STEP_REVIEW);
	assert_int_equal(hs_question_answer(question("product"), &settings,
					    "dataminer", ORIGIN_FLAG, NULL,
					    NULL),
			 0);
	assert_true(hs_question_is_relevant(own, &settings));
	assert_false(hs_question_is_relevant(question("certero.endpoints"),
					     &settings));
	assert_true(hs_step_is_there(STEP_PRODUCT, &settings));
	assert_int_equal(hs_step_count(&settings), STEP_MAX);
	assert_int_equal(hs_step_number(STEP_REVIEW, &settings),
			 STEP_REVIEW + 1);
	hs_settings_done(&settings);
}

static void test_copies_are_deep(void **state)
{
	struct settings settings, copy;

	(void)state;
	hs_settings_init(&settings);
	for (size_t i = 0; i < HS_LENGTH(answers); i++)
		(void)!hs_question_answer(question(answers[i].id), &settings,
					  answers[i].text, ORIGIN_FLAG, "--x",
					  NULL);
	assert_int_equal(hs_question_answer(question("name"), &settings,
					    "a.test", ORIGIN_FLAG, "--name",
					    NULL),
			 0);
	hs_settings_copy(&settings, &copy);
	hs_settings_done(&settings);
	assert_string_equal(copy.name, "a.test");
	assert_string_equal(copy.certificate_passphrase, "secret");
	assert_string_equal(
		copy.answered[hs_question_index(question("name"))].where,
		"--name");
	assert_true(copy.addresses.n > 0);
	hs_settings_done(&copy);
	assert_null(copy.name);
	assert_null(copy.certificate_passphrase);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_whole),
		cmocka_unit_test(test_kinds_match_their_fields),
		cmocka_unit_test(test_ids_and_flags_are_unique),
		cmocka_unit_test(test_defaults_can_be_answered),
		cmocka_unit_test(test_the_contract_s_flags_are_there),
		cmocka_unit_test(test_answers_are_taken_and_shown),
		cmocka_unit_test(test_nonsense_is_left_to_the_rules),
		cmocka_unit_test(test_the_nearest_word_is_named),
		cmocka_unit_test(test_white_space_is_remembered),
		cmocka_unit_test(test_flags_may_be_repeated),
		cmocka_unit_test(test_what_is_found_fills_only_what_is_open),
		cmocka_unit_test(test_products_have_questions_of_their_own),
		cmocka_unit_test(test_copies_are_deep),
	};

	return cmocka_run_group_tests_name("questions", tests, NULL, NULL);
}
