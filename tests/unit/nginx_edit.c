/*
 * Edits of nginx configurations, byte for byte: indentation and line ends of
 * the neighbours, comments where they were, blocks on one line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/conf/nginx.h"

/* What is done to the first directive of a name, anywhere. */
enum verb { BEFORE, AFTER, FIRST, REPLACE, REMOVE, ARGUMENT };
static const char *const verbs[] = {"before",  "after",	 "first in",
				    "replace", "remove", "argument of"};

struct step {
	enum verb verb;
	const char *name, *text;
};

struct row {
	const char *before;
	struct step steps[3];
	const char *after;
};

static const struct row rows[] = {
	/* lines of their own, indented as the neighbours */
	{"s {\n\ta;\n\tb;\n}\n",
	 {{BEFORE, "b", "x;"}},
	 "s {\n\ta;\n\tx;\n\tb;\n}\n"},
	{"s {\n   a; # why\n   b;\n}\n",
	 {{AFTER, "a", "x;\ny;"}},
	 "s {\n   a; # why\n   x;\n   y;\n   b;\n}\n"},
	{"s { # our shop\n  a;\n}\n",
	 {{FIRST, "s", "x;"}},
	 "s { # our shop\n  x;\n  a;\n}\n"},
	{"s\n{\n    # the first\n    a;\n}\n",
	 {{FIRST, "s", "x;"}},
	 "s\n{\n    x;\n    # the first\n    a;\n}\n"},
	{"h {\n  s {\n    a;\n  }\n}\n",
	 {{AFTER, "s", "x;"}},
	 "h {\n  s {\n    a;\n  }\n  x;\n}\n"},
	/* line ends */
	{"s {\r\n\ta;\r\n}\r\n",
	 {{AFTER, "a", "x;\ny;"}, {FIRST, "s", "f;"}, {BEFORE, "s", "b;"}},
	 "b;\r\ns {\r\n\tf;\r\n\ta;\r\n\tx;\r\n\ty;\r\n}\r\n"},
	{"\xef\xbb\xbf"
	 "a;\r\n",
	 {{BEFORE, "a", "x;"}},
	 "\xef\xbb\xbf"
	 "x;\r\na;\r\n"},
	{"a;\nb;", {{AFTER, "b", "x;\ny;"}}, "a;\nb;\nx;\ny;"},
	{"a;\r\n b; # c", {{AFTER, "b", "x;"}}, "a;\r\n b; # c\r\n x;"},
	{"a;", {{AFTER, "a", "x;"}}, "a;\nx;"},
	{"a;", {{BEFORE, "a", "x;"}}, "x;\na;"},
	/* everything on one line */
	{"s { a; b; }\n", {{FIRST, "s", "x;\ny;"}}, "s { x; y; a; b; }\n"},
	{"s {a;}\n", {{FIRST, "s", "x;"}}, "s { x; a;}\n"},
	{"s { a; b; }\n", {{AFTER, "a", "x;"}}, "s { a; x; b; }\n"},
	{"s { a; b; }\n", {{BEFORE, "b", "x;"}}, "s { a; x; b; }\n"},
	{"s { a; }\n", {{AFTER, "a", "x;"}}, "s { a; x; }\n"},
	{"s { a; }\n",
	 {{AFTER, "a", "x; # why"}},
	 "s { a;\n    x; # why\n     }\n"},
	{"s {}\n", {{FIRST, "s", "x;"}, {FIRST, "s", "y;"}}, "s { x;  y; }\n"},
	{"h { s { a; } }\n", {{AFTER, "s", "x;"}}, "h { s { a; } x; }\n"},
	/* a block without content, the step of indentation from elsewhere */
	{"h {\n  s {\n  }\n}\n",
	 {{FIRST, "s", "x;"}},
	 "h {\n  s {\n    x;\n  }\n}\n"},
	{"s {\n}\n", {{FIRST, "s", "x;"}}, "s {\n    x;\n}\n"},
	{"h {\n\tt {\n\t\tb;\n\t}\n\ts {\n\t}\n}\n",
	 {{FIRST, "s", "x;"}},
	 "h {\n\tt {\n\t\tb;\n\t}\n\ts {\n\t\tx;\n\t}\n}\n"},
	/* the first of several on a line */
	{"s { a;\n    b;\n}\n",
	 {{AFTER, "a", "x;"}},
	 "s { a;\n    x;\n    b;\n}\n"},
	/* removals */
	{"s {\n\ta;\n\tb;\n}\n", {{REMOVE, "a", NULL}}, "s {\n\tb;\n}\n"},
	{"s {\n\ta; # kept\n\tb;\n}\n",
	 {{REMOVE, "a", NULL}},
	 "s {\n\t# kept\n\tb;\n}\n"},
	{"s { a; b; }\n", {{REMOVE, "b", NULL}}, "s { a; }\n"},
	{"s { a; }\n", {{REMOVE, "a", NULL}}, "s { }\n"},
	{"  a; b;\n  c;\n", {{REMOVE, "a", NULL}}, "  b;\n  c;\n"},
	{"  a; b;\n  c;\n", {{REMOVE, "b", NULL}}, "  a;\n  c;\n"},
	{"a;\n  b {\n    c;\n  }\nd;\n", {{REMOVE, "b", NULL}}, "a;\nd;\n"},
	{"a;\r\nb;\r\nc;\r\n", {{REMOVE, "b", NULL}}, "a;\r\nc;\r\n"},
	{"a;\nb;", {{REMOVE, "b", NULL}}, "a;\n"},
	{"a\n  b\n  c;\nd;\n", {{REMOVE, "a", NULL}}, "d;\n"},
	/* replacements */
	{"\ta b; # c\n", {{REPLACE, "a", "x y;"}}, "\tx y; # c\n"},
	{"\ta {\r\n\t\tb;\r\n\t}\r\n",
	 {{REPLACE, "a", "x;\ny;"}},
	 "\tx;\r\n\ty;\r\n"},
	{"a \"b c\" d;\n", {{ARGUMENT, "a", "x"}}, "a x d;\n"},
	{"if ($a = \"b\") {}\n",
	 {{ARGUMENT, "if", "($c"}},
	 "if ($c = \"b\") {}\n"},
	{"if \"b\") {}\n", {{ARGUMENT, "if", "c"}}, "if c ) {}\n"},
	/* neighbours that change together */
	{"s {\n\ta;\n\tb;\n\tc;\n}\n",
	 {{REMOVE, "b", NULL}, {AFTER, "a", "x;"}, {BEFORE, "c", "y;"}},
	 "s {\n\ta;\n\tx;\n\ty;\n\tc;\n}\n"},
	{"s {\n\ta;\n}\n",
	 {{REMOVE, "a", NULL}, {FIRST, "s", "x;"}, {AFTER, "a", "y;"}},
	 "s {\n\tx;\n\ty;\n}\n"},
	{"s { a; b; }\n",
	 {{REMOVE, "a", NULL}, {REMOVE, "b", NULL}, {FIRST, "s", "x;"}},
	 "s { x; }\n"},
	{"s {\n\ta;\n\tt {\n\t\tb;\n\t}\n}\n",
	 {{REMOVE, "t", NULL}, {REMOVE, "b", NULL}},
	 "s {\n\ta;\n}\n"},
};

static int32_t find(const struct ngx_conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->directives.n; i++) {
		if (hs_nginx_is(conf, (int32_t)i, name))
			return (int32_t)i;
	}
	fail_msg("no directive %s", name);
	return NGX_NONE;
}

static void take_step(const struct ngx_conf *conf, const struct step *step,
		      struct edits *edits)
{
	int32_t d = find(conf, step->name);

	switch (step->verb) {
	case BEFORE:
		hs_nginx_insert_before(conf, d, step->text, edits);
		break;
	case AFTER:
		hs_nginx_insert_after(conf, d, step->text, edits);
		break;
	case FIRST:
		hs_nginx_insert_first(conf, d, step->text, edits);
		break;
	case REPLACE:
		hs_nginx_replace(conf, d, step->text, edits);
		break;
	case REMOVE:
		hs_nginx_remove(conf, d, edits);
		break;
	case ARGUMENT:
		hs_nginx_replace_arg(conf, d, 1, step->text, edits);
		break;
	}
}

static void check_row(const struct row *row)
{
	size_t length = strlen(row->before);
	struct edits edits = {0};
	hs_auto_str struct str text = {0};
	struct ngx_conf conf, again;

	assert_int_equal(hs_nginx_parse("f", row->before, length, &conf, NULL),
			 0);
	for (size_t i = 0; i < 3 && row->steps[i].name; i++) {
		print_message("# %s %s\n", verbs[row->steps[i].verb],
			      row->steps[i].name);
		take_step(&conf, &row->steps[i], &edits);
	}
	assert_int_equal(hs_edits_apply(&edits, 0, row->before, length, &text),
			 0);
	assert_string_equal(hs_str_text(&text), row->after);
	assert_int_equal(
		hs_nginx_parse("f", hs_str_text(&text), text.len, &again, NULL),
		0);
	hs_edits_done(&edits);
	hs_nginx_done(&conf);
	hs_nginx_done(&again);
}

static void test_edits_look_like_their_neighbours(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(rows); i++)
		check_row(&rows[i]);
}

static void test_impossible_edits_are_refused(void **state)
{
	static const char before[] = "s {\n\ta b;\n}\n";
	struct edits edits = {0};
	hs_auto_str struct str text = {0};
	struct ngx_conf conf;

	(void)state;
	assert_int_equal(
		hs_nginx_parse("f", before, strlen(before), &conf, NULL), 0);
	hs_nginx_remove(&conf, find(&conf, "s"), &edits);
	hs_nginx_replace_arg(&conf, find(&conf, "a"), 1, "x", &edits);
	assert_int_equal(
		hs_edits_apply(&edits, 0, before, strlen(before), &text), -1);
	hs_edits_done(&edits);
	/* no such argument: nothing */
	hs_nginx_replace_arg(&conf, find(&conf, "a"), 2, "x", &edits);
	assert_int_equal(edits.n, 0);
	hs_nginx_done(&conf);
}

static const struct {
	const char *value, *quoted;
} quotings[] = {
	{"/etc/ssl/a.pem", "/etc/ssl/a.pem"},
	{"/srv/my site/a", "\"/srv/my site/a\""},
	{"", "\"\""},
	{"\xc3\xa4", "\xc3\xa4"},
	{"(a)", "(a)"},
	{"a;b", NULL},
	{"a{b", NULL},
	{"a}b", NULL},
	{"a\"b", NULL},
	{"a'b", NULL},
	{"a\\b", NULL},
	{"a$b", NULL},
	{"a#b", NULL},
	{"a\nb", NULL},
	{"a\tb", NULL},
	{"a\x7f", NULL},
	{"a\x1b[31m", NULL},
};

static void test_values_are_quoted_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(quotings); i++) {
		hs_auto_free char *quoted = hs_nginx_quote(quotings[i].value);

		if (quotings[i].quoted)
			assert_string_equal(quoted, quotings[i].quoted);
		else
			assert_null(quoted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edits_look_like_their_neighbours),
		cmocka_unit_test(test_impossible_edits_are_refused),
		cmocka_unit_test(test_values_are_quoted_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
