/* HSTS of a site: by <hsts> where IIS knows it, else by an outbound rule that
 * acts on HTTPS alone. */
#include <stdio.h>
#include <string.h>

#include "core/server/iis/locks.h"
#include "core/server/iis/plan.h"
#include "core/settings/questions/questions.h"

#define RULE_NAME "HSTS over HTTPS"

/* true, false or nothing, in the words of IIS: a value that means the same
 * stays as it is written. */
static void set_bool(struct iis_planning *planning, int32_t element, bool fresh,
		     const char *name, bool value)
{
	const struct xml_doc *doc = &planning->model->config;

	if (fresh ? !value : hs_iis_attr_is_true(doc, element, name) == value)
		return;
	hs_xml_set_attr(planning->edits, element, name,
			value ? "true" : "false");
}

static void set_age(struct iis_planning *planning, int32_t element, bool fresh)
{
	long long age = planning->settings->hsts_max_age;
	hs_auto_free char *present =
		fresh ? NULL
		      : hs_xml_attr(&planning->model->config, element,
				    "max-age");
	char text[24];

	if (present && strtoll(present, NULL, 10) == age)
		return;
	snprintf(text, sizeof(text), "%lld", age);
	hs_xml_set_attr(planning->edits, element, "max-age", text);
}

/* The site's own <hsts>; one that is added takes the place of siteDefaults as
 * a whole, so it must say all that counts. */
static int32_t own_element(struct iis_planning *planning, bool *ret_fresh)
{
	const struct xml_doc *doc = &planning->model->config;
	int32_t own = hs_xml_child(doc, planning->element, "hsts");
	int32_t bindings;

	*ret_fresh = own == XML_NONE;
	if (!*ret_fresh)
		return own;
	bindings = hs_xml_need(planning->edits, planning->element, "bindings");
	return hs_xml_add(planning->edits, bindings, XML_AFTER, "hsts");
}

/* Whether the site redirects by <hsts> today. */
static bool redirects_natively(const struct iis_planning *planning)
{
	const struct xml_doc *doc = &planning->model->config;
	int32_t hsts = hs_iis_hsts(planning->model, planning->element);

	return hsts != XML_NONE && hs_iis_attr_is_true(doc, hsts, "enabled") &&
	       hs_iis_attr_is_true(doc, hsts, "redirectHttpToHttps");
}

/* Whether it is to do so: a redirect nobody spoke of stays. */
static bool will_redirect(const struct iis_planning *planning)
{
	if (hs_settings_origin(planning->settings, "redirect.enabled") <
	    ORIGIN_ANSWERS)
		return redirects_natively(planning);
	return planning->native_redirect;
}

static void plan_native(struct iis_planning *planning)
{
	const struct settings *settings = planning->settings;
	bool fresh;
	int32_t e = own_element(planning, &fresh);

	set_bool(planning, e, fresh, "enabled", true);
	set_age(planning, e, fresh);
	set_bool(planning, e, fresh, "includeSubDomains",
		 settings->hsts_include_subdomains);
	set_bool(planning, e, fresh, "preload", settings->hsts_preload);
	set_bool(planning, e, fresh, "redirectHttpToHttps",
		 will_redirect(planning));
	planning->change.hsts = planning->change.native_hsts = true;
	planning->change.native_redirect = will_redirect(planning);
}

/* HSTS stays as it is; the redirect of <hsts> may have to go. */
static void plan_redirect_alone(struct iis_planning *planning)
{
	const struct xml_doc *doc = &planning->model->config;
	int32_t hsts = hs_iis_hsts(planning->model, planning->element);
	bool fresh, subdomains, preload;
	hs_auto_free char *age = NULL;

	planning->change.native_redirect = will_redirect(planning);
	if (redirects_natively(planning) == will_redirect(planning))
		return;
	age = hs_xml_attr(doc, hsts, "max-age");
	subdomains = hs_iis_attr_is_true(doc, hsts, "includeSubDomains");
	preload = hs_iis_attr_is_true(doc, hsts, "preload");
	hsts = own_element(planning, &fresh);
	set_bool(planning, hsts, fresh, "redirectHttpToHttps",
		 will_redirect(planning));
	if (!fresh)
		return;
	set_bool(planning, hsts, fresh, "enabled", true);
	hs_xml_set_attr(planning->edits, hsts, "max-age", age ? age : "0");
	set_bool(planning, hsts, fresh, "includeSubDomains", subdomains);
	set_bool(planning, hsts, fresh, "preload", preload);
}

static void switch_off(struct iis_planning *planning)
{
	const struct xml_doc *doc = &planning->model->config;
	int32_t hsts = hs_iis_hsts(planning->model, planning->element);
	bool fresh;

	if (hsts == XML_NONE || !hs_iis_attr_is_true(doc, hsts, "enabled"))
		return;
	hsts = own_element(planning, &fresh);
	hs_xml_set_attr(planning->edits, hsts, "enabled", "false");
}

/* "max-age=31536000; includeSubDomains" */
static char *header_value(const struct settings *settings)
{
	return hs_format(
		"max-age=%lld%s%s", settings->hsts_max_age,
		settings->hsts_include_subdomains ? "; includeSubDomains" : "",
		settings->hsts_preload ? "; preload" : "");
}

static int no_module(const struct iis_planning *planning, struct error *err)
{
	hs_fail(err, HS_REFUSED,
		"this Windows knows no HSTS of its own, and URL Rewrite, "
		"which could send it, is not installed");
	hs_error_id(err, "server.module-missing");
	hs_error_where(err, "%s", planning->server->config);
	hs_error_hint(err, "install URL Rewrite 2.1, or leave HSTS off");
	return -1;
}

/* rule, match, condition and action, in the words of rewrite_schema.xml. */
static void add_rule(struct iis_planning *planning, const char *value)
{
	struct xml_edits *edits = planning->web_edits;
	int32_t rules = hs_xml_need(edits, planning->web.top, IIS_OUTBOUND);
	int32_t rule = hs_xml_add(edits, rules, XML_LAST, "rule");
	int32_t part = hs_xml_add(edits, rule, XML_LAST, "match");

	hs_xml_set_attr(edits, rule, "name", RULE_NAME);
	hs_xml_set_attr(edits, part, "serverVariable", IIS_HSTS_VARIABLE);
	hs_xml_set_attr(edits, part, "pattern", ".*");
	part = hs_xml_add(edits, rule, XML_LAST, "conditions");
	part = hs_xml_add(edits, part, XML_LAST, "add");
	hs_xml_set_attr(edits, part, "input", "{HTTPS}");
	hs_xml_set_attr(edits, part, "pattern", "on");
	part = hs_xml_add(edits, rule, XML_LAST, "action");
	hs_xml_set_attr(edits, part, "type", "Rewrite");
	hs_xml_set_attr(edits, part, "value", value);
}

static int plan_outbound(struct iis_planning *planning, struct error *err)
{
	hs_auto_free char *value = header_value(planning->settings);
	const struct xml_doc *doc;
	int32_t action;

	if (!(planning->server->abilities & SERVER_REWRITE))
		return no_module(planning, err);
	if (hs_iis_need_web(planning, err) ||
	    hs_iis_check_lock(planning->model, planning->site->id, IIS_OUTBOUND,
			      "rule", err))
		return -1;
	doc = &planning->web.doc;
	planning->change.hsts = true;
	if (planning->web.outbound == XML_NONE) {
		add_rule(planning, value);
		return 0;
	}
	action = hs_xml_child(doc, planning->web.outbound, "action");
	if (action != XML_NONE)
		hs_xml_set_attr(planning->web_edits, action, "value", value);
	return 0;
}

/* A header for every response would double the one sent with HTTPS; where the
 * site's files cannot be read there is nothing to drop. */
static void drop_header(struct iis_planning *planning)
{
	if (!hs_iis_need_web(planning, NULL) &&
	    planning->web.header != XML_NONE)
		hs_xml_remove(planning->web_edits, planning->web.header);
}

/* What HSTS does today, where nobody asked about it. */
static void note_present(struct iis_planning *planning)
{
	const struct xml_doc *doc = &planning->model->config;
	int32_t hsts = hs_iis_hsts(planning->model, planning->element);

	planning->change.hsts = planning->site->hsts != NULL;
	planning->change.native_hsts =
		hsts != XML_NONE && hs_iis_attr_is_true(doc, hsts, "enabled");
}

int hs_iis_plan_hsts(struct iis_planning *planning, struct error *err)
{
	bool asked = hs_settings_origin(planning->settings, "hsts.enabled") >=
		     ORIGIN_ANSWERS;

	if (!planning->settings->hsts_enabled) {
		if (asked)
			return hs_iis_remove_hsts(planning, err);
		note_present(planning);
		plan_redirect_alone(planning);
		return 0;
	}
	if (planning->native_hsts)
		plan_native(planning);
	else if (plan_outbound(planning, err))
		return -1;
	drop_header(planning);
	return 0;
}

int hs_iis_remove_hsts(struct iis_planning *planning, struct error *err)
{
	switch_off(planning);
	if (!planning->change.web_root)
		return 0;
	if (hs_iis_need_web(planning, err))
		return -1;
	if (planning->web.outbound != XML_NONE)
		hs_xml_remove(planning->web_edits, planning->web.outbound);
	if (planning->web.header != XML_NONE)
		hs_xml_remove(planning->web_edits, planning->web.header);
	return 0;
}
