/*
 * The roots that clients of a certificate have to trust.
 */
#ifndef CORE_CERT_ROOT_OF_H
#define CORE_CERT_ROOT_OF_H

#include "core/cert/bundle.h"

/*
 * Appends, as PEM, each root once: those that the bundle's files held and
 * those in the file `ca` (NULL: none), else the one of the system's store that
 * ends the chain.  HS_REFUSED when there is none.
 */
int hs_cert_roots(const struct bundle *bundle, const char *ca,
		  struct str *ret_pem, struct error *err) HS_MUST_CHECK;

#endif
