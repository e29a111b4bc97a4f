/*
 * What was done, as `status`, `history` and `rollback` show it.
 */
#ifndef CLI_COMMANDS_HISTORY_H
#define CLI_COMMANDS_HISTORY_H

#include <stdio.h>

#include "core/apply/transaction/transaction.h"

/* The entry of that id; NULL as id: the last committed one. NULL: none. */
const struct transaction_entry *cli_entry_to_undo(
	const struct transaction_entries *entries, const char *id);

/* How long it still waits, and what ends it; nothing of one that does not. */
void cli_print_waiting(FILE *to, const struct transaction_entry *entry);

#endif
