/*
 * What the parts of the transaction share: transaction.c (its life),
 * begin.c (checks), stage.c (staging), recover.c (after a crash, and undoing
 * later).
 */
#ifndef CORE_APPLY_TX_H
#define CORE_APPLY_TX_H

#include "core/apply/ledger.h"
#include "core/apply/state.h"
#include "core/apply/transaction.h"
#include "core/apply/undo.h"

struct transaction {
	const struct root *root;
	const struct plan *plan;
	struct state_dirs dirs;
	struct ledger ledger;
	struct journal journal;
	struct held_dirs held;
	int dir;       /* tx/<id> */
	char *backups; /* path of its bak/ once it is filed away */
};

/* HS_REFUSED server.changed-on-disk, with what to do. */
int hs_tx_changed_on_disk(const char *path, struct error *err);

/* Makes directories, backups and staged files of every phase, all flushed. */
int hs_tx_stage(struct transaction *tx, struct error *err) HS_MUST_CHECK;

/* Readies the undoing of a transaction of this process. */
void hs_tx_undo(struct transaction *tx, struct conflicts *conflicts,
		struct undo *ret_undo);

/* Deletes tx/<id>, as far as it can be. */
void hs_tx_discard(int tx, const char *id);

void hs_tx_server_copy(const struct tx_server *from,
		       struct tx_server *ret_copy);

/* The servers of transactions that were taken back: to be reloaded. */
struct tx_servers HS_ARRAY(struct tx_server);
void hs_tx_servers_done(struct tx_servers *servers);

/* hs_transactions_recover(), which also tells the servers. */
int hs_tx_recover(const struct state *state, const struct root *root,
		  struct strings *ret_ids, struct conflicts *ret_conflicts,
		  struct tx_servers *ret_servers,
		  struct error *err) HS_MUST_CHECK;

#endif
