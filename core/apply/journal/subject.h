/*
 * What a transaction is about beside its files: a server, and ports of a
 * firewall.  Both are journalled: an undoing much later is about the same ones.
 */
#ifndef CORE_APPLY_JOURNAL_SUBJECT_H
#define CORE_APPLY_JOURNAL_SUBJECT_H

#include <stdbool.h>

#include "core/base/array.h"
#include "core/base/message.h"
#include "core/firewall/firewall.h"

/* Which server: a rollback loads the same one again. All NULL: none. */
struct tx_server {
	char *id, *binary, *config, *prefix;
};
void hs_tx_server_copy(const struct tx_server *from,
		       struct tx_server *ret_copy);
void hs_tx_server_done(struct tx_server *server);

/* A rule of ours in a firewall. */
struct tx_port {
	struct firewall_rule rule;
	bool goes; /* it was there and is removed; else it is added */
};
struct tx_ports HS_ARRAY(struct tx_port);
void hs_tx_port_put(const struct tx_port *port, struct str *to);
/* Adds the one that was put, or breaks the message. */
void hs_tx_port_take(struct message *from, struct tx_ports *ports);
void hs_tx_ports_done(struct tx_ports *ports);

#endif
