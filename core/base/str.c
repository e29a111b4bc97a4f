#include "core/base/str.h"

#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"

static void reserve(struct str *str, size_t more)
{
	size_t need = str->len + more + 1;

	if (need <= str->cap)
		return;
	while (str->cap < need)
		str->cap = str->cap ? 2 * str->cap : 64;
	str->data = hs_realloc(str->data, str->cap, 1);
}

void hs_str_add(struct str *str, const void *bytes, size_t length)
{
	reserve(str, length);
	if (length)
		memcpy(str->data + str->len, bytes, length);
	str->len += length;
	str->data[str->len] = '\0';
}

void hs_str_puts(struct str *str, const char *text)
{
	hs_str_add(str, text, strlen(text));
}

void hs_str_putc(struct str *str, char c)
{
	hs_str_add(str, &c, 1);
}

void hs_str_vprintf(struct str *str, const char *format, va_list args)
{
	va_list again;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		return;
	reserve(str, (size_t)length);
	vsnprintf(str->data + str->len, (size_t)length + 1, format, args);
	str->len += (size_t)length;
}

void hs_str_printf(struct str *str, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	hs_str_vprintf(str, format, args);
	va_end(args);
}

void hs_str_clear(struct str *str)
{
	str->len = 0;
	if (str->data)
		*str->data = '\0';
}

const char *hs_str_text(const struct str *str)
{
	return str->data ? str->data : "";
}

char *hs_str_take(struct str *str)
{
	char *data = str->data ? str->data : hs_strdup("");

	*str = (struct str){0};
	return data;
}

void hs_str_done(struct str *str)
{
	free(str->data);
	*str = (struct str){0};
}
