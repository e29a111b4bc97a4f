/* What stands between the visitors and the new port. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/settings/rules/tables.h"

static bool is_looked_at(const struct judged *judged)
{
	const char *wanted = judged->settings->firewall;

	return !judged->facts->offline &&
	       !(wanted && strcmp(wanted, "none") == 0);
}

static bool is_chosen(const struct judged *judged, const char *id)
{
	const char *wanted = judged->settings->firewall;

	return !wanted || strcmp(wanted, "auto") == 0 ||
	       strcmp(wanted, id) == 0;
}

/* The chosen one that this user cannot look into, or NULL. */
static const struct firewall_facts *unknown(const struct judged *judged)
{
	HS_EACH(firewall, &judged->facts->firewalls)
		if (firewall->unknown && is_chosen(judged, firewall->id))
			return firewall;
	return NULL;
}

/* The chosen firewall that decides about packets now, or NULL. */
static const struct firewall_facts *active(const struct judged *judged)
{
	HS_EACH(firewall, &judged->facts->firewalls)
		if (firewall->active && is_chosen(judged, firewall->id))
			return firewall;
	return NULL;
}

/* "nftables and ufw" */
static void add_title(struct str *titles, const struct firewall_facts *firewall)
{
	hs_auto_free char *before = titles->len ? hs_str_take(titles) : NULL;

	if (before)
		hs_str_printf(titles, _("%s and %s"), before, firewall->title);
	else
		hs_str_puts(titles, firewall->title);
}

static bool is_inactive(const struct judged *judged, struct str *detail,
			char **where)
{
	hs_auto_str struct str titles = {0};

	(void)where;
	if (active(judged) || unknown(judged))
		return false;
	HS_EACH(firewall, &judged->facts->firewalls) {
		if (!is_chosen(judged, firewall->id) || firewall->unknown)
			continue;
		add_title(&titles, firewall);
	}
	if (!titles.len)
		return false;
	hs_str_printf(detail,
		      _("%s blocks nothing here: there is nothing to open"),
		      hs_str_text(&titles));
	return true;
}

static bool are_several(const struct judged *judged, struct str *detail,
			char **where)
{
	hs_auto_str struct str titles = {0};
	size_t count = 0;

	(void)where;
	HS_EACH(firewall, &judged->facts->firewalls) {
		if (!firewall->active || !is_chosen(judged, firewall->id))
			continue;
		add_title(&titles, firewall);
		count++;
	}
	if (count < 2)
		return false;
	hs_str_printf(detail, _("%s are active at the same time"),
		      hs_str_text(&titles));
	return true;
}

static bool is_missing(const struct judged *judged, struct str *detail,
		       char **where)
{
	const char *wanted = judged->settings->firewall;

	(void)where;
	HS_EACH(firewall, &judged->facts->firewalls)
		if (is_chosen(judged, firewall->id))
			return false;
	if (wanted && strcmp(wanted, "auto") != 0)
		hs_str_printf(detail, _("%s was not found on this machine"),
			      wanted);
	return true;
}

static void say_port(const struct judged *judged,
		     const struct firewall_facts *firewall, struct str *detail)
{
	hs_str_printf(detail,
		      firewall->open_https ? _("TCP %d is open in %s")
					   : _("TCP %d is not open in %s"),
		      judged->settings->https_port, firewall->title);
	if (firewall->detail)
		hs_str_printf(detail, " (%s)", firewall->detail);
}

static bool is_open(const struct judged *judged, struct str *detail,
		    char **where)
{
	const struct firewall_facts *firewall = active(judged);

	(void)where;
	if (!firewall || !firewall->open_https)
		return false;
	say_port(judged, firewall, detail);
	return true;
}

static bool is_blocked(const struct judged *judged, struct str *detail,
		       char **where)
{
	const struct firewall_facts *firewall = active(judged);

	(void)where;
	if (!firewall || firewall->open_https || firewall->unknown)
		return false;
	say_port(judged, firewall, detail);
	return true;
}

static bool is_unknown(const struct judged *judged, struct str *detail,
		       char **where)
{
	const struct firewall_facts *firewall = unknown(judged);

	(void)where;
	if (!firewall || firewall->open_https)
		return false;
	hs_str_printf(detail, _("whether %s lets TCP %d in cannot be seen"),
		      firewall->title, judged->settings->https_port);
	if (firewall->detail)
		hs_str_printf(detail, " (%s)", firewall->detail);
	return true;
}

/* Where SSH shares the port of HTTP, closing one closes the other. */
static bool is_ssh_at_risk(const struct judged *judged, struct str *detail,
			   char **where)
{
	const struct settings *settings = judged->settings;

	(void)where;
	if (!settings->firewall_close_http)
		return false;
	HS_EACH(use, &judged->facts->ports) {
		if (use->port != settings->http_port || !use->program ||
		    strncmp(use->program, "sshd", 4) != 0)
			continue;
		hs_str_printf(detail, _("TCP %d is SSH's: it cannot be closed"),
			      use->port);
		return true;
	}
	return false;
}

static bool is_locked(const struct judged *judged, struct str *detail,
		      char **where)
{
	const struct firewall_facts *firewall = active(judged);

	(void)where;
	if (!firewall || !firewall->locked || firewall->unknown ||
	    firewall->open_https ||
	    judged->settings->bindings_mode == BINDINGS_HTTP)
		return false;
	hs_str_printf(detail, _("this user may not open TCP %d in %s"),
		      judged->settings->https_port, firewall->title);
	return true;
}

static bool closes_http(const struct judged *judged, struct str *detail,
			char **where)
{
	const struct settings *settings = judged->settings;

	(void)where;
	if (!settings->firewall_close_http ||
	    settings->bindings_mode != BINDINGS_HTTPS)
		return false;
	hs_str_printf(detail, _("TCP %d for HTTP is to be closed"),
		      settings->http_port);
	return true;
}

static bool http_is_needed(const struct judged *judged, struct str *detail,
			   char **where)
{
	const struct settings *settings = judged->settings;

	(void)where;
	if (!settings->firewall_close_http ||
	    settings->bindings_mode == BINDINGS_HTTPS)
		return false;
	hs_str_printf(detail,
		      _("TCP %d cannot be closed: HTTP is still served there"),
		      settings->http_port);
	return true;
}

static const struct rule rules[] = {
	{
		.id = "firewall.inactive",
		.severity = SEVERITY_INFO,
		.question = "firewall.backend",
		.says = N_("no firewall blocks anything here"),
		.remedy = N_("nothing to do"),
		.holds = is_inactive,
	},
	{
		.id = "firewall.several",
		.severity = SEVERITY_ERROR,
		.question = "firewall.backend",
		.says = N_("several firewalls are active at the same time"),
		.remedy = N_("name the one that you manage with --firewall, or "
			     "none to leave them alone"),
		.holds = are_several,
	},
	{
		.id = "firewall.missing",
		.severity = SEVERITY_INFO,
		.question = "firewall.backend",
		.says = N_("no firewall was found on this machine"),
		.remedy = N_("a firewall elsewhere on the way must let HTTPS "
			     "through as well"),
		.holds = is_missing,
	},
	{
		.id = "firewall.already-open",
		.severity = SEVERITY_INFO,
		.question = "firewall.backend",
		.says = N_("the HTTPS port is open already"),
		.remedy = N_("nothing to do"),
		.holds = is_open,
	},
	{
		.id = "firewall.blocked",
		.severity = SEVERITY_WARNING,
		.question = "firewall.backend",
		.says = N_("the HTTPS port is not open in the firewall"),
		.remedy =
			N_("apply puts in a rule of its own that opens it, and "
			   "takes it out again with the rest; with --firewall "
			   "none that is yours to do"),
		.holds = is_blocked,
	},
	{
		.id = "firewall.unknown",
		.severity = SEVERITY_INFO,
		.question = "firewall.backend",
		.says = N_("what the firewall lets in cannot be seen"),
		.remedy = N_("look as root, or try from another machine"),
		.holds = is_unknown,
	},
	{
		.id = "firewall.ssh-at-risk",
		.severity = SEVERITY_ERROR,
		.question = "firewall.backend",
		.says = N_("the change could shut out your own SSH connection"),
		.remedy =
			N_("add a rule for SSH first, or use --firewall none"),
		.holds = is_ssh_at_risk,
	},
	{
		.id = "firewall.ssh-shut",
		.severity = SEVERITY_INFO,
		.question = "firewall.backend",
		.says = N_("no new SSH connection gets in from just anywhere"),
		.remedy = N_("what waits is kept from a new login: try one "
			     "now, from where you are, or confirm on the "
			     "console; nothing is changed about SSH"),
	},
	{
		.id = "firewall.closes-http",
		.severity = SEVERITY_INFO,
		.question = "firewall.close-http",
		.says = N_("the port for HTTP is to be closed"),
		.remedy = N_("visitors of old http:// links will wait in vain"),
		.holds = closes_http,
	},
	{
		.id = "firewall.http-needed",
		.severity = SEVERITY_ERROR,
		.question = "firewall.close-http",
		.says = N_(
			"the port for HTTP cannot be closed while it serves"),
		.remedy = N_("add --bindings https, or leave --close-http out"),
		.holds = http_is_needed,
	},
	{
		.id = "firewall.no-privilege",
		.severity = SEVERITY_ERROR,
		.question = "firewall.backend",
		.says = N_("this user may not change the firewall"),
		.remedy = N_("run it as root, or use --firewall none"),
		.holds = is_locked,
	},
};

const struct rule_table hs_rules_firewall = {
	.subject = "firewall",
	.rules = rules,
	.count = HS_LENGTH(rules),
	.applies = is_looked_at,
};
