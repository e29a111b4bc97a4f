/*
 * Foreign text made harmless, and its width.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/cleanup.h"
#include "core/base/text.h"

static void safe_is(const char *bytes, size_t length, size_t max,
		    const char *expected)
{
	hs_auto_free char *safe = hs_text_safe(bytes, length, max);

	assert_string_equal(safe, expected);
	if (!max)
		assert_int_equal(hs_text_is_hostile(bytes, length),
				 length != strlen(expected));
}

#define SAFE(bytes, expected) safe_is(bytes, sizeof(bytes) - 1, 0, expected)

static void test_good_text_stays(void **state)
{
	(void)state;
	SAFE("", "");
	SAFE("/etc/nginx/nginx.conf:12", "/etc/nginx/nginx.conf:12");
	SAFE("M\xc3\xbcnchen \xe6\xbc\xa2 \xf0\x9f\x94\x92",
	     "M\xc3\xbcnchen \xe6\xbc\xa2 \xf0\x9f\x94\x92");
	SAFE("e\xcc\x81", "e\xcc\x81");
}

static void test_controls(void **state)
{
	(void)state;
	SAFE("\033[2J\a", "\\x1b[2J\\x07");
	SAFE("a\nb\tc\r", "a\\x0ab\\x09c\\x0d");
	SAFE("bank\0.example", "bank\\x00.example");
	SAFE("\x7f", "\\x7f");
	SAFE("\xc2\x9b"
	     "2J",
	     "\\u{9b}2J");
}

static void test_invalid_bytes(void **state)
{
	(void)state;
	SAFE("\xff", "\\xff");
	SAFE("\xc3", "\\xc3");
	SAFE("\xc3(", "\\xc3(");
	SAFE("\xe6\xbc", "\\xe6\\xbc");
	SAFE("\xc0\xaf", "\\xc0\\xaf");		 /* overlong */
	SAFE("\xe0\x80\xaf", "\\xe0\\x80\\xaf"); /* overlong */
	SAFE("\xed\xa0\x80", "\\xed\\xa0\\x80"); /* surrogate */
	SAFE("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
	SAFE("\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80");
}

static void test_what_is_not_seen(void **state)
{
	(void)state;
	SAFE("a\xe2\x80\xae"
	     "b",
	     "a\\u{202e}b"); /* direction */
	SAFE("\xe2\x81\xa6", "\\u{2066}");
	SAFE("\xe2\x80\x8b", "\\u{200b}"); /* zero width */
	SAFE("\xe2\x80\x8d", "\\u{200d}");
	SAFE("\xef\xbb\xbf", "\\u{feff}");
	SAFE("\xc2\xad", "\\u{ad}");
	SAFE("\xe2\x80\xa8", "\\u{2028}"); /* line end */
	SAFE("\xee\x80\x80", "\\u{e000}"); /* private */
	SAFE("\xf3\xb0\x80\x80", "\\u{f0000}");
	SAFE("\xf3\xa0\x81\x81", "\\u{e0041}"); /* tag */
	SAFE("\xef\xbf\xbf", "\\u{ffff}");
	SAFE("\xf1\x80\x80\x80", "\\u{40000}"); /* no such plane yet */
}

static void test_cut(void **state)
{
	(void)state;
	safe_is("abcdef", 6, 6, "abcdef");
	safe_is("abcdef", 6, 5, "ab...");
	safe_is("abcdef", 6, 3, "...");
	safe_is("abcdef", 6, 2, "..");
	/* neither a character nor its stand-in is cut through */
	safe_is("ab\xe6\xbc\xa2\xe6\xbc\xa2", 8, 7, "ab...");
	safe_is("ab\033\033", 4, 8, "ab...");
	safe_is("ab\033\033", 4, 9, "ab\\x1b...");
}

static void test_decode(void **state)
{
	size_t length;

	(void)state;
	assert_int_equal(hs_text_decode("\xe6\xbc\xa2x", 4, &length), 0x6f22);
	assert_int_equal(length, 3);
	assert_int_equal(hs_text_decode("\xe6\xbc\xa2", 2, &length), -1);
	assert_int_equal(length, 1);
	assert_int_equal(hs_text_decode("\xf4\x8f\xbf\xbf", 4, &length),
			 0x10ffff);
	assert_int_equal(hs_text_decode("", 0, &length), -1);
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(hs_text_width(""), 0);
	assert_int_equal(hs_text_width("abc"), 3);
	assert_int_equal(hs_text_width("M\xc3\xbcnchen"), 7);
	assert_int_equal(hs_text_width("e\xcc\x81"), 1);
	assert_int_equal(hs_text_width("\xe6\xbc\xa2\xe5\xad\x97"), 4);
	assert_int_equal(hs_text_width("\xed\x95\x9c"), 2);
	assert_int_equal(hs_text_width("\xf0\x9f\x94\x92"), 2);
	assert_int_equal(hs_text_width("\xef\xbc\xa1"), 2);
	assert_int_equal(hs_text_width("\xe2\x94\x80"), 1);
	assert_int_equal(hs_text_width("\xff"), 1);
}

static void test_dates(void **state)
{
	char text[24];

	(void)state;
	hs_text_date(0, text);
	assert_string_equal(text, "1970-01-01");
	hs_text_date(1796860800, text);
	assert_string_equal(text, "2026-12-10");
	hs_text_date(253402300799, text);
	assert_string_equal(text, "9999-12-31");
	hs_text_date(-62135596800, text);
	assert_string_equal(text, "0001-01-01");
	hs_text_date(INT64_MAX, text);
	assert_string_equal(text, "@9223372036854775807");
}

static void test_durations(void **state)
{
	static const struct {
		long long seconds;
		const char *text;
	} cases[] = {
		{0, "0 seconds"},     {1, "1 second"},
		{90, "90 seconds"},   {120, "2 minutes"},
		{3600, "1 hour"},     {2592000, "30 days"},
		{31536000, "1 year"}, {63072000, "2 years"},
		{-60, "-1 minutes"},
	};
	char text[40];

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		hs_text_duration(cases[i].seconds, text);
		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_text_stays),
		cmocka_unit_test(test_controls),
		cmocka_unit_test(test_invalid_bytes),
		cmocka_unit_test(test_what_is_not_seen),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_durations),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
