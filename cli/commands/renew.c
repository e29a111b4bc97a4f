#include <stdlib.h>

#include "cli/command.h"
#include "cli/work.h"
#include "core/base/i18n.h"

static const char *const subjects[] = {"cert", NULL};

static const struct work work = {
	.kind = JOB_RENEW,
	.subjects = subjects,
	.question = N_("Install the new certificate?"),
	.done = N_("renewed"),
};

static int answer(struct options *options, const char *id, const char *path,
		  struct error *err)
{
	return hs_question_answer(hs_question_by_id(id), &options->settings,
				  path, ORIGIN_FLAG, "RENEWED_LINEAGE", err);
}

/* certbot calls its deploy hooks with the directory of what it has renewed in
 * RENEWED_LINEAGE (and the names in RENEWED_DOMAINS, which are those of the
 * certificate).  A key that --key names stays. */
static int take_lineage(struct options *options, struct error *err)
{
	const char *lineage = getenv("RENEWED_LINEAGE");
	hs_auto_free char *certificate = NULL, *key = NULL;

	if (!lineage || !*lineage || options->answers ||
	    options->settings.certificate_file)
		return 0;
	certificate = hs_format("%s/fullchain.pem", lineage);
	key = hs_format("%s/privkey.pem", lineage);
	if (answer(options, "certificate.file", certificate, err))
		return -1;
	if (options->settings.certificate_key)
		return 0;
	return answer(options, "certificate.key", key, err);
}

static int run(struct options *options, struct error *err)
{
	if (take_lineage(options, err))
		return (int)err->code;
	if (options->answers ||
	    hs_question_is_answered(hs_question_by_id("certificate.file"),
				    &options->settings))
		return cli_work_run(options, &work, err);
	hs_fail(err, HS_USAGE, "the new certificate is missing");
	hs_error_where(err, "--cert");
	hs_error_hint(err, "write --cert FILE (as certbot's deploy hook: "
			   "RENEWED_LINEAGE names it)");
	return HS_USAGE;
}

const struct command cli_cmd_renew = {
	.name = "renew",
	.usage = "--cert FILE",
	.summary =
		N_("swap the certificate where it is installed, nothing else"),
	.help = N_(
		"Puts a new certificate in the place of the installed one, "
		"for every site of its names that this program set up, and "
		"proves on the live sites that it is served. Changes nothing "
		"else; fit for the deploy hook of an ACME client: certbot's "
		"RENEWED_LINEAGE is understood in place of --cert and --key."),
	.flags = FLAGS_JSON | FLAGS_ANSWERS | FLAGS_SECRET | FLAGS_STATE |
		 FLAGS_CERT_DIR | FLAGS_TRUST | FLAGS_PROBE | FLAGS_YES |
		 FLAGS_TRIAL,
	.steps = STEPS_SERVER | STEPS_CERTIFICATE | STEPS_NAME,
	.writes = true,
	.run = run,
};
