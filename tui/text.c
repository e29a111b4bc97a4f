#include "tui/text.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "tui/terminal.h"

static void *never_null(void *pointer)
{
	if (!pointer) {
		tui_rescue();
		abort();
	}
	return pointer;
}

void *tui_alloc(size_t size)
{
	return never_null(calloc(1, size ? size : 1));
}

void *tui_realloc(void *pointer, size_t count, size_t size)
{
	return never_null(reallocarray(pointer, count ? count : 1, size));
}

char *tui_strndup(const char *text, size_t length)
{
	char *copy = tui_alloc(length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *tui_strdup(const char *text)
{
	return text ? tui_strndup(text, strlen(text)) : NULL;
}

char *tui_format(const char *format, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return never_null(text);
}

void tui_replace(char **slot, const char *text)
{
	char *copy = tui_strdup(text);

	free(*slot);
	*slot = copy;
}

bool tui_is_utf8(void)
{
	static int known = -1;

	if (known < 0)
		known = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	return known;
}

/* How long the sequence is that starts with this byte, 0 for none, and the
 * smallest character that needs that many: shorter ones are overlong. */
static size_t sequence_length(unsigned char first, long *ret_least)
{
	static const struct {
		unsigned char mask, value;
		long least;
	} forms[] = {
		{0x80, 0x00, 0},
		{0xe0, 0xc0, 0x80},
		{0xf0, 0xe0, 0x800},
		{0xf8, 0xf0, 0x10000},
	};

	for (size_t i = 0; i < TUI_LENGTH(forms); i++) {
		if ((first & forms[i].mask) != forms[i].value)
			continue;
		*ret_least = forms[i].least;
		return i + 1;
	}
	return 0;
}

long tui_decode(const char *text, size_t *ret_length)
{
	const unsigned char *bytes = (const unsigned char *)text;
	long least = 0;
	size_t length = sequence_length(bytes[0], &least);
	long c = length > 1 ? bytes[0] & (0x7f >> length) : bytes[0];

	*ret_length = 1;
	if (!length)
		return '?';
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return '?';
		c = c << 6 | (bytes[i] & 0x3f);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return '?';
	*ret_length = length;
	return c;
}

size_t tui_encode(long c, char ret_bytes[static 4])
{
	static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = length; i-- > 1; c >>= 6)
		ret_bytes[i] = (char)(0x80 | (c & 0x3f));
	ret_bytes[0] = (char)(first[length == 1 ? 0 : length] | c);
	return length;
}

int tui_char_width(long c)
{
	int width = c < 0x80 || !tui_is_utf8() ? 1 : wcwidth((wchar_t)c);

	return width < 0 ? 1 : width;
}

int tui_width(const char *text)
{
	int columns = 0;
	size_t length;

	for (; *text; text += length)
		columns += tui_char_width(tui_decode(text, &length));
	return columns;
}

size_t tui_fit(const char *text, int columns)
{
	size_t at = 0, length;

	while (text[at]) {
		columns -= tui_char_width(tui_decode(text + at, &length));
		if (columns < 0)
			break;
		at += length;
	}
	return at;
}

size_t tui_before(const char *text, size_t at)
{
	size_t length;

	do {
		do {
			at--;
		} while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80);
	} while (at > 0 && !tui_char_width(tui_decode(text + at, &length)));
	return at;
}

size_t tui_behind(const char *text, size_t at)
{
	size_t length;

	if (!text[at])
		return at;
	tui_decode(text + at, &length);
	at += length;
	while (text[at] && !tui_char_width(tui_decode(text + at, &length)))
		at += length;
	return at;
}

/* Where to break a line that is too long: behind the last word that fits, or
 * in the middle of one that is longer than the line. */
static size_t break_at(const char *text, size_t fits)
{
	size_t at = fits;
	size_t length;

	while (at > 0 && text[at] != ' ')
		at--;
	if (at > 0)
		return at;
	/* A path that is longer than a line goes on with a folder. */
	for (at = fits; at > fits / 2; at--)
		if (text[at] == '/')
			return at;
	if (fits > 0)
		return fits;
	tui_decode(text, &length);
	return length;
}

const char *tui_wrap_next(struct tui_wrap *wrap, size_t *ret_length)
{
	const char *line = wrap->rest;
	size_t whole, fits;

	if (!line)
		return NULL;
	whole = strcspn(line, "\n");
	fits = tui_fit(line, wrap->columns > 0 ? wrap->columns : 1);
	if (fits >= whole) {
		*ret_length = whole;
		wrap->rest = line[whole] ? line + whole + 1 : NULL;
		return line;
	}
	*ret_length = break_at(line, fits);
	wrap->rest = line + *ret_length;
	while (*wrap->rest == ' ')
		wrap->rest++;
	if (!*wrap->rest)
		wrap->rest = NULL;
	return line;
}

int tui_wrap_count(const char *text, int columns)
{
	struct tui_wrap wrap = {text, columns};
	size_t length;
	int count = 0;

	while (tui_wrap_next(&wrap, &length))
		count++;
	return count;
}

char *tui_expand_tabs(const char *text)
{
	char *copy = tui_alloc(8 * strlen(text) + 1);
	size_t out = 0;

	for (; *text; text++) {
		if (*text != '\t') {
			copy[out++] = *text;
			continue;
		}
		do {
			copy[out++] = ' ';
		} while (out % 8);
	}
	return copy;
}
