/*
 * The one kind of address that is taken: https://HOST[:PORT][/PATH].
 */
#ifndef CLI_URL_H
#define CLI_URL_H

#include "core/base/error.h"

struct url {
	char *host; /* without the brackets of an IPv6 address */
	int port;
	char *path; /* "/" when there is none */
};

/* Takes an address apart.  Other schemes, user information, an empty host, a
 * port that is none, a fragment and control characters: HS_USAGE (RFC 3986,
 * 3.2; user information in links is how people are deceived). */
int cli_url_parse(const char *text, struct url *ret_url,
		  struct error *err) HS_MUST_CHECK;
void cli_url_done(struct url *url);
#define cli_auto_url HS_CLEANUP(cli_url_done)

#endif
