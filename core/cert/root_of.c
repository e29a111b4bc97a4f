#include "core/cert/root_of.h"

#include "core/cert/certificate.h"
#include "core/cert/create.h"
#include "core/cert/origin.h"
#include "core/cert/trust.h"

static void keep_root(X509 *x509, struct x509s *roots)
{
	HS_EACH(other, roots) {
		if (!X509_cmp(*other, x509))
			return;
	}
	X509_up_ref(x509);
	HS_PUSH(roots, x509);
}

static void keep_given_roots(const struct origins *origins, struct x509s *roots)
{
	HS_EACH(origin, origins) {
		HS_EACH(x509, &origin->found.certificates) {
			if (hs_x509_is_self_signed(*x509))
				keep_root(*x509, roots);
		}
	}
}

/* The one of this machine's store that the chain ends at. */
static void keep_known_root(const struct bundle *bundle,
			    const struct origins *origins, struct x509s *roots)
{
	const struct certificate *leaf = hs_bundle_leaf(bundle);
	const unsigned char *at = leaf ? leaf->der : NULL;
	hs_auto_x509 X509 *x509 =
		leaf ? d2i_X509(NULL, &at, (long)leaf->der_length) : NULL;
	struct x509s given = {0};
	const struct x509s none = {0};
	X509 *anchor;

	HS_EACH(origin, origins) {
		HS_EACH(one, &origin->found.certificates)
			HS_PUSH(&given, *one);
	}
	anchor = x509 ? hs_trust_anchor(x509, &given, &none) : NULL;
	HS_ARRAY_FREE(&given);
	if (anchor)
		HS_PUSH(roots, anchor);
}

static void put_roots(const struct x509s *roots, struct str *pem)
{
	HS_EACH(x509, roots) {
		struct certificate root;

		if (hs_certificate_from_x509(*x509, &root))
			continue;
		hs_cert_export_pem(&root, pem);
		hs_certificate_done(&root);
	}
}

int hs_cert_roots(const struct bundle *bundle, const struct cert_source *source,
		  struct str *ret_pem, struct error *err)
{
	struct origins origins = {0};
	struct x509s roots = {0};
	struct root host;
	int status = 0;

	if (hs_root_open(NULL, &host, err))
		return -1;
	hs_origins_read(&host, source, &origins);
	hs_root_close(&host);
	keep_given_roots(&origins, &roots);
	if (!roots.n)
		keep_known_root(bundle, &origins, &roots);
	put_roots(&roots, ret_pem);
	if (!roots.n) {
		status = hs_fail(err, HS_REFUSED,
				 "the root of this certificate is not known "
				 "here");
		hs_error_hint(err, "get it from the CA and add it with --ca "
				   "FILE");
	}
	hs_x509s_done(&roots);
	hs_origins_done(&origins);
	return status;
}
