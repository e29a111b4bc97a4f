/*
 * Foreign text made harmless.  Every string that comes from a certificate, a
 * configuration, a server or a file name passes hs_text_safe() before it
 * reaches a screen, a log or a message.
 */
#ifndef CORE_BASE_TEXT_H
#define CORE_BASE_TEXT_H

#include <stddef.h>

/*
 * A copy of `length` bytes fit to be shown on one line: valid UTF-8 stays; C0,
 * DEL, C1, invalid bytes, bidirectional controls (U+202A-E, U+2066-9), zero
 * width, private use and unassigned characters become \xNN or \u{N}.  At most
 * `max` bytes of result (0: no limit), a cut is marked with "...".
 * To be freed by the caller.
 */
char *hs_text_safe(const char *bytes, size_t length, size_t max);

/* Whether hs_text_safe() would change anything. */
int hs_text_is_hostile(const char *bytes, size_t length);

/* The character at `text` (UTF-8): its code point, its length in *ret_length.
 * An invalid byte yields -1 and a length of 1. */
long hs_text_decode(const char *text, size_t length, size_t *ret_length);

/* Columns the UTF-8 text takes on a terminal (wcwidth; wide ones count 2). */
int hs_text_width(const char *text);

/* The same for one code point: 0, 1 or 2 (an invalid byte, -1: 1). */
int hs_text_columns(long point);

/* "2026-12-10" in UTC. */
void hs_text_date(long long seconds, char ret_text[static 24]);

/* "1 year", "30 days", "90 seconds": the largest unit that fits exactly. */
void hs_text_duration(long long seconds, char ret_text[static 40]);

#endif
