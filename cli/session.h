/*
 * What commands share before their own work: settings from flags, answers
 * file and passphrase, the job opened on them, the host looked at.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/options.h"

/* Opens the job with the settings of the command line and the answers file.
 * The settings move into the job; paths that were given relative to
 * the working directory become absolute. */
int cli_session_open(struct options *options, struct job *ret_job,
		     struct error *err) HS_MUST_CHECK;

/* A job that is closed at the end of its scope, opened or not. */
#define cli_auto_job HS_CLEANUP(hs_job_close)
#define CLI_JOB_NONE                                                           \
	{                                                                      \
		.lock = -1, .root = {.fd = -1 }                                \
	}

/* Finishes or undoes what a crash left, and says so on standard error.  Does
 * nothing, and needs no privilege, when nothing was left. */
int cli_session_recover(struct job *job, struct error *err) HS_MUST_CHECK;

/* Reads the certificate the settings name; Ctrl-C cancels that, says so and
 * ends the program. */
int cli_session_read(struct job *job, struct error *err) HS_MUST_CHECK;
/* Reads the certificate and runs the rules.  Asks for the passphrase when one
 * is needed and somebody is there to ask. */
int cli_session_certificate(const struct options *options, struct job *job,
			    struct error *err) HS_MUST_CHECK;
/* Looks at the host first, then as above. */
int cli_session_look(const struct options *options, struct job *job,
		     struct error *err) HS_MUST_CHECK;

/* Drops the findings of other subjects ("server", "cert", ends with NULL). */
void cli_keep_subjects(struct findings *findings, const char *const *subjects);

/*
 * Makes the plan, unless a finding of severity error stands: *ret_ok is false
 * then and the findings say why.  Only findings of the `subjects` are
 * kept; NULL: all.
 */
int cli_session_plan(struct job *job, enum job_kind kind,
		     const char *const *subjects, bool *ret_ok,
		     struct error *err) HS_MUST_CHECK;

/* Where the answers come from and go to: `--answers`, `--save-answers`. */
int cli_answers_load(const char *path, struct settings *settings,
		     struct error *err) HS_MUST_CHECK;
int cli_answers_save(const struct job *job, const char *path,
		     struct error *err) HS_MUST_CHECK;

/* Reads the passphrase that a file or descriptor holds into the settings;
 * its line end is dropped, what was read is wiped. */
int cli_passphrase_load(const struct options *options,
			struct settings *settings,
			struct error *err) HS_MUST_CHECK;

/* The same for the passphrase of a file to be written, which has to be
 * there. */
int cli_out_passphrase_load(const struct options *options,
			    struct settings *settings,
			    struct error *err) HS_MUST_CHECK;

#endif
