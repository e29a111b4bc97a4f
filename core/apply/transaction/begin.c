#include "core/apply/transaction/tx.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

int hs_tx_changed_on_disk(const char *path, struct error *err)
{
	hs_fail(err, HS_REFUSED, "%s was changed meanwhile", path);
	hs_error_id(err, "server.changed-on-disk");
	hs_error_where(err, "%s", path);
	hs_error_hint(err, "look at it, then plan and apply again");
	return -1;
}

static bool same_bytes(const struct file_look *look, const char *bytes,
		       size_t length)
{
	return look->length == length &&
	       (!length || !memcmp(look->bytes, bytes, length));
}

/* Whether the disk is still what the plan was made from. */
static bool is_as_planned(const struct change *change,
			  const struct file_look *look)
{
	switch (change->kind) {
	case CHANGE_CREATE:
	case CHANGE_LINK:
		return look->sum.kind == FILE_ABSENT;
	case CHANGE_REMOVE:
		if (look->sum.kind == FILE_LINK)
			return !change->target ||
			       !strcmp(look->bytes, change->target);
		if (!change->before)
			return look->sum.kind == FILE_REGULAR;
		/* fall through */
	default:
		return look->sum.kind == FILE_REGULAR &&
		       same_bytes(look, change->before, change->before_length);
	}
}

/* Adds the directories that are not there yet, parents first. */
static int note_missing(struct transaction *tx, const char *path,
			struct error *err)
{
	hs_auto_free char *directory = hs_path_directory(path);
	hs_auto_close int fd = -1;
	struct file_look absent = {0};

	if (hs_strings_has(&tx->ledger.dirs, directory))
		return 0;
	fd = hs_dir_open(tx->root, directory);
	if (fd >= 0)
		return hs_check_replaceable(fd, hs_path_name(path), path,
					    &absent, err);
	if (errno != ENOENT || !strcmp(directory, "/"))
		return hs_fail_errno(err, HS_CANNOT, "cannot open %s",
				     directory);
	if (note_missing(tx, directory, err))
		return -1;
	hs_strings_add(&tx->ledger.dirs, directory);
	return 0;
}

static void sum_after(const struct transaction *tx, const struct change *change,
		      struct file_sum *ret_sum)
{
	*ret_sum = (struct file_sum){.kind = FILE_ABSENT};
	if (change->kind == CHANGE_LINK)
		hs_sum_bytes(tx->ledger.salt, FILE_LINK, change->target,
			     strlen(change->target), ret_sum);
	else if (change->kind != CHANGE_REMOVE)
		hs_sum_bytes(tx->ledger.salt, FILE_REGULAR, change->after,
			     change->after_length, ret_sum);
}

static void new_meta(const struct change *change, struct file_meta *ret_meta)
{
	mode_t fallback = change->secret ? 0600 : 0644;

	*ret_meta = (struct file_meta){
		.mode = change->mode & 07777 ? change->mode & 07777 : fallback,
		.uid = (uid_t)-1,
		.gid = (gid_t)-1,
	};
}

static void note_original(struct tx_file *file, size_t index,
			  const struct change *change,
			  const struct file_look *look)
{
	file->before = look->sum;
	if (look->sum.kind == FILE_ABSENT) {
		new_meta(change, &file->meta);
		file->link = hs_strdup(change->target);
		return;
	}
	hs_meta_copy(&look->meta, &file->meta);
	if (look->sum.kind == FILE_LINK)
		file->link = hs_strdup(look->bytes);
	else
		file->backup = (long)index;
}

static int look_at_original(struct transaction *tx, const struct change *change,
			    struct tx_file *file, struct error *err)
{
	size_t index = tx->ledger.files.n;
	struct held_dir *dir = hs_dirs_hold(&tx->held, tx->root, change->path);
	hs_auto_look struct file_look look = {0};

	if (!dir && errno == ENOENT && change->kind != CHANGE_EDIT &&
	    change->kind != CHANGE_REMOVE) {
		note_original(file, index, change, &look);
		return note_missing(tx, change->path, err);
	}
	if (!dir || hs_look(dir->fd, hs_path_name(change->path),
			    tx->ledger.salt, &look))
		return hs_fail_errno(err, HS_CANNOT, "cannot read %s",
				     change->path);
	if (look.sum.kind != FILE_OTHER && !is_as_planned(change, &look))
		return hs_tx_changed_on_disk(change->path, err);
	note_original(file, index, change, &look);
	return hs_check_replaceable(dir->fd, hs_path_name(change->path),
				    change->path, &look, err);
}

static const struct tx_file *earlier_change(const struct transaction *tx,
					    const char *path)
{
	const struct tx_file *found = NULL;

	HS_EACH(file, &tx->ledger.files) {
		if (!strcmp(file->path, path))
			found = file;
	}
	return found;
}

/* A later change of the same path begins where the earlier one ends. */
static void follow(const struct tx_file *earlier, struct tx_file *file)
{
	file->before = earlier->after;
	file->first = earlier->first;
	hs_meta_copy(&earlier->meta, &file->meta);
}

/* For people to compare; a key's is nobody's business. */
static char *plain_hash(const struct change *change, const void *bytes,
			size_t length)
{
	unsigned char digest[HS_HASH_SIZE];
	char text[HS_HASH_HEX];

	if (change->secret)
		return NULL;
	hs_hash(bytes, length, digest);
	hs_hash_hex(digest, text);
	return hs_strdup(text);
}

static void note_hashes(const struct change *change, struct tx_file *file)
{
	if (change->secret)
		return;
	if (file->before.kind == FILE_ABSENT)
		file->hash_before = hs_strdup("");
	else if (change->before)
		file->hash_before = plain_hash(change, change->before,
					       change->before_length);
	if (file->after.kind == FILE_ABSENT)
		file->hash_after = hs_strdup("");
	else if (file->after.kind == FILE_REGULAR)
		file->hash_after =
			plain_hash(change, change->after, change->after_length);
}

static int note_change(struct transaction *tx, const struct change *change,
		       struct error *err)
{
	const struct tx_file *earlier = earlier_change(tx, change->path);
	struct tx_file file = {
		.kind = change->kind,
		.phase = change->phase,
		.secret = change->secret,
		.path = hs_strdup(change->path),
		.backup = -1,
		.first = (long)tx->ledger.files.n,
	};
	int result = 0;

	sum_after(tx, change, &file.after);
	if (earlier)
		follow(earlier, &file);
	else
		result = look_at_original(tx, change, &file, err);
	note_hashes(change, &file);
	HS_PUSH(&tx->ledger.files, file);
	return result;
}

/* The changes of files, in the order they go live. */
static int note_changes(struct transaction *tx, struct error *err)
{
	HS_EACH(change, &tx->plan->changes) {
		if (change->kind != CHANGE_RUN && note_change(tx, change, err))
			return -1;
	}
	return 0;
}

/* Never from the clock: a random part, and the next number. */
static int make_id(const struct state *state, const struct state_dirs *dirs,
		   char **ret_id, struct error *err)
{
	const int places[] = {dirs->tx, dirs->done};
	unsigned short random = 0;
	unsigned last = 0;

	for (size_t i = 0; i < HS_LENGTH(places); i++) {
		struct strings ids;

		if (hs_state_ids(places[i], &ids))
			return hs_fail_errno(err, HS_CANNOT, "cannot read %s",
					     state->directory);
		if (ids.n && hs_state_sequence(ids.items[ids.n - 1]) > last)
			last = hs_state_sequence(ids.items[ids.n - 1]);
		hs_strings_done(&ids);
	}
	if (getrandom(&random, sizeof(random), 0) < 0)
		random = (unsigned short)getpid();
	*ret_id = hs_format("%04x-%02u", random, last + 1);
	return 0;
}

static int make_directory(struct transaction *tx, struct error *err)
{
	const char *id = tx->ledger.id;

	if (mkdirat(tx->dirs.tx, id, 0700))
		return hs_fail_errno(err, HS_CANNOT,
				     "cannot make transaction %s", id);
	tx->dir = hs_openat(tx->dirs.tx, id,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (tx->dir < 0 || mkdirat(tx->dir, "bak", 0700))
		return hs_fail_errno(err, HS_CANNOT,
				     "cannot make transaction %s", id);
	if (hs_journal_create(tx->dir, &tx->journal, err))
		return -1;
	hs_ledger_write(&tx->ledger, &tx->journal);
	if (hs_journal_sync(&tx->journal, err))
		return -1;
	if (hs_flush(tx->dir) || hs_flush(tx->dirs.tx))
		return hs_fail_errno(err, HS_CANNOT, "cannot flush state");
	return 0;
}

static int prepare(struct transaction *tx, struct error *err)
{
	if (make_directory(tx, err) || hs_tx_stage(tx, err))
		return -1;
	hs_journal_add(&tx->journal, RECORD_PREPARED, NULL);
	if (hs_journal_sync(&tx->journal, err))
		return -1;
	tx->ledger.prepared = true;
	return 0;
}

static struct transaction *new_transaction(const struct root *root,
					   const struct plan *plan)
{
	struct transaction *tx = hs_alloc(sizeof(*tx));

	tx->root = root;
	tx->plan = plan;
	tx->dirs = (struct state_dirs){-1, -1, -1};
	tx->dir = -1;
	tx->journal.fd = -1;
	return tx;
}

static int describe(struct transaction *tx, const struct state *state,
		    const char *title, const struct tx_server *server,
		    struct error *err)
{
	struct ledger *ledger = &tx->ledger;

	if (getrandom(ledger->salt, HS_SALT_SIZE, 0) != HS_SALT_SIZE)
		return hs_fail_errno(err, HS_CANNOT, "no random numbers");
	ledger->title = hs_strdup(title ? title : "");
	ledger->version = hs_strdup(PACKAGE_VERSION);
	ledger->tree = hs_state_tree(state, tx->root);
	ledger->begun = time(NULL);
	hs_who_am_i(&ledger->who);
	if (server)
		hs_tx_server_copy(server, &ledger->server);
	return 0;
}

/* What failed before anything went live is as if it had never been. */
static void abandon(struct transaction *tx)
{
	struct conflicts conflicts = {0};
	struct undo undo = {.is_back = true};

	/* where descriptors have run out, the undoing needs these */
	hs_dirs_done(&tx->held);
	if (tx->journal.fd >= 0) {
		hs_tx_undo(tx, &conflicts, &undo);
		(void)!hs_undo(&undo, NULL);
		hs_undo_done(&undo);
		hs_conflicts_done(&conflicts);
	}
	/* what could not be deleted now is left to recovery */
	if (tx->dir >= 0 && undo.is_back && !undo.littered)
		hs_tx_discard(tx->dirs.tx, tx->ledger.id);
	hs_transaction_free(tx);
}

/* How much room it takes, where there is too little. */
static void say_needed(const struct plan *plan, struct error *err)
{
	size_t needed = 0;

	if (!err || (err->sys != ENOSPC && err->sys != EDQUOT))
		return;
	HS_EACH(change, &plan->changes)
		needed += change->before_length + change->after_length;
	hs_error_hint(err,
		      "nothing was changed; the files of this change and their "
		      "backups take %zu bytes and an inode each",
		      needed);
}

int hs_transaction_begin(const struct state *state, const struct root *root,
			 const struct plan *plan, const char *title,
			 const struct tx_server *server,
			 struct transaction **ret_transaction,
			 struct error *err)
{
	struct transaction *tx = new_transaction(root, plan);

	*ret_transaction = NULL;
	if (describe(tx, state, title, server, err) || note_changes(tx, err) ||
	    hs_state_dirs_open(state, true, &tx->dirs, err) ||
	    make_id(state, &tx->dirs, &tx->ledger.id, err)) {
		hs_transaction_free(tx);
		return -1;
	}
	tx->backups =
		hs_format("%s/done/%s/bak", state->directory, tx->ledger.id);
	if (prepare(tx, err)) {
		abandon(tx);
		if (err && err->code == HS_FAILED)
			err->code = HS_CANNOT; /* nothing live was touched */
		say_needed(plan, err);
		return -1;
	}
	*ret_transaction = tx;
	return 0;
}
