#include "core/apply/journal/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define MAGIC "https-setup journal"
#define JOURNAL_MAX (64UL << 20)
#define TEXT_MAX (1U << 20)

/* Negative ones too: they go through as they are. */
static void put_number(struct str *to, int64_t number)
{
	hs_message_put_number(to, (uint64_t)number);
}

static int64_t take_number(struct message *from)
{
	return (int64_t)hs_message_number(from, UINT64_MAX);
}

static void put_begin(const struct ledger *ledger, struct str *to)
{
	const struct who *who = &ledger->who;

	hs_message_put_text(to, MAGIC);
	put_number(to, HS_JOURNAL_VERSION);
	hs_message_put_text(to, ledger->id);
	hs_message_put_text(to, ledger->version);
	hs_message_put_text(to, ledger->title);
	hs_message_put_text(to, ledger->tree);
	put_number(to, ledger->begun);
	hs_message_put_bytes(to, ledger->salt, HS_SALT_SIZE);
	hs_message_put_text(to, who->login);
	hs_message_put_text(to, who->tty);
	hs_message_put_text(to, who->ssh);
	hs_message_put_text(to, who->boot);
	put_number(to, who->uid);
	put_number(to, who->pid);
	put_number(to, who->started);
	hs_message_put_text(to, ledger->server.id);
	hs_message_put_text(to, ledger->server.binary);
	hs_message_put_text(to, ledger->server.config);
	hs_message_put_text(to, ledger->server.prefix);
}

/* Text that must be there: a journal without it is damaged. */
static char *take_needed(struct message *from)
{
	char *text = hs_message_text(from, TEXT_MAX);

	if (!text)
		from->broken = 1;
	return text ? text : hs_strdup("");
}

static void take_who(struct message *from, struct who *who)
{
	who->login = take_needed(from);
	who->tty = hs_message_text(from, TEXT_MAX);
	who->ssh = hs_message_text(from, TEXT_MAX);
	who->boot = hs_message_text(from, TEXT_MAX);
	who->uid = take_number(from);
	who->pid = take_number(from);
	who->started = take_number(from);
}

static void take_salt(struct message *from, struct ledger *ledger)
{
	size_t length;
	const unsigned char *salt =
		hs_message_bytes(from, HS_SALT_SIZE, &length);

	if (length == HS_SALT_SIZE)
		memcpy(ledger->salt, salt, HS_SALT_SIZE);
	else
		from->broken = 1;
}

static void take_begin(struct message *from, struct ledger *ledger)
{
	hs_auto_free char *magic = take_needed(from);

	if (strcmp(magic, MAGIC)) {
		from->broken = 1;
		return;
	}
	ledger->too_new = take_number(from) > HS_JOURNAL_VERSION;
	ledger->id = take_needed(from);
	ledger->version = hs_message_text(from, TEXT_MAX);
	ledger->title = take_needed(from);
	ledger->tree = take_needed(from);
	ledger->begun = (time_t)take_number(from);
	take_salt(from, ledger);
	take_who(from, &ledger->who);
	ledger->server.id = hs_message_text(from, TEXT_MAX);
	ledger->server.binary = hs_message_text(from, TEXT_MAX);
	ledger->server.config = hs_message_text(from, TEXT_MAX);
	ledger->server.prefix = hs_message_text(from, TEXT_MAX);
}

static void put_sum(const struct file_sum *sum, struct str *to)
{
	put_number(to, sum->kind);
	hs_message_put_bytes(to, sum->digest, HS_HASH_SIZE);
}

static void take_sum(struct message *from, struct file_sum *sum)
{
	size_t length;
	int64_t kind = take_number(from);
	const unsigned char *digest =
		hs_message_bytes(from, HS_HASH_SIZE, &length);

	if (kind < FILE_ABSENT || kind > FILE_OTHER || length != HS_HASH_SIZE) {
		from->broken = 1;
		return;
	}
	sum->kind = (enum file_kind)kind;
	memcpy(sum->digest, digest, HS_HASH_SIZE);
}

static void put_meta(const struct file_meta *meta, struct str *to)
{
	put_number(to, meta->mode);
	put_number(to, meta->uid);
	put_number(to, meta->gid);
	put_number(to, meta->mtime.tv_sec);
	put_number(to, meta->mtime.tv_nsec);
	put_number(to, (int64_t)meta->attrs.n);
	HS_EACH(attr, &meta->attrs) {
		hs_message_put_text(to, attr->name);
		hs_message_put_bytes(to, attr->value, attr->length);
	}
}

static void take_meta(struct message *from, struct file_meta *meta)
{
	const unsigned char *value;
	int64_t attrs;

	meta->mode = (mode_t)take_number(from) & 07777;
	meta->uid = (uid_t)take_number(from);
	meta->gid = (gid_t)take_number(from);
	meta->mtime.tv_sec = (time_t)take_number(from);
	meta->mtime.tv_nsec = (long)take_number(from);
	attrs = take_number(from);
	for (int64_t i = 0; i < attrs && !from->broken; i++) {
		struct file_attr *attr = HS_GROW(&meta->attrs);

		*attr = (struct file_attr){.name = take_needed(from)};
		value = hs_message_bytes(from, TEXT_MAX, &attr->length);
		attr->value = hs_alloc(attr->length);
		memcpy(attr->value, value, attr->length);
	}
}

static void put_file(const struct tx_file *file, struct str *to)
{
	hs_message_put_text(to, file->path);
	put_number(to, file->kind);
	put_number(to, file->phase);
	put_number(to, file->secret);
	put_sum(&file->before, to);
	put_sum(&file->after, to);
	put_meta(&file->meta, to);
	hs_message_put_text(to, file->link);
	put_number(to, file->backup);
	put_number(to, file->first);
}

static void take_file(struct message *from, struct ledger *ledger)
{
	struct tx_file *file = HS_GROW(&ledger->files);
	int64_t kind;

	*file = (struct tx_file){.path = take_needed(from)};
	kind = take_number(from);
	file->phase = take_number(from) ? PHASE_PROVED : PHASE_HTTPS;
	file->secret = take_number(from) != 0;
	take_sum(from, &file->before);
	take_sum(from, &file->after);
	take_meta(from, &file->meta);
	file->link = hs_message_text(from, TEXT_MAX);
	file->backup = (long)take_number(from);
	file->first = (long)take_number(from);
	if (kind < CHANGE_EDIT || kind >= CHANGE_RUN || *file->path != '/' ||
	    file->first < 0 || (size_t)file->first >= ledger->files.n)
		from->broken = 1;
	file->kind = (enum change_kind)kind;
}

static void write_hash(const struct ledger *ledger, size_t index,
		       struct journal *journal)
{
	const struct tx_file *file = &ledger->files.items[index];
	hs_auto_str struct str payload = {0};

	if (!file->hash_before && !file->hash_after)
		return;
	put_number(&payload, (int64_t)index);
	hs_message_put_text(&payload, file->hash_before);
	hs_message_put_text(&payload, file->hash_after);
	hs_journal_add(journal, RECORD_HASH, &payload);
}

void hs_ledger_write(const struct ledger *ledger, struct journal *journal)
{
	hs_auto_str struct str payload = {0};

	put_begin(ledger, &payload);
	hs_journal_add(journal, RECORD_BEGIN, &payload);
	HS_EACH(dir, &ledger->dirs) {
		hs_str_clear(&payload);
		hs_message_put_text(&payload, *dir);
		hs_journal_add(journal, RECORD_DIR, &payload);
	}
	HS_EACH(file, &ledger->files) {
		hs_str_clear(&payload);
		put_file(file, &payload);
		hs_journal_add(journal, RECORD_FILE, &payload);
	}
	for (size_t i = 0; i < ledger->files.n; i++)
		write_hash(ledger, i, journal);
}

static void read_dir(struct message *from, struct ledger *ledger)
{
	hs_auto_free char *path = take_needed(from);

	hs_strings_add(&ledger->dirs, path);
}

static void read_prepared(struct message *from, struct ledger *ledger)
{
	(void)from;
	ledger->prepared = true;
}

static void read_intent(struct message *from, struct ledger *ledger)
{
	(void)from;
	ledger->intended = true;
}

static void read_await(struct message *from, struct ledger *ledger)
{
	ledger->awaiting = true;
	ledger->deadline = take_number(from);
}

static void read_commit(struct message *from, struct ledger *ledger)
{
	(void)from;
	ledger->committed = true;
}

/* A second undoing, after a conflict was put right, starts afresh. */
static void read_rb_begin(struct message *from, struct ledger *ledger)
{
	(void)from;
	ledger->rolling_back = true;
	ledger->rolled_back = false;
	ledger->conflict = false;
}

static void read_rb_end(struct message *from, struct ledger *ledger)
{
	ledger->rolled_back = true;
	ledger->conflict = take_number(from) != 0;
}

static void read_terms(struct message *from, struct ledger *ledger)
{
	hs_terms_take(from, &ledger->terms);
}

static void read_why(struct message *from, struct ledger *ledger)
{
	struct event *event;

	hs_event_take(from, &ledger->events);
	event = &ledger->events.items[ledger->events.n - 1];
	if (event->why != WHY_CONFIRMED || !ledger->looks.n)
		return;
	event->checked = ledger->looks.items[0].checked;
	event->detail = hs_strdup(ledger->looks.items[0].detail);
}

static void read_checked(struct message *from, struct ledger *ledger)
{
	/* before it waited: that is what is kept */
	if (!ledger->events.n)
		*HS_GROW(&ledger->looks) = (struct event){0};
	hs_checked_take(from,
			ledger->events.n ? &ledger->events : &ledger->looks);
}

static void read_try(struct message *from, struct ledger *ledger)
{
	(void)from;
	ledger->tries++;
}

static void read_before(struct message *from, struct ledger *ledger)
{
	hs_before_take(from, &ledger->seen);
}

static void read_hash(struct message *from, struct ledger *ledger)
{
	size_t index = (size_t)take_number(from);
	struct tx_file *file;

	if (index >= ledger->files.n) {
		from->broken = 1;
		return;
	}
	file = &ledger->files.items[index];
	free(file->hash_before);
	free(file->hash_after);
	file->hash_before = hs_message_text(from, TEXT_MAX);
	file->hash_after = hs_message_text(from, TEXT_MAX);
}

static void read_port(struct message *from, struct ledger *ledger)
{
	hs_tx_port_take(from, &ledger->ports);
}

static void (*const readers[RECORD_TYPES])(struct message *from,
					   struct ledger *ledger) = {
	[RECORD_DIR] = read_dir,	   [RECORD_FILE] = take_file,
	[RECORD_PREPARED] = read_prepared, [RECORD_INTENT] = read_intent,
	[RECORD_AWAIT] = read_await,	   [RECORD_COMMIT] = read_commit,
	[RECORD_RB_BEGIN] = read_rb_begin, [RECORD_RB_END] = read_rb_end,
	[RECORD_TERMS] = read_terms,	   [RECORD_WHY] = read_why,
	[RECORD_CHECKED] = read_checked,   [RECORD_TRY] = read_try,
	[RECORD_BEFORE] = read_before,	   [RECORD_HASH] = read_hash,
	[RECORD_PORT] = read_port,
};

/* Records of later versions that this one does not know change nothing. */
static int read_records(struct journal_reader *reader, struct ledger *ledger)
{
	enum record_type type;
	struct message payload;

	if (!hs_journal_next(reader, &type, &payload) || type != RECORD_BEGIN)
		return -1;
	take_begin(&payload, ledger);
	while (!payload.broken && !ledger->too_new) {
		ledger->end = (off_t)reader->at;
		ledger->sequence = reader->sequence;
		if (!hs_journal_next(reader, &type, &payload))
			break;
		if (type < RECORD_TYPES && readers[type])
			readers[type](&payload, ledger);
	}
	ledger->damaged = payload.broken || hs_journal_is_damaged(reader);
	/* of a later version only who made it is read */
	return ledger->end || ledger->too_new ? 0 : -1;
}

static int read_journal(int dir, struct str *ret_bytes)
{
	hs_auto_close int fd = hs_openat(
		dir, "journal", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char piece[8192];
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = read(fd, piece, sizeof(piece)))) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		hs_str_add(ret_bytes, piece, (size_t)n);
		if (ret_bytes->len > JOURNAL_MAX)
			return -1;
	}
	return 0;
}

int hs_ledger_read(int dir, struct ledger *ret_ledger, struct error *err)
{
	hs_auto_str struct str bytes = {0};
	struct journal_reader reader = {0};

	*ret_ledger = (struct ledger){0};
	if (read_journal(dir, &bytes))
		return hs_fail_errno(err, HS_CONFLICT, "cannot read journal");
	reader.bytes = (const unsigned char *)hs_str_text(&bytes);
	reader.length = bytes.len;
	if (!read_records(&reader, ret_ledger))
		return 0;
	hs_ledger_done(ret_ledger);
	return hs_fail(err, HS_CONFLICT, "the journal's beginning is damaged");
}

void hs_ledger_done(struct ledger *ledger)
{
	free(ledger->id);
	free(ledger->title);
	free(ledger->tree);
	free(ledger->version);
	hs_who_done(&ledger->who);
	hs_tx_server_done(&ledger->server);
	hs_strings_done(&ledger->dirs);
	HS_EACH(file, &ledger->files) {
		free(file->path);
		free(file->link);
		free(file->hash_before);
		free(file->hash_after);
		hs_meta_done(&file->meta);
	}
	HS_ARRAY_FREE(&ledger->files);
	hs_before_done(&ledger->seen);
	hs_events_done(&ledger->events);
	hs_events_done(&ledger->looks);
	hs_tx_ports_done(&ledger->ports);
	*ledger = (struct ledger){0};
}

enum transaction_state hs_ledger_state(const struct ledger *ledger)
{
	if (ledger->conflict || ledger->too_new)
		return TX_CONFLICT;
	if (ledger->rolled_back)
		return TX_ROLLED_BACK;
	if (ledger->rolling_back)
		return TX_APPLYING;
	if (ledger->committed)
		return TX_COMMITTED;
	if (ledger->awaiting)
		return TX_AWAITING;
	return ledger->intended ? TX_APPLYING : TX_STAGED;
}

bool hs_ledger_waits(const struct ledger *ledger)
{
	hs_auto_free char *boot = hs_state_boot();

	return !ledger->too_new && hs_ledger_state(ledger) == TX_AWAITING &&
	       ledger->who.boot && boot && !strcmp(boot, ledger->who.boot) &&
	       hs_state_boottime() < ledger->deadline;
}

/* Within 255 bytes even for the longest name. */
char *hs_ledger_aside(const struct ledger *ledger, size_t file,
		      const char *suffix)
{
	const char *path = ledger->files.items[file].path;

	return hs_format(".%.180s.https-setup.%s.%zu%s", hs_path_name(path),
			 ledger->id, file, suffix);
}
