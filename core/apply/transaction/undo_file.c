#include "core/apply/transaction/undo_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_known(const struct case_file *one, const struct file_sum *sum)
{
	for (size_t i = 0; i < one->known.n; i++) {
		if (hs_sum_equal(&one->known.items[i], sum))
			return true;
	}
	return false;
}

static bool is_original(const struct case_file *one, const struct file_sum *sum)
{
	return hs_sum_equal(&one->file->before, sum);
}

/* What cannot be looked at is left to the next recovery. */
static int look(const struct case_file *one, const char *name,
		struct file_look *ret_look)
{
	if (!hs_look(one->dir->fd, name, one->undo->ledger->salt, ret_look))
		return 0;
	one->undo->littered = true;
	return -1;
}

static char *aside_name(const struct case_file *one, const char *suffix)
{
	return hs_ledger_aside(one->undo->ledger, one->index, suffix);
}

static void drop(const struct case_file *one, const char *name)
{
	if (!unlinkat(one->dir->fd, name, 0))
		one->dir->dirty = true;
	else if (errno != ENOENT)
		one->undo->littered = true;
}

/* What an exchange cut short left beside the file may be the operator's edit
 * of that very moment: it goes back to its place.  1 when it was; -1 and errno
 * when that cannot be told, or done. */
static int reclaim(const struct case_file *one, const char *aside)
{
	hs_auto_look struct file_look there = {0};
	enum swap swap;

	if (!one->undo->ledger->prepared)
		return 0;
	if (look(one, aside, &there))
		return -1;
	if (there.sum.kind == FILE_ABSENT || is_known(one, &there.sum))
		return 0;
	swap = hs_move_new(one->dir->fd, aside, one->name);
	if (swap == SWAP_UNEXPECTED)
		swap = hs_swap(one->dir->fd, one->name, aside,
			       one->undo->ledger->salt, one->known.items,
			       one->known.n);
	one->dir->dirty = true;
	if (swap == SWAP_FAILED)
		return -1;
	if (swap == SWAP_UNEXPECTED) {
		hs_auto_free char *directory =
			hs_path_directory(one->file->path);
		hs_auto_free char *path = hs_format("%s/%s", directory, aside);

		hs_conflicts_add(one->undo->conflicts, path, NULL);
	}
	return 1;
}

/* Calls `act` with every name beside the file that one of its changes may have
 * left: -1 at once where it is, else whether any call was not 0. */
static int any_aside(const struct case_file *one, const char *const *suffixes,
		     size_t n,
		     int (*act)(const struct case_file *one, const char *aside))
{
	const struct tx_files *files = &one->undo->ledger->files;
	int any = 0;

	for (size_t i = one->index; i < files->n; i++) {
		if ((size_t)files->items[i].first != one->index)
			continue;
		for (size_t s = 0; s < n; s++) {
			hs_auto_free char *aside = hs_ledger_aside(
				one->undo->ledger, i, suffixes[s]);

			any |= act(one, aside);
			if (any < 0)
				return -1;
		}
	}
	return any;
}

static int reclaim_all(const struct case_file *one)
{
	static const char *const suffixes[] = {"", ".rb"};

	return any_aside(one, suffixes, HS_LENGTH(suffixes), reclaim);
}

/* The original from bak/, complete under the name `rb` or not at all. */
static int stage_backup(const struct case_file *one, const char *rb)
{
	hs_auto_free char *part = aside_name(one, ".part");
	hs_auto_free char *copy = hs_format("%ld", one->file->backup);
	hs_auto_close int bak =
		hs_openat(one->undo->dir, "bak",
			  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	hs_auto_look struct file_look saved = {0};

	if (bak < 0 || hs_look(bak, copy, one->undo->ledger->salt, &saved))
		return -1;
	if (one->file->backup < 0 || !is_original(one, &saved.sum)) {
		errno = ENOENT;
		return -1;
	}
	unlinkat(one->dir->fd, part, 0);
	if (hs_stage_file(one->dir->fd, part, saved.bytes, saved.length,
			  &one->file->meta, true, NULL))
		return -1;
	return renameat(one->dir->fd, part, one->dir->fd, rb);
}

/* The name beside the file that holds the original: the very file that was
 * swapped out, else a copy from the backup. NULL: neither. */
static char *find_original(const struct case_file *one)
{
	hs_auto_free char *aside = aside_name(one, "");
	hs_auto_free char *rb = aside_name(one, ".rb");
	hs_auto_look struct file_look there = {0};

	if (!look(one, aside, &there) && is_original(one, &there.sum))
		return hs_steal(aside);
	one->dir->dirty = true;
	if (one->file->before.kind == FILE_LINK) {
		unlinkat(one->dir->fd, rb, 0);
		return hs_stage_link(one->dir->fd, rb, one->file->link, NULL)
			       ? NULL
			       : hs_steal(rb);
	}
	return stage_backup(one, rb) ? NULL : hs_steal(rb);
}

static enum undone from_swap(enum swap swap)
{
	static const enum undone results[] = {
		[SWAP_DONE] = UNDONE_RESTORED,
		[SWAP_UNEXPECTED] = UNDONE_CONFLICT,
		[SWAP_FAILED] = UNDONE_FAILED,
	};

	return results[swap];
}

static enum undone remove_ours(const struct case_file *one)
{
	hs_auto_free char *rb = aside_name(one, ".rb");
	enum swap swap;

	unlinkat(one->dir->fd, rb, 0);
	swap = hs_move_aside(one->dir->fd, one->name, rb,
			     one->undo->ledger->salt, one->known.items,
			     one->known.n);
	one->dir->dirty = true;
	if (swap == SWAP_DONE)
		drop(one, rb);
	return from_swap(swap);
}

static enum undone put_back(const struct case_file *one, bool is_absent)
{
	hs_auto_free char *original = find_original(one);
	hs_auto_look struct file_look now = {0};
	enum swap swap;

	if (!original)
		return errno == ENOENT ? UNDONE_LOST : UNDONE_FAILED;
	swap = is_absent ? hs_move_new(one->dir->fd, original, one->name)
			 : hs_swap(one->dir->fd, one->name, original,
				   one->undo->ledger->salt, one->known.items,
				   one->known.n);
	one->dir->dirty = true;
	if (swap != SWAP_DONE)
		return from_swap(swap);
	if (look(one, one->name, &now))
		return UNDONE_FAILED;
	/* else somebody saved it that very moment */
	return is_original(one, &now.sum) ? UNDONE_RESTORED : UNDONE_CONFLICT;
}

/* Whether the operator's newer files name this one: then they need it. */
static bool is_mentioned(const struct case_file *one,
			 const struct str *mentions)
{
	return mentions->len &&
	       memmem(mentions->data, mentions->len, one->file->path,
		      strlen(one->file->path));
}

static void mention(struct str *mentions, const struct case_file *one,
		    const struct file_look *now)
{
	if (!one->file->secret && now->length) {
		hs_str_add(mentions, now->bytes, now->length);
		hs_str_putc(mentions, '\n');
	}
}

static enum undone undo_known(const struct case_file *one,
			      const struct file_look *now, struct str *mentions)
{
	if (one->file->before.kind != FILE_ABSENT)
		return put_back(one, now->sum.kind == FILE_ABSENT);
	if (!is_mentioned(one, mentions))
		return remove_ours(one);
	mention(mentions, one, now);
	return UNDONE_KEPT;
}

/* What lies unused beside the file was never in it, or is not any more: what
 * somebody saved there stands on the original. */
static bool was_never_ours(const struct case_file *one)
{
	const struct ledger *ledger = one->undo->ledger;
	hs_auto_free char *aside = aside_name(one, "");
	hs_auto_look struct file_look there = {0};

	if (one->undo->is_untouched)
		return true;
	if (ledger->committed || ledger->damaged)
		return false;
	return !ledger->prepared ||
	       (!look(one, aside, &there) &&
		hs_sum_equal(&there.sum, &one->file->after));
}

enum undone hs_undo_file(const struct case_file *one, struct str *mentions)
{
	hs_auto_look struct file_look now = {0};
	int reclaimed = reclaim_all(one);
	enum undone result = UNDONE_CONFLICT;

	if (reclaimed < 0 || look(one, one->name, &now))
		return UNDONE_FAILED;
	if (is_original(one, &now.sum)) {
		/* on the disk, too? who put it back may be gone */
		one->dir->dirty = true;
		return UNDONE_ALREADY;
	}
	if (!reclaimed && is_known(one, &now.sum))
		result = undo_known(one, &now, mentions);
	else if (was_never_ours(one))
		result = UNDONE_THEIRS;
	if (result == UNDONE_CONFLICT || result == UNDONE_THEIRS) {
		hs_look_done(&now);
		if (look(one, one->name, &now))
			return UNDONE_FAILED;
		mention(mentions, one, &now);
	}
	return result;
}

static void learn(struct case_file *one)
{
	const struct tx_files *files = &one->undo->ledger->files;

	HS_PUSH(&one->known, one->file->before);
	for (size_t i = one->index; i < files->n; i++) {
		if ((size_t)files->items[i].first == one->index)
			HS_PUSH(&one->known, files->items[i].after);
	}
}

/* What is there and is nobody's but ours. */
static int sweep(const struct case_file *one, const char *aside)
{
	hs_auto_look struct file_look there = {0};

	if (look(one, aside, &there) || there.sum.kind == FILE_ABSENT ||
	    (!is_known(one, &there.sum) && one->undo->ledger->prepared))
		return 0;
	drop(one, aside);
	return 1;
}

/* A part of a copy is ours whatever is in it. */
static int sweep_part(const struct case_file *one, const char *aside)
{
	hs_auto_look struct file_look there = {0};

	if (look(one, aside, &there) || there.sum.kind == FILE_ABSENT)
		return 0;
	drop(one, aside);
	return 1;
}

void hs_undo_sweep_file(const struct case_file *one)
{
	static const char *const suffixes[] = {"", ".old", ".rb"};
	static const char *const parts[] = {".part"};

	any_aside(one, suffixes, HS_LENGTH(suffixes), sweep);
	any_aside(one, parts, HS_LENGTH(parts), sweep_part);
}

int hs_undo_open(struct undo *undo, size_t index, struct case_file *one)
{
	*one = (struct case_file){
		.undo = undo,
		.index = index,
		.file = &undo->ledger->files.items[index],
	};
	one->name = hs_path_name(one->file->path);
	one->dir = hs_dirs_hold(&undo->dirs, undo->root, one->file->path);
	if (!one->dir)
		return -1;
	learn(one);
	return 0;
}
