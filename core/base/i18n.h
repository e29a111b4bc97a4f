/*
 * Messages in the operator's language.  Source files hold them in English;
 * gettext(3) finds the translation in the catalogues of share/locale.
 *
 *	N_("text")	a message in a table, translated where it is shown
 *	_(text)		the translation of a message
 *	P_(one, many, n)	the same for a number of things
 *
 * Functions that take a message as a format translate it themselves: hs_fail()
 * and its kin, hs_plan_note(), scr_note().  Their callers write plain English.
 *
 * What programs read is never translated: ids, flags, keys, answers, the
 * journal, the log, configuration.
 */
#ifndef CORE_BASE_I18N_H
#define CORE_BASE_I18N_H

#include <stdbool.h>

#define N_(text) text
#define _(text) hs_translate(text)
#define P_(one, many, n) hs_translate_count(one, many, (unsigned long)(n))

/*
 * Translates from now on, where the environment (LANGUAGE, LC_ALL,
 * LC_MESSAGES, LANG) asks for a language and the terminal takes UTF-8;
 * otherwise everything stays English, and no file is looked for.  `directory`
 * holds the catalogues.  To be called after setlocale(LC_CTYPE, ...).  What
 * gettext(3) opens files for is done here: parsers in their sandbox may not.
 */
void hs_i18n_start(const char *directory);
/* Whether hs_i18n_start() would look at the catalogues. */
bool hs_i18n_is_wanted(void);

/* The translation, `text` itself where there is none; NULL stays NULL. */
const char *hs_translate(const char *text) __attribute__((format_arg(1)));
/* That of the form which goes with the number. */
const char *hs_translate_count(const char *one, const char *many,
			       unsigned long number)
	__attribute__((format_arg(1), format_arg(2)));

#endif
