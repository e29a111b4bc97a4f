/*
 * Allocation that does not fail: when memory runs out, the handler given to
 * hs_memory_on_exhausted() is called and must not return (the program restores
 * the terminal and ends with status 3).  Ending at any point is safe by
 * design: a transaction that was cut off is finished or undone by recovery.
 * Everything allocated here is released with free().
 */
#ifndef CORE_BASE_MEMORY_H
#define CORE_BASE_MEMORY_H

#include <stddef.h>

#include "core/base/cleanup.h"

/* Sets what happens when memory runs out; NULL: abort(). */
void hs_memory_on_exhausted(void (*handler)(void));

/* `size` zeroed bytes, never NULL. */
void *hs_alloc(size_t size);

/* `pointer` grown or shrunk to count * size bytes; new bytes are not set. */
void *hs_realloc(void *pointer, size_t count, size_t size);

/* As malloc() and realloc(), for libraries that take them; never NULL. */
void *hs_memory_serve(size_t size);
void *hs_memory_serve_more(void *pointer, size_t size);

/* A copy of `text`; NULL stays NULL. */
char *hs_strdup(const char *text);

/* A copy of the first `length` bytes, with a NUL behind them. */
char *hs_strndup(const char *bytes, size_t length);

/* A new string made as by printf(). */
char *hs_format(const char *format, ...) HS_PRINTF(1, 2);

/* Replaces the string in *slot (freed) by a copy of `text` (may be NULL). */
void hs_replace(char **slot, const char *text);

#endif
