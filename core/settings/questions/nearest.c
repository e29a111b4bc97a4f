#include "core/settings/questions/nearest.h"

#include <string.h>

/* Longer words are no slips of a finger any more. */
enum { LETTERS_MAX = 48 };

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

size_t hs_word_distance(const char *one, const char *other)
{
	size_t rows = strlen(one), columns = strlen(other);
	size_t row[LETTERS_MAX + 1];

	if (rows > LETTERS_MAX || columns > LETTERS_MAX)
		return LETTERS_MAX;
	for (size_t j = 0; j <= columns; j++)
		row[j] = j;
	for (size_t i = 1; i <= rows; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= columns; j++) {
			size_t above = row[j];
			size_t change = one[i - 1] != other[j - 1];

			row[j] = smallest(above + 1, row[j - 1] + 1,
					  diagonal + change);
			diagonal = above;
		}
	}
	return row[columns];
}

struct nearest_word hs_nearest(const char *word)
{
	return (struct nearest_word){
		.word = word,
		.distance = 2 + strlen(word) / 3,
	};
}

void hs_nearest_try(struct nearest_word *nearest, const char *candidate)
{
	size_t distance = hs_word_distance(nearest->word, candidate);

	if (distance < nearest->distance) {
		nearest->distance = distance;
		nearest->best = candidate;
	}
}
