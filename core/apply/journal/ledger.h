/*
 * The ledger: what a journal says about its transaction, as plain data.  It is
 * filled from a plan when a transaction begins and from the disk when one is
 * listed, undone or recovered; undoing needs nothing else.
 */
#ifndef CORE_APPLY_JOURNAL_LEDGER_H
#define CORE_APPLY_JOURNAL_LEDGER_H

#include "core/apply/journal/event.h"
#include "core/apply/journal/journal.h"
#include "core/apply/journal/state.h"
#include "core/apply/journal/subject.h"
#include "core/apply/journal/terms.h"
#include "core/apply/writer.h"
#include "core/plan/plan.h"

/* One change of one file. */
struct tx_file {
	enum change_kind kind;
	enum change_phase phase;
	bool secret;
	char *path; /* as seen from inside the root */
	struct file_sum before, after;
	struct file_meta meta; /* of the original; of a new file: its own */
	char *link;  /* target of the link that was or will be there */
	long backup; /* number of its copy in bak/, -1: none */
	long first;  /* index of the first change of the same path */
	/* SHA-256 of the bytes, "" of what was not there; NULL: secret. */
	char *hash_before, *hash_after;
};
struct tx_files HS_ARRAY(struct tx_file);

struct ledger {
	char *id, *title, *tree; /* tree: the root it belongs to, see state.h */
	char *version;		 /* of the program that wrote it */
	struct who who;
	time_t begun;
	unsigned char salt[HS_SALT_SIZE];
	struct tx_server server;
	struct strings dirs; /* made by it, parents first */
	struct tx_files files;
	struct tx_ports ports;

	/* How far it came. */
	bool prepared, intended, committed, awaiting;
	bool rolling_back, rolled_back, conflict;
	long long deadline; /* boot-time seconds */
	struct terms terms;
	int tries; /* wrong codes so far */
	struct before seen;
	struct events events;
	struct events looks; /* ahead of any event; only what they said */
	bool damaged;	     /* records are missing in the middle */
	bool too_new;	     /* written by a later version of this program */

	/* Where to go on writing. */
	off_t end;
	uint32_t sequence;
};

/* Reads `journal` in the directory. -1 (HS_CONFLICT) when its first record is
 * unreadable: nothing is known then and nothing may be touched. */
int hs_ledger_read(int dir, struct ledger *ret_ledger,
		   struct error *err) HS_MUST_CHECK;
void hs_ledger_done(struct ledger *ledger);
#define hs_auto_ledger HS_CLEANUP(hs_ledger_done)

enum transaction_state hs_ledger_state(const struct ledger *ledger);
/* Whether it still waits to be confirmed: in this boot, and in time. */
bool hs_ledger_waits(const struct ledger *ledger);

/* Its first records: BEGIN, DIR..., FILE... */
void hs_ledger_write(const struct ledger *ledger, struct journal *journal);

/* The name beside `path` that holds the new content before and the old one
 * after the exchange; `suffix` "" or ".rb" ".part". To be freed. */
char *hs_ledger_aside(const struct ledger *ledger, size_t file,
		      const char *suffix);

#endif
