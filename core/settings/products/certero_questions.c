/* What Certero asks beside what everybody is asked. */
#include "core/settings/question_tables.h"

static const struct choice endpoints[] = {
	[CERTERO_NO_ENDPOINTS] = {"none", "only the one on this machine"},
	[CERTERO_BEFORE_8_4] = {"before-8.4",
				"with the Endpoint Server Configuration Tool"},
	[CERTERO_FROM_8_4] = {"from-8.4", "sites of IIS on their machines"},
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
		.values = "none, before-8.4 or from-8.4",
		.label = "Stand-alone Endpoint Servers",
		.help = "Endpoint Servers on machines of their own need the "
			"same change as the tenant. How it is made depends on "
			"their version; the steps are listed with the plan.",
		.choices = endpoints,
		.product = "certero",
	},
	{
		.id = "certero.endpoint-servers",
		.flag = "certero-endpoint-servers",
		.kind = QUESTION_NAMES,
		.step = STEP_PRODUCT,
		FIELD(certero.endpoint_servers),
		.values = "the full names of the Endpoint Servers; may be "
			  "repeated",
		.label = "Their full names",
		.help = "The host names under which Administration > Endpoint "
			"Servers has them. They must be fully qualified, as "
			"in endpoint01.example.org, or clients cannot check "
			"their certificates.",
		.product = "certero",
	},
	{
		.id = "certero.clients-updated",
		.flag = "certero-clients-updated",
		.kind = QUESTION_BOOL,
		.step = STEP_PRODUCT,
		FIELD(certero.clients_updated),
		.fallback = "no",
		.values = "yes or no",
		.label = "Every client knows HTTPS",
		.help = "Clients learn the new address over the old one, while "
			"HTTP and HTTPS are both served. Say yes when all of "
			"them have fetched the new configuration and HTTP can "
			"be switched off.",
		.product = "certero",
	},
};

const struct question_table hs_questions_certero = {
	.questions = questions,
	.count = HS_LENGTH(questions),
};
