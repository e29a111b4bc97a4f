/*
 * What was done, as `status`, `history` and `rollback` show it.
 */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include "core/apply/transaction.h"

/* The entry of that id; NULL as id: the last committed one. NULL: none. */
const struct transaction_entry *cli_entry_to_undo(
	const struct transaction_entries *entries, const char *id);

#endif
