#include "core/server/iis/others.h"

#include <string.h>
#include <strings.h>

#include "core/server/iis/locks.h"

#define HTTP_REDIRECT "system.webServer/httpRedirect"
#define GLOBAL_RULES "system.webServer/rewrite/globalRules"

static const struct iis_other nothing = {.element = XML_NONE};

void hs_iis_other_done(struct iis_other *other)
{
	free(other->target);
	*other = nothing;
}

static struct iis_other rule_at(const struct xml_doc *doc, int32_t rule)
{
	return (struct iis_other){
		.doc = doc,
		.element = rule,
		.target = hs_iis_rule_target(doc, rule),
		.code = hs_iis_rule_code(doc, rule),
	};
}

/* What a location names, below the site: "" the site itself, NULL: not of
 * this site. */
static const char *below_site(const char *path, const char *site)
{
	size_t length = strlen(site);

	if (!path || strncasecmp(path, site, length) != 0)
		return NULL;
	if (path[length] == '/')
		return path + length + 1;
	return path[length] ? NULL : path + length;
}

/* A section of the site in applicationHost.config: in a location of its own,
 * or for the whole server. */
static int32_t section_of_site(const struct iis_model *model, const char *site,
			       const char *section)
{
	const struct xml_doc *doc = &model->config;
	int32_t e = hs_xml_child(doc, hs_xml_root(doc), "location");

	for (; e != XML_NONE; e = hs_xml_next(doc, e, "location")) {
		hs_auto_free char *path = hs_xml_attr(doc, e, "path");
		const char *below = below_site(path, site);
		int32_t found = below && !*below ? hs_xml_find(doc, e, section)
						 : XML_NONE;

		if (found != XML_NONE)
			return found;
	}
	return XML_NONE;
}

/* The first rule of that kind that the site's requests meet before those of
 * its web.config. */
static struct iis_other find_above(const struct iis_model *model,
				   const char *site, enum iis_rule kind)
{
	const struct xml_doc *doc = &model->config;
	const int32_t sections[] = {
		hs_iis_web_section(doc, GLOBAL_RULES),
		hs_iis_web_section(doc, IIS_RULES),
		section_of_site(model, site, IIS_RULES),
	};

	for (size_t i = 0; i < HS_LENGTH(sections); i++) {
		int32_t rule = hs_iis_find_rule(doc, sections[i], kind);

		if (rule != XML_NONE)
			return rule_at(doc, rule);
	}
	return nothing;
}

/* One <httpRedirect>, and what it does not say itself comes from further out.
 */
struct level {
	const struct xml_doc *doc;
	int32_t element;
};

static char *inherited(const struct level *levels, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		char *value = levels[i].element == XML_NONE
				      ? NULL
				      : hs_xml_attr(levels[i].doc,
						    levels[i].element, name);

		if (value)
			return value;
	}
	return NULL;
}

static int code_of(const char *status)
{
	/* the words of this section: Found is what it does by default */
	if (!status || !strcasecmp(status, "Found"))
		return 302;
	if (!strcasecmp(status, "PermRedirect"))
		return 308;
	return hs_iis_redirect_code(status);
}

/* The redirect that is in force at the first of the levels. */
static struct iis_other in_force(const struct level *levels, size_t n)
{
	hs_auto_free char *enabled = inherited(levels, n, "enabled");
	hs_auto_free char *status = inherited(levels, n, "httpResponseStatus");
	const struct level *level = levels;

	if (!hs_iis_is_true(enabled))
		return nothing;
	while (level->element == XML_NONE)
		level++;
	return (struct iis_other){
		.doc = level->doc,
		.element = level->element,
		.target = inherited(levels, n, "destination"),
		.code = code_of(status),
	};
}

static struct iis_other http_redirect(const struct iis_model *model,
				      const char *site,
				      const struct iis_web *web)
{
	const struct xml_doc *doc = &model->config;
	const struct level levels[] = {
		{web ? &web->doc : doc,
		 web ? hs_iis_web_section(&web->doc, HTTP_REDIRECT) : XML_NONE},
		{doc, section_of_site(model, site, HTTP_REDIRECT)},
		{doc, hs_iis_web_section(doc, HTTP_REDIRECT)},
	};

	return in_force(levels, HS_LENGTH(levels));
}

static bool is_to_https(const struct iis_other *other)
{
	return other->target &&
	       !strncasecmp(other->target, "https://", strlen("https://"));
}

struct iis_other hs_iis_other_redirect(const struct iis_model *model,
				       const char *site,
				       const struct iis_web *web)
{
	struct iis_other found = find_above(model, site, IIS_RULE_GENERAL);

	if (found.element != XML_NONE)
		return found;
	if (web && web->foreign != XML_NONE)
		return rule_at(&web->doc, web->foreign);
	found = http_redirect(model, site, web);
	if (!is_to_https(&found))
		hs_iis_other_done(&found);
	return found;
}

struct iis_other hs_iis_sends_all(const struct iis_model *model,
				  const char *site, const struct iis_web *web)
{
	struct iis_other found = http_redirect(model, site, web);
	int32_t rule;

	if (found.element != XML_NONE)
		return found;
	found = find_above(model, site, IIS_RULE_BACK);
	if (found.element != XML_NONE || !web)
		return found;
	rule = hs_iis_find_rule(&web->doc, web->rules, IIS_RULE_BACK);
	return rule == XML_NONE ? nothing : rule_at(&web->doc, rule);
}

struct iis_other hs_iis_first_answer(const struct iis_model *model)
{
	const struct xml_doc *doc = &model->config;
	int32_t rule = hs_iis_find_rule(
		doc, hs_iis_web_section(doc, GLOBAL_RULES), IIS_RULE_ANSWERS);

	return rule == XML_NONE ? nothing : rule_at(doc, rule);
}
