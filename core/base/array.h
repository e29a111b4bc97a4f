/*
 * Growing arrays: any struct with the members `items`, `n` and `cap` is one.
 *
 *	struct sites { struct site *items; size_t n, cap; };
 *	HS_PUSH(&sites, site);
 *
 * HS_ARRAY_FREE releases the array itself; what its items own is released by
 * the module that owns the type.
 */
#ifndef CORE_BASE_ARRAY_H
#define CORE_BASE_ARRAY_H

#include "core/base/memory.h"

#define HS_ARRAY(type)                                                         \
	{                                                                      \
		type *items;                                                   \
		size_t n, cap;                                                 \
	}

/* Makes room for one more item; evaluates to a pointer to it (unset). */
#define HS_GROW(array)                                                         \
	({                                                                     \
		__typeof__(array) hs_a = (array);                              \
		if (hs_a->n == hs_a->cap) {                                    \
			hs_a->cap = hs_a->cap ? 2 * hs_a->cap : 2;             \
			hs_a->items = hs_realloc(hs_a->items, hs_a->cap,       \
						 sizeof(*hs_a->items));        \
		}                                                              \
		&hs_a->items[hs_a->n++];                                       \
	})

#define HS_PUSH(array, item) ((void)(*HS_GROW(array) = (item)))

#define HS_ARRAY_FREE(array)                                                   \
	do {                                                                   \
		free((array)->items);                                          \
		(array)->items = NULL;                                         \
		(array)->n = (array)->cap = 0;                                 \
	} while (0)

/* Walks an array: HS_EACH(site, &sites) { use(site->names); } */
#define HS_EACH(item, array)                                                   \
	for (__typeof__(*(array)->items) *item = (array)->items;               \
	     item && item < (array)->items + (array)->n; item++)

/* A list of strings that owns each of them. */
struct strings HS_ARRAY(char *);

/* Adds a copy of `text`. */
void hs_strings_add(struct strings *list, const char *text);
/* Whether `text` is in the list, byte for byte. */
int hs_strings_has(const struct strings *list, const char *text);
/* A deep copy. */
struct strings hs_strings_copy(const struct strings *list);
/* Frees the strings and the list. */
void hs_strings_done(struct strings *list);

#endif
