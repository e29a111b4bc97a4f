/*
 * Edits of a text by byte spans: every byte outside them stays as it is.
 */
#ifndef CORE_CONF_EDIT_H
#define CORE_CONF_EDIT_H

#include "core/base/array.h"
#include "core/base/str.h"

/* At `offset`, `remove` bytes give way to `insert`. */
struct edit {
	int file; /* index of the file, for editors of several */
	size_t offset, remove;
	char *insert; /* owned; may be "" */
};
struct edits HS_ARRAY(struct edit);

void hs_edit_add(struct edits *edits, int file, size_t offset, size_t remove,
		 const char *insert);

/*
 * The text with the edits of `file` made; edits at one offset apply in the
 * order they were added.  Removals may overlap one another; -1 (and nothing)
 * when a new text falls into what another edit takes out.
 */
int hs_edits_apply(const struct edits *edits, int file, const char *bytes,
		   size_t length, struct str *ret_text);

/* Whether any edit is of that file. */
int hs_edits_touch(const struct edits *edits, int file);
void hs_edits_done(struct edits *edits);

#endif
