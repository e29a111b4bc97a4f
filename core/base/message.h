/*
 * A message from one process to another: numbers, bytes and texts behind each
 * other, each with its kind and its length in front.  The reader may not
 * trust the writer: every length is checked against what is there and against
 * what the reader is ready to take.  What is wrong makes the whole message
 * broken; from then on every field reads as 0 or nothing, so a reader reads to
 * its end and asks once:
 *
 *	struct message message = hs_message_open(bytes, length);
 *	uint64_t n = hs_message_number(&message, 100);
 *
 *	while (n--)
 *		HS_PUSH(&names, hs_message_text(&message, 255));
 *	if (hs_message_end(&message))
 *		return hs_fail(err, ...);
 *
 * The writer appends to a string; what it puts is never too long for it.
 */
#ifndef CORE_BASE_MESSAGE_H
#define CORE_BASE_MESSAGE_H

#include <stdint.h>

#include "core/base/str.h"

void hs_message_put_number(struct str *message, uint64_t number);
void hs_message_put_bytes(struct str *message, const void *bytes,
			  size_t length);
/* NULL is kept apart from "". */
void hs_message_put_text(struct str *message, const char *text);

/* Where a reader stands. The bytes stay the caller's and must outlive it. */
struct message {
	const unsigned char *at;
	size_t left;
	int broken; /* something in it was not as it was asked for */
};

struct message hs_message_open(const void *bytes, size_t length);

/* The next field as a number; one above `max` breaks the message. */
uint64_t hs_message_number(struct message *message, uint64_t max);

/* The next field as bytes within the message, never NULL; more than `max` of
 * them break it. */
const unsigned char *hs_message_bytes(struct message *message, size_t max,
				      size_t *ret_length);

/* The next field as text, at most `max` bytes; a NUL within it breaks the
 * message. A copy to be freed, or NULL when NULL was put or it is broken. */
char *hs_message_text(struct message *message, size_t max);

/* 0 when every byte was read and all was as asked for, otherwise -1. */
int hs_message_end(const struct message *message) HS_MUST_CHECK;

#endif
