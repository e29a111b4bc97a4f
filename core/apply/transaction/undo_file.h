/*
 * Undoing one file: what may rightly stand at its path, what lies beside it,
 * and how the original gets back.
 */
#ifndef CORE_APPLY_TRANSACTION_UNDO_FILE_H
#define CORE_APPLY_TRANSACTION_UNDO_FILE_H

#include "core/apply/transaction/undo.h"

/* How it went with one file; numbers are in the journal. */
enum undone {
	UNDONE_RESTORED = 1,
	UNDONE_ALREADY = 2,
	UNDONE_CONFLICT = 3,
	UNDONE_FAILED = 4, /* the disk refuses, for now; errno says why */
	UNDONE_KEPT = 5,   /* ours, but a file of the operator's names it */
	UNDONE_LOST = 6,   /* nothing of the original is left to put back */
	UNDONE_THEIRS = 7, /* another's newer work, and ours was never there */
};

/* One path with everything that may rightly stand there. */
struct case_file {
	struct undo *undo;
	size_t index; /* of its first change */
	const struct tx_file *file;
	struct held_dir *dir;
	const char *name;
	struct {
		struct file_sum *items; /* [0]: the original; then ours */
		size_t n, cap;
	} known;
};

/* Opens the file with that index in the ledger, the first of its path. -1 and
 * errno when its directory is gone; known.items is to be freed either way. */
int hs_undo_open(struct undo *undo, size_t index, struct case_file *one);

/* Puts the original back.  `mentions` gathers what the operator's newer files
 * say: whatever of ours they name stays. */
enum undone hs_undo_file(const struct case_file *one, struct str *mentions);

/* Deletes what is still beside the file, now that nobody needs it. */
void hs_undo_sweep_file(const struct case_file *one);

#endif
