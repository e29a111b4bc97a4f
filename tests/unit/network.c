/*
 * Names in the network of a trial start: each has an address, always the same,
 * and whatever is no question gets no answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/cleanup.h"
#include "core/server/network.h"

#define ROOM 512
#define TYPE_AAAA 28

/* A question for `name` (labels with their lengths), with an EDNS record behind
 * it as resolvers send it; its length. */
static size_t ask(const char *name, unsigned char type,
		  unsigned char ret_message[static ROOM])
{
	static const unsigned char head[] = {0x12, 0x34, 1, 0, 0, 1,
					     0,	   0,	 0, 0, 0, 1};
	static const unsigned char extra[] = {0, 0, 41, 4, 0xd0, 0,
					      0, 0, 0,	0, 0};
	const unsigned char kind[] = {0, type, 0, 1};
	size_t length = strlen(name) + 1, at = sizeof(head);

	memcpy(ret_message, head, at);
	memcpy(ret_message + at, name, length);
	at += length;
	memcpy(ret_message + at, kind, sizeof(kind));
	at += sizeof(kind);
	memcpy(ret_message + at, extra, sizeof(extra));
	return at + sizeof(extra);
}

#define BACKEND "\007backend\007example"
#define OTHER "\005other\007example"

/* The four bytes of the address that the name has. */
static void resolve(const char *name, unsigned char ret_address[static 4])
{
	unsigned char message[ROOM];
	size_t length = ask(name, 1, message);
	size_t question = 12 + strlen(name) + 1 + 4;

	length = hs_network_reply(message, length, sizeof(message));
	assert_int_equal(length, question + 16);
	assert_int_equal(message[2] & 0x80, 0x80); /* an answer */
	assert_int_equal(message[3] & 0x0f, 0);	   /* without an error */
	assert_int_equal(message[7], 1);
	assert_int_equal(message[11], 0);
	memcpy(ret_address, message + length - 4, 4);
}

static void test_names_have_addresses(void **state)
{
	unsigned char one[4], again[4], other[4];

	(void)state;
	resolve(BACKEND, one);
	resolve(BACKEND, again);
	resolve(OTHER, other);
	assert_memory_equal(one, again, 4);
	assert_memory_not_equal(one, other, 4);
	assert_int_equal(one[0], 198);
	assert_in_range(one[1], 18, 19);
	assert_in_range(one[3], 1, 254);
}

static void test_other_records_are_none(void **state)
{
	unsigned char message[ROOM];
	size_t length = ask(BACKEND, TYPE_AAAA, message);

	(void)state;
	length = hs_network_reply(message, length, sizeof(message));
	assert_int_equal(length, 12 + sizeof(BACKEND) + 4);
	assert_int_equal(message[7], 0);
	assert_int_equal(message[3] & 0x0f, 0);
}

/* Cut off anywhere, and with every byte of it wrong. */
static void test_what_is_no_question(void **state)
{
	unsigned char message[ROOM], whole[ROOM];
	size_t length = ask(BACKEND, 1, whole);
	size_t question = 12 + sizeof(BACKEND) + 4;

	(void)state;
	for (size_t cut = 0; cut < question; cut++) {
		memcpy(message, whole, length);
		assert_int_equal(hs_network_reply(message, cut, ROOM), 0);
	}
	for (size_t at = 0; at < length; at++) {
		memcpy(message, whole, length);
		message[at] = 0xff;
		assert_in_range(hs_network_reply(message, length, ROOM), 0,
				ROOM);
	}
	memcpy(message, whole, length);
	message[2] |= 0x80; /* an answer is not answered */
	assert_int_equal(hs_network_reply(message, length, ROOM), 0);
	assert_int_equal(hs_network_reply(whole, length, question + 15), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_have_addresses),
		cmocka_unit_test(test_other_records_are_none),
		cmocka_unit_test(test_what_is_no_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
