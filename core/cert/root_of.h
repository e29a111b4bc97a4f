/*
 * The roots that clients of a certificate have to trust.
 */
#ifndef CORE_CERT_ROOT_OF_H
#define CORE_CERT_ROOT_OF_H

#include "core/cert/bundle.h"

/*
 * Appends, as PEM, each root once: those in the files of `source` (file,
 * chain, ca), else the one of the system's store that ends the chain.
 * HS_REFUSED when there is none.
 */
int hs_cert_roots(const struct bundle *bundle, const struct cert_source *source,
		  struct str *ret_pem, struct error *err) HS_MUST_CHECK;

#endif
