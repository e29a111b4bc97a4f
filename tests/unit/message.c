/*
 * Messages between processes: what was put comes back, and what was tampered
 * with does not read as something else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/memory.h"
#include "core/base/message.h"

/* A number, some bytes, a text, no text, an empty text. */
static struct str make(void)
{
	struct str bytes = {0};

	hs_message_put_number(&bytes, 0x0123456789abcdef);
	hs_message_put_bytes(&bytes, "a\0b", 3);
	hs_message_put_text(&bytes, "text");
	hs_message_put_text(&bytes, NULL);
	hs_message_put_text(&bytes, "");
	return bytes;
}

/* Reads that; whether it was whole. */
static int read_made(const char *bytes, size_t length)
{
	struct message message = hs_message_open(bytes, length);
	hs_auto_free char *text = NULL, *none = NULL, *empty = NULL;
	size_t size;

	hs_message_number(&message, UINT64_MAX);
	hs_message_bytes(&message, SIZE_MAX, &size);
	text = hs_message_text(&message, 4);
	none = hs_message_text(&message, 4);
	empty = hs_message_text(&message, 4);
	return !hs_message_end(&message) && text && !none && empty;
}

static void test_what_was_put_comes_back(void **state)
{
	hs_auto_str struct str bytes = make();
	struct message message = hs_message_open(bytes.data, bytes.len);
	hs_auto_free char *text = NULL, *empty = NULL;
	const unsigned char *data;
	size_t size;

	(void)state;
	assert_true(hs_message_number(&message, UINT64_MAX) ==
		    0x0123456789abcdef);
	data = hs_message_bytes(&message, 3, &size);
	assert_int_equal(size, 3);
	assert_memory_equal(data, "a\0b", 3);
	text = hs_message_text(&message, 4);
	assert_string_equal(text, "text");
	assert_null(hs_message_text(&message, 4));
	assert_int_equal(hs_message_end(&message), -1);
	empty = hs_message_text(&message, 4);
	assert_string_equal(empty, "");
	assert_int_equal(hs_message_end(&message), 0);
}

static void test_cut_anywhere_it_is_broken(void **state)
{
	hs_auto_str struct str bytes = make();

	(void)state;
	assert_true(read_made(bytes.data, bytes.len));
	for (size_t length = 0; length < bytes.len; length++) {
		/* of exactly that size, for a sanitizer to see it */
		hs_auto_free char *cut = hs_strndup(bytes.data, length);

		cut = hs_realloc(cut, length, 1);
		assert_false(read_made(cut, length));
	}
}

static void test_bytes_behind_the_end_break_it(void **state)
{
	hs_auto_str struct str bytes = make();

	(void)state;
	hs_str_putc(&bytes, 'n');
	assert_false(read_made(bytes.data, bytes.len));
}

static void test_a_field_of_another_kind_breaks_it(void **state)
{
	hs_auto_str struct str bytes = {0};
	struct message message;
	size_t size = 77;

	(void)state;
	hs_message_put_number(&bytes, 3);
	hs_message_put_number(&bytes, 4);
	message = hs_message_open(bytes.data, bytes.len);
	assert_non_null(hs_message_bytes(&message, 99, &size));
	assert_int_equal(size, 0);
	/* from here on nothing is read, though it would fit */
	assert_int_equal(hs_message_number(&message, 9), 0);
	assert_null(hs_message_text(&message, 9));
	assert_int_equal(hs_message_end(&message), -1);
}

static void test_caps_hold(void **state)
{
	hs_auto_str struct str bytes = make();
	struct message message = hs_message_open(bytes.data, bytes.len);
	size_t size;

	(void)state;
	assert_int_equal(hs_message_number(&message, 1000), 0);
	assert_true(message.broken);

	message = hs_message_open(bytes.data, bytes.len);
	hs_message_number(&message, UINT64_MAX);
	hs_message_bytes(&message, 2, &size);
	assert_int_equal(size, 0);
	assert_true(message.broken);

	message = hs_message_open(bytes.data, bytes.len);
	hs_message_number(&message, UINT64_MAX);
	hs_message_bytes(&message, 3, &size);
	assert_null(hs_message_text(&message, 3));
	assert_true(message.broken);
}

static void test_a_length_beyond_the_end_breaks_it(void **state)
{
	static const char far[] = "b\xff\xff\xff\xff\xff\xff\xff\xff"
				  "abc";
	struct message message = hs_message_open(far, sizeof(far) - 1);
	size_t size;

	(void)state;
	hs_message_bytes(&message, SIZE_MAX, &size);
	assert_int_equal(size, 0);
	assert_int_equal(hs_message_end(&message), -1);
}

static void test_a_nul_in_a_text_breaks_it(void **state)
{
	static const char text[] = "t\4\0\0\0\0\0\0\0a\0bc";
	struct message message = hs_message_open(text, sizeof(text) - 1);

	(void)state;
	assert_null(hs_message_text(&message, 99));
	assert_int_equal(hs_message_end(&message), -1);
}

static void test_a_text_that_is_not_there_has_no_length(void **state)
{
	static const char none[] = "0\1\0\0\0\0\0\0\0";
	struct message message = hs_message_open(none, sizeof(none) - 1);

	(void)state;
	assert_null(hs_message_text(&message, 99));
	assert_int_equal(hs_message_end(&message), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_put_comes_back),
		cmocka_unit_test(test_cut_anywhere_it_is_broken),
		cmocka_unit_test(test_bytes_behind_the_end_break_it),
		cmocka_unit_test(test_a_field_of_another_kind_breaks_it),
		cmocka_unit_test(test_caps_hold),
		cmocka_unit_test(test_a_length_beyond_the_end_breaks_it),
		cmocka_unit_test(test_a_nul_in_a_text_breaks_it),
		cmocka_unit_test(test_a_text_that_is_not_there_has_no_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
