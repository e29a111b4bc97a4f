/*
 * What is left to be run on another machine than this: the script that
 * finishes an IIS site on its Windows server.  Under WSL that machine is
 * around this one, and the script can be started from here.
 */
#ifndef CLI_ELSEWHERE_H
#define CLI_ELSEWHERE_H

#include <stdio.h>

#include "core/apply/job/job.h"

/* Says what to run there, if anything, and what is left to do by hand after
 * that. */
void cli_print_elsewhere(const struct job *job, FILE *to);

/*
 * Asks whether to run it now, where that is possible, runs it and says what it
 * said.  Nothing when there is nothing to run, or nobody who could answer
 * (`has_user` false).  0, or -1 when it ran and failed; the files stay then.
 */
int cli_offer_elsewhere(const struct job *job, bool has_user, FILE *to,
			struct error *err) HS_MUST_CHECK;

#endif
