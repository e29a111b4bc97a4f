/* What IIS asks beside what every server is asked. */
#include "core/base/i18n.h"
#include "core/settings/questions/tables.h"

static const struct choice versions[] = {
	[IIS_VERSION_AUTO] = {"auto", N_("as the files of the tree tell")},
	[IIS_VERSION_OLDER] = {"2016-or-older",
			       N_("Windows Server 2016, 2012, 2008")},
	[IIS_VERSION_NEWER] = {"2019-or-newer",
			       N_("Windows Server 2019, 2022, 2025")},
	{NULL, NULL},
};

static const struct choice forms[] = {
	[IIS_PFX_AUTO] = {"auto", N_("as the version of Windows needs it")},
	[IIS_PFX_MODERN] = {"modern", N_("AES: Windows 10 1709, Server 2019")},
	[IIS_PFX_COMPATIBLE] = {"compatible", N_("3DES: every Windows")},
	{NULL, NULL},
};

static const struct question questions[] = {
	{
		.id = "iis.version",
		.flag = "iis-version",
		.kind = QUESTION_CHOICE,
		.step = STEP_HSTS,
		FIELD(iis.version),
		.fallback = "auto",
		.values = N_("auto, 2016-or-older or 2019-or-newer"),
		.label = N_("Version of Windows"),
		.help = N_(
			"Newer IIS sends HSTS by a setting of the site; older "
			"IIS stops when it meets that setting, so there a "
			"rewrite rule sends it. Say the version where the "
			"tree does not hold the programs that tell it."),
		.choices = versions,
		.server = "iis",
	},
	{
		.id = "iis.require-ssl",
		.flag = "iis-require-ssl",
		.no_flag = "no-iis-require-ssl",
		.kind = QUESTION_BOOL,
		.step = STEP_HSTS,
		FIELD(iis.require_ssl),
		.fallback = "no",
		.values = N_("yes or no"),
		.label = N_("Require SSL"),
		.help = N_(
			"Refuses every request that does not come over HTTPS "
			"(error 403.4), also those of programs that know only "
			"http://. A redirect by URL Rewrite comes before it."),
		.server = "iis",
	},
	{
		.id = "iis.require-ssl-for",
		.flag = "iis-require-ssl-for",
		.kind = QUESTION_TEXT,
		.step = STEP_HSTS,
		FIELD(iis.require_ssl_for),
		.values = N_("applications of the site, between commas"),
		.label = N_("Require SSL only for"),
		.help = N_(
			"Applications or folders of the site that refuse what "
			"does not come over HTTPS, while the rest of it goes "
			"on with both: ArcGIS/rest, ArcGIS/Manager. They are "
			"named as below the address of the site."),
		.server = "iis",
	},
	{
		.id = "iis.pfx",
		.flag = "iis-pfx",
		.kind = QUESTION_CHOICE,
		.step = STEP_PRODUCT,
		FIELD(iis.pfx),
		.fallback = "auto",
		.values = N_("auto, modern or compatible"),
		.label = N_("Form of the .pfx file"),
		.help = N_(
			"The file that carries the key to the certificate "
			"store of Windows. Windows before 1709 (Server 2016 "
			"and older) reads only the compatible form, which is "
			"weaker; the file is deleted once it is imported."),
		.choices = forms,
		.server = "iis",
	},
};

const struct question_table hs_questions_iis = {
	questions,
	HS_LENGTH(questions),
};
