/*
 * The rules: one row per finding id, each a pure function of settings and
 * facts.  Rows stand in one table per subject (cert.c, name.c, binding.c,
 * hsts.c, redirect.c, firewall.c, server.c, and core/settings/live/rules.c);
 * rules.c walks them.
 */
#ifndef CORE_SETTINGS_RULES_RULES_H
#define CORE_SETTINGS_RULES_RULES_H

#include "core/base/str.h"
#include "core/settings/facts.h"
#include "core/settings/finding.h"
#include "core/settings/settings.h"

/* What a rule looks at. */
struct judged {
	const struct settings *settings;
	const struct facts *facts;
	/* The question of the finding: that of the rule, unless the rule puts
	 * another one here (the other port, the other file). May be NULL. */
	const char **question;
	/* Nobody asked for anything: what is there is judged by itself. */
	bool unasked;
};

struct rule {
	const char *id;
	/* SEVERITY_OK: no finding, unless a product asks for more. */
	enum severity severity;
	const char *question; /* it is about, or NULL */
	const char *says;     /* the sentence without the facts of the case */
	const char *remedy;
	const char *source;
	/*
	 * Whether it holds.  It may write the sentence of this very case
	 * (facts, dates, names) to `detail`, which then replaces `says`, and
	 * put the place ("file:line") into *where (to be freed).  A rule that
	 * the operator's inputs can break several times writes the first.
	 * NULL: servers, products and firewalls find it out while they look or
	 * plan; it holds for each problem of that id of the chosen server and
	 * of the chosen product.
	 */
	bool (*holds)(const struct judged *judged, struct str *detail,
		      char **where);
	/* How severe it is where nobody asked for it; SEVERITY_OK: as
	 * above. */
	enum severity unasked;
};

/* The rules of one subject. */
struct rule_table {
	const char *subject; /* "cert": the first word of its ids */
	const struct rule *rules;
	size_t count;
	/* Whether its facts are there at all (certificate read, site probed);
	 * NULL: always. */
	bool (*applies)(const struct judged *judged);
};

/* All tables; *ret_count of them. */
const struct rule_table *const *hs_rules(size_t *ret_count);
/* The rule with that id, or NULL. */
const struct rule *hs_rule_get(const char *id);

/* Runs every rule but live.*, in the order of the questions, worst first within
 * each; replaces *ret_findings.  The chosen product's policy and facts may
 * raise a severity. */
void hs_rules_judge(const struct settings *settings, const struct facts *facts,
		    struct findings *ret_findings);
/* Runs the live.* rules on facts->probes. */
void hs_rules_judge_live(const struct settings *settings,
			 const struct facts *facts,
			 struct findings *ret_findings);
/* The same without settings: only name and ports in them count. */
void hs_rules_diagnose(const struct settings *settings,
		       const struct facts *facts,
		       struct findings *ret_findings);

/* Adds a finding by rule id with this case's sentence (NULL: the rule's own)
 * and place (NULL: none). For errors that carry an id. */
void hs_findings_add(struct findings *findings, const char *id,
		     const char *where, const char *message);

/*
 * Fills what the operator left open from the facts: server, site, name from
 * the certificate, redirect code, ports.  Chooses facts->server and
 * facts->site.  May be called again after each change.
 */
void hs_settings_complete(struct settings *settings, struct facts *facts);

#endif
