/* HTTP Strict Transport Security (RFC 6797) and the preload list. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/settings/host_name.h"
#include "core/settings/questions/questions.h"
#include "core/settings/rules/tables.h"
#include "core/settings/sites.h"
#include "core/settings/suffix.h"

#define DAY 86400LL
#define SHORT_AGE (180 * DAY)
#define PRELOAD_AGE 31536000LL
#define LONG_AGE 315360000LL

static bool is_on(const struct judged *judged)
{
	return judged->settings->hsts_enabled;
}

static bool is_preloaded(const struct judged *judged)
{
	return is_on(judged) && judged->settings->hsts_preload;
}

static bool age_is_zero(const struct judged *judged, struct str *detail,
			char **where)
{
	(void)detail, (void)where;
	return is_on(judged) && judged->settings->hsts_max_age == 0;
}

static bool age_is_no_time(const struct judged *judged, struct str *detail,
			   char **where)
{
	(void)detail, (void)where;
	return judged->settings->hsts_max_age < 0;
}

static bool age_is_short(const struct judged *judged, struct str *detail,
			 char **where)
{
	long long age = judged->settings->hsts_max_age;
	char words[40];

	(void)where;
	if (!is_on(judged) || age <= 0 || age >= SHORT_AGE)
		return false;
	hs_text_duration(age, words);
	hs_str_printf(detail,
		      _("HSTS lasts only %s: visitors who come more rarely are "
			"not protected"),
		      words);
	return true;
}

static bool age_is_long(const struct judged *judged, struct str *detail,
			char **where)
{
	long long age = judged->settings->hsts_max_age;

	(void)where;
	if (!is_on(judged) || age <= LONG_AGE)
		return false;
	hs_str_printf(detail, _("HSTS would last %lld years"),
		      age / PRELOAD_AGE);
	return true;
}

static bool preload_age_is_short(const struct judged *judged,
				 struct str *detail, char **where)
{
	long long age = judged->settings->hsts_max_age;

	(void)where;
	if (!is_preloaded(judged) || age < 0 || age >= PRELOAD_AGE)
		return false;
	hs_str_printf(
		detail,
		_("the preload list asks for max-age 31536000 (1 year) or "
		  "more, this is %lld"),
		age);
	return true;
}

static bool preload_leaves_subdomains(const struct judged *judged,
				      struct str *detail, char **where)
{
	(void)detail, (void)where;
	return is_preloaded(judged) &&
	       !judged->settings->hsts_include_subdomains;
}

static bool preload_leaves_http(const struct judged *judged, struct str *detail,
				char **where)
{
	const struct settings *settings = judged->settings;

	(void)detail, (void)where;
	return is_preloaded(judged) && !settings->redirect_enabled &&
	       settings->bindings_mode == BINDINGS_BOTH;
}

/* The name if the public suffix list can say something about it. */
static const char *domain(const struct judged *judged)
{
	const char *name = judged->settings->name;

	if (!name || !is_preloaded(judged) || hs_host_name_is_ip(name))
		return NULL;
	return strncmp(name, "*.", 2) == 0 ? name + 2 : name;
}

static bool preload_is_subdomain(const struct judged *judged,
				 struct str *detail, char **where)
{
	const char *name = domain(judged), *registrable;

	(void)where;
	if (!name)
		return false;
	registrable = hs_suffix_registrable(name);
	if (!registrable || strcmp(registrable, name) == 0)
		return false;
	hs_str_printf(detail,
		      _("only %s as a whole can be preloaded, not %s alone"),
		      registrable, name);
	return true;
}

static bool preload_is_suffix(const struct judged *judged, struct str *detail,
			      char **where)
{
	const char *name = domain(judged);

	(void)where;
	if (!name || !hs_suffix_is_public(name))
		return false;
	hs_str_printf(detail,
		      _("%s is a public suffix: names of other people stand "
			"below it"),
		      name);
	return true;
}

static bool preload_commits(const struct judged *judged, struct str *detail,
			    char **where)
{
	(void)detail, (void)where;
	return is_preloaded(judged);
}

static bool name_is_address(const struct judged *judged, struct str *detail,
			    char **where)
{
	const char *name = judged->settings->name;

	(void)where;
	if (!is_on(judged) || !name || !hs_host_name_is_ip(name))
		return false;
	hs_str_printf(detail, _("browsers ignore HSTS for the IP address %s"),
		      name);
	return true;
}

static bool certificate_is_untrusted(const struct judged *judged,
				     struct str *detail, char **where)
{
	const struct bundle *bundle = &judged->facts->bundle;

	(void)where;
	if (!is_on(judged) || !bundle->read || bundle->trusted)
		return false;
	hs_str_puts(detail, _("with HSTS nobody can pass the browser's warning "
			      "about this certificate"));
	if (bundle->trust_problem)
		hs_str_printf(detail, " (%s)", bundle->trust_problem);
	return true;
}

/* IIS sends it by a setting of the site, which is changed in its place. */
static bool is_setting_of_site(const struct facts *facts)
{
	const char *path = facts->site->hsts_place.path;

	return hs_server_is(facts, "iis") && path && facts->server->config &&
	       strcmp(path, facts->server->config) == 0;
}

static bool header_is_there(const struct judged *judged, struct str *detail,
			    char **where)
{
	const struct site *site = judged->facts->site;

	if (!is_on(judged) || !site || !site->hsts || site->ours ||
	    is_setting_of_site(judged->facts))
		return false;
	hs_str_printf(detail,
		      _("%s sends \"%s\" already: that header is replaced, for "
			"browsers heed only one"),
		      site->id, site->hsts);
	if (site->place.path)
		*where = hs_format("%s:%d", site->place.path, site->place.line);
	return true;
}

static bool server_cannot(const struct judged *judged, struct str *detail,
			  char **where)
{
	const struct server_facts *server = judged->facts->server;

	(void)where;
	if (!is_on(judged) || !server || (server->abilities & SERVER_HSTS))
		return false;
	hs_str_printf(detail, _("%s%s%s cannot send HSTS by itself"),
		      server->title ? server->title : server->id,
		      server->version ? " " : "",
		      server->version ? server->version : "");
	return true;
}

static bool version_is_unknown(const struct judged *judged, struct str *detail,
			       char **where)
{
	const struct server_facts *server = judged->facts->server;

	(void)detail, (void)where;
	return is_on(judged) && server &&
	       server->abilities & SERVER_AGE_UNKNOWN &&
	       judged->settings->iis.version == IIS_VERSION_AUTO;
}

static bool is_below(const char *name, const char *domain)
{
	size_t length = strlen(name), below = strlen(domain);

	return length > below + 1 && name[length - below - 1] == '.' &&
	       strcmp(name + length - below, domain) == 0;
}

/* The first name of an HTTP-only site that the rule would reach, or NULL. */
static const char *cut_off(const struct site *site, const char *domain)
{
	if (site->https)
		return NULL;
	HS_EACH(name, &site->names)
		if (hs_site_name_is_plain(*name) && is_below(*name, domain))
			return *name;
	return NULL;
}

static bool subdomain_has_no_https(const struct judged *judged,
				   struct str *detail, char **where)
{
	const struct facts *facts = judged->facts;
	const char *name = judged->settings->name;

	if (!is_on(judged) || !judged->settings->hsts_include_subdomains ||
	    !name || !facts->server)
		return false;
	HS_EACH(site, &facts->server->sites) {
		const char *below = cut_off(site, name);

		if (!below || site == facts->site)
			continue;
		hs_str_printf(detail,
			      _("%s has no HTTPS here: browsers that know the "
				"rule cannot reach it any more"),
			      below);
		if (site->place.path)
			*where = hs_format("%s:%d", site->place.path,
					   site->place.line);
		return true;
	}
	return false;
}

/* Somebody gave details of a thing that is off. */
static bool details_are_in_vain(const struct judged *judged, struct str *detail,
				char **where)
{
	static const char *const details[] = {
		"hsts.max-age",
		"hsts.include-subdomains",
		"hsts.preload",
	};
	const struct settings *settings = judged->settings;

	(void)where;
	if (is_on(judged))
		return false;
	for (size_t i = 0; i < HS_LENGTH(details); i++) {
		enum origin origin = hs_settings_origin(settings, details[i]);

		if (origin != ORIGIN_FLAG && origin != ORIGIN_ANSWERS)
			continue;
		hs_str_printf(detail, _("%s has no effect: HSTS is off"),
			      details[i]);
		return true;
	}
	return false;
}

static const struct rule rules[] = {
	{
		.id = "hsts.max-age-zero",
		.severity = SEVERITY_ERROR,
		.question = "hsts.max-age",
		.says = N_("max-age 0 tells browsers to forget HSTS at once"),
		.remedy = N_("give a time such as 1y, or switch HSTS off"),
		.source = "RFC 6797, 6.1.1",
		.holds = age_is_zero,
	},
	{
		.id = "hsts.max-age-invalid",
		.severity = SEVERITY_ERROR,
		.question = "hsts.max-age",
		.says = N_("this is no time: max-age is a whole number of "
			   "seconds"),
		.remedy = N_("give seconds, or a time such as 30d or 1y"),
		.source = "RFC 6797, 6.1.1",
		.holds = age_is_no_time,
	},
	{
		.id = "hsts.max-age-short",
		.severity = SEVERITY_WARNING,
		.question = "hsts.max-age",
		.says = N_("HSTS lasts less than half a year"),
		.remedy = N_("raise it to 1y once everything works"),
		.source = "testssl.sh: 180 days or more",
		.holds = age_is_short,
	},
	{
		.id = "hsts.max-age-over-10-years",
		.severity = SEVERITY_WARNING,
		.question = "hsts.max-age",
		.says = N_("HSTS would last more than ten years"),
		.remedy = N_("1y to 2y is enough: each visit starts it anew"),
		.source = "hstspreload.org",
		.holds = age_is_long,
	},
	{
		.id = "hsts.preload-max-age",
		.severity = SEVERITY_ERROR,
		.question = "hsts.max-age",
		.says = N_("the preload list asks for a year or more"),
		.remedy = N_("set it to 1y, or leave preloading off"),
		.source = "hstspreload.org, submission requirements",
		.holds = preload_age_is_short,
	},
	{
		.id = "hsts.preload-subdomains",
		.severity = SEVERITY_ERROR,
		.question = "hsts.include-subdomains",
		.says = N_("the preload list takes only whole domains: "
			   "sub-domains must be included"),
		.remedy =
			N_("include the sub-domains, or leave preloading off"),
		.source = "hstspreload.org, submission requirements",
		.holds = preload_leaves_subdomains,
	},
	{
		.id = "hsts.preload-redirect",
		.severity = SEVERITY_ERROR,
		.question = "redirect.enabled",
		.says = N_(
			"the preload list asks that HTTP redirects to HTTPS on "
			"the same host"),
		.remedy = N_("switch the redirect on, or leave preloading off"),
		.source = "hstspreload.org, submission requirements",
		.holds = preload_leaves_http,
	},
	{
		.id = "hsts.preload-subdomain",
		.severity = SEVERITY_ERROR,
		.question = "hsts.preload",
		.says = N_("only a registrable domain can be preloaded"),
		.remedy = N_(
			"leave preloading off here, or do it for the domain"),
		.source = "hstspreload.org, submission requirements",
		.holds = preload_is_subdomain,
	},
	{
		.id = "hsts.preload-public-suffix",
		.severity = SEVERITY_ERROR,
		.question = "hsts.preload",
		.says = N_("a public suffix cannot be preloaded this way"),
		.remedy = N_("leave preloading off"),
		.source = "publicsuffix.org",
		.holds = preload_is_suffix,
	},
	{
		.id = "hsts.preload-commitment",
		.severity = SEVERITY_WARNING,
		.question = "hsts.preload",
		.says = N_(
			"getting off the preload list takes months: the whole "
			"domain must keep HTTPS"),
		.remedy = N_("leave it off unless you are sure for years"),
		.source = "hstspreload.org, removal",
		.holds = preload_commits,
	},
	{
		.id = "hsts.ip-address",
		.severity = SEVERITY_WARNING,
		.question = "hsts.enabled",
		.says = N_("browsers ignore HSTS for IP addresses"),
		.remedy = N_("use a host name, or switch HSTS off"),
		.source = "RFC 6797, 8.1.1",
		.holds = name_is_address,
	},
	{
		.id = "hsts.untrusted-certificate",
		.severity = SEVERITY_WARNING,
		.question = "hsts.enabled",
		.says = N_(
			"with HSTS nobody can pass the browser's warning about "
			"an untrusted certificate"),
		.remedy = N_(
			"switch HSTS on once visitors trust the certificate"),
		.source = "RFC 6797, 8.4 and 11.3",
		.holds = certificate_is_untrusted,
	},
	{
		.id = "hsts.subdomain-on-http",
		.severity = SEVERITY_WARNING,
		.question = "hsts.include-subdomains",
		.says = N_("a sub-domain on this server has no HTTPS"),
		.remedy = N_("give it HTTPS first, or leave sub-domains out"),
		.source = "RFC 6797, 11.4",
		.holds = subdomain_has_no_https,
	},
	{
		.id = "hsts.not-enabled",
		.severity = SEVERITY_INFO,
		.question = "hsts.enabled",
		.says = N_("details of HSTS have no effect while it is off"),
		.remedy = N_("add --hsts, or leave the details out"),
		.holds = details_are_in_vain,
	},
	{
		.id = "hsts.duplicate-header",
		.severity = SEVERITY_WARNING,
		.question = "hsts.enabled",
		.says = N_(
			"the site sends a header of its own: it is replaced"),
		.remedy = N_("compare its values with yours"),
		.source = "RFC 6797, 8.1",
		.holds = header_is_there,
	},
	{
		.id = "hsts.version-unknown",
		.severity = SEVERITY_WARNING,
		.question = "iis.version",
		.says = N_(
			"nothing in this tree tells how old its Windows is: "
			"HSTS is set as from Server 2019 on, and an older IIS "
			"stops when it meets that setting"),
		.remedy = N_("say it with --iis-version"),
		.source = "Microsoft: HSTS Settings for a Web Site <hsts>",
		.holds = version_is_unknown,
	},
	{
		.id = "hsts.unsupported",
		.severity = SEVERITY_ERROR,
		.question = "hsts.enabled",
		.says = N_("this server cannot send HSTS by itself"),
		.remedy = N_("switch HSTS off, or update the server"),
		.holds = server_cannot,
	},
};

const struct rule_table hs_rules_hsts = {
	.subject = "hsts",
	.rules = rules,
	.count = HS_LENGTH(rules),
};
