/*
 * Whether somebody who logs in anew gets to SSH at all: what is open already
 * tells nothing about that, and a change is kept from a new login.
 */
#include "core/apply/job/parts.h"
#include "core/base/i18n.h"
#include "core/firewall/firewall.h"
#include "core/firewall/ssh.h"

static void note_door(struct job *job, const struct firewall_ops *ops, int port)
{
	hs_auto_free char *text = hs_format(
		_("%s lets no new SSH connection to port %d in from just "
		  "anywhere"),
		ops->title, port);

	hs_findings_add(&job->findings, "firewall.ssh-shut", NULL, text);
}

void hs_job_note_doors(struct job *job)
{
	const struct firewall_facts *firewall =
		hs_firewall_chosen(&job->settings, &job->facts);
	const struct firewall_ops *ops =
		firewall ? hs_firewall_ops(firewall->id) : NULL;
	struct ssh_doors doors = {0};
	int last = 0;

	if (!ops || !ops->judge || job->facts.offline)
		return;
	hs_ssh_find(&job->facts, &doors);
	HS_EACH(door, &doors) {
		if (door->port != last &&
		    ops->judge(door->port) == VERDICT_CLOSED)
			note_door(job, ops, door->port);
		last = door->port;
	}
	hs_ssh_done(&doors);
}
