/*
 * Edits of XML, byte for byte: indentation, line ends, quotes and ` />` of the
 * neighbours, namespaces of the parents, and every other byte as it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/conf/xml.h"

#define BOM "\xef\xbb\xbf"

enum verb { SET, DROP, ADD, NEED, TEXT, REMOVE };

/* What is done to the first element of a name; "+" is the one added last. */
struct step {
	enum verb verb;
	const char *at, *name, *value;
	enum xml_place place;
};

struct row {
	const char *before;
	struct step steps[6];
	const char *after;
};

#define PUT(where, at, name)                                                   \
	{                                                                      \
		ADD, at, name, NULL, where                                     \
	}

static const struct row rows[] = {
	/* attributes */
	{"<a b=\"1\"/>", {{SET, "a", "b", "2"}}, "<a b=\"2\"/>"},
	{"<a b='1'/>", {{SET, "a", "b", "i\"t's"}}, "<a b='i\"t&apos;s'/>"},
	{"<a  b = \"1\"\t/>", {{SET, "a", "b", "2"}}, "<a  b = \"2\"\t/>"},
	{"<a b=\"1\"/>", {{SET, "a", "c", "2"}}, "<a b=\"1\" c=\"2\"/>"},
	{"<a b='1' />", {{SET, "a", "c", "2"}}, "<a b='1' c='2' />"},
	{"<a />", {{SET, "a", "c", "2"}}, "<a c=\"2\" />"},
	{"<r x='1'><a></a></r>",
	 {{SET, "a", "c", "2"}},
	 "<r x='1'><a c='2'></a></r>"},
	{"<a\r\n\tb=\"1\"\r\n\tc=\"2\">\r\n</a>",
	 {{SET, "a", "d", "3"}},
	 "<a\r\n\tb=\"1\"\r\n\tc=\"2\"\r\n\td=\"3\">\r\n</a>"},
	{"<a b=\"1\" c=\"2\" d=\"3\"/>",
	 {{DROP, "a", "b"}, {DROP, "a", "d"}},
	 "<a c=\"2\"/>"},
	{"<a b=\"1\"\n   c=\"2\" />", {{DROP, "a", "c"}}, "<a b=\"1\" />"},
	{"<a b=\"1\" />",
	 {{DROP, "a", "b"}, {SET, "a", "c", "2"}},
	 "<a c=\"2\" />"},
	{"<a b=\"&lt;&#x41;&amp;\"/>", {{SET, "a", "b", "<A&"}}, NULL},
	{"<a b=\"x\ty\"/>", {{SET, "a", "b", "x y"}}, NULL},
	{"<a/>", {{DROP, "a", "b"}}, NULL},
	{"<a b=\"1\"/>",
	 {{SET, "a", "b", "A & B\"<>'$(x)`\n\t\r"}},
	 "<a b=\"A &amp; B&quot;&lt;&gt;'$(x)`&#10;&#9;&#13;\"/>"},
	{"<a b=\">\" c='/>'/>", {{SET, "a", "c", "1"}}, "<a b=\">\" c='1'/>"},
	{"<a B=\"1\"/>", {{SET, "a", "b", "2"}}, "<a B=\"1\" b=\"2\"/>"},
	{"<a xmlns:x=\"u:x\" x:b=\"1\"/>",
	 {{SET, "a", "x:b", "2"}},
	 "<a xmlns:x=\"u:x\" x:b=\"2\"/>"},
	/* encodings: what the file cannot hold becomes a reference */
	{"<a b=\"\xc3\xa4\"/>",
	 {{SET, "a", "c", "\xe2\x82\xac"}},
	 "<a b=\"\xc3\xa4\" c=\"\xe2\x82\xac\"/>"},
	{"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
	 "<!-- \xe4 --><a b=\"\xe4\"><c/></a>",
	 {{SET, "c", "d", "\xc3\xa4"}, {SET, "a", "b", "\xc3\xa4"}},
	 "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
	 "<!-- \xe4 --><a b=\"\xe4\"><c d=\"&#228;\"/></a>"},
	{"<?xml version='1.0' encoding='windows-1252'?><a b=\"\x80\"/>",
	 {{SET, "a", "b", "\xe2\x82\xac"}},
	 NULL},
	{"<?xml version='1.0' encoding='windows-1252'?><a b=\"\x80\xe4\">"
	 "\x93<c/></a>",
	 {{SET, "c", "d", "1"}},
	 "<?xml version='1.0' encoding='windows-1252'?><a b=\"\x80\xe4\">"
	 "\x93<c d=\"1\"/></a>"},
	{"<?xml version='1.0' encoding='us-ascii'?><a/>",
	 {{SET, "a", "b", "\xc3\xa4"}},
	 "<?xml version='1.0' encoding='us-ascii'?><a b=\"&#228;\"/>"},
	/* elements on lines of their own */
	{"<a>\n  <b />\n</a>\n",
	 {PUT(XML_AFTER, "b", "x"), {SET, "+", "y", "1"}},
	 "<a>\n  <b />\n  <x y=\"1\" />\n</a>\n"},
	{"<a>\n\t<b/>\n</a>\n",
	 {PUT(XML_BEFORE, "b", "x"), PUT(XML_BEFORE, "b", "y")},
	 "<a>\n\t<x/>\n\t<y/>\n\t<b/>\n</a>\n"},
	{"<a>\r\n    <b c='1'/>\r\n</a>",
	 {PUT(XML_FIRST, "a", "x"),
	  {SET, "+", "y", "1"},
	  PUT(XML_LAST, "a", "z")},
	 "<a>\r\n    <x y='1'/>\r\n    <b c='1'/>\r\n    <z/>\r\n</a>"},
	{"<a>\n  <b/> <!-- why -->\n  <c/>\n</a>",
	 {PUT(XML_AFTER, "b", "x")},
	 "<a>\n  <b/> <!-- why -->\n  <x/>\n  <c/>\n</a>"},
	{"<a>\n  <b/> <!-- why\n  not -->\n  <c/>\n</a>",
	 {PUT(XML_AFTER, "b", "x")},
	 "<a>\n  <b/> <x/> <!-- why\n  not -->\n  <c/>\n</a>"},
	{"<a> <!-- first -->\n  <b/>\n  <!-- last -->\n</a>",
	 {PUT(XML_FIRST, "a", "x"), PUT(XML_LAST, "a", "y")},
	 "<a> <!-- first -->\n  <x/>\n  <b/>\n  <!-- last -->\n  <y/>\n</a>"},
	/* within a line */
	{"<a><b/><c/></a>",
	 {PUT(XML_AFTER, "b", "x"), PUT(XML_BEFORE, "b", "y"),
	  PUT(XML_FIRST, "a", "f"), PUT(XML_LAST, "a", "l")},
	 "<a><f/><y/><b/><x/><c/><l/></a>"},
	{"<a> <b/> <c/> </a>",
	 {PUT(XML_AFTER, "b", "x"), PUT(XML_BEFORE, "b", "y"),
	  PUT(XML_FIRST, "a", "f"), PUT(XML_LAST, "a", "l")},
	 "<a> <f/> <y/> <b/> <x/> <c/> <l/> </a>"},
	{"<a>\n  <b/></a>",
	 {PUT(XML_AFTER, "b", "x"), PUT(XML_LAST, "a", "l")},
	 "<a>\n  <b/><x/><l/></a>"},
	{"<a xml:space=\"preserve\">\n  <b/>\n</a>",
	 {PUT(XML_AFTER, "b", "x"), PUT(XML_LAST, "a", "l")},
	 "<a xml:space=\"preserve\">\n  <b/><x/>\n<l/></a>"},
	{"<a>text<b/>more</a>",
	 {PUT(XML_AFTER, "b", "x")},
	 "<a>text<b/><x/>more</a>"},
	/* empty parents */
	{"<r>\n\t<a x=\"1\" />\n</r>",
	 {PUT(XML_LAST, "a", "n"), {SET, "+", "y", "2"}},
	 "<r>\n\t<a x=\"1\">\n\t\t<n y=\"2\" />\n\t</a>\n</r>"},
	{"<r>\r\n  <a></a>\r\n</r>\r\n",
	 {PUT(XML_FIRST, "a", "n"), PUT(XML_LAST, "a", "m")},
	 "<r>\r\n  <a>\r\n    <n />\r\n    <m />\r\n  </a>\r\n</r>\r\n"},
	{"<r>\n    <a>\n    </a>\n</r>",
	 {PUT(XML_LAST, "a", "n")},
	 "<r>\n    <a>\n        <n />\n    </a>\n</r>"},
	{"<r><a/></r>", {PUT(XML_LAST, "a", "n")}, "<r><a><n/></a></r>"},
	{"<a/>", {PUT(XML_LAST, "a", "n")}, "<a><n/></a>"},
	{"<a/>\n", {PUT(XML_LAST, "a", "n")}, "<a>\n    <n/>\n</a>\n"},
	{BOM "<a/>\r\n",
	 {PUT(XML_LAST, "a", "n")},
	 BOM "<a>\r\n    <n/>\r\n</a>\r\n"},
	{"<r>\n\t<a x='1'/>\n</r>",
	 {{SET, "a", "y", "2"}, PUT(XML_LAST, "a", "n"), {DROP, "a", "x"}},
	 "<r>\n\t<a y='2'>\n\t\t<n/>\n\t</a>\n</r>"},
	/* several levels at once */
	{"<r>\n  <s>\n    <t />\n  </s>\n</r>\n",
	 {PUT(XML_LAST, "s", "u"),
	  PUT(XML_LAST, "+", "v"),
	  {SET, "+", "w", "1"},
	  PUT(XML_AFTER, "+", "z"),
	  {TEXT, "+", NULL, "a<b"}},
	 "<r>\n  <s>\n    <t />\n    <u>\n      <v w=\"1\" />\n"
	 "      <z>a&lt;b</z>\n    </u>\n  </s>\n</r>\n"},
	{"<r>\n  <s />\n</r>\n",
	 {{NEED, "r", "s/t/u"}, {SET, "+", "w", "1"}, {NEED, "r", "s/t/u"}},
	 "<r>\n  <s>\n    <t>\n      <u w=\"1\" />\n    </t>\n  </s>\n</r>\n"},
	{"<r><s><t/></s></r>", {{NEED, "r", "s/t"}}, NULL},
	{"<r><s/><s><t/></s></r>",
	 {{NEED, "r", "s/t"}, {SET, "+", "w", "1"}},
	 "<r><s/><s><t w=\"1\"/></s></r>"},
	/* namespaces: those of the parent */
	{"<x:r xmlns:x=\"u:x\">\n  <x:a/>\n</x:r>",
	 {PUT(XML_AFTER, "a", "n"), PUT(XML_LAST, "+", "m"),
	  PUT(XML_LAST, "a", "o")},
	 "<x:r xmlns:x=\"u:x\">\n  <x:a>\n    <x:o/>\n  </x:a>\n"
	 "  <x:n>\n    <x:m/>\n  </x:n>\n</x:r>"},
	{"<r xmlns=\"u:r\">\n  <y:a xmlns:y=\"u:y\"/>\n</r>",
	 {PUT(XML_AFTER, "a", "n"), PUT(XML_LAST, "a", "o")},
	 "<r xmlns=\"u:r\">\n  <y:a xmlns:y=\"u:y\">\n    <y:o/>\n  </y:a>\n"
	 "  <n/>\n</r>"},
	/* text */
	{"<a>old</a>", {{TEXT, "a", NULL, "new"}}, "<a>new</a>"},
	{"<a>old</a>", {{TEXT, "a", NULL, "old"}}, NULL},
	{"<a>&#111;l<![CDATA[d]]></a>", {{TEXT, "a", NULL, "old"}}, NULL},
	{"<a>o<![CDATA[ld]]></a>",
	 {{TEXT, "a", NULL, "<&>"}},
	 "<a>&lt;&amp;&gt;</a>"},
	{"<a><!-- why -->old</a>",
	 {{TEXT, "a", NULL, "new"}},
	 "<a><!-- why -->new</a>"},
	{"<a b='1' />", {{TEXT, "a", NULL, "new"}}, "<a b='1'>new</a>"},
	{"<a></a>", {{TEXT, "a", NULL, "new"}}, "<a>new</a>"},
	{"<a>old</a>", {{TEXT, "a", NULL, ""}}, "<a></a>"},
	{"<a>\r\n  old\r\n</a>", {{TEXT, "a", NULL, "\n  old\n"}}, NULL},
	{"<a>\r\n<b/></a>",
	 {{TEXT, "b", NULL, "x\ny\r"}},
	 "<a>\r\n<b>x\r\ny&#13;</b></a>"},
	{"<a>x\n</a>", {{TEXT, "a", NULL, "\xc3\xa4"}}, "<a>\xc3\xa4</a>"},
	/* removals */
	{"<a>\n  <b/>\n  <c/>\n</a>", {{REMOVE, "b"}}, "<a>\n  <c/>\n</a>"},
	{"<a>\r\n  <b>\r\n    <d/>\r\n  </b>\r\n</a>",
	 {{REMOVE, "b"}},
	 "<a>\r\n</a>"},
	{"<a>\n  <b/> <!-- kept -->\n</a>",
	 {{REMOVE, "b"}},
	 "<a>\n  <!-- kept -->\n</a>"},
	{"<a><b/><c/></a>", {{REMOVE, "b"}}, "<a><c/></a>"},
	{"<a> <b/> <c/> </a>", {{REMOVE, "b"}}, "<a> <c/> </a>"},
	{"<a>\n  <b/> <c/>\n</a>", {{REMOVE, "c"}}, "<a>\n  <b/>\n</a>"},
	{"<a>x <b/> y</a>", {{REMOVE, "b"}}, "<a>x y</a>"},
	/* neighbours that change together */
	{"<a>\n  <b/>\n  <c/>\n  <d/>\n</a>",
	 {{REMOVE, "c"}, PUT(XML_AFTER, "b", "x"), PUT(XML_BEFORE, "d", "y")},
	 "<a>\n  <b/>\n  <x/>\n  <y/>\n  <d/>\n</a>"},
	{"<a>\n  <b/>\n</a>",
	 {{REMOVE, "b"}, PUT(XML_AFTER, "b", "x"), PUT(XML_BEFORE, "b", "y")},
	 "<a>\n  <y/>\n  <x/>\n</a>"},
	{"<a>\n  <b/>\n</a>",
	 {{REMOVE, "b"}, PUT(XML_FIRST, "a", "x"), PUT(XML_LAST, "a", "y")},
	 "<a>\n  <x/>\n  <y/>\n</a>"},
	{"<a> <b/> <c/> </a>",
	 {{REMOVE, "b"}, {REMOVE, "c"}, PUT(XML_AFTER, "b", "x")},
	 "<a> <x/> </a>"},
	{"<a>\n  <b/> <c/>\n</a>",
	 {{REMOVE, "c"}, PUT(XML_AFTER, "c", "x")},
	 "<a>\n  <b/> <x/> \n</a>"},
	{"<a>\n  <b>\n    <c/>\n  </b>\n</a>",
	 {{SET, "c", "x", "1"},
	  PUT(XML_LAST, "c", "y"),
	  {REMOVE, "c"},
	  {REMOVE, "b"}},
	 "<a>\n</a>"},
	{"<a>\n  <b/>\n</a>", {PUT(XML_LAST, "a", "x"), {REMOVE, "+"}}, NULL},
	/* what only looks like an element */
	{"<a>\n  <!-- <b c=\"1\"/> -->\n  <?b <b/>?>\n  <d><![CDATA[<b/>]]>"
	 "</d>\n  <b/>\n</a>",
	 {{SET, "b", "c", "2"}},
	 "<a>\n  <!-- <b c=\"1\"/> -->\n  <?b <b/>?>\n  <d><![CDATA[<b/>]]>"
	 "</d>\n  <b c=\"2\"/>\n</a>"},
	{BOM "<?xml version=\"1.0\"?>\r\n<?pi?>\n\r\n<a\t>\n<b/>\r\n</a >\r\n"
	     "<!-- end -->",
	 {PUT(XML_AFTER, "b", "x"), {SET, "a", "y", "1"}},
	 BOM "<?xml version=\"1.0\"?>\r\n<?pi?>\n\r\n<a y=\"1\"\t>\n<b/>\r\n"
	     "<x/>\r\n</a >\r\n<!-- end -->"},
};

static struct xml_doc parse(const char *text)
{
	struct str bytes = {0};
	struct xml_doc doc;
	struct error err = {0};

	hs_str_puts(&bytes, text);
	if (hs_xml_parse("f.xml", &bytes, &doc, &err))
		fail_msg("%s: %s\n%s", err.where, err.what, text);
	return doc;
}

static int32_t find(const struct xml_doc *doc, const char *name)
{
	for (size_t i = 0; i < doc->elements.n; i++) {
		if (hs_xml_is(doc, (int32_t)i, name))
			return (int32_t)i;
	}
	fail_msg("no element %s", name);
	return XML_NONE;
}

static void take_step(const struct xml_doc *doc, const struct step *step,
		      int32_t *last, struct xml_edits *edits)
{
	int32_t at = *step->at == '+' ? *last : find(doc, step->at);

	switch (step->verb) {
	case SET:
		hs_xml_set_attr(edits, at, step->name, step->value);
		break;
	case DROP:
		hs_xml_remove_attr(edits, at, step->name);
		break;
	case ADD:
		*last = hs_xml_add(edits, at, step->place, step->name);
		break;
	case NEED:
		*last = hs_xml_need(edits, at, step->name);
		break;
	case TEXT:
		hs_xml_set_text(edits, at, step->value);
		break;
	case REMOVE:
		hs_xml_remove(edits, at);
		break;
	}
}

static struct xml_edits *take_steps(const struct xml_doc *doc,
				    const struct step *steps)
{
	struct xml_edits *edits = hs_xml_edit(doc);
	int32_t last = XML_NONE;

	for (size_t i = 0; i < 6 && steps[i].at; i++)
		take_step(doc, &steps[i], &last, edits);
	return edits;
}

/* Attributes, text, and what is needed: again is no edit. */
static void check_again(const struct row *row)
{
	hs_auto_xml struct xml_doc doc = parse(row->after);
	hs_auto_xml_edits struct xml_edits *edits = NULL;
	struct str text;
	bool changed;

	for (size_t i = 0; i < 6 && row->steps[i].at; i++) {
		if (row->steps[i].verb == ADD || row->steps[i].verb == REMOVE)
			return;
	}
	edits = take_steps(&doc, row->steps);
	assert_int_equal(hs_xml_finish(edits, &text, &changed, NULL), 0);
	assert_false(changed);
}

static void makes_every_edit(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		hs_auto_xml struct xml_doc doc = parse(row->before);
		hs_auto_xml_edits struct xml_edits *edits =
			take_steps(&doc, row->steps);
		hs_auto_str struct str text = {0};
		struct error err = {0};
		bool changed;

		if (hs_xml_finish(edits, &text, &changed, &err))
			fail_msg("%s: %s\nfrom %s", err.where, err.what,
				 row->before);
		if (changed != (row->after != NULL))
			fail_msg("changed: %d\nfrom %s\nto %s", changed,
				 row->before, hs_str_text(&text));
		if (changed && strcmp(hs_str_text(&text), row->after))
			fail_msg("from\n%s\nto\n%s\nnot\n%s", row->before,
				 hs_str_text(&text), row->after);
		if (changed)
			check_again(row);
	}
}

/* What is refused, and a word of why. */
static const struct {
	const char *before;
	struct step steps[3];
	const char *what;
} refusals[] = {
	{"<a/>", {{SET, "a", "b", "\x01"}}, "cannot hold"},
	{"<a/>", {{SET, "a", "b", "\xff"}}, "cannot hold"},
	{"<a/>", {{SET, "a", "b", "\xef\xbf\xbf"}}, "cannot hold"},
	{"<a/>", {{SET, "a", "b c", "1"}}, "no attribute"},
	{"<a/>", {{SET, "a", "xmlns", "u:a"}}, "no attribute"},
	{"<a/>", {{DROP, "a", "xmlns:x"}}, "no attribute"},
	{"<a/>", {{SET, "a", "x:b", "1"}}, "read again"},
	{"<a/>", {{REMOVE, "a"}}, "root"},
	{"<a/>", {PUT(XML_AFTER, "a", "b")}, "beside the root"},
	{"<a/>", {PUT(XML_LAST, "a", "<b")}, "no element"},
	{"<a/>", {PUT(XML_LAST, "a", "x:b")}, "no element"},
	{"<a><b/></a>", {{TEXT, "a", NULL, "x"}}, "where text"},
	{"<a/>",
	 {{TEXT, "a", NULL, "x"}, PUT(XML_LAST, "a", "b")},
	 "has text already"},
};

static void refuses_what_cannot_be(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		hs_auto_xml struct xml_doc doc = parse(refusals[i].before);
		hs_auto_xml_edits struct xml_edits *edits = hs_xml_edit(&doc);
		int32_t last = XML_NONE;
		struct str text;
		struct error err = {0};
		bool changed;

		for (size_t j = 0; j < 3 && refusals[i].steps[j].at; j++)
			take_step(&doc, &refusals[i].steps[j], &last, edits);
		assert_int_equal(hs_xml_finish(edits, &text, &changed, &err),
				 -1);
		assert_int_equal(err.code, HS_REFUSED);
		assert_string_equal(err.id, "server.unsupported-syntax");
		assert_false(changed);
		assert_null(text.data);
		if (!strstr(err.what, refusals[i].what))
			fail_msg("'%s' says nothing of '%s'", err.what,
				 refusals[i].what);
	}
}

static void says_what_will_be(void **state)
{
	hs_auto_xml struct xml_doc doc = parse("<a b=\"1\" c=\"2\"/>");
	hs_auto_xml_edits struct xml_edits *edits = hs_xml_edit(&doc);
	int32_t added = hs_xml_add(edits, 0, XML_LAST, "n");
	hs_auto_free char *same = NULL, *set = NULL, *gone = NULL, *new = NULL;

	(void)state;
	hs_xml_set_attr(edits, 0, "c", "3");
	hs_xml_set_attr(edits, 0, "c", "4");
	hs_xml_set_attr(edits, added, "d", "5");
	assert_string_equal(same = hs_xml_will_be(edits, 0, "b"), "1");
	assert_string_equal(set = hs_xml_will_be(edits, 0, "c"), "4");
	assert_string_equal(new = hs_xml_will_be(edits, added, "d"), "5");
	assert_null(hs_xml_will_be(edits, added, "b"));
	hs_xml_remove_attr(edits, 0, "c");
	assert_null(gone = hs_xml_will_be(edits, 0, "c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_every_edit),
		cmocka_unit_test(refuses_what_cannot_be),
		cmocka_unit_test(says_what_will_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
