/* Finding IIS in the tree of a Windows server. */
#include <ctype.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/base/windows.h"
#include "core/server/iis/locks.h"
#include "core/server/iis/version.h"

#define CONFIG "/Windows/System32/inetsrv/config/applicationHost.config"
#define REDIRECTION "redirection.config"

static void free_model(void *pointer)
{
	struct iis_model *model = pointer;

	hs_xml_done(&model->config);
	hs_strings_done(&model->paths);
	free(model);
}

static void take_error(struct server_facts *facts, const struct error *err)
{
	hs_problem_add(&facts->problems,
		       *err->id ? err->id : "server.unsupported-syntax",
		       *err->where ? err->where : NULL, err->what);
}

static void HS_PRINTF(4, 5)
	add_problem(struct server_facts *facts, const char *id,
		    const char *where, const char *format, ...)
{
	hs_auto_str struct str what = {0};
	va_list args;

	va_start(args, format);
	hs_str_vprintf(&what, format, args);
	va_end(args);
	hs_problem_add(&facts->problems, id, where, hs_str_text(&what));
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && !strcasecmp(text + length - tail, end);
}

/* Whether a file that somebody named is about IIS at all: every server is
 * asked about it. */
static bool is_meant(const struct root *root, const char *path)
{
	hs_auto_close int fd = hs_root_openat(root, path, O_RDONLY);
	unsigned char start[64];
	ssize_t length = fd < 0 ? -1 : read(fd, start, sizeof(start));
	ssize_t i = 0;

	if (ends_with(path, ".config"))
		return true;
	if (length >= 2 && start[0] + start[1] == 0xfe + 0xff)
		return true;
	if (length >= 3 && !memcmp(start, "\xef\xbb\xbf", 3))
		i = 3;
	while (i < length && isspace(start[i]))
		i++;
	return i < length && start[i] == '<';
}

/* The configuration as seen from inside, to be freed; NULL: there is none. */
static char *find_config(const struct root *root,
			 const struct server_hint *hint)
{
	const char *given = hint->config;
	hs_auto_free char *found = NULL;
	struct stat st;

	if (!given)
		found = hs_windows_find(root, CONFIG);
	else if (strchr(given, '\\') || *given == '%')
		found = hs_windows_path(root, given);
	else
		found = hs_windows_find(root, given);
	if (!found || hs_root_stat(root, found, &st) || !S_ISREG(st.st_mode) ||
	    (given && !is_meant(root, found)))
		return NULL;
	return hs_steal(found);
}

/* A 32-bit program on 64-bit Windows sees a copy of the folder that IIS never
 * reads. */
static void check_copy(struct server_facts *facts)
{
	if (strcasestr(facts->config, "/syswow64/"))
		add_problem(facts, "server.unused-copy", facts->config,
			    _("this is the copy that 32-bit programs see: IIS "
			      "never reads it"));
}

static void check_redirection(const struct root *root,
			      struct server_facts *facts)
{
	hs_auto_free char *folder =
		hs_strndup(facts->config, (size_t)(strrchr(facts->config, '/') -
						   facts->config));
	hs_auto_free char *beside = hs_format("%s/" REDIRECTION, folder);
	hs_auto_free char *path = hs_windows_find(root, beside);
	hs_auto_free char *target = NULL, *safe = NULL, *where = NULL;
	hs_auto_xml struct xml_doc doc = {0};
	struct error own = {0};
	int32_t element;

	if (!path || !hs_windows_exists(root, path))
		return;
	if (hs_xml_read(root, path, &doc, &own)) {
		take_error(facts, &own);
		return;
	}
	element = hs_xml_find(&doc, hs_xml_root(&doc),
			      "configurationRedirection");
	if (element == XML_NONE ||
	    !hs_iis_attr_is_true(&doc, element, "enabled"))
		return;
	target = hs_xml_attr(&doc, element, "path");
	safe = hs_text_safe(target ? target : "", target ? strlen(target) : 0,
			    200);
	where = hs_format("%s:%u", path, hs_xml_line(&doc, element));
	add_problem(
		facts, "server.shared-config", where,
		_("this server reads its configuration from %s, so the file "
		  "here is not the one that counts"),
		*safe ? safe : _("another machine"));
}

/* A section that moved into a file of its own is not where it is looked for. */
static bool is_elsewhere(struct server_facts *facts, int32_t element,
			 const char *section)
{
	const struct iis_model *model = facts->model;
	hs_auto_free char *source =
		hs_xml_attr(&model->config, element, "configSource");
	hs_auto_free char *safe = NULL, *where = NULL;

	if (!source)
		return false;
	safe = hs_text_safe(source, strlen(source), 200);
	where = hs_format("%s:%u", facts->config,
			  hs_xml_line(&model->config, element));
	add_problem(
		facts, "server.unsupported-syntax", where,
		_("the section %s stands in another file, %s (configSource)"),
		section, safe);
	return true;
}

static void not_iis(struct server_facts *facts, const struct xml_doc *doc)
{
	int32_t root = hs_xml_root(doc);
	hs_auto_free char *name = hs_xml_name(doc, root);
	hs_auto_free char *safe = hs_text_safe(name, strlen(name), 60);
	hs_auto_free char *where =
		hs_format("%s:%u", facts->config, hs_xml_line(doc, root));

	add_problem(
		facts, "server.unsupported-syntax", where,
		hs_xml_is(doc, root, "configuration")
			? _("this is a configuration, but not that of IIS: "
			    "<%s> has no system.applicationHost/sites")
			: _("this is no applicationHost.config: its root is "
			    "<%s>, not <configuration>"),
		safe);
}

static void find_sites(struct server_facts *facts)
{
	struct iis_model *model = facts->model;
	const struct xml_doc *doc = &model->config;
	int32_t root = hs_xml_root(doc);
	int32_t host =
		hs_xml_is(doc, root, "configuration")
			? hs_xml_child(doc, root, "system.applicationHost")
			: XML_NONE;

	if (host != XML_NONE)
		model->sites =
			hs_xml_find(doc, root, "system.applicationHost/sites");
	if (model->sites == XML_NONE) {
		if (host == XML_NONE ||
		    !is_elsewhere(facts, host, "system.applicationHost"))
			not_iis(facts, doc);
		return;
	}
	if (is_elsewhere(facts, model->sites, "sites"))
		model->sites = XML_NONE;
}

static bool uses_hsts(const struct iis_model *model)
{
	const struct xml_doc *doc = &model->config;
	int32_t site;

	if (model->default_hsts != XML_NONE)
		return true;
	for (site = hs_xml_child(doc, model->sites, "site"); site != XML_NONE;
	     site = hs_xml_next(doc, site, "site")) {
		if (hs_xml_child(doc, site, "hsts") != XML_NONE)
			return true;
	}
	return false;
}

/* Whether <hsts> is understood: what uses it already works; the schema knows;
 * else the age of Windows tells. */
static void look_at_age(const struct root *root, struct server_facts *facts)
{
	struct iis_model *model = facts->model;
	int schema;

	facts->version = hs_iis_version(root, &model->build);
	if (uses_hsts(model)) {
		model->hsts = true;
		return;
	}
	schema = hs_iis_schema_has_hsts(root);
	if (schema >= 0)
		model->hsts = schema;
	else if (model->build)
		model->hsts = model->build >= IIS_BUILD_1709;
	else
		model->hsts = true;
	if (schema < 0 && !model->build)
		facts->abilities |= SERVER_AGE_UNKNOWN;
}

static int read_config(const struct root *root, struct server_facts *facts,
		       struct error *err)
{
	struct iis_model *model = facts->model;
	struct error own = {0};

	if (hs_xml_read(root, facts->config, &model->config, &own)) {
		if (own.code != HS_REFUSED) {
			if (err && err->code == HS_OK)
				*err = own;
			return -1;
		}
		take_error(facts, &own);
		return 0;
	}
	find_sites(facts);
	if (model->sites == XML_NONE)
		return 0;
	/* found once: it stands behind all sites */
	model->default_hsts =
		hs_xml_find(&model->config, model->sites, "siteDefaults/hsts");
	look_at_age(root, facts);
	if (hs_iis_has_rewrite(&model->config))
		facts->abilities |= SERVER_REWRITE;
	hs_iis_list_sites(root, facts);
	return 0;
}

int hs_iis_detect(const struct root *root, const struct server_hint *hint,
		  struct server_facts *ret_facts, struct error *err)
{
	struct iis_model *model;
	char *config;

	if (!hs_root_is_offline(root))
		return 0;
	config = find_config(root, hint);
	if (!config)
		return 0;
	model = hs_alloc(sizeof(*model));
	model->sites = model->default_hsts = XML_NONE;
	*ret_facts = (struct server_facts){
		.id = hs_iis_ops.id,
		.title = hs_iis_ops.title,
		.abilities = hs_iis_ops.abilities,
		.config = config,
		.model = model,
		.model_free = free_model,
	};
	check_copy(ret_facts);
	check_redirection(root, ret_facts);
	return read_config(root, ret_facts, err);
}
