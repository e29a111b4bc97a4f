/* The sites of IIS, as its configuration lists them. */
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/index.h"
#include "core/base/text.h"
#include "core/server/iis/others.h"

/* Beyond that many, web.config files are read for the chosen site alone, when
 * it is planned. */
#define SITES_LOOKED_INTO 200

bool hs_iis_is_true(const char *text)
{
	return text && (!strcasecmp(text, "true") || !strcmp(text, "1"));
}

bool hs_iis_attr_is_true(const struct xml_doc *doc, int32_t element,
			 const char *name)
{
	hs_auto_free char *value = hs_xml_attr(doc, element, name);

	return hs_iis_is_true(value);
}

bool hs_iis_attr_is(const struct xml_doc *doc, int32_t element,
		    const char *name, const char *value)
{
	hs_auto_free char *found = hs_xml_attr(doc, element, name);

	return found && !strcasecmp(found, value);
}

int hs_iis_read_binding(const struct xml_doc *doc, int32_t element,
			struct iis_binding *ret_binding)
{
	hs_auto_free char *protocol = hs_xml_attr(doc, element, "protocol");
	hs_auto_free char *information =
		hs_xml_attr(doc, element, "bindingInformation");
	hs_auto_free char *flags = hs_xml_attr(doc, element, "sslFlags");
	int result =
		hs_iis_binding_read(protocol, information, flags, ret_binding);

	ret_binding->position = element;
	return result;
}

/* The child <`name` path="/">. */
static int32_t find_top(const struct xml_doc *doc, int32_t parent,
			const char *name)
{
	int32_t e = hs_xml_child(doc, parent, name);

	while (e != XML_NONE && !hs_xml_attr_is(doc, e, "path", "/"))
		e = hs_xml_next(doc, e, name);
	return e;
}

char *hs_iis_site_path(const struct xml_doc *doc, int32_t site)
{
	int32_t application = find_top(doc, site, "application");
	int32_t directory =
		application == XML_NONE
			? XML_NONE
			: find_top(doc, application, "virtualDirectory");

	return directory == XML_NONE
		       ? NULL
		       : hs_xml_attr(doc, directory, "physicalPath");
}

char *hs_iis_site_pool(const struct xml_doc *doc, int32_t site)
{
	int32_t application = find_top(doc, site, "application");

	return application == XML_NONE
		       ? NULL
		       : hs_xml_attr(doc, application, "applicationPool");
}

int32_t hs_iis_hsts(const struct iis_model *model, int32_t site)
{
	int32_t own = hs_xml_child(&model->config, site, "hsts");

	return own != XML_NONE ? own : model->default_hsts;
}

char *hs_iis_hsts_header(const struct xml_doc *doc, int32_t hsts)
{
	hs_auto_free char *age = NULL;

	if (hsts == XML_NONE || !hs_iis_attr_is_true(doc, hsts, "enabled"))
		return NULL;
	age = hs_xml_attr(doc, hsts, "max-age");
	return hs_format("max-age=%s%s%s", age ? age : "0",
			 hs_iis_attr_is_true(doc, hsts, "includeSubDomains")
				 ? "; includeSubDomains"
				 : "",
			 hs_iis_attr_is_true(doc, hsts, "preload") ? "; preload"
								   : "");
}

static struct place place_of(const struct xml_doc *doc, int32_t element)
{
	return (struct place){.path = doc->path,
			      .line = (int)hs_xml_line(doc, element)};
}

/* What listing works with. */
struct listing {
	const struct root *root;
	struct server_facts *facts;
	const struct iis_model *model;
	const struct xml_doc *doc;
	struct index names, ids;	/* of sites, to find two with one */
	struct HS_ARRAY(uint64_t) keys; /* bindings of one site */
};

static void add_problem(struct listing *listing, int32_t element,
			const char *id, const char *what)
{
	struct place place = place_of(listing->doc, element);
	hs_auto_free char *where = hs_format("%s:%d", place.path, place.line);

	hs_problem_add(&listing->facts->problems, id, where, what);
}

static void refuse_twice(struct listing *listing, int32_t element,
			 const char *what, const char *value)
{
	hs_auto_free char *safe = hs_text_safe(value, strlen(value), 120);
	hs_auto_free char *text = hs_format(
		_("%s %s stands there twice: IIS refuses the whole file"), what,
		safe);

	add_problem(listing, element, "server.config-broken", text);
}

static uint64_t hash_folded(uint64_t hash, const char *text)
{
	for (; *text; text++) {
		char c = *text >= 'A' && *text <= 'Z' ? (char)(*text + 32)
						      : *text;

		hash = hs_index_hash(hash, &c, 1);
	}
	return hash;
}

/* protocol and bindingInformation together are the key of the collection. */
static void check_binding(struct listing *listing, int32_t element,
			  const struct iis_binding *binding)
{
	uint64_t hash = hash_folded(HS_INDEX_SEED, binding->protocol);

	hash = hash_folded(hs_index_hash(hash, "", 1), binding->information);
	HS_EACH(key, &listing->keys) {
		hs_auto_free char *text = NULL;

		if (*key != hash)
			continue;
		text = hs_format("%s %s", binding->protocol,
				 binding->information);
		refuse_twice(listing, element, _("the binding"), text);
	}
	HS_PUSH(&listing->keys, hash);
}

static void add_listen(struct listing *listing, struct site *site,
		       struct iis_binding *binding)
{
	struct listen *listen = HS_GROW(&site->listens);
	bool named = *binding->host;

	*listen = (struct listen){
		.address = hs_steal(binding->address),
		.port = binding->port,
		.ssl = binding->ssl,
		.http2 = binding->ssl &&
			 !(binding->flags & IIS_SSL_DISABLE_HTTP2),
		.default_server = !named,
		.host = named ? hs_strdup(binding->host) : NULL,
		.sni = binding->ssl && binding->flags & IIS_SSL_SNI,
		.place = place_of(listing->doc, (int32_t)binding->position),
	};
	site->https |= binding->ssl;
	if (named && !hs_strings_has(&site->names, binding->host))
		hs_strings_add(&site->names, binding->host);
}

static void list_bindings(struct listing *listing, struct site *site,
			  int32_t element)
{
	const struct xml_doc *doc = listing->doc;
	int32_t e = hs_xml_child(doc, element, "bindings");

	if (e == XML_NONE)
		return;
	/* a hundred thousand sites may have one binding each */
	site->listens.cap = hs_xml_count(doc, e, "binding");
	if (site->listens.cap)
		site->listens.items = hs_alloc(site->listens.cap *
					       sizeof(*site->listens.items));
	e = hs_xml_child(doc, e, "binding");
	listing->keys.n = 0;
	for (; e != XML_NONE; e = hs_xml_next(doc, e, "binding")) {
		struct iis_binding binding;

		if (hs_iis_read_binding(doc, e, &binding))
			add_problem(listing, e, "server.unsupported-syntax",
				    _("sslFlags of this binding is no number"));
		check_binding(listing, e, &binding);
		if (binding.web)
			add_listen(listing, site, &binding);
		hs_iis_binding_done(&binding);
	}
}

static void look_at_hsts(struct listing *listing, struct site *site,
			 int32_t element)
{
	int32_t hsts = hs_iis_hsts(listing->model, element);

	site->hsts = hs_iis_hsts_header(listing->doc, hsts);
	if (!site->hsts)
		return;
	site->hsts_place = place_of(listing->doc, hsts);
	if (hs_iis_attr_is_true(listing->doc, hsts, "redirectHttpToHttps")) {
		site->redirects = site->redirect_ours = true;
		site->redirect_place = site->hsts_place;
	}
}

/* Whether the value stood in an earlier site; notes it for later ones. */
struct same {
	const struct listing *listing;
	const char *attribute, *value;
};

static bool has_value(const void *context, size_t item)
{
	const struct same *same = context;

	return hs_iis_attr_is(same->listing->doc, (int32_t)item,
			      same->attribute, same->value);
}

static void check_unique(struct listing *listing, struct index *index,
			 int32_t element, const char *attribute,
			 const char *what)
{
	hs_auto_free char *value =
		hs_xml_attr(listing->doc, element, attribute);
	struct same same = {listing, attribute, value};
	uint64_t hash;

	if (!value)
		return;
	hash = hash_folded(HS_INDEX_SEED, value);
	if (hs_index_find(index, hash, has_value, &same) >= 0)
		refuse_twice(listing, element, what, value);
	else
		hs_index_add(index, hash, (size_t)element);
}

static void list_site(struct listing *listing, int32_t element)
{
	char *name = hs_xml_attr(listing->doc, element, "name");
	struct site *site;

	check_unique(listing, &listing->names, element, "name",
		     _("the site name"));
	check_unique(listing, &listing->ids, element, "id", _("the site id"));
	if (!name) {
		add_problem(listing, element, "server.config-broken",
			    _("this site has no name"));
		return;
	}
	site = HS_GROW(&listing->facts->sites);
	*site = (struct site){
		.id = name,
		.place = place_of(listing->doc, element),
		.http_block = element,
		.https_block = XML_NONE,
	};
	list_bindings(listing, site, element);
	look_at_hsts(listing, site, element);
}

/* The rule of the whole server that no site's rule is heard behind. */
static void look_at_first(const struct iis_model *model,
			  struct server_facts *facts)
{
	hs_auto_iis_other struct iis_other first = hs_iis_first_answer(model);

	if (first.element != XML_NONE)
		facts->answers_first = place_of(&model->config, first.element);
}

void hs_iis_list_sites(const struct root *root, struct server_facts *facts)
{
	struct iis_model *model = facts->model;
	struct listing listing = {
		.root = root,
		.facts = facts,
		.model = model,
		.doc = &model->config,
	};
	int32_t e = hs_xml_child(&model->config, model->sites, "site");

	for (; e != XML_NONE; e = hs_xml_next(&model->config, e, "site"))
		list_site(&listing, e);
	hs_index_done(&listing.names);
	hs_index_done(&listing.ids);
	HS_ARRAY_FREE(&listing.keys);
	look_at_first(model, facts);
	if (facts->sites.n <= SITES_LOOKED_INTO)
		HS_EACH(site, &facts->sites)
			hs_iis_look_into_web(root, model, site);
}
