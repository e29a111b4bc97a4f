/*
 * Which lines of two texts belong together: E. Myers, "An O(ND) Difference
 * Algorithm and Its Variations" (1986), in its linear-space form.  Lines that
 * stand on one side only are left out beforehand, and where the texts have
 * next to nothing in common the search gives up the shortest answer for a
 * good one, so that it never takes long.
 */
#ifndef CORE_PLAN_DIFF_LINES_H
#define CORE_PLAN_DIFF_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct line {
	const char *start;
	size_t length; /* with its line end, if it has one */
};

/* One side: its lines, and which of them have no partner on the other. */
struct side {
	struct line *lines;
	size_t n;
	bool *changed; /* n + 1 of them, the last is false */
};

/* Cuts `length` bytes into lines; hs_side_done() frees. */
void hs_side_split(struct side *ret_side, const char *bytes, size_t length);
void hs_side_done(struct side *side);

bool hs_line_is_same(const struct line *a, const struct line *b);

/* Sets `changed` on both sides. */
void hs_side_match(struct side *before, struct side *after);

#endif
