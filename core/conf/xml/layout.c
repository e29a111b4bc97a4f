/*
 * Where lines begin and end around an element, and how its neighbours look.
 */
#include <stdlib.h>
#include <string.h>

#include "core/conf/xml/parts.h"

#define NEIGHBOURS 200 /* elements looked at for quotes and ` />` */
#define STEPS 1000     /* and for a step of indentation */

static bool is_gap(char c)
{
	return c == ' ' || c == '\t';
}

static char byte_at(const struct xml_doc *doc, size_t at)
{
	return at < doc->bytes.len ? doc->bytes.data[at] : '\n';
}

static size_t skip_gap(const struct xml_doc *doc, size_t at)
{
	while (is_gap(byte_at(doc, at)))
		at++;
	return at;
}

static size_t skip_gap_back(const struct xml_doc *doc, size_t at)
{
	while (at && is_gap(doc->bytes.data[at - 1]))
		at--;
	return at;
}

/* A byte order mark is no part of the first line. */
static size_t line_start(const struct xml_doc *doc, size_t at)
{
	const char *bytes = doc->bytes.data;
	const char *end = memrchr(bytes, '\n', at);
	size_t start = end ? (size_t)(end - bytes) + 1 : 0;

	return !start && at >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3
								      : start;
}

static bool begins_line(const struct xml_doc *doc, size_t at)
{
	return line_start(doc, at) == skip_gap_back(doc, at);
}

static bool is_line_end(const struct xml_doc *doc, size_t at)
{
	return byte_at(doc, at) == '\n' ||
	       (byte_at(doc, at) == '\r' && byte_at(doc, at + 1) == '\n');
}

/* Behind a comment that begins at `at` and ends on its line. */
static size_t skip_comment(const struct xml_doc *doc, size_t at)
{
	const char *from = doc->bytes.data + at;
	size_t left = doc->bytes.len - at;
	const char *end, *close;

	if (left < 7 || memcmp(from, "<!--", 4))
		return at;
	end = memchr(from, '\n', left);
	close = memmem(from, end ? (size_t)(end - from) : left, "-->", 3);
	return close ? (size_t)(close - doc->bytes.data) + 3 : at;
}

/* Where the line ends when nothing but a comment follows; 0: more does. */
static size_t line_stop(const struct xml_doc *doc, size_t at)
{
	at = skip_gap(doc, skip_comment(doc, skip_gap(doc, at)));
	return is_line_end(doc, at) ? at : 0;
}

/* As the line at `at` ends, else the one before; NULL: there are no lines. */
static const char *line_end(const struct xml_doc *doc, size_t at)
{
	const char *bytes = doc->bytes.data;
	const char *end = memchr(bytes + at, '\n', doc->bytes.len - at);

	if (!end)
		end = memrchr(bytes, '\n', at);
	if (!end)
		return NULL;
	return end > bytes && end[-1] == '\r' ? "\r\n" : "\n";
}

/* The blanks at the start of the line on which `at` is. */
static char *indent_at(const struct xml_doc *doc, size_t at)
{
	size_t start = line_start(doc, at);

	return hs_strndup(doc->bytes.data + start,
			  skip_gap(doc, start) - start);
}

static size_t start_of(const struct xml_doc *doc, int32_t element)
{
	return doc->elements.items[element].start;
}

/* What an element is indented more than its parent; NULL: that says nothing.
 * To be freed. */
static char *step_of(const struct xml_doc *doc, int32_t element)
{
	int32_t parent = hs_xml_parent(doc, element);
	hs_auto_free char *inner = NULL, *outer = NULL;

	if (parent == XML_NONE || !begins_line(doc, start_of(doc, element)))
		return NULL;
	inner = indent_at(doc, start_of(doc, element));
	outer = indent_at(doc, start_of(doc, parent));
	if (strncmp(inner, outer, strlen(outer)) || !strcmp(inner, outer))
		return NULL;
	return hs_strdup(inner + strlen(outer));
}

/* As the elements around have it, or else the first of the file. */
static char *find_step(const struct xml_doc *doc, int32_t element)
{
	char *step = NULL;

	for (int32_t e = element; e != XML_NONE && !step;
	     e = hs_xml_parent(doc, e))
		step = step_of(doc, e);
	for (size_t i = 0; i < doc->elements.n && i < STEPS && !step; i++)
		step = step_of(doc, (int32_t)i);
	return step ? step : hs_strdup("    ");
}

static char *indent_inside(const struct xml_doc *doc, int32_t parent)
{
	hs_auto_free char *outer = NULL, *step = NULL;
	int tries = NEIGHBOURS;

	for (int32_t e = hs_xml_child(doc, parent, NULL);
	     e != XML_NONE && tries--; e = hs_xml_next(doc, e, NULL)) {
		if (begins_line(doc, start_of(doc, e)))
			return indent_at(doc, start_of(doc, e));
	}
	outer = indent_at(doc, start_of(doc, parent));
	step = find_step(doc, parent);
	return hs_format("%s%s", outer, step);
}

/* Whether white space inside of it, or around what is in it, has a meaning. */
static bool preserves(const struct xml_doc *doc, int32_t element)
{
	for (; element != XML_NONE; element = hs_xml_parent(doc, element)) {
		hs_auto_free char *space =
			hs_xml_attr(doc, element, "xml:space");

		if (space)
			return !strcmp(space, "preserve");
	}
	return false;
}

/* Takes from the element what is not known yet. */
static void look_at(const struct xml_doc *doc, int32_t element, char *quote,
		    char *before_end)
{
	size_t end = doc->elements.items[element].end;
	struct xml_attr attr = {0};

	if (!*quote && hs_xml_attr_next(doc, element, &attr))
		*quote = doc->bytes.data[attr.value - 1];
	if (!*before_end && hs_xml_head(doc, element) == end)
		*before_end = doc->bytes.data[end - 3];
}

/* The nearest neighbours decide. */
static void look_around(const struct xml_doc *doc, int32_t at,
			struct xml_layout *layout)
{
	int32_t n = (int32_t)doc->elements.n;
	char quote = 0, before_end = 0;

	for (int32_t i = 0; i < NEIGHBOURS && !(quote && before_end); i++) {
		if (at - i >= 0)
			look_at(doc, at - i, &quote, &before_end);
		if (at + i < n)
			look_at(doc, at + i, &quote, &before_end);
	}
	layout->quote = quote ? quote : '"';
	layout->spaced = !before_end || hs_xml_is_blank(before_end);
}

struct xml_layout hs_xml_layout(const struct xml_doc *doc, int32_t at,
				enum xml_place place)
{
	bool inside = place < XML_BEFORE;
	struct xml_layout layout = {
		.indent = inside ? indent_inside(doc, at)
				 : indent_at(doc, start_of(doc, at)),
		.step = find_step(doc, at),
	};

	look_around(doc, at, &layout);
	layout.line_end = line_end(doc, start_of(doc, at));
	return layout;
}

void hs_xml_layout_done(struct xml_layout *layout)
{
	free(layout->indent);
	free(layout->step);
}

/* A place within a line: the blank that the neighbours have. */
static struct xml_spot within(size_t offset, bool before, bool after)
{
	return (struct xml_spot){
		.offset = offset,
		.before = hs_strdup(before ? " " : ""),
		.after = hs_strdup(after ? " " : ""),
	};
}

/* Lines that follow the end of one, or come before the start of one. */
static struct xml_spot in_lines(const struct xml_doc *doc, size_t offset,
				bool follows, const char *indent)
{
	const char *end = line_end(doc, offset);

	return (struct xml_spot){
		.offset = offset,
		.before = hs_format("%s%s", follows ? end : "", indent),
		.after = hs_strdup(follows ? "" : end),
		.in_lines = true,
	};
}

static struct xml_spot spot_first(const struct xml_doc *doc, int32_t at,
				  const char *indent)
{
	size_t head = hs_xml_head(doc, at);
	size_t stop = indent ? line_stop(doc, head) : 0;

	return stop ? in_lines(doc, stop, true, indent)
		    : within(head, indent && is_gap(byte_at(doc, head)), false);
}

static struct xml_spot spot_last(const struct xml_doc *doc, int32_t at,
				 const char *indent)
{
	size_t close = hs_xml_close(doc, at);

	if (indent && begins_line(doc, close))
		return in_lines(doc, line_start(doc, close), false, indent);
	return within(close, false, indent && is_gap(byte_at(doc, close - 1)));
}

static struct xml_spot spot_before(const struct xml_doc *doc, int32_t at,
				   const char *indent)
{
	size_t start = start_of(doc, at);

	if (indent && begins_line(doc, start))
		return in_lines(doc, line_start(doc, start), false, indent);
	return within(start, false, indent && is_gap(byte_at(doc, start - 1)));
}

static struct xml_spot spot_after(const struct xml_doc *doc, int32_t at,
				  const char *indent)
{
	size_t start = start_of(doc, at), end = doc->elements.items[at].end;
	bool first = begins_line(doc, start);
	size_t stop = indent && first ? line_stop(doc, end) : 0;
	bool apart = is_gap(byte_at(doc, end)) ||
		     (!first && is_gap(byte_at(doc, start - 1)));

	return stop ? in_lines(doc, stop, true, indent)
		    : within(end, indent && apart, false);
}

struct xml_spot hs_xml_spot(const struct xml_doc *doc, int32_t at,
			    enum xml_place place)
{
	static struct xml_spot (*const spots[XML_PLACES])(
		const struct xml_doc *, int32_t, const char *) = {
		[XML_FIRST] = spot_first,
		[XML_LAST] = spot_last,
		[XML_BEFORE] = spot_before,
		[XML_AFTER] = spot_after,
	};
	bool inside = place < XML_BEFORE;
	hs_auto_free char *indent = NULL;

	if (!preserves(doc, inside ? at : hs_xml_parent(doc, at)))
		indent = inside ? indent_inside(doc, at)
				: indent_at(doc, start_of(doc, at));
	return spots[place](doc, at, indent);
}

void hs_xml_spot_done(struct xml_spot *spot)
{
	free(spot->before);
	free(spot->after);
}

void hs_xml_span(const struct xml_doc *doc, int32_t element, size_t *ret_from,
		 size_t *ret_to)
{
	size_t from = start_of(doc, element);
	size_t to = doc->elements.items[element].end;
	size_t behind = skip_gap(doc, to);
	bool last = is_line_end(doc, behind);

	if (preserves(doc, hs_xml_parent(doc, element))) {
		behind = to;
	} else if (last && begins_line(doc, from)) {
		from = line_start(doc, from);
		behind += byte_at(doc, behind) == '\r' ? 2 : 1;
	} else if (last) {
		from = skip_gap_back(doc, from);
		behind = to;
	}
	*ret_from = from;
	*ret_to = behind;
}

char *hs_xml_outer_indent(const struct xml_doc *doc, int32_t element)
{
	size_t start = start_of(doc, element);

	return begins_line(doc, start) && line_end(doc, start) &&
			       !preserves(doc, element)
		       ? indent_at(doc, start)
		       : NULL;
}

char hs_xml_quote(const struct xml_doc *doc, int32_t element)
{
	struct xml_layout layout = {0};

	look_around(doc, element, &layout);
	return layout.quote;
}

const char *hs_xml_line_end(const struct xml_doc *doc, int32_t element)
{
	const char *end = line_end(doc, start_of(doc, element));

	return end ? end : "\n";
}
