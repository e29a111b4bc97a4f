/*
 * What takes more than one connection to find out: which versions and ciphers
 * are accepted, what comes without SNI or with a wrong name, and whether the
 * two ports speak what they should.
 */
#ifndef CORE_PROBE_DEEP_H
#define CORE_PROBE_DEEP_H

#include "core/probe/hello.h"

/* Fills the members of a deep probe that are about hellos, for all results at
 * once. */
void hs_deep_offers(const char *name, struct probe_results *results,
		    long long deadline, int cancel_fd);

/* Whether HTTP ports that gave no good answer speak TLS.  Those that did are
 * left alone: a server that serves one visitor after the other would wait for
 * the rest of a request. */
void hs_deep_http_ports(struct probe_results *results, long long deadline,
			int cancel_fd);

#endif
