/*
 * Strict-Transport-Security, read as its parties read it: browsers by RFC
 * 6797, and hstspreload.org, which refuses more.  What stands in the way of
 * preloading is named by the ids that hstspreload.org publishes.
 */
#ifndef CORE_SETTINGS_PRELOAD_H
#define CORE_SETTINGS_PRELOAD_H

#include "core/settings/facts.h"
#include "core/settings/settings.h"

struct preload_issue {
	const char *id; /* "header.preloadable.max_age.below_1_year" */
	bool is_error;	/* refuses the site; else a warning */
};
struct preload_issues HS_ARRAY(struct preload_issue);

/* One header value. */
struct hsts {
	long long max_age; /* -1: none that is valid */
	bool include_subdomains, preload;
};

/* As browsers read it (RFC 6797, 6.1 and 8.1): without a valid max-age the
 * header is none. */
struct hsts hs_hsts_read(const char *value);

/* As hstspreload.org reads it; adds what it finds to complain about. */
struct hsts hs_preload_read(const char *value, struct preload_issues *issues);

/* All that can be told of the probed site without asking anybody else: the
 * domain, the header, the redirects, the certificate of the first address that
 * answered.  Empty: eligible.  HS_ARRAY_FREE() the issues. */
void hs_preload_judge(const struct settings *settings,
		      const struct facts *facts,
		      struct preload_issues *ret_issues);
/* What stands in the way of leaving the list again: it takes a site off that
 * still sends one header, without the word preload. */
void hs_preload_judge_removal(const struct facts *facts,
			      struct preload_issues *ret_issues);
bool hs_preload_refuses(const struct preload_issues *issues);

/* Whether the probed site asks to be preloaded: its header says so. */
bool hs_preload_is_asked(const struct facts *facts);

#endif
