/*
 * The rules of one table, asked one by one about settings and facts.
 */
#ifndef TESTS_UNIT_RULES_JUDGED_H
#define TESTS_UNIT_RULES_JUDGED_H

#include "core/settings/rules/rules.h"

/* What a test says; zero is what a rule finds nothing wrong with. */
struct situation {
	struct settings settings;
	struct facts facts;
	struct strings messages; /* of the rules that held, in their order */
	const char *question;	 /* of the last that held */
};

/* Fails unless exactly these rules hold, "cert.expired cert.no-san", in the
 * order of the table; each says where it comes from and what to do. */
void assert_held(struct situation *situation, const struct rule_table *table,
		 const char *ids);
/* Fails unless the only message has this in it. */
void assert_says(const struct situation *situation, const char *words);

/* What scripts rely on: this id, of this severity. */
struct promise {
	const char *id;
	enum severity severity;
};
void assert_kept(const struct rule_table *table, const struct promise *promise);

/* Fails when a row of the table has held in none of the calls so far (rows
 * without a function apart), or says nothing. */
void assert_all_held(const struct rule_table *table);

#endif
