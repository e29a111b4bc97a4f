/* What Skyline DataMiner asks beside what everybody is asked. */
#include "core/base/i18n.h"
#include "core/settings/questions/tables.h"

static const struct choice connection_uris[] = {
	[DATAMINER_KEEP] = {"keep", N_("leave them as they are")},
	[DATAMINER_GRPC] = {"grpc",
			    N_("https://.../APIGateway: HTTPS, as today's "
			       "versions want it")},
	[DATAMINER_AUTO_HTTPS] = {"auto-https",
				  N_("auto://.../https: for versions before "
				     "10.5.10")},
	{NULL, NULL},
};

static const struct question questions[] = {
	{
		.id = "dataminer.name",
		.flag = "dataminer-name",
		.kind = QUESTION_NAME,
		.step = STEP_PRODUCT,
		FIELD(dataminer.name),
		.values = N_("the host name or IP address of this agent alone"),
		.label = N_("Name of this agent"),
		.help = N_(
			"What stands in MaintenanceSettings.xml: the name by "
			"which this one agent is reached, another for every "
			"agent of the system, and in the certificate. Left "
			"open, it is the name of the site."),
		.product = "dataminer",
	},
	{
		.id = "dataminer.failover-names",
		.flag = "dataminer-failover-names",
		.kind = QUESTION_NAMES,
		.step = STEP_PRODUCT,
		FIELD(dataminer.failover_names),
		.values =
			N_("the virtual IP address or the shared host name of "
			   "a Failover pair; may be repeated"),
		.label = N_("Failover names"),
		.help = N_(
			"What both agents of a Failover pair answer to. The "
			"certificate must have it on both of them; it does "
			"not belong into MaintenanceSettings.xml. Left open, "
			"this agent has no partner."),
		.product = "dataminer",
	},
	{
		.id = "dataminer.cloud",
		.flag = "dataminer-cloud",
		.kind = QUESTION_BOOL,
		.step = STEP_PRODUCT,
		FIELD(dataminer.cloud),
		.fallback = "no",
		.values = N_("yes or no"),
		.label = N_("Connected to dataminer.services"),
		.help = N_("Whether this system is, or is to be, connected to "
			   "dataminer.services, which does not work with "
			   "wildcard certificates."),
		.product = "dataminer",
	},
	{
		.id = "dataminer.connection-uris",
		.flag = "dataminer-connection-uris",
		.kind = QUESTION_CHOICE,
		.step = STEP_PRODUCT,
		FIELD(dataminer.connection_uris),
		.fallback = "keep",
		.values = N_("keep, grpc or auto-https"),
		.label = N_("Connections between agents"),
		.help = N_("What becomes of the redirects in DMS.xml, by which "
			   "the agents of a system find each other. With grpc "
			   "they go over HTTPS alone, and upgrades to 10.5.10 "
			   "and later are no longer held up by them."),
		.choices = connection_uris,
		.product = "dataminer",
	},
};

const struct question_table hs_questions_dataminer = {
	.questions = questions,
	.count = HS_LENGTH(questions),
};
