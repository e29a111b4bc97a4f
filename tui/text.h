/*
 * Text on a terminal: columns, cutting, wrapping.  Everything is UTF-8; where
 * the locale is not, characters beyond ASCII are shown as '?'.  Also the
 * allocation the toolkit uses: it never returns NULL; when memory runs out
 * the terminal is given back and the process ends with abort().
 */
#ifndef TUI_TEXT_H
#define TUI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define TUI_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* `size` zeroed bytes. */
void *tui_alloc(size_t size);
/* `pointer` grown to count * size bytes; new bytes are not set. */
void *tui_realloc(void *pointer, size_t count, size_t size);
/* A copy of `length` bytes with a NUL behind them. */
char *tui_strndup(const char *text, size_t length);
/* A copy; NULL stays NULL. */
char *tui_strdup(const char *text);
/* A new string made as by printf(). */
char *tui_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Frees the string in *slot and puts a copy of `text` there. */
void tui_replace(char **slot, const char *text);

/* Whether the locale shows UTF-8; asked once, after setlocale(). */
bool tui_is_utf8(void);

/* The character at `text`, which is not empty; an invalid byte yields '?' and
 * a length of 1. */
long tui_decode(const char *text, size_t *ret_length);
/* Writes a character as UTF-8 (no NUL); returns how many bytes. */
size_t tui_encode(long c, char ret_bytes[static 4]);

/* The columns a character takes: 0, 1 or 2; what cannot be shown takes 1. */
int tui_char_width(long c);
/* The columns a text takes. */
int tui_width(const char *text);
/* How many bytes of the text fit in `columns`. */
size_t tui_fit(const char *text, int columns);
/* The start of the character before offset `at` (which is > 0), and behind
 * the one at it; zero-width characters go with the one they follow. */
size_t tui_before(const char *text, size_t at);
size_t tui_behind(const char *text, size_t at);

/* Breaks a text into lines of at most `columns`, at spaces where there are
 * some and at '\n' always. */
struct tui_wrap {
	const char *rest; /* NULL: at the end */
	int columns;
};
/* The next line and its length in bytes, or NULL. An empty text is one line. */
const char *tui_wrap_next(struct tui_wrap *wrap, size_t *ret_length);
/* How many lines it takes. */
int tui_wrap_count(const char *text, int columns);

/* A copy with tabs as spaces up to the next column of eight. */
char *tui_expand_tabs(const char *text);

#endif
