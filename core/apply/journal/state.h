/*
 * Where state lies and its lock, who is at work, which process that is.
 */
#ifndef CORE_APPLY_JOURNAL_STATE_H
#define CORE_APPLY_JOURNAL_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/error.h"
#include "core/base/root.h"

/* Where state and lock live; outside paths. */
struct state {
	char *directory; /* "/var/lib/https-setup" */
	char *lock;	 /* "/run/https-setup/lock" */
};

/* Below `root`, or `state_dir` for both when it is given. */
void hs_state_init(struct state *state, const struct root *root,
		   const char *state_dir);
void hs_state_done(struct state *state);

/* Takes the lock (flock, never deleted). HS_CANNOT naming who holds it; a
 * watchdog that holds it ends soon, so that is waited for. */
int hs_state_lock(const struct state *state, int *ret_fd,
		  struct error *err) HS_MUST_CHECK;
/* The same, waiting so long for whoever holds it; `by`: whom to name, NULL:
 * us. */
int hs_state_lock_as(const struct state *state, const char *by, int patience_ms,
		     int *ret_fd, struct error *err) HS_MUST_CHECK;
/* Who holds it, to be freed; NULL: nobody, or it cannot be seen. */
char *hs_state_holder(const struct state *state);

enum transaction_state {
	TX_NONE,
	TX_STAGED,   /* nothing live was touched */
	TX_APPLYING, /* interrupted between first and last change */
	TX_AWAITING, /* live, waits for confirm */
	TX_COMMITTED,
	TX_ROLLED_BACK,
	TX_CONFLICT, /* rolled back but for the files named */
};
/* "committed" "awaiting-confirm" "rolled-back" "conflict" "applying" ... */
const char *hs_transaction_word(enum transaction_state state);

/* What the watchdog's signature begins with. */
#define HS_WATCHDOG "the watchdog"

/* Who began something; foreign text is made harmless already. */
struct who {
	char *login;   /* SUDO_USER, else the user's name or number */
	char *tty;     /* or NULL */
	char *ssh;     /* SSH_CONNECTION, or NULL */
	char *boot;    /* boot id of the kernel */
	bool remote;   /* over a network, or it cannot be told */
	int64_t since; /* of the login, in clock ticks since boot; 0: unknown */
	int64_t uid, pid;
	int64_t started; /* of that process, in clock ticks since boot */
};
void hs_who_am_i(struct who *ret_who);
/* Whether that process runs still, not another one with its number, and holds a
 * lock. */
bool hs_who_is_at_work(const struct who *who);
/* "ada on pts/3 from 192.0.2.7", to be freed. */
char *hs_who_text(const struct who *who);
/* The same of whoever runs this process. */
char *hs_who_me(void);
void hs_who_done(struct who *who);

/* Seconds of the clock that goes on while the machine sleeps. */
long long hs_state_boottime(void);
/* The id of this boot, to be freed; NULL when the kernel does not say. */
char *hs_state_boot(void);

/* The directories of transactions, open. */
struct state_dirs {
	int top, tx, done;
};
/* Makes what is missing (0700) when `make`; else absent ones are -1 and 0 is
 * returned. HS_CANNOT. */
int hs_state_dirs_open(const struct state *state, bool make,
		       struct state_dirs *ret_dirs,
		       struct error *err) HS_MUST_CHECK;
void hs_state_dirs_close(struct state_dirs *dirs);
#define hs_auto_state_dirs HS_CLEANUP(hs_state_dirs_close)

/* The transactions in tx or done, oldest first, by the number in their ids. -1
 * and errno when they cannot be listed (none are, then). */
int hs_state_ids(int dir, struct strings *ret_ids);
unsigned hs_state_sequence(const char *id);

/* Whether tx/ holds anything: cheap, for every start. */
bool hs_state_is_pending(const struct state *state);

/* Whether a watchdog is at work on the transaction in that directory: it holds
 * the lock of the file "watch" there. */
bool hs_state_is_watched(int dir);

/* Moves a transaction between tx/ and done/. Filing away need not be durable:
 * recovery does it again. */
int hs_state_move(int from, int to, const char *id, bool durable,
		  struct error *err) HS_MUST_CHECK;

/*
 * The tree that a transaction's paths are in: "" while the state lies in that
 * tree itself (wherever it is mounted today), else the tree's path, so that
 * with --state-dir nobody undoes it in another tree.  To be freed.
 */
char *hs_state_tree(const struct state *state, const struct root *root);

#endif
