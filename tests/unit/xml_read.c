/*
 * Reading XML: what is an element and what is not, names and namespaces,
 * values as XML decodes them, lines; and what is refused, with its line.
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
#define BROKEN "server.config-broken"
#define UNSUPPORTED "server.unsupported-syntax"

static int read_text(const char *text, size_t length, struct xml_doc *ret_doc,
		     struct error *err)
{
	hs_auto_str struct str bytes = {0};

	hs_str_add(&bytes, text, length);
	return hs_xml_parse("f.xml", &bytes, ret_doc, err);
}

static struct xml_doc parse(const char *text)
{
	struct xml_doc doc;
	struct error err = {0};

	if (read_text(text, strlen(text), &doc, &err))
		fail_msg("%s: %s\n%s", err.where, err.what, text);
	return doc;
}

/* What libxml2 or we refuse: with a line, an id, and a word of why. */
static const struct {
	const char *text;
	size_t length; /* 0: that of the text */
	const char *id, *where, *what;
} refusals[] = {
	/* no document */
	{"", 0, BROKEN, "f.xml:1", "empty"},
	{" \n ", 0, BROKEN, "f.xml:", "no well-formed XML"},
	{"listen 80;\n", 0, BROKEN, "f.xml:1", "no well-formed XML"},
	{"<a>\n <b>\n</a>\n", 0, BROKEN, "f.xml:3", "mismatch"},
	{"<a>\n <b/>\n", 0, BROKEN, "f.xml:3", "no well-formed XML"},
	{"<a>\n<b c=\"1", 0, BROKEN, "f.xml:2", "no well-formed XML"},
	{"<a/>\n<b/>\n", 0, BROKEN, "f.xml:2", "Extra content"},
	{"<a/>text", 0, BROKEN, "f.xml:1", "Extra content"},
	{"<a b=\"1\" b=\"2\"/>", 0, BROKEN, "f.xml:1", "redefined"},
	{"<a b=1/>", 0, BROKEN, "f.xml:1", "no well-formed XML"},
	{"<a>&b;</a>", 0, BROKEN, "f.xml:1", "not defined"},
	{"<a>&#1;</a>", 0, BROKEN, "f.xml:1", "no well-formed XML"},
	{"<a>\n\x01</a>", 0, BROKEN, "f.xml:2", "no well-formed XML"},
	{"<a>\n\0</a>", 9, BROKEN, "f.xml:2", "zero byte"},
	{"<a>\xe4</a>", 0, BROKEN, "f.xml:1", "UTF-8"},
	{"<a b=\"\xc3\"/>", 0, BROKEN, "f.xml:1", "no well-formed XML"},
	{"<a><x:b/></a>", 0, BROKEN, "f.xml:1", "prefix x"},
	{"<a><!-- -- --></a>", 0, BROKEN, "f.xml:1", "no well-formed XML"},
	{"\n<?xml version=\"1.0\"?><a/>", 0, BROKEN, "f.xml:2", "XML decl"},
	{BOM BOM "<a/>", 0, BROKEN, "f.xml:1", "no well-formed XML"},
	{"<?xml version='1.0' encoding='us-ascii'?>\n<a b='\xe4'/>", 0, BROKEN,
	 "f.xml:2", "no well-formed XML"},
	/* what could be another document than it seems */
	{"<!DOCTYPE a><a/>", 0, UNSUPPORTED, "f.xml:1", "DOCTYPE"},
	{"<?xml version='1.0'?>\n<!-- <a/> -->\n<?p ?>\n<!DOCTYPE a [\n"
	 "<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
	 0, UNSUPPORTED, "f.xml:4", "DOCTYPE"},
	{"<!DOCTYPE a [<!ENTITY % p SYSTEM 'x'> %p;]><a/>", 0, UNSUPPORTED,
	 "f.xml:1", "DOCTYPE"},
	{"<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>\n"
	 "<!ENTITY c '&b;&b;&b;&b;&b;&b;'>]><l>&c;</l>",
	 0, UNSUPPORTED, "f.xml:1", "DOCTYPE"},
	{"<a>\n<i:include xmlns:i='http://www.w3.org/2001/XInclude' "
	 "href='b.xml'/></a>",
	 0, UNSUPPORTED, "f.xml:2", "XInclude"},
	/* encodings */
	{"\xff\xfe<\0a\0/\0>\0", 10, UNSUPPORTED, "f.xml:1", "UTF-16"},
	{"\xfe\xff\0<\0a\0/\0>", 10, UNSUPPORTED, "f.xml:1", "UTF-16"},
	{"<\0a\0/\0>\0", 8, UNSUPPORTED, "f.xml:1", "UTF-16"},
	{"\0<\0a\0/\0>", 8, UNSUPPORTED, "f.xml:1", "UTF-16"},
	{"\xff\xfe\0\0<\0\0\0", 8, UNSUPPORTED, "f.xml:1", "UTF-32"},
	{"<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>", 0, UNSUPPORTED,
	 "f.xml:1", "utf-16"},
	{"<?xml version='1.0' encoding='Shift_JIS'?><a/>", 0, UNSUPPORTED,
	 "f.xml:1", "Shift_JIS"},
	{BOM "<?xml version='1.0' encoding='ISO-8859-1'?><a/>", 0, UNSUPPORTED,
	 "f.xml:1", "ISO-8859-1"},
};

static void refuses_with_line_and_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const char *text = refusals[i].text;
		size_t length =
			refusals[i].length ? refusals[i].length : strlen(text);
		struct xml_doc doc;
		struct error err = {0};

		if (!read_text(text, length, &doc, &err))
			fail_msg("taken: %s", text);
		if (err.code != HS_REFUSED || strcmp(err.id, refusals[i].id) ||
		    strncmp(err.where, refusals[i].where,
			    strlen(refusals[i].where)) ||
		    !strstr(err.what, refusals[i].what))
			fail_msg("%s: %s: %s (%s)\nof %s", err.id, err.where,
				 err.what, err.hint, text);
	}
}

/* What is taken, whatever it looks like. */
static const char *const oddities[] = {
	"<a/>",
	"<a />\r\n",
	BOM "<a></a>",
	BOM "<?xml version='1.0' encoding='UTF-8'?>\n<a/>",
	"<?xml version=\"1.0\" encoding=\"utf-8\" standalone='yes' ?><a/>\n\n",
	"<?xml version='1.0' encoding='iso-8859-1'?><a b='\xe4'>\xff</a>",
	"<?xml version='1.0' encoding='Windows-1252'?><a b='\x80'>\x93</a>",
	"<?xmlish encoding='klingon'?><a/>",
	"<!-- <!DOCTYPE a> --><a><!-- <b> --></a><!-- -->",
	"<a>\r\n\t<b\tc='>'\r\nd = \"'\" />\r\n</a \n>",
	"<a xmlns=\"relative\"><b xmlns=\"\"/></a>",
	"<a><![CDATA[<!DOCTYPE b> & ]] >]]></a>",
	"<\xc3\xa4 \xc3\xb6='\xc3\xbc'/>",
	"<a>a > b ]] \" '</a>",
};

static void keeps_every_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(oddities) / sizeof(oddities[0]); i++) {
		hs_auto_xml struct xml_doc doc = parse(oddities[i]);
		hs_auto_xml_edits struct xml_edits *edits = hs_xml_edit(&doc);
		struct str text;
		bool changed;

		assert_string_equal(doc.bytes.data, oddities[i]);
		assert_int_equal(hs_xml_finish(edits, &text, &changed, NULL),
				 0);
		assert_false(changed);
	}
}

static void sees_elements_alone(void **state)
{
	hs_auto_xml struct xml_doc doc =
		parse("<c>\n<!-- <s n=\"1\"/> -->\n<?x <s/> ?>\n"
		      "<s n=\"2\"><s n='3'/></s>\n<![CDATA[<s/>]]>\n"
		      "<t a=\"&lt;s&gt;\"/>\n<S/>\n<s\nn='4'/></c>");
	int32_t first = hs_xml_child(&doc, 0, "s");
	int32_t second = hs_xml_next(&doc, first, "s");

	(void)state;
	assert_int_equal(hs_xml_count(&doc, 0, "s"), 2);
	assert_int_equal(hs_xml_count(&doc, 0, NULL), 4);
	assert_int_equal(hs_xml_count(&doc, XML_NONE, NULL), 0);
	assert_true(hs_xml_attr_is(&doc, first, "n", "2"));
	assert_true(hs_xml_attr_is(&doc, second, "n", "4"));
	assert_int_equal(hs_xml_line(&doc, first), 4);
	assert_int_equal(hs_xml_line(&doc, second), 8);
	assert_int_equal(hs_xml_next(&doc, second, NULL), XML_NONE);
	assert_int_equal(hs_xml_parent(&doc, second), hs_xml_root(&doc));
	assert_int_equal(hs_xml_parent(&doc, 0), XML_NONE);
	assert_int_equal(hs_xml_next(&doc, 0, NULL), XML_NONE);
}

static void knows_namespaces(void **state)
{
	hs_auto_xml struct xml_doc doc =
		parse("<r xmlns='u:r' xmlns:x='u:x' x:b='1' b='2'><a/>"
		      "<x:a>1</x:a><a xmlns=''/><y:a xmlns:y='u:r'/></r>");
	int32_t a = hs_xml_child(&doc, 0, "a");
	int32_t other = hs_xml_next(&doc, a, NULL);
	int32_t last = hs_xml_next(&doc, a, "a");
	hs_auto_free char *name = hs_xml_name(&doc, other);

	(void)state;
	assert_int_equal(hs_xml_count(&doc, 0, "a"), 2);
	assert_int_equal(hs_xml_count(&doc, 0, NULL), 4);
	assert_string_equal(hs_xml_space(&doc, 0), "u:r");
	assert_string_equal(hs_xml_space(&doc, other), "u:x");
	assert_string_equal(hs_xml_space(&doc, last), "u:r");
	assert_string_equal(name, "a");
	assert_true(hs_xml_is(&doc, other, "a"));
	assert_false(hs_xml_is(&doc, other, "x:a"));
	assert_int_equal(hs_xml_next(&doc, last, "a"), XML_NONE);
	assert_true(hs_xml_attr_is(&doc, 0, "x:b", "1"));
	assert_true(hs_xml_attr_is(&doc, 0, "b", "2"));
	assert_false(hs_xml_has_attr(&doc, 0, "B"));
}

static void finds_by_every_way(void **state)
{
	hs_auto_xml struct xml_doc doc = parse(
		"<c><w/><w><r/></w><w><r><s n='1'/><s n='2'/></r></w></c>");
	int32_t s = hs_xml_find(&doc, 0, "w/r/s");

	(void)state;
	assert_true(hs_xml_attr_is(&doc, s, "n", "1"));
	assert_int_equal(hs_xml_find(&doc, 0, "w/r/s/t"), XML_NONE);
	assert_int_equal(hs_xml_find(&doc, 0, "w/R"), XML_NONE);
	assert_int_equal(hs_xml_find(&doc, XML_NONE, "w"), XML_NONE);
	assert_int_equal(hs_xml_find(&doc, 0, "w"), 1);
}

/* Attributes and text as XML 1.0 decodes them. */
static const struct {
	const char *text, *attribute, *content;
} values[] = {
	{"<a b='1'>2</a>", "1", "2"},
	{"<a b = \"'1'\" />", "'1'", ""},
	{"<a b='&lt;&gt;&amp;&quot;&apos;'>&lt;&gt;&amp;&quot;&apos;</a>",
	 "<>&\"'", "<>&\"'"},
	{"<a b='&#65;&#x42;&#xe4;&#x20ac;&#x1F600;'>&#65;&#x0042;</a>",
	 "AB\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "AB"},
	{"<a b='1\t2\n3\r\n4\r5'>1\t2\n3\r\n4\r5</a>", "1 2 3 4 5",
	 "1\t2\n3\n4\n5"},
	{"<a b='&#9;&#10;&#13;'>&#9;&#10;&#13;</a>", "\t\n\r", "\t\n\r"},
	{"<a b='&amp;lt;&#38;#65;'>&amp;lt;</a>", "&lt;&#65;", "&lt;"},
	{"<a b=''>x<!-- y --><![CDATA[<z>&amp;]]><?p q?><w>v</w>u</a>", "",
	 "x<z>&amp;u"},
	{"<?xml version='1.0' encoding='latin1'?><a b='\xe4'>\xdf</a>",
	 "\xc3\xa4", "\xc3\x9f"},
	{"<?xml version='1.0' encoding='cp1252'?><a b='\x80'>\x93\xe4</a>",
	 "\xe2\x82\xac", "\xe2\x80\x9c\xc3\xa4"},
};

static void decodes_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		hs_auto_xml struct xml_doc doc = parse(values[i].text);
		hs_auto_free char *value = hs_xml_attr(&doc, 0, "b");
		hs_auto_free char *text = hs_xml_text(&doc, 0);

		assert_string_equal(value, values[i].attribute);
		assert_string_equal(text, values[i].content);
		assert_true(hs_xml_attr_is(&doc, 0, "b", value));
		assert_null(hs_xml_attr(&doc, 0, "c"));
	}
}

static void walks_attributes(void **state)
{
	hs_auto_xml struct xml_doc doc =
		parse("<a xmlns='u:a' b='1'\n\tc=\"x=y>\"/>");
	static const char *const expected[] = {"xmlns", "b", "c"};
	struct xml_attr attr = {0};
	size_t n = 0;

	(void)state;
	while (hs_xml_attr_next(&doc, 0, &attr)) {
		assert_memory_equal(doc.bytes.data + attr.name, expected[n],
				    attr.name_length);
		n++;
	}
	assert_int_equal(n, 3);
}

static void says_that_a_file_is_missing(void **state)
{
	struct root root;
	struct xml_doc doc;
	struct error err = {0};

	(void)state;
	assert_int_equal(hs_root_open(NULL, &root, &err), 0);
	assert_int_equal(hs_xml_read(&root, "/nowhere/f.xml", &doc, &err), -1);
	assert_int_equal(err.code, HS_CANNOT);
	hs_root_close(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_with_line_and_reason),
		cmocka_unit_test(keeps_every_byte),
		cmocka_unit_test(sees_elements_alone),
		cmocka_unit_test(knows_namespaces),
		cmocka_unit_test(finds_by_every_way),
		cmocka_unit_test(decodes_values),
		cmocka_unit_test(walks_attributes),
		cmocka_unit_test(says_that_a_file_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
