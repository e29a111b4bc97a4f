/*
 * ClientHellos by hand: what is sent, and what is made of any answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/probe/location.h"
#include "core/probe/offer.h"

/* The lengths in a hello fit each other. */
static void test_hellos_are_whole(void **state)
{
	char name[254];
	const char *names[] = {NULL, "example.test", "::1", name};
	unsigned char bytes[HS_OFFER_MAX];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (int offer = 0; offer < OFFER_MAX; offer++) {
		for (size_t i = 0; i < HS_LENGTH(names); i++) {
			size_t n = hs_offer_write((enum probe_offer)offer,
						  names[i], bytes);

			assert_in_range(n, 50, HS_OFFER_MAX - 1);
			assert_int_equal(bytes[0], 0x16);
			assert_int_equal(bytes[3] << 8 | bytes[4], n - 5);
			assert_int_equal(bytes[7] << 8 | bytes[8], n - 9);
		}
	}
}

/* A ServerHello of a version and cipher, with extensions or without. */
static size_t server_hello(int version, unsigned cipher, const char *more,
			   size_t more_length, unsigned char *bytes)
{
	size_t body = 38 + (more_length ? 2 + more_length : 0);

	memset(bytes, 0, 9 + body);
	bytes[0] = 0x16;
	bytes[1] = 3;
	bytes[2] = 1;
	bytes[4] = (unsigned char)(body + 4);
	bytes[5] = 2;
	bytes[8] = (unsigned char)body;
	bytes[9] = (unsigned char)(version >> 8);
	bytes[10] = (unsigned char)version;
	bytes[44] = (unsigned char)(cipher >> 8);
	bytes[45] = (unsigned char)cipher;
	if (more_length) {
		bytes[48] = (unsigned char)more_length;
		memcpy(bytes + 49, more, more_length);
	}
	return 9 + body;
}

static const struct {
	enum probe_offer offer;
	int version;
	unsigned cipher;
	bool accepted;
} hellos[] = {
	{OFFER_SSL3, 0x0300, 0x002f, true},
	{OFFER_SSL3, 0x0301, 0x002f, false},
	{OFFER_TLS1_2, 0x0303, 0xc02f, true},
	{OFFER_TLS1_2, 0x0301, 0xc013, false},
	{OFFER_TLS1_3, 0x0303, 0x1301, false},
	{OFFER_RC4, 0x0301, 0x0005, true},
	{OFFER_RC4, 0x0303, 0xc02f, false},
	{OFFER_NULL, 0x0303, 0x00ff, false},
};

static void test_answers(void **state)
{
	unsigned char bytes[128];

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(hellos); i++) {
		struct probe_offered got = {0};
		size_t n = server_hello(hellos[i].version, hellos[i].cipher,
					NULL, 0, bytes);

		assert_int_equal(hs_offer_read(hellos[i].offer, bytes, n, &got),
				 REPLY_HELLO);
		assert_int_equal(got.version, hellos[i].version);
		assert_int_equal(got.cipher, hellos[i].cipher);
		assert_int_equal(got.accepted, hellos[i].accepted);
		for (size_t part = 0; part < n; part++)
			assert_int_equal(hs_offer_read(hellos[i].offer, bytes,
						       part, &got),
					 REPLY_UNFINISHED);
	}
}

static void test_extensions(void **state)
{
	static const char h2[] = "\0\x10\0\5\0\3\2h2";
	static const char tls13[] = "\0\x2b\0\2\3\4";
	struct probe_offered got = {0};
	unsigned char bytes[128];
	size_t n = server_hello(0x0303, 0xc013, h2, sizeof(h2) - 1, bytes);

	(void)state;
	assert_int_equal(hs_offer_read(OFFER_H2, bytes, n, &got), REPLY_HELLO);
	assert_true(got.accepted && got.h2);
	assert_true(hs_offer_is_rejected(got.cipher));
	assert_false(hs_offer_is_rejected(0xc02f));
	got = (struct probe_offered){0};
	n = server_hello(0x0303, 0x1301, tls13, sizeof(tls13) - 1, bytes);
	assert_int_equal(hs_offer_read(OFFER_TLS1_3, bytes, n, &got),
			 REPLY_HELLO);
	assert_true(got.accepted);
	assert_int_equal(got.version, 0x0304);
}

static void test_other_answers(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		enum offer_reply reply;
	} others[] = {
		{"", 0, REPLY_UNFINISHED},
		{"\x15\3\1\0\2\2\x28", 7, REPLY_ALERT},
		{"HTTP/1.1 400 Bad Request\r\n", 26, REPLY_HTTP},
		{"HTT", 3, REPLY_UNFINISHED},
		{"Hello", 5, REPLY_OTHER},
		{"220 mail.test ESMTP\r\n", 21, REPLY_OTHER},
		{"\x16\3\1\0\4\1\0\0\0", 9, REPLY_OTHER},
		{"\x16\x7f\1\0\4\2\0\0\0", 9, REPLY_OTHER},
		/* cut short inside */
		{"\x16\3\1\0\4\2\xff\xff\xff", 9, REPLY_HELLO},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(others); i++) {
		struct probe_offered got = {0};

		assert_int_equal(
			hs_offer_read(OFFER_TLS1_2,
				      (const unsigned char *)others[i].bytes,
				      others[i].length, &got),
			others[i].reply);
		assert_false(got.accepted);
	}
}

/* Nothing a server can send may lead past its end. */
static void test_every_byte_may_be_wrong(void **state)
{
	static const char more[] = "\0\x10\0\5\0\3\2h2\0\x2b\0\2\3\4";
	unsigned char bytes[128];
	size_t n = server_hello(0x0303, 0xc02f, more, sizeof(more) - 1, bytes);

	(void)state;
	for (size_t at = 0; at < n; at++) {
		for (int value = 0; value < 256; value++) {
			unsigned char *copy = hs_alloc(n);
			struct probe_offered got = {0};

			memcpy(copy, bytes, n);
			copy[at] = (unsigned char)value;
			hs_offer_read(OFFER_H2, copy, n, &got);
			free(copy);
		}
	}
}

static void test_locations(void **state)
{
	static const struct {
		const char *from, *text, *leads_to;
	} cases[] = {
		{"http://a.test/x/y?z", "https://a.test/", "https://a.test/"},
		{"http://a.test/x/y?z", "/b?c#d", "http://a.test/b?c"},
		{"http://a.test:81/x/y?z", "b", "http://a.test:81/x/b"},
		{"https://a.test/x", "?q", "https://a.test/x?q"},
		{"https://a.test/x", "//b.test/c", "https://b.test/c"},
		{"https://a.test/x", "HTTPS://b.test", "https://b.test/"},
		{"https://a.test/x", "https://[::1]:8443?q",
		 "https://[::1]:8443/?q"},
		{"https://a.test/x", "mailto:a@b.test", NULL},
		{"https://a.test/x", "https://", NULL},
		{"https://a.test/x", "https://b.test:99999/", NULL},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		char *url = hs_location_resolve(cases[i].from, cases[i].text);

		assert_int_equal(url != NULL, cases[i].leads_to != NULL);
		if (url)
			assert_string_equal(url, cases[i].leads_to);
		free(url);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hellos_are_whole),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_extensions),
		cmocka_unit_test(test_other_answers),
		cmocka_unit_test(test_every_byte_may_be_wrong),
		cmocka_unit_test(test_locations),
	};

	return cmocka_run_group_tests_name("offer", tests, NULL, NULL);
}
