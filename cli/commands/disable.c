#include "cli/command.h"
#include "cli/work.h"
#include "core/base/i18n.h"

static const char *const subjects[] = {"server", NULL};

static const struct work work = {
	.kind = JOB_DISABLE,
	.subjects = subjects,
	.question = N_("Take HTTPS off?"),
	.done = N_("taken off"),
};

static int run(struct options *options, struct error *err)
{
	return cli_work_run(options, &work, err);
}

const struct command cli_cmd_disable = {
	.name = "disable",
	.usage = "SETTINGS",
	.summary = N_("take HTTPS off a site again, back to HTTP"),
	.help = N_(
		"Takes HTTPS off the site that --site or --name says, and "
		"leaves it on HTTP. Browsers that have seen HSTS go on asking "
		"for HTTPS until it expires with them."),
	.flags = FLAGS_JSON | FLAGS_ANSWERS | FLAGS_SECRET | FLAGS_STATE |
		 FLAGS_CERT_DIR | FLAGS_TRUST | FLAGS_PROBE | FLAGS_YES |
		 FLAGS_TRIAL,
	.steps = STEPS_ALL,
	.writes = true,
	.run = run,
};
