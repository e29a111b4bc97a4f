/*
 * The log of --log FILE and --verbose: one line an event, foreign text made
 * harmless, never a secret.  Off until hs_log_open().
 */
#ifndef CORE_BASE_LOG_H
#define CORE_BASE_LOG_H

#include "core/base/error.h"

/* Appends to `path` from now on (created 0600). */
int hs_log_open(const char *path, struct error *err) HS_MUST_CHECK;
/* Also hands each line to `sink`, e.g. for --verbose; NULL: no more. */
void hs_log_sink(void (*sink)(const char *line));
/* No line goes anywhere from now on, nor is a descriptor touched: for a child
 * behind fork() that has let go of them. */
void hs_log_close(void);
/* One line; line ends and control characters in it are escaped. */
void hs_log(const char *format, ...) HS_PRINTF(1, 2);

#endif
