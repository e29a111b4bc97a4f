/*
 * The tables that make up the catalogue (questions.h beside this): one for
 * every system, one of IIS, and one a product in core/settings/products/.
 * questions.c alone joins them.
 */
#ifndef CORE_SETTINGS_QUESTIONS_TABLES_H
#define CORE_SETTINGS_QUESTIONS_TABLES_H

#include "core/settings/questions/questions.h"

/* Where in the settings an answer lives. */
#define FIELD(member)                                                          \
	.offset = offsetof(struct settings, member),                           \
	.size = sizeof(((struct settings *)NULL)->member)

struct question_table {
	const struct question *questions;
	size_t count;
};

extern const struct question_table hs_questions_iis, hs_questions_dataminer,
	hs_questions_certero, hs_questions_itms, hs_questions_arcgis;

#endif
