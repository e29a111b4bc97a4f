/*
 * HTTP requests, all at once: the status, where a redirect points, and every
 * HSTS header.  Redirects are not followed and bodies not read; certificates
 * are not judged here but by core/probe/tls.h.
 */
#ifndef CORE_PROBE_HTTP_H
#define CORE_PROBE_HTTP_H

#include "core/probe/probe.h"

struct http_request {
	const char *address; /* numeric; the name is not looked up */
	int port;
	bool tls;
	const char *name;	     /* Host and SNI */
	const char *path;	     /* "/" */
	struct probe_answer *answer; /* to be filled */
};
struct http_requests HS_ARRAY(struct http_request);

/* Asks all of them; each has `timeout_ms`, and all give up when `cancel_fd`
 * (0: none) can be read.  An answer that did not come says why in its
 * `problem`. */
void hs_http_ask(const struct http_requests *requests, int timeout_ms,
		 int cancel_fd);

#endif
