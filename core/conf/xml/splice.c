/*
 * What is planned as edits of the bytes.  Each element is looked at once, with
 * all that is planned for it, so that its parts fit together: a tag that
 * closes itself is opened once, however much goes into it.
 */
#include <stdlib.h>
#include <string.h>

#include "core/conf/xml/parts.h"

/* One element of the document while its edits are made. */
struct work {
	const struct xml_edits *edits;
	const struct xml_doc *doc;
	const struct xml_touched *touched;
	int32_t element;
	struct edits *splices;
};

static void splice(const struct work *work, size_t from, size_t to,
		   const char *text)
{
	if (from < to || *text)
		hs_edit_add(work->splices, 0, from, to - from, text);
}

/* The prefix of an element's name with its colon, as the file has it; to be
 * freed. */
static char *prefix_of(const struct xml_doc *doc, int32_t element)
{
	const struct xml_element *e = &doc->elements.items[element];
	const char *name = doc->bytes.data + e->start + 1;
	const char *colon = memchr(name, ':', e->name);

	return hs_strndup(name, colon ? (size_t)(colon - name) + 1 : 0);
}

/* What is added at one place of an element goes to the spot `where`. */
static void add_at(const struct work *work, enum xml_place place,
		   enum xml_place where)
{
	const struct xml_numbers *numbers = &work->touched->added[place];
	int32_t parent = place < XML_BEFORE
				 ? work->element
				 : hs_xml_parent(work->doc, work->element);
	struct xml_layout layout;
	struct xml_spot spot;
	hs_auto_free char *prefix = NULL;
	hs_auto_str struct str text = {0};
	struct xml_writer writer = {
		.edits = work->edits,
		.layout = &layout,
		.text = &text,
	};

	if (!hs_xml_left(work->edits, numbers))
		return;
	writer.prefix = prefix = prefix_of(work->doc, parent);
	layout = hs_xml_layout(work->doc, work->element, where);
	spot = hs_xml_spot(work->doc, work->element, where);
	writer.in_lines = spot.in_lines;
	hs_xml_write(&writer, numbers, spot.before, spot.after);
	splice(work, spot.offset, spot.offset, hs_str_text(&text));
	hs_xml_spot_done(&spot);
	hs_xml_layout_done(&layout);
}

/* Inside of an element that has nothing in it, not even white space. */
static void fill(const struct work *work)
{
	const struct xml_doc *doc = work->doc;
	size_t end = doc->elements.items[work->element].end;
	size_t head = hs_xml_head(doc, work->element);
	size_t tail = hs_xml_tail(doc, work->element);
	hs_auto_free char *prefix = prefix_of(doc, work->element);
	struct xml_layout layout = hs_xml_layout(doc, work->element, XML_LAST);
	hs_auto_free char *outer = hs_xml_outer_indent(doc, work->element);
	hs_auto_free char *before =
		outer ? hs_format("%s%s", layout.line_end, layout.indent)
		      : hs_strdup("");
	hs_auto_str struct str text = {0};
	struct xml_writer writer = {
		.edits = work->edits,
		.layout = &layout,
		.prefix = prefix,
		.in_lines = outer != NULL,
		.text = &text,
	};

	hs_str_puts(&text, head == end ? ">" : "");
	hs_xml_write(&writer, &work->touched->added[XML_FIRST], before, "");
	hs_xml_write(&writer, &work->touched->added[XML_LAST], before, "");
	if (outer)
		hs_str_printf(&text, "%s%s", layout.line_end, outer);
	if (head == end)
		hs_xml_put_end(doc, work->element, &text);
	splice(work, head == end ? tail : head, head, hs_str_text(&text));
	hs_xml_layout_done(&layout);
}

static bool is_hollow(const struct work *work)
{
	return hs_xml_head(work->doc, work->element) ==
	       hs_xml_close(work->doc, work->element);
}

static void add_inside(const struct work *work)
{
	const struct xml_numbers *added = work->touched->added;

	if (!is_hollow(work))
		add_at(work, XML_FIRST, XML_FIRST);
	else if (hs_xml_left(work->edits, &added[XML_FIRST]) ||
		 hs_xml_left(work->edits, &added[XML_LAST]))
		fill(work);
}

/*
 * Attributes.
 */
/* Where there are some already, a new one stands as the last of them does. */
static void add_attribute(const struct work *work,
			  const struct xml_value *planned)
{
	const struct xml_doc *doc = work->doc;
	const struct xml_element *e = &doc->elements.items[work->element];
	size_t gap = (size_t)e->start + 1 + e->name;
	struct xml_attr attr = {0}, last = {0};
	hs_auto_free char *value = NULL, *text = NULL;
	char quote;

	while (hs_xml_attr_next(doc, work->element, &attr)) {
		gap = last.name ? (size_t)last.value + last.value_length + 1
				: gap;
		last = attr;
	}
	quote = last.name ? doc->bytes.data[last.value - 1]
			  : hs_xml_quote(doc, work->element);
	value = hs_xml_quoted(doc, planned->value, quote);
	text = hs_format("%.*s%s=%c%s%c",
			 last.name ? (int)(last.name - gap) : 1,
			 last.name ? doc->bytes.data + gap : " ", planned->name,
			 quote, value, quote);
	gap = hs_xml_tail(doc, work->element);
	splice(work, gap, gap, text);
}

/* `from`: behind what stands before the attribute. */
static void change_attribute(const struct work *work, size_t from,
			     const struct xml_attr *attr)
{
	const struct xml_doc *doc = work->doc;
	size_t end = (size_t)attr->value + attr->value_length;
	hs_auto_free char *name = hs_xml_decode(
		doc, attr->name, attr->name_length, XML_CDATA, false);
	const struct xml_value *planned =
		hs_xml_planned(&work->touched->attributes, name);
	hs_auto_free char *value = NULL;

	if (!planned)
		return;
	if (!planned->value) {
		splice(work, from, end + 1, "");
		return;
	}
	if (hs_xml_attr_is(doc, work->element, name, planned->value))
		return;
	value = hs_xml_quoted(doc, planned->value, doc->bytes.data[end]);
	splice(work, attr->value, end, value);
}

static void change_attributes(const struct work *work)
{
	const struct xml_element *e = &work->doc->elements.items[work->element];
	size_t from = (size_t)e->start + 1 + e->name;
	struct xml_attr attr = {0};

	if (!work->touched->attributes.n)
		return;
	while (hs_xml_attr_next(work->doc, work->element, &attr)) {
		change_attribute(work, from, &attr);
		from = (size_t)attr.value + attr.value_length + 1;
	}
	HS_EACH(planned, &work->touched->attributes) {
		if (planned->value &&
		    !hs_xml_has_attr(work->doc, work->element, planned->name))
			add_attribute(work, planned);
	}
}

/*
 * Text: the first piece of it gives way to the new one, comments stay.
 */
static void set_text(const struct work *work)
{
	const struct xml_doc *doc = work->doc;
	struct xml_piece piece = {.child = XML_NONE};
	size_t head = hs_xml_head(doc, work->element);
	bool closed = head == doc->elements.items[work->element].end;
	hs_auto_free char *now = hs_xml_text(doc, work->element);
	hs_auto_str struct str text = {0};
	bool done = false;

	if (!work->touched->text || !strcmp(now, work->touched->text))
		return;
	hs_str_puts(&text, closed ? ">" : "");
	hs_xml_encode(doc, work->touched->text, 0,
		      hs_xml_line_end(doc, work->element), &text);
	while (hs_xml_piece_next(doc, work->element, &piece)) {
		if (piece.kind > XML_CDATA)
			continue;
		splice(work, piece.from, piece.to,
		       done ? "" : hs_str_text(&text));
		done = true;
	}
	if (done)
		return;
	if (closed)
		hs_xml_put_end(doc, work->element, &text);
	splice(work, closed ? hs_xml_tail(doc, work->element) : head, head,
	       hs_str_text(&text));
}

/* Removes the element; what is added beside it takes its place. */
static void take_out(const struct work *work)
{
	struct xml_spot spot =
		hs_xml_spot(work->doc, work->element, XML_BEFORE);
	const struct xml_numbers *added = work->touched->added;
	size_t from, to;

	add_at(work, XML_BEFORE, XML_BEFORE);
	add_at(work, XML_AFTER, XML_BEFORE);
	hs_xml_span(work->doc, work->element, &from, &to);
	if ((hs_xml_left(work->edits, &added[XML_BEFORE]) ||
	     hs_xml_left(work->edits, &added[XML_AFTER])) &&
	    from < spot.offset)
		from = spot.offset;
	splice(work, from, to, "");
	hs_xml_spot_done(&spot);
}

static void change(const struct work *work)
{
	if (work->touched->removed) {
		take_out(work);
		return;
	}
	add_at(work, XML_BEFORE, XML_BEFORE);
	change_attributes(work);
	set_text(work);
	add_inside(work);
	add_at(work, XML_AFTER, XML_AFTER);
}

/* What comes behind the last element inside may be put at the same byte as
 * what comes behind all: it has to be there first. */
static void close_up(const struct work *work)
{
	if (!work->touched->removed && !is_hollow(work))
		add_at(work, XML_LAST, XML_LAST);
}

static void for_each(const struct xml_edits *edits, struct edits *splices,
		     void (*make)(const struct work *work))
{
	HS_EACH(touched, &edits->touched) {
		struct work work = {
			.edits = edits,
			.doc = edits->doc,
			.touched = touched,
			.element = touched->element,
			.splices = splices,
		};

		if (!hs_xml_is_gone(
			    edits, hs_xml_parent(edits->doc, touched->element)))
			make(&work);
	}
}

void hs_xml_splice(const struct xml_edits *edits, struct edits *ret_splices)
{
	for_each(edits, ret_splices, change);
	for_each(edits, ret_splices, close_up);
}
