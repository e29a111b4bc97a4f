/*
 * Whether a client of this machine would trust a certificate: its system
 * store, and the anchors of --ca.
 */
#ifndef CORE_CERT_TRUST_H
#define CORE_CERT_TRUST_H

#include "core/cert/openssl.h"

/* NULL when a chain from `leaf` over the `given` certificates ends at an
 * anchor; else why not (static text).  The leaf's own dates and purposes are
 * not judged here: they have rules of their own.  The way it took, the leaf
 * first and the anchor last, goes to `ret_path`, empty when there is none;
 * hs_x509s_done() releases it. */
const char *hs_trust_check(X509 *leaf, const struct x509s *given,
			   const struct x509s *anchors, struct x509s *ret_path);

/* The certificate that such a chain ends at, to be freed; NULL when it is not
 * trusted. */
X509 *hs_trust_anchor(X509 *leaf, const struct x509s *given,
		      const struct x509s *anchors);

#endif
