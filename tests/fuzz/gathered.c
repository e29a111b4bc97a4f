/*
 * What the parser's child answers, from a child that was taken over: its
 * parent makes certificates, keys and notes of it, or nothing.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/message.h"
#include "core/cert/read/apart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message message = hs_message_open(data, size);
	struct gathered found = {0};

	hs_gathered_read(&message, &found);
	if (found.certificates.n > HS_CERTIFICATES_MAX)
		abort();
	HS_EACH(note, &found.notes) {
		if (strncmp(note->id, "cert.", 5) || note->part > CERT_PART_CA)
			abort();
	}
	(void)!hs_message_end(&message);
	hs_gathered_done(&found);
	return 0;
}
