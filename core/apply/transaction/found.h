/*
 * One transaction as it is found on the disk, for those who work from its
 * journal alone: recover.c (after a crash), decide.c (what waits), later.c
 * (undoing what was kept).
 */
#ifndef CORE_APPLY_TRANSACTION_FOUND_H
#define CORE_APPLY_TRANSACTION_FOUND_H

#include "core/apply/transaction/tx.h"

struct found {
	const struct state *state;
	const struct root *root;
	struct state_dirs *dirs;
	const char *id;
	int dir; /* -1: not open */
	struct ledger ledger;
	const char *by; /* on whose behalf */
	bool is_clean;	/* taken back, and nothing of it lies about */
	bool touched;	/* by that */
	struct conflicts *conflicts;
};

/* Opens it in tx/ or done/ and reads its journal. */
int hs_found_open(struct found *found, int place,
		  struct error *err) HS_MUST_CHECK;
void hs_found_close(struct found *found);
#define hs_auto_found HS_CLEANUP(hs_found_close)

/* "STATE/tx/ID/journal", to be freed. */
char *hs_found_place(const struct found *found, const char *place,
		     const char *what);

/* Whether this version knows it and it is about this tree; HS_CONFLICT,
 * HS_CANNOT. */
int hs_found_check_ours(const struct found *found,
			struct error *err) HS_MUST_CHECK;

/* Undoes it where it lies (in tx/); hs_tx_file_taken() files it away. */
int hs_found_take_back(struct found *found, enum why why,
		       struct error *err) HS_MUST_CHECK;
/* It came to its end: what lies about is deleted. */
void hs_found_sweep(struct found *found);
/* And it is filed away. */
int hs_found_finish(struct found *found, struct error *err) HS_MUST_CHECK;

/* What has to be done for it once it is taken back. */
void hs_found_tell(const struct found *found, enum why why,
		   struct tx_taken *ret_taken);

#endif
