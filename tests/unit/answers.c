/*
 * The answers file: what is written is read back, flags win, and whatever is
 * wrong is refused with its line and nothing taken over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/settings/questions/answers.h"
#include "core/settings/questions/questions.h"

static int read_text(const char *xml, struct settings *settings,
		     struct error *err)
{
	return hs_answers_read("site.xml", xml, strlen(xml), settings, err);
}

static void answer(struct settings *settings, const char *id, const char *text,
		   enum origin origin)
{
	assert_int_equal(hs_question_answer(hs_question_by_id(id), settings,
					    text, origin, NULL, NULL),
			 0);
}

static const char good[] =
	"<?xml version=\"1.0\"?>\n"
	"<!-- for the shop -->\n"
	"<https-setup schema=\"1\">\n"
	"  <server>nginx</server>\n"
	"  <server-config>/etc/nginx/nginx.conf</server-config>\n"
	"  <certificate>\n"
	"    <file>\n      /root/a &amp; b.pfx\n    </file>\n"
	"  </certificate>\n"
	"  <name>WWW.example.test</name>\n"
	"  <bindings>\n"
	"    <https-port>8443</https-port>\n"
	"    <address>192.0.2.1</address>\n"
	"    <address>2001:db8::1</address>\n"
	"  </bindings>\n"
	"  <hsts><enabled>yes</enabled><max-age>30d</max-age></hsts>\n"
	"  <redirect><code><![CDATA[307]]></code></redirect>\n"
	"</https-setup>\n";

static void test_answers_are_read(void **state)
{
	struct settings settings;
	struct error err = {0};
	const struct answered *port;

	(void)state;
	hs_settings_init(&settings);
	assert_int_equal(read_text(good, &settings, &err), 0);
	assert_string_equal(settings.server, "nginx");
	assert_string_equal(settings.server_config, "/etc/nginx/nginx.conf");
	assert_string_equal(settings.certificate_file, "/root/a & b.pfx");
	assert_string_equal(settings.name, "www.example.test");
	assert_int_equal(settings.https_port, 8443);
	assert_int_equal(settings.addresses.n, 2);
	assert_true(settings.hsts_enabled);
	assert_int_equal(settings.hsts_max_age, 30 * 86400);
	assert_int_equal(settings.redirect_code, 307);
	port = &settings.answered[hs_question_index(
		hs_question_by_id("bindings.https-port"))];
	assert_int_equal(port->origin, ORIGIN_ANSWERS);
	assert_string_equal(port->where, "site.xml:13");
	hs_settings_done(&settings);
}

static void test_flags_win(void **state)
{
	struct settings settings;

	(void)state;
	hs_settings_init(&settings);
	answer(&settings, "name", "other.test", ORIGIN_FLAG);
	answer(&settings, "bindings.address", "192.0.2.7", ORIGIN_FLAG);
	assert_int_equal(read_text(good, &settings, NULL), 0);
	assert_string_equal(settings.name, "other.test");
	assert_int_equal(settings.addresses.n, 1);
	assert_int_equal(settings.https_port, 8443);
	hs_settings_done(&settings);
}

#define IN(xml) "<https-setup schema=\"1\">\n" xml "\n</https-setup>\n"

/* Files that are refused: where, and a word of the sentence or the hint. */
static const struct {
	const char *xml, *where, *says;
} bad[] = {
	{IN("<hsts>\n<max-agge>1</max-agge></hsts>"), "site.xml:3",
	 "<hsts><max-age>"},
	{IN("<nonsense/>"), "site.xml:2", "no element <nonsense>"},
	{IN("<certificate.file>/a</certificate.file>"), "site.xml:2",
	 "<certificate><file>"},
	{IN("<name><x/></name>"), "site.xml:2", "no element <x>"},
	{IN("\n<hsts><enabled>perhaps</enabled></hsts>"), "site.xml:3",
	 "yes or no"},
	{IN("<server>ngnix</server>"), "site.xml:2", "nginx"},
	{IN("<bindings><address>eth0</address></bindings>"), "site.xml:2",
	 "IPv4"},
	{IN("<name></name>"), "site.xml:2", "no answer"},
	{IN("<name/>"), "site.xml:2", "no answer"},
	{IN("<name>a.test</name>\n<name>b.test</name>"), "site.xml:3", "twice"},
	{IN("<certificate><passphrase>x</passphrase></certificate>"),
	 "site.xml:2", "secret"},
	{IN("<name lang=\"de\">a.test</name>"), "site.xml:2", "lang"},
	{IN("a.test"), "site.xml:", "only elements"},
	{"<https-setup schema=\"2\"/>", "site.xml:1", "schema"},
	{"<https-setup colour=\"red\"/>", "site.xml:1", "colour"},
	{"<other/>", "site.xml:1", "https-setup"},
	{"", "", "no XML"},
	{"name: a.test\n", "site.xml:1", "no XML"},
	{IN("<name>a.test</nam>"), "site.xml:2", "no XML"},
	{"<https-setup>\n<name>a.test</name>", "site.xml:2", "no XML"},
	{"<!DOCTYPE x [<!ENTITY a \"b\">]>\n" IN("<name>&a;</name>"),
	 "site.xml:1", "DOCTYPE"},
	{"<!DOCTYPE x SYSTEM \"http://127.0.0.1/x.dtd\">\n" IN(""),
	 "site.xml:1", "DOCTYPE"},
	{IN("<name>&a;</name>"), "site.xml:2", "no XML"},
};

static void test_bad_files_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(bad); i++) {
		struct settings settings;
		struct error err = {0};

		hs_settings_init(&settings);
		assert_int_equal(read_text(bad[i].xml, &settings, &err), -1);
		print_message("# %s: %s (%s)\n", err.where, err.what, err.hint);
		assert_int_equal(err.code, HS_USAGE);
		assert_int_equal(
			strncmp(err.where, bad[i].where, strlen(bad[i].where)),
			0);
		assert_true(strstr(err.what, bad[i].says) ||
			    strstr(err.hint, bad[i].says));
		assert_null(strpbrk(err.what, "\n\r\033"));
		hs_settings_done(&settings);
	}
}

static void test_a_bad_file_changes_nothing(void **state)
{
	struct settings settings;

	(void)state;
	hs_settings_init(&settings);
	assert_int_equal(read_text(IN("<name>a.test</name><nonsense/>"),
				   &settings, NULL),
			 -1);
	assert_null(settings.name);
	hs_settings_done(&settings);
}

static void test_overruled_answers_are_looked_at(void **state)
{
	struct settings settings;
	struct error err = {0};

	(void)state;
	hs_settings_init(&settings);
	answer(&settings, "bindings.mode", "both", ORIGIN_FLAG);
	assert_int_equal(read_text(IN("<bindings><mode>foo</mode></bindings>"),
				   &settings, &err),
			 -1);
	assert_string_equal(err.where, "site.xml:2");
	hs_settings_done(&settings);
}

static void test_large_files_are_refused(void **state)
{
	size_t length = ((size_t)1 << 20) + 1;
	hs_auto_free char *bytes = hs_alloc(length);
	struct settings settings;
	struct error err = {0};

	(void)state;
	memset(bytes, ' ', length);
	memcpy(bytes, "<https-setup/>", 14);
	hs_settings_init(&settings);
	assert_int_equal(
		hs_answers_read("big.xml", bytes, length, &settings, &err), -1);
	assert_non_null(strstr(err.what, "1 MiB"));
	assert_int_equal(
		hs_answers_read("big.xml", bytes, length - 1, &settings, NULL),
		0);
	hs_settings_done(&settings);
}

/* An answer for every question. */
static const struct {
	const char *id, *text;
} all[] = {
	{"server", "nginx"},
	{"server-config", "/etc/<odd> & \"strange\"/nginx.conf"},
	{"server-binary", "/usr/sbin/nginx"},
	{"site", "shop"},
	{"product", "dataminer"},
	{"root", "/mnt"},
	{"certificate.file", "/root/a.pem"},
	{"certificate.key", "/root/a.key"},
	{"certificate.chain", "/root/b\xc3\xbc.pem"},
	{"certificate.self-signed", "yes"},
	{"name", "www.example.test"},
	{"bindings.mode", "https"},
	{"bindings.http-port", "8080"},
	{"bindings.https-port", "8443"},
	{"bindings.address", "192.0.2.1 2001:db8::1"},
	{"bindings.host-name", "none"},
	{"tls.profile", "modern"},
	{"hsts.enabled", "yes"},
	{"hsts.max-age", "2592000"},
	{"hsts.include-subdomains", "yes"},
	{"hsts.preload", "no"},
	{"redirect.enabled", "yes"},
	{"redirect.code", "307"},
	{"redirect.skip-localhost", "no"},
	{"firewall.backend", "none"},
	{"firewall.close-http", "yes"},
	{"iis.version", "2016-or-older"},
	{"iis.require-ssl", "yes"},
	{"iis.require-ssl-for", "ArcGIS/rest, ArcGIS/Manager"},
	{"iis.pfx", "compatible"},
	{"dataminer.name", "dma01.example.test"},
	{"dataminer.failover-names", "192.0.2.9 dms.example.test"},
	{"dataminer.cloud", "yes"},
	{"dataminer.connection-uris", "grpc"},
	{"certero.endpoints", "from-8.4"},
	{"certero.endpoint-servers", "ep1.example.test ep2.example.test"},
	{"certero.clients-updated", "yes"},
	{"itms.require-https", "yes"},
	{"itms.site-servers", "ps1.example.test"},
	{"arcgis.instance", "C:\\Inetpub\\wwwroot\\ArcGIS"},
	{"apply.confirm-within", "30"},
};

static void test_what_is_written_is_read_back(void **state)
{
	struct settings settings, again;
	hs_auto_str struct str xml = {0};
	size_t count;
	const struct question *questions = hs_questions(&count);

	(void)state;
	assert_int_equal(HS_LENGTH(all), count - 1);
	hs_settings_init(&settings);
	hs_settings_init(&again);
	for (size_t i = 0; i < HS_LENGTH(all); i++)
		answer(&settings, all[i].id, all[i].text, ORIGIN_OPERATOR);
	answer(&settings, "certificate.passphrase", "hush", ORIGIN_OPERATOR);
	hs_answers_write(&settings, &xml);
	assert_null(strstr(hs_str_text(&xml), "hush"));
	assert_int_equal(read_text(hs_str_text(&xml), &again, NULL), 0);
	for (size_t i = 0; i < count; i++) {
		const struct question *q = &questions[i];
		hs_auto_free char *before = hs_question_text(q, &settings);
		hs_auto_free char *after = hs_question_text(q, &again);

		if (q->kind == QUESTION_SECRET)
			assert_string_equal(after, "");
		else
			assert_string_equal(after, before);
	}
	hs_settings_done(&settings);
	hs_settings_done(&again);
}

static void test_the_file_looks_as_people_write_it(void **state)
{
	struct settings settings;
	hs_auto_str struct str xml = {0};

	(void)state;
	hs_settings_init(&settings);
	answer(&settings, "certificate.key", "/k", ORIGIN_FLAG);
	answer(&settings, "certificate.file", "/c", ORIGIN_FLAG);
	answer(&settings, "name", "a.test", ORIGIN_FLAG);
	hs_settings_found(&settings, "site", "a.test");
	hs_answers_write(&settings, &xml);
	assert_string_equal(hs_str_text(&xml),
			    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			    "<https-setup schema=\"1\">\n"
			    "  <certificate>\n"
			    "    <file>/c</file>\n"
			    "    <key>/k</key>\n"
			    "  </certificate>\n"
			    "  <name>a.test</name>\n"
			    "</https-setup>\n");
	hs_settings_done(&settings);
}

static void test_what_xml_cannot_hold_is_left_out(void **state)
{
	struct settings settings, again;
	hs_auto_str struct str xml = {0};

	(void)state;
	hs_settings_init(&settings);
	hs_settings_init(&again);
	answer(&settings, "certificate.file", "/a\033[2J", ORIGIN_OPERATOR);
	answer(&settings, "certificate.key", "/\xff", ORIGIN_OPERATOR);
	answer(&settings, "name", "a.test", ORIGIN_OPERATOR);
	hs_answers_write(&settings, &xml);
	assert_int_equal(read_text(hs_str_text(&xml), &again, NULL), 0);
	assert_null(again.certificate_file);
	assert_null(again.certificate_key);
	assert_string_equal(again.name, "a.test");
	hs_settings_done(&settings);
	hs_settings_done(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_are_read),
		cmocka_unit_test(test_flags_win),
		cmocka_unit_test(test_bad_files_are_refused),
		cmocka_unit_test(test_a_bad_file_changes_nothing),
		cmocka_unit_test(test_overruled_answers_are_looked_at),
		cmocka_unit_test(test_large_files_are_refused),
		cmocka_unit_test(test_what_is_written_is_read_back),
		cmocka_unit_test(test_the_file_looks_as_people_write_it),
		cmocka_unit_test(test_what_xml_cannot_hold_is_left_out),
	};

	return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
