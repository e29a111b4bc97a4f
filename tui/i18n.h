/*
 * Messages in the operator's language, by gettext(3), from the catalogue that
 * the program chose with textdomain(3).  Widgets translate the labels, titles
 * and keys they are given; a text that has no translation stays as it is.
 */
#ifndef TUI_I18N_H
#define TUI_I18N_H

#include <libintl.h>

#define N_(text) text
#define _(text) tui_translate(text)

/* The translation of a text; "" and NULL stay what they are. */
static inline __attribute__((format_arg(1))) const char *tui_translate(
	const char *text)
{
	return text && *text ? gettext(text) : text;
}

#endif
