#include "core/apply/transaction/found.h"

#include <fcntl.h>
#include <string.h>

void hs_tx_taken_done(struct tx_taken *taken)
{
	free(taken->id);
	hs_tx_server_done(&taken->server);
	hs_before_done(&taken->seen);
	*taken = (struct tx_taken){0};
}

void hs_tx_takens_done(struct tx_takens *takens)
{
	HS_EACH(taken, takens)
		hs_tx_taken_done(taken);
	HS_ARRAY_FREE(takens);
}

void hs_tx_file_taken(const struct state *state, const struct tx_taken *taken)
{
	hs_auto_state_dirs struct state_dirs dirs = {-1, -1, -1};

	/* should it fail, recovery does it again */
	if (taken->to_file && !hs_state_dirs_open(state, false, &dirs, NULL))
		(void)!hs_state_move(dirs.tx, dirs.done, taken->id, false,
				     NULL);
}

void hs_found_close(struct found *found)
{
	hs_cleanup_close(&found->dir);
	hs_ledger_done(&found->ledger);
}
char *hs_found_place(const struct found *found, const char *place,
		     const char *what)
{
	return hs_format("%s/%s/%s/%s", found->state->directory, place,
			 found->id, what);
}

int hs_found_open(struct found *found, int place, struct error *err)
{
	found->dir = hs_openat(place, found->id,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (found->dir < 0)
		return hs_fail_errno(err, HS_CANNOT, "cannot open %s",
				     found->id);
	if (!hs_ledger_read(found->dir, &found->ledger, err))
		return 0;
	hs_found_close(found);
	found->dir = -1;
	return -1;
}

int hs_found_check_ours(const struct found *found, struct error *err)
{
	hs_auto_free char *tree = hs_state_tree(found->state, found->root);

	if (found->ledger.too_new) {
		hs_fail(err, HS_CONFLICT,
			"transaction %s was made by a later version (%s)",
			found->id, found->ledger.version);
		hs_error_hint(err, "undo it with that version");
		return -1;
	}
	if (!strcmp(tree, found->ledger.tree))
		return 0;
	hs_fail(err, HS_CANNOT, "transaction %s belongs to the tree %s",
		found->id, *found->ledger.tree ? found->ledger.tree : "/");
	hs_error_hint(err, "name that tree with --root");
	return -1;
}

static void note_why(const struct found *found, enum why why,
		     struct journal *journal)
{
	hs_auto_str struct str payload = {0};

	/* one that was cut off while it was taken back said so already */
	if (found->ledger.rolling_back && !found->ledger.rolled_back)
		return;
	hs_event_put(why, found->by, &payload);
	hs_journal_add(journal, RECORD_WHY, &payload);
}

int hs_found_take_back(struct found *found, enum why why, struct error *err)
{
	hs_auto_free char *backups = hs_found_place(found, "done", "bak");
	struct journal journal = {.fd = -1};
	struct undo undo = {
		.root = found->root,
		.ledger = &found->ledger,
		.journal = &journal,
		.dir = found->dir,
		.backups = backups,
		.conflicts = found->conflicts,
	};
	int result;

	if (hs_journal_open(found->dir, found->ledger.end,
			    found->ledger.sequence, &journal, err))
		return -1;
	note_why(found, why, &journal);
	result = hs_undo(&undo, err);
	hs_undo_done(&undo);
	hs_journal_close(&journal);
	found->is_clean = undo.ended && !undo.littered;
	found->touched = undo.touched;
	return undo.ended ? result : -1;
}

void hs_found_sweep(struct found *found)
{
	struct undo undo = {
		.root = found->root,
		.ledger = &found->ledger,
		.dir = found->dir,
		.conflicts = found->conflicts,
	};

	hs_undo_sweep(&undo);
	hs_undo_done(&undo);
	found->is_clean = !undo.littered;
}

int hs_found_finish(struct found *found, struct error *err)
{
	hs_found_sweep(found);
	if (!found->is_clean)
		return 0;
	return hs_state_move(found->dirs->tx, found->dirs->done, found->id,
			     false, err);
}

void hs_found_tell(const struct found *found, enum why why,
		   struct tx_taken *ret_taken)
{
	*ret_taken = (struct tx_taken){
		.id = hs_strdup(found->id),
		.why = why,
		.touched = found->ledger.intended || found->ledger.damaged ||
			   found->ledger.rolling_back,
	};
	hs_tx_server_copy(&found->ledger.server, &ret_taken->server);
	hs_before_copy(&found->ledger.seen, &ret_taken->seen);
}
