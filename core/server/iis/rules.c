#include "core/server/iis/rules.h"

#include <string.h>
#include <strings.h>

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

bool hs_iis_child_has(const struct xml_doc *doc, int32_t element,
		      const char *child, const char *attribute,
		      const char *value)
{
	int32_t e = hs_xml_child(doc, element, child);

	return e != XML_NONE && hs_iis_attr_is(doc, e, attribute, value);
}

char *hs_iis_rule_target(const struct xml_doc *doc, int32_t rule)
{
	int32_t action = hs_xml_child(doc, rule, "action");

	return action == XML_NONE ? NULL : hs_xml_attr(doc, action, "url");
}

int hs_iis_rule_code(const struct xml_doc *doc, int32_t rule)
{
	int32_t action = hs_xml_child(doc, rule, "action");
	hs_auto_free char *type =
		action == XML_NONE ? NULL
				   : hs_xml_attr(doc, action, "redirectType");

	return hs_iis_redirect_code(type);
}

static bool is_one_of(const char *text, const char *const *list)
{
	for (; text && *list; list++)
		if (!strcasecmp(*list, text))
			return true;
	return false;
}

/* What a condition asks. */
enum asks { ASKS_PLAIN_HTTP, ASKS_TLS, ASKS_NO_LOCALHOST, ASKS_ELSE };

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
		{"{SERVER_PORT}", {"^80$"}, false, ASKS_PLAIN_HTTP},
		{"{HTTPS}", {"on", "^on$"}, false, ASKS_TLS},
		{"{HTTPS}", {"off", "^off$"}, true, ASKS_TLS},
		{"{SERVER_PORT_SECURE}", {"1", "^1$"}, false, ASKS_TLS},
		{"{SERVER_PORT}", {"^443$"}, false, ASKS_TLS},
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
	bool tls;	 /* only for those with it */
	bool else_asked; /* and on other conditions */
	bool narrowed;	 /* on such as must be met, not on exceptions */
	bool everything; /* whatever the path */
	bool to_https;	 /* sends to https:// */
	bool to_http;	 /* or to http:// */
	bool literal;	 /* to one host that is written out, path kept */
	bool enabled;
	bool answers; /* no rule behind it is heard */
};

static void read_conditions(const struct xml_doc *doc, int32_t rule,
			    struct reading *reading)
{
	int32_t conditions = hs_xml_child(doc, rule, "conditions");
	int32_t e;

	if (conditions == XML_NONE)
		return;
	if (hs_iis_attr_is(doc, conditions, "logicalGrouping", "MatchAny"))
		reading->else_asked = reading->narrowed = true;
	e = hs_xml_child(doc, conditions, "add");
	for (; e != XML_NONE; e = hs_xml_next(doc, e, "add")) {
		enum asks asks = read_condition(doc, e);

		reading->plain_http |= asks == ASKS_PLAIN_HTTP;
		reading->tls |= asks == ASKS_TLS;
		reading->else_asked |= asks == ASKS_ELSE || asks == ASKS_TLS;
		reading->narrowed |= asks == ASKS_ELSE &&
				     !hs_iis_attr_is_true(doc, e, "negate");
	}
}

/* What the rule does once it fits. */
static void read_action(const struct xml_doc *doc, int32_t rule,
			struct reading *reading)
{
	hs_auto_free char *url = hs_iis_rule_target(doc, rule);
	const char *host, *rest;

	reading->answers =
		!hs_iis_child_has(doc, rule, "action", "type", "None") &&
		hs_iis_attr_is_true(doc, rule, "stopProcessing");
	if (!url || !hs_iis_child_has(doc, rule, "action", "type", "Redirect"))
		return;
	reading->to_http = !strncasecmp(url, "http://", strlen("http://"));
	reading->to_https = !strncasecmp(url, "https://", strlen("https://"));
	if (!reading->to_https)
		return;
	host = url + strlen("https://");
	rest = host + strcspn(host, "/{");
	reading->literal = rest > host && !strcmp(rest, "/{R:1}");
}

static struct reading read_rule(const struct xml_doc *doc, int32_t rule)
{
	static const char *const all[] = {"(.*)", ".*", "^(.*)$", "^.*$",
					  "(.+)", "*",	"",	  NULL};
	struct reading reading = {
		.enabled = !hs_iis_attr_is(doc, rule, "enabled", "false"),
	};
	int32_t match = hs_xml_child(doc, rule, "match");
	hs_auto_free char *url =
		match == XML_NONE ? NULL : hs_xml_attr(doc, match, "url");

	reading.everything = is_one_of(url, all) &&
			     !hs_iis_attr_is_true(doc, match, "negate");
	read_conditions(doc, rule, &reading);
	read_action(doc, rule, &reading);
	if (!url || strcmp(url, "(.*)") != 0 ||
	    hs_iis_child_has(doc, rule, "action", "appendQueryString",
			     "false") ||
	    hs_iis_attr_is(doc, rule, "patternSyntax", "Wildcard") ||
	    hs_iis_attr_is(doc, rule, "patternSyntax", "ExactMatch"))
		reading.literal = false;
	return reading;
}

static bool is_of(enum iis_rule kind, const struct reading *reading)
{
	bool shaped =
		reading->plain_http && !reading->else_asked && reading->literal;
	bool all = reading->enabled && reading->everything;
	bool sends_on = all && reading->plain_http && reading->to_https;
	const bool is[] = {
		[IIS_RULE_OURS] = shaped,
		[IIS_RULE_FOREIGN] = !shaped && sends_on,
		[IIS_RULE_GENERAL] = sends_on && !reading->narrowed,
		[IIS_RULE_BACK] = all && reading->to_http &&
				  !reading->plain_http && !reading->narrowed,
		[IIS_RULE_ANSWERS] = all && reading->answers &&
				     !reading->narrowed && !reading->tls &&
				     !(sends_on || reading->to_http),
	};

	return is[kind];
}

int32_t hs_iis_find_rule(const struct xml_doc *doc, int32_t rules,
			 enum iis_rule kind)
{
	int32_t e =
		rules == XML_NONE ? XML_NONE : hs_xml_child(doc, rules, "rule");

	for (; e != XML_NONE; e = hs_xml_next(doc, e, "rule")) {
		struct reading reading = read_rule(doc, e);

		if (is_of(kind, &reading))
			return e;
	}
	return XML_NONE;
}
