/*
 * Waiting, after a change went live, until somebody keeps it or takes it
 * back: here, in another login, or the watchdog when the time is over.
 */
#ifndef CLI_AWAIT_H
#define CLI_AWAIT_H

#include "cli/work.h"

/* Waits to the end. Returns the exit status; `err` says how it was taken
 * back. */
int cli_await(struct job *job, const struct apply_face *face,
	      struct job_outcome *outcome, struct error *err);

/*
 * For an interactive start while somebody's change waits: shows what, by whom
 * and how long, and lets it be kept or taken back.  False when nothing waits;
 * else that was all, *ret_status is the exit status and `err` told.
 */
bool cli_settle_waiting(struct job *job, int *ret_status, struct error *err);

#endif
