/* Staging: new contents beside their targets, backups of what is there. */
#include "core/apply/transaction/tx.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define STAGED_TOGETHER 32 /* files that are open at a time */

/* The change of the plan that became files.items[index]. */
static const struct change *change_of(const struct transaction *tx,
				      size_t index)
{
	size_t at = 0;

	HS_EACH(change, &tx->plan->changes) {
		if (change->kind != CHANGE_RUN && at++ == index)
			return change;
	}
	return NULL;
}

static int make_dirs(struct transaction *tx, struct error *err)
{
	HS_EACH(path, &tx->ledger.dirs) {
		struct held_dir *parent =
			hs_dirs_hold(&tx->held, tx->root, *path);
		const char *name = hs_path_name(*path);

		if (!parent || mkdirat(parent->fd, name, 0755) ||
		    fchmodat(parent->fd, name, 0755, 0))
			return hs_fail_errno(err, HS_CANNOT,
					     "cannot make directory %s", *path);
		parent->dirty = true;
	}
	return 0;
}

/* A file on its way to the disk; `look` holds the bytes of a backup. */
struct staging {
	int fd;
	const char *path; /* for messages */
	const void *bytes;
	size_t length;
	struct file_look look;
};
struct stagings HS_ARRAY(struct staging);

static int settle(struct stagings *stagings, struct error *err)
{
	int result = 0;

	HS_EACH(one, stagings) {
		if (result)
			close(one->fd);
		else
			result = hs_stage_settle(&one->fd, one->bytes,
						 one->length, err);
		if (result)
			hs_error_where(err, "%s", one->path);
		hs_look_done(&one->look);
	}
	HS_ARRAY_FREE(stagings);
	return result;
}

static int back_up(struct transaction *tx, int bak, struct held_dir *dir,
		   const struct tx_file *file, struct stagings *stagings,
		   struct error *err)
{
	const struct file_meta private = {
		.mode = 0600,
		.uid = geteuid(),
		.gid = getegid(),
	};
	hs_auto_free char *copy = hs_format("%ld", file->backup);
	hs_auto_look struct file_look look = {0};
	struct staging one = {.path = file->path};

	if (hs_look(dir->fd, hs_path_name(file->path), tx->ledger.salt, &look))
		return hs_fail_errno(err, HS_CANNOT, "cannot read %s",
				     file->path);
	if (!hs_sum_equal(&look.sum, &file->before))
		return hs_tx_changed_on_disk(file->path, err);
	if (hs_stage_write(bak, copy, look.bytes, look.length, &private, false,
			   &one.fd, err))
		return -1;
	one.bytes = look.bytes;
	one.length = look.length;
	one.look = look;
	look = (struct file_look){0};
	HS_PUSH(stagings, one);
	return 0;
}

static int stage_new(struct transaction *tx, size_t index,
		     const struct held_dir *dir, struct stagings *stagings,
		     struct error *err)
{
	const struct tx_file *file = &tx->ledger.files.items[index];
	const struct change *change = change_of(tx, index);
	hs_auto_free char *aside = hs_ledger_aside(&tx->ledger, index, "");
	struct staging one = {
		.path = file->path,
		.bytes = change->after,
		.length = change->after_length,
	};

	if (file->after.kind == FILE_LINK)
		return hs_stage_link(dir->fd, aside, file->link, err);
	if (file->after.kind != FILE_REGULAR)
		return 0;
	if (hs_stage_write(dir->fd, aside, one.bytes, one.length, &file->meta,
			   false, &one.fd, err))
		return -1;
	HS_PUSH(stagings, one);
	return 0;
}

static int stage(struct transaction *tx, size_t index, int bak,
		 struct stagings *stagings, struct error *err)
{
	struct tx_file *file = &tx->ledger.files.items[index];
	struct held_dir *dir = hs_dirs_hold(&tx->held, tx->root, file->path);

	if (!dir)
		return hs_fail_errno(err, HS_CANNOT, "cannot open %s",
				     file->path);
	if (file->backup >= 0 && back_up(tx, bak, dir, file, stagings, err))
		return -1;
	dir->dirty = true;
	if (!stage_new(tx, index, dir, stagings, err))
		return 0;
	hs_error_where(err, "%s", file->path);
	return -1;
}

static int stage_files(struct transaction *tx, int bak, struct error *err)
{
	struct stagings stagings = {0};
	int result = 0;

	for (size_t i = 0; i < tx->ledger.files.n && !result; i++) {
		result = stage(tx, i, bak, &stagings, err);
		if (stagings.n >= STAGED_TOGETHER)
			result |= settle(&stagings, err);
	}
	return settle(&stagings, err) || result ? -1 : 0;
}

int hs_tx_stage(struct transaction *tx, struct error *err)
{
	hs_auto_close int bak =
		hs_openat(tx->dir, "bak", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (bak < 0)
		return hs_fail_errno(err, HS_CANNOT, "cannot open backups");
	if (make_dirs(tx, err) || stage_files(tx, bak, err))
		return -1;
	if (hs_flush(bak) || hs_flush(tx->dir))
		return hs_fail_errno(err, HS_CANNOT, "cannot flush backups");
	return hs_dirs_sync(&tx->held, err);
}
