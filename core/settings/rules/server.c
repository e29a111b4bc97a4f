/* The server and the site that is to get HTTPS. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/settings/questions/questions.h"
#include "core/settings/rules/tables.h"
#include "core/settings/sites.h"

static bool server_is_missing(const struct judged *judged, struct str *detail,
			      char **where)
{
	const struct settings *settings = judged->settings;

	(void)where;
	if (judged->facts->server)
		return false;
	if (settings->server && settings->server_config)
		hs_str_printf(detail,
			      _("%s was not found here, nor with the "
				"configuration %s"),
			      settings->server, settings->server_config);
	else if (settings->server)
		hs_str_printf(detail, _("%s was not found here"),
			      settings->server);
	return true;
}

static bool server_is_not_running(const struct judged *judged,
				  struct str *detail, char **where)
{
	const struct server_facts *server = judged->facts->server;

	(void)where;
	if (!server || server->running || judged->facts->offline)
		return false;
	hs_str_printf(detail, _("%s is not running: nothing can be seen live"),
		      server->title ? server->title : server->id);
	return true;
}

static bool is_site_problem(const struct judged *judged, const char *id)
{
	const char *problem = judged->facts->site_problem;

	return problem && strcmp(problem, id) == 0;
}

/* Names some sites to choose from; a long list helps nobody. */
static char *list_sites(const struct server_facts *server, const char *name)
{
	struct str list = {0};
	size_t shown = 0, left = 0;

	HS_EACH(site, &server->sites) {
		if (name && !hs_site_fits(site, name))
			continue;
		if (shown == 5) {
			left++;
			continue;
		}
		hs_str_printf(&list, "%s%s", shown++ ? ", " : "", site->id);
		if (site->place.path)
			hs_str_printf(&list, " (%s:%d)", site->place.path,
				      site->place.line);
	}
	if (left) {
		hs_auto_free char *some = hs_str_take(&list);

		hs_str_printf(&list, _("%s and %zu more"), some, left);
	}
	return hs_str_take(&list);
}

static bool site_is_missing(const struct judged *judged, struct str *detail,
			    char **where)
{
	const struct settings *settings = judged->settings;
	const struct server_facts *server = judged->facts->server;

	(void)where;
	if (!server || !is_site_problem(judged, "server.no-site"))
		return false;
	if (settings->site) {
		hs_str_printf(detail, _("there is no site %s"), settings->site);
	} else if (settings->name) {
		hs_str_printf(detail, _("no site answers for %s"),
			      settings->name);
		*judged->question = "name";
	} else {
		hs_str_puts(detail, _("no site was found"));
	}
	if (server->sites.n) {
		hs_auto_free char *missing = hs_str_take(detail);
		hs_auto_free char *sites = list_sites(server, NULL);

		hs_str_printf(detail, _("%s; there are: %s"), missing, sites);
	}
	return true;
}

static bool site_is_ambiguous(const struct judged *judged, struct str *detail,
			      char **where)
{
	const char *name = judged->settings->site ? judged->settings->site
						  : judged->settings->name;
	hs_auto_free char *sites = NULL;

	(void)where;
	if (!judged->facts->server ||
	    !is_site_problem(judged, "server.ambiguous-site"))
		return false;
	sites = list_sites(judged->facts->server, name);
	if (name)
		hs_str_printf(detail, _("several sites answer for %s: %s"),
			      name, sites);
	else
		hs_str_printf(detail, _("there are several sites: %s"), sites);
	return true;
}

static bool has_https(const struct judged *judged, struct str *detail,
		      char **where)
{
	const struct site *site = judged->facts->site;

	if (!site || !site->https)
		return false;
	if (site->certificate)
		*where = hs_strdup(site->certificate);
	hs_str_printf(detail, _("%s has HTTPS: it is updated"), site->id);
	return true;
}

/* Nobody named the site and it does not list the name either. */
static bool is_catch_all(const struct judged *judged, struct str *detail,
			 char **where)
{
	const struct settings *settings = judged->settings;
	const struct site *site = judged->facts->site;

	(void)where;
	if (!site || !settings->name || hs_site_fits(site, settings->name) ||
	    hs_settings_origin(settings, "site") >= ORIGIN_ANSWERS)
		return false;
	hs_str_printf(detail,
		      _("no site lists the name %s; %s answers for it and gets "
			"HTTPS"),
		      settings->name, site->id);
	return true;
}

static const struct rule rules[] = {
	{
		.id = "server.not-found",
		.severity = SEVERITY_ERROR,
		.question = "server",
		.says = N_("no web server was found here"),
		.remedy = N_("install one, or say where it is with "
			     "--server-config and --server-binary"),
		.holds = server_is_missing,
	},
	{
		.id = "server.not-running",
		.severity = SEVERITY_WARNING,
		.question = "server",
		.says = N_(
			"the server is not running: nothing can be seen live"),
		.remedy = N_("start it, then look with https-setup verify"),
		.holds = server_is_not_running,
	},
	{
		.id = "server.config-broken",
		.severity = SEVERITY_ERROR,
		.question = "server-config",
		.says = N_("the server refuses its own configuration"),
		.remedy = N_("repair what it names first; nothing was changed"),
	},
	{
		.id = "server.module-missing",
		.severity = SEVERITY_ERROR,
		.question = "server",
		.says = N_("the server lacks a module that this needs"),
		.remedy = N_("install or load the module that is named"),
	},
	{
		.id = "server.shared-config",
		.severity = SEVERITY_ERROR,
		.question = "server-config",
		.says = N_("the configuration that counts lies on another "
			   "machine"),
		.remedy = N_("make the change there, or end the sharing first"),
		.source = "Microsoft: Shared Configuration",
	},
	{
		.id = "server.locked-section",
		.severity = SEVERITY_ERROR,
		.question = "server-config",
		.says = N_("the section that must change is locked higher up"),
		.remedy = N_("unlock it there, or make the change there"),
		.source = "Microsoft: Section Locking in IIS",
	},
	{
		.id = "server.changed-on-disk",
		.severity = SEVERITY_ERROR,
		.question = "server-config",
		.says = N_("a file was changed by somebody else meanwhile"),
		.remedy = N_("look at the change, then run this again"),
	},
	{
		.id = "server.unsupported-syntax",
		.severity = SEVERITY_ERROR,
		.question = "server-config",
		.says = N_("the configuration cannot be read safely"),
		.remedy = N_(
			"correct the line that is named; nothing was changed"),
	},
	{
		.id = "server.unused-copy",
		.severity = SEVERITY_ERROR,
		.question = "server-config",
		.says = N_("this file is a copy that the server never reads"),
		.remedy = N_("name the one in System32, or leave it out"),
		.source = "Microsoft: File System Redirector",
	},
	{
		.id = "server.outside-tree",
		.severity = SEVERITY_ERROR,
		.question = "site",
		.says = N_("the folder of the site is not in this tree"),
		.remedy =
			N_("bring that folder into the tree, or leave out what "
			   "needs the site's web.config"),
		.source = "Microsoft: IIS <virtualDirectory>, physicalPath",
	},
	{
		.id = "server.unknown-problem",
		.severity = SEVERITY_ERROR,
		.question = "server",
		.says = N_("something unforeseen stands in the way"),
		.remedy = N_("read the sentence; nothing was changed"),
	},
	{
		.id = "server.ambiguous-site",
		.severity = SEVERITY_ERROR,
		.question = "site",
		.says = N_("several sites answer for the name"),
		.remedy = N_("choose one with --site, or its port with "
			     "--http-port"),
		.holds = site_is_ambiguous,
	},
	{
		.id = "server.no-site",
		.severity = SEVERITY_ERROR,
		.question = "site",
		.says = N_("no site answers for the name"),
		.remedy = N_("check the name, or choose the site with --site"),
		.holds = site_is_missing,
	},
	{
		.id = "server.default-site",
		.severity = SEVERITY_WARNING,
		.question = "site",
		.says = N_("no site lists the name: the one that answers for "
			   "everything gets HTTPS"),
		.remedy = N_("check the name; if it is right, all is well"),
		.source = "nginx: How nginx processes a request",
		.holds = is_catch_all,
	},
	{
		.id = "server.already-https",
		.severity = SEVERITY_INFO,
		.question = "site",
		.says = N_(
			"the site has HTTPS already: it is updated in place"),
		.remedy = N_("nothing to do"),
		.holds = has_https,
	},
	{
		.id = "server.left-beside",
		.severity = SEVERITY_WARNING,
		.question = "server-config",
		.says = N_("something newer lies beside a file that changes"),
		.remedy = N_("a package's new version, or an edit that is not "
			     "saved yet: see what it holds; it is left alone"),
	},
	{
		.id = "server.certbot-at-work",
		.severity = SEVERITY_WARNING,
		.question = "server-config",
		.says = N_("certbot is at work on this server"),
		.remedy = N_("let it end first; what it changes meanwhile is "
			     "noticed and not overwritten"),
	},
	{
		.id = "server.no-trial",
		.severity = SEVERITY_INFO,
		.says = N_("the server could not be started on trial"),
		.remedy = N_("nothing to do: its own test and the proof on "
			     "the live site stand in for it"),
	},
};

const struct rule_table hs_rules_server = {
	.subject = "server",
	.rules = rules,
	.count = HS_LENGTH(rules),
};
