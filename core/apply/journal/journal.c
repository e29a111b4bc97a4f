#include "core/apply/journal/journal.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "core/base/memory.h"
#include "core/base/root.h"

#define JOURNAL_ROOM (64 << 10) /* reserved on the disk when it begins */
#define RECORD_HEAD 12
#define RECORD_TAIL 4
#define RECORD_MAX (16U << 20)

static void put_u32(struct str *to, uint32_t number)
{
	number = htole32(number);
	hs_str_add(to, &number, sizeof(number));
}

static uint32_t get_u32(const unsigned char *at)
{
	uint32_t number;

	memcpy(&number, at, sizeof(number));
	return le32toh(number);
}

int hs_journal_create(int dir, struct journal *ret_journal, struct error *err)
{
	*ret_journal = (struct journal){.fd = -1};
	ret_journal->fd = hs_openat(
		dir, "journal",
		O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (ret_journal->fd < 0)
		return hs_fail_errno(err, HS_CANNOT, "cannot create journal");
	if (!fallocate(ret_journal->fd, FALLOC_FL_KEEP_SIZE, 0, JOURNAL_ROOM))
		return 0;
	if (errno != ENOSPC && errno != EDQUOT)
		return 0; /* cannot be reserved here: never mind */
	hs_fail_errno(err, HS_CANNOT, "no room for the journal");
	hs_journal_close(ret_journal);
	return -1;
}

int hs_journal_open(int dir, off_t end, uint32_t sequence,
		    struct journal *ret_journal, struct error *err)
{
	int fd = hs_openat(dir, "journal", O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	*ret_journal = (struct journal){
		.fd = fd,
		.sequence = sequence,
		.whole = sequence,
		.end = end,
	};
	if (fd < 0)
		return hs_fail_errno(err, HS_CANNOT, "cannot open journal");
	/* Cutting needlessly would give back the room reserved for it. */
	if (!fstat(fd, &st) && (st.st_size == end || !ftruncate(fd, end)))
		return 0;
	hs_fail_errno(err, HS_CANNOT, "cannot mend journal");
	hs_journal_close(ret_journal);
	return -1;
}

void hs_journal_add(struct journal *journal, enum record_type type,
		    const struct str *payload)
{
	struct str *to = &journal->pending;
	size_t start = to->len;

	put_u32(to, payload ? (uint32_t)payload->len : 0);
	put_u32(to, journal->sequence++);
	put_u32(to, type);
	if (payload)
		hs_str_add(to, payload->data, payload->len);
	put_u32(to, (uint32_t)crc32(0, (unsigned char *)to->data + start,
				    (uInt)(to->len - start)));
}

static int write_pending(struct journal *journal)
{
	const char *bytes = journal->pending.data;
	size_t length = journal->pending.len;
	off_t at = journal->end;

	while (length) {
		ssize_t n = pwrite(journal->fd, bytes, length, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes += n;
		at += n;
		length -= (size_t)n;
	}
	return 0;
}

/* What is half there must not hide the records that follow, nor may their
 * numbers leave a gap: a reader would stop before it. */
static void cut_off(struct journal *journal)
{
	int sys = errno;

	if (ftruncate(journal->fd, journal->end))
		hs_str_clear(&journal->pending);
	journal->sequence = journal->whole;
	errno = sys;
}

/* A signal that came in between is no fault of the disk. */
static int flush_data(int fd)
{
	int result;

	do
		result = fdatasync(fd);
	while (result && errno == EINTR);
	return result;
}

static int write_out(struct journal *journal, bool flush, struct error *err)
{
	int result = write_pending(journal);

	if (!result && flush)
		result = flush_data(journal->fd);
	if (result) {
		cut_off(journal);
		hs_fail_errno(err, HS_FAILED, "cannot write journal");
	} else {
		journal->end += (off_t)journal->pending.len;
		journal->whole = journal->sequence;
	}
	hs_str_clear(&journal->pending);
	return result;
}

int hs_journal_write(struct journal *journal, struct error *err)
{
	return write_out(journal, false, err);
}

int hs_journal_sync(struct journal *journal, struct error *err)
{
	return write_out(journal, true, err);
}

void hs_journal_close(struct journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = -1;
	hs_str_done(&journal->pending);
}

/* The length of the whole record at `at`, 0: there is none. */
static size_t whole_record(const struct journal_reader *reader, size_t at)
{
	const unsigned char *record = reader->bytes + at;
	size_t left = reader->length - at;
	size_t length;

	if (left < RECORD_HEAD + RECORD_TAIL)
		return 0;
	length = get_u32(record);
	if (length > RECORD_MAX || length > left - RECORD_HEAD - RECORD_TAIL)
		return 0;
	length += RECORD_HEAD;
	if (get_u32(record + length) !=
	    (uint32_t)crc32(0, record, (uInt)length))
		return 0;
	return length + RECORD_TAIL;
}

bool hs_journal_next(struct journal_reader *reader, enum record_type *ret_type,
		     struct message *ret_payload)
{
	const unsigned char *record = reader->bytes + reader->at;
	size_t length = whole_record(reader, reader->at);

	if (!length || get_u32(record + 4) != reader->sequence)
		return false;
	*ret_type = get_u32(record + 8);
	*ret_payload = hs_message_open(record + RECORD_HEAD,
				       length - RECORD_HEAD - RECORD_TAIL);
	reader->at += length;
	reader->sequence++;
	return true;
}

/* A plausible sequence number first: the checksum of every offset of a long
 * journal would take long. */
bool hs_journal_is_damaged(const struct journal_reader *reader)
{
	for (size_t at = reader->at + 1;
	     at + RECORD_HEAD + RECORD_TAIL <= reader->length; at++) {
		uint32_t ahead =
			get_u32(reader->bytes + at + 4) - reader->sequence;

		if (ahead - 1 < 4096 && whole_record(reader, at))
			return true;
	}
	return false;
}
