#include "cli/cert/files.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/results/json.h"
#include "cli/results/output.h"
#include "cli/session.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/settings/host_name.h"

#define DAYS_MAX 36500 /* a hundred years */

static const char *problem_of(const char *name)
{
	if (hs_host_name_is_ip(name))
		return NULL;
	if (!strncmp(name, "*.", 2))
		name += 2;
	return *name ? hs_host_name_problem(name) : _("it is empty");
}

int cli_cert_name(const char *typed, struct strings *names, struct error *err)
{
	hs_auto_free char *name = hs_host_name_normal(typed);
	hs_auto_free char *safe = hs_text_safe(typed, strlen(typed), 100);
	const char *problem = problem_of(name);

	if (problem) {
		hs_fail(err, HS_USAGE, "\"%s\" cannot be a name: %s", safe,
			problem);
		hs_error_where(err, "--name");
		hs_error_hint(err, "write a name like www.example.org, or an "
				   "IP address");
		return -1;
	}
	if (!hs_strings_has(names, name))
		hs_strings_add(names, name);
	return 0;
}

int cli_cert_names(const struct options *options, struct strings *ret_names,
		   struct error *err)
{
	HS_EACH(typed, &options->make.names) {
		if (cli_cert_name(*typed, ret_names, err))
			return -1;
	}
	if (ret_names->n)
		return 0;
	hs_fail(err, HS_USAGE, "a name is missing");
	hs_error_where(err, "--name");
	hs_error_hint(err, "write --name NAME for each host name that visitors "
			   "use");
	return -1;
}

static int take_days(const char *text, struct cert_request *request,
		     struct error *err)
{
	char *end;
	long days = strtol(text, &end, 10);

	if (!*end && days >= 1 && days <= DAYS_MAX) {
		request->days = (int)days;
		return 0;
	}
	hs_fail(err, HS_USAGE, "it takes days, 1 to %d", DAYS_MAX);
	hs_error_where(err, "--days");
	return -1;
}

int cli_cert_kind(const struct options *options, int days,
		  struct cert_request *request, struct error *err)
{
	const struct make_options *make = &options->make;

	request->days = days;
	request->key_type = make->key_type;
	if (make->key_type && !hs_cert_key_type_is_known(make->key_type)) {
		hs_fail(err, HS_USAGE, "there is no such type of key");
		hs_error_where(err, "--key-type");
		hs_error_hint(err, "write rsa-2048, rsa-3072, rsa-4096, p-256 "
				   "or p-384");
		return -1;
	}
	return make->days ? take_days(make->days, request, err) : 0;
}

char *cli_cert_path(const struct options *options, const char *name)
{
	const char *out = options->make.out ? options->make.out : ".";
	hs_auto_free char *directory = hs_path_absolute(out);
	size_t length = strlen(directory);

	while (length && directory[length - 1] == '/')
		length--;
	if (length > 1 && !strcmp(directory + length - 2, "/."))
		length -= 2;
	directory[length] = '\0';
	return hs_format("%s/%s", directory, name);
}

void cli_cert_files_add(struct cert_files *files, char *path, const void *bytes,
			size_t length, mode_t mode)
{
	files->items[files->n++] = (struct new_file){path, bytes, length, mode};
}

static void tell_in_json(const struct options *options,
			 const struct cert_files *files)
{
	json_t *object = cli_json_begin(options->command->name);
	json_t *list = json_array();

	for (size_t i = 0; i < files->n; i++) {
		json_t *file = json_object();
		char mode[8];

		snprintf(mode, sizeof(mode), "%04o",
			 (unsigned)files->items[i].mode);
		json_object_set_new(file, "path",
				    cli_json_text(files->items[i].path));
		json_object_set_new(file, "mode", json_string(mode));
		json_array_append_new(list, file);
	}
	json_object_set_new(object, "files", list);
	json_object_set_new(object, "certificate",
			    files->bundle ? cli_json_certificate(files->bundle)
					  : json_null());
	if (files->findings)
		json_object_set_new(object, "findings",
				    cli_json_findings(files->findings));
	json_object_set_new(object, "left-out",
			    cli_json_strings(&files->left_out));
	json_object_set_new(object, "next", cli_json_text(files->next));
	cli_json_print(object);
}

static void tell(const struct cert_files *files)
{
	if (files->findings)
		cli_print_findings(files->findings, stdout);
	HS_EACH(name, &files->left_out) {
		cli_print_line(stdout,
			       _("warn  the request asks for %s, and the CA "
				 "has left it out"),
			       *name);
	}
	for (size_t i = 0; i < files->n; i++) {
		cli_print_line(stdout,
			       files->items[i].mode == CLI_KEY_MODE
				       ? _("wrote %s, for its owner alone")
				       : _("wrote %s"),
			       files->items[i].path);
	}
	if (files->next)
		cli_print_line(stdout, _("next: %s"), files->next);
}

int cli_cert_files_write(const struct options *options,
			 const struct cert_files *files, struct error *err)
{
	if (hs_new_files_write(files->items, files->n, options->make.force,
			       err))
		return (int)err->code;
	if (options->json)
		tell_in_json(options, files);
	else
		tell(files);
	return HS_OK;
}

int cli_cert_files_write_made(const struct options *options,
			      const struct bundle *bundle, struct error *err)
{
	hs_auto_str struct str pem = {0};
	cli_auto_cert_files struct cert_files files = {.bundle = bundle};
	char *certificate = cli_cert_path(options, "fullchain.pem");
	char *key = cli_cert_path(options, "privkey.pem");

	hs_bundle_fullchain(bundle, &pem);
	cli_cert_files_add(&files, key, bundle->key_pem,
			   strlen(bundle->key_pem), CLI_KEY_MODE);
	cli_cert_files_add(&files, certificate, hs_str_text(&pem), pem.len,
			   CLI_CERTIFICATE_MODE);
	if (!options->make.client)
		files.next = cli_cert_next_apply(certificate, key);
	return cli_cert_files_write(options, &files, err);
}

void cli_cert_files_done(struct cert_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		free(files->items[i].path);
	free(files->next);
	hs_strings_done(&files->left_out);
	*files = (struct cert_files){0};
}

char *cli_cert_next_apply(const char *certificate, const char *key)
{
	return hs_format("https-setup apply --cert %s --key %s", certificate,
			 key);
}
