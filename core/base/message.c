/*
 * A field is its kind (one byte), a number (eight bytes, the lowest first)
 * and, unless it is a number, as many bytes as that number says.
 */
#include "core/base/message.h"

#include <string.h>

#include "core/base/memory.h"

enum kind {
	KIND_NUMBER = 'n',
	KIND_BYTES = 'b',
	KIND_TEXT = 't',
	KIND_NULL = '0', /* a text that is not there */
};

#define HEAD 9

static void put_head(struct str *message, enum kind kind, uint64_t number)
{
	unsigned char head[HEAD] = {(unsigned char)kind};

	for (int i = 1; i < HEAD; i++, number >>= 8)
		head[i] = (unsigned char)(number & 0xff);
	hs_str_add(message, head, sizeof(head));
}

void hs_message_put_number(struct str *message, uint64_t number)
{
	put_head(message, KIND_NUMBER, number);
}

void hs_message_put_bytes(struct str *message, const void *bytes, size_t length)
{
	put_head(message, KIND_BYTES, length);
	hs_str_add(message, bytes, length);
}

void hs_message_put_text(struct str *message, const char *text)
{
	size_t length = text ? strlen(text) : 0;

	put_head(message, text ? KIND_TEXT : KIND_NULL, length);
	hs_str_add(message, text, length);
}

struct message hs_message_open(const void *bytes, size_t length)
{
	return (struct message){.at = bytes, .left = length};
}

static void give_up(struct message *message)
{
	message->broken = 1;
	message->left = 0;
}

/* Whether the next field is of this kind. */
static int is_next(const struct message *message, enum kind kind)
{
	return message->left >= HEAD && *message->at == kind;
}

/* Reads the head of a field; 0, and a broken message, when there is none of
 * this kind or its number is above `max`. */
static uint64_t take_head(struct message *message, enum kind kind, uint64_t max)
{
	uint64_t number = 0;

	if (!is_next(message, kind)) {
		give_up(message);
		return 0;
	}
	for (int i = HEAD - 1; i > 0; i--)
		number = number << 8 | message->at[i];
	message->at += HEAD;
	message->left -= HEAD;
	if (number <= max)
		return number;
	give_up(message);
	return 0;
}

/* Reads head and bytes. */
static const unsigned char *take(struct message *message, enum kind kind,
				 size_t max, size_t *ret_length)
{
	uint64_t length = take_head(message, kind, max);
	const unsigned char *bytes = message->at;

	if (length > message->left) {
		give_up(message);
		length = 0;
	}
	*ret_length = (size_t)length;
	if (message->broken)
		return (const unsigned char *)"";
	message->at += length;
	message->left -= (size_t)length;
	return bytes;
}

uint64_t hs_message_number(struct message *message, uint64_t max)
{
	return take_head(message, KIND_NUMBER, max);
}

const unsigned char *hs_message_bytes(struct message *message, size_t max,
				      size_t *ret_length)
{
	return take(message, KIND_BYTES, max, ret_length);
}

char *hs_message_text(struct message *message, size_t max)
{
	const unsigned char *bytes;
	size_t length;

	if (is_next(message, KIND_NULL)) {
		take_head(message, KIND_NULL, 0);
		return NULL;
	}
	bytes = take(message, KIND_TEXT, max, &length);
	if (memchr(bytes, '\0', length))
		give_up(message);
	return message->broken ? NULL : hs_strndup((const char *)bytes, length);
}

int hs_message_end(const struct message *message)
{
	return message->broken || message->left ? -1 : 0;
}
