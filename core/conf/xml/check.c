/*
 * Whether new bytes are the document with the planned edits made, and nothing
 * else.  The child reads them again and walks the document and the plan beside
 * them: each tag must be the one that is due, and what stands between two tags
 * must be the same bytes as before; but for white space, where something was
 * planned to come or go.
 */
#include <string.h>

#include "core/base/i18n.h"
#include "core/conf/xml/due.h"
#include "core/conf/xml/parts.h"

#define OUTPUT_MAX 4096

struct checking {
	const struct xml_edits *edits;
	const struct xml_doc *doc;
	const struct str *bytes;
	struct xml_level levels[XML_DEPTH_MAX + 1];
	unsigned depth;
	/* behind the last tags that were compared */
	size_t old_at, new_at;
	/* what stands between tags, without white space, since something came
	 * or went */
	bool loose;
	struct str old_rest, new_rest;
};

static const char different[] = N_("the edit would do more than was planned");

static void collect(struct str *rest, const char *from, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!hs_xml_is_blank(from[i]))
			hs_str_putc(rest, from[i]);
	}
}

static void collect_old(struct checking *checking, size_t to)
{
	collect(&checking->old_rest,
		checking->doc->bytes.data + checking->old_at,
		to - checking->old_at);
}

static void collect_new(struct checking *checking, size_t to)
{
	collect(&checking->new_rest, checking->bytes->data + checking->new_at,
		to - checking->new_at);
}

static bool equal(const struct checking *checking, size_t old_from,
		  size_t old_to, size_t new_from, size_t new_to)
{
	return new_to - new_from == old_to - old_from &&
	       !memcmp(checking->bytes->data + new_from,
		       checking->doc->bytes.data + old_from, old_to - old_from);
}

/* What stands before two tags that are the same one. */
static bool same_between(struct checking *checking, size_t old_to,
			 size_t new_to)
{
	bool same;

	if (!checking->loose)
		return equal(checking, checking->old_at, old_to,
			     checking->new_at, new_to);
	collect_old(checking, old_to);
	collect_new(checking, new_to);
	same = !strcmp(hs_str_text(&checking->old_rest),
		       hs_str_text(&checking->new_rest));
	hs_str_clear(&checking->old_rest);
	hs_str_clear(&checking->new_rest);
	checking->loose = false;
	return same;
}

/* One of the document goes. */
static void pass_removed(void *context, int32_t element)
{
	struct checking *checking = context;
	const struct xml_element *e = &checking->doc->elements.items[element];

	checking->loose = true;
	collect_old(checking, e->start);
	checking->old_at = e->end;
}

/* The attribute's name as it is written, to be freed. */
static char *name_of(const unsigned char **attribute)
{
	return attribute[1] ? hs_format("%s:%s", attribute[1], attribute[0])
			    : hs_strdup((const char *)attribute[0]);
}

/* Its value, to be freed.  Where entities are not to be replaced, libxml2
 * hands out an ampersand as "&#38;", so that it is told from the start of a
 * reference. */
static char *value_of(const unsigned char **attribute)
{
	static const char ampersand[] = "&#38;";
	const char *at = (const char *)attribute[3];
	const char *end = (const char *)attribute[4];
	struct str value = {0};

	while (at < end) {
		size_t left = (size_t)(end - at);

		hs_str_putc(&value, *at);
		at += left >= 5 && !memcmp(at, ampersand, 5) ? 5 : 1;
	}
	return hs_str_take(&value);
}

/* How many attributes the element will have, namespaces not counted. */
static size_t count_expected(const struct checking *checking, int32_t number)
{
	const struct xml_added *added = hs_xml_added(checking->edits, number);
	const struct xml_touched *touched =
		added ? NULL : hs_xml_touched(checking->edits, number);
	const struct xml_values *values =
		added ? &added->attributes : &touched->attributes;
	struct xml_attr attr = {0};
	size_t n = 0;

	HS_EACH(planned, values)
		n += planned->value != NULL;
	while (!added && hs_xml_attr_next(checking->doc, number, &attr)) {
		hs_auto_free char *name =
			hs_xml_decode(checking->doc, attr.name,
				      attr.name_length, XML_CDATA, false);

		n += !hs_xml_declares(name) && !hs_xml_planned(values, name);
	}
	return n;
}

static bool same_attributes(const struct checking *checking, int32_t number,
			    const struct xml_tag *tag)
{
	for (size_t i = 0; i < tag->n; i++) {
		const unsigned char **attribute = tag->attributes + 5 * i;
		hs_auto_free char *name = name_of(attribute);
		hs_auto_free char *value = value_of(attribute);
		hs_auto_free char *due =
			hs_xml_will_be(checking->edits, number, name);

		if (!due || strcmp(due, value))
			return false;
	}
	return tag->n == count_expected(checking, number);
}

static bool same_space(const char *expected, const struct xml_tag *tag)
{
	return !strcmp(expected, tag->space ? tag->space : "");
}

/* A start tag that is in the document. */
static bool same_tag(struct checking *checking, int32_t number,
		     const struct xml_tag *tag)
{
	const struct xml_element *e = &checking->doc->elements.items[number];
	size_t head = hs_xml_head(checking->doc, number);
	size_t name = e->start + (size_t)1;
	bool same;

	if (!same_between(checking, e->start, tag->start) ||
	    !same_space(hs_xml_space(checking->doc, number), tag) ||
	    !equal(checking, name, name + e->name, tag->start + 1,
		   tag->start + 1 + tag->written))
		return false;
	if (hs_xml_touched(checking->edits, number))
		same = same_attributes(checking, number, tag);
	else
		same = equal(checking, e->start, head, tag->start, tag->head);
	checking->old_at = head;
	return same;
}

/* A start tag that is new. */
static bool planned_tag(struct checking *checking, int32_t number,
			const char *space, const struct xml_tag *tag)
{
	const struct xml_added *added = hs_xml_added(checking->edits, number);

	checking->loose = true;
	collect_new(checking, tag->start);
	return !strcmp(added->name, tag->name) && same_space(space, tag) &&
	       same_attributes(checking, number, tag);
}

static const char *check_start(void *context, const struct xml_tag *tag)
{
	struct checking *checking = context;
	struct xml_level *around =
		checking->depth ? &checking->levels[checking->depth - 1] : NULL;
	int32_t number = around ? hs_xml_due(checking->edits, around,
					     pass_removed, checking)
				: hs_xml_root(checking->doc);
	struct xml_level *level = &checking->levels[checking->depth++];
	bool same;

	if (number == XML_NONE)
		return _(different);
	hs_xml_enter(checking->edits, number, level);
	level->space = number < 0 ? around->space
				  : hs_xml_space(checking->doc, number);
	level->empty = tag->empty;
	same = number < 0 ? planned_tag(checking, number, level->space, tag)
			  : same_tag(checking, number, tag);
	checking->new_at = tag->head;
	return same ? NULL : _(different);
}

static bool same_text(const struct xml_level *level)
{
	return !level->planned_text ||
	       !strcmp(level->planned_text, hs_str_text(&level->text));
}

/* The end tag of one in the document. */
static bool same_end(struct checking *checking, const struct xml_level *level,
		     size_t close, size_t end)
{
	const struct xml_element *e =
		&checking->doc->elements.items[level->number];
	size_t old_close = hs_xml_close(checking->doc, level->number);
	bool opened = old_close == e->end && level->touched;
	bool same =
		level->planned_text || same_between(checking, old_close, close);

	checking->old_at = e->end;
	return same &&
	       (opened || equal(checking, old_close, e->end, close, end));
}

static const char *check_end(void *context, size_t end)
{
	struct checking *checking = context;
	struct xml_level *level = &checking->levels[--checking->depth];
	int32_t number =
		hs_xml_due(checking->edits, level, pass_removed, checking);
	const char *open = memrchr(checking->bytes->data, '<', end);
	size_t close =
		level->empty ? end : (size_t)(open - checking->bytes->data);
	bool same = number == XML_NONE && same_text(level);

	if (level->added && !level->planned_text)
		collect_new(checking, close);
	else if (!level->added)
		same = same && same_end(checking, level, close, end);
	checking->new_at = end;
	hs_str_done(&level->text);
	return same ? NULL : _(different);
}

static void check_text(void *context, const char *text, size_t length)
{
	struct checking *checking = context;
	struct xml_level *level =
		checking->depth ? &checking->levels[checking->depth - 1] : NULL;

	if (level && level->planned_text)
		hs_str_add(&level->text, text, length);
}

/* Hearing of all white space takes time. */
static bool has_text(const struct xml_edits *edits)
{
	HS_EACH(touched, &edits->touched) {
		if (touched->text)
			return true;
	}
	HS_EACH(added, &edits->added) {
		if (added->text)
			return true;
	}
	return false;
}

struct task {
	const struct xml_edits *edits;
	const struct str *bytes;
};

static int check(const struct xml_job *job, struct str *ret_output)
{
	const struct task *task = job->context;
	struct checking *checking = hs_alloc(sizeof(*checking));
	struct xml_sink sink = {
		.start = check_start,
		.end = check_end,
		.text = has_text(task->edits) ? check_text : NULL,
		.context = checking,
	};
	int status;

	checking->edits = task->edits;
	checking->doc = task->edits->doc;
	checking->bytes = task->bytes;
	status = hs_xml_sax(job->input, &sink, ret_output);
	/* behind the root */
	if (!status &&
	    !equal(checking, checking->old_at, checking->doc->bytes.len,
		   checking->new_at, checking->bytes->len))
		status = -1;
	while (checking->depth)
		hs_str_done(&checking->levels[--checking->depth].text);
	hs_str_done(&checking->old_rest);
	hs_str_done(&checking->new_rest);
	free(checking);
	return status;
}

int hs_xml_check(const struct xml_edits *edits, const struct str *bytes,
		 struct error *err)
{
	const char *path = edits->doc->path;
	struct task task = {.edits = edits, .bytes = bytes};
	struct xml_input input = {
		.path = path,
		.bytes = bytes->data,
		.length = bytes->len,
	};
	struct xml_job job = {
		.input = &input,
		.work = check,
		.context = &task,
		.output_max = OUTPUT_MAX,
	};
	hs_auto_str struct str output = {0};
	hs_auto_free char *what = NULL;
	struct error own = {0};

	if (!hs_xml_prolog(&input, &own) && !hs_xml_apart(&job, &output, &own))
		return 0;
	what = hs_format(
		_("what the edits make of it was read again and is not "
		  "as planned: %s"),
		own.what);
	hs_fail(err, own.code, "%s", what);
	hs_error_where(err, "%s", path);
	hs_error_hint(err, "have it changed by hand, and report this: nothing "
			   "was written");
	if (own.code == HS_REFUSED)
		hs_error_id(err, XML_UNSUPPORTED);
	return -1;
}
