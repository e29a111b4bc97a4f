#include "cli/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/text.h"

static int refuse(const char *text, const char *why, struct error *err)
{
	hs_auto_free char *safe = hs_text_safe(text, strlen(text), 120);

	hs_fail(err, HS_USAGE, "\"%s\": %s", safe, why);
	hs_error_hint(err, "write it as https://HOST[:PORT]/");
	return -1;
}

static int has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return 1;
	return 0;
}

/* A port from its digits; -1 when it is none. */
static int read_port(const char *digits, size_t length)
{
	int port = 0;

	if (!length || length > 5)
		return -1;
	for (size_t i = 0; i < length; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return -1;
		port = 10 * port + digits[i] - '0';
	}
	return port >= 1 && port <= 65535 ? port : -1;
}

/* Host and port of `length` bytes between the slashes. */
static int read_authority(const char *text, size_t length, struct url *url)
{
	const char *end = text + length, *host = text, *stop;

	if (*text == '[') {
		host++;
		stop = memchr(host, ']', length - 1);
		if (!stop)
			return -1;
		text = stop + 1;
	} else {
		stop = memchr(text, ':', length);
		stop = stop ? stop : end;
		text = stop;
	}
	if (stop == host)
		return -1;
	url->host = hs_strndup(host, (size_t)(stop - host));
	url->port = 443;
	if (text == end)
		return 0;
	if (*text != ':')
		return -1;
	url->port = read_port(text + 1, (size_t)(end - text - 1));
	return url->port < 0 ? -1 : 0;
}

int cli_url_parse(const char *text, struct url *ret_url, struct error *err)
{
	static const char scheme[] = "https://";
	const char *authority = text + strlen(scheme), *path;
	size_t length;

	*ret_url = (struct url){0};
	if (has_control(text))
		return refuse(text,
			      _("an address has no blanks or control "
				"characters"),
			      err);
	if (strncasecmp(text, scheme, strlen(scheme)) != 0)
		return refuse(text, _("only https:// is verified"), err);
	length = strcspn(authority, "/?#");
	path = authority + length;
	if (memchr(authority, '@', length))
		return refuse(text, _("user information is not taken"), err);
	if (!length || read_authority(authority, length, ret_url))
		return refuse(text, _("host or port is not valid"), err);
	length = strcspn(path, "#");
	if (*path == '/')
		ret_url->path = hs_strndup(path, length);
	else
		ret_url->path = hs_format("/%.*s", (int)length, path);
	return 0;
}

void cli_url_done(struct url *url)
{
	free(url->host);
	free(url->path);
	*url = (struct url){0};
}
