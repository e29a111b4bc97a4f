/*
 * The wizard without a command: on screens, or line by line.
 */
#ifndef CLI_FACE_H
#define CLI_FACE_H

#include "cli/options.h"

/* Asks, shows, applies. Returns the exit status; see struct command. */
int cli_wizard_run(struct options *options, struct error *err);

/* The same on a job that is open already, e.g. that of the demo. */
int cli_wizard_run_job(const struct options *options, struct job *job,
		       struct error *err);

/* The plain face: the catalogue line by line, made for screen readers and bad
 * lines.  Returns the exit status. */
int cli_plain_run(const struct options *options, struct job *job,
		  struct error *err);

/* The demo: all of it on a private nginx in a temporary directory. */
int cli_demo_run(struct options *options, struct error *err);

#endif
