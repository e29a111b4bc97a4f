/*
 * One job, as every face drives it: look, judge, plan, apply.  The faces
 * (wizard, plain, answers, flags) only differ in how the settings come about
 * and how results are shown.
 */
#ifndef CORE_APPLY_JOB_JOB_H
#define CORE_APPLY_JOB_JOB_H

#include "core/apply/transaction/transaction.h"
#include "core/plan/plan.h"
#include "core/settings/rules/rules.h"

/* What a job is about to plan. */
enum job_kind { JOB_ENABLE, JOB_DISABLE, JOB_RENEW };

struct job_options {
	const char *state_dir; /* --state-dir, or NULL */
	const char *cert_dir;  /* --cert-dir, or NULL */
	const char *ca;	       /* --ca, or NULL */
	int timeout_ms;	       /* --timeout for probes; 0: 5000 */
	/* With reading and with the resolver, or NULL. */
	const struct cert_patience *patience;
	/* Where this program can be run from again, as the watchdog; NULL:
	 * without one ("/proc/self/exe"). */
	const char *program;
	/* Whoever may write may keep it, from wherever: scripts, the demo. */
	bool confirm_anywhere;
	bool no_trial; /* without a trial start of the server */
};

struct job {
	struct job_options options;
	struct root root;
	struct state state;
	struct settings settings;
	struct facts facts;
	struct findings findings;
	struct plan plan;
	char *waiting;	    /* id of what it made and nobody ended yet */
	int lock;	    /* its descriptor, or -1 */
	enum job_kind kind; /* of the plan */
	bool tested;	    /* the server's own test was run, once a job */
	bool activated;	    /* the server was reloaded with the plan */
};

/* Opens the root named by the settings (moved into the job). */
int hs_job_open(struct job *job, const struct job_options *options,
		struct settings *settings, struct error *err) HS_MUST_CHECK;
void hs_job_close(struct job *job);

/* Looks at the host: servers, sites, products, firewalls, ports. */
int hs_job_look(struct job *job, struct error *err) HS_MUST_CHECK;

/* Reads the certificate the settings name (again). */
int hs_job_read_certificate(struct job *job, struct error *err) HS_MUST_CHECK;

/* Completes the settings and runs the rules; cheap, after each answer.
 * The resolver is not asked here (hs_job_resolve()). */
void hs_job_judge(struct job *job);

/* Asks the resolver for the name, bounded by the probe time limit and by the
 * patience of the options. */
void hs_job_resolve(struct job *job);

/* Makes the plan (replaces job->plan). What a server finds in the way becomes
 * a finding; returns -1 with HS_REFUSED then. */
int hs_job_plan(struct job *job, enum job_kind kind,
		struct error *err) HS_MUST_CHECK;

/* How far hs_job_apply() is; steps come in this order. */
enum job_stage {
	JOB_STAGED,
	JOB_TRIED,
	JOB_STARTED,   /* the server, on trial */
	JOB_UNSTARTED, /* it could not be, and why */
	JOB_WRITTEN,
	JOB_ACTIVATED,
	JOB_PROVED,
	JOB_OPENED, /* and whatever else was changed in a firewall */
	JOB_HSTS_ON,
	JOB_AWAITING,
	JOB_FINISHED,
	JOB_ROLLED_BACK,
};

/* Called after each stage with one sentence for people. */
typedef void job_progress(enum job_stage stage, const char *text,
			  void *context);

struct job_outcome {
	char *transaction; /* id, or NULL when nothing was to be done */
	enum transaction_state state;
	struct findings live; /* verify's findings after the last phase */
	struct conflicts conflicts;
	struct strings changed; /* paths */
	bool verified;		/* the live site was probed and is right */
	/* Of the trial start: "passed", "refused", "not-tried"; NULL: none was
	 * to be made. */
	const char *trial;
	char code[8]; /* that keeps what waits, to be told once; or "" */
	/* How it ended, when that was elsewhere: hs_job_still_waits(). */
	enum why why;
	char *ended_by;
};

/*
 * Applies job->plan: lock, recover, begin, test, trial start, commit,
 * activate, probe, HSTS in its second phase, probe again.  With
 * settings.confirm_within > 0 it ends in TX_AWAITING (but in an offline tree,
 * where nothing is live), to be ended by hs_job_keep() or hs_job_revert(), by
 * another login, or by the watchdog; otherwise it is committed.  On failure
 * everything was taken back (HS_FAILED) or could not be (HS_CONFLICT,
 * outcome->conflicts).
 */
int hs_job_apply(struct job *job, job_progress *progress, void *context,
		 struct job_outcome *ret_outcome,
		 struct error *err) HS_MUST_CHECK;

/*
 * What waits is ended by whoever comes first: the program that made it, another
 * login, the watchdog.  A change taken back is loaded and looked at again.
 */

/* HS_REFUSED with the reason when this very login may not keep it: it stood
 * before the change, so it proves nothing about the next one. */
int hs_job_may_keep(const struct job *job, struct error *err) HS_MUST_CHECK;
int hs_job_keep(struct job *job, struct job_outcome *outcome,
		struct error *err) HS_MUST_CHECK;
int hs_job_revert(struct job *job, struct job_outcome *outcome,
		  struct error *err) HS_MUST_CHECK;
int hs_job_take_back(struct job *job, enum why why, struct job_outcome *outcome,
		     struct error *err) HS_MUST_CHECK;
/* Looks whether it still waits, and how long (seconds); when it was ended
 * elsewhere `outcome` says how.  Out of time and not yet taken back: false,
 * and job->waiting stays. */
bool hs_job_still_waits(struct job *job, struct job_outcome *outcome,
			int *ret_left);

/* What somebody else made and that waits: 0 and the entry, to be released. */
int hs_job_find_waiting(const struct job *job,
			struct transaction_entry *ret_entry);
/* HS_CANNOT, saying what waits, from whom, how long, while something does. */
int hs_job_check_nothing_waits(const struct job *job,
			       struct error *err) HS_MUST_CHECK;
/* Keeps it, if code and login are right (HS_REFUSED); `code` NULL: none was
 * given. */
int hs_job_confirm(struct job *job, const char *id, const char *code,
		   struct job_outcome *outcome,
		   struct error *err) HS_MUST_CHECK;
/* Ends it otherwise; `by`: on whose behalf, NULL: whoever runs this. */
int hs_job_end(struct job *job, const char *id, enum why why, const char *by,
	       struct job_outcome *outcome, struct error *err) HS_MUST_CHECK;
void hs_job_outcome_done(struct job_outcome *outcome);

/* Probes the live site and judges it: facts.probes and `ret_findings`. */
int hs_job_verify(struct job *job, struct findings *ret_findings,
		  struct error *err) HS_MUST_CHECK;

/*
 * Looks at https://NAME:PORT of the settings (name, bindings.https-port) with
 * nothing known but that: from the outside, thoroughly, at the addresses of the
 * settings or else of the name; and, where the name is served here, at this
 * server's configuration (facts.site).  `path` is one more page to ask for, or
 * NULL.  Ends within 15 s whatever the other side does.
 */
int hs_job_diagnose(struct job *job, const char *path,
		    struct findings *ret_findings,
		    struct error *err) HS_MUST_CHECK;

/* Undoes a finished transaction (NULL: the last), reloads the servers that
 * run, and recovery, for the commands of that name. */
int hs_job_rollback(struct job *job, const char *id,
		    struct job_outcome *ret_outcome,
		    struct error *err) HS_MUST_CHECK;
int hs_job_recover(struct job *job, struct strings *ret_ids,
		   struct conflicts *ret_conflicts,
		   struct error *err) HS_MUST_CHECK;

#endif
