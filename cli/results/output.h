/*
 * Results as text for people: findings, plans, outcomes, errors.  Results go
 * to standard output, problems to standard error.  Colour only repeats what
 * words say, and only on a terminal.
 */
#ifndef CLI_RESULTS_OUTPUT_H
#define CLI_RESULTS_OUTPUT_H

#include <stdio.h>

#include "cli/options.h"

/* Decides about colour for both streams. */
void cli_output_init(const struct options *options);
/* From now on without: for who hears what is printed. */
void cli_output_uncolour(void);

/* Prints foreign text made harmless; NULL prints nothing. */
void cli_print_safe(FILE *to, const char *text);

/* Prints one line: a message with its values, made harmless as a whole. */
void cli_print_line(FILE *to, const char *format, ...) HS_PRINTF(2, 3);
/* Prints a word in a column of that width. */
void cli_print_column(FILE *to, const char *text, int width);
/* "  LABEL    TEXT", the text made safe. */
void cli_print_row(FILE *to, const char *label, const char *text);

/* Whether anybody answers at the terminal on standard input. */
bool cli_has_terminal(void);

/* "https-setup: WHERE: WHAT; HINT", one line. */
void cli_print_error(const struct error *err);

/* Findings, errors first: mark, message, place, remedy. */
void cli_print_findings(const struct findings *findings, FILE *to);
/* The first line of one: mark, message, id. */
void cli_print_finding(const struct finding *finding, FILE *to);
/* "refused: 2 stop, 1 warn, 3 note": the verdict, and how many there are. */
void cli_print_verdict(const char *verdict, const struct findings *findings,
		       FILE *to);

/* Every change with its diff, every command, reason and undo.  Where `to` is
 * no terminal the diffs are byte for byte, fit for patch(1). */
void cli_print_plan(const struct plan *plan, FILE *to);

/* What people have to do by hand, before or after the changes. */
void cli_print_tasks(const struct plan *plan, enum task_when when, FILE *to);

/* What came of an apply, rollback, disable, renew; `done` is what to say when
 * it went well. */
void cli_print_outcome(const struct job_outcome *outcome, const char *done,
		       FILE *to);
/* The lines that stay when HTTPS is on: address, what changed, how to undo it,
 * what comes next. */
void cli_print_summary(const struct job *job, const struct job_outcome *outcome,
		       FILE *to);
/* Files that could not be put back, with both versions' paths. */
void cli_print_conflicts(const struct conflicts *conflicts, FILE *to);

/* A point in time, local: "2026-11-21 09:10". */
void cli_time_text(time_t time, char ret_text[static 24]);

/* Pushes standard output out. HS_CANNOT when it could not be written, but for a
 * reader that wanted no more. */
int cli_output_finish(struct error *err);

#endif
