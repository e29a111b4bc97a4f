/*
 * Walks over a document.  The elements stand in the order of the file, so a
 * first child is the next record, and the next sibling the first record behind
 * the element's end.
 */
#include <string.h>

#include "core/conf/xml/parts.h"

#define LINES_STEP ((size_t)512)

int32_t hs_xml_root(const struct xml_doc *doc)
{
	return doc->elements.n ? 0 : XML_NONE;
}

int32_t hs_xml_parent(const struct xml_doc *doc, int32_t element)
{
	return doc->elements.items[element].parent;
}

/* The first record behind the element: most are near, so steps that double
 * come before halving. */
static size_t skip_inside(const struct xml_doc *doc, size_t element)
{
	uint32_t end = doc->elements.items[element].end;
	size_t n = doc->elements.n, low = element + 1, step = 1, high;

	while (low + step < n && doc->elements.items[low + step].start < end) {
		low += step;
		step *= 2;
	}
	high = low + step < n ? low + step : n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (doc->elements.items[middle].start < end)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Its local name in the bytes. */
static const char *local_name(const struct xml_doc *doc, int32_t element,
			      size_t *ret_length)
{
	const struct xml_element *e = &doc->elements.items[element];
	const char *name = doc->bytes.data + e->start + 1;
	const char *colon = memchr(name, ':', e->name);
	size_t prefix = colon ? (size_t)(colon - name) + 1 : 0;

	*ret_length = e->name - prefix;
	return name + prefix;
}

bool hs_xml_is(const struct xml_doc *doc, int32_t element, const char *name)
{
	size_t length;
	const char *local = local_name(doc, element, &length);

	return hs_xml_named(doc, (size_t)(local - doc->bytes.data), length,
			    name);
}

static int32_t skip_others(const struct xml_doc *doc, size_t element,
			   int32_t parent, uint16_t space, const char *name)
{
	uint32_t end = parent == XML_NONE ? 0 : doc->elements.items[parent].end;

	while (element < doc->elements.n &&
	       doc->elements.items[element].start < end) {
		if (!name || (doc->elements.items[element].space == space &&
			      hs_xml_is(doc, (int32_t)element, name)))
			return (int32_t)element;
		element = skip_inside(doc, element);
	}
	return XML_NONE;
}

int32_t hs_xml_child(const struct xml_doc *doc, int32_t parent,
		     const char *name)
{
	if (parent == XML_NONE)
		return XML_NONE;
	return skip_others(doc, (size_t)parent + 1, parent,
			   doc->elements.items[parent].space, name);
}

int32_t hs_xml_next(const struct xml_doc *doc, int32_t element,
		    const char *name)
{
	const struct xml_element *e = &doc->elements.items[element];

	return skip_others(doc, skip_inside(doc, (size_t)element), e->parent,
			   e->space, name);
}

size_t hs_xml_count(const struct xml_doc *doc, int32_t parent, const char *name)
{
	size_t n = 0;

	for (int32_t e = hs_xml_child(doc, parent, name); e != XML_NONE;
	     e = hs_xml_next(doc, e, name))
		n++;
	return n;
}

int32_t hs_xml_find(const struct xml_doc *doc, int32_t from, const char *path)
{
	size_t length = strcspn(path, "/");
	hs_auto_free char *name = hs_strndup(path, length);

	for (int32_t e = hs_xml_child(doc, from, name); e != XML_NONE;
	     e = hs_xml_next(doc, e, name)) {
		int32_t found = path[length]
					? hs_xml_find(doc, e, path + length + 1)
					: e;

		if (found != XML_NONE)
			return found;
	}
	return XML_NONE;
}

char *hs_xml_name(const struct xml_doc *doc, int32_t element)
{
	size_t length;
	const char *name = local_name(doc, element, &length);

	return hs_xml_decode(doc, (size_t)(name - doc->bytes.data), length,
			     XML_CDATA, false);
}

const char *hs_xml_space(const struct xml_doc *doc, int32_t element)
{
	return doc->spaces.items[doc->elements.items[element].space];
}

static uint32_t count_lines(const char *bytes, size_t length)
{
	uint32_t n = 0;

	for (size_t i = 0; i < length; i++)
		n += bytes[i] == '\n';
	return n;
}

static void count_all(const struct xml_doc *doc)
{
	uint32_t n = 0;

	for (size_t at = 0; at < doc->bytes.len; at += LINES_STEP) {
		size_t left = doc->bytes.len - at;

		HS_PUSH(doc->lines, n);
		n += count_lines(doc->bytes.data + at,
				 left < LINES_STEP ? left : LINES_STEP);
	}
}

uint32_t hs_xml_line(const struct xml_doc *doc, int32_t element)
{
	size_t start = doc->elements.items[element].start;
	size_t step = start / LINES_STEP;

	if (!doc->lines->n)
		count_all(doc);
	return 1 + doc->lines->items[step] +
	       count_lines(doc->bytes.data + step * LINES_STEP,
			   start % LINES_STEP);
}

char *hs_xml_attr(const struct xml_doc *doc, int32_t element, const char *name)
{
	struct xml_attr attr;

	return hs_xml_attr_find(doc, element, name, &attr)
		       ? hs_xml_decode(doc, attr.value, attr.value_length,
				       XML_TEXT, true)
		       : NULL;
}

bool hs_xml_has_attr(const struct xml_doc *doc, int32_t element,
		     const char *name)
{
	struct xml_attr attr;

	return hs_xml_attr_find(doc, element, name, &attr);
}

bool hs_xml_attr_is(const struct xml_doc *doc, int32_t element,
		    const char *name, const char *value)
{
	hs_auto_free char *now = hs_xml_attr(doc, element, name);

	return now && !strcmp(now, value);
}

char *hs_xml_text(const struct xml_doc *doc, int32_t element)
{
	struct xml_piece piece = {.child = XML_NONE};
	struct str text = {0};

	while (hs_xml_piece_next(doc, element, &piece)) {
		/* "<![CDATA[" and "]]>" */
		size_t open = piece.kind == XML_CDATA ? 9 : 0;
		size_t marks = piece.kind == XML_CDATA ? 12 : 0;
		hs_auto_free char *part = NULL;

		if (piece.kind > XML_CDATA)
			continue;
		part = hs_xml_decode(doc, piece.from + open,
				     piece.to - piece.from - marks, piece.kind,
				     false);
		hs_str_puts(&text, part);
	}
	return hs_str_take(&text);
}
