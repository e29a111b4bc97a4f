#include "core/server/iis/web.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/base/windows.h"
#include "core/server/iis/locks.h"

#define SKELETON                                                               \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"                       \
	"<configuration>\r\n"                                                  \
	"    <system.webServer>\r\n"                                           \
	"    </system.webServer>\r\n"                                          \
	"</configuration>\r\n"

static const struct {
	const char *type;
	int code;
} redirect_types[] = {
	{"Permanent", 301},
	{"Found", 302},
	{"SeeOther", 303},
	{"Temporary", 307},
};

int hs_iis_redirect_code(const char *type)
{
	if (!type)
		return 301; /* the default of <action> */
	for (size_t i = 0; i < HS_LENGTH(redirect_types); i++)
		if (!strcasecmp(redirect_types[i].type, type))
			return redirect_types[i].code;
	return 0;
}

const char *hs_iis_redirect_type(int code)
{
	for (size_t i = 0; i < HS_LENGTH(redirect_types); i++)
		if (redirect_types[i].code == code)
			return redirect_types[i].type;
	return NULL;
}

void hs_iis_web_done(struct iis_web *web)
{
	free(web->path);
	hs_xml_done(&web->doc);
	*web = (struct iis_web){0};
}

static int no_folder(const struct iis_model *model, int32_t site,
		     const char *windows, const char *why, struct error *err)
{
	hs_auto_free char *safe = hs_text_safe(windows, strlen(windows), 160);

	hs_fail(err, HS_REFUSED, "the folder of this site, %s, %s", safe, why);
	hs_error_id(err, "server.outside-tree");
	hs_error_where(err, "%s:%u", model->config.path,
		       hs_xml_line(&model->config, site));
	hs_error_hint(err, "bring that folder into the tree, or leave out "
			   "what needs the site's web.config");
	return -1;
}

char *hs_iis_web_root(const struct root *root, const struct iis_model *model,
		      int32_t site, struct error *err)
{
	hs_auto_free char *windows = hs_iis_site_path(&model->config, site);
	hs_auto_free char *path = NULL;
	struct stat st;

	if (!windows) {
		no_folder(model, site, "physicalPath", N_("is not named"), err);
		return NULL;
	}
	path = hs_windows_path(root, windows);
	if (!path) {
		no_folder(model, site, windows,
			  errno == EXDEV ? N_("lies outside of this tree")
					 : N_("could be one of two that differ "
					      "in case alone"),
			  err);
		return NULL;
	}
	if (hs_root_stat(root, path, &st) || !S_ISDIR(st.st_mode)) {
		no_folder(model, site, windows, N_("is not in this tree"), err);
		return NULL;
	}
	return hs_steal(path);
}

int32_t hs_iis_web_section(const struct xml_doc *doc, const char *section)
{
	int32_t root = hs_xml_root(doc);
	int32_t found = hs_xml_find(doc, root, section);
	int32_t e = hs_xml_child(doc, root, "location");

	for (; found == XML_NONE && e != XML_NONE;
	     e = hs_xml_next(doc, e, "location")) {
		hs_auto_free char *path = hs_xml_attr(doc, e, "path");

		if (hs_iis_is_everywhere(path))
			found = hs_xml_find(doc, e, section);
	}
	return found;
}

/* One child of a rule, with an attribute that has that value. */
static bool child_has(const struct xml_doc *doc, int32_t rule,
		      const char *child, const char *attribute,
		      const char *value)
{
	int32_t e = hs_xml_child(doc, rule, child);

	return e != XML_NONE && hs_iis_attr_is(doc, e, attribute, value);
}

static bool is_one_of(const char *text, const char *const *list)
{
	for (; text && *list; list++)
		if (!strcasecmp(*list, text))
			return true;
	return false;
}

/* What a condition asks. */
enum asks { ASKS_PLAIN_HTTP, ASKS_NO_LOCALHOST, ASKS_ELSE };

static enum asks read_condition(const struct xml_doc *doc, int32_t condition)
{
	static const struct {
		const char *input, *patterns[5];
		bool negate;
		enum asks asks;
	} known[] = {
		{"{HTTPS}", {"off", "^off$"}, false, ASKS_PLAIN_HTTP},
		{"{HTTPS}", {"on", "^on$"}, true, ASKS_PLAIN_HTTP},
		{"{SERVER_PORT_SECURE}", {"0", "^0$"}, false, ASKS_PLAIN_HTTP},
		{"{HTTP_HOST}",
		 {IIS_LOCALHOST, "localhost", "^localhost$", "^localhost"},
		 true,
		 ASKS_NO_LOCALHOST},
	};
	hs_auto_free char *pattern = hs_xml_attr(doc, condition, "pattern");
	bool negate = hs_iis_attr_is_true(doc, condition, "negate");

	for (size_t i = 0; i < HS_LENGTH(known); i++)
		if (hs_iis_attr_is(doc, condition, "input", known[i].input) &&
		    negate == known[i].negate &&
		    is_one_of(pattern, known[i].patterns))
			return known[i].asks;
	return ASKS_ELSE;
}

/* What a rule does, as far as it matters here. */
struct reading {
	bool plain_http; /* only for requests without TLS */
	bool else_asked; /* and on other conditions */
	bool everything; /* whatever the path */
	bool to_https;	 /* sends to https:// */
	bool literal;	 /* to one host that is written out, path kept */
	bool enabled;
};

static void read_conditions(const struct xml_doc *doc, int32_t rule,
			    struct reading *reading)
{
	int32_t conditions = hs_xml_child(doc, rule, "conditions");
	int32_t e;

	if (conditions == XML_NONE)
		return;
	if (hs_iis_attr_is(doc, conditions, "logicalGrouping", "MatchAny"))
		reading->else_asked = true;
	e = hs_xml_child(doc, conditions, "add");
	for (; e != XML_NONE; e = hs_xml_next(doc, e, "add")) {
		enum asks asks = read_condition(doc, e);

		reading->plain_http |= asks == ASKS_PLAIN_HTTP;
		reading->else_asked |= asks == ASKS_ELSE;
	}
}

static void read_action(const struct xml_doc *doc, int32_t rule,
			struct reading *reading)
{
	int32_t action = hs_xml_child(doc, rule, "action");
	hs_auto_free char *url =
		action == XML_NONE ? NULL : hs_xml_attr(doc, action, "url");
	const char *host, *rest;

	if (!url || !hs_iis_attr_is(doc, action, "type", "Redirect") ||
	    strncasecmp(url, "https://", strlen("https://")) != 0)
		return;
	host = url + strlen("https://");
	rest = host + strcspn(host, "/{");
	reading->to_https = true;
	reading->literal = rest > host && !strcmp(rest, "/{R:1}");
}

static struct reading read_rule(const struct xml_doc *doc, int32_t rule)
{
	static const char *const all[] = {"(.*)", ".*", "^(.*)$", "^.*$",
					  "(.+)", "*",	"",	  NULL};
	struct reading reading = {.enabled = true};
	int32_t match = hs_xml_child(doc, rule, "match");
	hs_auto_free char *url =
		match == XML_NONE ? NULL : hs_xml_attr(doc, match, "url");

	reading.enabled = !hs_iis_attr_is(doc, rule, "enabled", "false");
	reading.everything = is_one_of(url, all) &&
			     !hs_iis_attr_is_true(doc, match, "negate");
	reading.literal = false;
	read_conditions(doc, rule, &reading);
	read_action(doc, rule, &reading);
	if (!url || strcmp(url, "(.*)") != 0 ||
	    child_has(doc, rule, "action", "appendQueryString", "false") ||
	    hs_iis_attr_is(doc, rule, "patternSyntax", "Wildcard") ||
	    hs_iis_attr_is(doc, rule, "patternSyntax", "ExactMatch"))
		reading.literal = false;
	return reading;
}

/* The first rule that sends all of plain HTTP on: of our shape, or not. */
static int32_t find_redirect(const struct xml_doc *doc, int32_t rules,
			     bool ours)
{
	int32_t e =
		rules == XML_NONE ? XML_NONE : hs_xml_child(doc, rules, "rule");

	for (; e != XML_NONE; e = hs_xml_next(doc, e, "rule")) {
		struct reading reading = read_rule(doc, e);
		bool shaped = reading.plain_http && !reading.else_asked &&
			      reading.literal;

		if (ours ? shaped
			 : !shaped && reading.enabled && reading.plain_http &&
				    reading.everything && reading.to_https)
			return e;
	}
	return XML_NONE;
}

static int32_t find_outbound(const struct xml_doc *doc)
{
	int32_t rules = hs_iis_web_section(doc, IIS_OUTBOUND);
	int32_t e =
		rules == XML_NONE ? XML_NONE : hs_xml_child(doc, rules, "rule");

	while (e != XML_NONE &&
	       !child_has(doc, e, "match", "serverVariable", IIS_HSTS_VARIABLE))
		e = hs_xml_next(doc, e, "rule");
	return e;
}

static int32_t find_header(const struct xml_doc *doc)
{
	int32_t headers = hs_iis_web_section(
		doc, "system.webServer/httpProtocol/customHeaders");
	int32_t e = headers == XML_NONE ? XML_NONE
					: hs_xml_child(doc, headers, "add");

	while (e != XML_NONE &&
	       !hs_iis_attr_is(doc, e, "name", "Strict-Transport-Security"))
		e = hs_xml_next(doc, e, "add");
	return e;
}

/* Sections of a file may stand in a location for everything below it: new
 * ones go where rewrite is already. */
static int32_t find_top(const struct xml_doc *doc)
{
	int32_t rewrite = hs_iis_web_section(doc, "system.webServer/rewrite");

	if (rewrite == XML_NONE)
		return hs_xml_root(doc);
	return hs_xml_parent(doc, hs_xml_parent(doc, rewrite));
}

static int refuse_elsewhere(const struct iis_web *web, int32_t element,
			    const char *source, struct error *err)
{
	hs_auto_free char *safe = hs_text_safe(source, strlen(source), 160);

	hs_fail(err, HS_REFUSED,
		"this section stands in a file of its own, %s (configSource)",
		safe);
	hs_error_id(err, "server.unsupported-syntax");
	hs_error_where(err, "%s:%u", web->path,
		       hs_xml_line(&web->doc, element));
	hs_error_hint(err, "bring it back into web.config first");
	return -1;
}

/* rewrite, rules and outboundRules may have moved to other files. */
static int check_sources(const struct iis_web *web, struct error *err)
{
	static const char *const sections[] = {"system.webServer/rewrite",
					       IIS_RULES, IIS_OUTBOUND};

	for (size_t i = 0; i < HS_LENGTH(sections); i++) {
		int32_t e = hs_iis_web_section(&web->doc, sections[i]);
		hs_auto_free char *source =
			e == XML_NONE
				? NULL
				: hs_xml_attr(&web->doc, e, "configSource");

		if (source)
			return refuse_elsewhere(web, e, source, err);
	}
	return 0;
}

static int refuse_other(const struct iis_web *web, struct error *err)
{
	hs_auto_free char *name =
		hs_xml_name(&web->doc, hs_xml_root(&web->doc));
	hs_auto_free char *safe = hs_text_safe(name, strlen(name), 60);

	hs_fail(err, HS_REFUSED,
		"this is no web.config: its root is <%s>, not <configuration>",
		safe);
	hs_error_id(err, "server.unsupported-syntax");
	hs_error_where(err, "%s:%u", web->path,
		       hs_xml_line(&web->doc, hs_xml_root(&web->doc)));
	return -1;
}

static int read_web(const struct root *root, struct iis_web *web,
		    struct error *err)
{
	hs_auto_str struct str skeleton = {0};

	web->exists = hs_windows_exists(root, web->path);
	if (web->exists)
		return hs_xml_read(root, web->path, &web->doc, err);
	hs_str_puts(&skeleton, SKELETON);
	return hs_xml_parse(web->path, &skeleton, &web->doc, err);
}

static void find_places(struct iis_web *web)
{
	const struct xml_doc *doc = &web->doc;

	web->top = find_top(doc);
	web->rules = hs_iis_web_section(doc, IIS_RULES);
	web->redirect = find_redirect(doc, web->rules, true);
	web->foreign = find_redirect(doc, web->rules, false);
	web->outbound = find_outbound(doc);
	web->header = find_header(doc);
}

int hs_iis_web_open(const struct root *root, const struct iis_model *model,
		    int32_t site, struct iis_web *ret_web, struct error *err)
{
	hs_auto_free char *folder = hs_iis_web_root(root, model, site, err);
	hs_auto_free char *path = NULL;

	*ret_web = (struct iis_web){0};
	if (!folder)
		return -1;
	path = hs_format("%s/web.config", folder);
	ret_web->path = hs_windows_find(root, path);
	if (!ret_web->path)
		return no_folder(model, site, "web.config",
				 N_("has two that differ in case alone"), err);
	if (read_web(root, ret_web, err))
		return -1;
	if (!hs_xml_is(&ret_web->doc, hs_xml_root(&ret_web->doc),
		       "configuration"))
		return refuse_other(ret_web, err);
	if (check_sources(ret_web, err))
		return -1;
	find_places(ret_web);
	return 0;
}

/* A place whose path lives as long as the model. */
static struct place keep_place(struct iis_model *model,
			       const struct iis_web *web, int32_t element)
{
	struct strings *paths = &model->paths;

	if (!paths->n || strcmp(paths->items[paths->n - 1], web->path) != 0)
		hs_strings_add(paths, web->path);
	return (struct place){
		.path = paths->items[paths->n - 1],
		.line = (int)hs_xml_line(&web->doc, element),
	};
}

static void take_redirect(struct iis_model *model, const struct iis_web *web,
			  struct site *site)
{
	bool ours = web->foreign == XML_NONE;
	int32_t rule = ours ? web->redirect : web->foreign;
	hs_auto_free char *type = NULL;
	int32_t action;

	if (rule == XML_NONE ||
	    hs_iis_attr_is(&web->doc, rule, "enabled", "false"))
		return;
	action = hs_xml_child(&web->doc, rule, "action");
	type = hs_xml_attr(&web->doc, action, "redirectType");
	site->redirects = true;
	site->redirect_ours = ours;
	site->redirect_code = hs_iis_redirect_code(type);
	free(site->redirect_target);
	site->redirect_target = hs_xml_attr(&web->doc, action, "url");
	site->redirect_place = keep_place(model, web, rule);
}

static void take_hsts(struct iis_model *model, const struct iis_web *web,
		      struct site *site)
{
	int32_t element = web->header;

	if (site->hsts)
		return;
	if (web->outbound != XML_NONE)
		element = hs_xml_child(&web->doc, web->outbound, "action");
	if (element == XML_NONE)
		return;
	site->hsts = hs_xml_attr(&web->doc, element, "value");
	if (site->hsts)
		site->hsts_place = keep_place(model, web, element);
}

void hs_iis_look_into_web(const struct root *root, struct iis_model *model,
			  struct site *site)
{
	hs_auto_iis_web struct iis_web web = {0};

	if (hs_iis_web_open(root, model, (int32_t)site->http_block, &web,
			    NULL) ||
	    !web.exists)
		return;
	take_redirect(model, &web, site);
	take_hsts(model, &web, site);
}
