/* What ITMS asks beside what everybody is asked. */
#include "core/settings/question_tables.h"

static const struct choice requirements[] = {
	[ITMS_REQUIRE_AUTO] = {"auto", "as soon as HTTPS alone is served"},
	[ITMS_REQUIRE_YES] = {"yes", "now"},
	[ITMS_REQUIRE_NO] = {"no", "not here"},
	{NULL, NULL},
};

static const struct question questions[] = {
	{
		.id = "itms.require-https",
		.flag = "itms-require-https",
		.kind = QUESTION_CHOICE,
		.step = STEP_PRODUCT,
		FIELD(itms.require_https),
		.fallback = "auto",
		.values = "auto, yes or no",
		.label = "Require HTTPS",
		.help = "Whether the Management Platform (what is below "
			"/Altiris on the site) refuses requests over HTTP. "
			"Agents that were not told of HTTPS yet are cut off "
			"by it, so tell them first.",
		.choices = requirements,
		.product = "itms",
	},
	{
		.id = "itms.site-servers",
		.flag = "itms-site-servers",
		.kind = QUESTION_NAMES,
		.step = STEP_PRODUCT,
		FIELD(itms.site_servers),
		.values = "full names of the site servers; may be repeated",
		.label = "Site servers",
		.help = "Package servers and task servers on machines of their "
			"own. Each needs a certificate for its own full name, "
			"from an issuer that clients trust, and an HTTPS "
			"binding; the steps are listed with the plan.",
		.product = "itms",
	},
};

const struct question_table hs_questions_itms = {
	.questions = questions,
	.count = HS_LENGTH(questions),
};
