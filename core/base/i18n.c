#include "core/base/i18n.h"

#include <errno.h>
#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* The locale of messages as the environment has it, the first that is set. */
static const char *locale_of_messages(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_MESSAGES",
						"LANG"};
	const char *value;

	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
		value = getenv(variables[i]);
		if (value && *value)
			return value;
	}
	return "C";
}

/* C.UTF-8 has no language of its own, but lets LANGUAGE choose one. */
bool hs_i18n_is_wanted(void)
{
	const char *locale = locale_of_messages();
	const char *language = getenv("LANGUAGE");

	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0 ||
	    !strcmp(locale, "C") || !strcmp(locale, "POSIX"))
		return false;
	return strncmp(locale, "C.", 2) != 0 || (language && *language);
}

void hs_i18n_start(const char *directory)
{
	if (!hs_i18n_is_wanted() || !setlocale(LC_MESSAGES, ""))
		return;
	bindtextdomain(PACKAGE_NAME, directory);
	bind_textdomain_codeset(PACKAGE_NAME, "UTF-8");
	textdomain(PACKAGE_NAME);
	(void)gettext("");
	(void)strerror(ENOENT);
}

/* The empty message is the catalogue's head. */
const char *hs_translate(const char *text)
{
	return text && *text ? gettext(text) : text;
}

const char *hs_translate_count(const char *one, const char *many,
			       unsigned long number)
{
	return ngettext(one, many, number);
}
