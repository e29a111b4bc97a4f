/*
 * A growing string of bytes, always with a NUL behind its last byte.
 * `struct str s = {0};` is an empty one.  hs_str_take() hands its bytes to the
 * caller; otherwise hs_str_done() (or hs_auto_str) frees them.
 */
#ifndef CORE_BASE_STR_H
#define CORE_BASE_STR_H

#include <stdarg.h>
#include <stddef.h>

#include "core/base/cleanup.h"

struct str {
	char *data; /* NULL while empty */
	size_t len, cap;
};

void hs_str_add(struct str *str, const void *bytes, size_t length);
void hs_str_puts(struct str *str, const char *text);
void hs_str_putc(struct str *str, char c);
void hs_str_printf(struct str *str, const char *format, ...) HS_PRINTF(2, 3);
void hs_str_vprintf(struct str *str, const char *format, va_list args);
/* Removes everything, keeps the memory. */
void hs_str_clear(struct str *str);
/* The text, "" while empty; valid until the next change. */
const char *hs_str_text(const struct str *str);
/* The bytes (never NULL), to be freed by the caller; `str` is empty then. */
char *hs_str_take(struct str *str);
void hs_str_done(struct str *str);

#define hs_auto_str HS_CLEANUP(hs_str_done)

#endif
