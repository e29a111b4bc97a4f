/* What the site answers over HTTP, by what browsers make of it. */
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/probe/location.h"
#include "core/settings/host_name.h"
#include "core/settings/live/live.h"
#include "core/settings/preload.h"
#include "core/settings/rules/tables.h"

#define SHORT_DAYS 180
#define DAY 86400

/* HSTS.  The first header is the one that browsers take. */

static const char *header_of(const struct probe_result *result)
{
	const struct probe_answer *answer = result->https.items;

	return result->https.n && answer->hsts.n ? answer->hsts.items[0] : NULL;
}

static bool hsts_is_invalid(const struct judged *judged,
			    const struct probe_result *result, const char *at,
			    struct str *how)
{
	const char *value = header_of(result);

	(void)judged;
	if (!value || hs_hsts_read(value).max_age >= 0)
		return false;
	hs_str_printf(how,
		      _("the site at %s sends \"%.200s\", which has no valid "
			"max-age"),
		      at, value);
	return true;
}

static bool hsts_is_zero(const struct judged *judged,
			 const struct probe_result *result, const char *at,
			 struct str *how)
{
	const char *value = header_of(result);

	(void)judged;
	if (!value || hs_hsts_read(value).max_age != 0)
		return false;
	hs_str_printf(how,
		      _("the site at %s sends max-age=0: browsers forget HSTS"),
		      at);
	return true;
}

static bool hsts_is_short(const struct judged *judged,
			  const struct probe_result *result, const char *at,
			  struct str *how)
{
	const char *value = header_of(result);
	long long age = value ? hs_hsts_read(value).max_age : 0;

	/* whoever asked for a short time knows */
	if (!judged->unasked || age <= 0 || age >= SHORT_DAYS * DAY)
		return false;
	hs_str_printf(how,
		      _("the site at %s sends max-age=%lld, less than %d days"),
		      at, age, SHORT_DAYS);
	return true;
}

/* What browsers let nobody pass who has seen the header before. */
static bool locks_in(const struct judged *judged,
		     const struct probe_result *result, const char *at,
		     struct str *how)
{
	const char *value = header_of(result);
	const struct probe_certificate *sent = &result->certificate;

	if (!result->handshake || !value || hs_hsts_read(value).max_age <= 0)
		return false;
	if (sent->not_after && judged->facts->now > sent->not_after)
		hs_str_printf(
			how,
			_("the site at %s sends HSTS, and a certificate that "
			  "has expired: who was here before cannot pass the "
			  "warning"),
			at);
	else if (judged->facts->now && sent->not_before > judged->facts->now)
		hs_str_printf(
			how,
			_("the site at %s sends HSTS, and a certificate that "
			  "is not valid yet: who was here before cannot pass "
			  "the warning"),
			at);
	else if (!result->name_fits)
		hs_str_printf(
			how,
			_("the site at %s sends HSTS, and a certificate that "
			  "is for another name: who was here before cannot "
			  "pass the warning"),
			at);
	else if (!result->trusted && sent->self_signed)
		hs_str_printf(
			how,
			_("the site at %s sends HSTS, and a certificate that "
			  "is self-signed: who was here before cannot pass the "
			  "warning"),
			at);
	else if (!result->trusted && sent->incomplete)
		hs_str_printf(
			how,
			_("the site at %s sends HSTS, and a certificate that "
			  "comes without its chain: who was here before cannot "
			  "pass the warning"),
			at);
	return how->len > 0;
}

/* Redirects. */

static bool is_stranded(const struct judged *judged,
			const struct probe_result *result, const char *at,
			struct str *how)
{
	const struct probe_hops *all[] = {&result->http_hops,
					  &result->https_hops};

	(void)judged;
	for (size_t i = 0; i < HS_LENGTH(all); i++) {
		const struct probe_answers *answers = &all[i]->answers;
		const struct probe_answer *last;

		if (all[i]->end != PROBE_STRANDED || answers->n < 2)
			continue;
		last = &answers->items[answers->n - 1];
		hs_str_printf(
			how,
			_("the site at %s sends visitors from %s to %s (%s)"),
			at, last[-1].url, last->url,
			last->problem ? _(last->problem) : _("no answer"));
		return true;
	}
	return false;
}

static bool goes_to_https(const struct probe_answer *answer)
{
	return answer->status >= 301 && answer->status <= 308 &&
	       answer->location && hs_location_read(answer->location).https;
}

static bool redirects_challenge(const struct judged *judged,
				const struct probe_result *result,
				const char *at, struct str *how)
{
	(void)judged;
	HS_EACH(answer, &result->http) {
		if (!strstr(answer->url, "/.well-known/acme-challenge/") ||
		    !goes_to_https(answer))
			continue;
		hs_str_printf(how, _("the site at %s sends %s to HTTPS"), at,
			      answer->url);
		return true;
	}
	return false;
}

static bool redirects_localhost(const struct judged *judged,
				const struct probe_result *result,
				const char *at, struct str *how)
{
	(void)judged;
	if (!result->localhost.url || !goes_to_https(&result->localhost))
		return false;
	hs_str_printf(how, _("the site at %s sends %s to %s"), at,
		      result->localhost.url, result->localhost.location);
	return true;
}

/* Nobody says that it should be open. */
static bool http_is_closed(const struct judged *judged,
			   const struct probe_result *result, const char *at,
			   struct str *how)
{
	const struct probe_answer *answer = result->http.items;

	if (!judged->unasked || !result->http.n || answer->status ||
	    result->http_is_tls)
		return false;
	hs_str_printf(how, _("the site at %s gives no answer to %s (%s)"), at,
		      answer->url,
		      answer->problem ? _(answer->problem) : _("nothing came"));
	return true;
}

/* The page. */

static bool fails(const struct judged *judged,
		  const struct probe_result *result, const char *at,
		  struct str *how)
{
	const struct probe_answer *answer = result->https.items;

	(void)judged;
	if (!result->https.n || answer->status < 500)
		return false;
	hs_str_printf(how, _("the site at %s answers %s with %d"), at,
		      answer->url, answer->status);
	return true;
}

static bool any_hostile(const struct probe_answers *answers)
{
	HS_EACH(answer, answers)
		if (answer->hostile)
			return true;
	return false;
}

static bool is_hostile(const struct judged *judged,
		       const struct probe_result *result, const char *at,
		       struct str *how)
{
	(void)judged;
	if (!any_hostile(&result->https) && !any_hostile(&result->http))
		return false;
	hs_str_printf(
		how,
		_("the site at %s sends control characters in its headers"),
		at);
	return true;
}

/* The addresses among each other. */

static bool say_difference(const struct probe_result *one,
			   const struct probe_result *other, struct str *detail)
{
	bool both = one->https.n && other->https.n;

	if (one->handshake != other->handshake)
		hs_str_printf(
			detail,
			_("the addresses %s and %s do not answer alike: only "
			  "one of them speaks TLS"),
			one->address, other->address);
	else if (one->handshake && memcmp(one->leaf, other->leaf, HS_HASH_SIZE))
		hs_str_printf(
			detail,
			_("the addresses %s and %s do not answer alike: they "
			  "send different certificates"),
			one->address, other->address);
	else if (both &&
		 one->https.items[0].status != other->https.items[0].status)
		hs_str_printf(
			detail,
			_("the addresses %s and %s do not answer alike: they "
			  "answer / differently"),
			one->address, other->address);
	return detail->len > 0;
}

static bool addresses_differ(const struct judged *judged, struct str *detail,
			     char **where)
{
	const struct probe_results *results = &judged->facts->probes;

	(void)where;
	for (size_t i = 1; i < results->n; i++)
		if (say_difference(&results->items[0], &results->items[i],
				   detail))
			return true;
	return false;
}

static bool has_no_address(const struct judged *judged, struct str *detail,
			   char **where)
{
	const struct facts *facts = judged->facts;
	const char *name = judged->settings->name;

	(void)where;
	if (!judged->unasked || !name || hs_host_name_is_ip(name) ||
	    facts->name.addresses.n ||
	    (facts->probes.n && !facts->name.looked_up))
		return false;
	hs_str_printf(
		detail,
		facts->name.looked_up
			? _("the name %s has no address: the resolver knows "
			    "none")
			: _("the name %s has no address: the resolver did not "
			    "answer"),
		name);
	return true;
}

static bool cannot_be_preloaded(const struct judged *judged, struct str *detail,
				char **where)
{
	struct preload_issues issues;
	hs_auto_str struct str why = {0};
	bool refuses;

	(void)where;
	if (!judged->unasked || !hs_preload_is_asked(judged->facts))
		return false;
	hs_preload_judge(judged->settings, judged->facts, &issues);
	refuses = hs_preload_refuses(&issues);
	HS_EACH(issue, &issues)
		if (issue->is_error)
			hs_str_printf(&why, "%s%s", why.len ? ", " : "",
				      issue->id);
	if (refuses)
		hs_str_printf(
			detail,
			_("the header says preload, and the list would refuse "
			  "the site: %s"),
			hs_str_text(&why));
	HS_ARRAY_FREE(&issues);
	return refuses;
}

HS_LIVE_ANY(any_hsts_invalid, false, hsts_is_invalid)
HS_LIVE_ANY(any_hsts_zero, false, hsts_is_zero)
HS_LIVE_ANY(any_hsts_short, false, hsts_is_short)
HS_LIVE_ANY(any_hsts_lock_in, true, locks_in)
HS_LIVE_ANY(any_redirect_broken, false, is_stranded)
HS_LIVE_ANY(any_redirect_challenge, false, redirects_challenge)
HS_LIVE_ANY(any_redirect_localhost, false, redirects_localhost)
HS_LIVE_ANY(any_http_closed, false, http_is_closed)
HS_LIVE_ANY(any_server_error, false, fails)
HS_LIVE_ANY(any_hostile_text, false, is_hostile)

static const struct rule rules[] = {
	{
		.id = "live.hsts-invalid",
		.severity = SEVERITY_ERROR,
		.question = "hsts.max-age",
		.says = N_("the HSTS header is not valid, so browsers "
			   "ignore it"),
		.remedy = N_("write it as max-age=31536000"),
		.source = "RFC 6797, 6.1",
		.holds = any_hsts_invalid,
	},
	{
		.id = "live.hsts-zero",
		.severity = SEVERITY_WARNING,
		.question = "hsts.max-age",
		.says = N_("the site tells browsers to forget HSTS"),
		.remedy = N_("give it a time, unless HSTS is to end"),
		.source = "RFC 6797, 6.1.1",
		.holds = any_hsts_zero,
	},
	{
		.id = "live.hsts-short",
		.severity = SEVERITY_WARNING,
		.question = "hsts.max-age",
		.says = N_("the site keeps browsers on HTTPS for a short "
			   "time only"),
		.remedy = N_("use a year (31536000) once all is well"),
		.source = "Mozilla Server Side TLS 6.0",
		.holds = any_hsts_short,
	},
	{
		.id = "live.hsts-lock-in",
		.severity = SEVERITY_ERROR,
		.question = "certificate.file",
		.says = N_("the site sends HSTS with a bad certificate"),
		.remedy = N_("put a good certificate in place at once; until "
			     "then send max-age=0"),
		.source = "RFC 6797, 8.4 and 12.1",
		.holds = any_hsts_lock_in,
	},
	{
		.id = "live.redirect-broken",
		.severity = SEVERITY_ERROR,
		.question = "redirect.enabled",
		.says = N_("the redirect leads to where nothing answers"),
		.remedy = N_("see whether the port in the redirect is the "
			     "one that HTTPS has"),
		.source = "RFC 9110, 15.4",
		.holds = any_redirect_broken,
	},
	{
		.id = "live.redirect-challenge",
		.severity = SEVERITY_INFO,
		.question = "redirect.enabled",
		.says = N_("the redirect takes the CA's challenges along"),
		.remedy = N_("let /.well-known/acme-challenge/ answer over "
			     "HTTP"),
		.source = "RFC 8555, 8.3",
		.holds = any_redirect_challenge,
	},
	{
		.id = "live.redirect-localhost",
		.severity = SEVERITY_INFO,
		.question = "redirect.skip-localhost",
		.says = N_("the redirect takes localhost along"),
		.remedy = N_("leave localhost out of it"),
		.source = "DataMiner: Setting up HTTPS on a DMA",
		.holds = any_redirect_localhost,
	},
	{
		.id = "live.http-closed",
		.severity = SEVERITY_INFO,
		.question = "bindings.mode",
		.says = N_("plain HTTP is closed"),
		.remedy = N_("have every link and client start with https://, "
			     "or open HTTP with a redirect"),
		.source = "DataMiner: Setting up HTTPS on a DMA",
		.holds = any_http_closed,
	},
	{
		.id = "live.server-error",
		.severity = SEVERITY_WARNING,
		.question = "site",
		.says = N_("the site answers with an error of the server"),
		.remedy = N_("see the server's error log, and whether the "
			     "application behind it runs"),
		.source = "RFC 9110, 15.6",
		.holds = any_server_error,
	},
	{
		.id = "live.hostile-text",
		.severity = SEVERITY_WARNING,
		.question = "site",
		.says = N_("the site sends control characters in its "
			   "headers"),
		.remedy = N_("see which application makes these headers"),
		.source = "RFC 9110, 5.5",
		.holds = any_hostile_text,
	},
	{
		.id = "live.addresses-differ",
		.severity = SEVERITY_WARNING,
		.question = "bindings.address",
		.says = N_("the addresses of the site do not answer alike"),
		.remedy = N_("have every address served by the same site, "
			     "IPv6 too"),
		.holds = addresses_differ,
	},
	{
		.id = "live.unresolvable",
		.severity = SEVERITY_ERROR,
		.question = "name",
		.says = N_("the name has no address"),
		.remedy = N_("set the name's address records, or correct the "
			     "name"),
		.source = "RFC 1034",
		.holds = has_no_address,
	},
	{
		.id = "live.preload",
		.severity = SEVERITY_WARNING,
		.question = "hsts.preload",
		.says = N_("the site asks to be preloaded, and cannot be"),
		.remedy = N_("meet the rules, or leave preload out of the "
			     "header"),
		.source = "hstspreload.org",
		.holds = cannot_be_preloaded,
	},
};

const struct rule_table hs_rules_live_site = {
	.subject = "live",
	.rules = rules,
	.count = HS_LENGTH(rules),
	.applies = hs_live_was_probed,
};
