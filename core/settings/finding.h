/*
 * A finding: what a rule yields.  Ids are stable (shared with scripts); the
 * sentence may change.
 */
#ifndef CORE_SETTINGS_FINDING_H
#define CORE_SETTINGS_FINDING_H

#include "core/base/array.h"
#include "core/base/error.h"

enum severity { SEVERITY_OK, SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

struct finding {
	const char *id; /* "cert.expired" */
	enum severity severity;
	const char *question; /* id of the question it is about, or NULL */
	char *where;	      /* file:line or flag that caused it, or NULL */
	char *message;	      /* one sentence with its facts, safe to show */
	const char *remedy;   /* what to do; NULL for ok */
	const char *source;   /* RFC, guideline, vendor page; or NULL */
};
struct findings HS_ARRAY(struct finding);

/* "error" "warning" "info" "ok": in JSON and rules. */
const char *hs_severity_word(enum severity severity);
/* "stop" "warn" "note" "ok": the marks on screens. */
const char *hs_severity_mark(enum severity severity);

/* The worst severity in the list; SEVERITY_OK when it is empty. */
enum severity hs_findings_worst(const struct findings *findings);
/* How many have that severity. */
size_t hs_findings_count(const struct findings *findings,
			 enum severity severity);
/* The first with that id, or NULL. */
const struct finding *hs_findings_get(const struct findings *findings,
				      const char *id);
void hs_findings_done(struct findings *findings);

#endif
