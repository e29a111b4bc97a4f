/*
 * The journal: records that are on disk before their effect.
 *
 *	length u32 | sequence u32 | type u32 | payload | CRC-32 u32
 *
 * Numbers are little-endian, the payload is a message (core/base/message.h),
 * the checksum covers all that precedes it.  A reader stops at the first
 * record that is not whole: what follows was never acted upon, or is damage,
 * which is told apart by whole records further on.
 */
#ifndef CORE_APPLY_JOURNAL_JOURNAL_H
#define CORE_APPLY_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/error.h"
#include "core/base/message.h"
#include "core/base/str.h"

#define HS_JOURNAL_VERSION 1

/* Numbers are in the files: never reuse one. */
enum record_type {
	RECORD_BEGIN = 1,    /* who, what, when, where */
	RECORD_DIR = 2,	     /* a directory that will be made */
	RECORD_FILE = 3,     /* a file that will change: before and after */
	RECORD_PREPARED = 4, /* staged and backed up; live changes may follow */
	RECORD_INTENT = 5,   /* a phase is about to go live */
	RECORD_DONE = 6,     /* that phase is live */
	RECORD_AWAIT = 7,    /* live, until the deadline */
	RECORD_COMMIT = 8,   /* kept for good */
	RECORD_RB_BEGIN = 9, /* being taken back */
	RECORD_RB_FILE = 10, /* one file of that, and how it went */
	RECORD_RB_END = 11,  /* taken back, with or without conflicts */
	RECORD_TERMS = 12,   /* how it may be kept: terms.h */
	RECORD_WHY = 13,     /* of the COMMIT or RB_BEGIN behind it: event.h */
	RECORD_CHECKED = 14, /* what a look at the outcome said */
	RECORD_TRY = 15,     /* a wrong code was given */
	RECORD_BEFORE = 16,  /* what was answered before: terms.h */
	RECORD_HASH = 17,    /* of a file, plain, for people to compare */
	RECORD_PORT = 20,    /* a firewall's rule that is about to change */
	RECORD_TYPES,
};

struct journal {
	int fd;
	uint32_t sequence;  /* of the next record */
	uint32_t whole;	    /* of the record that would stand at `end` */
	off_t end;	    /* of the last whole record */
	struct str pending; /* records not written yet */
};

/* Makes `journal` in the directory, with room for what will come, so that a
 * full disk is met now. HS_CANNOT. */
int hs_journal_create(int dir, struct journal *ret_journal,
		      struct error *err) HS_MUST_CHECK;
/* Opens it to append behind offset `end`; what is torn there is cut off. */
int hs_journal_open(int dir, off_t end, uint32_t sequence,
		    struct journal *ret_journal,
		    struct error *err) HS_MUST_CHECK;
/* Adds a record to what hs_journal_sync() will write. */
void hs_journal_add(struct journal *journal, enum record_type type,
		    const struct str *payload);
/* Writes what was added; a kill cannot undo that, a power cut can. HS_FAILED:
 * the journal ends before it. */
int hs_journal_write(struct journal *journal, struct error *err) HS_MUST_CHECK;
/* The same, and flushes it to the disk. A failed flush is never tried again. */
int hs_journal_sync(struct journal *journal, struct error *err) HS_MUST_CHECK;
void hs_journal_close(struct journal *journal);

/* Reading: bytes of a journal, one record after the other. */
struct journal_reader {
	const unsigned char *bytes;
	size_t length, at;
	uint32_t sequence; /* expected next */
};
/* The next whole record; false at the end or at a torn one. */
bool hs_journal_next(struct journal_reader *reader, enum record_type *ret_type,
		     struct message *ret_payload);
/* Whether whole records follow the torn one: the journal was damaged. */
bool hs_journal_is_damaged(const struct journal_reader *reader);

#endif
