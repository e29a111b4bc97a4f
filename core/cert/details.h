/*
 * What else stands in a certificate, for those who want to see all of it: the
 * rest of what the details view of an operating system shows.
 */
#ifndef CORE_CERT_DETAILS_H
#define CORE_CERT_DETAILS_H

#include "core/cert/bundle.h"

struct certificate_details {
	int version;
	char sha1[41];		    /* hexadecimal, of the DER */
	struct strings usages;	    /* keyUsage: "digital signature" */
	struct strings purposes;    /* extendedKeyUsage: "TLS server", or OID */
	struct strings other_names; /* of the SAN: "email:...", "URI:..." */
	long path_length;	    /* of a CA, -1: no limit */
	char *key_id, *issuer_key_id; /* hexadecimal, or NULL */
};

/* Reads them; what cannot be read stays empty.  To be released with
 * hs_certificate_details_done().  Texts may be hostile. */
void hs_certificate_details(const struct certificate *certificate,
			    struct certificate_details *ret_details);
void hs_certificate_details_done(struct certificate_details *details);
#define hs_auto_details HS_CLEANUP(hs_certificate_details_done)

#endif
