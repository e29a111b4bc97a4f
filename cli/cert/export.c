/* Certificates in the form another program wants. */
#include <string.h>

#include "cli/cert/files.h"
#include "cli/command.h"
#include "cli/session.h"
#include "core/base/i18n.h"
#include "core/cert/root_of.h"

/* What is made, and from what. */
struct exporting {
	const struct options *options;
	const struct job *job;
	const struct bundle *bundle;
	const char *passphrase; /* of the new file, or NULL */
	struct str bytes;
};

static int put_chain(struct exporting *exporting, struct error *err)
{
	(void)err;
	hs_bundle_fullchain(exporting->bundle, &exporting->bytes);
	return 0;
}

static int put_key(struct exporting *exporting, struct error *err)
{
	(void)err;
	hs_str_puts(&exporting->bytes, exporting->bundle->key_pem);
	return 0;
}

static int put_both(struct exporting *exporting, struct error *err)
{
	return put_key(exporting, err) || put_chain(exporting, err);
}

static int put_der(struct exporting *exporting, struct error *err)
{
	const struct certificate *leaf = hs_bundle_leaf(exporting->bundle);

	(void)err;
	hs_str_add(&exporting->bytes, leaf->der, leaf->der_length);
	return 0;
}

static int put_pkcs12(struct exporting *exporting, struct error *err)
{
	return hs_cert_export_pkcs12(exporting->bundle, exporting->passphrase,
				     &exporting->bytes, err);
}

static int put_pkcs12_old(struct exporting *exporting, struct error *err)
{
	return hs_cert_export_pkcs12_old(exporting->bundle,
					 exporting->passphrase,
					 &exporting->bytes, err);
}

static int put_roots(struct exporting *exporting, struct error *err)
{
	return hs_cert_roots(exporting->bundle, exporting->job->options.ca,
			     &exporting->bytes, err);
}

static const struct format {
	const char *word;
	bool has_key, has_passphrase;
	int (*put)(struct exporting *exporting, struct error *err);
} formats[] = {
	{"pem", false, false, put_chain},
	{"pem-with-key", true, false, put_both},
	{"key", true, false, put_key},
	{"der", false, false, put_der},
	{"pkcs12", true, true, put_pkcs12},
	{"pkcs12-old", true, true, put_pkcs12_old},
	{"roots", false, false, put_roots},
};

static const struct format *find_format(const char *word, struct error *err)
{
	for (size_t i = 0; word && i < HS_LENGTH(formats); i++) {
		if (!strcmp(word, formats[i].word))
			return &formats[i];
	}
	hs_fail(err, HS_USAGE,
		word ? "there is no such format" : "the format is missing");
	hs_error_where(err, "--format");
	hs_error_hint(err, "write pem, pem-with-key, key, der, pkcs12, "
			   "pkcs12-old or roots");
	return NULL;
}

static int fail_missing(const char *where, const char *what, const char *hint,
			struct error *err)
{
	hs_fail(err, HS_USAGE, "%s", what);
	if (where)
		hs_error_where(err, "%s", where);
	hs_error_hint(err, "%s", hint);
	return -1;
}

/* The file may stand behind the command or behind --cert. */
static int take_files(struct options *options, struct error *err)
{
	const struct question *question = hs_question_by_id("certificate.file");
	const struct strings *arguments = &options->arguments;

	if (arguments->n && hs_question_answer(question, &options->settings,
					       arguments->items[0], ORIGIN_FLAG,
					       arguments->items[0], err))
		return -1;
	if (!options->settings.certificate_file ||
	    options->settings.certificate_self_signed)
		return fail_missing(NULL,
				    _("the certificate's file is missing"),
				    _("write https-setup cert export FILE "
				      "--format FORMAT --out FILE"),
				    err);
	if (!options->make.out)
		return fail_missing("--out", _("the file to write is missing"),
				    _("write --out FILE"), err);
	return 0;
}

/* Whether what the format needs could be read. */
static int check_read(const struct format *format, const struct job *job,
		      struct error *err)
{
	const struct bundle *bundle = &job->facts.bundle;
	const char *missing = NULL;

	if (!hs_bundle_leaf(bundle))
		missing = _("no certificate could be read");
	else if (format->has_key && !bundle->key_fits)
		missing = _("there is no key that fits the certificate");
	if (!missing)
		return 0;
	HS_EACH(note, &bundle->notes)
		hs_fail(err, HS_REFUSED, "%s: %s", missing,
			note->detail ? note->detail : note->id);
	hs_fail(err, HS_REFUSED, "%s", missing);
	hs_error_where(err, "%s", bundle->path);
	hs_error_hint(err, "see https-setup cert show");
	return -1;
}

static int write_file(struct exporting *exporting, const struct format *format,
		      struct error *err)
{
	const struct options *options = exporting->options;
	cli_auto_cert_files struct cert_files files = {
		.bundle = exporting->bundle,
	};

	if (format->put(exporting, err))
		return (int)err->code;
	cli_cert_files_add(&files, hs_path_absolute(options->make.out),
			   hs_str_text(&exporting->bytes), exporting->bytes.len,
			   format->has_key ? CLI_KEY_MODE
					   : CLI_CERTIFICATE_MODE);
	return cli_cert_files_write(options, &files, err);
}

static void wipe(struct str *bytes)
{
	if (bytes->data)
		explicit_bzero(bytes->data, bytes->cap);
	hs_str_done(bytes);
}

static int export_as(struct options *options, const struct format *format,
		     struct settings *out, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	struct exporting exporting = {.options = options, .job = &job};
	int status;

	if ((format->has_passphrase &&
	     cli_out_passphrase_load(options, out, err)) ||
	    cli_session_open(options, &job, err) ||
	    cli_session_certificate(options, &job, err) ||
	    check_read(format, &job, err))
		return (int)err->code;
	exporting.bundle = &job.facts.bundle;
	exporting.passphrase = out->certificate_passphrase;
	/* a key must not be left behind by the bytes growing */
	exporting.bytes.data = hs_realloc(NULL, 1, 1 << 16);
	exporting.bytes.cap = 1 << 16;
	*exporting.bytes.data = '\0';
	status = write_file(&exporting, format, err);
	wipe(&exporting.bytes);
	return status;
}

static int run(struct options *options, struct error *err)
{
	const struct format *format = find_format(options->make.format, err);
	struct settings out;
	int status;

	if (!format || take_files(options, err))
		return HS_USAGE;
	hs_settings_init(&out);
	status = export_as(options, format, &out, err);
	hs_settings_done(&out);
	return status;
}

const struct command cli_cmd_cert_export = {
	.name = "cert export",
	.usage = "FILE --format FORMAT --out FILE",
	.summary = N_("write a certificate as another program wants it"),
	.help = N_(
		"Reads a certificate as cert show does and writes one file: "
		"pem (certificate and chain), pem-with-key (as HAProxy wants "
		"it), key (PKCS#8), der (a .cer for a trust store), pkcs12 "
		"(AES), pkcs12-old (3DES, which Windows before Server 2019 "
		"can read), or roots (the root certificates its clients have "
		"to trust). PKCS#12 needs --out-passphrase-file."),
	.flags = FLAGS_JSON | FLAGS_SECRET | FLAGS_TRUST | FLAGS_NEW |
		 FLAGS_FORMAT,
	.steps = STEPS_CERTIFICATE,
	.arguments = 1,
	.run = run,
};
