#include "core/settings/sites.h"

#include <regex.h>
#include <string.h>
#include <strings.h>

#include "core/base/str.h"

/* Exact beats "*.x" beats "x.*" beats "~x"; within one, length decides. */
enum { FITS_REGEX = 1, FITS_TAIL = 1000, FITS_HEAD = 2000, FITS_EXACT = 3000 };

static int longest(int kind, size_t length)
{
	return kind + (length > 900 ? 900 : (int)length);
}

/* "*.example.test", and ".example.test", which also stands for its own. */
static int fits_head(const char *pattern, const char *name)
{
	const char *suffix = pattern + (*pattern == '*');
	size_t length = strlen(name), suffix_length = strlen(suffix);

	if (*suffix != '.')
		return 0;
	if (suffix == pattern && strcasecmp(suffix + 1, name) == 0)
		return FITS_EXACT;
	if (length <= suffix_length ||
	    strcasecmp(name + length - suffix_length, suffix) != 0)
		return 0;
	return longest(FITS_HEAD, suffix_length);
}

/* "www.example.*" */
static int fits_tail(const char *pattern, const char *name)
{
	size_t length = strlen(pattern);

	if (length < 3 || strcmp(pattern + length - 2, ".*") != 0)
		return 0;
	if (strncasecmp(pattern, name, length - 1) != 0 || !name[length - 1])
		return 0;
	return longest(FITS_TAIL, length);
}

static const struct {
	const char *pcre, *posix;
} regex_words[] = {
	{"\\d", "[0-9]"},
	{"\\w", "[A-Za-z0-9_]"},
	{"(?:", "("},
};

/* The start of a named group, "(?<name>" or "(?P<name>": its length, or 0. */
static size_t named_group(const char *pattern)
{
	const char *end = strchr(pattern, '>');

	if (strncmp(pattern, "(?<", 3) != 0 && strncmp(pattern, "(?P<", 4) != 0)
		return 0;
	if (!end || strchr("=!", pattern[3]))
		return 0;
	return (size_t)(end + 1 - pattern);
}

static size_t translate_word(const char *pattern, struct str *posix)
{
	size_t length = named_group(pattern);

	if (length) {
		hs_str_putc(posix, '(');
		return length;
	}
	for (size_t i = 0; i < HS_LENGTH(regex_words); i++) {
		length = strlen(regex_words[i].pcre);
		if (strncmp(pattern, regex_words[i].pcre, length) == 0) {
			hs_str_puts(posix, regex_words[i].posix);
			return length;
		}
	}
	length = *pattern == '\\' && pattern[1] ? 2 : 1;
	hs_str_add(posix, pattern, length);
	return length;
}

/*
 * A server's regular expressions are PCRE.  What host names need of it says
 * the same in POSIX after a few words are translated; what does not (look
 * around, options) is left alone: such a site must be named with --site.
 */
static int fits_regex(const char *pattern, const char *name)
{
	hs_auto_str struct str posix = {0};
	regex_t regex;
	int fits;

	if (*pattern++ != '~')
		return 0;
	while (*pattern)
		pattern += translate_word(pattern, &posix);
	if (strstr(hs_str_text(&posix), "(?") ||
	    regcomp(&regex, hs_str_text(&posix),
		    REG_EXTENDED | REG_ICASE | REG_NOSUB) != 0)
		return 0;
	fits = regexec(&regex, name, 0, NULL, 0) == 0 ? FITS_REGEX : 0;
	regfree(&regex);
	return fits;
}

int hs_site_name_fits(const char *pattern, const char *name)
{
	int fits;

	if (strcasecmp(pattern, name) == 0)
		return FITS_EXACT;
	fits = fits_head(pattern, name);
	if (!fits)
		fits = fits_tail(pattern, name);
	if (!fits)
		fits = fits_regex(pattern, name);
	return fits;
}

int hs_site_fits(const struct site *site, const char *name)
{
	int best = 0;

	HS_EACH(pattern, &site->names) {
		int fits = hs_site_name_fits(*pattern, name);

		if (fits > best)
			best = fits;
	}
	return best;
}

bool hs_site_name_is_plain(const char *pattern)
{
	return *pattern && *pattern != '~' && *pattern != '.' &&
	       strcmp(pattern, "_") != 0 && !strpbrk(pattern, "*$");
}

/* An address without brackets, and with one spelling for "all of them". */
static void spell(const char *address, char ret_bare[static 64])
{
	size_t length = strlen(address);

	if (*address == '[' && length > 2 && address[length - 1] == ']') {
		address++;
		length -= 2;
	}
	if (length > 63)
		length = 63;
	memcpy(ret_bare, address, length);
	ret_bare[length] = '\0';
	if (strcmp(ret_bare, "0.0.0.0") == 0)
		memcpy(ret_bare, "*", sizeof("*"));
}

bool hs_addresses_clash(const char *one, const char *other)
{
	char a[64], b[64];
	bool a_is_v6, b_is_v6;

	spell(one, a);
	spell(other, b);
	if (strcasecmp(a, b) == 0)
		return true;
	a_is_v6 = strchr(a, ':') != NULL;
	b_is_v6 = strchr(b, ':') != NULL;
	if (strcmp(a, "*") == 0)
		return !b_is_v6;
	if (strcmp(b, "*") == 0)
		return !a_is_v6;
	return a_is_v6 == b_is_v6 &&
	       (strcmp(a, "::") == 0 || strcmp(b, "::") == 0);
}

const struct listen *hs_site_listen(const struct site *site, bool ssl, int port)
{
	HS_EACH(listen, &site->listens)
		if (listen->ssl == ssl && listen->port > 0 &&
		    (!port || listen->port == port))
			return listen;
	return NULL;
}

const char *hs_bound_host(const struct settings *settings)
{
	const char *host = settings->binding_host;

	return host && strcmp(host, "none") != 0 ? host : NULL;
}

bool hs_product_is(const struct settings *settings, const char *id)
{
	return settings->product && strcmp(settings->product, id) == 0;
}

bool hs_server_is(const struct facts *facts, const char *id)
{
	return facts->server && id && strcmp(facts->server->id, id) == 0;
}

const struct site *hs_site_default(const struct server_facts *server, int port)
{
	const struct site *first = NULL;

	HS_EACH(site, &server->sites) {
		HS_EACH(listen, &site->listens) {
			if (!listen->ssl || listen->port != port)
				continue;
			if (listen->default_server)
				return site;
			if (!first)
				first = site;
		}
	}
	return first;
}
