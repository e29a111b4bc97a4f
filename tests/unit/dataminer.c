/*
 * A DataMiner Agent on a tree: what is found of it, and what becomes of its
 * files, byte for byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/product/product.h"
#include "core/settings/products/dataminer.h"
#include "core/settings/questions/questions.h"
#include "tests/unit/scratch.h"

#define FOLDER "Skyline DataMiner/"
#define SPACE " xmlns=\"http://www.skyline.be/config/maintenancesettings\""
#define BOM "\xef\xbb\xbf"
#define NEW "<HTTPS enabled=\"true\" name=\"dma.test\" />"

/* A tree with an agent, and what was found there. */
struct agent {
	struct root root;
	struct facts facts;
	struct settings settings;
	struct plan plan;
};

static void look(struct agent *agent)
{
	struct error err = {0};

	*agent = (struct agent){0};
	assert_int_equal(hs_root_open(scratch_make(), &agent->root, &err), 0);
	hs_settings_init(&agent->settings);
	agent->settings.name = hs_strdup("dma.test");
	agent->settings.product = hs_strdup("dataminer");
}

static void detect(struct agent *agent)
{
	struct error err = {0};

	assert_int_equal(hs_products_detect(&agent->root, &agent->facts, &err),
			 0);
}

static void answer(struct agent *agent, const char *id, const char *text)
{
	assert_int_equal(hs_question_answer(hs_question_by_id(id),
					    &agent->settings, text, ORIGIN_FLAG,
					    NULL, NULL),
			 0);
}

static void plan(struct agent *agent, bool disable)
{
	const struct product_ops *ops = hs_product_ops("dataminer");
	struct error err = {0};
	int result;

	detect(agent);
	result = (disable ? ops->disable
			  : ops->plan)(&agent->root, &agent->facts,
				       &agent->settings, &agent->plan, &err);
	if (result)
		fail_msg("%s: %s", err.where, err.what);
}

static void forget(struct agent *agent)
{
	hs_plan_done(&agent->plan);
	hs_facts_done(&agent->facts);
	hs_settings_done(&agent->settings);
	hs_root_close(&agent->root);
	scratch_remove();
}

/* MaintenanceSettings.xml before and after; NULL: it stays as it is. */
static const struct file_case {
	const char *what, *before, *enabled, *disabled;
} files[] = {
	{"no HTTPS, no namespace",
	 "<MaintenanceSettings>\n  <DMSRevision>3</DMSRevision>\n"
	 "</MaintenanceSettings>\n",
	 "<MaintenanceSettings>\n  <DMSRevision>3</DMSRevision>\n  " NEW
	 "\n</MaintenanceSettings>\n",
	 NULL},
	{"the namespace of the vendor's examples",
	 "<MaintenanceSettings" SPACE ">\n\t<WatchDog/>\n"
	 "</MaintenanceSettings>",
	 "<MaintenanceSettings" SPACE ">\n\t<WatchDog/>\n\t<HTTPS "
	 "enabled=\"true\" name=\"dma.test\"/>\n</MaintenanceSettings>",
	 NULL},
	{"switched off, another name",
	 "<MaintenanceSettings>\n  <HTTPS enabled=\"false\" "
	 "name=\"old.test\"/>\n</MaintenanceSettings>\n",
	 "<MaintenanceSettings>\n  <HTTPS enabled=\"true\" "
	 "name=\"dma.test\"/>\n</MaintenanceSettings>\n",
	 NULL},
	{"attributes in another order, single quotes, one of the future",
	 "<MaintenanceSettings>\r\n  <HTTPS name='old.test' x='1' "
	 "enabled='TRUE' />\r\n</MaintenanceSettings>",
	 "<MaintenanceSettings>\r\n  <HTTPS name='dma.test' x='1' "
	 "enabled='true' />\r\n</MaintenanceSettings>",
	 "<MaintenanceSettings>\r\n  <HTTPS name='old.test' x='1' "
	 "enabled='false' />\r\n</MaintenanceSettings>"},
	{"as wanted already",
	 "<MaintenanceSettings><HTTPS enabled=\"True\" name=\"dma.test\"/>"
	 "</MaintenanceSettings>",
	 NULL,
	 "<MaintenanceSettings><HTTPS enabled=\"false\" name=\"dma.test\"/>"
	 "</MaintenanceSettings>"},
	{"white space around the name is taken off",
	 "<MaintenanceSettings><HTTPS enabled=\"true\" "
	 "name=\"dma.test&#10;\"/></MaintenanceSettings>",
	 "<MaintenanceSettings><HTTPS enabled=\"true\" "
	 "name=\"dma.test\"/></MaintenanceSettings>",
	 "<MaintenanceSettings><HTTPS enabled=\"false\" "
	 "name=\"dma.test&#10;\"/></MaintenanceSettings>"},
	{"byte order mark, CRLF, an example in a comment",
	 BOM "<?xml version=\"1.0\"?>\r\n<MaintenanceSettings>\r\n"
	     "    <!-- <HTTPS enabled=\"true\" name=\"example\"/> -->\r\n"
	     "    <Backup  keep='3'>&amp;</Backup>\r\n"
	     "</MaintenanceSettings>\r\n",
	 BOM "<?xml version=\"1.0\"?>\r\n<MaintenanceSettings>\r\n"
	     "    <!-- <HTTPS enabled=\"true\" name=\"example\"/> -->\r\n"
	     "    <Backup  keep='3'>&amp;</Backup>\r\n"
	     "    <HTTPS enabled='true' name='dma.test' />\r\n"
	     "</MaintenanceSettings>\r\n",
	 NULL},
};

static const char *planned(const struct agent *agent)
{
	HS_EACH(change, &agent->plan.changes)
		if (strstr(change->path, "MaintenanceSettings.xml"))
			return change->after;
	return NULL;
}

static void check_file(const struct file_case *one, bool disable)
{
	const char *expected = disable ? one->disabled : one->enabled;
	struct agent agent;
	const char *after;

	print_message("# %s%s\n", one->what, disable ? ", disabled" : "");
	look(&agent);
	scratch_write(FOLDER "MaintenanceSettings.xml", one->before);
	plan(&agent, disable);
	after = planned(&agent);
	assert_int_equal(after != NULL, expected != NULL);
	if (after)
		assert_string_equal(after, expected);
	forget(&agent);
}

static void test_maintenance_settings(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(files); i++) {
		check_file(&files[i], false);
		check_file(&files[i], true);
	}
}

/* What was written is found again, and left alone. */
static void test_twice_is_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < HS_LENGTH(files); i++) {
		const char *before = files[i].enabled;
		struct agent agent;

		if (!before)
			continue;
		look(&agent);
		scratch_write(FOLDER "MaintenanceSettings.xml", before);
		plan(&agent, false);
		assert_null(planned(&agent));
		HS_EACH(task, &agent.plan.tasks)
			assert_int_equal(task->command.n, 0);
		forget(&agent);
	}
}

static void test_the_own_name_wins(void **state)
{
	struct agent agent;

	(void)state;
	look(&agent);
	scratch_write(FOLDER "MaintenanceSettings.xml",
		      "<MaintenanceSettings/>");
	answer(&agent, "dataminer.name", "dma01.test");
	plan(&agent, false);
	assert_non_null(strstr(planned(&agent), "name=\"dma01.test\""));
	forget(&agent);
}

/* Windows does not care for case. */
static void test_case_is_nothing(void **state)
{
	struct agent agent;

	(void)state;
	look(&agent);
	scratch_write("skyline dataminer/maintenancesettings.XML",
		      "<MaintenanceSettings/>");
	plan(&agent, false);
	assert_int_equal(agent.plan.changes.n, 1);
	assert_string_equal(agent.plan.changes.items[0].path,
			    "/skyline dataminer/maintenancesettings.XML");
	forget(&agent);
}

/* Files that stand in the way, and the finding each of them gets. */
static void test_bad_files(void **state)
{
	static const struct {
		const char *text, *id;
	} bad[] = {
		{NULL, "dataminer.settings-missing"},
		{"<MaintenanceSettings><HTTPS/><HTTPS/></MaintenanceSettings>",
		 "dataminer.https-duplicate"},
		{"<MaintenanceSettings><HTTPS xmlns='urn:x'/>"
		 "</MaintenanceSettings>",
		 "dataminer.settings-unknown"},
		{"<configuration/>", "dataminer.settings-unknown"},
		{"<HTTPS enabled='true'/>", "dataminer.settings-unknown"},
		{"<MaintenanceSettings>", "server.config-broken"},
		{"", "server.config-broken"},
		{"<!DOCTYPE a><MaintenanceSettings/>",
		 "server.unsupported-syntax"},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(bad); i++) {
		const struct product_facts *product;
		struct agent agent;

		look(&agent);
		scratch_write(FOLDER "Info/version.txt", "10.4");
		if (bad[i].text)
			scratch_write(FOLDER "MaintenanceSettings.xml",
				      bad[i].text);
		detect(&agent);
		product = hs_facts_product(&agent.facts, "dataminer");
		assert_non_null(product);
		assert_int_equal(product->problems.n, 1);
		assert_string_equal(product->problems.items[0].id, bad[i].id);
		assert_non_null(product->problems.items[0].where);
		forget(&agent);
	}
}

#define DMS                                                                    \
	"<DMS xmlns=\"http://www.skyline.be/config/dms\">\n"                   \
	"  <DMA ip=\"10.4.2.92\"/><DMA ip=\"10.4.2.93\"/>\n"                   \
	"  <Redirects>\n"                                                      \
	"    <Redirect to=\"10.4.2.93\" via=\"%s\"%s/>\n"                      \
	"    <Redirect to=\"10.4.2.94\" via=\"\"/>\n"                          \
	"  </Redirects>\n"                                                     \
	"</DMS>\n"

static void check_uris(const char *wanted, const char *via, const char *after,
		       const char *more)
{
	hs_auto_free char *text = hs_format(DMS, via, more);
	hs_auto_free char *expected = hs_format(DMS, after, more);
	const struct change *change;
	struct agent agent;

	look(&agent);
	scratch_write(FOLDER "MaintenanceSettings.xml",
		      "<MaintenanceSettings><HTTPS enabled=\"true\" "
		      "name=\"dma.test\"/></MaintenanceSettings>");
	scratch_write(FOLDER "DMS.xml", text);
	answer(&agent, "dataminer.connection-uris", wanted);
	plan(&agent, false);
	assert_int_equal(agent.plan.changes.n, strcmp(via, after) != 0);
	if (agent.plan.changes.n) {
		change = &agent.plan.changes.items[0];
		assert_string_equal(change->path, "/" FOLDER "DMS.xml");
		assert_string_equal(change->after, expected);
		assert_int_equal(change->secret, *more != '\0');
		assert_non_null(strstr(change->reason, after));
	}
	forget(&agent);
}

static void test_connection_uris(void **state)
{
	static const char remoting[] = "http://10.4.2.93:8004/SLNetService";
	static const char grpc[] = "https://10.4.2.93/APIGateway";

	(void)state;
	check_uris("keep", remoting, remoting, "");
	check_uris("grpc", remoting, grpc, "");
	check_uris("grpc", grpc, grpc, "");
	check_uris("auto-https", "auto://dma2.test", "auto://dma2.test/https",
		   "");
	check_uris("grpc", "auto://nodetect/", grpc,
		   " user=\"a\" pwd=\"secret\"");
}

static void test_connection_settings(void **state)
{
	static const struct {
		const char *text;
		int line;
	} cases[] = {
		{"* type=GRPCConnection\r\n", 0},
		{"# polling=1000\n* type=RemotingConnection;polling=0\n", 0},
		{BOM "# x\n\n* type=RemotingConnection;polling=1000\n", 3},
		{"* type=RemotingConnection;serverport=1234", 1},
		{"* type=RemotingConnection;serverport=8004", 0},
		{"10.10.7.1 type=RemotingConnection\n*\n", 1},
		{"10.10.7.1 type=GRPCConnection\n", 0},
		{"", 0},
	};

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		struct agent agent;

		print_message("# case %zu\n", i);
		look(&agent);
		scratch_write(FOLDER "MaintenanceSettings.xml",
			      "<MaintenanceSettings/>");
		scratch_write(FOLDER "WebPages/ConnectionSettings.txt",
			      cases[i].text);
		detect(&agent);
		assert_int_equal(
			hs_dataminer_facts(&agent.facts)->connections_line,
			cases[i].line);
		forget(&agent);
	}
}

static const struct task *task_about(const struct plan *plan, const char *words)
{
	HS_EACH(task, &plan->tasks)
		if (strstr(task->text, words))
			return task;
	return NULL;
}

/* What people do, and in which order. */
static void test_steps_for_people(void **state)
{
	static const struct {
		const char *words;
		enum task_when when;
	} steps[] = {
		{"stop DataMiner", TASK_BEFORE},
		{"SLNet too", TASK_BEFORE},
		{"start DataMiner again", TASK_AFTER},
		{"DNS has dma.test", TASK_AFTER},
		{"every agent of the system (10.4.2.92, 10.4.2.93)",
		 TASK_AFTER},
		{"certificate that has 192.0.2.9", TASK_AFTER},
		{"SLNetClientTest", TASK_AFTER},
		{"8004", TASK_AFTER},
		{"log in to a web application", TASK_AFTER},
		{"Cube", TASK_AFTER},
		{"Visio", TASK_AFTER},
		{"ConfigureIIS.bat", TASK_AFTER},
		{"Security Advisory", TASK_AFTER},
		{"Cassandra", TASK_AFTER},
	};
	hs_auto_free char *dms = hs_format(DMS, "auto://a", "");
	struct agent agent;

	(void)state;
	look(&agent);
	scratch_write(FOLDER "MaintenanceSettings.xml",
		      "<MaintenanceSettings/>");
	scratch_write(FOLDER "DMS.xml", dms);
	answer(&agent, "bindings.mode", "https");
	answer(&agent, "dataminer.failover-names", "192.0.2.9");
	plan(&agent, false);
	for (size_t i = 0; i < HS_LENGTH(steps); i++) {
		const struct task *task =
			task_about(&agent.plan, steps[i].words);

		print_message("# %s\n", steps[i].words);
		assert_non_null(task);
		assert_int_equal(task->when, steps[i].when);
		assert_non_null(task->reason);
	}
	assert_string_equal(agent.plan.tasks.items[0].command.items[2],
			    "SLDataMiner");
	forget(&agent);
}

static void test_nothing_is_there(void **state)
{
	struct agent agent;

	(void)state;
	look(&agent);
	scratch_write("Windows/notepad.exe", "");
	plan(&agent, false);
	assert_null(hs_facts_product(&agent.facts, "dataminer"));
	assert_int_equal(agent.plan.changes.n, 0);
	assert_int_equal(agent.plan.tasks.n, 0);
	plan(&agent, true);
	assert_int_equal(agent.plan.changes.n, 0);
	forget(&agent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_maintenance_settings),
		cmocka_unit_test(test_twice_is_once),
		cmocka_unit_test(test_the_own_name_wins),
		cmocka_unit_test(test_case_is_nothing),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_connection_uris),
		cmocka_unit_test(test_connection_settings),
		cmocka_unit_test(test_steps_for_people),
		cmocka_unit_test(test_nothing_is_there),
	};

	return cmocka_run_group_tests_name("dataminer", tests, NULL, NULL);
}
