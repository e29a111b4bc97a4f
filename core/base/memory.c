#include "core/base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void (*exhausted_handler)(void);

void hs_memory_on_exhausted(void (*handler)(void))
{
	exhausted_handler = handler;
}

static void *require(void *pointer)
{
	if (pointer)
		return pointer;
	if (exhausted_handler)
		exhausted_handler();
	abort();
}

void *hs_alloc(size_t size)
{
	return require(calloc(1, size ? size : 1));
}

void *hs_realloc(void *pointer, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return require(NULL);
	return require(realloc(pointer, bytes ? bytes : 1));
}

void *hs_memory_serve(size_t size)
{
	return hs_realloc(NULL, size, 1);
}

void *hs_memory_serve_more(void *pointer, size_t size)
{
	return hs_realloc(pointer, size, 1);
}

char *hs_strdup(const char *text)
{
	return text ? hs_strndup(text, strlen(text)) : NULL;
}

char *hs_strndup(const char *bytes, size_t length)
{
	char *copy = hs_realloc(NULL, length + 1, 1);

	memcpy(copy, bytes, length);
	copy[length] = '\0';
	return copy;
}

char *hs_format(const char *format, ...)
{
	va_list args;
	char *text = NULL;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	return require(length < 0 ? NULL : text);
}

void hs_replace(char **slot, const char *text)
{
	char *copy = hs_strdup(text);

	free(*slot);
	*slot = copy;
}
