/*
 * The rules of iptables as iptables-save(8) writes them, of both back ends
 * (legacy and nf_tables) and both families.
 */
#ifndef CORE_FIREWALL_IPT_RULES_H
#define CORE_FIREWALL_IPT_RULES_H

#include "core/firewall/walk.h"

/* One filter table that is there. */
struct ipt_table {
	char *program; /* that changes it: "iptables-nft" */
	bool ipv6;
	bool foreign; /* ufw's or firewalld's: theirs to speak for; or nobody's,
			 beside what the other back end has */
	char *text;
};
struct ipt_tables HS_ARRAY(struct ipt_table);

/* Reads every filter table; makes none.  -1 when one cannot be read. */
int hs_ipt_read(struct ipt_tables *ret_tables, struct error *err) HS_MUST_CHECK;
void hs_ipt_done(struct ipt_tables *tables);
#define hs_auto_ipt HS_CLEANUP(hs_ipt_done)

/* Fills the walk; the keys of its chains are their names, handles the numbers
 * of rules. */
void hs_ipt_walk(const char *text, const struct stranger *stranger,
		 struct walk *ret_walk);

/* What all ways in of that family say about the port; the worst counts. */
enum verdict hs_ipt_judge(const struct ipt_table *table,
			  const struct ways_in *ways, int port,
			  struct walk_places *places);

/* The words of a line, quotes taken off. */
void hs_ipt_words(const char *line, size_t length, struct strings *ret_words);

#endif
