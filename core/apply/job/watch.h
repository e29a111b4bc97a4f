/*
 * The watchdog: a process of its own session that takes a change back when
 * the program that makes it ends in the middle, or when nobody confirms it in
 * time.  It is started before the first change, from the program's file (so
 * it holds nothing of what the program knew), knows the transaction's id and
 * reads its journal; the clock is the one that goes on while the machine
 * sleeps.  Where systemd runs it is a unit of its own, which the end of the
 * login session does not reach.
 *
 * It holds tx/<id>/watch locked for as long as it lives.
 */
#ifndef CORE_APPLY_JOB_WATCH_H
#define CORE_APPLY_JOB_WATCH_H

#include <stdbool.h>

#include "core/apply/job/job.h"

/* The word that makes the program be one (no command of people's). */
#define HS_WATCH_WORD "watch-transaction"
#define HS_WATCH_ARGUMENTS 5 /* id, owner, since, state, certificates */

/* Whether one is at work on that transaction. */
bool hs_watch_is_on(const struct state *state, const char *id);

/* Starts one; it is ready when hs_watch_await() says so. HS_CANNOT. */
int hs_watch_start(const struct job *job, const char *id,
		   struct error *err) HS_MUST_CHECK;
int hs_watch_await(const struct job *job, const char *id,
		   struct error *err) HS_MUST_CHECK;

/* Its life: returns when there is nothing left to watch.  `owner`, which
 * started at `since` (clock ticks since boot), makes the change. */
int hs_watch_run(struct job *job, const char *id, pid_t owner,
		 unsigned long long since, struct error *err) HS_MUST_CHECK;

#endif
