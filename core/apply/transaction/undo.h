/*
 * Takes a transaction back from its ledger alone: pure file operations, safe
 * to be cut off and begun again at any point.  For each file: ours becomes
 * the original again, the original stays, and anything else is the operator's
 * newer work: it stays too, and is reported where it may stand on ours.
 */
#ifndef CORE_APPLY_TRANSACTION_UNDO_H
#define CORE_APPLY_TRANSACTION_UNDO_H

#include "core/apply/journal/ledger.h"

/* What a transaction on disk is worked on with. */
struct undo {
	const struct root *root;
	const struct ledger *ledger;
	struct journal *journal; /* records are added to it */
	int dir;		 /* of the transaction */
	const char *backups;	 /* path of its bak/, for reports */
	struct held_dirs dirs;
	struct conflicts *conflicts;
	/* Nothing of it went live, which only who made it can know: after a
	 * power cut the journal may not. */
	bool is_untouched;
	bool touched;  /* something live was put back */
	bool is_back;  /* each step was made */
	bool ended;    /* and that is in the journal */
	bool littered; /* something beside the files could not be deleted: it
			  stays in tx/, so that the next recovery tries again */
};

/* 0 when everything is as it was; -1 HS_CONFLICT with the conflicts added, or
 * where the disk refuses: then it has not ended, and can be begun again.
 * Writes RB_BEGIN ... RB_END. */
int hs_undo(struct undo *undo, struct error *err) HS_MUST_CHECK;
void hs_undo_done(struct undo *undo);

/* After the end, kept or taken back: what lies beside the files is not needed
 * any more. */
void hs_undo_sweep(struct undo *undo);

void hs_conflicts_add(struct conflicts *conflicts, const char *path,
		      const char *backup);

#endif
