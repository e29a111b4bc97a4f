#include "core/apply/transaction/undo_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/apply/transaction/ports.h"

void hs_conflicts_add(struct conflicts *conflicts, const char *path,
		      const char *backup)
{
	struct conflict *conflict = HS_GROW(conflicts);

	conflict->path = hs_strdup(path);
	conflict->backup = hs_strdup(backup);
}

void hs_conflicts_done(struct conflicts *conflicts)
{
	HS_EACH(conflict, conflicts) {
		free(conflict->path);
		free(conflict->backup);
	}
	HS_ARRAY_FREE(conflicts);
}

static bool is_gone(void)
{
	return errno == ENOENT || errno == ENOTDIR;
}

/* A directory that is gone is as good as a file that never was. */
static enum undone without_directory(const struct case_file *one)
{
	if (!is_gone())
		return UNDONE_FAILED;
	return one->file->before.kind == FILE_ABSENT ? UNDONE_ALREADY
						     : UNDONE_CONFLICT;
}

static bool is_bad(enum undone result)
{
	return result != UNDONE_RESTORED && result != UNDONE_ALREADY &&
	       result != UNDONE_THEIRS;
}

static void report(struct undo *undo, const struct tx_file *file,
		   enum undone result)
{
	hs_auto_str struct str payload = {0};
	hs_auto_free char *path = hs_root_outside(undo->root, file->path);
	hs_auto_free char *backup = NULL;

	hs_message_put_text(&payload, file->path);
	hs_message_put_number(&payload, (uint64_t)result);
	hs_journal_add(undo->journal, RECORD_RB_FILE, &payload);
	if (!is_bad(result))
		return;
	if (file->backup >= 0)
		backup = hs_format("%s/%ld", undo->backups, file->backup);
	hs_conflicts_add(undo->conflicts, path, backup);
}

/* What the disk refuses now it may allow later: recovery goes on there.  Until
 * then nothing that lies below it is touched. */
static int stop_at(struct undo *undo, const struct tx_file *file,
		   struct error *err)
{
	hs_auto_free char *path = hs_root_outside(undo->root, file->path);

	hs_fail_errno(err, HS_CONFLICT, "cannot put back %s", path);
	hs_error_where(err, "%s", path);
	hs_error_hint(err, "put that right; https-setup recover then goes on");
	return -1;
}

static enum undone undo_one(struct undo *undo, size_t index,
			    struct str *mentions)
{
	struct case_file one;
	enum undone undone;

	if (hs_undo_open(undo, index, &one)) {
		undone = without_directory(&one);
	} else if (!one.dir->dirty && hs_dirs_sync(&undo->dirs, NULL)) {
		undone = UNDONE_FAILED;
	} else {
		undone = hs_undo_file(&one, mentions);
		if (undone != UNDONE_FAILED)
			hs_undo_sweep_file(&one);
	}
	HS_ARRAY_FREE(&one.known);
	return undone;
}

/* Later changes first; a directory is flushed before the next is touched, so
 * that no configuration on disk ever names a file that is gone.  *ret_bad: not
 * all are as they were. */
static int undo_files(struct undo *undo, bool *ret_bad, struct error *err)
{
	hs_auto_str struct str mentions = {0};

	for (size_t i = undo->ledger->files.n; i-- > 0;) {
		const struct tx_file *file = &undo->ledger->files.items[i];
		enum undone undone;

		if ((size_t)file->first != i)
			continue;
		undone = undo_one(undo, i, &mentions);
		if (undone == UNDONE_FAILED)
			return stop_at(undo, file, err);
		undo->touched |= undone == UNDONE_RESTORED;
		report(undo, file, undone);
		*ret_bad |= is_bad(undone);
	}
	return hs_dirs_sync(&undo->dirs, err);
}

/* Ours when they are empty; in use by now otherwise. */
static void remove_dirs(struct undo *undo)
{
	const struct strings *dirs = &undo->ledger->dirs;

	hs_dirs_done(&undo->dirs);
	for (size_t i = dirs->n; i-- > 0;) {
		const char *path = dirs->items[i];
		struct held_dir *parent =
			hs_dirs_hold(&undo->dirs, undo->root, path);

		if (!parent)
			undo->littered |= !is_gone();
		else if (!unlinkat(parent->fd, hs_path_name(path),
				   AT_REMOVEDIR))
			parent->dirty = true;
	}
}

/* Firewalls belong to the running system alone. */
static int undo_ports(const struct undo *undo, struct error *err)
{
	if (hs_root_is_offline(undo->root))
		return 0;
	return hs_tx_ports_undo(undo->ledger, err);
}

/* Records are missing: what they said cannot be undone, only told. */
static int check_whole(struct undo *undo)
{
	if (!undo->ledger->damaged || undo->ledger->prepared)
		return 0;
	hs_conflicts_add(undo->conflicts, undo->backups, undo->backups);
	return -1;
}

/* Its end is in the journal only when each step was made. */
static int undo_all(struct undo *undo, bool *ret_bad, struct error *err)
{
	hs_auto_str struct str payload = {0};

	hs_journal_add(undo->journal, RECORD_RB_BEGIN, NULL);
	if (hs_journal_sync(undo->journal, err) && undo->ledger->committed)
		return -1;
	*ret_bad |= check_whole(undo) != 0;
	if (undo_files(undo, ret_bad, err))
		return -1;
	*ret_bad |= undo_ports(undo, err) != 0;
	remove_dirs(undo);
	if (hs_dirs_sync(&undo->dirs, err))
		return -1;
	undo->is_back = true;
	hs_message_put_number(&payload, *ret_bad);
	hs_journal_add(undo->journal, RECORD_RB_END, &payload);
	return hs_journal_sync(undo->journal, err);
}

static void say_how_on(const struct undo *undo, struct error *err)
{
	hs_auto_free char *root = hs_root_option(undo->root);

	hs_error_hint(err,
		      "compare each with its backup, by hand; https-setup "
		      "rollback %s%s then takes back what is left",
		      undo->ledger->id, root);
}

int hs_undo(struct undo *undo, struct error *err)
{
	bool bad = false;

	if (undo_all(undo, &bad, err)) {
		if (err)
			err->code = HS_CONFLICT;
		return -1;
	}
	undo->ended = true;
	if (!bad)
		return 0;
	hs_fail(err, HS_CONFLICT,
		"not everything could be put back: see the files named");
	say_how_on(undo, err);
	return -1;
}

void hs_undo_sweep(struct undo *undo)
{
	struct case_file one;

	for (size_t i = 0; i < undo->ledger->files.n; i++) {
		if ((size_t)undo->ledger->files.items[i].first != i)
			continue;
		if (!hs_undo_open(undo, i, &one))
			hs_undo_sweep_file(&one);
		else if (!is_gone())
			undo->littered = true;
		HS_ARRAY_FREE(&one.known);
	}
	if (undo->ledger->rolled_back)
		remove_dirs(undo);
}

void hs_undo_done(struct undo *undo)
{
	hs_dirs_done(&undo->dirs);
}
