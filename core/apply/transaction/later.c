#include "core/apply/transaction/found.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Undoing what was kept, any time later. */

/* Whether the system would not let us read: what is not there or is damaged is
 * no transaction that stands, but of this one nothing is known. */
static bool is_unread(const struct error *why)
{
	return why->sys && why->sys != ENOENT && why->sys != ENOTDIR;
}

/* 0 where it does not matter that a journal could not be had. */
static int pass_on(const struct error *why, struct error *err)
{
	if (!is_unread(why))
		return 0;
	if (err && !err->code)
		*err = *why;
	return -1;
}

static int list_done(const struct found *found, struct strings *ret_ids,
		     struct error *err)
{
	if (hs_state_ids(found->dirs->done, ret_ids))
		return hs_fail_errno(err, HS_CANNOT, "cannot read %s",
				     found->state->directory);
	return 0;
}

/* The last one that stands, or NULL; the journals behind it are not even
 * read. */
static int find_last(const struct found *about, char **ret_id,
		     struct error *err)
{
	struct strings ids;
	int result = list_done(about, &ids, err);

	for (size_t i = ids.n; i-- > 0 && !*ret_id && !result;) {
		hs_auto_found struct found found = {
			.id = ids.items[i],
			.dir = -1,
		};
		struct error own = {0};

		if (hs_found_open(&found, about->dirs->done, &own)) {
			result = pass_on(&own, err);
		} else if (hs_ledger_state(&found.ledger) == TX_COMMITTED) {
			*ret_id = hs_strdup(found.id);
		}
	}
	hs_strings_done(&ids);
	return result;
}

static int no_such(const struct state_dirs *dirs, const char *id,
		   struct error *err)
{
	if (!id || !hs_state_sequence(id))
		hs_fail(err, HS_CANNOT,
			id ? "no such transaction"
			   : "there is nothing to undo");
	else if (dirs->tx >= 0 && !faccessat(dirs->tx, id, F_OK, 0))
		hs_fail(err, HS_CANNOT, "transaction %s was interrupted", id);
	else
		hs_fail(err, HS_CANNOT, "no transaction %s", id);
	hs_error_hint(err, "see https-setup history");
	return -1;
}

static bool shares_a_path(const struct ledger *a, const struct ledger *b,
			  const char **ret_path)
{
	HS_EACH(one, &a->files) {
		HS_EACH(other, &b->files) {
			*ret_path = one->path;
			if (!strcmp(one->path, other->path))
				return true;
		}
	}
	return false;
}

/* HS_CANNOT when a later transaction that stands changed a file of this one:
 * taking back the lower stone would leave half of each. */
static int check_on_top(const struct found *found, struct error *err)
{
	struct strings ids;
	int result = list_done(found, &ids, err);

	for (size_t i = ids.n; i-- > 0 && !result;) {
		hs_auto_found struct found later = {
			.id = ids.items[i],
			.dir = -1,
		};
		const char *path = NULL;
		struct error own = {0};

		if (hs_state_sequence(later.id) <= hs_state_sequence(found->id))
			break;
		if (hs_found_open(&later, found->dirs->done, &own)) {
			result = pass_on(&own, err);
			continue;
		}
		if (hs_ledger_state(&later.ledger) != TX_COMMITTED ||
		    !shares_a_path(&found->ledger, &later.ledger, &path))
			continue;
		result = hs_fail(err, HS_CANNOT,
				 "transaction %s changed the same files later",
				 later.id);
		hs_error_where(err, "%s", path);
		hs_error_hint(err, "roll back %s first", later.id);
	}
	hs_strings_done(&ids);
	return result;
}

/* The old contents of a transaction of long ago may have been deleted. */
static int check_backups(const struct found *found, struct error *err)
{
	bool needed = false;

	HS_EACH(file, &found->ledger.files)
		needed |= file->backup >= 0;
	if (!needed || !faccessat(found->dir, "bak", F_OK, 0))
		return 0;
	hs_fail(err, HS_CANNOT,
		"the backups of transaction %s are not kept any more",
		found->id);
	hs_error_hint(err, "those of the last 20 transactions and of the last "
			   "90 days are");
	return -1;
}

static int undo_found(struct found *found, struct error *err)
{
	enum transaction_state state = hs_ledger_state(&found->ledger);

	if (hs_found_check_ours(found, err))
		return -1;
	if (state == TX_ROLLED_BACK) {
		hs_fail(err, HS_CANNOT, "transaction %s was undone already",
			found->id);
		return -1;
	}
	if (check_backups(found, err) || check_on_top(found, err))
		return -1;
	if (hs_state_move(found->dirs->done, found->dirs->tx, found->id, true,
			  err))
		return -1;
	return hs_found_take_back(found, WHY_UNDONE, err);
}

/* Finds and opens the one to undo: `id`, or NULL: the last that stands. */
static int choose(struct found *found, const char *id, char **ret_chosen,
		  struct error *err)
{
	struct error own = {0};

	if (id)
		*ret_chosen = hs_strdup(id);
	else if (find_last(found, ret_chosen, err))
		return -1;
	if (!*ret_chosen || !hs_state_sequence(*ret_chosen) ||
	    found->dirs->done < 0)
		return no_such(found->dirs, id, err);
	found->id = *ret_chosen;
	if (!hs_found_open(found, found->dirs->done, &own))
		return 0;
	return pass_on(&own, err) ? -1 : no_such(found->dirs, id, err);
}

int hs_tx_undo_later(const struct state *state, const struct root *root,
		     const char *id, const char *by,
		     struct conflicts *ret_conflicts,
		     struct tx_taken *ret_taken, struct error *err)
{
	hs_auto_state_dirs struct state_dirs dirs = {-1, -1, -1};
	hs_auto_free char *chosen = NULL;
	hs_auto_found struct found found = {
		.state = state,
		.root = root,
		.dirs = &dirs,
		.dir = -1,
		.by = by,
		.conflicts = ret_conflicts,
	};
	int result;

	*ret_conflicts = (struct conflicts){0};
	*ret_taken = (struct tx_taken){0};
	if (hs_state_dirs_open(state, false, &dirs, err))
		return -1;
	if (choose(&found, id, &chosen, err))
		return -1;
	hs_found_tell(&found, WHY_UNDONE, ret_taken);
	result = undo_found(&found, err);
	ret_taken->state = result ? TX_CONFLICT : TX_ROLLED_BACK;
	ret_taken->to_file = found.is_clean;
	return result;
}

int hs_transaction_undo(const struct state *state, const struct root *root,
			const char *id, struct conflicts *ret_conflicts,
			char **ret_id, struct tx_server *ret_server,
			struct error *err)
{
	struct tx_taken taken;
	int result = hs_tx_undo_later(state, root, id, NULL, ret_conflicts,
				      &taken, err);

	hs_tx_file_taken(state, &taken);
	*ret_id = hs_steal(taken.id);
	*ret_server = taken.server;
	taken.server = (struct tx_server){0};
	hs_tx_taken_done(&taken);
	return result;
}
