/*
 * The road that all commands share which change the host: look, judge, plan,
 * show, ask, apply, wait for the confirmation, tell.
 */
#ifndef CLI_WORK_H
#define CLI_WORK_H

#include <stdio.h>

#include "cli/options.h"

struct work {
	enum job_kind kind;
	/* The subjects whose findings count ("server", "cert"), ends with
	 * NULL; NULL: all of them. */
	const char *const *subjects;
	/* With a terminal and without --yes, what went live is taken back
	 * when nobody keeps it in this many seconds; 0: kept at once. */
	int confirm_within;
	const char *question; /* "Apply this?" */
	const char *done;     /* "renewed": what is said when it went well */
};

/* Does it as options say. Returns the exit status; see struct command. */
int cli_work_run(struct options *options, const struct work *work,
		 struct error *err);

/* Tells why a command refuses, in the form that was asked for; `plan` as in
 * cli_json_judged(). Returns HS_REFUSED. */
int cli_refuse(const struct options *options, const struct job *job,
	       const struct plan *plan);

/* HS_CANNOT unless --yes was given or somebody can be asked. */
int cli_may_ask(const struct options *options, struct error *err) HS_MUST_CHECK;

/* How an apply is told while it goes on. */
struct apply_face {
	FILE *to;      /* progress and the question; NULL: none */
	bool has_user; /* somebody answers on standard input */
	bool is_heard; /* by somebody who sees no columns: "Error: ..." */
};

/*
 * Applies job->plan and, when the settings say so, waits for the answer to
 * keep it.  A signal that comes meanwhile is answered when the work stands
 * finished or taken back.  Returns the exit status; `err` says what failed.
 */
int cli_apply(struct job *job, struct apply_face *face,
	      struct job_outcome *ret_outcome, struct error *err);

#endif
