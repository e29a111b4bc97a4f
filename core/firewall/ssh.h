/*
 * The doors of SSH: which listeners speak it, and whether each still answers a
 * new connection.  A connection that is open already says nothing: firewalls
 * let it go on when they shut out every new one.
 */
#ifndef CORE_FIREWALL_SSH_H
#define CORE_FIREWALL_SSH_H

#include "core/base/error.h"
#include "core/settings/facts.h"

/* One that answered. */
struct ssh_door {
	char *address; /* numeric */
	int port;
};
struct ssh_doors HS_ARRAY(struct ssh_door);

/*
 * The listeners of facts->ports that belong to a program of SSH, have the port
 * of this session or of sshd_config(5), or 22 (one started by systemd when it
 * is needed shows no program of its own), and that answer as SSH does, at this
 * machine's own addresses.
 */
void hs_ssh_find(const struct facts *facts, struct ssh_doors *ret_doors);
/* Whether each answers a new connection. -1: HS_FAILED firewall.ssh-at-risk. */
int hs_ssh_check(const struct ssh_doors *doors,
		 struct error *err) HS_MUST_CHECK;
/* "22", "22 and 2222", to be freed; NULL: there is none. */
char *hs_ssh_ports(const struct ssh_doors *doors);
/* Whether one has that port. */
bool hs_ssh_has(const struct ssh_doors *doors, int port);
void hs_ssh_done(struct ssh_doors *doors);

#endif
