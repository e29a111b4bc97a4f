/*
 * What is planned for a document: collected here, checked as far as it can be
 * at once.  What is wrong is kept and said at the end, so that callers need
 * not ask after every step.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/conf/xml/parts.h"

struct xml_edits *hs_xml_edit(const struct xml_doc *doc)
{
	struct xml_edits *edits = hs_alloc(sizeof(*edits));

	edits->doc = doc;
	return edits;
}

static void values_done(struct xml_values *values)
{
	HS_EACH(value, values) {
		free(value->name);
		free(value->value);
	}
	HS_ARRAY_FREE(values);
}

void hs_xml_edits_free(struct xml_edits *edits)
{
	if (!edits)
		return;
	HS_EACH(added, &edits->added) {
		free(added->name);
		free(added->text);
		values_done(&added->attributes);
		HS_ARRAY_FREE(&added->children);
	}
	HS_ARRAY_FREE(&edits->added);
	HS_EACH(touched, &edits->touched) {
		free(touched->text);
		values_done(&touched->attributes);
		for (int i = 0; i < XML_PLACES; i++)
			HS_ARRAY_FREE(&touched->added[i]);
	}
	HS_ARRAY_FREE(&edits->touched);
	free(edits);
}

/* The first reason not to make these edits. */
static void object(struct xml_edits *edits, int32_t element, const char *what,
		   const char *name)
{
	hs_auto_free char *safe = hs_text_safe(name, strlen(name), 60);
	hs_auto_free char *text = hs_format("%s: %s", what, safe);

	if (!edits->problem.code)
		hs_xml_refuse(edits->doc->path,
			      element < 0 ? 0
					  : hs_xml_line(edits->doc, element),
			      XML_UNSUPPORTED, text, &edits->problem);
}

static struct xml_added *added_of(const struct xml_edits *edits, int32_t number)
{
	return number < XML_NONE ? &edits->added.items[-2 - number] : NULL;
}

const struct xml_added *hs_xml_added(const struct xml_edits *edits,
				     int32_t number)
{
	return added_of(edits, number);
}

/* Where the element is in the list, or would be. */
static size_t place_of(const struct xml_edits *edits, int32_t element)
{
	size_t low = 0, high = edits->touched.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (edits->touched.items[middle].element < element)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct xml_touched *hs_xml_touched(const struct xml_edits *edits,
					 int32_t element)
{
	size_t i = place_of(edits, element);

	return i < edits->touched.n &&
			       edits->touched.items[i].element == element
		       ? &edits->touched.items[i]
		       : NULL;
}

static struct xml_touched *touch(struct xml_edits *edits, int32_t element)
{
	size_t i = place_of(edits, element);
	struct xml_touched *at;

	if (i < edits->touched.n && edits->touched.items[i].element == element)
		return &edits->touched.items[i];
	(void)HS_GROW(&edits->touched);
	at = &edits->touched.items[i];
	memmove(at + 1, at, (edits->touched.n - 1 - i) * sizeof(*at));
	*at = (struct xml_touched){.element = element};
	return at;
}

bool hs_xml_is_gone(const struct xml_edits *edits, int32_t element)
{
	while (element != XML_NONE) {
		const struct xml_added *added = added_of(edits, element);
		const struct xml_touched *touched =
			added ? NULL : hs_xml_touched(edits, element);

		if (added ? added->removed : touched && touched->removed)
			return true;
		element = added ? added->parent
				: hs_xml_parent(edits->doc, element);
	}
	return false;
}

const struct xml_value *hs_xml_planned(const struct xml_values *values,
				       const char *name)
{
	HS_EACH(value, values) {
		if (!strcmp(value->name, name))
			return value;
	}
	return NULL;
}

static struct xml_values *values_of(struct xml_edits *edits, int32_t element)
{
	struct xml_added *added = added_of(edits, element);

	return added ? &added->attributes : &touch(edits, element)->attributes;
}

static void plan_value(struct xml_edits *edits, int32_t element,
		       const char *name, const char *value)
{
	struct xml_values *values = values_of(edits, element);

	HS_EACH(planned, values) {
		if (strcmp(planned->name, name))
			continue;
		hs_replace(&planned->value, value);
		return;
	}
	*HS_GROW(values) = (struct xml_value){
		.name = hs_strdup(name),
		.value = hs_strdup(value),
	};
}

/* A plain name; in an attribute, perhaps with a prefix. */
static bool is_name(const char *name, bool prefixed)
{
	static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				    "abcdefghijklmnopqrstuvwxyz";
	const char *colon = prefixed ? strchr(name, ':') : NULL;
	const char *local = colon ? colon + 1 : name;

	if (strspn(name, first) < 1 || strspn(local, first) < 1 ||
	    strlen(name) > XML_NAME_MAX / 2)
		return false;
	for (const char *c = name; *c; c++) {
		if (c != colon && !strchr(first, *c) &&
		    !strchr("0123456789.-", *c))
			return false;
	}
	return true;
}

void hs_xml_set_attr(struct xml_edits *edits, int32_t element, const char *name,
		     const char *value)
{
	if (!is_name(name, true) || hs_xml_declares(name))
		object(edits, element, _("XML has no attribute of that name"),
		       name);
	else if (!hs_xml_can_hold(value))
		object(edits, element, _("XML cannot hold these characters"),
		       value);
	else
		plan_value(edits, element, name, value);
}

void hs_xml_remove_attr(struct xml_edits *edits, int32_t element,
			const char *name)
{
	if (is_name(name, true) && !hs_xml_declares(name))
		plan_value(edits, element, name, NULL);
	else
		object(edits, element, _("XML has no attribute of that name"),
		       name);
}

char *hs_xml_will_be(const struct xml_edits *edits, int32_t element,
		     const char *name)
{
	const struct xml_added *added = added_of(edits, element);
	const struct xml_touched *touched =
		added ? NULL : hs_xml_touched(edits, element);
	const struct xml_values *values = added	    ? &added->attributes
					  : touched ? &touched->attributes
						    : NULL;
	const struct xml_value *planned =
		values ? hs_xml_planned(values, name) : NULL;

	if (planned)
		return hs_strdup(planned->value);
	return added ? NULL : hs_xml_attr(edits->doc, element, name);
}

/* The list that an added element stands in. */
static struct xml_numbers *home_of(struct xml_edits *edits, int32_t number)
{
	const struct xml_added *added = added_of(edits, number);
	struct xml_added *parent = added_of(edits, added->parent);

	return parent ? &parent->children
		      : &touch(edits, added->anchor)->added[added->place];
}

static size_t index_in(const struct xml_numbers *list, int32_t number)
{
	size_t i = 0;

	while (i < list->n && list->items[i] != number)
		i++;
	return i;
}

static void insert(struct xml_numbers *list, size_t i, int32_t number)
{
	(void)HS_GROW(list);
	memmove(list->items + i + 1, list->items + i,
		(list->n - 1 - i) * sizeof(*list->items));
	list->items[i] = number;
}

/* At an element of the document. */
static void add_at(struct xml_edits *edits, int32_t number, int32_t at,
		   enum xml_place place)
{
	struct xml_added *added = added_of(edits, number);

	if (place >= XML_BEFORE && !at)
		object(edits, at, _("nothing can stand beside the root"),
		       added->name);
	else if (place < XML_BEFORE && touch(edits, at)->text)
		object(edits, at, _("an element has text already"),
		       added->name);
	added->anchor = at;
	added->place = place;
	added->parent = place < XML_BEFORE ? at : hs_xml_parent(edits->doc, at);
	HS_PUSH(&touch(edits, at)->added[place], number);
}

/* At one that was added. */
static void add_near(struct xml_edits *edits, int32_t number, int32_t at,
		     enum xml_place place)
{
	struct xml_added *added = added_of(edits, number);
	struct xml_added *other = added_of(edits, at);
	struct xml_numbers *list =
		place < XML_BEFORE ? &other->children : home_of(edits, at);

	if (place < XML_BEFORE && other->text)
		object(edits, XML_NONE, _("an element has text already"),
		       added->name);
	added->parent = place < XML_BEFORE ? at : other->parent;
	added->anchor = other->anchor;
	added->place = other->place;
	if (place == XML_FIRST)
		insert(list, other->firsts++, number);
	else
		insert(list,
		       place == XML_LAST
			       ? list->n
			       : index_in(list, at) + (place == XML_AFTER),
		       number);
}

int32_t hs_xml_add(struct xml_edits *edits, int32_t at, enum xml_place place,
		   const char *name)
{
	int32_t number = -2 - (int32_t)edits->added.n;

	*HS_GROW(&edits->added) = (struct xml_added){
		.name = hs_strdup(name),
		.parent = XML_NONE,
	};
	if (!is_name(name, false))
		object(edits, at, _("XML has no element of that name"), name);
	if (at < XML_NONE)
		add_near(edits, number, at, place);
	else
		add_at(edits, number, at, place);
	return number;
}

/* A child of that name that is there or will be. */
static int32_t find_planned(const struct xml_edits *edits, int32_t parent,
			    const char *name)
{
	const struct xml_doc *doc = edits->doc;

	if (parent >= 0) {
		for (int32_t e = hs_xml_child(doc, parent, name); e != XML_NONE;
		     e = hs_xml_next(doc, e, name)) {
			if (!hs_xml_is_gone(edits, e))
				return e;
		}
	}
	for (size_t i = 0; i < edits->added.n; i++) {
		const struct xml_added *added = &edits->added.items[i];

		if (added->parent == parent && !added->removed &&
		    !strcmp(added->name, name))
			return -2 - (int32_t)i;
	}
	return XML_NONE;
}

int32_t hs_xml_need(struct xml_edits *edits, int32_t from, const char *path)
{
	int32_t found =
		from >= 0 ? hs_xml_find(edits->doc, from, path) : XML_NONE;

	if (found != XML_NONE && !hs_xml_is_gone(edits, found))
		return found;
	while (*path) {
		size_t length = strcspn(path, "/");
		hs_auto_free char *name = hs_strndup(path, length);

		found = find_planned(edits, from, name);
		from = found == XML_NONE
			       ? hs_xml_add(edits, from, XML_LAST, name)
			       : found;
		path += length;
		path += *path == '/';
	}
	return from;
}

void hs_xml_remove(struct xml_edits *edits, int32_t element)
{
	struct xml_added *added = added_of(edits, element);

	if (added)
		added->removed = true;
	else if (element)
		touch(edits, element)->removed = true;
	else
		object(edits, element, _("the root cannot be removed"), "");
}

/* Whether anything but text is or will be in it. */
static bool has_children(struct xml_edits *edits, int32_t element)
{
	const struct xml_added *added = added_of(edits, element);
	const struct xml_touched *touched =
		added ? NULL : touch(edits, element);

	if (added)
		return added->children.n;
	return touched->added[XML_FIRST].n || touched->added[XML_LAST].n ||
	       hs_xml_child(edits->doc, element, NULL) != XML_NONE;
}

void hs_xml_set_text(struct xml_edits *edits, int32_t element, const char *text)
{
	struct xml_added *added = added_of(edits, element);

	if (!hs_xml_can_hold(text))
		object(edits, element, _("XML cannot hold these characters"),
		       text);
	else if (has_children(edits, element))
		object(edits, element,
		       _("there are elements where text should be"), text);
	else
		hs_replace(added ? &added->text : &touch(edits, element)->text,
			   text);
}
