/* The redirect by URL Rewrite: the rule of DataMiner's guide, first of all. */
#include <string.h>

#include "core/server/iis/locks.h"
#include "core/server/iis/others.h"
#include "core/server/iis/plan.h"
#include "core/settings/questions/questions.h"

#define RULE_NAME "HTTP to HTTPS"

/* "https://www.example.org/{R:1}"; an IPv6 address is in brackets. */
static char *make_target(const struct settings *settings)
{
	bool v6 = strchr(settings->name, ':') != NULL;
	hs_auto_free char *port =
		settings->https_port == 443
			? hs_strdup("")
			: hs_format(":%d", settings->https_port);

	return hs_format("https://%s%s%s%s/{R:1}", v6 ? "[" : "",
			 settings->name, v6 ? "]" : "", port);
}

static bool is_taken(const struct xml_doc *doc, int32_t rules, const char *name)
{
	int32_t e =
		rules == XML_NONE ? XML_NONE : hs_xml_child(doc, rules, NULL);

	for (; e != XML_NONE; e = hs_xml_next(doc, e, NULL))
		if (hs_iis_attr_is(doc, e, "name", name))
			return true;
	return false;
}

/* Names of rules are unique. */
static char *free_name(const struct iis_web *web)
{
	char *name = hs_strdup(RULE_NAME);

	for (int i = 2; is_taken(&web->doc, web->rules, name); i++) {
		free(name);
		name = hs_format(RULE_NAME " %d", i);
	}
	return name;
}

static void add_condition(struct xml_edits *edits, int32_t conditions,
			  const char *input, const char *pattern, bool negate)
{
	int32_t add = hs_xml_add(edits, conditions, XML_LAST, "add");

	hs_xml_set_attr(edits, add, "input", input);
	hs_xml_set_attr(edits, add, "pattern", pattern);
	if (negate)
		hs_xml_set_attr(edits, add, "negate", "true");
}

/* The last <clear/> of the rules takes away what stands before it. */
static int32_t last_clear(const struct iis_web *web)
{
	int32_t found = XML_NONE, e;

	if (web->rules == XML_NONE)
		return XML_NONE;
	e = hs_xml_child(&web->doc, web->rules, "clear");
	for (; e != XML_NONE; e = hs_xml_next(&web->doc, e, "clear"))
		found = e;
	return found;
}

static int32_t add_first(struct iis_planning *planning)
{
	struct xml_edits *edits = planning->web_edits;
	int32_t clear = last_clear(&planning->web);

	if (clear != XML_NONE)
		return hs_xml_add(edits, clear, XML_AFTER, "rule");
	return hs_xml_add(edits,
			  hs_xml_need(edits, planning->web.top, IIS_RULES),
			  XML_FIRST, "rule");
}

static void add_rule(struct iis_planning *planning, const char *target)
{
	const struct settings *settings = planning->settings;
	struct xml_edits *edits = planning->web_edits;
	hs_auto_free char *name = free_name(&planning->web);
	int32_t rule = add_first(planning), part;

	hs_xml_set_attr(edits, rule, "name", name);
	hs_xml_set_attr(edits, rule, "stopProcessing", "true");
	part = hs_xml_add(edits, rule, XML_LAST, "match");
	hs_xml_set_attr(edits, part, "url", "(.*)");
	part = hs_xml_add(edits, rule, XML_LAST, "conditions");
	add_condition(edits, part, "{HTTPS}", "off", false);
	if (settings->redirect_skip_localhost)
		add_condition(edits, part, "{HTTP_HOST}", IIS_LOCALHOST, true);
	part = hs_xml_add(edits, rule, XML_LAST, "action");
	hs_xml_set_attr(edits, part, "type", "Redirect");
	hs_xml_set_attr(edits, part, "url", target);
	hs_xml_set_attr(edits, part, "redirectType",
			hs_iis_redirect_type(settings->redirect_code));
}

/* The condition of a rule of ours that leaves localhost alone. */
static int32_t find_localhost(const struct xml_doc *doc, int32_t conditions)
{
	int32_t e = hs_xml_child(doc, conditions, "add");

	while (e != XML_NONE && !hs_iis_attr_is(doc, e, "input", "{HTTP_HOST}"))
		e = hs_xml_next(doc, e, "add");
	return e;
}

static void update_localhost(struct iis_planning *planning, int32_t conditions)
{
	struct xml_edits *edits = planning->web_edits;
	int32_t e = find_localhost(&planning->web.doc, conditions);

	if (!planning->settings->redirect_skip_localhost) {
		if (e != XML_NONE)
			hs_xml_remove(edits, e);
		return;
	}
	if (e == XML_NONE)
		add_condition(edits, conditions, "{HTTP_HOST}", IIS_LOCALHOST,
			      true);
	else
		hs_xml_set_attr(edits, e, "pattern", IIS_LOCALHOST);
}

static void update_rule(struct iis_planning *planning, const char *target)
{
	struct xml_edits *edits = planning->web_edits;
	const struct xml_doc *doc = &planning->web.doc;
	int32_t rule = planning->web.redirect;
	int32_t action = hs_xml_child(doc, rule, "action");
	hs_auto_free char *type = hs_xml_attr(doc, action, "redirectType");
	int code = planning->settings->redirect_code;

	if (hs_iis_attr_is(doc, rule, "enabled", "false"))
		hs_xml_remove_attr(edits, rule, "enabled");
	hs_xml_set_attr(edits, action, "url", target);
	if (hs_iis_redirect_code(type) != code)
		hs_xml_set_attr(edits, action, "redirectType",
				hs_iis_redirect_type(code));
	update_localhost(planning, hs_xml_child(doc, rule, "conditions"));
}

static int no_module(const struct iis_planning *planning, struct error *err)
{
	hs_fail(err, HS_REFUSED,
		"the redirect takes URL Rewrite, which is not installed in "
		"this tree");
	hs_error_id(err, "redirect.module-missing");
	hs_error_where(err, "%s", planning->server->config);
	hs_error_hint(err,
		      "install URL Rewrite 2.1, or leave the redirect off");
	return -1;
}

static int no_code(const struct iis_planning *planning, struct error *err)
{
	hs_fail(err, HS_REFUSED, "URL Rewrite has no redirect with code %d",
		planning->settings->redirect_code);
	hs_error_id(err, "redirect.code");
	hs_error_hint(err, "use 301, 302 or 307");
	return -1;
}

static bool is_asked(const struct iis_planning *planning)
{
	return hs_settings_origin(planning->settings, "redirect.enabled") >=
	       ORIGIN_ANSWERS;
}

/* Somebody else's; without a web.config that can be read, as far as
 * applicationHost.config tells. */
static struct iis_other find_other(struct iis_planning *planning)
{
	bool read = !hs_iis_need_web(planning, NULL);

	return hs_iis_other_redirect(planning->model, planning->site->id,
				     read ? &planning->web : NULL);
}

static int two_redirects(const struct iis_planning *planning,
			 const struct iis_other *other, struct error *err)
{
	hs_fail(err, HS_REFUSED,
		"%s redirects already by a rule of its own: two of them would "
		"answer in an order nobody wrote down",
		planning->site->id);
	hs_error_id(err, "redirect.double");
	hs_error_where(err, "%s:%u", other->doc->path,
		       hs_xml_line(other->doc, other->element));
	hs_error_hint(err, "take the existing one out, or leave it and switch "
			   "this one off");
	return -1;
}

/* Whether there is a rule to write: not where somebody else's redirects, where
 * <hsts> does it, or for what was found and nobody spoke of. */
static int is_rule_due(struct iis_planning *planning, bool *ret_due,
		       struct error *err)
{
	hs_auto_iis_other struct iis_other other = find_other(planning);
	bool asked = is_asked(planning);

	*ret_due = other.element == XML_NONE &&
		   !planning->change.native_redirect &&
		   (asked || planning->site->redirect_target);
	return other.element != XML_NONE && asked
		       ? two_redirects(planning, &other, err)
		       : 0;
}

int hs_iis_plan_redirect(struct iis_planning *planning, struct error *err)
{
	const struct settings *settings = planning->settings;
	hs_auto_free char *target = NULL;
	bool due;

	planning->change.redirects = settings->redirect_enabled;
	if (!settings->redirect_enabled)
		return is_asked(planning)
			       ? hs_iis_remove_redirect(planning, err)
			       : 0;
	if (is_rule_due(planning, &due, err))
		return -1;
	if (!due)
		return 0;
	if (!(planning->server->abilities & SERVER_REWRITE))
		return no_module(planning, err);
	if (!hs_iis_redirect_type(settings->redirect_code))
		return no_code(planning, err);
	if (hs_iis_need_web(planning, err) ||
	    hs_iis_check_lock(planning->model, planning->site->id, IIS_RULES,
			      "rule", err))
		return -1;
	target = make_target(settings);
	if (planning->web.redirect != XML_NONE)
		update_rule(planning, target);
	else
		add_rule(planning, target);
	return 0;
}

int hs_iis_remove_redirect(struct iis_planning *planning, struct error *err)
{
	hs_auto_iis_other struct iis_other other = find_other(planning);

	planning->change.redirects = other.element != XML_NONE;
	if (!planning->change.web_root)
		return 0;
	if (hs_iis_need_web(planning, err))
		return -1;
	if (planning->web.redirect != XML_NONE)
		hs_xml_remove(planning->web_edits, planning->web.redirect);
	return 0;
}

int hs_iis_check_dead_end(struct iis_planning *planning, struct error *err)
{
	hs_auto_iis_other struct iis_other other = find_other(planning);

	if (other.element == XML_NONE)
		return 0;
	hs_fail(err, HS_REFUSED,
		"a rewrite rule of the site sends visitors to HTTPS, and it "
		"is none that this program writes");
	hs_error_id(err, "redirect.double");
	hs_error_where(err, "%s:%u", other.doc->path,
		       hs_xml_line(other.doc, other.element));
	hs_error_hint(err, "take that rule out first");
	return -1;
}
