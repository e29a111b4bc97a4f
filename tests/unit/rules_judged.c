#include "tests/unit/rules_judged.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/text.h"

#define ROWS_MAX 64

static bool held[ROWS_MAX];

static bool ask(struct situation *situation, const struct rule *rule)
{
	const char *question = rule->question;
	struct judged judged = {.settings = &situation->settings,
				.facts = &situation->facts,
				.question = &question};
	hs_auto_str struct str detail = {0};
	hs_auto_free char *where = NULL;
	const char *message;

	if (!rule->holds || !rule->holds(&judged, &detail, &where))
		return false;
	message = detail.len ? hs_str_text(&detail) : rule->says;
	if (hs_text_is_hostile(message, strlen(message)))
		fail_msg("%s says what no screen may show", rule->id);
	/* no finding unless a product asks for it */
	if (rule->severity == SEVERITY_OK)
		return true;
	hs_strings_add(&situation->messages, message);
	situation->question = question;
	return true;
}

void assert_held(struct situation *situation, const struct rule_table *table,
		 const char *ids)
{
	hs_auto_str struct str found = {0};

	assert_in_range(table->count, 1, ROWS_MAX);
	hs_strings_done(&situation->messages);
	for (size_t i = 0; i < table->count; i++) {
		if (!ask(situation, &table->rules[i]))
			continue;
		held[i] = true;
		if (table->rules[i].severity == SEVERITY_OK)
			continue;
		hs_str_printf(&found, "%s%s", found.len ? " " : "",
			      table->rules[i].id);
	}
	assert_string_equal(hs_str_text(&found), ids);
}

void assert_says(const struct situation *situation, const char *words)
{
	assert_int_equal(situation->messages.n, 1);
	if (!strstr(situation->messages.items[0], words))
		fail_msg("\"%s\" is not in \"%s\"", words,
			 situation->messages.items[0]);
}

void assert_kept(const struct rule_table *table, const struct promise *promise)
{
	for (size_t i = 0; i < table->count; i++) {
		if (!strcmp(table->rules[i].id, promise->id) &&
		    table->rules[i].severity == promise->severity)
			return;
	}
	fail_msg("%s is gone, or weighs another weight", promise->id);
}

void assert_all_held(const struct rule_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct rule *rule = &table->rules[i];

		if (rule->holds && !held[i])
			fail_msg("no test makes row %zu, %s, hold", i,
				 rule->id);
		if (!rule->says || !rule->remedy || !rule->question)
			fail_msg("%s leaves people alone", rule->id);
		assert_memory_equal(rule->id, table->subject,
				    strlen(table->subject));
	}
}
