/* The certificate that the site sends and the TLS it speaks. */
#include "core/base/i18n.h"
#include "core/settings/live/tls.h"
#include "core/settings/rules/tables.h"

HS_LIVE_ANY(any_expired, true, hs_live_expired)
HS_LIVE_ANY(any_not_yet_valid, true, hs_live_not_yet)
HS_LIVE_ANY(any_expires_soon, true, hs_live_expires_soon)
HS_LIVE_ANY(any_self_signed, true, hs_live_self_signed)
HS_LIVE_ANY(any_chain_incomplete, true, hs_live_incomplete)
HS_LIVE_ANY(any_chain_order, true, hs_live_misordered)
HS_LIVE_ANY(any_chain_extra, true, hs_live_extra)
HS_LIVE_ANY(any_cn_only, true, hs_live_cn_only)
HS_LIVE_ANY(any_wrong_site, true, hs_live_wrong_site)
HS_LIVE_ANY(any_certificate_old, true, hs_live_old)
HS_LIVE_ANY(any_weak_key, true, hs_live_weak_key)
HS_LIVE_ANY(any_weak_signature, true, hs_live_weak_signature)
HS_LIVE_ANY(any_stapling, true, hs_live_no_staple)
HS_LIVE_ANY(any_staple_invalid, true, hs_live_bad_staple)
HS_LIVE_ANY(any_revoked, true, hs_live_revoked)
HS_LIVE_ANY(any_no_sni, true, hs_live_no_sni)
HS_LIVE_ANY(any_no_modern_tls, true, hs_live_no_modern)
HS_LIVE_ANY(any_http2_cipher, true, hs_live_http2_cipher)
HS_LIVE_ANY(any_obsolete_cipher, true, hs_live_obsolete)
HS_LIVE_ANY(any_plain_http, true, hs_live_plain_http)
HS_LIVE_ANY(any_tls_on_http_port, false, hs_live_tls_on_http)

static const struct rule rules[] = {
	{
		.id = "live.expired",
		.severity = SEVERITY_ERROR,
		.question = "certificate.file",
		.says = N_("the certificate that the site sends has "
			   "expired"),
		.remedy = N_("install a renewed certificate, and reload the "
			     "server"),
		.source = "RFC 5280, 4.1.2.5",
		.holds = any_expired,
	},
	{
		.id = "live.not-yet-valid",
		.severity = SEVERITY_ERROR,
		.question = "certificate.file",
		.says = N_("the certificate that the site sends is not "
			   "valid yet"),
		.remedy = N_("set the clock of this machine, or wait"),
		.source = "RFC 5280, 4.1.2.5",
		.holds = any_not_yet_valid,
	},
	{
		.id = "live.expires-soon",
		.severity = SEVERITY_WARNING,
		.question = "certificate.file",
		.says = N_("the certificate that the site sends ends soon"),
		.remedy = N_("renew it now, and see why that did not happen "
			     "by itself"),
		.holds = any_expires_soon,
	},
	{
		.id = "live.self-signed",
		.severity = SEVERITY_WARNING,
		.question = "certificate.file",
		.says = N_("the site sends a self-signed certificate"),
		.remedy = N_("use a certificate of a CA that visitors trust, "
			     "or add this one to the trusted roots of their "
			     "machines"),
		.source = "RFC 5280, 3.2",
		.holds = any_self_signed,
	},
	{
		.id = "live.chain-incomplete",
		.severity = SEVERITY_WARNING,
		.question = "certificate.chain",
		.says = N_("the site does not send the intermediate "
			   "certificate"),
		.remedy = N_("add the CA's intermediate certificates behind "
			     "the certificate"),
		.source = "RFC 8446, 4.4.2",
		.holds = any_chain_incomplete,
	},
	{
		.id = "live.chain-order",
		.severity = SEVERITY_WARNING,
		.question = "certificate.chain",
		.says = N_("the site sends its chain in the wrong order"),
		.remedy = N_("put the certificate first, then each issuer "
			     "behind what it issued"),
		.source = "RFC 5246, 7.4.2",
		.holds = any_chain_order,
	},
	{
		.id = "live.chain-extra",
		.severity = SEVERITY_INFO,
		.question = "certificate.chain",
		.says = N_("the site sends certificates that no client "
			   "needs"),
		.remedy = N_("leave out the root and what is not of the "
			     "chain"),
		.source = "RFC 8446, 4.4.2",
		.holds = any_chain_extra,
	},
	{
		.id = "live.cn-only",
		.severity = SEVERITY_ERROR,
		.question = "name",
		.says = N_("the name stands only in the certificate's "
			   "common name"),
		.remedy = N_("have a certificate made with the name as SAN"),
		.source = "RFC 9525, 6.3",
		.holds = any_cn_only,
	},
	{
		.id = "live.wrong-site",
		.severity = SEVERITY_ERROR,
		.question = "site",
		.says = N_("another site answers, with its own certificate"),
		.remedy = N_("give the site a listener on this port and the "
			     "name that visitors use"),
		.source = "RFC 6066, 3",
		.holds = any_wrong_site,
	},
	{
		.id = "live.certificate-old",
		.severity = SEVERITY_ERROR,
		.question = "certificate.file",
		.says = N_("the site still sends the certificate from "
			   "before it was renewed"),
		.remedy = N_("reload the server"),
		.source = "nginx: Controlling nginx",
		.holds = any_certificate_old,
	},
	{
		.id = "live.weak-key",
		.severity = SEVERITY_ERROR,
		.question = "certificate.file",
		.says = N_("the certificate that the site sends has a weak "
			   "key"),
		.remedy = N_("have a certificate made with RSA 2048, P-256 "
			     "or better"),
		.source = "CA/Browser Forum BR, 6.1.5",
		.holds = any_weak_key,
	},
	{
		.id = "live.weak-signature",
		.severity = SEVERITY_ERROR,
		.question = "certificate.file",
		.says = N_("the certificate that the site sends has a weak "
			   "signature"),
		.remedy = N_("have the certificate issued again, with "
			     "SHA-256"),
		.source = "RFC 9155",
		.holds = any_weak_signature,
	},
	{
		.id = "live.stapling",
		.severity = SEVERITY_WARNING,
		.question = "certificate.file",
		.says = N_("the certificate demands a stapled OCSP "
			   "response and none is sent"),
		.remedy = N_("switch OCSP stapling on, or use a certificate "
			     "without that demand"),
		.source = "RFC 7633",
		.holds = any_stapling,
	},
	{
		.id = "live.staple-invalid",
		.severity = SEVERITY_WARNING,
		.question = "certificate.file",
		.says = N_("the stapled OCSP response is one that clients "
			   "refuse"),
		.remedy = N_("see that the server can reach the OCSP responder "
			     "of its certificate, or switch stapling off"),
		.source = "RFC 6960, 3.2; RFC 6066, 8",
		.holds = any_staple_invalid,
	},
	{
		.id = "live.revoked",
		.severity = SEVERITY_ERROR,
		.question = "certificate.file",
		.says = N_("the certificate that the site sends is revoked"),
		.remedy = N_("have a new certificate made with a new key"),
		.source = "RFC 6960",
		.holds = any_revoked,
	},
	{
		.id = "live.no-sni",
		.severity = SEVERITY_INFO,
		.question = "bindings.host-name",
		.says = N_("clients without SNI do not get this site"),
		.remedy = N_("nothing, unless clients from before 2010 "
			     "matter"),
		.source = "RFC 6066, 3",
		.holds = any_no_sni,
	},
	{
		.id = "live.no-modern-tls",
		.severity = SEVERITY_ERROR,
		.question = "tls.profile",
		.says = N_("the site speaks no version of TLS that "
			   "browsers still use"),
		.remedy = N_("use the TLS profile intermediate"),
		.source = "RFC 8996",
		.holds = any_no_modern_tls,
	},
	{
		.id = "live.http2-cipher",
		.severity = SEVERITY_ERROR,
		.question = "tls.profile",
		.says = N_("the site chooses a cipher that browsers refuse "
			   "with HTTP/2"),
		.remedy = N_("use the TLS profile intermediate"),
		.source = "RFC 9113, 9.2.2 and appendix A",
		.holds = any_http2_cipher,
	},
	{
		.id = "live.obsolete-cipher",
		.severity = SEVERITY_INFO,
		.question = "tls.profile",
		.says = N_("the site accepts ciphers that no present "
			   "browser needs"),
		.remedy = N_("use the TLS profile intermediate"),
		.source = "Mozilla Server Side TLS 6.0",
		.holds = any_obsolete_cipher,
	},
	{
		.id = "live.plain-http",
		.severity = SEVERITY_ERROR,
		.question = "bindings.https-port",
		.says = N_("the port for HTTPS speaks plain HTTP"),
		.remedy = N_("switch TLS on for this listener"),
		.source = "RFC 9110, 4.2.2",
		.holds = any_plain_http,
	},
	{
		.id = "live.tls-on-http-port",
		.severity = SEVERITY_ERROR,
		.question = "bindings.http-port",
		.says = N_("the port for plain HTTP speaks TLS"),
		.remedy = N_("switch TLS off for this listener, or use "
			     "another port"),
		.source = "RFC 9110, 4.2.1",
		.holds = any_tls_on_http_port,
	},
};

const struct rule_table hs_rules_live_tls = {
	.subject = "live",
	.rules = rules,
	.count = HS_LENGTH(rules),
	.applies = hs_live_was_probed,
};
