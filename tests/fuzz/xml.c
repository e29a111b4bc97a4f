/*
 * The XML editor against any bytes: what is not edited stays as it is, what is
 * edited reads again and is what was planned (the editor itself proves that,
 * and may not fail to), and the same edit again changes nothing.
 *
 * What the limited child does is done in this process here, so that libFuzzer
 * sees which way it goes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/sandbox/sandbox.h"
#include "core/conf/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SPOTS_MAX 12 /* elements that are edited of one input */

static void demand(bool truth)
{
	if (!truth)
		abort();
}

int hs_sandbox_run(const struct sandbox *sandbox, const void *input,
		   size_t length, struct sandbox_result *ret_result,
		   struct error *err)
{
	int refused;

	*ret_result = (struct sandbox_result){.end = SANDBOX_FINISHED};
	if (sandbox->warm_up)
		sandbox->warm_up(sandbox->context);
	refused = sandbox->work(input, length, sandbox->context,
				&ret_result->output);
	if (!refused)
		return 0;
	ret_result->end = SANDBOX_REFUSED;
	return hs_fail(err, HS_REFUSED, "refused");
}

void hs_sandbox_result_done(struct sandbox_result *result)
{
	hs_str_done(&result->output);
}

static bool read_bytes(const void *bytes, size_t size, struct xml_doc *ret_doc,
		       struct error *err)
{
	struct str copy = {0};

	hs_str_add(&copy, bytes, size);
	if (!hs_xml_parse("f", &copy, ret_doc, err))
		return true;
	hs_str_done(&copy);
	return false;
}

/*
 * The edits, each of one element.  Those that can be repeated change nothing
 * the second time.
 */
static void set_new(const struct xml_doc *doc, struct xml_edits *edits,
		    int32_t e)
{
	hs_xml_set_attr(edits, e, "hs_new", "a&b<c>\"'\n\xc3\xa4");
}

static void add_several(const struct xml_doc *doc, struct xml_edits *edits,
			int32_t e)
{
	for (int place = 0; place < XML_PLACES; place++) {
		int32_t added, child;

		if (!e && place >= XML_BEFORE)
			continue;
		added = hs_xml_add(edits, e, (enum xml_place)place, "hs_add");
		child = hs_xml_add(edits, added, XML_LAST, "hs_child");
		hs_xml_set_attr(edits, child, "x", "1 '2'");
		hs_xml_set_text(edits, child, "t\n<\xc3\xa4>");
	}
}

static void need_path(const struct xml_doc *doc, struct xml_edits *edits,
		      int32_t e)
{
	int32_t added = hs_xml_need(edits, e, "hs_a/hs_b");

	hs_xml_set_attr(edits, added, "c", "");
}

static void set_text(const struct xml_doc *doc, struct xml_edits *edits,
		     int32_t e)
{
	if (hs_xml_child(doc, e, NULL) == XML_NONE)
		hs_xml_set_text(edits, e, "a<\n\xe2\x82\xac]]>");
}

static void drop_all(const struct xml_doc *doc, struct xml_edits *edits,
		     int32_t e)
{
	struct xml_attr attr = {0};

	while (hs_xml_attr_next(doc, e, &attr)) {
		const char *at = doc->bytes.data + attr.name;
		hs_auto_free char *name = hs_strndup(at, attr.name_length);
		bool plain = true;

		for (const char *c = name; *c; c++)
			plain = plain && *c >= 'a' && *c <= 'z';
		if (plain && strcmp(name, "xmlns"))
			hs_xml_remove_attr(edits, e, name);
	}
}

static void take_out(const struct xml_doc *doc, struct xml_edits *edits,
		     int32_t e)
{
	if (e)
		hs_xml_remove(edits, e);
}

static void take_place(const struct xml_doc *doc, struct xml_edits *edits,
		       int32_t e)
{
	if (!e)
		return;
	hs_xml_add(edits, e, XML_BEFORE, "hs_one");
	hs_xml_add(edits, e, XML_AFTER, "hs_two");
	hs_xml_remove(edits, e);
}

static const struct {
	void (*make)(const struct xml_doc *doc, struct xml_edits *edits,
		     int32_t element);
	bool again; /* can be made of the result, and changes nothing */
} makers[] = {
	{set_new, true},     {need_path, true}, {set_text, true},
	{drop_all, true},    {take_out, false}, {add_several, false},
	{take_place, false},
};

/* Beyond the limits is the only reason not to make an edit. */
static bool is_limit(const struct error *err)
{
	return strstr(err->what, "256 deep") || strstr(err->what, "1000 attr");
}

static void check_again(const struct str *text, size_t maker, int32_t element)
{
	hs_auto_xml struct xml_doc doc;
	hs_auto_xml_edits struct xml_edits *edits = NULL;
	hs_auto_str struct str bytes = {0};
	bool changed;

	demand(read_bytes(text->data, text->len, &doc, NULL));
	edits = hs_xml_edit(&doc);
	makers[maker].make(&doc, edits, element);
	demand(!hs_xml_finish(edits, &bytes, &changed, NULL));
	demand(!changed && !bytes.data);
}

static void edit_one(const struct xml_doc *doc, size_t maker, int32_t element)
{
	hs_auto_xml_edits struct xml_edits *edits = hs_xml_edit(doc);
	hs_auto_str struct str text = {0};
	struct error err = {0};
	bool changed;

	makers[maker].make(doc, edits, element);
	if (hs_xml_finish(edits, &text, &changed, &err)) {
		demand(is_limit(&err));
		return;
	}
	if (changed && makers[maker].again)
		check_again(&text, maker, element);
}

/* Every element gets one of the edits, all at once. */
static void edit_all(const struct xml_doc *doc, size_t first)
{
	size_t step = 1 + doc->elements.n / SPOTS_MAX;
	hs_auto_xml_edits struct xml_edits *edits = hs_xml_edit(doc);
	hs_auto_str struct str text = {0};
	struct error err = {0};
	bool changed;

	for (size_t i = 0; i < doc->elements.n; i += step)
		makers[(first + i) % HS_LENGTH(makers)].make(doc, edits,
							     (int32_t)i);
	if (hs_xml_finish(edits, &text, &changed, &err))
		demand(is_limit(&err) || strstr(err.what, "has text") ||
		       strstr(err.what, "where text should be"));
}

static void check_edits(const struct xml_doc *doc)
{
	size_t step = 1 + doc->elements.n / SPOTS_MAX;

	for (size_t maker = 0; maker < HS_LENGTH(makers); maker++) {
		for (size_t i = 0; i < doc->elements.n; i += step)
			edit_one(doc, maker, (int32_t)i);
		edit_all(doc, maker);
	}
}

/* Every way to ask, of every element. */
static void check_walk(const struct xml_doc *doc)
{
	size_t n = 1;

	for (int32_t e = 0; e < (int32_t)doc->elements.n; e++) {
		hs_auto_free char *name = hs_xml_name(doc, e);
		hs_auto_free char *text = hs_xml_text(doc, e);
		struct xml_attr attr = {0};

		demand(text && *name && hs_xml_line(doc, e) &&
		       hs_xml_space(doc, e));
		n += hs_xml_count(doc, e, NULL);
		while (hs_xml_attr_next(doc, e, &attr)) {
			hs_auto_free char *attribute = hs_strndup(
				doc->bytes.data + attr.name, attr.name_length);
			hs_auto_free char *value =
				hs_xml_attr(doc, e, attribute);

			/* names are asked for in UTF-8 */
			demand(doc->encoding != XML_UTF8 ||
			       (value &&
				hs_xml_attr_is(doc, e, attribute, value)));
		}
	}
	demand(n == doc->elements.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	hs_auto_xml struct xml_doc doc;
	struct error err = {0};

	if (!read_bytes(data, size, &doc, &err)) {
		demand(err.code == HS_REFUSED && *err.where && *err.what &&
		       *err.id);
		return 0;
	}
	demand(doc.bytes.len == size && !memcmp(doc.bytes.data, data, size));
	check_walk(&doc);
	check_edits(&doc);
	return 0;
}
