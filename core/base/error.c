#include "core/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"

/* The sentence in the operator's language, and in English where that is
 * another one. */
static void say(struct error *err, const char *what, va_list args)
{
	const char *translated = _(what);
	va_list again;

	va_copy(again, args);
	vsnprintf(err->what, sizeof(err->what), translated, args);
	if (translated != what)
		vsnprintf(err->english, sizeof(err->english), what, again);
	va_end(again);
}

int hs_fail(struct error *err, enum hs_code code, const char *what, ...)
{
	va_list args;

	if (!err || err->code != HS_OK)
		return -1;
	err->code = code;
	va_start(args, what);
	say(err, what, args);
	va_end(args);
	return -1;
}

int hs_fail_errno(struct error *err, enum hs_code code, const char *what, ...)
{
	int sys = errno;
	va_list args;
	size_t used;

	if (!err || err->code != HS_OK)
		return -1;
	err->code = code;
	err->sys = sys;
	va_start(args, what);
	say(err, what, args);
	va_end(args);
	used = strlen(err->what);
	snprintf(err->what + used, sizeof(err->what) - used, ": %s",
		 strerror(sys));
	return -1;
}

const char *hs_error_english(const struct error *err)
{
	return *err->english ? err->english : err->what;
}

void hs_error_id(struct error *err, const char *id)
{
	if (err && !*err->id)
		snprintf(err->id, sizeof(err->id), "%s", id);
}

/* Fills an empty field; the first word on a matter is the closest to it. */
static void fill(char *field, size_t size, const char *format, va_list args)
{
	if (!*field)
		vsnprintf(field, size, format, args);
}

void hs_error_where(struct error *err, const char *where, ...)
{
	va_list args;

	if (!err)
		return;
	va_start(args, where);
	fill(err->where, sizeof(err->where), _(where), args);
	va_end(args);
}

void hs_error_hint(struct error *err, const char *hint, ...)
{
	va_list args;

	if (!err)
		return;
	va_start(args, hint);
	fill(err->hint, sizeof(err->hint), _(hint), args);
	va_end(args);
}
