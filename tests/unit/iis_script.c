/*
 * The scripts that finish an IIS site on Windows, as they go into the plan:
 * constant texts, data beside them, the key in a file of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include <jansson.h>

#include "core/base/hash.h"
#include "core/cert/make/create.h"
#include "core/firewall/backends.h"
#include "core/server/iis/binding.h"
#include "core/server/iis/script.h"
#include "core/server/iis/script_run.h"
#include "tests/unit/scratch.h"

#define NAME "dma01.example.test"
#define FOLDER "Windows/System32/inetsrv/config/https-setup/"

struct site_tree {
	struct root root;
	struct facts facts;
	struct settings settings;
	struct iis_change change;
};

static int make_tree(void **state)
{
	struct site_tree *tree = hs_alloc(sizeof(*tree));
	struct strings names = {0};
	struct cert_request request = {.names = &names, .days = 90};
	struct iis_binding binding;

	hs_strings_add(&names, NAME);
	assert_int_equal(hs_root_open(scratch_make(), &tree->root, NULL), 0);
	assert_int_equal(
		hs_cert_create(&request, NULL, &tree->facts.bundle, NULL), 0);
	hs_strings_done(&names);
	scratch_write("Windows/System32/inetsrv/config/applicationHost.config",
		      "<configuration/>\n");
	tree->settings = (struct settings){
		.name = hs_strdup(NAME),
		.tls_profile = TLS_INTERMEDIATE,
	};
	tree->change = (struct iis_change){
		.kind = IIS_ENABLE,
		.site = hs_strdup("Default Web Site"),
		.id = 1,
		.http_port = 80,
		.https_port = 443,
	};
	hs_iis_binding_make(true, "*", 443, NULL, &binding);
	HS_PUSH(&tree->change.https, binding);
	*state = tree;
	return 0;
}

static int drop_tree(void **state)
{
	struct site_tree *tree = *state;

	hs_bundle_done(&tree->facts.bundle);
	hs_iis_change_done(&tree->change);
	hs_root_close(&tree->root);
	free(tree->settings.name);
	free(tree);
	scratch_remove();
	return 0;
}

static struct plan planned(struct site_tree *tree, struct plan plan)
{
	const struct server_job job = {
		.root = &tree->root,
		.facts = &tree->facts,
		.settings = &tree->settings,
	};
	struct error err = {0};

	if (hs_iis_plan_script(&job, &tree->change, &plan, &err))
		fail_msg("%s", err.what);
	return plan;
}

/* Puts the plan on the disk, as a transaction would. */
static void carry_out(const struct plan *plan)
{
	HS_EACH(change, &plan->changes) {
		hs_auto_free char *path =
			change->path ? scratch_path(change->path + 1) : NULL;

		if (change->kind == CHANGE_REMOVE)
			unlink(path);
		else if (change->after)
			scratch_write(change->path + 1, change->after);
		/* text() reads bytes with a NUL; so does a PFX */
		if (change->after &&
		    strlen(change->after) < change->after_length) {
			FILE *file = fopen(path, "we");

			assert_non_null(file);
			fwrite(change->after, 1, change->after_length, file);
			fclose(file);
		}
	}
}

static const struct change *change_of(const struct plan *plan, const char *file)
{
	HS_EACH(change, &plan->changes) {
		const char *name =
			change->path ? strrchr(change->path, '/') : NULL;

		if (name && !strcmp(name + 1, file))
			return change;
	}
	return NULL;
}

static json_t *data_of(const struct plan *plan)
{
	const struct change *change = change_of(plan, "https-setup.json");
	json_t *data;

	assert_non_null(change);
	data = json_loads(change->after, 0, NULL);
	assert_non_null(data);
	return data;
}

static void test_everything_is_there(void **state)
{
	struct plan plan = planned(*state, (struct plan){0});
	static const char *const files[] = {
		"https-setup-apply.ps1", "https-setup-undo.ps1",
		"https-setup-common.ps1", "https-setup.json"};
	const struct change *run = hs_iis_script_in(&plan);

	for (size_t i = 0; i < HS_LENGTH(files); i++) {
		const struct change *change = change_of(&plan, files[i]);

		assert_non_null(change);
		assert_false(change->secret);
		assert_int_equal(change->kind, CHANGE_CREATE);
	}
	assert_true(change_of(&plan, "https-setup.pfx")->secret);
	assert_int_equal(change_of(&plan, "https-setup.pfx")->mode, 0600);
	assert_true(change_of(&plan, "https-setup.passphrase")->secret);
	assert_non_null(run);
	assert_string_equal(run->command.items[run->command.n - 1],
			    "C:\\Windows\\System32\\inetsrv\\config\\"
			    "https-setup\\" NAME "\\https-setup-apply.ps1");
	hs_plan_done(&plan);
}

static void test_data_say_what_to_do(void **state)
{
	struct site_tree *tree = *state;
	struct iis_binding binding;
	struct plan plan;
	json_t *data, *one;
	const char *key, *value, *probe;
	int port;

	hs_iis_binding_make(true, "::1", 8443, NULL, &binding);
	HS_PUSH(&tree->change.https, binding);
	hs_iis_binding_make(true, "*", 443, NAME, &binding);
	binding.flags = IIS_SSL_SNI;
	HS_PUSH(&tree->change.https, binding);
	tree->change.close_http = true;
	plan = planned(tree, (struct plan){0});
	data = data_of(&plan);
	assert_int_equal(json_array_size(json_object_get(data, "bindings")), 3);
	one = json_array_get(json_object_get(data, "bindings"), 1);
	assert_int_equal(json_unpack(one, "{s:s, s:s, s:s, s:i}", "key", &key,
				     "value", &value, "probe", &probe, "port",
				     &port),
			 0);
	assert_string_equal(key, "ipport");
	assert_string_equal(value, "[::1]:8443");
	assert_string_equal(probe, "[::1]");
	one = json_array_get(json_object_get(data, "bindings"), 2);
	assert_string_equal(json_string_value(json_object_get(one, "value")),
			    NAME ":443");
	one = json_object_get(json_object_get(data, "firewall"), "close");
	assert_int_equal(json_integer_value(json_array_get(one, 0)), 80);
	json_decref(data);
	hs_plan_done(&plan);
}

/* What one binding becomes in the data. */
static void expect_binding(struct site_tree *tree, const char *address,
			   const char *host, const char *key, const char *value,
			   const char *probe)
{
	struct iis_binding binding;
	struct plan plan;
	json_t *data, *one;

	hs_iis_binding_make(true, address, 443, host, &binding);
	hs_iis_bindings_done(&tree->change.https);
	HS_PUSH(&tree->change.https, binding);
	plan = planned(tree, (struct plan){0});
	data = data_of(&plan);
	one = json_array_get(json_object_get(data, "bindings"), 0);
	assert_string_equal(json_string_value(json_object_get(one, "key")),
			    key);
	assert_string_equal(json_string_value(json_object_get(one, "value")),
			    value);
	assert_string_equal(json_string_value(json_object_get(one, "probe")),
			    probe);
	json_decref(data);
	hs_plan_done(&plan);
}

static void test_bindings_as_http_sys_knows_them(void **state)
{
	struct site_tree *tree = *state;

	expect_binding(tree, "*", NULL, "ipport", "0.0.0.0:443", "127.0.0.1");
	expect_binding(tree, "::", NULL, "ipport", "[::]:443", "[::1]");
	expect_binding(tree, "*", "B\u00fccher.Example.TEST", "hostnameport",
		       "xn--bcher-kva.example.test:443", "127.0.0.1");
	expect_binding(tree, "*", "*.Example.TEST", "hostnameport",
		       "*.example.test:443", "127.0.0.1");
}

static void test_twice_is_once(void **state)
{
	struct plan plan = planned(*state, (struct plan){0});

	carry_out(&plan);
	hs_plan_done(&plan);
	plan = planned(*state, (struct plan){0});
	assert_true(hs_plan_is_empty(&plan));
	/* not run there yet, so it is still said */
	assert_non_null(hs_iis_script_in(&plan));
	hs_plan_done(&plan);
}

/* As the script leaves it: the state says so, the key is gone. */
static void leave_done(const char *json)
{
	unsigned char digest[HS_HASH_SIZE];
	char hex[HS_HASH_HEX];
	hs_auto_free char *text = NULL;
	hs_auto_free char *pfx = scratch_path(FOLDER NAME "/https-setup.pfx");

	hs_hash(json, strlen(json), digest);
	hs_hash_hex(digest, hex);
	text = hs_format("{\"finished\":\"%s\",\"steps\":[]}", hex);
	scratch_write(FOLDER NAME "/https-setup-state.json", text);
	assert_int_equal(unlink(pfx), 0);
}

static void test_the_key_is_written_while_it_is_needed(void **state)
{
	struct plan plan = planned(*state, (struct plan){0});
	hs_auto_free char *pfx = scratch_path(FOLDER NAME "/https-setup.pfx");
	hs_auto_free char *json = NULL;

	carry_out(&plan);
	hs_plan_done(&plan);
	unlink(pfx);
	plan = planned(*state, (struct plan){0});
	assert_non_null(change_of(&plan, "https-setup.pfx"));
	carry_out(&plan);
	hs_plan_done(&plan);
	json = scratch_read(FOLDER NAME "/https-setup.json");
	leave_done(json);
	plan = planned(*state, (struct plan){0});
	assert_null(change_of(&plan, "https-setup.pfx"));
	assert_null(hs_iis_script_in(&plan));
	hs_plan_done(&plan);
}

/* Reads the key back as Windows would, with the passphrase beside it. */
static bool reads_back(const struct plan *plan, const char *passphrase)
{
	const struct change *pfx = change_of(plan, "https-setup.pfx");
	const struct change *beside = change_of(plan, "https-setup.passphrase");
	hs_auto_free char *path = scratch_path("key.pfx");
	hs_auto_free char *word = passphrase ? hs_strdup(passphrase)
					     : hs_strndup(beside->after, 48);
	struct cert_source source = {.file = path, .passphrase = word};
	struct bundle bundle = {0};
	struct root host;
	FILE *file = fopen(path, "we");
	bool reads;

	assert_non_null(file);
	fwrite(pfx->after, 1, pfx->after_length, file);
	fclose(file);
	assert_int_equal(hs_root_open(NULL, &host, NULL), 0);
	reads = !hs_bundle_read(&host, &source, &bundle, NULL) && bundle.read &&
		bundle.has_key && bundle.key_fits;
	hs_bundle_done(&bundle);
	hs_root_close(&host);
	return reads;
}

/* The digest of the MAC tells the forms apart: SHA-256 or SHA-1. */
static bool is_old_form(const struct plan *plan)
{
	static const unsigned char sha1[] = {0x2b, 0x0e, 0x03, 0x02, 0x1a};
	const struct change *pfx = change_of(plan, "https-setup.pfx");

	return memmem(pfx->after, pfx->after_length, sha1, sizeof(sha1));
}

static void test_the_form_fits_windows(void **state)
{
	static const struct {
		int build, pfx, version;
		bool old;
	} cases[] = {
		{0, IIS_PFX_AUTO, IIS_VERSION_AUTO, false},
		{14393, IIS_PFX_AUTO, IIS_VERSION_AUTO, true},
		{17763, IIS_PFX_AUTO, IIS_VERSION_AUTO, false},
		{0, IIS_PFX_AUTO, IIS_VERSION_OLDER, true},
		{20348, IIS_PFX_COMPATIBLE, IIS_VERSION_AUTO, true},
		{14393, IIS_PFX_MODERN, IIS_VERSION_AUTO, false},
	};
	struct site_tree *tree = *state;

	for (size_t i = 0; i < HS_LENGTH(cases); i++) {
		struct plan plan;

		tree->change.build = cases[i].build;
		tree->settings.iis.pfx = cases[i].pfx;
		tree->settings.iis.version = cases[i].version;
		plan = planned(tree, (struct plan){0});
		assert_int_equal(is_old_form(&plan), cases[i].old);
		assert_true(reads_back(&plan, NULL));
		hs_plan_done(&plan);
	}
}

static void test_a_passphrase_of_yours_is_not_written(void **state)
{
	struct site_tree *tree = *state;
	char word[] = "pa'ss \"$(w)\"";
	struct plan plan;

	tree->settings.certificate_passphrase = word;
	plan = planned(tree, (struct plan){0});
	assert_null(change_of(&plan, "https-setup.passphrase"));
	assert_true(reads_back(&plan, word));
	HS_EACH(change, &plan.changes)
		assert_null(change->after ? memmem(change->after,
						   change->after_length, word,
						   strlen(word))
					  : NULL);
	hs_plan_done(&plan);
}

static void test_odd_names_stay_data(void **state)
{
	static const char *const odd[] = {"'; Remove-Item C:\\ -Recurse #",
					  "$(calc)",
					  "`whoami`",
					  "\"@\n& calc\r\n@\"",
					  "<&>",
					  "\xff\xfe",
					  "\xe2\x80\xae txt"};
	struct site_tree *tree = *state;
	struct plan plain = planned(tree, (struct plan){0});

	for (size_t i = 0; i < HS_LENGTH(odd); i++) {
		struct plan plan;
		json_t *data;

		hs_replace(&tree->change.site, odd[i]);
		plan = planned(tree, (struct plan){0});
		data = data_of(&plan);
		assert_string_equal(
			change_of(&plan, "https-setup-apply.ps1")->after,
			change_of(&plain, "https-setup-apply.ps1")->after);
		assert_null(
			strpbrk(json_string_value(json_object_get(
					json_object_get(data, "site"), "name")),
				"\r\n\t"));
		json_decref(data);
		hs_plan_done(&plan);
	}
	hs_plan_done(&plain);
}

static void test_folders_are_ones_windows_takes(void **state)
{
	static const char *const rows[][2] = {
		{"con.example.test", "/_con.example.test/"},
		{"lpt1", "/_lpt1/"},
		{"2001:db8::1", "/2001_db8__1/"},
		{"console.test", "/console.test/"},
	};
	struct site_tree *tree = *state;

	for (size_t i = 0; i < HS_LENGTH(rows); i++) {
		struct plan plan;

		hs_replace(&tree->settings.name, rows[i][0]);
		plan = planned(tree, (struct plan){0});
		assert_non_null(
			strstr(change_of(&plan, "https-setup.json")->path,
			       rows[i][1]));
		hs_plan_done(&plan);
	}
}

/* A product's plan comes first: its services and files become data. */
static struct plan product_plan(void)
{
	struct plan plan = {0};
	struct str before = {0}, after = {0};
	static const char *const commands[][2] = {{"stop", "SLDataMiner"},
						  {"start", "SLDataMiner"}};

	hs_str_puts(&before, "<a/>");
	hs_str_puts(&after, "<b/>");
	hs_plan_write(&plan, PHASE_HTTPS,
		      "/Skyline DataMiner/MaintenanceSettings.xml", 0644,
		      &before, &after, "its name");
	for (int i = 0; i < 2; i++) {
		struct task *task = hs_plan_task(
			&plan, i ? TASK_AFTER : TASK_BEFORE, NULL, "service");

		hs_strings_add(&task->command, "net");
		hs_strings_add(&task->command, commands[i][0]);
		hs_strings_add(&task->command, commands[i][1]);
	}
	hs_plan_task(&plan, TASK_AFTER, NULL, "tell the users");
	hs_str_done(&before);
	hs_str_done(&after);
	return plan;
}

static void test_a_product_is_stopped_around_its_files(void **state)
{
	struct plan plan = planned(*state, product_plan());
	json_t *data = data_of(&plan);
	const char *service, *path, *digest, *left;

	assert_int_equal(json_unpack(data, "{s:[s], s:[{s:s, s:s}], s:[s]}",
				     "services", &service, "files", "path",
				     &path, "sha256", &digest, "checklist",
				     &left),
			 0);
	assert_string_equal(service, "SLDataMiner");
	assert_string_equal(path,
			    "C:\\Skyline DataMiner\\MaintenanceSettings.xml");
	assert_int_equal(strlen(digest), 64);
	assert_string_equal(left, "tell the users");
	json_decref(data);
	carry_out(&plan);
	hs_plan_done(&plan);
	plan = planned(*state, (struct plan){0});
	assert_true(hs_plan_is_empty(&plan));
	hs_plan_done(&plan);
}

static void test_disabling_runs_the_other_script(void **state)
{
	struct site_tree *tree = *state;
	struct plan plan;
	const struct change *run;

	tree->change.kind = IIS_DISABLE;
	plan = planned(tree, (struct plan){0});
	assert_null(hs_iis_script_in(&plan));
	hs_plan_done(&plan);
	tree->change.kind = IIS_ENABLE;
	plan = planned(tree, (struct plan){0});
	carry_out(&plan);
	hs_plan_done(&plan);
	tree->change.kind = IIS_DISABLE;
	plan = planned(tree, (struct plan){0});
	run = hs_iis_script_in(&plan);
	assert_non_null(run);
	assert_non_null(strstr(run->command.items[run->command.n - 1],
			       "https-setup-undo.ps1"));
	assert_int_equal(change_of(&plan, "https-setup.pfx")->kind,
			 CHANGE_REMOVE);
	hs_plan_done(&plan);
}

static void test_wsl_is_known(void **state)
{
	static const char wsl[] =
		"Linux version 5.15.0-microsoft-standard-WSL2";
	struct site_tree *tree = *state;

	assert_int_equal(hs_iis_drive("/mnt/c"), 'C');
	assert_int_equal(hs_iis_drive("/mnt/d"), 'D');
	assert_int_equal(hs_iis_drive("/srv/image"), 'C');
	assert_false(hs_iis_is_here(&tree->root, wsl));
	assert_false(hs_iis_is_here(&tree->root, "Linux version 6.1.0"));
}

static void test_the_script_is_called(void **state)
{
	static const char path[] =
		"Windows/System32/WindowsPowerShell/v1.0/powershell.exe";
	struct site_tree *tree = *state;
	hs_auto_free char *program = scratch_path(path);
	struct plan plan = planned(tree, (struct plan){0});
	struct run_result result = {0};
	struct error err = {0};

	assert_int_equal(hs_iis_script_run(&tree->root, hs_iis_script_in(&plan),
					   &result, &err),
			 -1);
	assert_int_equal(err.code, HS_CANNOT);
	scratch_write(path, "#!/bin/sh\nprintf '<%s>\\n' \"$@\"\n");
	assert_int_equal(chmod(program, 0755), 0);
	assert_int_equal(hs_iis_script_run(&tree->root, hs_iis_script_in(&plan),
					   &result, NULL),
			 0);
	assert_string_equal(hs_str_text(&result.out),
			    "<-NoProfile>\n<-ExecutionPolicy>\n<Bypass>\n"
			    "<-File>\n<C:\\Windows\\System32\\inetsrv\\config\\"
			    "https-setup\\" NAME "\\https-setup-apply.ps1>\n");
	hs_run_result_done(&result);
	scratch_write(path, "#!/bin/sh\necho no rights\nexit 1\n");
	err = (struct error){0};
	assert_int_equal(hs_iis_script_run(&tree->root, hs_iis_script_in(&plan),
					   &result, &err),
			 -1);
	assert_int_equal(err.code, HS_FAILED);
	assert_non_null(strstr(err.what, "no rights"));
	hs_run_result_done(&result);
	hs_plan_done(&plan);
}

static void test_the_firewall_is_left_to_the_script(void **state)
{
	struct site_tree *tree = *state;
	struct firewall_facts facts = {0};
	struct plan plan;
	json_t *data;

	assert_int_equal(hs_windows_firewall.detect(
				 &tree->root, &tree->settings, &facts, NULL),
			 0);
	assert_string_equal(facts.id, "windows");
	assert_non_null(strstr(facts.detail, "script"));
	free(facts.detail);
	tree->settings.firewall = (char[]){"none"};
	plan = planned(tree, (struct plan){0});
	data = data_of(&plan);
	assert_int_equal(json_array_size(json_object_get(
				 json_object_get(data, "firewall"), "open")),
			 0);
	tree->settings.firewall = NULL;
	json_decref(data);
	hs_plan_done(&plan);
}

#define IN_TREE(test)                                                          \
	cmocka_unit_test_setup_teardown(test, make_tree, drop_tree)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(test_everything_is_there),
		IN_TREE(test_data_say_what_to_do),
		IN_TREE(test_bindings_as_http_sys_knows_them),
		IN_TREE(test_twice_is_once),
		IN_TREE(test_the_key_is_written_while_it_is_needed),
		IN_TREE(test_the_form_fits_windows),
		IN_TREE(test_a_passphrase_of_yours_is_not_written),
		IN_TREE(test_odd_names_stay_data),
		IN_TREE(test_folders_are_ones_windows_takes),
		IN_TREE(test_a_product_is_stopped_around_its_files),
		IN_TREE(test_disabling_runs_the_other_script),
		IN_TREE(test_wsl_is_known),
		IN_TREE(test_the_script_is_called),
		IN_TREE(test_the_firewall_is_left_to_the_script),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
