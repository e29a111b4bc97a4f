/*
 * The certificates that a server sent, as plain facts: the leaf, and whether
 * the chain behind it is what clients need (RFC 5246, 7.4.2; RFC 8446, 4.4.2).
 */
#ifndef CORE_PROBE_CHAIN_H
#define CORE_PROBE_CHAIN_H

#include "core/base/openssl.h"
#include "core/probe/probe.h"
#include "core/probe/trust.h"

/*
 * Fills the leaf's hash of the result and, unless `trust` is NULL, all that is
 * said about trust, name and chain.  `chain` is what was sent, the leaf first.
 */
void hs_chain_note(X509 *leaf, STACK_OF(X509) * chain, const char *name,
		   struct trust *trust, struct probe_result *result);

#endif
