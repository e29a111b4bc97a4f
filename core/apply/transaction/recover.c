#include "core/apply/transaction/found.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool is_kept(const struct ledger *ledger)
{
	return ledger->committed && !ledger->rolling_back;
}

/* It died before its journal said anything: nothing was touched yet. */
static bool is_empty(int dir)
{
	struct stat st;

	return (fstatat(dir, "journal", &st, AT_SYMLINK_NOFOLLOW)
			? errno == ENOENT
			: !st.st_size) &&
	       (!unlinkat(dir, "bak", AT_REMOVEDIR) || errno == ENOENT);
}

/* Why nobody is there to bring it to its end. */
static enum why cut_off_by(const struct ledger *ledger)
{
	hs_auto_free char *boot = hs_state_boot();

	if (boot && ledger->who.boot && strcmp(boot, ledger->who.boot) != 0)
		return WHY_REBOOTED;
	return ledger->awaiting ? WHY_EXPIRED : WHY_DIED;
}

/* Who made it works on it still: then somebody has deleted the lock. */
static int check_left(const struct found *found, struct error *err)
{
	const struct who *maker = &found->ledger.who;
	hs_auto_free char *name = NULL;

	if (maker->pid == getpid() || !hs_who_is_at_work(maker))
		return 0;
	name = hs_who_text(maker);
	hs_fail(err, HS_CANNOT, "%s (pid %d) is at work", name,
		(int)maker->pid);
	hs_error_hint(err, "try again when that has ended");
	return -1;
}

static int recover_found(struct found *found, struct strings *ids,
			 struct tx_takens *takens, struct error *err)
{
	struct tx_taken *taken;
	int result = 0;

	if (hs_found_check_ours(found, err)) {
		if (found->ledger.too_new) {
			hs_auto_free char *at =
				hs_found_place(found, "tx", "journal");
			hs_auto_free char *bak =
				hs_found_place(found, "tx", "bak");

			hs_conflicts_add(found->conflicts, at, bak);
		}
		return -1;
	}
	if (is_kept(&found->ledger))
		return hs_found_finish(found, err);
	if (hs_ledger_waits(&found->ledger))
		return 0;
	if (check_left(found, err))
		return -1;
	hs_strings_add(ids, found->id);
	taken = HS_GROW(takens);
	hs_found_tell(found, cut_off_by(&found->ledger), taken);
	if (found->ledger.rolled_back)
		hs_found_sweep(found);
	else
		result = hs_found_take_back(found, taken->why, err);
	taken->state = result ? TX_CONFLICT : TX_ROLLED_BACK;
	/* of what a power cut left the journal may not know */
	taken->touched |= found->touched;
	taken->to_file = found->is_clean;
	return result;
}

static int recover_one(struct found *found, struct strings *ids,
		       struct tx_takens *takens, struct error *err)
{
	hs_auto_free char *journal = hs_found_place(found, "tx", "journal");
	hs_auto_free char *backups = hs_found_place(found, "tx", "bak");

	found->dir = hs_openat(found->dirs->tx, found->id,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (found->dir < 0)
		return hs_fail_errno(err, HS_CANNOT, "cannot open %s",
				     found->id);
	if (is_empty(found->dir)) {
		hs_tx_discard(found->dirs->tx, found->id);
		return 0;
	}
	if (!hs_ledger_read(found->dir, &found->ledger, NULL))
		return recover_found(found, ids, takens, err);
	hs_conflicts_add(found->conflicts, journal, backups);
	hs_fail(err, HS_CONFLICT,
		"the journal of transaction %s cannot be read: nothing was "
		"touched",
		found->id);
	hs_error_where(err, "%s", journal);
	hs_error_hint(err, "the files from before are in %s", backups);
	return -1;
}

int hs_tx_recover(const struct state *state, const struct root *root,
		  const char *by, struct strings *ret_ids,
		  struct conflicts *ret_conflicts, struct tx_takens *ret_takens,
		  struct error *err)
{
	hs_auto_state_dirs struct state_dirs dirs = {-1, -1, -1};
	struct strings ids;
	int result = 0;

	*ret_ids = (struct strings){0};
	*ret_conflicts = (struct conflicts){0};
	*ret_takens = (struct tx_takens){0};
	if (hs_state_dirs_open(state, false, &dirs, err))
		return -1;
	if (hs_state_ids(dirs.tx, &ids))
		return hs_fail_errno(err, HS_CANNOT, "cannot read %s",
				     state->directory);
	/* The latest first: it may stand on what an earlier one left. */
	for (size_t i = ids.n; i-- > 0;) {
		hs_auto_found struct found found = {
			.state = state,
			.root = root,
			.dirs = &dirs,
			.id = ids.items[i],
			.dir = -1,
			.by = by,
			.conflicts = ret_conflicts,
		};

		result |= recover_one(&found, ret_ids, ret_takens, err);
	}
	hs_strings_done(&ids);
	return result;
}

int hs_transactions_recover(const struct state *state, const struct root *root,
			    struct strings *ret_ids,
			    struct conflicts *ret_conflicts, struct error *err)
{
	struct tx_takens takens;
	int result = hs_tx_recover(state, root, NULL, ret_ids, ret_conflicts,
				   &takens, err);

	HS_EACH(taken, &takens)
		hs_tx_file_taken(state, taken);
	hs_tx_takens_done(&takens);
	return result;
}
