#include <fcntl.h>
#include <unistd.h>

#include "core/apply/journal/ledger.h"
#include "core/apply/transaction/transaction.h"
#include "core/base/i18n.h"

/* Paths once each, in the order they were changed. */
static void list_paths(const struct ledger *ledger, struct strings *paths)
{
	for (size_t i = 0; i < ledger->files.n; i++) {
		if ((size_t)ledger->files.items[i].first == i)
			hs_strings_add(paths, ledger->files.items[i].path);
	}
}

static void list_files(const struct ledger *ledger,
		       struct transaction_files *files)
{
	HS_EACH(file, &ledger->files)
		*HS_GROW(files) = (struct transaction_file){
			.path = hs_strdup(file->path),
			.before = hs_strdup(file->hash_before),
			.after = hs_strdup(file->hash_after),
		};
}

/* What is filed away came to an end: when its journal does not say which,
 * records are missing. */
static enum transaction_state state_of(const struct ledger *ledger, bool filed)
{
	enum transaction_state state = hs_ledger_state(ledger);

	if (filed && state != TX_COMMITTED && state != TX_ROLLED_BACK)
		return TX_CONFLICT;
	return state;
}

static void add_entry(int place, const char *id, bool filed,
		      struct transaction_entries *entries)
{
	struct transaction_entry *entry = HS_GROW(entries);
	hs_auto_ledger struct ledger ledger = {0};
	hs_auto_close int dir = hs_openat(
		place, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	*entry = (struct transaction_entry){
		.id = hs_strdup(id),
		.state = TX_CONFLICT,
	};
	if (dir < 0 || hs_ledger_read(dir, &ledger, NULL)) {
		entry->title = hs_strdup(_("its journal cannot be read"));
		entry->who = hs_strdup("");
		return;
	}
	entry->title = hs_strdup(ledger.title);
	entry->state = state_of(&ledger, filed);
	entry->begun = ledger.begun;
	entry->who = hs_who_text(&ledger.who);
	entry->deadline = entry->state == TX_AWAITING ? ledger.deadline : 0;
	list_paths(&ledger, &entry->paths);
	list_files(&ledger, &entry->files);
	hs_events_copy(&ledger.events, &entry->events);
	if (filed || entry->state != TX_AWAITING)
		return;
	entry->waits = hs_ledger_waits(&ledger);
	entry->left = (int)(ledger.deadline - hs_state_boottime());
	entry->tries = HS_CODE_TRIES - ledger.tries;
	entry->strict = ledger.terms.strict;
	entry->watched = hs_state_is_watched(dir);
}

static int newest_first(const void *a, const void *b)
{
	const struct transaction_entry *left = a, *right = b;
	unsigned l = hs_state_sequence(left->id);
	unsigned r = hs_state_sequence(right->id);

	if (l != r)
		return l > r ? -1 : 1;
	return left->begun > right->begun ? -1 : left->begun < right->begun;
}

static int list_place(int place, bool filed,
		      struct transaction_entries *entries)
{
	struct strings ids;

	if (hs_state_ids(place, &ids))
		return -1;
	HS_EACH(id, &ids)
		add_entry(place, *id, filed, entries);
	hs_strings_done(&ids);
	return 0;
}

static int list(const struct state *state, bool filed,
		struct transaction_entries *ret_entries, struct error *err)
{
	hs_auto_state_dirs struct state_dirs dirs = {-1, -1, -1};

	*ret_entries = (struct transaction_entries){0};
	if (hs_state_dirs_open(state, false, &dirs, err))
		return -1;
	if (list_place(dirs.tx, false, ret_entries) ||
	    (filed && list_place(dirs.done, true, ret_entries)))
		return hs_fail_errno(err, HS_CANNOT, "cannot read %s",
				     state->directory);
	return 0;
}

int hs_transactions_list(const struct state *state,
			 struct transaction_entries *ret_entries,
			 struct error *err)
{
	if (list(state, true, ret_entries, err))
		return -1;
	if (ret_entries->n)
		qsort(ret_entries->items, ret_entries->n,
		      sizeof(*ret_entries->items), newest_first);
	return 0;
}

int hs_transactions_open(const struct state *state,
			 struct transaction_entries *ret_entries,
			 struct error *err)
{
	return list(state, false, ret_entries, err);
}

void hs_transaction_entry_done(struct transaction_entry *entry)
{
	free(entry->id);
	free(entry->title);
	free(entry->who);
	hs_strings_done(&entry->paths);
	hs_events_done(&entry->events);
	HS_EACH(file, &entry->files) {
		free(file->path);
		free(file->before);
		free(file->after);
	}
	HS_ARRAY_FREE(&entry->files);
	*entry = (struct transaction_entry){0};
}

void hs_transaction_entries_done(struct transaction_entries *entries)
{
	HS_EACH(entry, entries)
		hs_transaction_entry_done(entry);
	HS_ARRAY_FREE(entries);
}
