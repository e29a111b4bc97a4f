#include "core/settings/live/http.h"

#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/probe/location.h"

static bool is_redirect(const struct probe_answer *answer)
{
	static const int codes[] = {301, 302, 303, 307, 308};

	for (size_t i = 0; i < HS_LENGTH(codes); i++)
		if (answer->status == codes[i])
			return answer->location != NULL;
	return false;
}

/* Challenges of a CA stay on HTTP on purpose. */
static bool is_challenge(const struct probe_answer *answer)
{
	return strstr(answer->url, "/.well-known/acme-challenge/") != NULL;
}

/* HSTS (RFC 6797). */

/* Whether it is of interest: somebody wants it, or everything is looked at. */
static bool wants_hsts(const struct judged *judged)
{
	return judged->unasked || judged->settings->hsts_enabled;
}

static bool wants_redirect(const struct judged *judged)
{
	return judged->unasked || judged->settings->redirect_enabled;
}

static bool lacks_hsts(const struct probe_answer *answer)
{
	return answer->status && answer->hsts.n == 0;
}

bool hs_live_hsts_missing(const struct judged *judged,
			  const struct probe_result *result, const char *at,
			  struct str *how)
{
	if (!wants_hsts(judged) || result->https.n == 0 ||
	    !lacks_hsts(&result->https.items[0]))
		return false;
	hs_str_printf(how,
		      _("the site at %s answers %s without "
			"Strict-Transport-Security"),
		      at, result->https.items[0].url);
	return true;
}

bool hs_live_hsts_inner_path(const struct judged *judged,
			     const struct probe_result *result, const char *at,
			     struct str *how)
{
	if (!wants_hsts(judged) || result->https.n == 0 ||
	    lacks_hsts(&result->https.items[0]))
		return false;
	HS_EACH(answer, &result->https) {
		if (!lacks_hsts(answer))
			continue;
		hs_str_printf(how,
			      _("the site at %s sends HSTS, but not for %s"),
			      at, answer->url);
		return true;
	}
	return false;
}

bool hs_live_hsts_duplicate(const struct judged *judged,
			    const struct probe_result *result, const char *at,
			    struct str *how)
{
	hs_auto_str struct str values = {0};

	if (!wants_hsts(judged))
		return false;
	HS_EACH(answer, &result->https) {
		if (answer->hsts.n < 2)
			continue;
		HS_EACH(value, &answer->hsts)
			hs_str_printf(&values, "%s\"%s\"",
				      values.len ? ", " : "", *value);
		hs_str_printf(
			how,
			_("the site at %s sends %zu HSTS headers for %s: %s"),
			at, answer->hsts.n, answer->url, hs_str_text(&values));
		return true;
	}
	return false;
}

static long long age_of(const char *value)
{
	const char *age = strcasestr(value, "max-age=");

	if (!age)
		return -1;
	age += strlen("max-age=");
	return strtoll(age + (*age == '"'), NULL, 10);
}

bool hs_live_hsts_value(const struct judged *judged,
			const struct probe_result *result, const char *at,
			struct str *how)
{
	const struct settings *settings = judged->settings;
	const char *value;

	if (!settings->hsts_enabled || judged->unasked ||
	    result->https.n == 0 || result->https.items[0].hsts.n != 1)
		return false;
	value = result->https.items[0].hsts.items[0];
	if (age_of(value) == settings->hsts_max_age &&
	    !strcasestr(value, "includeSubDomains") ==
		    !settings->hsts_include_subdomains &&
	    !strcasestr(value, "preload") == !settings->hsts_preload)
		return false;
	hs_str_printf(
		how,
		_("the site at %s sends \"%s\" where max-age=%lld%s%s was "
		  "asked for"),
		at, value, settings->hsts_max_age,
		settings->hsts_include_subdomains ? "; includeSubDomains" : "",
		settings->hsts_preload ? "; preload" : "");
	return true;
}

bool hs_live_hsts_on_http(const struct judged *judged,
			  const struct probe_result *result, const char *at,
			  struct str *how)
{
	if (!wants_hsts(judged))
		return false;
	HS_EACH(answer, &result->http) {
		if (answer->hsts.n == 0)
			continue;
		hs_str_printf(how,
			      _("the site at %s sends HSTS for %s as well"), at,
			      answer->url);
		return true;
	}
	return false;
}

/* The redirect from http:// to https://. */

bool hs_live_redirect_missing(const struct judged *judged,
			      const struct probe_result *result, const char *at,
			      struct str *how)
{
	if (!wants_redirect(judged))
		return false;
	HS_EACH(answer, &result->http) {
		if (is_challenge(answer) || is_redirect(answer) ||
		    (judged->unasked && !answer->status))
			continue;
		if (answer->status)
			hs_str_printf(how,
				      _("the site at %s answers %s with %d, no "
					"redirect"),
				      at, answer->url, answer->status);
		else
			hs_str_printf(
				how,
				_("the site at %s gives no answer to %s (%s)"),
				at, answer->url,
				answer->problem ? _(answer->problem)
						: _("nothing came"));
		return true;
	}
	return false;
}

/* Whether the answer leads to itself, or from HTTPS back to HTTP. */
static bool goes_round(const struct probe_answer *answer)
{
	struct location from, to;

	if (!is_redirect(answer))
		return false;
	from = hs_location_read(answer->url);
	to = hs_location_read(answer->location);
	if (!to.absolute)
		return strcmp(from.path, to.path) == 0;
	return hs_location_is(&from, &to) ||
	       (from.https && !to.https && strcasecmp(from.host, to.host) == 0);
}

static const struct probe_answer *looping(const struct probe_answers *answers)
{
	HS_EACH(answer, answers)
		if (goes_round(answer))
			return answer;
	return NULL;
}

/* Where following it came back to where it was. */
static const struct probe_answer *looped(const struct probe_result *result)
{
	const struct probe_hops *all[] = {&result->http_hops,
					  &result->https_hops};

	for (size_t i = 0; i < HS_LENGTH(all); i++) {
		const struct probe_answers *answers = &all[i]->answers;

		if (all[i]->end == PROBE_LOOPED && answers->n)
			return &answers->items[answers->n - 1];
	}
	return NULL;
}

bool hs_live_redirect_loop(const struct judged *judged,
			   const struct probe_result *result, const char *at,
			   struct str *how)
{
	const struct probe_answer *answer = looping(&result->https);

	if (!wants_redirect(judged))
		return false;
	if (!answer)
		answer = looping(&result->http);
	if (!answer)
		answer = looped(result);
	if (!answer)
		return false;
	if (answer->location)
		hs_str_printf(
			how,
			_("the site at %s sends %s to %s and so round for "
			  "ever"),
			at, answer->url, answer->location);
	else
		hs_str_printf(
			how,
			_("the site at %s sends %s to itself and so round for "
			  "ever"),
			at, answer->url);
	return true;
}

/* Another name of the certificate is as good: visitors see no warning. */
static bool is_good_host(const struct judged *judged, const char *host)
{
	const struct certificate *leaf = hs_bundle_leaf(&judged->facts->bundle);
	const char *name = judged->settings->name;

	if (!name || strcasecmp(host, name) == 0)
		return true;
	return leaf && hs_certificate_matches(leaf, host) != CERT_MATCH_NONE;
}

static bool is_good_target(const struct judged *judged,
			   const struct probe_answer *answer)
{
	struct location from = hs_location_read(answer->url);
	struct location to = hs_location_read(answer->location);

	return to.https && to.port == judged->settings->https_port &&
	       is_good_host(judged, to.host) && strcmp(from.path, to.path) == 0;
}

bool hs_live_redirect_target(const struct judged *judged,
			     const struct probe_result *result, const char *at,
			     struct str *how)
{
	if (!wants_redirect(judged))
		return false;
	HS_EACH(answer, &result->http) {
		if (!is_redirect(answer) || is_challenge(answer) ||
		    goes_round(answer) || is_good_target(judged, answer))
			continue;
		hs_str_printf(how, _("the site at %s sends %s to %s"), at,
			      answer->url, answer->location);
		return true;
	}
	return false;
}

/* The page itself. */

bool hs_live_not_found(const struct judged *judged,
		       const struct probe_result *result, const char *at,
		       struct str *how)
{
	(void)judged;
	if (result->https.n == 0 || result->https.items[0].status != 404)
		return false;
	hs_str_printf(how, _("the site at %s answers %s with 404"), at,
		      result->https.items[0].url);
	return true;
}

bool hs_live_no_answer(const struct judged *judged,
		       const struct probe_result *result, const char *at,
		       struct str *how)
{
	const struct probe_answer *answer = result->https.items;

	(void)judged;
	if (!result->handshake || result->https.n == 0 || answer->status)
		return false;
	hs_str_printf(how,
		      _("the site at %s speaks TLS but gives no answer to %s "
			"(%s)"),
		      at, answer->url,
		      answer->problem ? _(answer->problem) : _("nothing came"));
	return true;
}
