/*
 * The reader of messages against any bytes.  The first bytes say what it asks
 * for, the rest is the message: it never reads outside, a broken message stays
 * broken, and one that reads to its end is, put again, the same bytes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ASKED 16 /* fields that are asked for */

static void demand(int truth)
{
	if (!truth)
		abort();
}

static void ask_number(struct message *message, uint64_t max, struct str *again)
{
	uint64_t number = hs_message_number(message, max);

	demand(number <= max);
	demand(!message->broken || !number);
	hs_message_put_number(again, number);
}

static void ask_bytes(struct message *message, size_t max, struct str *again)
{
	size_t length;
	const unsigned char *bytes = hs_message_bytes(message, max, &length);

	demand(bytes && length <= max);
	demand(!message->broken || !length);
	hs_message_put_bytes(again, bytes, length);
}

static void ask_text(struct message *message, size_t max, struct str *again)
{
	hs_auto_free char *text = hs_message_text(message, max);

	demand(!text || strlen(text) <= max);
	demand(!message->broken || !text);
	hs_message_put_text(again, text);
}

/* One byte of the wish: which kind, and how much is welcome. */
static void ask(struct message *message, uint8_t wish, struct str *again)
{
	size_t max = wish & 0x80 ? SIZE_MAX : (size_t)(wish >> 2) * 16;
	int was_broken = message->broken;

	if (wish % 4 == 0)
		ask_number(message, max, again);
	else if (wish % 4 == 1)
		ask_bytes(message, max, again);
	else
		ask_text(message, max, again);
	demand(!was_broken || message->broken);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t asked = size && data[0] % ASKED < size ? data[0] % ASKED : 0;
	struct message message;
	hs_auto_str struct str again = {0};

	if (!size)
		return 0;
	data++, size--;
	message = hs_message_open(data + asked, size - asked);
	for (size_t i = 0; i < asked; i++)
		ask(&message, data[i], &again);
	if (hs_message_end(&message))
		return 0;
	demand(again.len == size - asked);
	demand(!again.len || !memcmp(again.data, data + asked, again.len));
	return 0;
}
