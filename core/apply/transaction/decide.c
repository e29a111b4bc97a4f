/* What waits is kept or taken back, and what is told of it afterwards. */
#include "core/apply/transaction/found.h"
#include "core/apply/transaction/ports.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Kept for good: durable before this returns. */
static int keep(struct found *found, struct error *err)
{
	struct journal journal = {.fd = -1};
	hs_auto_str struct str payload = {0};
	int result;

	if (hs_tx_ports_settle(&found->ledger, err) ||
	    hs_journal_open(found->dir, found->ledger.end,
			    found->ledger.sequence, &journal, err))
		return -1;
	hs_event_put(WHY_CONFIRMED, found->by, &payload);
	hs_journal_add(&journal, RECORD_WHY, &payload);
	hs_journal_add(&journal, RECORD_COMMIT, NULL);
	result = hs_journal_sync(&journal, err);
	hs_journal_close(&journal);
	if (result)
		return -1;
	found->ledger.committed = true;
	(void)!hs_found_finish(found, NULL);
	return 0;
}

static int end_waiting(struct found *found, enum why why,
		       struct tx_taken *taken, struct error *err)
{
	int result = 0;

	if (hs_ledger_state(&found->ledger) == TX_ROLLED_BACK) {
		/* who did so is gone: its server was not loaded again */
		hs_found_sweep(found);
		taken->why = WHY_DIED;
	} else if (why == WHY_CONFIRMED) {
		result = keep(found, err);
		taken->state = result ? TX_AWAITING : TX_COMMITTED;
		return result;
	} else {
		result = hs_found_take_back(found, why, err);
	}
	taken->state = result ? TX_CONFLICT : TX_ROLLED_BACK;
	taken->touched |= found->touched;
	taken->to_file = found->is_clean;
	return result;
}

/* It came to its end already: how. */
static int tell_end(struct found *found, struct tx_taken *taken,
		    struct error *err)
{
	hs_found_close(found);
	found->dir = -1;
	found->ledger = (struct ledger){0};
	if (hs_found_open(found, found->dirs->done, NULL))
		return hs_fail(err, HS_CANNOT, "no transaction %s", found->id);
	taken->state = hs_ledger_state(&found->ledger);
	return 0;
}

int hs_tx_decide(const struct state *state, const struct root *root,
		 const char *id, enum why why, const char *by,
		 struct conflicts *ret_conflicts, struct tx_taken *ret_taken,
		 struct error *err)
{
	hs_auto_state_dirs struct state_dirs dirs = {-1, -1, -1};
	hs_auto_found struct found found = {
		.state = state,
		.root = root,
		.dirs = &dirs,
		.id = id,
		.dir = -1,
		.by = by,
		.conflicts = ret_conflicts,
	};

	*ret_taken = (struct tx_taken){0};
	if (hs_state_dirs_open(state, false, &dirs, err))
		return -1;
	if (hs_found_open(&found, dirs.tx, NULL))
		return tell_end(&found, ret_taken, err);
	if (hs_ledger_state(&found.ledger) == TX_COMMITTED) {
		ret_taken->state = TX_COMMITTED;
		return 0;
	}
	if (hs_found_check_ours(&found, err))
		return -1;
	hs_found_tell(&found, why, ret_taken);
	return end_waiting(&found, why, ret_taken, err);
}

/* Opens tx/<id> or done/<id>. */
static int open_either(const struct state_dirs *dirs, const char *id,
		       bool *ret_filed, struct error *err)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int dir = dirs->tx < 0 ? -1 : hs_openat(dirs->tx, id, flags);

	*ret_filed = dir < 0;
	if (dir < 0 && dirs->done >= 0)
		dir = hs_openat(dirs->done, id, flags);
	if (dir < 0)
		hs_fail(err, HS_CANNOT, "no transaction %s", id);
	return dir;
}

int hs_tx_read(const struct state *state, const char *id,
	       struct ledger *ret_ledger, bool *ret_filed, struct error *err)
{
	hs_auto_state_dirs struct state_dirs dirs = {-1, -1, -1};
	hs_auto_close int dir = -1;

	*ret_ledger = (struct ledger){0};
	if (hs_state_dirs_open(state, false, &dirs, err))
		return -1;
	dir = open_either(&dirs, id, ret_filed, err);
	return dir < 0 ? -1 : hs_ledger_read(dir, ret_ledger, err);
}

int hs_tx_note(const struct state *state, const char *id, enum record_type type,
	       const struct str *payload, struct error *err)
{
	hs_auto_state_dirs struct state_dirs dirs = {-1, -1, -1};
	hs_auto_ledger struct ledger ledger = {0};
	hs_auto_close int dir = -1;
	struct journal journal;
	bool filed;
	int result;

	if (hs_state_dirs_open(state, false, &dirs, err))
		return -1;
	dir = open_either(&dirs, id, &filed, err);
	if (dir < 0 || hs_ledger_read(dir, &ledger, err) ||
	    hs_journal_open(dir, ledger.end, ledger.sequence, &journal, err))
		return -1;
	hs_journal_add(&journal, type, payload);
	result = hs_journal_sync(&journal, err);
	hs_journal_close(&journal);
	return result;
}
