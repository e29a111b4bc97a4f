/*
 * From bytes to a document: the child lists the elements, and the parent
 * believes only what it can see in the bytes itself.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/conf/xml/parts.h"

#define SPACE_LENGTH_MAX 1000
#define OUTPUT_MAX                                                             \
	(XML_ELEMENTS_MAX * sizeof(struct xml_element) +                       \
	 XML_SPACES_MAX * (SPACE_LENGTH_MAX + 1) + sizeof(struct trailer))

/* The child's answer: elements, namespaces each with its NUL, and this. */
struct trailer {
	uint32_t elements, spaces;
};

struct listing {
	struct str *output; /* the elements */
	size_t n;
	int32_t open[XML_DEPTH_MAX + 1];
	unsigned depth;
	struct strings spaces;
	const char *last; /* the namespace met last, as libxml2 has it: it
			     keeps one copy of each */
	unsigned last_number;
};

/* From 1; 0 is no namespace. */
static unsigned number_space(struct listing *listing, const char *space)
{
	unsigned i;

	if (!space || space == listing->last)
		return space ? listing->last_number : 0;
	for (i = 0; i < listing->spaces.n; i++) {
		if (!strcmp(listing->spaces.items[i], space))
			break;
	}
	if (i == listing->spaces.n)
		hs_strings_add(&listing->spaces, space);
	listing->last = space;
	return listing->last_number = i + 1;
}

static const char *list_start(void *context, const struct xml_tag *tag)
{
	struct listing *listing = context;
	unsigned space = number_space(listing, tag->space);
	struct xml_element element = {
		.start = (uint32_t)tag->start,
		.end = (uint32_t)tag->head,
		.parent = listing->depth ? listing->open[listing->depth - 1]
					 : XML_NONE,
		.space = (uint16_t)space,
		.name = (uint16_t)tag->written,
	};

	if (space > XML_SPACES_MAX)
		return _("it uses more than 250 namespaces");
	if (tag->space && strlen(tag->space) > SPACE_LENGTH_MAX)
		return _("the name of a namespace is longer than 1000 bytes");
	if (listing->n == XML_ELEMENTS_MAX)
		return _("it has more than 4 million elements");
	listing->open[listing->depth++] = (int32_t)listing->n++;
	hs_str_add(listing->output, &element, sizeof(element));
	return NULL;
}

static const char *list_end(void *context, size_t end)
{
	struct listing *listing = context;
	int32_t element = listing->open[--listing->depth];
	uint32_t value = (uint32_t)end;

	memcpy(listing->output->data +
		       (size_t)element * sizeof(struct xml_element) +
		       offsetof(struct xml_element, end),
	       &value, sizeof(value));
	return NULL;
}

static int list(const struct xml_job *job, struct str *ret_output)
{
	struct listing listing = {.output = ret_output};
	struct xml_sink sink = {
		.start = list_start,
		.end = list_end,
		.context = &listing,
	};
	int status = hs_xml_sax(job->input, &sink, ret_output);
	struct trailer trailer = {
		.elements = (uint32_t)listing.n,
		.spaces = (uint32_t)listing.spaces.n,
	};

	if (!status) {
		HS_EACH(space, &listing.spaces)
			hs_str_add(ret_output, *space, strlen(*space) + 1);
		hs_str_add(ret_output, &trailer, sizeof(trailer));
	}
	hs_strings_done(&listing.spaces);
	return status;
}

/* Takes the namespaces that stand from `at` to `end`. */
static int take_spaces(struct xml_doc *doc, const char *at, const char *end,
		       size_t n)
{
	hs_strings_add(&doc->spaces, "");
	while (n--) {
		const char *nul = memchr(at, 0, (size_t)(end - at));

		if (!nul)
			return -1;
		hs_strings_add(&doc->spaces, at);
		at = nul + 1;
	}
	return at == end ? 0 : -1;
}

/* Whether the element stands in the bytes where it says, behind the one
 * before it and within its parent. */
static bool is_sound(const struct xml_doc *doc, size_t i)
{
	const struct xml_element *e = &doc->elements.items[i];
	const struct xml_element *parent, *before = e - 1;
	const char *bytes = doc->bytes.data;

	if (e->end > doc->bytes.len || e->start >= e->end || !e->name ||
	    (size_t)e->start + 1 + e->name >= e->end ||
	    e->space >= doc->spaces.n || bytes[e->start] != '<' ||
	    bytes[e->end - 1] != '>')
		return false;
	if (!i || e->parent == XML_NONE)
		return !i && e->parent == XML_NONE;
	if (e->parent < 0 || (size_t)e->parent >= i)
		return false;
	parent = &doc->elements.items[e->parent];
	if (e->start <= parent->start + parent->name || e->end >= parent->end)
		return false;
	/* whatever was open and is not around this one has ended */
	while (before != parent) {
		if (before->end > e->start || before->parent == XML_NONE)
			return false;
		before = &doc->elements.items[before->parent];
	}
	return true;
}

static int take_listing(struct xml_doc *doc, struct str *output)
{
	struct trailer trailer;
	size_t size;

	if (output->len < sizeof(trailer))
		return -1;
	memcpy(&trailer, output->data + output->len - sizeof(trailer),
	       sizeof(trailer));
	if (!trailer.elements || trailer.elements > XML_ELEMENTS_MAX ||
	    trailer.spaces > XML_SPACES_MAX)
		return -1;
	size = trailer.elements * sizeof(struct xml_element);
	if (output->len - sizeof(trailer) < size ||
	    take_spaces(doc, output->data + size,
			output->data + output->len - sizeof(trailer),
			trailer.spaces))
		return -1;
	doc->elements.items = (struct xml_element *)(void *)hs_str_take(output);
	doc->elements.n = doc->elements.cap = trailer.elements;
	for (size_t i = 0; i < doc->elements.n; i++) {
		if (!is_sound(doc, i))
			return -1;
	}
	return 0;
}

static int read_apart(struct xml_doc *doc, struct error *err)
{
	struct xml_input input = {
		.path = doc->path,
		.bytes = hs_str_text(&doc->bytes),
		.length = doc->bytes.len,
	};
	struct xml_job job = {
		.input = &input,
		.work = list,
		.output_max = OUTPUT_MAX,
	};
	hs_auto_str struct str output = {0};

	if (input.length > XML_FILE_MAX)
		return hs_xml_refuse(doc->path, 0, XML_UNSUPPORTED,
				     "this XML is larger than 64 MiB", err);
	if (hs_xml_prolog(&input, err) || hs_xml_apart(&job, &output, err))
		return -1;
	doc->encoding = input.encoding;
	if (take_listing(doc, &output))
		return hs_xml_refuse(doc->path, 0, XML_UNSUPPORTED,
				     "its elements are not where the parser "
				     "says they are",
				     err);
	return 0;
}

int hs_xml_parse(const char *path, struct str *bytes, struct xml_doc *ret_doc,
		 struct error *err)
{
	*ret_doc = (struct xml_doc){
		.path = hs_strdup(path),
		.bytes = *bytes,
		.lines = hs_alloc(sizeof(*ret_doc->lines)),
	};
	if (read_apart(ret_doc, err)) {
		ret_doc->bytes = (struct str){0};
		hs_xml_done(ret_doc);
		return -1;
	}
	*bytes = (struct str){0};
	return 0;
}

int hs_xml_read(const struct root *root, const char *path,
		struct xml_doc *ret_doc, struct error *err)
{
	hs_auto_str struct str bytes = {0};
	struct error own = {0};

	*ret_doc = (struct xml_doc){0};
	if (!hs_root_read(root, path, XML_FILE_MAX, &bytes, &own))
		return hs_xml_parse(path, &bytes, ret_doc, err);
	if (own.sys == EFBIG)
		return hs_xml_refuse(path, 0, XML_UNSUPPORTED,
				     "this XML is larger than 64 MiB", err);
	if (err && !err->code)
		*err = own;
	return -1;
}

void hs_xml_done(struct xml_doc *doc)
{
	free(doc->path);
	hs_str_done(&doc->bytes);
	HS_ARRAY_FREE(&doc->elements);
	hs_strings_done(&doc->spaces);
	if (doc->lines)
		HS_ARRAY_FREE(doc->lines);
	free(doc->lines);
	*doc = (struct xml_doc){0};
}
