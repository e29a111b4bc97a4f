/*
 * The firewall's part of a transaction: rules that go in and out with it.
 * Each is in the journal before it is in the firewall, so whoever takes the
 * transaction back, now or after a crash, removes exactly ours; that none is
 * there any more is as good.
 */
#ifndef CORE_APPLY_TRANSACTION_PORTS_H
#define CORE_APPLY_TRANSACTION_PORTS_H

#include "core/apply/transaction/tx.h"
#include "core/settings/facts.h"

/* Whether the plan changes a firewall. */
bool hs_tx_ports_planned(const struct plan *plan);

/*
 * Makes the plan's changes of firewalls, those that add a rule for `seconds`.
 * After each, SSH must still answer new connections wherever it did before,
 * and an opened port must be open; what fails is taken back at once (HS_FAILED
 * firewall.ssh-at-risk, firewall.blocked).  `ret_text` says what was done, in
 * one sentence, to be freed; NULL when nothing was.  Of `facts` the addresses
 * are used.
 */
int hs_tx_ports_change(struct transaction *transaction,
		       const struct facts *facts, int seconds, char **ret_text,
		       struct error *err) HS_MUST_CHECK;

/* Makes the rules of a transaction, which may be another process's, rules for
 * good: the step before its commit is journalled. */
int hs_tx_ports_settle(const struct ledger *ledger,
		       struct error *err) HS_MUST_CHECK;

/* Takes the rules of a transaction back. */
int hs_tx_ports_undo(const struct ledger *ledger,
		     struct error *err) HS_MUST_CHECK;

/* The rules that kept transactions have put in and none has taken out. */
void hs_tx_ports_ours(const struct state *state, struct tx_ports *ret_ports);

#endif
