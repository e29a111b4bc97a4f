/* What ArcGIS Server asks beside what everybody is asked. */
#include "core/base/i18n.h"
#include "core/settings/questions/tables.h"

static const struct question questions[] = {
	{
		.id = "arcgis.instance",
		.flag = "arcgis-instance",
		.kind = QUESTION_PATH,
		.step = STEP_PRODUCT,
		FIELD(arcgis.instance),
		.values = N_("a folder such as C:\\Inetpub\\wwwroot\\ArcGIS"),
		.label = N_("Folder of the instance"),
		.help = N_(
			"The folder with the web applications of ArcGIS Server "
			"9.3 or 10.0: the one that has a folder Security with "
			"a web.config. Left empty, it is looked for below the "
			"sites of IIS."),
		.product = "arcgis",
	},
};

const struct question_table hs_questions_arcgis = {
	.questions = questions,
	.count = HS_LENGTH(questions),
};
