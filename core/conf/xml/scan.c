/*
 * Positions within one element: its tags, its attributes, its content.
 */
#include <string.h>

#include "core/conf/xml/parts.h"

static size_t skip_blanks(const struct xml_doc *doc, size_t at, size_t end)
{
	while (at < end && hs_xml_is_blank(doc->bytes.data[at]))
		at++;
	return at;
}

static bool ends_name(char c)
{
	return hs_xml_is_blank(c) || c == '=' || c == '>' || c == '/';
}

/* Behind `name`, or behind the attribute before. */
static size_t attr_from(const struct xml_element *element,
			const struct xml_attr *attr)
{
	return attr->name ? (size_t)attr->value + attr->value_length + 1
			  : (size_t)element->start + 1 + element->name;
}

bool hs_xml_attr_next(const struct xml_doc *doc, int32_t element,
		      struct xml_attr *attr)
{
	const struct xml_element *e = &doc->elements.items[element];
	const char *bytes = doc->bytes.data, *close;
	size_t at = skip_blanks(doc, attr_from(e, attr), e->end), name = at;

	while (at < e->end && !ends_name(bytes[at]))
		at++;
	attr->name = (uint32_t)name;
	attr->name_length = (uint32_t)(at - name);
	at = skip_blanks(doc, at, e->end);
	if (at == name || at >= e->end || bytes[at] != '=')
		return false;
	at = skip_blanks(doc, at + 1, e->end);
	if (at >= e->end || !strchr("\"'", bytes[at]) || !bytes[at])
		return false;
	close = memchr(bytes + at + 1, bytes[at], e->end - at - 1);
	if (!close)
		return false;
	attr->value = (uint32_t)at + 1;
	attr->value_length = (uint32_t)((size_t)(close - bytes) - at - 1);
	return true;
}

bool hs_xml_named(const struct xml_doc *doc, size_t at, size_t length,
		  const char *name)
{
	hs_auto_free char *decoded = NULL;

	if (doc->encoding == XML_UTF8)
		return strlen(name) == length &&
		       !memcmp(doc->bytes.data + at, name, length);
	decoded = hs_xml_decode(doc, at, length, XML_CDATA, false);
	return !strcmp(decoded, name);
}

bool hs_xml_attr_find(const struct xml_doc *doc, int32_t element,
		      const char *name, struct xml_attr *ret_attr)
{
	*ret_attr = (struct xml_attr){0};
	while (hs_xml_attr_next(doc, element, ret_attr)) {
		if (hs_xml_named(doc, ret_attr->name, ret_attr->name_length,
				 name))
			return true;
	}
	return false;
}

size_t hs_xml_tail(const struct xml_doc *doc, int32_t element)
{
	const struct xml_element *e = &doc->elements.items[element];
	struct xml_attr attr = {0}, last = {0};

	while (hs_xml_attr_next(doc, element, &attr))
		last = attr;
	return attr_from(e, &last);
}

size_t hs_xml_head(const struct xml_doc *doc, int32_t element)
{
	size_t end = doc->elements.items[element].end;
	size_t tail = hs_xml_tail(doc, element);
	const char *close = memchr(doc->bytes.data + tail, '>', end - tail);

	return close ? (size_t)(close - doc->bytes.data) + 1 : end;
}

size_t hs_xml_close(const struct xml_doc *doc, int32_t element)
{
	size_t end = doc->elements.items[element].end;
	size_t head = hs_xml_head(doc, element);
	const char *close = memrchr(doc->bytes.data + head, '<', end - head);

	return close ? (size_t)(close - doc->bytes.data) : end;
}

/* What begins with a '<' and is no element. */
static const struct {
	const char *open, *close;
	enum xml_kind kind;
} marks[] = {
	{"<!--", "-->", XML_OTHER},
	{"<![CDATA[", "]]>", XML_CDATA},
	{"<?", "?>", XML_OTHER},
};

/* Behind the mark that begins at `at`; 0: none does. */
static size_t skip_mark(const struct xml_doc *doc, size_t at, size_t end,
			enum xml_kind *ret_kind)
{
	const char *bytes = doc->bytes.data, *close;

	for (size_t i = 0; i < HS_LENGTH(marks); i++) {
		size_t length = strlen(marks[i].open);

		if (end - at < length ||
		    memcmp(bytes + at, marks[i].open, length))
			continue;
		close = memmem(bytes + at + length, end - at - length,
			       marks[i].close, strlen(marks[i].close));
		*ret_kind = close ? marks[i].kind : XML_OTHER;
		return close ? (size_t)(close - bytes) + strlen(marks[i].close)
			     : end;
	}
	return 0;
}

static size_t skip_child(const struct xml_doc *doc, int32_t element,
			 struct xml_piece *piece)
{
	piece->kind = XML_CHILD;
	piece->child = piece->child == XML_NONE
			       ? hs_xml_child(doc, element, NULL)
			       : hs_xml_next(doc, piece->child, NULL);
	return piece->child == XML_NONE ? 0
					: doc->elements.items[piece->child].end;
}

bool hs_xml_piece_next(const struct xml_doc *doc, int32_t element,
		       struct xml_piece *piece)
{
	size_t end = hs_xml_close(doc, element);
	const char *bytes = doc->bytes.data, *next;

	piece->from = piece->to ? piece->to : hs_xml_head(doc, element);
	if (piece->from >= end)
		return false;
	if (bytes[piece->from] != '<') {
		piece->kind = XML_TEXT;
		next = memchr(bytes + piece->from, '<', end - piece->from);
		piece->to = next ? (size_t)(next - bytes) : end;
		return true;
	}
	piece->to = skip_mark(doc, piece->from, end, &piece->kind);
	if (!piece->to)
		piece->to = skip_child(doc, element, piece);
	return piece->to > piece->from && piece->to <= end;
}
