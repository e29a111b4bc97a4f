/*
 * XML that is made to exhaust whoever reads it: refused in seconds, in little
 * memory, with a reason; and what is only large, which is read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <cmocka.h>

#include "core/conf/xml.h"

#define MIB ((size_t)1 << 20)
#define X16 "xxxxxxxxxxxxxxxx"
#define X64 X16 X16 X16 X16
/* Far above what each takes (under a second): a bound, not a measure. */
#define CPU_SECONDS_MAX 20

/* Text made of `head`, `n` times `each` (with the number in place of "%zu"),
 * and `tail`. */
struct made {
	const char *head, *each;
	size_t n;
	const char *tail;
	const char *what; /* NULL: it is read */
	size_t elements;
};

static const struct made rows[] = {
	{"", "<a>", 257, "", "256 deep", 0},
	{"", "<a>", 100000, "", "256 deep", 0},
	{"<a ", "b%zu='' ", 1001, "/>", "1000 attributes", 0},
	{"<a ", "b%zu='' ", 10000, "/>", "1000 attributes", 0},
	{"<a ", "b%zu='' ", 1000000, "/>", "1000 attributes", 0},
	{"<a ", "xmlns:b%zu='u' ", 30000, "/>", "1000 attributes", 0},
	{"<a>", "<b xmlns='u:%zu'/>", 300, "</a>", "250 namespaces", 0},
	{"<", "a", 1001, "/>", "1000 bytes", 0},
	{"<", X64, MIB - 1, "/>", "beyond what is edited", 0},
	{"<a b='", X64, MIB - 1, "'/>", "too long", 0},
	{"<a>", "<b/>", 16000000, "</a>", "4 million", 0},
	{"<a>", X64, MIB, "</a>", "64 MiB", 0},
	{"<a xmlns='", "u", 1001, "'/>", "1000 bytes", 0},
	/* large, and no more than that */
	{"<a>", X64, MIB - 1, "</a>", NULL, 1},
	{"<a><!--", "='='='='='='='='", 2 * MIB, "--></a>", NULL, 1},
	{"<a>", "&#60;", 5 * MIB, "</a>", NULL, 1},
	{"<a>", "<b c='%zu'/>", 500000, "</a>", NULL, 500001},
	{"<a ", "b%zu='' ", 1000, "/>", NULL, 1},
};

static struct str make(const struct made *made)
{
	bool numbered = strchr(made->each, '%') != NULL;
	struct str str = {0};

	hs_str_puts(&str, made->head);
	for (size_t i = 0; i < made->n; i++) {
		const char *rest = strstr(made->each, "%zu");

		if (!numbered) {
			hs_str_puts(&str, made->each);
			continue;
		}
		hs_str_add(&str, made->each, (size_t)(rest - made->each));
		hs_str_printf(&str, "%zu%s", i, rest + 3);
	}
	hs_str_puts(&str, made->tail);
	return str;
}

static long cpu_seconds(void)
{
	struct rusage self, children;

	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	return self.ru_utime.tv_sec + self.ru_stime.tv_sec +
	       children.ru_utime.tv_sec + children.ru_stime.tv_sec;
}

static void bounds_what_it_takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		hs_auto_str struct str text = make(&rows[i]);
		hs_auto_xml struct xml_doc doc = {0};
		struct error err = {0};
		long before = cpu_seconds();
		int status = hs_xml_parse("f.xml", &text, &doc, &err);

		if ((status == 0) != !rows[i].what)
			fail_msg("%zu of %s: %s", rows[i].n, rows[i].each,
				 err.what);
		if (cpu_seconds() - before > CPU_SECONDS_MAX)
			fail_msg("%zu of %s take %ld s", rows[i].n,
				 rows[i].each, cpu_seconds() - before);
		assert_int_equal(doc.elements.n, rows[i].elements);
		if (!status)
			continue;
		assert_string_equal(err.id, "server.unsupported-syntax");
		if (!strstr(err.what, rows[i].what))
			fail_msg("'%s' is not '%s'", err.what, rows[i].what);
	}
}

/* The lines of a large file are counted once, not once an element. */
static void counts_lines_once(void **state)
{
	const struct made made = {"<a>\n", "<b/>\n", 300000, "</a>", NULL, 0};
	hs_auto_str struct str text = make(&made);
	hs_auto_xml struct xml_doc doc = {0};
	uint32_t line = 2;

	(void)state;
	assert_int_equal(hs_xml_parse("f.xml", &text, &doc, NULL), 0);
	for (int32_t e = hs_xml_child(&doc, 0, "b"); e != XML_NONE;
	     e = hs_xml_next(&doc, e, "b"))
		assert_int_equal(hs_xml_line(&doc, e), line++);
	assert_int_equal(line, 300002);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bounds_what_it_takes),
		cmocka_unit_test(counts_lines_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
