/*
 * The address in a Location header, and where it leads from the page that sent
 * it (RFC 9110, 10.2.2; RFC 3986, 5).
 */
#ifndef CORE_PROBE_LOCATION_H
#define CORE_PROBE_LOCATION_H

#include <stdbool.h>

/* The parts of "https://host:8443/path?query"; a text without scheme is all
 * path. */
struct location {
	bool https, absolute;
	char host[256]; /* with the brackets of an IPv6 address */
	int port;
	const char *path; /* into the text; "/" when it has none */
};

struct location hs_location_read(const char *text);

/* Whether scheme, port, host and path are the same. */
bool hs_location_is(const struct location *one, const struct location *other);

/* What `text`, sent by the page `from` (absolute), leads to, as an absolute
 * URL without fragment, to be freed; NULL: to nothing that can be asked. */
char *hs_location_resolve(const char *from, const char *text);

#endif
