/* What the scripts are told: https-setup.json. */
#include <ctype.h>
#include <string.h>

#include <jansson.h>

#include "core/base/hash.h"
#include "core/base/openssl.h"
#include "core/base/text.h"
#include "core/server/iis/script.h"
#include "core/server/iis/script_run.h"

#define SCHEMA 1
#define CHECKLIST_MAX 1900 /* characters of a line of it */

/* Texts of people and of configurations, as the script takes them. */
static json_t *make_text(const char *text)
{
	hs_auto_free char *safe =
		hs_text_safe(text, strlen(text), CHECKLIST_MAX);

	return json_string(safe);
}

static json_t *make_site(const struct iis_script *script)
{
	const struct iis_change *change = script->change;

	return json_pack("{s:I, s:o}", "id", (json_int_t)change->id, "name",
			 make_text(change->site ? change->site : ""));
}

static json_t *make_base64(const unsigned char *bytes, size_t length)
{
	hs_auto_free unsigned char *text = hs_alloc(4 * (length / 3 + 1) + 1);

	EVP_EncodeBlock(text, bytes, (int)length);
	return json_string((const char *)text);
}

/* What lies between the certificate and its root is public. */
static json_t *make_certificate(const struct iis_script *script)
{
	const struct certificates *all =
		&script->job->facts->bundle.certificates;
	json_t *chain = json_array();

	for (size_t i = 1; i < all->n; i++) {
		const struct certificate *issuer = &all->items[i];

		if (!issuer->self_signed)
			json_array_append_new(
				chain,
				make_base64(issuer->der, issuer->der_length));
	}
	return json_pack("{s:s, s:o}", "thumbprint", script->thumbprint,
			 "chain", chain);
}

static bool has_key(const json_t *bindings, const char *kind, const char *value)
{
	size_t i;
	json_t *binding;

	json_array_foreach(bindings, i, binding)
	{
		if (!strcmp(json_string_value(json_object_get(binding, "key")),
			    kind) &&
		    !strcmp(json_string_value(
				    json_object_get(binding, "value")),
			    value))
			return true;
	}
	return false;
}

/* Where this very machine reaches a binding: the loopback for all addresses. */
static const char *probed_address(const struct iis_binding *binding)
{
	static const char *const all[][2] = {
		{"*", "127.0.0.1"},
		{"[::]", "[::1]"},
	};

	for (size_t i = 0; i < HS_LENGTH(all); i++)
		if (!strcmp(binding->address, all[i][0]))
			return all[i][1];
	return binding->address;
}

static void add_binding(json_t *bindings, const struct iis_binding *binding)
{
	static const char *const kinds[] = {
		[IIS_KEY_IPPORT] = "ipport",
		[IIS_KEY_HOSTNAMEPORT] = "hostnameport",
		[IIS_KEY_CENTRAL] = NULL, /* its certificate lies in a share */
	};
	enum iis_key_kind kind;
	hs_auto_free char *key = hs_iis_http_sys_key(binding, &kind);

	for (char *c = key; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (!key || !kinds[kind] || has_key(bindings, kinds[kind], key))
		return;
	json_array_append_new(bindings,
			      json_pack("{s:s, s:s, s:s, s:i}", "key",
					kinds[kind], "value", key, "probe",
					probed_address(binding), "port",
					binding->port));
}

static json_t *make_bindings(const struct iis_script *script)
{
	json_t *bindings = json_array();

	HS_EACH(binding, &script->change->https)
		add_binding(bindings, binding);
	return bindings;
}

static void add_port(json_t *ports, int port)
{
	size_t i;
	json_t *there;

	json_array_foreach(ports, i, there)
	{
		if (json_integer_value(there) == port)
			return;
	}
	json_array_append_new(ports, json_integer(port));
}

static json_t *make_firewall(const struct iis_script *script)
{
	const char *wanted = script->job->settings->firewall;
	json_t *open = json_array(), *closed = json_array();

	if (!wanted || strcmp(wanted, "none")) {
		HS_EACH(binding, &script->change->https)
			add_port(open, binding->port);
		if (script->change->close_http)
			add_port(closed, script->change->http_port);
	}
	return json_pack("{s:o, s:o}", "open", open, "close", closed);
}

/* What is the same in every plan for the same settings. */
static json_t *make_core(const struct iis_script *script)
{
	static const char *const profiles[] = {
		[TLS_MODERN] = "modern",
		[TLS_INTERMEDIATE] = "intermediate",
		[TLS_KEEP] = "keep",
	};

	return json_pack(
		"{s:i, s:s, s:o, s:o, s:o, s:o, s:s}", "schema", SCHEMA, "name",
		script->name, "site", make_site(script), "certificate",
		make_certificate(script), "bindings", make_bindings(script),
		"firewall", make_firewall(script), "tls-profile",
		profiles[script->job->settings->tls_profile]);
}

/* Whether the plan asks for a service to be stopped: net stop NAME. */
static const char *stopped_service(const struct task *task)
{
	const struct strings *command = &task->command;

	if (task->when != TASK_BEFORE || command->n != 3 ||
	    strcasecmp(command->items[0], "net") ||
	    strcasecmp(command->items[1], "stop"))
		return NULL;
	return command->items[2];
}

static bool is_service_start(const struct task *task)
{
	const struct strings *command = &task->command;

	return task->when == TASK_AFTER && command->n == 3 &&
	       !strcasecmp(command->items[0], "net") &&
	       !strcasecmp(command->items[1], "start");
}

static json_t *make_services(const struct plan *plan)
{
	json_t *services = json_array();

	HS_EACH(task, &plan->tasks) {
		const char *name = stopped_service(task);

		if (name)
			json_array_append_new(services, make_text(name));
	}
	return services;
}

/* Files of the product: neither Windows' own nor a site's web.config. */
static bool is_product_file(const struct change *change)
{
	const char *name = change->path ? strrchr(change->path, '/') : NULL;

	return name &&
	       (change->kind == CHANGE_EDIT || change->kind == CHANGE_CREATE) &&
	       !change->secret && change->phase == PHASE_HTTPS &&
	       strncasecmp(change->path, "/Windows/", 9) &&
	       strcasecmp(name, "/web.config");
}

static json_t *make_file(const struct root *root, const struct change *change)
{
	unsigned char digest[HS_HASH_SIZE];
	char hex[HS_HASH_HEX];
	hs_auto_free char *path =
		hs_format("%c:%s", hs_iis_drive(root->path), change->path);

	for (char *c = path; *c; c++)
		*c = *c == '/' ? '\\' : *c;
	hs_hash(change->after, change->after_length, digest);
	hs_hash_hex(digest, hex);
	return json_pack("{s:s, s:s}", "path", path, "sha256", hex);
}

static json_t *make_files(const struct iis_script *script)
{
	json_t *files = json_array();

	HS_EACH(change, &script->plan->changes) {
		if (is_product_file(change))
			json_array_append_new(
				files, make_file(script->job->root, change));
	}
	return files;
}

/* What people still have to do there, once the script has run. */
static json_t *make_checklist(const struct plan *plan)
{
	json_t *list = json_array();

	HS_EACH(task, &plan->tasks) {
		if (task->when == TASK_AFTER && !is_service_start(task))
			json_array_append_new(list, make_text(task->text));
	}
	return list;
}

static bool has_same_core(const json_t *old, json_t *core)
{
	const char *key;
	json_t *value;

	json_object_foreach(core, key, value)
	{
		if (!json_equal(value, json_object_get(old, key)))
			return false;
	}
	return true;
}

static json_t *load(const struct str *bytes)
{
	return json_loadb(hs_str_text(bytes), bytes->len, 0, NULL);
}

void hs_iis_script_data(const struct iis_script *script, const struct str *old,
			struct str *ret_json)
{
	json_t *data = make_core(script), *before = load(old);
	json_t *services = make_services(script->plan);
	json_t *files =
		json_array_size(services) ? make_files(script) : json_array();
	char *text;

	if (!json_array_size(services) && has_same_core(before, data)) {
		hs_str_add(ret_json, hs_str_text(old), old->len);
		json_decref(services);
		json_decref(files);
	} else {
		json_object_set_new(data, "services", services);
		json_object_set_new(data, "files", files);
		json_object_set_new(data, "checklist",
				    make_checklist(script->plan));
		text = json_dumps(data, JSON_INDENT(2) | JSON_ENSURE_ASCII);
		hs_str_printf(ret_json, "%s\n", text);
		free(text);
	}
	json_decref(before);
	json_decref(data);
}

bool hs_iis_script_names(const struct str *json, const char *thumbprint)
{
	json_t *data = load(json);
	const char *named = json_string_value(json_object_get(
		json_object_get(data, "certificate"), "thumbprint"));
	bool same = named && !strcmp(named, thumbprint);

	json_decref(data);
	return same;
}

static char *read_finished(const struct str *state)
{
	json_t *data = load(state);
	char *finished =
		hs_strdup(json_string_value(json_object_get(data, "finished")));

	json_decref(data);
	return finished;
}

bool hs_iis_script_ended_well(const struct str *state)
{
	hs_auto_free char *finished = read_finished(state);

	return finished && *finished;
}

bool hs_iis_script_is_done(const struct str *state, const struct str *json)
{
	hs_auto_free char *finished = read_finished(state);
	unsigned char digest[HS_HASH_SIZE];
	char hex[HS_HASH_HEX];

	hs_hash(hs_str_text(json), json->len, digest);
	hs_hash_hex(digest, hex);
	return finished && !strcmp(finished, hex);
}
