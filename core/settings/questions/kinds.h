/*
 * What each kind of question does with its answer: one row of functions a
 * kind.  Only the rest of this room needs it.
 */
#ifndef CORE_SETTINGS_QUESTIONS_KINDS_H
#define CORE_SETTINGS_QUESTIONS_KINDS_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/str.h"
#include "core/settings/questions/questions.h"

struct kind_ops {
	/* Takes the answer over into its field (adds to it when `more`).
	 * HS_USAGE with a hint when it is no value of this kind. */
	int (*take)(const struct question *question, struct settings *settings,
		    const char *text, bool more, struct error *err);
	/* The answer as take() would take it; nothing while it is open. */
	void (*show)(const struct question *question, const void *field,
		     struct str *ret_text);
	/* Makes the field of a copied struct its own; NULL: a plain value. */
	void (*own)(void *field);
	/* Frees and empties the field; NULL: a plain value. */
	void (*clear)(void *field);
};

const struct kind_ops *hs_question_kind(enum question_kind kind);

/* Where the answer lives. */
void *hs_question_field(const struct question *question,
			struct settings *settings);

#endif
