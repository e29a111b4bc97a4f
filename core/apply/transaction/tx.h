/*
 * What the parts of the transaction share: transaction.c (its life),
 * begin.c (checks), stage.c (staging), recover.c (after a crash, and undoing
 * later).
 */
#ifndef CORE_APPLY_TRANSACTION_TX_H
#define CORE_APPLY_TRANSACTION_TX_H

#include "core/apply/journal/ledger.h"
#include "core/apply/journal/state.h"
#include "core/apply/transaction/transaction.h"
#include "core/apply/transaction/undo.h"

struct transaction {
	const struct root *root;
	const struct plan *plan;
	struct state_dirs dirs;
	struct ledger ledger;
	struct journal journal;
	struct held_dirs held;
	int dir;       /* tx/<id> */
	char *backups; /* path of its bak/ once it is filed away */
	bool is_ended; /* rolled back, as far as it goes */
	bool is_clean; /* rolled back, and nothing of it lies about */
	bool is_told;  /* it touched something: for the history */
};

/* HS_REFUSED server.changed-on-disk, with what to do. */
int hs_tx_changed_on_disk(const char *path, struct error *err);

/* Makes directories, backups and staged files of every phase, all flushed. */
int hs_tx_stage(struct transaction *tx, struct error *err) HS_MUST_CHECK;

/* Readies the undoing of a transaction of this process. */
void hs_tx_undo(struct transaction *tx, struct conflicts *conflicts,
		struct undo *ret_undo);

/* hs_transaction_rollback() in two: its files, and its place in tx/. */
int hs_tx_roll_back(struct transaction *tx, struct conflicts *ret_conflicts,
		    struct error *err) HS_MUST_CHECK;
void hs_tx_put_away(struct transaction *tx);

/* Deletes tx/<id>, as far as it can be. */
void hs_tx_discard(int tx, const char *id);

/* What is told behind a change, in the journal: who ended it and why (with
 * the record that does), what a look said, what was answered before it, under
 * which terms it waits. */
void hs_tx_because(struct transaction *tx, enum why why, const char *who);
void hs_tx_checked(struct transaction *tx, enum checked checked,
		   const char *detail);
void hs_tx_remember(struct transaction *tx, const struct before *before);
void hs_tx_set_terms(struct transaction *tx, const struct terms *terms);

/* A transaction that was ended from its journal: what to load again, what to
 * look at. */
struct tx_taken {
	char *id;
	struct tx_server server;
	struct before seen;
	enum transaction_state state; /* as it is now */
	enum why why;
	bool touched; /* something live was put back */
	bool to_file; /* its place in tx/ is over */
};
struct tx_takens HS_ARRAY(struct tx_taken);
void hs_tx_taken_done(struct tx_taken *taken);
void hs_tx_takens_done(struct tx_takens *takens);

/* Files it away: only after its server was loaded again, since a transaction
 * in tx/ is what tells the next one that this is still to be done. */
void hs_tx_file_taken(const struct state *state, const struct tx_taken *taken);

/* hs_transactions_recover() on behalf of `by`, which also tells what it took
 * back.  What waits to be confirmed, and may, is left alone. */
int hs_tx_recover(const struct state *state, const struct root *root,
		  const char *by, struct strings *ret_ids,
		  struct conflicts *ret_conflicts, struct tx_takens *ret_takens,
		  struct error *err) HS_MUST_CHECK;

/*
 * Ends the transaction in tx/<id> as `why` says: WHY_CONFIRMED keeps it, all
 * else takes it back.  One that has come to its end already stays as it is,
 * and ret_taken->state says how.  The lock is the caller's, so whoever comes
 * first decides.
 */
int hs_tx_decide(const struct state *state, const struct root *root,
		 const char *id, enum why why, const char *by,
		 struct conflicts *ret_conflicts, struct tx_taken *ret_taken,
		 struct error *err) HS_MUST_CHECK;

/* hs_transaction_undo() on behalf of `by`. */
int hs_tx_undo_later(const struct state *state, const struct root *root,
		     const char *id, const char *by,
		     struct conflicts *ret_conflicts,
		     struct tx_taken *ret_taken,
		     struct error *err) HS_MUST_CHECK;

/* Reads the journal of a transaction wherever it lies; *ret_filed: in done/.
 * HS_CANNOT when there is none. */
int hs_tx_read(const struct state *state, const char *id,
	       struct ledger *ret_ledger, bool *ret_filed,
	       struct error *err) HS_MUST_CHECK;
/* Adds a record to it, on the disk when this returns. */
int hs_tx_note(const struct state *state, const char *id, enum record_type type,
	       const struct str *payload, struct error *err) HS_MUST_CHECK;

/*
 * Deletes the backups of finished transactions that nobody will want back:
 * older than 90 days, and not among the last 20.  Private keys among them are
 * overwritten first.  Their journals stay, for the history.
 */
void hs_tx_retire(const struct state *state);

#endif
