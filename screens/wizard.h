/*
 * The wizard: one job driven from the first look to a live site, on a
 * terminal.  It shows what core finds and judges nothing by itself; every
 * answer goes through the question catalogue and so through the same rules as
 * flags and answers files.
 *
 * It owns the terminal while it runs and leaves it exactly as it was, however
 * it ends; the job stays the caller's.
 */
#ifndef SCREENS_WIZARD_H
#define SCREENS_WIZARD_H

#include <stdbool.h>

#include "core/apply/job/job.h"
#include "core/settings/questions/questions.h"

struct scr_options {
	bool ascii;	   /* --ascii: lines of - and | */
	bool no_color;	   /* --no-color; NO_COLOR is honoured in any case */
	bool no_mouse;	   /* --no-mouse */
	const char *theme; /* --theme, or NULL */
	bool demo;	   /* says so in the title */
	enum step start;   /* step to begin with; 0: the first */
	const char *save_answers; /* path of --save-answers, or NULL */
	/*
	 * Writes the answers given so far to `path`; called for the button
	 * "Save answers" of the review, and when the job is done if
	 * `save_answers` is set.  NULL: the button is not offered.
	 */
	int (*save)(const struct job *job, const char *path, struct error *err);
	/* Called on the way to a step, and when the wizard is cut off on it:
	 * keeps the answers so far. NULL: nobody does. */
	void (*keep)(const struct job *job, enum step step);
	const char *offer; /* said at first, or NULL */
};

/* What scr_wizard_run() returns when the terminal cannot be used: nothing was
 * drawn, `err` says why, and the plain face may take over. */
#define SCR_NO_TERMINAL (-1)

/* Gives the terminal back in an emergency, e.g. when memory ran out: allocates
 * nothing, and does nothing when no wizard runs. */
void scr_give_terminal_back(void);

/*
 * Goes on as the child of a process that gives the terminal back whatever
 * kills this one, and says so; see tui/keeper.h.  The wizard does so itself.
 */
void scr_keep_terminal(void);

/*
 * Runs the wizard on standard input and output.  The job was opened with
 * hs_job_open(); looking at the host is done here, behind the first paint.
 * An open confirm-within becomes 120 seconds, and is meant in earnest: a site
 * that nobody kept in time is taken back.
 *
 * Returns the exit status of the contract:
 *	0	applied, verified and kept; or nothing was to be done
 *	1	the server or a rule refused it while applying, nothing was
 *		changed (`err`)
 *	3	the operator quit, nothing was changed (`err` is not set), or
 *		looking at the host failed (`err` is set)
 *	4	applying failed, everything was taken back (`err`)
 *	5	not everything could be taken back (`err`)
 *	6	taken back by the operator, or because nobody kept it in time
 *	128+n	ended by signal n; what was waiting has been taken back, or,
 *		when the terminal went away, is left to the watchdog and to a
 *		new login
 *	SCR_NO_TERMINAL
 *
 * *ret_summary is plain text of a few lines for after the screens (how it
 * ended, what changed, how to undo it), to be freed; NULL when there is
 * nothing to say.
 */
int scr_wizard_run(struct job *job, const struct scr_options *options,
		   char **ret_summary, struct error *err) HS_MUST_CHECK;

#endif
