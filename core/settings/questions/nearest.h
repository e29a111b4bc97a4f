/*
 * The nearest word: what somebody who typed `word` probably meant.
 */
#ifndef CORE_SETTINGS_QUESTIONS_NEAREST_H
#define CORE_SETTINGS_QUESTIONS_NEAREST_H

#include <stddef.h>

/* Letters to add, remove or change to make one word of the other. */
size_t hs_word_distance(const char *one, const char *other);

/* Keeps the nearest of the words it is shown. */
struct nearest_word {
	const char *word; /* that is looked for */
	const char *best; /* so far; NULL: none was near enough */
	size_t distance;
};

/* Starts a search: a word counts as near within a third of its letters. */
struct nearest_word hs_nearest(const char *word);
/* Looks at one candidate, which must outlive the search. */
void hs_nearest_try(struct nearest_word *nearest, const char *candidate);

#endif
