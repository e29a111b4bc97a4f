/*
 * Redirects, followed as a browser would, but only within the site: to the
 * same name, with or without "www.", at the same address.  Whoever is led away
 * to others is asked nothing.
 */
#ifndef CORE_PROBE_HOPS_H
#define CORE_PROBE_HOPS_H

#include "core/probe/probe.h"

/* Follows what "/" answered over HTTP and HTTPS, for all results at once;
 * `name` is that of the site.  Each round has `timeout_ms`, all of them
 * together end at the deadline. */
void hs_hops_follow(const char *name, struct probe_results *results,
		    int timeout_ms, long long deadline, int cancel_fd);

#endif
