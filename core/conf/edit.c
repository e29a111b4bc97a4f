/* Edits of a text by byte spans. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/conf/edit.h"

void hs_edit_add(struct edits *edits, int file, size_t offset, size_t remove,
		 const char *insert)
{
	struct edit edit = {
		.file = file,
		.offset = offset,
		.remove = remove,
		.insert = hs_strdup(insert),
	};

	HS_PUSH(edits, edit);
}

int hs_edits_touch(const struct edits *edits, int file)
{
	HS_EACH(edit, edits) {
		if (edit->file == file)
			return 1;
	}
	return 0;
}

void hs_edits_done(struct edits *edits)
{
	HS_EACH(edit, edits)
		free(edit->insert);
	HS_ARRAY_FREE(edits);
}

/* The order of offsets; at one offset the order of adding, which is the order
 * of addresses in the array of edits. */
static int compare_edits(const void *a, const void *b)
{
	const struct edit *left = *(const struct edit *const *)a;
	const struct edit *right = *(const struct edit *const *)b;

	if (left->offset != right->offset)
		return left->offset < right->offset ? -1 : 1;
	return left < right ? -1 : left > right;
}

static size_t collect_edits(const struct edits *edits, int file,
			    const struct edit **ret_sorted)
{
	size_t n = 0;

	HS_EACH(edit, edits) {
		if (edit->file == file)
			ret_sorted[n++] = edit;
	}
	qsort(ret_sorted, n, sizeof(*ret_sorted), compare_edits);
	return n;
}

/* The untouched text goes on at `at`; the last bytes taken out of it are those
 * from `start`, by removals alone while `pure`. */
struct splice {
	size_t start, at;
	bool pure;
};

/* Whether the edit begins inside of what is gone already and cannot.  Removals
 * may overlap one another: what is gone is gone. A new text inside of what
 * another edit takes out has no place to be. */
static bool collides(const struct splice *splice, const struct edit *edit)
{
	if (edit->offset >= splice->at)
		return false;
	if (edit->remove)
		return *edit->insert || !splice->pure;
	return edit->offset != splice->start;
}

static void make_edit(struct splice *splice, const struct edit *edit,
		      const char *bytes, struct str *text)
{
	size_t end = edit->offset + edit->remove;

	if (edit->offset >= splice->at) {
		hs_str_add(text, bytes + splice->at, edit->offset - splice->at);
		splice->start = splice->at = edit->offset;
		splice->pure = true;
	}
	hs_str_puts(text, edit->insert);
	if (end > splice->at)
		splice->at = end;
	if (edit->remove && *edit->insert)
		splice->pure = false;
}

int hs_edits_apply(const struct edits *edits, int file, const char *bytes,
		   size_t length, struct str *ret_text)
{
	hs_auto_free const struct edit **sorted =
		hs_alloc((edits->n + 1) * sizeof(*sorted));
	size_t n = collect_edits(edits, file, sorted);
	struct splice splice = {.pure = true};
	hs_auto_str struct str text = {0};

	for (size_t i = 0; i < n; i++) {
		const struct edit *edit = sorted[i];

		if (edit->offset > length ||
		    edit->remove > length - edit->offset ||
		    collides(&splice, edit))
			return -1;
		make_edit(&splice, edit, bytes, &text);
	}
	hs_str_add(&text, bytes + splice.at, length - splice.at);
	*ret_text = text;
	text = (struct str){0};
	return 0;
}
