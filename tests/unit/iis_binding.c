/*
 * Bindings of IIS: how they are read, when two want the same requests, and
 * what http.sys files their certificate under.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/server/iis/binding.h"

struct reading {
	const char *protocol, *information;
	const char *address; /* NULL: not readable as a web binding */
	int port;
	const char *host;
};

static const struct reading readings[] = {
	{"http", "*:80:", "*", 80, ""},
	{"https", "*:443:", "*", 443, ""},
	{"HTTPS", "*:443:WWW.Example.test", "*", 443, "WWW.Example.test"},
	{"https", "0.0.0.0:443:", "*", 443, ""},
	{"https", ":8080:localhost", "*", 8080, "localhost"},
	{"https", "192.0.2.1:443:a.test", "192.0.2.1", 443, "a.test"},
	{"https", "[::]:443:", "[::]", 443, ""},
	{"https", "[2001:DB8::1]:8443:a.test", "[2001:db8::1]", 8443, "a.test"},
	{"https", "2001:db8:0::1:443:", "[2001:db8::1]", 443, ""},
	{"https", "*:0:", NULL, 0, NULL},
	{"https", "*:65536:", NULL, 0, NULL},
	{"https", "*:https:", NULL, 0, NULL},
	{"https", "*:443", NULL, 0, NULL},
	{"https", "", NULL, 0, NULL},
	{"https", "300.0.2.1:443:", NULL, 0, NULL},
	{"https", "[*]:443:", NULL, 0, NULL},
	{"net.tcp", "808:*", NULL, 0, NULL},
	{"net.pipe", "*", NULL, 0, NULL},
	{"net.msmq", "localhost", NULL, 0, NULL},
	{"http2", "*:80:", NULL, 0, NULL},
};

static void reads_what_iis_writes(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(readings); i++) {
		const struct reading *row = &readings[i];
		struct iis_binding binding;

		assert_int_equal(hs_iis_binding_read(row->protocol,
						     row->information, NULL,
						     &binding),
				 0);
		assert_string_equal(binding.information, row->information);
		assert_int_equal(binding.web, row->address != NULL);
		if (row->address) {
			assert_string_equal(binding.address, row->address);
			assert_string_equal(binding.host, row->host);
			assert_int_equal(binding.port, row->port);
		}
		hs_iis_binding_done(&binding);
	}
}

static void keeps_every_flag(void **state)
{
	static const struct {
		const char *text;
		int result;
		unsigned long flags;
	} rows[] = {
		{NULL, 0, 0},	   {"0", 0, 0},	    {"1", 0, 1},
		{"97", 0, 97},	   {" 33 ", 0, 33}, {"4096", 0, 4096},
		{"0x10", 0, 0x10}, {"Sni", -1, 0},  {"", -1, 0},
		{"-1", -1, 0},	   {"1 2", -1, 0},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(rows); i++) {
		struct iis_binding binding;

		assert_int_equal(hs_iis_binding_read("https", "*:443:",
						     rows[i].text, &binding),
				 rows[i].result);
		if (!rows[i].result)
			assert_int_equal(binding.flags, rows[i].flags);
		assert_string_equal(binding.host, "");
		hs_iis_binding_done(&binding);
	}
}

struct pair {
	const char *one, *one_flags, *other, *other_flags;
	bool same;   /* want the same requests */
	bool shares; /* one certificate for both */
};

static const struct pair pairs[] = {
	{"*:443:", "0", "*:443:", "0", true, true},
	{"*:443:", "0", "0.0.0.0:443:", "0", true, true},
	{"*:443:a.test", "1", "*:443:A.Test", "1", true, true},
	{"*:443:a.test", "1", "*:443:b.test", "1", false, false},
	{"*:443:a.test", "0", "*:443:b.test", "0", false, true},
	{"*:443:", "0", "*:443:b.test", "1", false, false},
	{"*:443:", "0", "*:443:b.test", "0", false, true},
	{"*:443:", "0", "192.0.2.1:443:", "0", false, false},
	{"*:443:", "0", "*:8443:", "0", false, false},
	{"[::1]:443:", "0", "[0:0::1]:443:", "0", true, true},
	{"[::]:443:", "0", "*:443:", "0", false, false},
	{"192.0.2.1:443:a.test", "1", "*:443:a.test", "1", false, true},
	{"*:443:a.test", "3", "*:443:b.test", "3", false, false},
	{"*:443:", "0", "808:*", "0", false, false},
};

static void compares_as_iis_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(pairs); i++) {
		const struct pair *row = &pairs[i];
		struct iis_binding one, other;

		hs_iis_binding_read("https", row->one, row->one_flags, &one);
		hs_iis_binding_read("https", row->other, row->other_flags,
				    &other);
		assert_int_equal(hs_iis_binding_same(&one, &other), row->same);
		assert_int_equal(hs_iis_binding_same(&other, &one), row->same);
		assert_int_equal(
			hs_iis_binding_shares_certificate(&one, &other),
			row->shares);
		hs_iis_binding_done(&one);
		hs_iis_binding_done(&other);
	}
}

static void http_and_https_meet_too(void **state)
{
	struct iis_binding plain, tls;

	(void)state;
	hs_iis_binding_read("http", "*:443:", NULL, &plain);
	hs_iis_binding_read("https", "*:443:", NULL, &tls);
	assert_true(hs_iis_binding_same(&plain, &tls));
	assert_false(hs_iis_binding_shares_certificate(&plain, &tls));
	hs_iis_binding_done(&plain);
	hs_iis_binding_done(&tls);
}

static const struct {
	const char *information, *flags, *key;
	enum iis_key_kind kind;
} keys[] = {
	{"*:443:", "0", "0.0.0.0:443", IIS_KEY_IPPORT},
	{"*:443:A.Test", "0", "0.0.0.0:443", IIS_KEY_IPPORT},
	{"*:443:A.Test", "1", "a.test:443", IIS_KEY_HOSTNAMEPORT},
	{"*:443:A.Test", "97", "a.test:443", IIS_KEY_HOSTNAMEPORT},
	{"[::1]:8443:", "96", "[::1]:8443", IIS_KEY_IPPORT},
	{"192.0.2.1:443:", "0", "192.0.2.1:443", IIS_KEY_IPPORT},
	{"*:443:a.test", "3", "443", IIS_KEY_CENTRAL},
};

static void names_the_record_of_http_sys(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(keys); i++) {
		struct iis_binding binding;
		enum iis_key_kind kind;
		hs_auto_free char *key = NULL;

		hs_iis_binding_read("https", keys[i].information, keys[i].flags,
				    &binding);
		key = hs_iis_http_sys_key(&binding, &kind);
		assert_string_equal(key, keys[i].key);
		assert_int_equal(kind, keys[i].kind);
		hs_iis_binding_done(&binding);
	}
}

static const struct {
	const char *address, *host, *information;
	unsigned long flags;
} made[] = {
	{"*", NULL, "*:443:", 0},
	{"*", "a.test", "*:443:a.test", IIS_SSL_SNI},
	{"0.0.0.0", "", "*:443:", 0},
	{"192.0.2.1", NULL, "192.0.2.1:443:", 0},
	{"2001:db8::1", NULL, "[2001:db8::1]:443:", 0},
};

static void writes_what_it_reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(made); i++) {
		struct iis_binding binding;

		hs_iis_binding_make(true, made[i].address, 443, made[i].host,
				    &binding);
		assert_string_equal(binding.information, made[i].information);
		assert_string_equal(binding.protocol, "https");
		assert_int_equal(binding.flags, made[i].flags);
		assert_true(binding.web);
		hs_iis_binding_done(&binding);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_iis_writes),
		cmocka_unit_test(keeps_every_flag),
		cmocka_unit_test(compares_as_iis_does),
		cmocka_unit_test(http_and_https_meet_too),
		cmocka_unit_test(names_the_record_of_http_sys),
		cmocka_unit_test(writes_what_it_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
