/* What IIS asks beside what every server is asked. */
#include "core/settings/question_tables.h"

static const struct choice versions[] = {
	[IIS_VERSION_AUTO] = {"auto", "as the files of the tree tell"},
	[IIS_VERSION_OLDER] = {"2016-or-older",
			       "Windows Server 2016, 2012, 2008"},
	[IIS_VERSION_NEWER] = {"2019-or-newer",
			       "Windows Server 2019, 2022, 2025"},
	{NULL, NULL},
};

static const struct choice forms[] = {
	[IIS_PFX_AUTO] = {"auto", "as the version of Windows needs it"},
	[IIS_PFX_MODERN] = {"modern", "AES: Windows 10 1709, Server 2019"},
	[IIS_PFX_COMPATIBLE] = {"compatible", "3DES: every Windows"},
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
		.values = "auto, 2016-or-older or 2019-or-newer",
		.label = "Version of Windows",
		.help = "Newer IIS sends HSTS by a setting of the site; older "
			"IIS stops when it meets that setting, so there a "
			"rewrite rule sends it. Say the version where the "
			"tree does not hold the programs that tell it.",
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
		.values = "yes or no",
		.label = "Require SSL",
		.help = "Refuses every request that does not come over HTTPS "
			"(error 403.4), also those of programs that know only "
			"http://. A redirect by URL Rewrite comes before it.",
		.server = "iis",
	},
	{
		.id = "iis.require-ssl-for",
		.flag = "iis-require-ssl-for",
		.kind = QUESTION_TEXT,
		.step = STEP_HSTS,
		FIELD(iis.require_ssl_for),
		.values = "applications of the site, between commas",
		.label = "Require SSL only for",
		.help = "Applications or folders of the site that refuse what "
			"does not come over HTTPS, while the rest of it goes "
			"on with both: ArcGIS/rest, ArcGIS/Manager. They are "
			"named as below the address of the site.",
		.server = "iis",
	},
	{
		.id = "iis.pfx",
		.flag = "iis-pfx",
		.kind = QUESTION_CHOICE,
		.step = STEP_PRODUCT,
		FIELD(iis.pfx),
		.fallback = "auto",
		.values = "auto, modern or compatible",
		.label = "Form of the .pfx file",
		.help = "The file that carries the key to the certificate "
			"store of Windows. Windows before 1709 (Server 2016 "
			"and older) reads only the compatible form, which is "
			"weaker; the file is deleted once it is imported.",
		.choices = forms,
		.server = "iis",
	},
};

const struct question_table hs_questions_iis = {
	questions,
	HS_LENGTH(questions),
};
