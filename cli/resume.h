/*
 * A wizard that was cut off goes on where it was: after each screen its
 * answers, never a secret, and the screen it is on lie beside the journal,
 * until a wizard ends as its operator wanted.
 */
#ifndef CLI_RESUME_H
#define CLI_RESUME_H

#include "cli/options.h"

/* Reads the answers of the wizard that was cut off; flags and answers that
 * are there already win.  HS_CANNOT when none was. */
int cli_resume_load(const struct options *options, struct settings *settings,
		    struct error *err) HS_MUST_CHECK;

/* The step to go on with: the one it was on; the last one that has an answer
 * where that is not known. */
enum step cli_resume_step(const struct job *job);

/* What to say when a wizard was cut off on this host, to be freed; NULL: none
 * was. */
char *cli_resume_offer(const struct job *job);

/* Keeps the answers so far, if somebody gave one, and the step that is next.
 * Where the state cannot be written, nothing is kept: the wizard is what
 * counts. */
void cli_resume_note(const struct job *job, enum step step);

/* Forgets them, when a wizard that ends with `status` was not cut off; those
 * of another one stay, unless it was `resumed`. */
void cli_resume_end(const struct job *job, int status, bool resumed);

#endif
