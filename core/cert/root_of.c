#include "core/cert/root_of.h"

#include "core/cert/certificate.h"
#include "core/cert/create.h"
#include "core/cert/origin.h"
#include "core/cert/trust.h"

static void keep_given_roots(struct origins *origins, struct gathered *roots)
{
	HS_EACH(origin, origins) {
		HS_EACH(certificate, &origin->found.certificates) {
			if (certificate->self_signed)
				hs_gather_facts(roots, certificate);
		}
	}
}

/* The one of this machine's store that the chain ends at. */
static void keep_known_root(const struct bundle *bundle,
			    const struct origins *origins,
			    struct gathered *roots)
{
	const struct certificate *leaf = hs_bundle_leaf(bundle);
	hs_auto_x509 X509 *x509 = leaf ? hs_certificate_x509(leaf) : NULL;
	struct x509s given = {0};
	const struct x509s none = {0};
	X509 *anchor;

	HS_EACH(origin, origins) {
		HS_EACH(one, &origin->found.certificates)
			HS_PUSH(&given, hs_certificate_x509(one));
	}
	anchor = x509 ? hs_trust_anchor(x509, &given, &none) : NULL;
	hs_x509s_done(&given);
	if (anchor)
		hs_gather_certificate(roots, anchor);
}

int hs_cert_roots(const struct bundle *bundle, const struct cert_source *source,
		  struct str *ret_pem, struct error *err)
{
	struct origins origins = {0};
	struct gathered roots = {0};
	struct root host;
	int status = 0;

	if (hs_root_open(NULL, &host, err))
		return -1;
	hs_origins_read(&host, source, &origins);
	hs_root_close(&host);
	keep_given_roots(&origins, &roots);
	if (!roots.certificates.n)
		keep_known_root(bundle, &origins, &roots);
	HS_EACH(certificate, &roots.certificates)
		hs_cert_export_pem(certificate, ret_pem);
	if (!roots.certificates.n) {
		status = hs_fail(err, HS_REFUSED,
				 "the root of this certificate is not known "
				 "here");
		hs_error_hint(err, "get it from the CA and add it with --ca "
				   "FILE");
	}
	hs_gathered_done(&roots);
	hs_origins_done(&origins);
	return status;
}
