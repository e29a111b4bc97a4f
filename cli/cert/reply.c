/* What a CA answered to a request. */
#include "cli/cert/files.h"
#include "cli/command.h"
#include "cli/session.h"
#include "cli/work.h"
#include "core/apply/look.h"
#include "core/base/i18n.h"
#include "core/cert/read/inventory.h"

static const char *const subjects[] = {"cert", NULL};

static int answer(struct options *options, const char *id, const char *text,
		  struct error *err)
{
	return hs_question_answer(hs_question_by_id(id), &options->settings,
				  text, ORIGIN_FLAG, text, err);
}

/* The reply may stand behind the command or behind --cert. */
static int take_files(struct options *options, struct error *err)
{
	struct settings *settings = &options->settings;

	if (options->arguments.n && answer(options, "certificate.file",
					   options->arguments.items[0], err))
		return -1;
	if (settings->certificate_file && settings->certificate_key &&
	    !settings->certificate_self_signed)
		return 0;
	hs_fail(err, HS_USAGE, "%s",
		settings->certificate_file
			? _("the key that the request was made of is missing")
			: _("the file with the CA's reply is missing"));
	hs_error_hint(err, "write https-setup cert install-reply REPLY --key "
			   "privkey.pem");
	return -1;
}

/* Beside the key, where the next command finds both. */
static char *place_of(const struct options *options, const char *key)
{
	hs_auto_free char *directory = NULL;

	if (options->make.out)
		return hs_path_absolute(options->make.out);
	directory = hs_path_directory(key);
	return hs_format("%s/fullchain.pem", directory);
}

static void keep_left_out(const struct strings *asked,
			  const struct certificate *leaf,
			  struct strings *left_out)
{
	HS_EACH(name, asked) {
		if (!hs_strings_has(&leaf->dns_names, *name) &&
		    !hs_certificate_matches(leaf, *name))
			hs_strings_add(left_out, *name);
	}
}

/* What the request beside the key asks for, where it is still there. */
static void compare_with_request(const struct job *job,
				 struct strings *left_out)
{
	const struct certificate *leaf = hs_bundle_leaf(&job->facts.bundle);
	hs_auto_free char *directory =
		hs_path_directory(job->settings.certificate_key);
	hs_auto_free char *path = hs_format("%s/request.pem", directory);
	const struct cert_source source = {.file = path};
	hs_auto_inventory struct inventory inventory;

	if (hs_inventory_read(&source, &inventory, NULL))
		return;
	HS_EACH(request, &inventory.requests) {
		keep_left_out(&request->wanted.dns_names, leaf, left_out);
		keep_left_out(&request->wanted.ip_names, leaf, left_out);
	}
}

static int write_reply(const struct options *options, const struct job *job,
		       struct error *err)
{
	const char *key = job->settings.certificate_key;
	hs_auto_str struct str pem = {0};
	cli_auto_cert_files struct cert_files files = {
		.bundle = &job->facts.bundle,
		.findings = &job->findings,
	};
	char *path = place_of(options, key);

	hs_bundle_fullchain(&job->facts.bundle, &pem);
	cli_cert_files_add(&files, path, hs_str_text(&pem), pem.len,
			   CLI_CERTIFICATE_MODE);
	files.next = cli_cert_next_apply(path, key);
	compare_with_request(job, &files.left_out);
	return cli_cert_files_write(options, &files, err);
}

static int run(struct options *options, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;

	if (take_files(options, err) || cli_session_open(options, &job, err) ||
	    cli_session_certificate(options, &job, err))
		return (int)err->code;
	cli_keep_subjects(&job.findings, subjects);
	if (hs_findings_worst(&job.findings) >= SEVERITY_ERROR ||
	    !job.facts.bundle.key_fits)
		return cli_refuse(options, &job, NULL);
	return write_reply(options, &job, err);
}

const struct command cli_cmd_cert_install_reply = {
	.name = "cert install-reply",
	.usage = "REPLY --key FILE",
	.summary = N_("put a CA's answer beside the key of the request"),
	.help = N_(
		"Reads what a CA answered to a request (PEM, DER or PKCS#7, "
		"intermediates in any order, or behind --chain), checks that "
		"it is for the key and fit for a server, and writes "
		"fullchain.pem beside the key, or to the file --out. Then "
		"says how to install it."),
	.flags = FLAGS_JSON | FLAGS_SECRET | FLAGS_TRUST | FLAGS_NEW,
	.steps = STEPS_CERTIFICATE,
	.arguments = 1,
	.run = run,
};
