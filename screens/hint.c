/* The line that says what a field is for.  It is drawn anew whenever the focus
 * moves, so it is short: on a line of 960 bytes a second too, the focus moves
 * at once.  The whole of it is the help. */
#include <string.h>

#include "core/base/str.h"
#include "core/base/text.h"
#include "screens/screen.h"

static const struct {
	const char *id, *hint;
} hints[] = {
	{"server", "The software that answers visitors"},
	{"server-config", "Open: the one the server runs with"},
	{"server-binary", "Tests the new configuration; F2 looks"},
	{"site", "Which of them gets HTTPS; / narrows"},
	{"product", "What runs behind the site"},
	{"certificate.file", ".pfx .p12 .pem .crt .cer; F2 looks"},
	{"certificate.key", "Open: it is in the certificate file"},
	{"certificate.chain", "Your CA's bundle, when a file apart"},
	{"certificate.passphrase", "What file or key is encrypted with"},
	{"certificate.self-signed", "For tests: every browser warns of it"},
	{"name", "What visitors type behind https://"},
	{"bindings.mode", "Both is usual: old links go on working"},
	{"bindings.http-port", "Browsers try 80 by themselves"},
	{"bindings.https-port", "Browsers try 443 by themselves"},
	{"bindings.address", "Where HTTPS listens; * is all of them"},
	{"bindings.host-name", "Open: HTTPS for every name"},
	{"tls.profile", "Intermediate suits most sites"},
	{"hsts.enabled", "Browsers that came once keep to HTTPS"},
	{"hsts.max-age", "1y 30d, or seconds; begin with days"},
	{"hsts.include-subdomains", "Those without HTTPS go out of reach"},
	{"hsts.preload", "Getting off that list takes months"},
	{"redirect.enabled", "Old http:// links lead to HTTPS"},
	{"redirect.code", "308 suits forms and is remembered"},
	{"redirect.skip-localhost", "Programs on this machine stay on HTTP"},
	{"firewall.backend", "Opens the HTTPS port, if it is closed"},
	{"firewall.close-http", "Goes with HTTPS alone only"},
	{"apply.confirm-within", "Then it is taken back; 0: never"},
};

char *scr_shorten(const char *text)
{
	size_t end = strlen(text);
	hs_auto_free char *cut = NULL;

	if (hs_text_width(text) <= SCR_HINT_MAX)
		return hs_strdup(text);
	/* Between two words, with room for what says that it goes on. */
	do {
		while (end > 0 && text[--end] != ' ')
			;
		free(cut);
		cut = hs_strndup(text, end);
	} while (end > 0 && hs_text_width(cut) > SCR_HINT_MAX - 4);
	return hs_format("%s ...", cut);
}

char *scr_hint(const struct question *question)
{
	for (size_t i = 0; i < HS_LENGTH(hints); i++)
		if (strcmp(hints[i].id, question->id) == 0)
			return scr_shorten(hints[i].hint);
	return scr_shorten(question->help);
}
