/* What Certero asks beside what everybody is asked. */
#include "core/base/i18n.h"
#include "core/settings/questions/tables.h"

static const struct choice endpoints[] = {
	[CERTERO_NO_ENDPOINTS] = {"none", N_("only the one on this machine")},
	[CERTERO_BEFORE_8_4] =
		{"before-8.4",
		 N_("with the Endpoint Server Configuration Tool")},
	[CERTERO_FROM_8_4] = {"from-8.4", N_("sites of IIS on their machines")},
	{NULL, NULL},
};

static const struct question questions[] = {
	{
		.id = "certero.endpoints",
		.flag = "certero-endpoints",
		.kind = QUESTION_CHOICE,
		.step = STEP_PRODUCT,
		FIELD(certero.endpoints),
		.fallback = "none",
		.values = N_("none, before-8.4 or from-8.4"),
		.label = N_("Stand-alone Endpoint Servers"),
		.help = N_(
			"Endpoint Servers on machines of their own need the "
			"same change as the tenant. How it is made depends on "
			"their version; the steps are listed with the plan."),
		.choices = endpoints,
		.product = "certero",
	},
	{
		.id = "certero.endpoint-servers",
		.flag = "certero-endpoint-servers",
		.kind = QUESTION_NAMES,
		.step = STEP_PRODUCT,
		FIELD(certero.endpoint_servers),
		.values = N_("the full names of the Endpoint Servers; may be "
			     "repeated"),
		.label = N_("Their full names"),
		.help = N_(
			"The host names under which Administration > Endpoint "
			"Servers has them. They must be fully qualified, as "
			"in endpoint01.example.org, or clients cannot check "
			"their certificates."),
		.product = "certero",
	},
	{
		.id = "certero.clients-updated",
		.flag = "certero-clients-updated",
		.kind = QUESTION_BOOL,
		.step = STEP_PRODUCT,
		FIELD(certero.clients_updated),
		.fallback = "no",
		.values = N_("yes or no"),
		.label = N_("Every client knows HTTPS"),
		.help = N_(
			"Clients learn the new address over the old one, while "
			"HTTP and HTTPS are both served. Say yes when all of "
			"them have fetched the new configuration and HTTP can "
			"be switched off."),
		.product = "certero",
	},
};

const struct question_table hs_questions_certero = {
	.questions = questions,
	.count = HS_LENGTH(questions),
};
