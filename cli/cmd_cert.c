#include "cli/command.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/session.h"
#include "core/base/text.h"

static const char *const subjects[] = {"cert", NULL};

static void print_row(const char *label, const char *text)
{
	if (!text)
		return;
	printf("  %-12s", label);
	cli_print_safe(stdout, text);
	putchar('\n');
}

static void print_names(const struct certificate *certificate)
{
	hs_auto_str struct str names = {0};

	HS_EACH(name, &certificate->dns_names)
		hs_str_printf(&names, "%s%s", names.len ? ", " : "", *name);
	HS_EACH(name, &certificate->ip_names)
		hs_str_printf(&names, "%s%s", names.len ? ", " : "", *name);
	if (names.len)
		print_row("names", hs_str_text(&names));
}

static void print_certificate(const struct certificate *certificate)
{
	char from[24], to[24], hex[HS_HASH_HEX];
	hs_auto_free char *valid = NULL;
	hs_auto_free char *key = hs_format("%s %d bits", certificate->key_type,
					   certificate->key_bits);

	hs_text_date(certificate->not_before, from);
	hs_text_date(certificate->not_after, to);
	hs_hash_hex(certificate->fingerprint, hex);
	valid = hs_format("%s to %s", from, to);
	print_row("subject", certificate->subject);
	print_row("issuer", certificate->issuer);
	print_names(certificate);
	print_row("valid", valid);
	print_row("key", certificate->key_curve ? certificate->key_curve : key);
	print_row("signature", certificate->signature);
	print_row("serial", certificate->serial);
	print_row("SHA-256", hex);
}

static void tell(const struct job *job)
{
	const struct bundle *bundle = &job->facts.bundle;
	const struct certificate *leaf = hs_bundle_leaf(bundle);

	if (leaf) {
		printf("certificate, from a %s file, %s\n", bundle->format,
		       bundle->has_key ? "with its key" : "without a key");
		print_certificate(leaf);
		HS_EACH(certificate, &bundle->certificates) {
			if (certificate == leaf)
				continue;
			puts("issued by");
			print_certificate(certificate);
		}
	}
	cli_print_findings(&job->findings, leaf ? stdout : stderr);
}

static void tell_in_json(const struct job *job)
{
	json_t *object = cli_json_begin(cli_cmd_cert_show.name);

	cli_json_add_check(object, job);
	cli_json_print(object);
}

/* The file may stand behind the command or behind --cert. */
static int take_file(struct options *options, struct error *err)
{
	const struct question *question = hs_question_by_id("certificate.file");

	if (options->arguments.n)
		return hs_question_answer(question, &options->settings,
					  options->arguments.items[0],
					  ORIGIN_FLAG,
					  options->arguments.items[0], err);
	if (hs_question_is_answered(question, &options->settings))
		return 0;
	hs_fail(err, HS_USAGE, "the certificate's file is missing");
	hs_error_hint(err, "write https-setup cert show FILE");
	return -1;
}

static int run(struct options *options, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;

	if (take_file(options, err) || cli_session_open(options, &job, err) ||
	    cli_session_certificate(options, &job, err))
		return (int)err->code;
	cli_keep_subjects(&job.findings, subjects);
	if (options->json)
		tell_in_json(&job);
	else
		tell(&job);
	return hs_bundle_leaf(&job.facts.bundle) ? HS_OK : HS_REFUSED;
}

const struct command cli_cmd_cert_show = {
	.name = "cert show",
	.usage = "FILE",
	.summary = "what is in a certificate's file, and what is wrong with it",
	.help = "Reads a PEM, DER or PKCS#12 file and tells what is in it: "
		"the certificate, its key, the chain, and every finding about "
		"them. Shows no secret.",
	.flags = FLAGS_JSON | FLAGS_SECRET | FLAGS_TRUST,
	.steps = STEPS_CERTIFICATE,
	.arguments = 1,
	.run = run,
};
