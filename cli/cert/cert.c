#include <string.h>

#include "cli/cert/text.h"
#include "cli/command.h"
#include "cli/results/json.h"
#include "cli/results/output.h"
#include "cli/session.h"
#include "core/base/i18n.h"

static const char *const subjects[] = {"cert", NULL};

enum { FILES_MAX = 100 };

/* What is in one file, or in the files that belong together. */
struct shown {
	struct job job;
	const struct inventory *inventory; /* the job's */
};

static bool holds_anything(const struct shown *shown)
{
	return hs_bundle_leaf(&shown->job.facts.bundle) ||
	       shown->inventory->certificates.n || shown->inventory->keys.n ||
	       shown->inventory->requests.n;
}

/* Certificates that are neither the leaf nor of its chain. */
static bool is_in_chain(const struct bundle *bundle,
			const struct certificate *certificate)
{
	HS_EACH(one, &bundle->certificates) {
		if (!memcmp(one->fingerprint, certificate->fingerprint,
			    HS_HASH_SIZE))
			return true;
	}
	return false;
}

static void tell_bundle(const struct bundle *bundle, time_t now)
{
	const struct certificate *leaf = hs_bundle_leaf(bundle);

	if (!leaf)
		return;
	printf(bundle->has_key
		       ? _("certificate, from a %s file, with its key\n")
		       : _("certificate, from a %s file, without a "
			   "key\n"),
	       bundle->format);
	cli_print_certificate(leaf, now);
	cli_print_chain(bundle);
	HS_EACH(certificate, &bundle->certificates) {
		if (certificate == leaf)
			continue;
		puts(_("issued by"));
		cli_print_certificate(certificate, now);
	}
}

static void tell(const struct shown *shown)
{
	const struct job *job = &shown->job;
	const struct bundle *bundle = &job->facts.bundle;

	tell_bundle(bundle, job->facts.now);
	HS_EACH(certificate, &shown->inventory->certificates) {
		if (is_in_chain(bundle, certificate))
			continue;
		puts(certificate->self_signed ? _("root") : _("also there"));
		cli_print_certificate(certificate, job->facts.now);
	}
	HS_EACH(request, &shown->inventory->requests)
		cli_print_request(request);
	if (!hs_bundle_leaf(bundle))
		HS_EACH(key, &shown->inventory->keys)
			cli_print_key(key);
	cli_print_findings(&job->findings,
			   holds_anything(shown) ? stdout : stderr);
}

static void add_to_json(json_t *object, const struct shown *shown)
{
	cli_json_add_check(object, &shown->job);
	cli_json_add_inventory(object, shown->inventory);
}

/* A request or a key by itself is no certificate, and needs none. */
static void forgive_missing(struct shown *shown)
{
	const struct inventory *inventory = shown->inventory;

	if (inventory->certificates.n || inventory->locked ||
	    !(inventory->requests.n || inventory->keys.n))
		return;
	hs_findings_done(&shown->job.findings);
	shown->job.findings = (struct findings){0};
}

static int look(struct options *options, struct shown *shown, struct error *err)
{
	static const struct inventory nothing;

	if (cli_session_open(options, &shown->job, err) ||
	    cli_session_certificate(options, &shown->job, err))
		return -1;
	cli_keep_subjects(&shown->job.findings, subjects);
	shown->inventory = shown->job.facts.bundle.inventory;
	if (!shown->inventory)
		shown->inventory = &nothing;
	forgive_missing(shown);
	return 0;
}

static void shown_done(struct shown *shown)
{
	hs_job_close(&shown->job);
}

static int take_file(struct options *options, const char *file,
		     struct error *err)
{
	return hs_question_answer(hs_question_by_id("certificate.file"),
				  &options->settings, file, ORIGIN_FLAG, file,
				  err);
}

/* One file; its JSON is added to `object` when there is one. */
static int show(struct options *options, json_t *object, struct error *err)
{
	HS_CLEANUP(shown_done) struct shown shown = {.job = CLI_JOB_NONE};

	if (look(options, &shown, err))
		return (int)err->code;
	if (object)
		add_to_json(object, &shown);
	else
		tell(&shown);
	return holds_anything(&shown) ? HS_OK : HS_REFUSED;
}

/* The first file that holds nothing decides about the status. */
static int show_each(struct options *options, json_t *list, struct error *err)
{
	struct settings given = options->settings;
	int status = HS_OK;

	HS_EACH(file, &options->arguments) {
		json_t *object = list ? json_object() : NULL;
		int one;

		hs_settings_copy(&given, &options->settings);
		if (take_file(options, *file, err))
			return (int)err->code;
		if (object) {
			json_object_set_new(object, "file",
					    cli_json_text(*file));
			json_array_append_new(list, object);
		} else {
			printf("%s",
			       file == options->arguments.items ? "" : "\n");
			cli_print_safe(stdout, *file);
			puts(":");
		}
		one = show(options, object, err);
		hs_settings_done(&options->settings);
		if (err->code)
			status = one;
		if (err->code)
			break;
		status = status ? status : one;
	}
	options->settings = given;
	return status;
}

static int show_many(struct options *options, struct error *err)
{
	json_t *object = NULL, *list = NULL;
	int status;

	/* a descriptor can be read once only */
	if (cli_passphrase_load(options, &options->settings, err))
		return (int)err->code;
	options->passphrase_file = NULL;
	options->passphrase_fd = -1;
	if (options->json) {
		object = cli_json_begin(cli_cmd_cert_show.name);
		list = json_array();
		json_object_set_new(object, "files", list);
	}
	status = show_each(options, list, err);
	if (object && !err->code)
		cli_json_print(object);
	else
		json_decref(object);
	return status;
}

static int show_one(struct options *options, struct error *err)
{
	json_t *object;
	int status;

	if (options->arguments.n &&
	    take_file(options, options->arguments.items[0], err))
		return (int)err->code;
	object = options->json ? cli_json_begin(cli_cmd_cert_show.name) : NULL;
	status = show(options, object, err);
	if (object && !err->code)
		cli_json_print(object);
	else
		json_decref(object);
	return status;
}

static int run(struct options *options, struct error *err)
{
	const struct question *file = hs_question_by_id("certificate.file");

	if (options->arguments.n > 1)
		return show_many(options, err);
	if (options->arguments.n ||
	    hs_question_is_answered(file, &options->settings))
		return show_one(options, err);
	hs_fail(err, HS_USAGE, "the certificate's file is missing");
	hs_error_hint(err, "write https-setup cert show FILE");
	return HS_USAGE;
}

const struct command cli_cmd_cert_show = {
	.name = "cert show",
	.usage = "FILE ...",
	.summary = N_(
		"what is in a certificate's file, and what is wrong with it"),
	.help = N_(
		"Reads PEM, DER, PKCS#7 or PKCS#12 files and tells what is in "
		"each: the certificate, its key, the chain, a request, and "
		"every finding about them. Shows no secret."),
	.flags = FLAGS_JSON | FLAGS_SECRET | FLAGS_TRUST,
	.steps = STEPS_CERTIFICATE,
	.arguments = FILES_MAX,
	.run = run,
};
