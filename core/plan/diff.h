/*
 * Unified diff of two texts (the format of diff -u, 3 lines of context; POSIX
 * diff(1)): fit for patch(1) and byte-exact, "\ No newline at end of file"
 * included.  Linear where the texts are equal (Myers' O(ND) for the rest).
 */
#ifndef CORE_PLAN_DIFF_H
#define CORE_PLAN_DIFF_H

#include "core/base/str.h"
#include "core/plan/plan.h"

/* The diff of two byte strings under `path`; NULL means /dev/null. Appends
 * nothing when they are equal. */
void hs_diff(const char *path, const char *before, size_t before_length,
	     const char *after, size_t after_length, struct str *ret_diff);

/* The diff of a change; a secret yields one line that says so. */
void hs_diff_change(const struct change *change, struct str *ret_diff);

/* How many lines a change adds and removes. */
void hs_diff_count(const struct change *change, int *ret_added,
		   int *ret_removed);

#endif
