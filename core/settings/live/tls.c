#include "core/settings/live/tls.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/probe/offer.h"
#include "core/settings/host_name.h"

#define SOON_DAYS 30
#define DAY 86400

bool hs_live_put_offers(const struct probe_result *result,
			enum probe_offer first, enum probe_offer last,
			struct str *names)
{
	for (int offer = (int)first; offer <= (int)last; offer++) {
		if (!result->offers[offer].accepted)
			continue;
		hs_str_printf(names, "%s%s", names->len ? ", " : "",
			      hs_offer_title((enum probe_offer)offer));
	}
	return names->len > 0;
}

/* Whether there are dates to speak of. */
static bool has_dates(const struct probe_result *result)
{
	return result->handshake && result->certificate.not_after;
}

static bool knows_now(const struct judged *judged)
{
	return judged->facts->now > 0;
}

bool hs_live_expired(const struct judged *judged,
		     const struct probe_result *result, const char *at,
		     struct str *how)
{
	char date[24];

	if (!has_dates(result) ||
	    result->certificate.not_after >= judged->facts->now)
		return false;
	hs_text_date(result->certificate.not_after, date);
	hs_str_printf(
		how, _("the site at %s sends a certificate that expired on %s"),
		at, date);
	return true;
}

bool hs_live_not_yet(const struct judged *judged,
		     const struct probe_result *result, const char *at,
		     struct str *how)
{
	char date[24];

	if (!has_dates(result) || !knows_now(judged) ||
	    result->certificate.not_before <= judged->facts->now)
		return false;
	hs_text_date(result->certificate.not_before, date);
	hs_str_printf(
		how,
		_("the site at %s sends a certificate that is valid from %s "
		  "on"),
		at, date);
	return true;
}

bool hs_live_expires_soon(const struct judged *judged,
			  const struct probe_result *result, const char *at,
			  struct str *how)
{
	long long left = result->certificate.not_after - judged->facts->now;
	char date[24];

	if (!has_dates(result) || left < 0 || left >= SOON_DAYS * DAY)
		return false;
	hs_text_date(result->certificate.not_after, date);
	hs_str_printf(
		how,
		P_("the site at %s sends a certificate that ends on %s, in "
		   "%lld day",
		   "the site at %s sends a certificate that ends on %s, in "
		   "%lld days",
		   left / DAY),
		at, date, left / DAY);
	return true;
}

bool hs_live_self_signed(const struct judged *judged,
			 const struct probe_result *result, const char *at,
			 struct str *how)
{
	(void)judged;
	if (!result->handshake || result->trusted ||
	    !result->certificate.self_signed)
		return false;
	hs_str_printf(how, _("the site at %s sends a self-signed certificate"),
		      at);
	return true;
}

bool hs_live_incomplete(const struct judged *judged,
			const struct probe_result *result, const char *at,
			struct str *how)
{
	const char *issuer = result->certificate.issuer;

	(void)judged;
	if (!result->handshake || !result->certificate.incomplete)
		return false;
	if (issuer)
		hs_str_printf(
			how,
			_("the site at %s sends the certificate alone, without "
			  "that of its issuer %s"),
			at, issuer);
	else
		hs_str_printf(
			how,
			_("the site at %s sends the certificate alone, without "
			  "that of its issuer"),
			at);
	return true;
}

bool hs_live_misordered(const struct judged *judged,
			const struct probe_result *result, const char *at,
			struct str *how)
{
	(void)judged;
	if (!result->handshake || !result->certificate.misordered)
		return false;
	hs_str_printf(how,
		      _("the site at %s sends the chain in the wrong order"),
		      at);
	return true;
}

bool hs_live_extra(const struct judged *judged,
		   const struct probe_result *result, const char *at,
		   struct str *how)
{
	const struct probe_certificate *sent = &result->certificate;

	(void)judged;
	if (!result->handshake || (!sent->root_sent && !sent->unneeded))
		return false;
	if (sent->unneeded && sent->root_sent)
		hs_str_printf(
			how,
			P_("the site at %s sends %d certificate that is not of "
			   "the chain, and the root",
			   "the site at %s sends %d certificates that are not "
			   "of the chain, and the root",
			   sent->unneeded),
			at, sent->unneeded);
	else if (sent->unneeded)
		hs_str_printf(
			how,
			P_("the site at %s sends %d certificate that is not of "
			   "the chain",
			   "the site at %s sends %d certificates that are not "
			   "of the chain",
			   sent->unneeded),
			at, sent->unneeded);
	else
		hs_str_printf(how, _("the site at %s sends the root"), at);
	return true;
}

bool hs_live_cn_only(const struct judged *judged,
		     const struct probe_result *result, const char *at,
		     struct str *how)
{
	(void)judged;
	if (!result->handshake || result->name_fits ||
	    !result->certificate.common_name_fits)
		return false;
	hs_str_printf(
		how,
		result->certificate.names_count
			? _("the site at %s sends a certificate with the name "
			    "in CN only")
			: _("the site at %s sends a certificate with the name "
			    "in CN only, and no SAN at all"),
		at);
	return true;
}

/* The site's own configuration names that certificate: no other site's. */
static bool is_meant(const struct judged *judged,
		     const struct probe_result *result)
{
	const struct certificate *leaf = hs_bundle_leaf(&judged->facts->bundle);

	return leaf && !memcmp(leaf->fingerprint, result->leaf, HS_HASH_SIZE);
}

bool hs_live_wrong_site(const struct judged *judged,
			const struct probe_result *result, const char *at,
			struct str *how)
{
	const char *name = judged->settings->name;
	const char *subject = result->certificate.subject;

	if (!result->handshake || result->name_fits ||
	    result->certificate.common_name_fits ||
	    !result->wrong_name.handshake || !name ||
	    hs_host_name_is_ip(name) || is_meant(judged, result) ||
	    memcmp(result->leaf, result->wrong_name.leaf, HS_HASH_SIZE) != 0)
		return false;
	hs_str_printf(
		how,
		_("the site at %s answers for %s with the certificate that "
		  "every unknown name gets (%s)"),
		at, name, subject && *subject ? subject : _("no subject"));
	return true;
}

static bool share_a_name(const struct strings *names,
			 const struct certificate *leaf)
{
	HS_EACH(name, names)
		if (hs_strings_has(&leaf->dns_names, *name) ||
		    hs_strings_has(&leaf->ip_names, *name))
			return true;
	return false;
}

bool hs_live_old(const struct judged *judged, const struct probe_result *result,
		 const char *at, struct str *how)
{
	const struct certificate *leaf = hs_bundle_leaf(&judged->facts->bundle);
	const struct probe_certificate *sent = &result->certificate;
	char from[24], until[24];

	if (!leaf || !has_dates(result) || is_meant(judged, result) ||
	    sent->not_before >= leaf->not_before ||
	    !share_a_name(&sent->names, leaf))
		return false;
	hs_text_date(sent->not_before, from);
	hs_text_date(leaf->not_before, until);
	hs_str_printf(
		how,
		_("the site at %s still sends the certificate of %s; the one "
		  "in place is of %s"),
		at, from, until);
	return true;
}

/* RSA and DSA below 2048 bits, curves below 256. */
bool hs_live_weak_key(const struct judged *judged,
		      const struct probe_result *result, const char *at,
		      struct str *how)
{
	const struct probe_certificate *sent = &result->certificate;
	bool curve = sent->key_type && (!strncmp(sent->key_type, "EC", 2) ||
					!strncmp(sent->key_type, "ED", 2) ||
					!strncmp(sent->key_type, "X", 1));

	(void)judged;
	if (!result->handshake || !sent->key_type || !sent->key_bits ||
	    sent->key_bits >= (curve ? 253 : 2048))
		return false;
	hs_str_printf(
		how,
		_("the site at %s sends a certificate with a key of %s %d"), at,
		sent->key_type, sent->key_bits);
	return true;
}

bool hs_live_weak_signature(const struct judged *judged,
			    const struct probe_result *result, const char *at,
			    struct str *how)
{
	static const char *const weak[] = {"md2", "md4", "md5", "sha1"};
	const char *signature = result->certificate.signature;

	(void)judged;
	for (size_t i = 0;
	     result->handshake && signature &&
	     !result->certificate.self_signed && i < HS_LENGTH(weak);
	     i++) {
		if (strcmp(signature, weak[i]) != 0)
			continue;
		hs_str_printf(
			how,
			_("the site at %s sends a certificate signed with %s"),
			at, signature);
		return true;
	}
	return false;
}

bool hs_live_no_staple(const struct judged *judged,
		       const struct probe_result *result, const char *at,
		       struct str *how)
{
	(void)judged;
	if (!result->handshake || !result->certificate.must_staple ||
	    result->certificate.stapled)
		return false;
	hs_str_printf(
		how,
		_("the site at %s sends a certificate that demands a stapled "
		  "OCSP response, and staples none"),
		at);
	return true;
}

bool hs_live_bad_staple(const struct judged *judged,
			const struct probe_result *result, const char *at,
			struct str *how)
{
	const char *problem = result->certificate.staple_problem;

	(void)judged;
	if (!result->handshake || !problem)
		return false;
	hs_str_printf(how, _("the site at %s staples an OCSP response %s"), at,
		      _(problem));
	return true;
}

bool hs_live_revoked(const struct judged *judged,
		     const struct probe_result *result, const char *at,
		     struct str *how)
{
	(void)judged;
	if (!result->handshake || !result->certificate.revoked)
		return false;
	hs_str_printf(
		how,
		_("the site at %s staples that its certificate is revoked"),
		at);
	return true;
}

bool hs_live_no_sni(const struct judged *judged,
		    const struct probe_result *result, const char *at,
		    struct str *how)
{
	const struct probe_variant *without = &result->no_sni;

	(void)judged;
	if (!result->handshake || !without->asked)
		return false;
	if (!without->handshake)
		hs_str_printf(how,
			      _("the site at %s refuses clients without SNI"),
			      at);
	else if (memcmp(without->leaf, result->leaf, HS_HASH_SIZE) != 0)
		hs_str_printf(
			how,
			_("the site at %s sends clients without SNI another "
			  "certificate"),
			at);
	else
		return false;
	return true;
}

bool hs_live_no_modern(const struct judged *judged,
		       const struct probe_result *result, const char *at,
		       struct str *how)
{
	const struct probe_offered *offers = result->offers;
	bool old_chosen =
		result->protocol && (!strcmp(result->protocol, "TLSv1") ||
				     !strcmp(result->protocol, "TLSv1.1") ||
				     !strcmp(result->protocol, "SSLv3"));
	bool old_only = offers[OFFER_SSL3].accepted ||
			offers[OFFER_TLS1_0].accepted ||
			offers[OFFER_TLS1_1].accepted;

	(void)judged;
	if (result->handshake ? !old_chosen
			      : !old_only || offers[OFFER_TLS1_2].accepted ||
					offers[OFFER_TLS1_3].accepted)
		return false;
	hs_str_printf(how,
		      _("the site at %s speaks neither TLS 1.2 nor TLS 1.3"),
		      at);
	return true;
}

bool hs_live_http2_cipher(const struct judged *judged,
			  const struct probe_result *result, const char *at,
			  struct str *how)
{
	const struct probe_offered *offered = &result->offers[OFFER_H2];

	(void)judged;
	if (!offered->accepted || !offered->h2 || offered->version >= 0x0304 ||
	    !hs_offer_is_rejected(offered->cipher))
		return false;
	hs_str_printf(
		how,
		_("the site at %s chooses HTTP/2 with a cipher suite that "
		  "HTTP/2 forbids (0x%04x)"),
		at, offered->cipher);
	return true;
}

bool hs_live_obsolete(const struct judged *judged,
		      const struct probe_result *result, const char *at,
		      struct str *how)
{
	hs_auto_str struct str offers = {0};

	(void)judged;
	if (!hs_live_put_offers(result, OFFER_CBC, OFFER_RSA, &offers))
		return false;
	hs_str_printf(how,
		      _("the site at %s accepts ciphers of another time: %s"),
		      at, hs_str_text(&offers));
	return true;
}

bool hs_live_plain_http(const struct judged *judged,
			const struct probe_result *result, const char *at,
			struct str *how)
{
	(void)judged;
	if (result->handshake || !result->speaks_http)
		return false;
	hs_str_printf(
		how,
		_("the site at %s speaks plain HTTP on the port for HTTPS"),
		at);
	return true;
}

bool hs_live_tls_on_http(const struct judged *judged,
			 const struct probe_result *result, const char *at,
			 struct str *how)
{
	(void)judged;
	if (!result->http_is_tls)
		return false;
	hs_str_printf(
		how,
		_("the site at %s speaks TLS on port %d, where plain HTTP is "
		  "meant"),
		at, result->http_port);
	return true;
}
