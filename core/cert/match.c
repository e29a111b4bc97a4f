/*
 * Names against certificates (RFC 9525): by OpenSSL, on the certificate's own
 * bytes, so that what a screen shows is never what is compared.
 */
#include <arpa/inet.h>
#include <string.h>

#include "core/cert/certificate.h"

static bool is_ip(const char *name)
{
	unsigned char address[16];

	return inet_pton(AF_INET, name, address) == 1 ||
	       inet_pton(AF_INET6, name, address) == 1;
}

static enum cert_match match_host(X509 *x509, const char *name, size_t length)
{
	const unsigned flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
	enum cert_match match = CERT_MATCH_NONE;
	char *matched = NULL;

	if (X509_check_host(x509, name, length,
			    flags | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT,
			    &matched) == 1)
		match = !strncmp(matched, "*.", 2) ? CERT_MATCH_WILDCARD
						   : CERT_MATCH_EXACT;
	else if (X509_check_host(x509, name, length, flags, NULL) == 1)
		match = CERT_MATCH_CN_ONLY;
	OPENSSL_free(matched);
	return match;
}

/* Whether it has this very name, beside a wildcard that covers it. */
static bool has_itself(const struct certificate *certificate, const char *name,
		       size_t length)
{
	HS_EACH(one, &certificate->dns_names) {
		if (strlen(*one) == length && !strncasecmp(*one, name, length))
			return true;
	}
	return false;
}

enum cert_match hs_certificate_matches(const struct certificate *certificate,
				       const char *name)
{
	size_t length = strlen(name);
	hs_auto_x509 X509 *x509 = NULL;
	enum cert_match match = CERT_MATCH_NONE;

	if (!length)
		return CERT_MATCH_NONE;
	x509 = hs_certificate_x509(certificate);
	if (length > 1 && name[length - 1] == '.')
		length--;
	if (!x509)
		return CERT_MATCH_NONE;
	if (!is_ip(name))
		match = match_host(x509, name, length);
	else if (X509_check_ip_asc(x509, name, 0) == 1)
		match = CERT_MATCH_EXACT;
	if (match == CERT_MATCH_WILDCARD &&
	    has_itself(certificate, name, length))
		match = CERT_MATCH_EXACT;
	ERR_clear_error();
	return match;
}

/* Whether it can be the name of a site: no wildcard, nothing foreign. */
static bool is_site_name(const char *name)
{
	return *name && strlen(name) <= 253 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") ==
		       strlen(name);
}

char *hs_certificate_first_name(const struct certificate *certificate)
{
	const char *cn = certificate->common_name;

	HS_EACH(name, &certificate->dns_names) {
		if (is_site_name(*name))
			return hs_strdup(*name);
	}
	if (cn && is_site_name(cn) && strchr(cn, '.'))
		return hs_strdup(cn);
	if (certificate->ip_names.n)
		return hs_strdup(certificate->ip_names.items[0]);
	return NULL;
}
