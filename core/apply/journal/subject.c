#include "core/apply/journal/subject.h"

#include <stdlib.h>

#include "core/base/memory.h"

#define TEXT_MAX 4096

void hs_tx_server_done(struct tx_server *server)
{
	free(server->id);
	free(server->binary);
	free(server->config);
	free(server->prefix);
	*server = (struct tx_server){0};
}

void hs_tx_server_copy(const struct tx_server *from, struct tx_server *ret_copy)
{
	*ret_copy = (struct tx_server){
		.id = hs_strdup(from->id),
		.binary = hs_strdup(from->binary),
		.config = hs_strdup(from->config),
		.prefix = hs_strdup(from->prefix),
	};
}

void hs_tx_port_put(const struct tx_port *port, struct str *to)
{
	hs_message_put_text(to, port->rule.firewall);
	hs_message_put_number(to, (uint64_t)port->rule.port);
	hs_message_put_number(to, port->rule.shuts);
	hs_message_put_number(to, port->goes);
	hs_message_put_text(to, port->rule.tag);
	hs_message_put_text(to, port->rule.place);
}

void hs_tx_port_take(struct message *from, struct tx_ports *ports)
{
	struct tx_port *port = HS_GROW(ports);

	*port = (struct tx_port){0};
	port->rule.firewall = hs_message_text(from, TEXT_MAX);
	port->rule.port = (int)hs_message_number(from, 65535);
	port->rule.shuts = hs_message_number(from, 1) != 0;
	port->goes = hs_message_number(from, 1) != 0;
	port->rule.tag = hs_message_text(from, TEXT_MAX);
	port->rule.place = hs_message_text(from, TEXT_MAX);
	if (!port->rule.firewall || !port->rule.tag)
		from->broken = 1;
}

void hs_tx_ports_done(struct tx_ports *ports)
{
	HS_EACH(port, ports)
		hs_firewall_rule_done(&port->rule);
	HS_ARRAY_FREE(ports);
}
