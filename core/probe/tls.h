/*
 * One TLS handshake as a browser would begin it, but one that no fault of the
 * certificate breaks off: what is wrong is noted down.  Old protocols and weak
 * ciphers are spoken as well, so that the rules can name them.
 */
#ifndef CORE_PROBE_TLS_H
#define CORE_PROBE_TLS_H

#include "core/probe/probe.h"
#include "core/probe/trust.h"

struct tls_request {
	const char *address; /* numeric */
	int port;
	const char *name;    /* sent as SNI unless it is an IP address */
	struct trust *trust; /* NULL: neither chain nor name are judged */
	long long deadline;  /* by hs_clock_ms() */
	int cancel_fd;	     /* as in struct probe_request */
};

/* Fills the members of the result that are about the connection and TLS. */
void hs_tls_probe(const struct tls_request *request,
		  struct probe_result *result);

/* Whether the name is an IPv4 or IPv6 address. */
bool hs_tls_is_address(const char *name);

#endif
