/*
 * What the plain face says by itself, for ears: each line begins with the word
 * that says what it is.
 */
#ifndef CLI_PLAIN_SAY_H
#define CLI_PLAIN_SAY_H

#include "core/apply/job/job.h"
#include "core/settings/questions/questions.h"

/* "Error: WHAT; HINT". */
void cli_plain_error(const struct error *err);

/* "Warning: WHAT, at WHERE; REMEDY" */
void cli_plain_finding(const struct finding *finding);

/* "Error", "Warning", "Note", "OK" in the language of who hears it. */
const char *cli_plain_word(enum severity severity);

/* Prints those that are no better than `least`, the worst first. */
void cli_plain_tell(const struct findings *findings, enum severity least);

/* Prints the findings about a question, "Error:" first; how many errors. */
size_t cli_plain_findings(const struct findings *findings,
			  const struct question *question);

/* "Step 3 of 9: Name", and what was found that the step is about. */
void cli_plain_step(const struct job *job, enum step step);

#endif
