/*
 * Whether a chain leads to somebody this machine trusts.  Reading the system's
 * bundle of all authorities takes some 20 ms, so it is read last and only
 * where there is no directory of single ones to look the needed one up in.
 */
#ifndef CORE_PROBE_TRUST_H
#define CORE_PROBE_TRUST_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/openssl.h"

struct trust;

/* Trust in the system's authorities and, unless NULL, those in the file `ca`
 * (PEM or DER).  NULL and HS_CANNOT when that file has none. */
struct trust *hs_trust_new(const char *ca, struct error *err);
void hs_trust_free(struct trust *trust);

/* NULL when the chain is trusted for a TLS server, else why not: a constant
 * sentence of OpenSSL's.  `chain` is what was sent, the leaf first.  May be
 * called by several threads at once. */
const char *hs_trust_judge(struct trust *trust, X509 *leaf,
			   STACK_OF(X509) * chain);

/* Whether somebody who is trusted issued it. As above. */
bool hs_trust_knows_issuer(struct trust *trust, X509 *leaf);

#endif
