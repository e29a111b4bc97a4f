/* The line that says what a field is for.  It is drawn anew whenever the focus
 * moves, so it is short: on a line of 960 bytes a second too, the focus moves
 * at once.  The whole of it is the help. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "screens/screen.h"

static const struct {
	const char *id, *hint;
} hints[] = {
	{"server", N_("The software that answers visitors")},
	{"server-config", N_("Open: the one the server runs with")},
	{"server-binary", N_("Tests the new configuration; F2 looks")},
	{"site", N_("Which of them gets HTTPS")},
	{"product", N_("Behind the site; Left Right: others")},
	{"certificate.file", N_(".pfx .p12 .pem .crt .cer; F2 looks")},
	{"certificate.key", N_("Open: it is in the certificate file")},
	{"certificate.chain", N_("Your CA's bundle, when a file apart")},
	{"certificate.passphrase", N_("What file or key is encrypted with")},
	{"certificate.self-signed", N_("For tests: every browser warns of it")},
	{"name", N_("What visitors type behind https://")},
	{"bindings.mode", N_("Both is usual: old links go on working")},
	{"bindings.http-port", N_("Browsers try 80 by themselves")},
	{"bindings.https-port", N_("Browsers try 443 by themselves")},
	{"bindings.address", N_("Where HTTPS listens; * is all of them")},
	{"bindings.host-name", N_("Open: HTTPS for every name")},
	{"tls.profile", N_("Intermediate suits most sites")},
	{"hsts.enabled", N_("Browsers that came once keep to HTTPS")},
	{"hsts.max-age", N_("1y 30d, or seconds; begin with days")},
	{"hsts.include-subdomains", N_("Those without HTTPS go out of reach")},
	{"hsts.preload", N_("Getting off that list takes months")},
	{"redirect.enabled", N_("Old http:// links lead to HTTPS")},
	{"redirect.code", N_("308 suits forms and is remembered")},
	{"redirect.skip-localhost",
	 N_("Programs on this machine stay on HTTP")},
	{"firewall.backend", N_("Opens the HTTPS port, if it is closed")},
	{"firewall.close-http", N_("Goes with HTTPS alone only")},
	{"iis.version", N_("It decides how HSTS is set")},
	{"iis.require-ssl", N_("What comes without HTTPS is refused")},
	{"iis.require-ssl-for", N_("Folders of the site, between commas")},
	{"iis.pfx", N_("AES, unless that Windows is too old")},
	{"dataminer.name", N_("Open: the name of the site")},
	{"dataminer.failover-names", N_("Open: this agent has no partner")},
	{"dataminer.cloud", N_("Goes without wildcard certificates")},
	{"dataminer.connection-uris", N_("How the agents find each other")},
	{"certero.endpoints", N_("Those on machines of their own")},
	{"certero.endpoint-servers", N_("Whole names, apart by spaces")},
	{"certero.clients-updated", N_("Then HTTP can be switched off")},
	{"itms.require-https", N_("Agents must have been told before")},
	{"itms.site-servers", N_("Whole names, apart by spaces")},
	{"arcgis.instance", N_("Open: looked for below the sites")},
	{"apply.confirm-within", N_("Then it is taken back; 0: never")},
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
			return scr_shorten(_(hints[i].hint));
	return scr_shorten(_(question->help));
}
