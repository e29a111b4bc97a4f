/*
 * One line for the system's log about each thing that happens to a
 * transaction, as syslog(3) sends it, facility authpriv.  key="value", foreign
 * text made harmless, never a secret.  Nobody is waited for: where nobody
 * listens nothing is lost, the journals say the same to `history`.
 */
#ifndef CORE_APPLY_JOURNAL_AUDIT_H
#define CORE_APPLY_JOURNAL_AUDIT_H

#include "core/apply/journal/ledger.h"

/* tx="7f3a-02" event="confirm" who="..." and, where there is one, detail. */
void hs_audit(const char *id, const char *event, const char *who,
	      const char *detail);
/* The same with whoever runs this program. */
void hs_audit_me(const char *id, const char *event, const char *detail);
/* What a look at the live site said. */
void hs_audit_look(const char *id, enum checked checked, const char *detail);
/* Its beginning: title, and a line for each file with its hashes. */
void hs_audit_begin(const struct ledger *ledger);

#endif
