/*
 * From the leaf upwards: which of the given certificates its chain is made
 * of, and whether a trust anchor of this machine, or of --ca, ends it.
 */
#ifndef CORE_CERT_CHAIN_H
#define CORE_CERT_CHAIN_H

#include <stdbool.h>

#include "core/cert/openssl.h"

/* Longer ones have not been seen; a loop ends here. */
#define HS_CHAIN_MAX 20

struct chain {
	struct x509s certificates; /* the leaf first, never a root above it */
	size_t added;		   /* of them, from this machine's store */
	bool complete;		   /* it ends at a root, given or known */
	bool root_dropped;	   /* that root was among the given ones */
	bool trusted;
	const char *trust_problem; /* static, NULL when trusted */
};

/* Builds it from `leaf` and the given certificates; `anchors` are those of
 * --ca (`has_anchors`: it was given). hs_chain_done() releases it. */
void hs_chain_build(X509 *leaf, const struct x509s *given,
		    const struct x509s *anchors, bool has_anchors,
		    struct chain *ret_chain);
void hs_chain_done(struct chain *chain);

#endif
