/* What is known of the redirect and the HSTS of a site beside its entry in
 * applicationHost.config. */
#include <string.h>

#include "core/server/iis/others.h"

/* A place whose path lives as long as the model. */
static struct place keep_place(struct iis_model *model,
			       const struct xml_doc *doc, int32_t element)
{
	struct strings *paths = &model->paths;
	struct place place = {
		.path = doc->path,
		.line = (int)hs_xml_line(doc, element),
	};

	if (doc == &model->config)
		return place;
	if (!paths->n || strcmp(paths->items[paths->n - 1], doc->path) != 0)
		hs_strings_add(paths, doc->path);
	place.path = paths->items[paths->n - 1];
	return place;
}

static void take_redirect(struct iis_model *model, struct iis_other *other,
			  bool ours, struct site *site)
{
	site->redirects = true;
	site->redirect_ours = ours;
	site->redirect_code = other->code;
	free(site->redirect_target);
	site->redirect_target = hs_steal(other->target);
	site->redirect_place = keep_place(model, other->doc, other->element);
}

static void look_at_redirect(struct iis_model *model, const struct iis_web *web,
			     struct site *site)
{
	hs_auto_iis_other struct iis_other other =
		hs_iis_other_redirect(model, site->id, web);
	bool ours = other.element == XML_NONE;

	if (ours &&
	    (!web || web->redirect == XML_NONE ||
	     hs_iis_attr_is(&web->doc, web->redirect, "enabled", "false")))
		return;
	if (ours)
		other = (struct iis_other){
			.doc = &web->doc,
			.element = web->redirect,
			.target = hs_iis_rule_target(&web->doc, web->redirect),
			.code = hs_iis_rule_code(&web->doc, web->redirect),
		};
	take_redirect(model, &other, ours, site);
}

static void look_at_rest(struct iis_model *model, const struct iis_web *web,
			 struct site *site)
{
	hs_auto_iis_other struct iis_other other =
		hs_iis_sends_all(model, site->id, web);

	if (other.element == XML_NONE)
		return;
	free(site->sends_all);
	site->sends_all = other.target ? hs_steal(other.target) : hs_strdup("");
	site->sends_all_place = keep_place(model, other.doc, other.element);
}

static void look_at_hsts(struct iis_model *model, const struct iis_web *web,
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
		site->hsts_place = keep_place(model, &web->doc, element);
}

void hs_iis_look_into_web(const struct root *root, struct iis_model *model,
			  struct site *site)
{
	hs_auto_iis_web struct iis_web web = {0};
	bool read = !hs_iis_web_open(root, model, (int32_t)site->http_block,
				     &web, NULL) &&
		    web.exists;

	look_at_redirect(model, read ? &web : NULL, site);
	look_at_rest(model, read ? &web : NULL, site);
	if (read)
		look_at_hsts(model, &web, site);
}
