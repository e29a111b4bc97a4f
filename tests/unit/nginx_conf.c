/*
 * Reading nginx configurations: words as nginx cuts them, errors with their
 * line, includes in their place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/conf/nginx.h"
#include "tests/unit/scratch.h"

/* Every directive as its arguments between bars, blocks in braces. */
static void describe(const struct ngx_conf *conf, int32_t block,
		     struct str *text)
{
	struct ngx_cursor cursor = hs_nginx_walk(conf, block);
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		for (size_t i = 0; i <= hs_nginx_args(conf, d); i++) {
			hs_auto_free char *arg = hs_nginx_arg(conf, d, i);

			hs_str_printf(text, "%s%s", i ? "|" : "", arg);
		}
		if (hs_nginx_get(conf, d)->open) {
			hs_str_putc(text, '{');
			describe(conf, d, text);
			hs_str_putc(text, '}');
		} else {
			hs_str_putc(text, ';');
		}
	}
}

struct reading {
	const char *text, *expected;
};

static const struct reading readings[] = {
	{"", ""},
	{"# nothing", ""},
	{"\xef\xbb\xbfuser a;", "user|a;"},
	{"a;b;c{d;}", "a;b;c{d;}"},
	{" a\r\n\tb \r\n;\r\n", "a|b;"},
	{"a b#c d;#e;\n#f\n", "a|b#c|d;"},
	{"a \"b c\" 'd;e' \"\" ;", "a|b c|d;e|;"},
	{"a \"\\\"\\\\\\t\\q\" '\\'' \\;\\ x;", "a|\"\\\t\\q|'|\\;\\ x;"},
	{"a b\"c d'e;", "a|b\"c|d'e;"},
	{"a ${b}c d${e}{f;}", "a|${b}c|d${e}{f;}"},
	{"if ($a = \"b\") { c; }", "if|($a|=|b|){c;}"},
	{"location ~ \"^/x{2}$\" { a \"}{\"; }", "location|~|^/x{2}${a|}{;}"},
	{"a 'b\nc'\nd;", "a|b\nc|d;"},
	{"x_by_lua_block { \"}\" --[[ } ]] {} -- }\n [=[ }]] ]=] } b;",
	 "x_by_lua_block{}b;"},
	{"x_by_lua_block {'\\'}'}b;", "x_by_lua_block{}b;"},
	{"map $a $b { default 0; ~x 1; include c; }",
	 "map|$a|$b{default|0;~x|1;}"},
};

static void test_words_are_cut_as_nginx_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(readings); i++) {
		const char *text = readings[i].text;
		hs_auto_str struct str found = {0};
		struct error err = {0};
		struct ngx_conf conf;

		print_message("# %zu\n", i);
		assert_int_equal(
			hs_nginx_parse("f", text, strlen(text), &conf, &err),
			0);
		describe(&conf, NGX_NONE, &found);
		assert_string_equal(hs_str_text(&found), readings[i].expected);
		hs_nginx_done(&conf);
	}
}

struct refusal {
	const char *text, *where;
};

static const struct refusal refusals[] = {
	{"a;\n}\n", "f:2"},
	{"a {\n b;\n\n", "f:4"},
	{"a;\nb c", "f:2"},
	{"a;\nb \"c;\n\n", "f:2"},
	{"a;\nb \"c\"d;", "f:2"},
	{"\"a\"", "f:1"},
	{"a;\n;", "f:2"},
	{"{ a; }", "f:1"},
	{"a {\n b }\n", "f:2"},
	{"a\n b \\", "f:2"},
	{"a;\n\nx_by_lua_block {\n ]] \n", "f:3"},
	{"a b\n", "f:2"},
};

static void test_errors_have_their_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(refusals); i++) {
		const char *text = refusals[i].text;
		struct error err = {0};
		struct ngx_conf conf;

		print_message("# %zu\n", i);
		assert_int_equal(
			hs_nginx_parse("f", text, strlen(text), &conf, &err),
			-1);
		assert_int_equal(err.code, HS_REFUSED);
		assert_string_equal(err.id, "server.unsupported-syntax");
		assert_string_equal(err.where, refusals[i].where);
		assert_string_not_equal(err.hint, "");
	}
}

static void test_questions_are_answered(void **state)
{
	static const char text[] = "a;\nserver {\n  \"listen\" \"80 x\";\n}\n";
	struct ngx_conf conf;
	const char *span;
	size_t length;
	int32_t server, listen;

	(void)state;
	assert_int_equal(hs_nginx_parse("f", text, strlen(text), &conf, NULL),
			 0);
	server = hs_nginx_find(&conf, NGX_NONE, "server");
	listen = hs_nginx_find(&conf, server, "listen");
	assert_int_equal(hs_nginx_get(&conf, listen)->line, 3);
	assert_int_equal(hs_nginx_get(&conf, listen)->parent, server);
	assert_true(hs_nginx_is(&conf, listen, "listen"));
	assert_false(hs_nginx_is(&conf, listen, "listen8"));
	assert_false(hs_nginx_is(&conf, listen, "liste"));
	assert_true(hs_nginx_arg_is(&conf, listen, 1, "80 x"));
	assert_false(hs_nginx_arg_is(&conf, listen, 2, ""));
	assert_null(hs_nginx_arg(&conf, listen, 2));
	assert_int_equal(hs_nginx_span(&conf, listen, 1, &span, &length), 0);
	assert_memory_equal(span, "80 x", length);
	assert_int_equal(hs_nginx_span(&conf, listen, 2, &span, &length), -1);
	assert_int_equal(hs_nginx_find(&conf, server, "a"), NGX_NONE);
	hs_nginx_done(&conf);
}

static struct root root;

static int make_top(void **state)
{
	(void)state;
	return hs_root_open(scratch_make(), &root, NULL);
}

static int remove_top(void **state)
{
	(void)state;
	hs_root_close(&root);
	scratch_remove();
	return 0;
}

static void check_read(const char *path, const char *expected)
{
	hs_auto_str struct str found = {0};
	struct error err = {0};
	struct ngx_conf conf;

	assert_int_equal(hs_nginx_read(&root, path, &conf, &err), 0);
	describe(&conf, NGX_NONE, &found);
	assert_string_equal(hs_str_text(&found), expected);
	hs_nginx_done(&conf);
}

static void test_includes_stand_in_their_place(void **state)
{
	(void)state;
	scratch_write("/ng/nginx.conf",
		      "a;\ninclude one.conf;\nhttp { b; include s/*.conf; "
		      "include none/*; include /ng/one.conf; c; }\n"
		      "include \"sp ace.conf\";");
	scratch_write("/ng/one.conf", "one;\ninclude deep/two.conf;\n");
	scratch_write("/ng/deep/two.conf", "two;");
	scratch_write("/ng/s/b.conf", "s_b;");
	scratch_write("/ng/s/a.conf", "s_a { include one.conf; }");
	scratch_write("/ng/s/.hidden.conf", "hidden;");
	scratch_write("/ng/s/B.conf", "s_B;");
	scratch_write("/ng/sp ace.conf", "space;");
	check_read("/ng/nginx.conf",
		   "a;one;two;http{b;s_B;s_a{one;two;}s_b;one;two;c;}space;");
}

static void test_a_file_is_read_once(void **state)
{
	struct error err = {0};
	struct ngx_conf conf;

	(void)state;
	scratch_write("/once/nginx.conf",
		      "include e/*;\ninclude a/site;\ninclude e/site;\n");
	scratch_write("/once/a/site", "x;");
	scratch_link("../a/site", "/once/e/site");
	assert_int_equal(hs_nginx_read(&root, "/once/nginx.conf", &conf, &err),
			 0);
	assert_int_equal(conf.files.n, 2);
	assert_string_equal(conf.files.items[1].path, "/once/e/site");
	assert_string_equal(conf.files.items[1].real, "/once/a/site");
	assert_int_equal(conf.files.items[1].included, 3);
	hs_nginx_done(&conf);
	check_read("/once/nginx.conf", "x;x;x;");
}

static void test_walks_know_their_include(void **state)
{
	struct error err = {0};
	struct ngx_conf conf;
	struct ngx_cursor cursor;
	int32_t d, through;

	(void)state;
	scratch_write("/thr/nginx.conf", "a;\ninclude b;\nd;\n");
	scratch_write("/thr/b", "include c;");
	scratch_write("/thr/c", "c;");
	assert_int_equal(hs_nginx_read(&root, "/thr/nginx.conf", &conf, &err),
			 0);
	cursor = hs_nginx_walk(&conf, NGX_NONE);
	d = hs_nginx_next(&cursor);
	assert_true(hs_nginx_is(&conf, d, "a"));
	assert_int_equal(hs_nginx_through(&cursor), NGX_NONE);
	d = hs_nginx_next(&cursor);
	assert_true(hs_nginx_is(&conf, d, "c"));
	through = hs_nginx_through(&cursor);
	assert_int_equal(hs_nginx_get(&conf, through)->line, 2);
	assert_true(hs_nginx_arg_is(&conf, through, 1, "b"));
	d = hs_nginx_next(&cursor);
	assert_true(hs_nginx_is(&conf, d, "d"));
	assert_int_equal(hs_nginx_through(&cursor), NGX_NONE);
	assert_int_equal(hs_nginx_next(&cursor), NGX_NONE);
	hs_nginx_done(&conf);
}

static void check_refused(const char *path, enum hs_code code, const char *id,
			  const char *where)
{
	struct error err = {0};
	struct ngx_conf conf;

	assert_int_equal(hs_nginx_read(&root, path, &conf, &err), -1);
	assert_int_equal(err.code, code);
	assert_string_equal(err.id, id);
	assert_string_equal(err.where, where);
	assert_int_equal(conf.files.n, 0);
}

static void test_broken_includes_are_named(void **state)
{
	(void)state;
	scratch_write("/bad/missing.conf",
		      "a;\nb {\n include nowhere.conf;\n}\n");
	check_refused("/bad/missing.conf", HS_REFUSED, "server.config-broken",
		      "/bad/missing.conf:3");
	scratch_write("/bad/self.conf", "a;\ninclude other.conf;");
	scratch_write("/bad/other.conf", "\n\ninclude self.conf;");
	check_refused("/bad/self.conf", HS_REFUSED, "server.config-broken",
		      "/bad/other.conf:3");
	scratch_write("/bad/dir.conf", "include /bad;");
	check_refused("/bad/dir.conf", HS_REFUSED, "server.config-broken",
		      "/bad/dir.conf:1");
	scratch_write("/bad/syntax.conf", "include inner.conf;");
	scratch_write("/bad/inner.conf", "a;\n}\n");
	check_refused("/bad/syntax.conf", HS_REFUSED,
		      "server.unsupported-syntax", "/bad/inner.conf:2");
	check_refused("/bad/none.conf", HS_CANNOT, "", "");
}

/* /deep/FROM includes the next one, and so on; the last is `end`. */
static void write_chain(const char *name, int n, const char *end)
{
	for (int i = 0; i < n; i++) {
		hs_auto_free char *path = hs_format("/deep/%s%d", name, i);
		hs_auto_free char *text =
			hs_format("include %s%d;", name, i + 1);

		scratch_write(path, i < n - 1 ? text : end);
	}
}

static void test_depth_has_an_end(void **state)
{
	(void)state;
	write_chain("a", 64, "a;");
	check_read("/deep/a0", "a;");
	write_chain("b", 70, "b;");
	check_refused("/deep/b0", HS_REFUSED, "server.config-broken",
		      "/deep/b63:1");
	/* read already by a short way, too deep by a long one */
	write_chain("c", 40, "include a33;");
	scratch_write("/deep/both", "include a33;\ninclude c0;");
	check_refused("/deep/both", HS_REFUSED, "server.config-broken",
		      "/deep/c39:1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_are_cut_as_nginx_does),
		cmocka_unit_test(test_errors_have_their_line),
		cmocka_unit_test(test_questions_are_answered),
		cmocka_unit_test(test_includes_stand_in_their_place),
		cmocka_unit_test(test_a_file_is_read_once),
		cmocka_unit_test(test_walks_know_their_include),
		cmocka_unit_test(test_broken_includes_are_named),
		cmocka_unit_test(test_depth_has_an_end),
	};

	return cmocka_run_group_tests(tests, make_top, remove_top);
}
