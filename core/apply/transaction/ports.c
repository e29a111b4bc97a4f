#include "core/apply/transaction/ports.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

#include "core/apply/listeners.h"
#include "core/base/i18n.h"
#include "core/firewall/ssh.h"

#define TRIES 4

bool hs_tx_ports_planned(const struct plan *plan)
{
	HS_EACH(change, &plan->changes) {
		if (change->firewall)
			return true;
	}
	return false;
}

static int write_down(struct transaction *tx, const struct tx_port *port,
		      struct error *err)
{
	hs_auto_str struct str payload = {0};

	hs_tx_port_put(port, &payload);
	hs_journal_add(&tx->journal, RECORD_PORT, &payload);
	return hs_journal_sync(&tx->journal, err);
}

/* Making a change */

struct guarded_port {
	int port;
	enum verdict before;
};

/* SSH as it was before the first change, and each port of it, as the firewall
 * saw it before the last. */
struct guard {
	struct ssh_doors doors;
	const struct firewall_ops *ops;
	struct guarded HS_ARRAY(struct guarded_port) ports;
};

static void stand_guard(const struct facts *facts, struct guard *ret_guard)
{
	struct facts now = {.addresses = facts->addresses};

	hs_listeners_look(&now);
	hs_ssh_find(&now, &ret_guard->doors);
	HS_EACH(use, &now.ports)
		free(use->address);
	HS_ARRAY_FREE(&now.ports);
}

static bool is_guarded(const struct guard *guard, int port)
{
	HS_EACH(guarded, &guard->ports) {
		if (guarded->port == port)
			return true;
	}
	return false;
}

static void look_before(struct guard *guard)
{
	guard->ports.n = 0;
	HS_EACH(door, &guard->doors) {
		if (!is_guarded(guard, door->port))
			*HS_GROW(&guard->ports) = (struct guarded_port){
				door->port, guard->ops->judge(door->port)};
	}
}

/* By new connections from here, and by the rules for strangers: from here they
 * are passed on loopback, where rules may differ. */
static int check_ssh(const struct guard *guard, struct error *err)
{
	if (hs_ssh_check(&guard->doors, err))
		return -1;
	HS_EACH(guarded, &guard->ports) {
		if (guarded->before != VERDICT_OPEN ||
		    guard->ops->judge(guarded->port) == VERDICT_OPEN)
			continue;
		hs_fail(err, HS_FAILED,
			"%s does not let new SSH connections to port %d in any "
			"more",
			guard->ops->title, guarded->port);
		hs_error_id(err, "firewall.ssh-at-risk");
		hs_error_hint(err, "look at its rules, or use --firewall none");
		return -1;
	}
	return 0;
}

static int check_open(const struct firewall_ops *ops,
		      const struct firewall_rule *rule, struct error *err)
{
	enum verdict wanted = rule->shuts ? VERDICT_CLOSED : VERDICT_OPEN;
	enum verdict now = ops->judge(rule->port);

	if (now == wanted || (now == VERDICT_UNKNOWN && rule->shuts))
		return 0;
	hs_fail(err, HS_FAILED,
		rule->shuts ? N_("TCP %d is still open in %s although our rule "
				 "was added")
			    : N_("TCP %d is still closed in %s although our "
				 "rule was added"),
		rule->port, ops->title);
	hs_error_id(err,
		    rule->shuts ? "firewall.closes-http" : "firewall.blocked");
	hs_error_hint(err, "another rule decides before ours can: change it by "
			   "hand, and use --firewall none");
	return -1;
}

static int refuse_ssh(const struct guard *guard,
		      const struct firewall_rule *rule, struct error *err)
{
	if (!rule->shuts || !hs_ssh_has(&guard->doors, rule->port))
		return 0;
	hs_fail(err, HS_REFUSED, "TCP %d is not closed: SSH listens there",
		rule->port);
	hs_error_id(err, "firewall.ssh-at-risk");
	return -1;
}

static int make_change(struct guard *guard, const struct tx_port *port,
		       int seconds, struct error *err)
{
	const struct firewall_ops *ops = guard->ops;

	look_before(guard);
	if (port->goes ? ops->remove(&port->rule, err)
		       : ops->add(&port->rule, seconds, err))
		return -1;
	if (check_ssh(guard, err))
		return -1;
	return port->goes ? 0 : check_open(ops, &port->rule, err);
}

/* No two rules have the same. */
static char *tag_of(const struct transaction *tx, bool shuts)
{
	return hs_format("https-setup %s%s", tx->ledger.id,
			 shuts ? " shut" : "");
}

static struct tx_port *port_of(struct transaction *tx,
			       const struct change *change,
			       const struct firewall_ops *ops)
{
	const struct change_port *about = &change->port;
	struct tx_port *port = HS_GROW(&tx->ledger.ports);

	*port = (struct tx_port){
		.goes = about->goes,
		.rule =
			{
				.firewall = hs_strdup(ops->id),
				.port = about->number,
				.shuts = about->shuts,
				.tag = about->goes ? hs_strdup(about->tag)
						   : tag_of(tx, about->shuts),
				.place = hs_strdup(about->place),
			},
	};
	if (!about->goes && ops->place)
		port->rule.place = ops->place(&port->rule);
	return port;
}

static int carry_out(struct transaction *tx, const struct change *change,
		     struct guard *guard, int seconds, struct error *err)
{
	struct tx_port *port;

	guard->ops = hs_firewall_ops(change->firewall);
	if (!guard->ops || !guard->ops->add)
		return hs_fail(err, HS_CANNOT, "%s cannot be changed here",
			       change->firewall);
	port = port_of(tx, change, guard->ops);
	if (refuse_ssh(guard, &port->rule, err) || write_down(tx, port, err)) {
		hs_firewall_rule_done(&port->rule);
		tx->ledger.ports.n--;
		return -1;
	}
	return make_change(guard, port, seconds, err);
}

static void say_change(const struct change *change, struct str *text)
{
	const struct firewall_ops *ops = hs_firewall_ops(change->firewall);

	if (text->len)
		hs_str_puts(text, ", ");
	if (change->port.goes)
		hs_str_printf(text, _("port %d given back in %s"),
			      change->port.number, ops->title);
	else
		hs_str_printf(text,
			      change->port.shuts ? _("port %d closed in %s")
						 : _("port %d opened in %s"),
			      change->port.number, ops->title);
}

static void say_ssh(const struct guard *guard, struct str *text)
{
	hs_auto_free char *ports = hs_ssh_ports(&guard->doors);
	hs_auto_free char *done = NULL;

	if (!ports)
		return;
	done = hs_str_take(text);
	hs_str_printf(text, _("%s; SSH on %s still answers new connections"),
		      done, ports);
}

int hs_tx_ports_change(struct transaction *transaction,
		       const struct facts *facts, int seconds, char **ret_text,
		       struct error *err)
{
	struct guard guard = {0};
	struct str text = {0};
	int result = 0;

	*ret_text = NULL;
	if (!hs_tx_ports_planned(transaction->plan))
		return 0;
	stand_guard(facts, &guard);
	HS_EACH(change, &transaction->plan->changes) {
		if (!change->firewall)
			continue;
		result = carry_out(transaction, change, &guard, seconds, err);
		if (result)
			break;
		say_change(change, &text);
	}
	if (result)
		(void)!hs_tx_ports_undo(&transaction->ledger, NULL);
	say_ssh(&guard, &text);
	hs_ssh_done(&guard.doors);
	HS_ARRAY_FREE(&guard.ports);
	*ret_text = hs_str_take(&text);
	return result;
}

int hs_tx_ports_settle(const struct ledger *ledger, struct error *err)
{
	HS_EACH(port, &ledger->ports) {
		const struct firewall_ops *ops =
			hs_firewall_ops(port->rule.firewall);

		if (!port->goes && ops && ops->settle(&port->rule, err))
			return -1;
	}
	return 0;
}

/* Taking back */

static int put_again(const struct firewall_ops *ops,
		     const struct firewall_rule *rule, struct error *err)
{
	enum verdict wanted = rule->shuts ? VERDICT_CLOSED : VERDICT_OPEN;

	return ops->judge(rule->port) == wanted ? 0 : ops->add(rule, 0, err);
}

/* Firewalls are busy now and then (another program holds their lock): asked
 * some times. */
static int take_back(const struct tx_port *port, struct error *err)
{
	const struct firewall_ops *ops = hs_firewall_ops(port->rule.firewall);
	struct error own;

	if (!ops || !ops->remove)
		return hs_fail(err, HS_CONFLICT, "%s is not known here",
			       port->rule.firewall);
	for (int tries = 0; tries < TRIES; tries++) {
		const struct timespec pause = {.tv_nsec = tries * 200000000L};

		nanosleep(&pause, NULL);
		own = (struct error){0};
		if (!(port->goes ? put_again(ops, &port->rule, &own)
				 : ops->remove(&port->rule, &own)))
			return 0;
	}
	hs_fail(err, HS_CONFLICT,
		port->goes
			? N_("the rule for TCP %d in %s could not be put back")
			: N_("the rule for TCP %d in %s could not be removed"),
		port->rule.port, ops->title);
	hs_error_hint(err, "do it by hand, its comment is %s (%s)",
		      port->rule.tag, own.what);
	return -1;
}

int hs_tx_ports_undo(const struct ledger *ledger, struct error *err)
{
	int result = 0;

	for (size_t i = ledger->ports.n; i-- > 0;)
		result |= take_back(&ledger->ports.items[i], err);
	return result;
}

/* What is ours */

static void count_in(struct tx_ports *ports, const struct tx_port *port)
{
	HS_EACH(known, ports) {
		if (strcmp(known->rule.tag, port->rule.tag) ||
		    known->rule.port != port->rule.port)
			continue;
		known->goes = port->goes;
		return;
	}
	*HS_GROW(ports) = (struct tx_port){
		.goes = port->goes,
		.rule =
			{
				.firewall = hs_strdup(port->rule.firewall),
				.port = port->rule.port,
				.shuts = port->rule.shuts,
				.tag = hs_strdup(port->rule.tag),
				.place = hs_strdup(port->rule.place),
			},
	};
}

/* `goes` tells in the end which were taken out again. */
void hs_tx_ports_ours(const struct state *state, struct tx_ports *ret_ports)
{
	hs_auto_state_dirs struct state_dirs dirs = {-1, -1, -1};
	struct strings ids;

	*ret_ports = (struct tx_ports){0};
	if (hs_state_dirs_open(state, false, &dirs, NULL))
		return;
	hs_state_ids(dirs.done, &ids);
	HS_EACH(id, &ids) {
		hs_auto_ledger struct ledger ledger = {0};
		hs_auto_close int dir = hs_openat(
			dirs.done, *id,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (dir < 0 || hs_ledger_read(dir, &ledger, NULL) ||
		    hs_ledger_state(&ledger) != TX_COMMITTED)
			continue;
		HS_EACH(port, &ledger.ports)
			count_in(ret_ports, port);
	}
	hs_strings_done(&ids);
}
