#include "core/apply/tx.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* One transaction on disk, open. */
struct found {
	const struct state *state;
	const struct root *root;
	struct state_dirs *dirs;
	const char *id;
	int dir;
	struct ledger ledger;
	struct conflicts *conflicts;
};

void hs_tx_servers_done(struct tx_servers *servers)
{
	HS_EACH(server, servers)
		hs_tx_server_done(server);
	HS_ARRAY_FREE(servers);
}

static void close_found(struct found *found)
{
	hs_cleanup_close(&found->dir);
	hs_ledger_done(&found->ledger);
}
#define auto_found HS_CLEANUP(close_found)

static char *place_of(const struct found *found, const char *place,
		      const char *what)
{
	return hs_format("%s/%s/%s/%s", found->state->directory, place,
			 found->id, what);
}

/* Undoes it where it lies (in tx/) and files it away. */
static int take_back(struct found *found, struct error *err)
{
	hs_auto_free char *backups = place_of(found, "done", "bak");
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
	result = hs_undo(&undo, err);
	hs_undo_done(&undo);
	hs_journal_close(&journal);
	if (!undo.ended)
		return -1;
	if (!undo.littered && hs_state_move(found->dirs->tx, found->dirs->done,
					    found->id, false, err))
		return -1;
	return result;
}

static int check_ours(const struct found *found, struct error *err)
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

/* It came to its end, only was not filed away. */
static int finish_found(struct found *found, struct error *err)
{
	struct undo undo = {
		.root = found->root,
		.ledger = &found->ledger,
		.dir = found->dir,
		.conflicts = found->conflicts,
	};

	hs_undo_sweep(&undo);
	hs_undo_done(&undo);
	if (undo.littered)
		return 0;
	return hs_state_move(found->dirs->tx, found->dirs->done, found->id,
			     false, err);
}

static bool is_finished(const struct ledger *ledger)
{
	return ledger->rolled_back ||
	       (ledger->committed && !ledger->rolling_back);
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

static int recover_found(struct found *found, struct strings *ids,
			 struct tx_servers *servers, struct error *err)
{
	bool touched;

	if (check_ours(found, err)) {
		if (found->ledger.too_new) {
			hs_auto_free char *at =
				place_of(found, "tx", "journal");
			hs_auto_free char *bak = place_of(found, "tx", "bak");

			hs_conflicts_add(found->conflicts, at, bak);
		}
		return -1;
	}
	if (is_finished(&found->ledger))
		return finish_found(found, err);
	touched = found->ledger.intended || found->ledger.damaged;
	hs_strings_add(ids, found->id);
	if (touched)
		hs_tx_server_copy(&found->ledger.server, HS_GROW(servers));
	return take_back(found, err);
}

static int recover_one(struct found *found, struct strings *ids,
		       struct tx_servers *servers, struct error *err)
{
	hs_auto_free char *journal = place_of(found, "tx", "journal");
	hs_auto_free char *backups = place_of(found, "tx", "bak");

	found->dir = openat(found->dirs->tx, found->id,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (found->dir < 0)
		return hs_fail_errno(err, HS_CANNOT, "cannot open %s",
				     found->id);
	if (is_empty(found->dir)) {
		hs_tx_discard(found->dirs->tx, found->id);
		return 0;
	}
	if (!hs_ledger_read(found->dir, &found->ledger, NULL))
		return recover_found(found, ids, servers, err);
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
		  struct strings *ret_ids, struct conflicts *ret_conflicts,
		  struct tx_servers *ret_servers, struct error *err)
{
	hs_auto_state_dirs struct state_dirs dirs = {-1, -1, -1};
	struct strings ids;
	int result = 0;

	*ret_ids = (struct strings){0};
	*ret_conflicts = (struct conflicts){0};
	*ret_servers = (struct tx_servers){0};
	if (hs_state_dirs_open(state, false, &dirs, err))
		return -1;
	hs_state_ids(dirs.tx, &ids);
	/* The latest first: it may stand on what an earlier one left. */
	for (size_t i = ids.n; i-- > 0;) {
		auto_found struct found found = {
			.state = state,
			.root = root,
			.dirs = &dirs,
			.id = ids.items[i],
			.dir = -1,
			.conflicts = ret_conflicts,
		};

		result |= recover_one(&found, ret_ids, ret_servers, err);
	}
	hs_strings_done(&ids);
	return result;
}

int hs_transactions_recover(const struct state *state, const struct root *root,
			    struct strings *ret_ids,
			    struct conflicts *ret_conflicts, struct error *err)
{
	struct tx_servers servers;
	int result = hs_tx_recover(state, root, ret_ids, ret_conflicts,
				   &servers, err);

	hs_tx_servers_done(&servers);
	return result;
}

static int open_found(struct found *found, int place, struct error *err)
{
	found->dir = openat(place, found->id,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (found->dir < 0)
		return -1;
	if (!hs_ledger_read(found->dir, &found->ledger, err))
		return 0;
	close_found(found);
	found->dir = -1;
	return -1;
}

/* The last one that stands; the journals behind it are not even read. */
static char *last_committed(int done)
{
	struct strings ids;
	char *last = NULL;

	hs_state_ids(done, &ids);
	for (size_t i = ids.n; i-- > 0 && !last;) {
		auto_found struct found found = {
			.id = ids.items[i],
			.dir = -1,
		};

		if (!open_found(&found, done, NULL) &&
		    hs_ledger_state(&found.ledger) == TX_COMMITTED)
			last = hs_strdup(found.id);
	}
	hs_strings_done(&ids);
	return last;
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

static int undo_found(struct found *found, struct error *err)
{
	enum transaction_state state = hs_ledger_state(&found->ledger);

	if (check_ours(found, err))
		return -1;
	if (state == TX_ROLLED_BACK) {
		hs_fail(err, HS_CANNOT, "transaction %s was undone already",
			found->id);
		return -1;
	}
	if (hs_state_move(found->dirs->done, found->dirs->tx, found->id, true,
			  err))
		return -1;
	return take_back(found, err);
}

int hs_transaction_undo(const struct state *state, const struct root *root,
			const char *id, struct conflicts *ret_conflicts,
			char **ret_id, struct tx_server *ret_server,
			struct error *err)
{
	hs_auto_state_dirs struct state_dirs dirs = {-1, -1, -1};
	hs_auto_free char *chosen = NULL;
	auto_found struct found found = {
		.state = state,
		.root = root,
		.dirs = &dirs,
		.dir = -1,
		.conflicts = ret_conflicts,
	};

	*ret_conflicts = (struct conflicts){0};
	*ret_server = (struct tx_server){0};
	*ret_id = NULL;
	if (hs_state_dirs_open(state, false, &dirs, err))
		return -1;
	chosen = id ? hs_strdup(id) : last_committed(dirs.done);
	if (!chosen || !hs_state_sequence(chosen) || dirs.done < 0)
		return no_such(&dirs, id, err);
	found.id = chosen;
	if (open_found(&found, dirs.done, err))
		return no_such(&dirs, id, err);
	*ret_id = hs_strdup(chosen);
	hs_tx_server_copy(&found.ledger.server, ret_server);
	return undo_found(&found, err);
}
