/*
 * What the parts of the job share: job.c (looking, judging, planning), look.c
 * (the host), apply.c, trial.c (the trial start), verify.c (the live site),
 * undo.c.
 */
#ifndef CORE_APPLY_JOB_PARTS_H
#define CORE_APPLY_JOB_PARTS_H

#include <signal.h>

#include "core/apply/job/job.h"
#include "core/apply/transaction/tx.h"
#include "core/server/server.h"

/* The ops of the chosen server, or NULL. */
const struct server_ops *hs_job_server(const struct job *job);

/* Finds out who listens on the settings' ports, if somebody does. */
void hs_job_name_programs(struct job *job);

/* Notes which of them a process holds; 0: each of every process. */
void hs_job_claim_listeners(struct facts *facts, pid_t pid);

/* Adds findings about SSH, where a firewall decides. */
void hs_job_note_doors(struct job *job);
/* Adds findings about what others have beside the files of the plan. */
void hs_job_note_others(struct job *job);

/* What is probed of one site. */
struct live {
	const struct site *site;
	char *name; /* to ask it for */
	struct probe_targets targets;
};
void hs_job_live_init(const struct job *job, const struct site *site,
		      struct live *ret_live);
void hs_job_live_done(struct live *live);
#define hs_auto_live HS_CLEANUP(hs_job_live_done)

/* Waits until each target sends this leaf; -1 HS_FAILED. */
int hs_job_await_leaf(const struct live *live, const unsigned char *leaf,
		      struct error *err) HS_MUST_CHECK;

/* Probes and judges: facts.probes and *ret_findings. With `hsts` false the
 * header is not expected yet. */
int hs_job_probe(struct job *job, const struct live *live, bool hsts,
		 struct findings *ret_findings,
		 struct error *err) HS_MUST_CHECK;

/* What applying carries along. */
struct applying {
	struct job *job;
	const struct server_ops *ops;
	job_progress *progress;
	void *context;
	struct job_outcome *outcome;
	struct transaction *tx;
	sigset_t signals;     /* to be let through again afterwards */
	bool live;	      /* the server runs here: reload and probe */
	bool ported;	      /* a firewall was touched */
	bool watched;	      /* a watchdog was started */
	struct before before; /* what was answered */
	int64_t begun;	      /* clock ticks since boot */
};

/* Proves phase by phase what is served now; fills outcome->live. */
int hs_job_prove(struct applying *applying, bool hsts,
		 struct error *err) HS_MUST_CHECK;
/* The same with one look, at what a trial start serves: without HSTS. */
int hs_job_prove_once(struct applying *applying, const struct live *live,
		      struct error *err) HS_MUST_CHECK;
/* Has the server started on trial with those files.  -1 where it does not do
 * there what it should; *ret_untried is a sentence that says why it was not
 * tried (to be freed), or NULL. */
int hs_job_try_start(struct applying *applying,
		     const struct staged_files *files, char **ret_untried,
		     struct error *err) HS_MUST_CHECK;
/* Notes what is answered before the change, to be proved after a rollback. */
void hs_job_remember(struct applying *applying);
/* Waits until it is answered again; HS_CONFLICT. */
enum {
	BEFORE_MS = 10000,	 /* for old workers to go */
	BEFORE_BRIEFLY_MS = 500, /* where it need not become so */
};
int hs_job_is_as_before(const struct before *before, int patience_ms,
			struct error *err) HS_MUST_CHECK;
/* The same, but that it answers at all. */
int hs_job_answers(const struct before *before,
		   struct error *err) HS_MUST_CHECK;
/* Whether what was answered before a transaction can be expected again when it
 * is undone: not where a later one stands, or an earlier one was undone. */
bool hs_job_before_holds(const struct job *job, const char *id);
/* The site that is looked at closely, or NULL. */
const struct site *hs_job_main_site(const struct job *job);
/* Whether a renewal gives that site its certificate. */
bool hs_job_is_renewed(const struct job *job, const struct site *site);
bool hs_job_is_served(const struct applying *applying);

/* HS_FAILED when a signal waits. */
int hs_job_check_interrupted(struct error *err) HS_MUST_CHECK;

/* Whether a signal that ends programs waits for us. */
bool hs_job_is_interrupted(void);

/* Pause between two tries, growing from a few milliseconds. */
void hs_job_pause(int tries);

/* Whether that server runs here. */
bool hs_job_is_running(const struct job *job, const struct tx_server *server);

/* Loads the server of a transaction that was taken back, if it runs here and
 * its own test passes; fails with "the files are back, but ...". */
int hs_job_reload_after(const struct job *job, const struct tx_taken *taken,
			struct error *err) HS_MUST_CHECK;
/* Before the first change somebody else must be there to take it back: called
 * early, since that takes a moment, and awaited late.  HS_CANNOT only where
 * the change is to be confirmed. */
int hs_job_call_watchdog(struct applying *applying,
			 struct error *err) HS_MUST_CHECK;
int hs_job_await_watchdog(const struct applying *applying,
			  struct error *err) HS_MUST_CHECK;
/* From here on it waits, under terms that are in the journal. */
int hs_job_await(struct applying *applying, int seconds,
		 struct error *err) HS_MUST_CHECK;
/* hs_job_recover() under a lock that is held. */
int hs_job_recover_locked(struct job *job, struct strings *ret_ids,
			  struct conflicts *ret_conflicts,
			  struct error *err) HS_MUST_CHECK;
/* Loads the server that a transaction which was taken back is about, looks at
 * it, and notes in the journal what came of that; *ret_verified: it runs, and
 * answers as it should. */
int hs_job_settle(struct job *job, const struct tx_taken *taken,
		  bool *ret_verified, struct error *err) HS_MUST_CHECK;
/* Only looks and notes. */
int hs_job_check_taken(struct job *job, const struct tx_taken *taken,
		       bool *ret_verified, struct error *err) HS_MUST_CHECK;
/* Tells the system's log; `by` NULL: whoever runs this. */
void hs_job_audit_end(const char *id, enum why why, const char *by,
		      enum transaction_state state);

#endif
