#include "cli/command.h"
#include "cli/work.h"

static const char *const subjects[] = {"cert", NULL};

static const struct work work = {
	.kind = JOB_RENEW,
	.subjects = subjects,
	.question = "Install the new certificate?",
	.done = "renewed",
};

static int run(struct options *options, struct error *err)
{
	if (options->answers ||
	    hs_question_is_answered(hs_question_by_id("certificate.file"),
				    &options->settings))
		return cli_work_run(options, &work, err);
	hs_fail(err, HS_USAGE, "the new certificate is missing");
	hs_error_where(err, "--cert");
	hs_error_hint(err, "write --cert FILE");
	return HS_USAGE;
}

const struct command cli_cmd_renew = {
	.name = "renew",
	.usage = "--cert FILE",
	.summary = "swap the certificate where it is installed, nothing else",
	.help = "Puts a new certificate in the place of the installed one, "
		"for every site of its names that this program set up, and "
		"proves on the live sites that it is served. Changes nothing "
		"else; fit for the deploy hook of an ACME client.",
	.flags = FLAGS_JSON | FLAGS_ANSWERS | FLAGS_SECRET | FLAGS_STATE |
		 FLAGS_CERT_DIR | FLAGS_TRUST | FLAGS_PROBE | FLAGS_YES,
	.steps = STEPS_SERVER | STEPS_CERTIFICATE | STEPS_NAME,
	.writes = true,
	.run = run,
};
