#include "core/apply/transaction/tx.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/apply/journal/audit.h"
#include "core/apply/transaction/ports.h"
#include "core/apply/transaction/undo_file.h"

const char *hs_transaction_id(const struct transaction *transaction)
{
	return transaction->ledger.id;
}

static char *beside(const struct transaction *tx, size_t index)
{
	const char *path = tx->ledger.files.items[index].path;
	hs_auto_free char *directory = hs_path_directory(path);
	hs_auto_free char *aside = hs_ledger_aside(&tx->ledger, index, "");
	hs_auto_free char *inside = hs_format(
		"%s/%s", strcmp(directory, "/") ? directory : "", aside);

	return hs_root_outside(tx->root, inside);
}

void hs_transaction_staged(const struct transaction *transaction,
			   enum change_phase phase,
			   struct staged_files *ret_files)
{
	const struct tx_files *files = &transaction->ledger.files;

	*ret_files = (struct staged_files){0};
	for (size_t i = 0; i < files->n; i++) {
		const struct tx_file *file = &files->items[i];
		struct staged *staged;

		if (file->phase != phase || file->after.kind == FILE_ABSENT)
			continue;
		staged = HS_GROW(ret_files);
		staged->path = hs_root_outside(transaction->root, file->path);
		staged->staged = beside(transaction, i);
	}
}

void hs_staged_files_done(struct staged_files *files)
{
	HS_EACH(file, files) {
		free(file->path);
		free(file->staged);
	}
	HS_ARRAY_FREE(files);
}

static enum swap make_live(struct transaction *tx, struct held_dir *dir,
			   size_t index)
{
	const struct tx_file *file = &tx->ledger.files.items[index];
	hs_auto_free char *aside = hs_ledger_aside(&tx->ledger, index, "");
	const char *name = hs_path_name(file->path);

	if (file->before.kind == FILE_ABSENT)
		return hs_move_new(dir->fd, aside, name);
	if (file->after.kind == FILE_ABSENT)
		return hs_move_aside(dir->fd, name, aside, tx->ledger.salt,
				     &file->before, 1);
	return hs_swap(dir->fd, name, aside, tx->ledger.salt, &file->before, 1);
}

static int commit_file(struct transaction *tx, size_t index, struct error *err)
{
	const char *path = tx->ledger.files.items[index].path;
	struct held_dir *dir = hs_dirs_hold(&tx->held, tx->root, path);
	enum swap swap;

	if (!dir)
		return hs_fail_errno(err, HS_FAILED, "cannot open %s", path);
	/* What this file may name is on the disk before it is. */
	if (!dir->dirty && hs_dirs_sync(&tx->held, err))
		return -1;
	if (!hs_dir_is_there(tx->root, dir))
		return hs_tx_changed_on_disk(dir->path, err);
	swap = make_live(tx, dir, index);
	dir->dirty = true;
	if (swap == SWAP_UNEXPECTED)
		return hs_tx_changed_on_disk(path, err);
	if (swap == SWAP_FAILED)
		return hs_fail_errno(err, HS_FAILED, "cannot replace %s", path);
	return 0;
}

/* What somebody saved since it was staged is found while there is nothing to be
 * taken back. */
static int check_unchanged(struct transaction *tx, const struct tx_file *file,
			   struct error *err)
{
	struct held_dir *dir = hs_dirs_hold(&tx->held, tx->root, file->path);
	hs_auto_look struct file_look now = {0};

	if (!dir ||
	    hs_look(dir->fd, hs_path_name(file->path), tx->ledger.salt, &now))
		return hs_fail_errno(err, HS_CANNOT, "cannot read %s",
				     file->path);
	if (!hs_dir_is_there(tx->root, dir))
		return hs_tx_changed_on_disk(dir->path, err);
	if (!hs_sum_equal(&now.sum, &file->before))
		return hs_tx_changed_on_disk(file->path, err);
	return 0;
}

/* What was changed in a folder is of no use where that is another by now. */
static int check_folders(const struct transaction *tx, struct error *err)
{
	HS_EACH(dir, &tx->held) {
		if (!hs_dir_is_there(tx->root, dir))
			return hs_tx_changed_on_disk(dir->path, err);
	}
	return 0;
}

int hs_transaction_commit(struct transaction *transaction,
			  enum change_phase phase, struct error *err)
{
	const struct tx_files *files = &transaction->ledger.files;
	hs_auto_str struct str payload = {0};

	HS_EACH(file, files) {
		if (file->phase == phase &&
		    check_unchanged(transaction, file, err))
			return -1;
	}
	hs_message_put_number(&payload, (uint64_t)phase);
	/* PREPARED, which is on the disk, names every change to come; this only
	 * tells a killed one that touched something from one that did not. */
	hs_journal_add(&transaction->journal, RECORD_INTENT, &payload);
	if (hs_journal_write(&transaction->journal, err))
		return -1;
	transaction->ledger.intended = true;
	for (size_t i = 0; i < files->n; i++) {
		if (files->items[i].phase == phase &&
		    commit_file(transaction, i, err))
			return -1;
	}
	if (hs_dirs_sync(&transaction->held, err) ||
	    check_folders(transaction, err))
		return -1;
	hs_journal_add(&transaction->journal, RECORD_DONE, &payload);
	return 0;
}

int hs_transaction_await(struct transaction *transaction, int seconds,
			 struct error *err)
{
	hs_auto_str struct str payload = {0};
	long long deadline = hs_state_boottime() + seconds;

	hs_message_put_number(&payload, (uint64_t)deadline);
	hs_message_put_text(&payload, transaction->ledger.who.boot);
	hs_journal_add(&transaction->journal, RECORD_AWAIT, &payload);
	if (hs_journal_sync(&transaction->journal, err))
		return -1;
	transaction->ledger.awaiting = true;
	transaction->ledger.deadline = deadline;
	return 0;
}

void hs_tx_because(struct transaction *tx, enum why why, const char *who)
{
	hs_auto_str struct str payload = {0};

	hs_event_put(why, who, &payload);
	hs_journal_add(&tx->journal, RECORD_WHY, &payload);
}

void hs_tx_checked(struct transaction *tx, enum checked checked,
		   const char *detail)
{
	hs_auto_str struct str payload = {0};

	hs_checked_put(checked, detail, &payload);
	hs_journal_add(&tx->journal, RECORD_CHECKED, &payload);
	hs_audit_look(tx->ledger.id, checked, detail);
}

void hs_tx_remember(struct transaction *tx, const struct before *before)
{
	hs_auto_str struct str payload = {0};

	hs_before_put(before, &payload);
	hs_journal_add(&tx->journal, RECORD_BEFORE, &payload);
}

void hs_tx_set_terms(struct transaction *tx, const struct terms *terms)
{
	hs_auto_str struct str payload = {0};

	hs_terms_put(terms, &payload);
	hs_journal_add(&tx->journal, RECORD_TERMS, &payload);
}

/* Its place in tx/ is over; should filing fail, recovery does it again. */
static int file_away(struct transaction *tx, struct error *err)
{
	return hs_state_move(tx->dirs.tx, tx->dirs.done, tx->ledger.id, false,
			     err);
}

int hs_transaction_finish(struct transaction *transaction, struct error *err)
{
	struct undo undo;

	if (hs_tx_ports_settle(&transaction->ledger, err))
		return -1;
	hs_journal_add(&transaction->journal, RECORD_COMMIT, NULL);
	if (hs_journal_sync(&transaction->journal, err))
		return -1;
	transaction->ledger.committed = true;
	hs_tx_undo(transaction, NULL, &undo);
	hs_undo_sweep(&undo);
	hs_undo_done(&undo);
	if (!undo.littered)
		(void)file_away(transaction, NULL);
	return 0;
}

static void undo_moved(struct undo *undo, size_t index)
{
	hs_auto_str struct str mentions = {0};
	struct case_file one;

	if (!hs_undo_open(undo, index, &one) &&
	    !hs_dir_is_there(undo->root, one.dir)) {
		(void)hs_undo_file(&one, &mentions);
		hs_undo_sweep_file(&one);
	}
	HS_ARRAY_FREE(&one.known);
}

/* A folder that was moved away since: the undoing goes by paths, and those do
 * not lead there any more. */
static void leave_moved_folders(struct transaction *tx)
{
	struct conflicts ignored = {0};
	struct undo undo;

	hs_tx_undo(tx, &ignored, &undo);
	undo.dirs = tx->held;
	tx->held = (struct held_dirs){0};
	for (size_t i = tx->ledger.files.n; i-- > 0;) {
		if ((size_t)tx->ledger.files.items[i].first == i)
			undo_moved(&undo, i);
	}
	hs_undo_done(&undo);
	hs_conflicts_done(&ignored);
}

int hs_tx_roll_back(struct transaction *tx, struct conflicts *ret_conflicts,
		    struct error *err)
{
	struct undo undo;
	int result;

	*ret_conflicts = (struct conflicts){0};
	leave_moved_folders(tx);
	hs_tx_undo(tx, ret_conflicts, &undo);
	result = hs_undo(&undo, err);
	hs_undo_done(&undo);
	tx->is_ended = undo.ended;
	tx->is_clean = undo.ended && !undo.littered;
	tx->is_told = result || tx->ledger.intended;
	return undo.ended ? result : -1;
}

void hs_tx_put_away(struct transaction *tx)
{
	if (!tx->is_clean)
		return;
	if (tx->is_told)
		(void)!file_away(tx, NULL);
	else
		hs_tx_discard(tx->dirs.tx, tx->ledger.id);
}

int hs_transaction_rollback(struct transaction *transaction,
			    struct conflicts *ret_conflicts, struct error *err)
{
	int result = hs_tx_roll_back(transaction, ret_conflicts, err);

	hs_tx_put_away(transaction);
	return result;
}

void hs_tx_undo(struct transaction *tx, struct conflicts *conflicts,
		struct undo *ret_undo)
{
	*ret_undo = (struct undo){
		.root = tx->root,
		.ledger = &tx->ledger,
		.journal = &tx->journal,
		.dir = tx->dir,
		.backups = tx->backups,
		.conflicts = conflicts,
		.is_untouched = !tx->ledger.intended,
	};
}

/* A transaction that touched nothing leaves nothing. */
void hs_tx_discard(int tx, const char *id)
{
	hs_auto_close int dir = hs_openat(
		tx, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	hs_auto_close int bak =
		dir < 0 ? -1
			: hs_openat(dir, "bak",
				    O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
					    O_CLOEXEC);

	if (dir < 0)
		return;
	for (long i = 0; bak >= 0 && i < 1L << 20; i++) {
		hs_auto_free char *name = hs_format("%ld", i);

		if (unlinkat(bak, name, 0) && i > 64)
			break;
	}
	unlinkat(dir, "bak", AT_REMOVEDIR);
	unlinkat(dir, "watch", 0);
	unlinkat(dir, "journal", 0);
	unlinkat(tx, id, AT_REMOVEDIR);
}

void hs_transaction_free(struct transaction *transaction)
{
	if (!transaction)
		return;
	hs_journal_close(&transaction->journal);
	hs_cleanup_close(&transaction->dir);
	hs_state_dirs_close(&transaction->dirs);
	hs_dirs_done(&transaction->held);
	hs_ledger_done(&transaction->ledger);
	free(transaction->backups);
	free(transaction);
}
