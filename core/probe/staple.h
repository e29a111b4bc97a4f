/*
 * The stapled OCSP response of a handshake (RFC 6066, 8; RFC 6960): whether
 * it is one that clients take, and what it says of the certificate.
 */
#ifndef CORE_PROBE_STAPLE_H
#define CORE_PROBE_STAPLE_H

#include "core/base/openssl.h"
#include "core/probe/probe.h"

/* Fills `stapled`, `revoked` and `staple_problem` of the certificate of the
 * result.  `chain` is what was sent, the leaf first: the response's signature
 * is judged where the leaf's issuer is in it. */
void hs_staple_note(SSL *ssl, X509 *leaf, STACK_OF(X509) * chain,
		    struct probe_result *result);

#endif
