/*
 * The firewalls of the table in firewall.c, one file each, and what they
 * share.
 */
#ifndef CORE_FIREWALL_BACKENDS_H
#define CORE_FIREWALL_BACKENDS_H

#include "core/base/run.h"
#include "core/firewall/firewall.h"

extern const struct firewall_ops hs_firewalld;
extern const struct firewall_ops hs_iptables;
extern const struct firewall_ops hs_nftables;
extern const struct firewall_ops hs_ufw;
extern const struct firewall_ops hs_windows_firewall;

/* Notes what was found out about both ports of the settings; `judge` answers
 * for one of them. */
void hs_firewall_note(const struct settings *settings,
		      enum verdict (*judge)(const void *rules, int port),
		      const void *rules, struct firewall_facts *facts);

/*
 * Runs a firewall's own program, bounded in time.  -1 (HS_FAILED) when it
 * cannot be run or does not end with 0, with what it said; its output goes to
 * `ret_out` unless that is NULL.
 */
int hs_firewall_run(const char *const *argv, const struct str *input,
		    struct str *ret_out, struct error *err) HS_MUST_CHECK;

/* A command in one line becomes argv. */
void hs_firewall_say(struct strings *ret_argv, const char *const *argv);

/* The interfaces that strangers come in by, for each family: those with a
 * default route, else all but loopback. */
struct way_in {
	char *interface;
	bool ipv6;
};
struct ways_in HS_ARRAY(struct way_in);
void hs_ways_in(struct ways_in *ret_ways);
void hs_ways_in_done(struct ways_in *ways);
#define hs_auto_ways_in HS_CLEANUP(hs_ways_in_done)

#endif
