#include "cli/command.h"
#include "cli/work.h"
#include "core/base/i18n.h"

static const struct work work = {
	.kind = JOB_ENABLE,
	.confirm_within = 120,
	.question = N_("Apply this?"),
};

static int run(struct options *options, struct error *err)
{
	return cli_work_run(options, &work, err);
}

const struct command cli_cmd_apply = {
	.name = "apply",
	.usage = "SETTINGS",
	.summary = N_("validate, apply, look at the live site"),
	.help = N_(
		"Validates the settings, shows the plan and asks, applies it "
		"as one transaction, and proves on the live site that it "
		"works. Whatever fails, everything is taken back. HSTS is "
		"switched on last, after HTTPS was proved. A second run "
		"changes nothing."),
	.flags = FLAGS_JSON | FLAGS_ANSWERS | FLAGS_SECRET | FLAGS_SAVE |
		 FLAGS_STATE | FLAGS_CERT_DIR | FLAGS_TRUST | FLAGS_PROBE |
		 FLAGS_YES | FLAGS_TRIAL,
	.steps = STEPS_ALL,
	.writes = true,
	.run = run,
};
