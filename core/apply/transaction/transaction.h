/*
 * The transaction: the one way a plan reaches the disk.
 *
 *	journal > stage > trial > commit > activate > probe > await > done
 *	                     any failure: rollback, and it is verified too
 *
 * State lives in `state_dir` (0700): `lock` is in the run directory, each
 * transaction in tx/<id>/ (journal, bak/), finished ones are renamed to
 * done/<id>/.  Every record is on disk before its effect (write-ahead).
 * Recovery only moves files: it parses no configuration and asks no server.
 * A file that is neither ours nor the original is a conflict: it stays, and
 * both versions are named.
 */
#ifndef CORE_APPLY_TRANSACTION_TRANSACTION_H
#define CORE_APPLY_TRANSACTION_TRANSACTION_H

#include <stdbool.h>
#include <time.h>

#include "core/apply/journal/event.h"
#include "core/apply/journal/state.h"
#include "core/apply/journal/subject.h"
#include "core/base/array.h"
#include "core/base/error.h"
#include "core/base/root.h"
#include "core/plan/plan.h"
#include "core/server/server.h"

/* One file of a transaction that could not be put back. */
struct conflict {
	char *path;   /* the operator's newer version stays here */
	char *backup; /* the version from before the transaction */
};
struct conflicts HS_ARRAY(struct conflict);

/* Begun by hs_transaction_begin(); one at a time per process. */
struct transaction;

/*
 * Opens a transaction for the plan: checks that every `before` is still what
 * is on disk (HS_REFUSED server.changed-on-disk), that every target can be
 * replaced (regular file, one link, directory writable, not immutable), makes
 * id, directory, backups and the staged files of every phase, all on the disk
 * when this returns.  When it fails nothing is left of it.
 * `title` is for history: "www.example.test on nginx".  The lock is held by
 * the caller; root and plan must outlive the transaction.
 */
int hs_transaction_begin(const struct state *state, const struct root *root,
			 const struct plan *plan, const char *title,
			 const struct tx_server *server,
			 struct transaction **ret_transaction,
			 struct error *err) HS_MUST_CHECK;

const char *hs_transaction_id(const struct transaction *transaction);

/* The staged files of a phase, for the server's trial. */
void hs_transaction_staged(const struct transaction *transaction,
			   enum change_phase phase,
			   struct staged_files *ret_files);
void hs_staged_files_done(struct staged_files *files);

/* Makes the changes of one phase live, after a last look whether all is still
 * as staged: each by exchange, the swapped-out file hashed (HS_REFUSED
 * server.changed-on-disk puts it back). On -1 the caller calls
 * hs_transaction_rollback(). */
int hs_transaction_commit(struct transaction *transaction,
			  enum change_phase phase,
			  struct error *err) HS_MUST_CHECK;

/* Journals that it is live and waits until `deadline` (boot time clock). */
int hs_transaction_await(struct transaction *transaction, int seconds,
			 struct error *err) HS_MUST_CHECK;

/* Ends it for good: durable before this returns. */
int hs_transaction_finish(struct transaction *transaction,
			  struct error *err) HS_MUST_CHECK;

/* Takes everything back, verifies it by hash, ends the transaction as rolled
 * back or conflict.  0 when every byte is back. */
int hs_transaction_rollback(struct transaction *transaction,
			    struct conflicts *ret_conflicts,
			    struct error *err) HS_MUST_CHECK;

/* Frees memory only; what is on disk stays for recovery. */
void hs_transaction_free(struct transaction *transaction);

/* One file of it: SHA-256 of its bytes, "" where there was none; NULL: a
 * secret. */
struct transaction_file {
	char *path, *before, *after;
};
struct transaction_files HS_ARRAY(struct transaction_file);

/* One line of history, or what is waiting. */
struct transaction_entry {
	char *id, *title;
	enum transaction_state state;
	time_t begun;
	char *who; /* login or SUDO_USER, with tty and address if known */
	struct strings paths; /* that it changed */
	long long deadline;   /* boot-time seconds of an awaiting one, else 0 */
	struct transaction_files files;
	struct events events; /* how it ended, and later ends */
	bool waits;	      /* to be confirmed, and still may */
	int left;	      /* seconds, of one that waits */
	int tries;	      /* wrong codes that may still be given */
	bool strict;	      /* kept only from a new login, or on a console */
	bool watched;	      /* its watchdog is alive */
};
struct transaction_entries HS_ARRAY(struct transaction_entry);

/* Every transaction, newest first; unreadable journals are reported as
 * conflict entries, never fatal. */
int hs_transactions_list(const struct state *state,
			 struct transaction_entries *ret_entries,
			 struct error *err) HS_MUST_CHECK;
/* Only those that wait, are at work or were cut off: cheap. */
int hs_transactions_open(const struct state *state,
			 struct transaction_entries *ret_entries,
			 struct error *err) HS_MUST_CHECK;
void hs_transaction_entry_done(struct transaction_entry *entry);
void hs_transaction_entries_done(struct transaction_entries *entries);

/* Undoes the finished transaction `id` (NULL: the last committed one). The
 * server it was about goes to `ret_server` for the reload. */
int hs_transaction_undo(const struct state *state, const struct root *root,
			const char *id, struct conflicts *ret_conflicts,
			char **ret_id, struct tx_server *ret_server,
			struct error *err) HS_MUST_CHECK;

/* Finishes or undoes what a crash left (unfinished transactions whose owner is
 * gone); *ret_ids names them.  Also cleans stale staged files. */
int hs_transactions_recover(const struct state *state, const struct root *root,
			    struct strings *ret_ids,
			    struct conflicts *ret_conflicts,
			    struct error *err) HS_MUST_CHECK;

void hs_conflicts_done(struct conflicts *conflicts);

#endif
