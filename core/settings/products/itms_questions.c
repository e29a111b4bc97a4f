/* What ITMS asks beside what everybody is asked. */
#include "core/base/i18n.h"
#include "core/settings/questions/tables.h"

static const struct choice requirements[] = {
	[ITMS_REQUIRE_AUTO] = {"auto", N_("as soon as HTTPS alone is served")},
	[ITMS_REQUIRE_YES] = {"yes", N_("now")},
	[ITMS_REQUIRE_NO] = {"no", N_("not here")},
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
		.values = N_("auto, yes or no"),
		.label = N_("Require HTTPS"),
		.help = N_("Whether the Management Platform (what is below "
			   "/Altiris on the site) refuses requests over HTTP. "
			   "Agents that were not told of HTTPS yet are cut off "
			   "by it, so tell them first."),
		.choices = requirements,
		.product = "itms",
	},
	{
		.id = "itms.site-servers",
		.flag = "itms-site-servers",
		.kind = QUESTION_NAMES,
		.step = STEP_PRODUCT,
		FIELD(itms.site_servers),
		.values = N_("full names of the site servers; may be repeated"),
		.label = N_("Site servers"),
		.help = N_(
			"Package servers and task servers on machines of their "
			"own. Each needs a certificate for its own full name, "
			"from an issuer that clients trust, and an HTTPS "
			"binding; the steps are listed with the plan."),
		.product = "itms",
	},
};

const struct question_table hs_questions_itms = {
	.questions = questions,
	.count = HS_LENGTH(questions),
};
