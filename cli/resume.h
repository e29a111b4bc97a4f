/*
 * A wizard that was cut off goes on where it was: its answers, never a secret,
 * lie beside the journal until a wizard ends as its operator wanted.
 */
#ifndef CLI_RESUME_H
#define CLI_RESUME_H

#include "cli/options.h"

/* Reads the answers of the wizard that was cut off; flags and answers that
 * are there already win.  HS_CANNOT when none was. */
int cli_resume_load(const struct options *options, struct settings *settings,
		    struct error *err) HS_MUST_CHECK;

/* The step to go on with: the last one that has an answer. */
enum step cli_resume_step(const struct settings *settings);

/* Keeps the answers of a wizard that ends with `status`, when that means it
 * was cut off; else forgets them.  Where the state cannot be written, nothing
 * is kept: the wizard's own end is what counts. */
void cli_resume_keep(const struct job *job, int status);

#endif
