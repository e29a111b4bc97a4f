#include "core/base/array.h"

#include <string.h>

void hs_strings_add(struct strings *list, const char *text)
{
	HS_PUSH(list, hs_strdup(text));
}

int hs_strings_has(const struct strings *list, const char *text)
{
	HS_EACH(item, list) {
		if (!strcmp(*item, text))
			return 1;
	}
	return 0;
}

struct strings hs_strings_copy(const struct strings *list)
{
	struct strings copy = {0};

	HS_EACH(item, list)
		hs_strings_add(&copy, *item);
	return copy;
}

void hs_strings_done(struct strings *list)
{
	HS_EACH(item, list)
		free(*item);
	HS_ARRAY_FREE(list);
}
