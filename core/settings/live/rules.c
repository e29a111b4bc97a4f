/* What the site answers from the outside, address by address. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/settings/host_name.h"
#include "core/settings/live/http.h"
#include "core/settings/live/live.h"
#include "core/settings/live/tls.h"
#include "core/settings/rules/tables.h"

/* "192.0.2.1", or "[2001:db8::1]:443" with the port. */
static char *place_of(const struct probe_result *result, bool with_port)
{
	if (!with_port)
		return hs_strdup(result->address);
	return hs_format(strchr(result->address, ':') ? "[%s]:%d" : "%s:%d",
			 result->address, result->https_port);
}

bool hs_live_any(const struct judged *judged, struct str *detail,
		 bool with_port, live_is_wrong *is_wrong)
{
	HS_EACH(result, &judged->facts->probes) {
		hs_auto_free char *at = place_of(result, with_port);
		hs_auto_str struct str how = {0};

		if (is_wrong(judged, result, at, &how))
			hs_str_printf(detail, "%s%s", detail->len ? "; " : "",
				      hs_str_text(&how));
	}
	return detail->len > 0;
}

static bool times_out(const struct judged *judged,
		      const struct probe_result *result, const char *at,
		      struct str *how)
{
	(void)judged;
	if (!result->timed_out || result->handshake)
		return false;
	hs_str_printf(
		how,
		result->connected
			? _("the site at %s does not finish the handshake")
			: _("the site at %s does not answer in time"),
		at);
	return true;
}

static bool does_not_connect(const struct judged *judged,
			     const struct probe_result *result, const char *at,
			     struct str *how)
{
	(void)judged;
	if (result->handshake || result->timed_out)
		return false;
	hs_str_printf(how,
		      result->connected
			      ? _("the site at %s does not speak TLS (%s)")
			      : _("the site at %s takes no connection (%s)"),
		      at,
		      result->problem ? _(result->problem)
				      : _("no reason known"));
	return true;
}

static bool sends_another(const struct judged *judged,
			  const struct probe_result *result, const char *at,
			  struct str *how)
{
	const struct certificate *leaf = hs_bundle_leaf(&judged->facts->bundle);
	char text[HS_HASH_HEX];

	if (!leaf || !result->handshake ||
	    memcmp(leaf->fingerprint, result->leaf, HS_HASH_SIZE) == 0)
		return false;
	hs_hash_hex(result->leaf, text);
	hs_str_printf(how,
		      _("the site at %s sends another certificate (SHA-256 "
			"%.16s...)"),
		      at, text);
	return true;
}

/* Where only the dates are wrong, OpenSSL found the chain to be good: that is
 * looked at first. */
static bool is_out_of_date(const struct judged *judged,
			   const struct probe_result *result)
{
	hs_auto_str struct str how = {0};
	const char *problem = result->trust_problem;

	return problem &&
	       (strstr(problem, "has expired") ||
		strstr(problem, "not yet valid")) &&
	       (hs_live_expired(judged, result, "", &how) ||
		hs_live_not_yet(judged, result, "", &how));
}

static bool is_untrusted(const struct judged *judged,
			 const struct probe_result *result, const char *at,
			 struct str *how)
{
	if (!result->handshake || result->trusted ||
	    is_out_of_date(judged, result))
		return false;
	hs_str_printf(
		how,
		_("the site at %s sends a certificate that is not trusted "
		  "(%s)"),
		at,
		result->trust_problem ? result->trust_problem
				      : _("no reason known"));
	return true;
}

static bool has_another_name(const struct judged *judged,
			     const struct probe_result *result, const char *at,
			     struct str *how)
{
	const char *name = judged->settings->name;

	if (!result->handshake || result->name_fits)
		return false;
	hs_str_printf(
		how, _("the site at %s sends a certificate that is not for %s"),
		at, name ? name : _("this name"));
	return true;
}

static bool speaks_old_tls(const struct judged *judged,
			   const struct probe_result *result, const char *at,
			   struct str *how)
{
	static const char *const old[] = {"SSLv3", "TLSv1", "TLSv1.0",
					  "TLSv1.1"};
	hs_auto_str struct str offers = {0};
	const char *chosen = NULL;

	(void)judged;
	for (size_t i = 0; result->protocol && i < HS_LENGTH(old); i++)
		if (strcmp(result->protocol, old[i]) == 0)
			chosen = old[i];
	if (hs_live_put_offers(result, OFFER_SSL3, OFFER_TLS1_1, &offers))
		hs_str_printf(how, _("the site at %s accepts %s"), at,
			      hs_str_text(&offers));
	else if (chosen)
		hs_str_printf(how, _("the site at %s speaks %s"), at, chosen);
	return how->len > 0;
}

/* TLS 1.3 has no weak ones; before, it takes ECDHE or DHE and an AEAD. */
static bool is_strong(const char *cipher)
{
	if (strncmp(cipher, "TLS_", 4) == 0)
		return true;
	if (strncmp(cipher, "ECDHE-", 6) != 0 &&
	    strncmp(cipher, "DHE-", 4) != 0)
		return false;
	return strstr(cipher, "GCM") || strstr(cipher, "CHACHA20") ||
	       strstr(cipher, "CCM");
}

static bool takes_weak_cipher(const struct judged *judged,
			      const struct probe_result *result, const char *at,
			      struct str *how)
{
	hs_auto_str struct str offers = {0};

	(void)judged;
	if (hs_live_put_offers(result, OFFER_NULL, OFFER_3DES, &offers))
		hs_str_printf(how, _("the site at %s accepts %s"), at,
			      hs_str_text(&offers));
	else if (result->handshake && result->cipher &&
		 !is_strong(result->cipher))
		hs_str_printf(how, _("the site at %s chooses %s"), at,
			      result->cipher);
	return how->len > 0;
}

static bool has_no_http2(const struct judged *judged,
			 const struct probe_result *result, const char *at,
			 struct str *how)
{
	const struct server_facts *server = judged->facts->server;

	if (!server || !(server->abilities & SERVER_HTTP2) ||
	    !result->handshake ||
	    (result->alpn && strcmp(result->alpn, "h2") == 0))
		return false;
	hs_str_printf(how, _("the site at %s speaks %s"), at,
		      result->alpn ? result->alpn : "HTTP/1.1");
	return true;
}

HS_LIVE_ANY(any_connect, true, does_not_connect)
HS_LIVE_ANY(any_timeout, true, times_out)
HS_LIVE_ANY(any_certificate_other, true, sends_another)
HS_LIVE_ANY(any_chain, true, is_untrusted)
HS_LIVE_ANY(any_name, true, has_another_name)
HS_LIVE_ANY(any_legacy_protocol, true, speaks_old_tls)
HS_LIVE_ANY(any_weak_cipher, true, takes_weak_cipher)
HS_LIVE_ANY(any_http2, true, has_no_http2)
HS_LIVE_ANY(any_hsts_missing, false, hs_live_hsts_missing)
HS_LIVE_ANY(any_hsts_duplicate, false, hs_live_hsts_duplicate)
HS_LIVE_ANY(any_hsts_inner_path, false, hs_live_hsts_inner_path)
HS_LIVE_ANY(any_hsts_value, false, hs_live_hsts_value)
HS_LIVE_ANY(any_hsts_on_http, false, hs_live_hsts_on_http)
HS_LIVE_ANY(any_redirect_missing, false, hs_live_redirect_missing)
HS_LIVE_ANY(any_redirect_loop, false, hs_live_redirect_loop)
HS_LIVE_ANY(any_redirect_target, false, hs_live_redirect_target)
HS_LIVE_ANY(any_not_found, false, hs_live_not_found)
HS_LIVE_ANY(any_no_answer, false, hs_live_no_answer)

static bool name_leads_away(const struct judged *judged, struct str *detail,
			    char **where)
{
	const struct facts *facts = judged->facts;
	const struct strings *found = &facts->name.addresses;
	const char *name = judged->settings->name;

	(void)where;
	if (!name || !facts->name.looked_up || hs_host_name_is_ip(name) ||
	    (judged->unasked && found->n && !facts->site))
		return false;
	HS_EACH(result, &facts->probes)
		if (!judged->unasked && hs_strings_has(found, result->address))
			return false;
	HS_EACH(address, found)
		if (hs_facts_address_is_here(facts, *address))
			return false;
	if (found->n)
		hs_str_printf(detail,
			      _("visitors are led to %s, which is not the "
				"address that was looked at"),
			      found->items[0]);
	else
		hs_str_printf(detail,
			      _("the name %s has no address in the DNS"), name);
	return true;
}

bool hs_live_was_probed(const struct judged *judged)
{
	return judged->facts->probes.n > 0 || judged->unasked;
}

static const struct rule rules[] = {
	{
		.id = "live.connect",
		.severity = SEVERITY_ERROR,
		.question = "bindings.https-port",
		.says = N_("the site takes no HTTPS connection"),
		.remedy = N_("see whether the server runs and listens there"),
		.holds = any_connect,
	},
	{
		.id = "live.timeout",
		.severity = SEVERITY_ERROR,
		.question = "bindings.https-port",
		.says = N_("the site does not answer in time"),
		.remedy = N_("look for a firewall that drops the packets"),
		.holds = any_timeout,
	},
	{
		.id = "live.certificate-other",
		.severity = SEVERITY_ERROR,
		.question = "certificate.file",
		.says = N_("the site sends another certificate than the one "
			   "meant"),
		.remedy =
			N_("look for another site or a proxy that answers for "
			   "this name"),
		.holds = any_certificate_other,
	},
	{
		.id = "live.chain",
		.severity = SEVERITY_WARNING,
		.question = "certificate.chain",
		.says = N_("the chain that the site sends is not trusted here"),
		.remedy = N_(
			"add the CA's intermediate certificates; for a CA of "
			"your own give it with --ca"),
		.source = "RFC 8446, 4.4.2",
		.holds = any_chain,
	},
	{
		.id = "live.name",
		.severity = SEVERITY_ERROR,
		.question = "name",
		.says = N_(
			"the certificate that the site sends has another name"),
		.remedy =
			N_("use a name of the certificate, or look for another "
			   "site that answers"),
		.source = "RFC 9525",
		.holds = any_name,
	},
	{
		.id = "live.legacy-protocol",
		.severity = SEVERITY_WARNING,
		.question = "tls.profile",
		.says = N_("the site speaks an old version of TLS"),
		.remedy = N_("use the TLS profile intermediate"),
		.source = "RFC 8996",
		.holds = any_legacy_protocol,
	},
	{
		.id = "live.weak-cipher",
		.severity = SEVERITY_WARNING,
		.question = "tls.profile",
		.says = N_("the site takes a weak cipher"),
		.remedy = N_("use the TLS profile intermediate"),
		.source = "Mozilla Server Side TLS 6.0",
		.holds = any_weak_cipher,
	},
	{
		.id = "live.http2",
		.severity = SEVERITY_WARNING,
		.question = "bindings.https-port",
		.says = N_("the site does not speak HTTP/2"),
		.remedy =
			N_("see whether another site on this port switches it "
			   "off"),
		.source = "RFC 9113, 3.2",
		.holds = any_http2,
		.unasked = SEVERITY_INFO,
	},
	{
		.id = "live.hsts-missing",
		.severity = SEVERITY_ERROR,
		.question = "hsts.enabled",
		.says = N_("the site does not send HSTS"),
		.remedy = N_("look for a proxy in between that takes it away"),
		.source = "RFC 6797, 7.1",
		.holds = any_hsts_missing,
		.unasked = SEVERITY_WARNING,
	},
	{
		.id = "live.hsts-duplicate",
		.severity = SEVERITY_ERROR,
		.question = "hsts.enabled",
		.says = N_("the site sends HSTS more than once"),
		.remedy =
			N_("take the header out of the application, or hide it "
			   "there"),
		.source = "RFC 6797, 7.1 and 8.1",
		.holds = any_hsts_duplicate,
	},
	{
		.id = "live.hsts-inner-path",
		.severity = SEVERITY_ERROR,
		.question = "hsts.enabled",
		.says = N_("some pages of the site lack HSTS"),
		.remedy = N_("look for a location with headers of its own"),
		.source = "nginx: ngx_http_headers_module, add_header",
		.holds = any_hsts_inner_path,
	},
	{
		.id = "live.hsts-value",
		.severity = SEVERITY_WARNING,
		.question = "hsts.max-age",
		.says = N_("the site sends other HSTS values than those asked "
			   "for"),
		.remedy = N_("look for a second place that sets the header"),
		.source = "RFC 6797, 6.1",
		.holds = any_hsts_value,
	},
	{
		.id = "live.hsts-on-http",
		.severity = SEVERITY_WARNING,
		.question = "hsts.enabled",
		.says = N_("plain HTTP sends HSTS too, where it has no effect"),
		.remedy = N_("send it with HTTPS only"),
		.source = "RFC 6797, 7.2",
		.holds = any_hsts_on_http,
	},
	{
		.id = "live.redirect-missing",
		.severity = SEVERITY_ERROR,
		.question = "redirect.enabled",
		.says = N_("HTTP does not redirect to HTTPS"),
		.remedy = N_("look for another site that answers on HTTP"),
		.holds = any_redirect_missing,
		.unasked = SEVERITY_WARNING,
	},
	{
		.id = "live.redirect-loop",
		.severity = SEVERITY_ERROR,
		.question = "redirect.enabled",
		.says = N_("the redirect goes round for ever"),
		.remedy = N_("take the other redirect out"),
		.source = "RFC 9110, 15.4",
		.holds = any_redirect_loop,
	},
	{
		.id = "live.redirect-target",
		.severity = SEVERITY_ERROR,
		.question = "redirect.enabled",
		.says = N_(
			"the redirect goes to another place than the same page "
			"under https://"),
		.remedy = N_("look for another redirect that comes first"),
		.source = "RFC 9110, 15.4",
		.holds = any_redirect_target,
	},
	{
		.id = "live.not-found-404",
		.severity = SEVERITY_WARNING,
		.question = "bindings.host-name",
		.says = N_("the site answers 404 over HTTPS"),
		.remedy =
			N_("see whether the binding has a host name that does "
			   "not fit, and whether the page exists over HTTP"),
		.source = "DataMiner: Setting up HTTPS on a DMA",
		.holds = any_not_found,
	},
	{
		.id = "live.no-answer",
		.severity = SEVERITY_WARNING,
		.question = "bindings.https-port",
		.says = N_("the site speaks TLS but gives no HTTP answer"),
		.remedy = N_("see the server's error log"),
		.holds = any_no_answer,
	},
	{
		.id = "live.dns",
		.severity = SEVERITY_WARNING,
		.question = "name",
		.says = N_("the name does not lead visitors to this machine"),
		.remedy =
			N_("set the name's address records, or wait until they "
			   "are known everywhere"),
		.holds = name_leads_away,
	},
};

const struct rule_table hs_rules_live = {
	.subject = "live",
	.rules = rules,
	.count = HS_LENGTH(rules),
	.applies = hs_live_was_probed,
};
