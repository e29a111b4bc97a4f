/*
 * Where a firewall moves in: who decides about the ports, and how one port is
 * opened or shut in it.
 *
 * Rules of conduct: what is added is one rule of ours, with our tag where the
 * firewall has room for one, before the verdict that decides today; what is
 * removed is ours.  Nothing is ever enabled, flushed, reloaded or reordered,
 * and no rule about SSH is touched.  A rule is timed until the change is kept
 * wherever the firewall can do that: should everything die, the kernel itself
 * takes it back.
 */
#ifndef CORE_FIREWALL_FIREWALL_H
#define CORE_FIREWALL_FIREWALL_H

#include "core/base/error.h"
#include "core/base/root.h"
#include "core/plan/plan.h"
#include "core/settings/facts.h"
#include "core/settings/settings.h"

/* What a firewall says about one port. */
enum verdict { VERDICT_OPEN, VERDICT_CLOSED, VERDICT_UNKNOWN };

/* A rule of ours. */
struct firewall_rule {
	char *firewall; /* id */
	int port;
	bool shuts; /* drops what comes to the port, instead of letting it in */
	char *tag;  /* "https-setup 7f3a-02" */
	char *place; /* the backend's own, found when it was added; or NULL */
};

struct firewall_ops {
	const char *id;
	const char *title;
	bool offline; /* of offline trees, never of the running system */
	int (*detect)(const struct root *root, const struct settings *settings,
		      struct firewall_facts *ret_facts, struct error *err);
	/* What becomes of a stranger's new connection to the port, now. */
	enum verdict (*judge)(int port);
	/* The commands that add() and settle() amount to, for people. */
	void (*describe)(const struct firewall_rule *rule,
			 struct strings *ret_argv);
	/* Where it would go, to be journalled before add(); NULL allowed. */
	char *(*place)(const struct firewall_rule *rule);
	/* Adds the rule, for `seconds` or, with 0, for good.  On -1 the caller
	 * calls remove(). */
	int (*add)(const struct firewall_rule *rule, int seconds,
		   struct error *err);
	/* Makes a timed rule one for good, and keeps it over a restart where
	 * the firewall can. */
	int (*settle)(const struct firewall_rule *rule, struct error *err);
	/* Removes it, timed or not; 0 as well when there is none. */
	int (*remove)(const struct firewall_rule *rule, struct error *err);
	/* NULL, or why this user or this machine cannot have that rule; one
	 * clause, static. */
	const char *(*refuses)(const struct firewall_rule *rule);
	const char *persistence; /* what becomes of it at a restart, or NULL:
				    it is kept */
};

const struct firewall_ops *const *hs_firewalls(size_t *ret_count);
/* The one with that id, or NULL. */
const struct firewall_ops *hs_firewall_ops(const char *id);

/* Fills facts->firewalls with those that are there. */
int hs_firewalls_detect(const struct root *root,
			const struct settings *settings, struct facts *facts,
			struct error *err) HS_MUST_CHECK;

/* The one the settings mean that decides about packets now, or NULL. */
const struct firewall_facts *hs_firewall_chosen(const struct settings *settings,
						const struct facts *facts);

/* Adds what the settings ask of the firewall to the plan: the HTTPS port
 * opened, the HTTP port shut.  Does nothing where it is so already. */
void hs_firewall_plan(const struct settings *settings,
		      const struct facts *facts, struct plan *plan);
/* Adds the removal of a rule of ours to the plan. */
void hs_firewall_plan_removal(const struct firewall_rule *rule,
			      struct plan *plan);

void hs_firewall_rule_done(struct firewall_rule *rule);

#endif
