#include "core/cert/root_of.h"

#include "core/cert/certificate.h"
#include "core/cert/make/create.h"
#include "core/cert/read/gather.h"
#include "core/cert/read/inventory.h"
#include "core/cert/trust.h"

static void add_roots(const struct certificates *given, struct gathered *roots)
{
	HS_EACH(certificate, given) {
		if (certificate->self_signed)
			hs_gather_certificate(roots,
					      hs_certificate_x509(certificate));
	}
}

static void add_anchors(const char *ca, struct gathered *roots)
{
	const struct cert_source source = {.file = ca};
	hs_auto_inventory struct inventory anchors = {0};

	if (ca && !hs_inventory_read(&source, &anchors, NULL))
		add_roots(&anchors.certificates, roots);
}

/* The one of this machine's store that the chain ends at. */
static void add_known_root(const struct bundle *bundle, struct gathered *roots)
{
	const struct certificate *leaf = hs_bundle_leaf(bundle);
	hs_auto_x509 X509 *x509 = leaf ? hs_certificate_x509(leaf) : NULL;
	const struct x509s none = {0};
	struct x509s chain = {0};
	X509 *anchor;

	HS_EACH(certificate, &bundle->certificates)
		HS_PUSH(&chain, hs_certificate_x509(certificate));
	anchor = x509 ? hs_trust_anchor(x509, &chain, &none) : NULL;
	hs_x509s_done(&chain);
	if (anchor)
		hs_gather_certificate(roots, anchor);
}

int hs_cert_roots(const struct bundle *bundle, const char *ca,
		  struct str *ret_pem, struct error *err)
{
	struct gathered roots = {0};
	bool is_any;

	if (bundle->inventory)
		add_roots(&bundle->inventory->certificates, &roots);
	add_anchors(ca, &roots);
	if (!roots.certificates.n)
		add_known_root(bundle, &roots);
	is_any = roots.certificates.n;
	HS_EACH(certificate, &roots.certificates)
		hs_cert_export_pem(certificate, ret_pem);
	hs_gathered_done(&roots);
	if (is_any)
		return 0;
	hs_fail(err, HS_REFUSED,
		"the root of this certificate is not known here");
	hs_error_hint(err, "get it from the CA and add it with --ca FILE");
	return -1;
}
