/*
 * What a finding about the live site means to visitors, and what on this very
 * server causes it: the part of the doctor that knows.
 */
#ifndef CORE_SETTINGS_LIVE_EXPLAIN_H
#define CORE_SETTINGS_LIVE_EXPLAIN_H

#include "core/settings/facts.h"
#include "core/settings/settings.h"

struct explanation {
	const char *means;   /* sentences; NULL: nothing beyond the finding */
	const char *browser; /* what browsers show: "ERR_CERT_DATE_INVALID" */
	const char *step;    /* where the wizard can do it: "Certificate" */
	char *cause;	     /* what was found on this server, or NULL */
	char *where;	     /* its place, "file:line", or NULL */
};

/* Explains a finding of hs_rules_diagnose(); never fails. */
void hs_explain(const struct finding *finding, const struct settings *settings,
		const struct facts *facts, struct explanation *ret_explanation);
void hs_explanation_done(struct explanation *explanation);

#endif
