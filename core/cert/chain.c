#include "core/cert/chain.h"

#include <string.h>

#include "core/cert/certificate.h"
#include "core/cert/read/gather.h"
#include "core/cert/trust.h"

static bool is_in(const struct x509s *list, const X509 *x509)
{
	HS_EACH(other, list) {
		if (!X509_cmp(*other, x509))
			return true;
	}
	return false;
}

/* Names, key identifiers and usages fit (RFC 5280, 6.1), and so does the
 * signature; one of MD5, which OpenSSL may refuse, is left to its rule. */
static bool is_issued_by(X509 *x509, X509 *issuer)
{
	EVP_PKEY *key = X509_get0_pubkey(issuer);
	int verified;

	if (!key || X509_check_issued(issuer, x509) != X509_V_OK ||
	    EVP_PKEY_get_bits(key) > HS_RSA_BITS_MAX)
		return false;
	verified = X509_verify(x509, key);
	ERR_clear_error();
	return verified != 0;
}

/* Of several with the same name and key (cross-signed ones, renewed ones),
 * the first that is still valid. */
static X509 *find_issuer(X509 *x509, const struct x509s *given,
			 const struct x509s *above)
{
	X509 *any = NULL;

	HS_EACH(one, given) {
		if (is_in(above, *one) || !is_issued_by(x509, *one))
			continue;
		if (X509_cmp_current_time(X509_get0_notAfter(*one)) > 0)
			return *one;
		if (!any)
			any = *one;
	}
	return any;
}

static void climb(struct chain *chain, X509 *leaf, const struct x509s *given)
{
	X509 *top = leaf;

	while (top && chain->certificates.n < HS_CHAIN_MAX) {
		if (top != leaf && hs_x509_is_self_signed(top)) {
			chain->root_dropped = true;
			break;
		}
		X509_up_ref(top);
		HS_PUSH(&chain->certificates, top);
		if (top == leaf && hs_x509_is_self_signed(top))
			break;
		top = find_issuer(top, given, &chain->certificates);
	}
}

/* What the given files lack and this machine has: the way to the anchor goes
 * on where they end; a root at its end is what clients have. */
static void complete(struct chain *chain, const struct x509s *path)
{
	size_t n = chain->certificates.n;

	if (chain->root_dropped || n >= path->n)
		return;
	for (size_t i = 0; i < n; i++) {
		if (X509_cmp(chain->certificates.items[i], path->items[i]))
			return;
	}
	for (size_t i = n; i < path->n; i++) {
		if (hs_x509_is_self_signed(path->items[i]))
			return;
		X509_up_ref(path->items[i]);
		HS_PUSH(&chain->certificates, path->items[i]);
		chain->added++;
	}
}

static X509 *top_of(const struct chain *chain)
{
	return chain->certificates.items[chain->certificates.n - 1];
}

void hs_chain_build(X509 *leaf, const struct x509s *given,
		    const struct x509s *anchors, bool has_anchors,
		    struct chain *ret_chain)
{
	struct chain *chain = ret_chain;
	struct x509s path;

	*chain = (struct chain){0};
	climb(chain, leaf, given);
	chain->trust_problem = hs_trust_check(leaf, given, anchors, &path);
	complete(chain, &path);
	hs_x509s_done(&path);
	chain->trusted = !chain->trust_problem;
	/* A private root is not sent along and not known here: with
	 * intermediates there, the chain is taken for whole.  With --ca its
	 * anchors ought to end it, trusted for all else or not. */
	chain->complete =
		chain->root_dropped || chain->trusted ||
		hs_x509_is_self_signed(leaf) ||
		(chain->certificates.n > 1 && !has_anchors) ||
		find_issuer(top_of(chain), anchors, &chain->certificates);
}

void hs_chain_done(struct chain *chain)
{
	hs_x509s_done(&chain->certificates);
	*chain = (struct chain){0};
}
