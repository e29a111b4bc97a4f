/*
 * Text for a terminal that is narrower than its lines: broken between words
 * instead of anywhere.  What is no terminal gets the lines as they are.
 */
#ifndef CLI_RESULTS_NARROW_H
#define CLI_RESULTS_NARROW_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/cleanup.h"

/* Whether standard output is a terminal of few rows. */
bool cli_is_low(void);
/* Prints a line without its end, so that a prompt can go on. */
void cli_print_narrow(FILE *to, const char *line);
/* Prints a line that belongs to the one before: a little behind, a message
 * with its values, made harmless as a whole. */
void cli_print_part(FILE *to, const char *format, ...) HS_PRINTF(2, 3);

#endif
