/* Sending visitors from http:// to https://. */
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/settings/questions/questions.h"
#include "core/settings/rules/tables.h"
#include "core/settings/sites.h"

static bool is_on(const struct judged *judged)
{
	return judged->settings->redirect_enabled;
}

static bool there_is_no_http(const struct judged *judged, struct str *detail,
			     char **where)
{
	(void)detail, (void)where;
	return is_on(judged) &&
	       judged->settings->bindings_mode == BINDINGS_HTTPS;
}

/* Variables that begin with the slash of a path, of nginx and of IIS. */
static bool is_path_variable(const char *text)
{
	static const char *const known[] = {
		"$request_uri", "$uri",		 "$S",
		"$V",		"{REQUEST_URI}", "{UNENCODED_URL}",
		"{PATH_INFO}",	"{URL}",
	};

	for (size_t i = 0; i < HS_LENGTH(known); i++)
		if (!strncmp(text, known[i], strlen(known[i])))
			return true;
	return false;
}

/* The host a redirect goes to when it starts with `scheme`, to be freed; NULL
 * when it does not, or when a variable is part of the host. */
static char *target_host(const char *target, const char *scheme)
{
	size_t length;

	if (!target || strncasecmp(target, scheme, strlen(scheme)) != 0)
		return NULL;
	target += strlen(scheme);
	length = *target == '[' ? strcspn(target, "]") + 1
				: strcspn(target, ":/?${;");
	if (length == 0 || ((target[length] == '$' || target[length] == '{') &&
			    !is_path_variable(target + length)))
		return NULL;
	return hs_strndup(target, length);
}

/* The port behind the host of a URL; that of its scheme when none is there. */
static int target_port(const char *target, const char *scheme)
{
	const char *host = target + strlen(scheme);
	const char *port = host + strcspn(host, *host == '[' ? "]" : ":/?${;");

	port += *port == ']';
	if (*port == ':')
		return (int)strtol(port + 1, NULL, 10);
	return strcmp(scheme, "https://") ? 80 : 443;
}

/* Whether a URL of that scheme leads back to the site itself. */
static bool leads_home(const struct judged *judged, const char *target,
		       const char *scheme, int port)
{
	static const char *const same[] = {"{HTTP_HOST}", "{SERVER_NAME}"};
	const struct settings *settings = judged->settings;
	hs_auto_free char *host = NULL;

	if (strncasecmp(target, scheme, strlen(scheme)) != 0 ||
	    target_port(target, scheme) != port)
		return false;
	for (size_t i = 0; i < HS_LENGTH(same); i++)
		if (!strncasecmp(target + strlen(scheme), same[i],
				 strlen(same[i])))
			return true;
	host = target_host(target, scheme);
	return host && ((settings->name && !strcasecmp(host, settings->name)) ||
			hs_site_fits(judged->facts->site, host));
}

/* Where somebody else's redirect sends even those who come over HTTPS; NULL:
 * there is none, or no HTTPS. */
static const char *sent_from_https(const struct judged *judged)
{
	const struct site *site = judged->facts->site;

	return site && judged->settings->bindings_mode != BINDINGS_HTTP
		       ? site->sends_all
		       : NULL;
}

static bool goes_round(const struct judged *judged)
{
	const struct settings *settings = judged->settings;
	const char *target = sent_from_https(judged);

	return target &&
	       (leads_home(judged, target, "https://", settings->https_port) ||
		(is_on(judged) &&
		 leads_home(judged, target, "http://", settings->http_port)));
}

static void say_place(const struct place *place, char **where)
{
	if (place->path)
		*where = hs_format("%s:%d", place->path, place->line);
}

static void say_sent(const struct judged *judged, struct str *detail,
		     char **where)
{
	const struct site *site = judged->facts->site;

	hs_str_printf(detail,
		      _("%s sends everybody to %s, those who come over HTTPS "
			"too"),
		      site->id, site->sends_all);
	say_place(&site->sends_all_place, where);
}

static bool sends_everybody(const struct judged *judged, struct str *detail,
			    char **where)
{
	if (!sent_from_https(judged) || goes_round(judged))
		return false;
	say_sent(judged, detail, where);
	return true;
}

static bool would_loop(const struct judged *judged, struct str *detail,
		       char **where)
{
	const struct settings *settings = judged->settings;
	const struct site *site = judged->facts->site;
	hs_auto_free char *host = NULL;

	if (goes_round(judged)) {
		say_sent(judged, detail, where);
		return true;
	}
	if (!is_on(judged) || settings->bindings_mode != BINDINGS_BOTH)
		return false;
	if (settings->http_port == settings->https_port) {
		hs_str_printf(detail,
			      _("a redirect from port %d to itself never ends"),
			      settings->https_port);
		return true;
	}
	if (!site || !settings->name)
		return false;
	host = target_host(site->redirect_target, "http://");
	if (!host || strcasecmp(host, settings->name) != 0)
		return false;
	hs_str_printf(
		detail,
		_("%s sends visitors back to %s: with a redirect to HTTPS "
		  "they go round for ever"),
		site->id, site->redirect_target);
	if (site->place.path)
		*where = hs_format("%s:%d", site->place.path, site->place.line);
	return true;
}

/* Whether IIS is there without the module that redirects as it is told. */
static bool lacks_rewrite(const struct facts *facts)
{
	return hs_server_is(facts, "iis") &&
	       !(facts->server->abilities & SERVER_REWRITE);
}

static bool is_asked(const struct judged *judged)
{
	return is_on(judged) &&
	       hs_settings_origin(judged->settings, "redirect.enabled") >=
		       ORIGIN_ANSWERS;
}

/* What IIS does by itself goes with HSTS, and spares nobody. */
static bool rewrite_is_missing(const struct judged *judged, struct str *detail,
			       char **where)
{
	const struct settings *settings = judged->settings;

	(void)where;
	if (!is_asked(judged) || !lacks_rewrite(judged->facts) ||
	    settings->https_port != 443 ||
	    (settings->hsts_enabled && !settings->redirect_skip_localhost))
		return false;
	hs_str_puts(detail,
		    settings->redirect_skip_localhost
			    ? _("URL Rewrite is not installed, and the "
				"redirect that IIS has by itself does not "
				"leave localhost alone")
			    : _("URL Rewrite is not installed, and the "
				"redirect that IIS has by itself goes only "
				"with HSTS"));
	return true;
}

/* Native redirects of IIS leave the port out. */
static bool port_gets_lost(const struct judged *judged, struct str *detail,
			   char **where)
{
	int port = judged->settings->https_port;

	(void)where;
	if (!is_on(judged) || !lacks_rewrite(judged->facts) || port == 443)
		return false;
	hs_str_printf(detail,
		      _("the redirect of IIS always goes to port 443, HTTPS is "
			"on %d"),
		      port);
	return true;
}

static bool are_two(const struct judged *judged, struct str *detail,
		    char **where)
{
	const struct site *site = judged->facts->site;

	(void)where;
	if (!is_asked(judged) || !site || !site->redirects ||
	    site->redirect_ours || !hs_server_is(judged->facts, "iis"))
		return false;
	if (site->redirect_place.path)
		*where = hs_format("%s:%d", site->redirect_place.path,
				   site->redirect_place.line);
	hs_str_printf(
		detail,
		_("%s redirects already by a rule of its own: two of them "
		  "would answer in an order nobody wrote down"),
		site->id);
	return true;
}

/* The same where nobody wants a second one. */
static bool is_of_others(const struct judged *judged, struct str *detail,
			 char **where)
{
	const struct site *site = judged->facts->site;

	if (is_asked(judged) || !site || !site->redirects ||
	    site->redirect_ours || !hs_server_is(judged->facts, "iis"))
		return false;
	hs_str_printf(detail, _("%s sends visitors to %s by itself"), site->id,
		      site->redirect_target ? site->redirect_target : "HTTPS");
	say_place(&site->redirect_place, where);
	return true;
}

static bool is_not_heard(const struct judged *judged, struct str *detail,
			 char **where)
{
	const struct server_facts *server = judged->facts->server;

	if (!is_asked(judged) || !hs_server_is(judged->facts, "iis") ||
	    !server->answers_first.path)
		return false;
	hs_str_puts(detail, _("a global rule of IIS takes every request before "
			      "the rules of the site are asked"));
	say_place(&server->answers_first, where);
	return true;
}

static bool code_is_unknown(const struct judged *judged, struct str *detail,
			    char **where)
{
	int code = judged->settings->redirect_code;
	const struct choice *choice =
		hs_question_by_id("redirect.code")->choices;

	(void)where;
	if (code == 308 && is_on(judged) &&
	    hs_server_is(judged->facts, "iis")) {
		hs_str_puts(detail, _("URL Rewrite has no redirect with code "
				      "308: 307 is the nearest"));
		return true;
	}
	for (; choice->word; choice++)
		if (strtol(choice->word, NULL, 10) == code)
			return false;
	if (code >= 0)
		hs_str_printf(detail,
			      _("%d is no redirect that keeps the page"), code);
	return true;
}

/* Whether another site with HTTPS answers for the host. */
static bool is_served_elsewhere(const struct facts *facts, const char *host)
{
	if (!facts->server)
		return false;
	HS_EACH(site, &facts->server->sites)
		if (site != facts->site && site->https &&
		    hs_site_fits(site, host))
			return true;
	return false;
}

static bool host_is_not_certified(const struct judged *judged,
				  struct str *detail, char **where)
{
	const struct facts *facts = judged->facts;
	const struct certificate *leaf = hs_bundle_leaf(&facts->bundle);
	hs_auto_free char *host = NULL;

	if (!is_on(judged) || !leaf || !facts->site || facts->site->ours ||
	    facts->site->redirect_ours || facts->site->sends_all)
		return false;
	host = target_host(facts->site->redirect_target, "https://");
	if (!host || is_served_elsewhere(facts, host) ||
	    hs_certificate_matches(leaf, host) != CERT_MATCH_NONE)
		return false;
	hs_str_printf(detail,
		      _("%s redirects to %s, which is not in the certificate"),
		      facts->site->id, host);
	if (facts->site->place.path)
		*where = hs_format("%s:%d", facts->site->place.path,
				   facts->site->place.line);
	return true;
}

static const struct rule rules[] = {
	{
		.id = "redirect.no-http",
		.severity = SEVERITY_ERROR,
		.question = "redirect.enabled",
		.says = N_("there is nothing to redirect from: HTTP is taken "
			   "away"),
		.remedy = N_("serve both, or switch the redirect off"),
		.source = "RFC 9110, 15.4",
		.holds = there_is_no_http,
	},
	{
		.id = "redirect.loop",
		.severity = SEVERITY_ERROR,
		.question = "redirect.enabled",
		.says = N_("visitors would be sent round for ever"),
		.remedy = N_("take the other redirect out first"),
		.source = "RFC 9110, 15.4",
		.holds = would_loop,
	},
	{
		.id = "redirect.port",
		.severity = SEVERITY_ERROR,
		.question = "bindings.https-port",
		.says = N_("this server's redirect goes to port 443 only"),
		.remedy = N_("use port 443, or redirect with URL Rewrite"),
		.source = "Microsoft: HSTS settings for a web site",
		.holds = port_gets_lost,
	},
	{
		.id = "redirect.module-missing",
		.severity = SEVERITY_ERROR,
		.question = "redirect.enabled",
		.says = N_(
			"the server's module for redirects is not installed"),
		.remedy = N_("install it, or switch the redirect off"),
		.source = "Microsoft: URL Rewrite module",
		.holds = rewrite_is_missing,
	},
	{
		.id = "redirect.double",
		.severity = SEVERITY_ERROR,
		.question = "redirect.enabled",
		.says = N_("two redirects would be active at the same time"),
		.remedy =
			N_("take the existing one out, or leave it and switch "
			   "this one off"),
		.source = "Microsoft: URL Rewrite module",
		.holds = are_two,
	},
	{
		.id = "redirect.of-others",
		.severity = SEVERITY_INFO,
		.question = "redirect.enabled",
		.says = N_("a redirect that somebody else set up stays as it "
			   "is"),
		.remedy = N_("take it out there if visitors are to stay on "
			     "HTTP"),
		.source = "Microsoft: URL Rewrite module",
		.holds = is_of_others,
	},
	{
		.id = "redirect.everybody",
		.severity = SEVERITY_WARNING,
		.question = "redirect.enabled",
		.says = N_("even those who come over HTTPS are sent elsewhere"),
		.remedy = N_("see that this is meant, and that HTTPS is served "
			     "there"),
		.source = "Microsoft: HTTP Redirects <httpRedirect>",
		.holds = sends_everybody,
	},
	{
		.id = "redirect.not-heard",
		.severity = SEVERITY_WARNING,
		.question = "redirect.enabled",
		.says = N_("a rule for the whole server answers before the "
			   "redirect of the site"),
		.remedy = N_("put a redirect for this host in front of that "
			     "rule"),
		.source = "Microsoft: URL Rewrite module, global rules",
		.holds = is_not_heard,
	},
	{
		.id = "redirect.code",
		.severity = SEVERITY_ERROR,
		.question = "redirect.code",
		.says = N_("a redirect to HTTPS has the code 301, 302, 307 or "
			   "308"),
		.remedy = N_("use 308 where the server has it, else 302"),
		.source = "RFC 9110, 15.4",
		.holds = code_is_unknown,
	},
	{
		.id = "redirect.name-mismatch",
		.severity = SEVERITY_ERROR,
		.question = "redirect.enabled",
		.says = N_("the redirect goes to a name that is not in the "
			   "certificate"),
		.remedy =
			N_("redirect to a name of the certificate, or get one "
			   "that has this name too"),
		.source = "RFC 9525",
		.holds = host_is_not_certified,
	},
};

const struct rule_table hs_rules_redirect = {
	.subject = "redirect",
	.rules = rules,
	.count = HS_LENGTH(rules),
};
