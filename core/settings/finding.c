#include "core/settings/finding.h"

#include <string.h>

#include "core/base/i18n.h"

static const struct {
	const char *word, *mark;
} severities[] = {
	[SEVERITY_OK] = {"ok", "ok"},
	[SEVERITY_INFO] = {"info", N_("note")},
	[SEVERITY_WARNING] = {"warning", N_("warn")},
	[SEVERITY_ERROR] = {"error", N_("stop")},
};

const char *hs_severity_word(enum severity severity)
{
	return severities[severity].word;
}

const char *hs_severity_mark(enum severity severity)
{
	return _(severities[severity].mark);
}

enum severity hs_findings_worst(const struct findings *findings)
{
	enum severity worst = SEVERITY_OK;

	HS_EACH(finding, findings)
		if (finding->severity > worst)
			worst = finding->severity;
	return worst;
}

size_t hs_findings_count(const struct findings *findings,
			 enum severity severity)
{
	size_t count = 0;

	HS_EACH(finding, findings)
		count += finding->severity == severity;
	return count;
}

const struct finding *hs_findings_get(const struct findings *findings,
				      const char *id)
{
	HS_EACH(finding, findings)
		if (strcmp(finding->id, id) == 0)
			return finding;
	return NULL;
}

void hs_findings_done(struct findings *findings)
{
	HS_EACH(finding, findings) {
		free(finding->where);
		free(finding->message);
	}
	HS_ARRAY_FREE(findings);
}
