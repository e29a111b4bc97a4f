#include "core/probe/location.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/str.h"

static const char *scheme_end(const char *text, bool *ret_https)
{
	*ret_https = strncasecmp(text, "https://", 8) == 0;
	if (*ret_https)
		return text + 8;
	return strncasecmp(text, "http://", 7) == 0 ? text + 7 : NULL;
}

struct location hs_location_read(const char *text)
{
	struct location location = {.path = text};
	const char *host = scheme_end(text, &location.https);
	size_t length;

	if (!host)
		return location;
	location.absolute = true;
	location.port = location.https ? 443 : 80;
	length = *host == '[' ? strcspn(host, "]/") : strcspn(host, ":/?#");
	if (host[length] == ']')
		length++;
	location.path = host + length;
	if (*location.path == ':') {
		location.port = (int)strtol(location.path + 1, NULL, 10);
		location.path += strcspn(location.path, "/?#");
	}
	if (!*location.path)
		location.path = "/";
	if (length >= sizeof(location.host))
		length = sizeof(location.host) - 1;
	memcpy(location.host, host, length);
	return location;
}

bool hs_location_is(const struct location *one, const struct location *other)
{
	return one->https == other->https && one->port == other->port &&
	       strcasecmp(one->host, other->host) == 0 &&
	       strcmp(one->path, other->path) == 0;
}

static void put_origin(struct str *url, const struct location *location)
{
	hs_str_printf(url, "%s://%s", location->https ? "https" : "http",
		      location->host);
	if (location->port != (location->https ? 443 : 80))
		hs_str_printf(url, ":%d", location->port);
}

/* A path that is relative starts behind the last slash of the page's. */
static void put_path(struct str *url, const char *from, const char *path)
{
	size_t length = strcspn(path, "#");
	const char *end = from + strcspn(from, "?#");

	if (*path != '/' && *path != '?') {
		while (end > from && end[-1] != '/')
			end--;
		hs_str_add(url, from, (size_t)(end - from));
	} else if (*path == '?') {
		hs_str_add(url, from, (size_t)(end - from));
	}
	hs_str_add(url, path, length);
}

char *hs_location_resolve(const char *from, const char *text)
{
	struct location base = hs_location_read(from);
	struct location to;
	hs_auto_free char *whole = NULL;
	struct str url = {0};

	if (!strncmp(text, "//", 2)) {
		hs_str_printf(&url, "%s:%s", base.https ? "https" : "http",
			      text);
		whole = hs_str_take(&url);
		text = whole;
	}
	to = hs_location_read(text);
	if (!to.absolute && strchr(text, ':') &&
	    strcspn(text, ":") < strcspn(text, "/?#"))
		return NULL; /* another scheme */
	if (to.absolute && (!*to.host || to.port < 1 || to.port > 65535))
		return NULL;
	put_origin(&url, to.absolute ? &to : &base);
	if (to.absolute && *to.path != '/')
		hs_str_putc(&url, '/');
	if (to.absolute)
		hs_str_add(&url, to.path, strcspn(to.path, "#"));
	else
		put_path(&url, base.path, to.path);
	return hs_str_take(&url);
}
