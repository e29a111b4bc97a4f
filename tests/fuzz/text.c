/*
 * The sanitiser against any bytes: what comes out is fit for one line of a
 * screen, keeps what was fit, says so beforehand, and respects its limit.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int truth)
{
	if (!truth)
		abort();
}

static void demand_no_control(const char *text)
{
	for (const char *c = text; *c; c++)
		demand((unsigned char)*c >= 0x20 && *c != 0x7f);
	/* C1 in UTF-8 */
	for (const char *c = text; (c = strchr(c, '\xc2')); c++)
		demand((unsigned char)c[1] >= 0xa0);
}

static void look_at(const char *bytes, size_t size, size_t max)
{
	char *safe = hs_text_safe(bytes, size, max);
	size_t length = strlen(safe);

	demand_no_control(safe);
	demand(!hs_text_is_hostile(safe, length));
	demand(!max || length <= max);
	demand(hs_text_width(safe) >= 0);
	if (!max && !hs_text_is_hostile(bytes, size))
		demand(length == size && !memcmp(safe, bytes, size));
	free(safe);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;

	look_at(bytes, size, 0);
	look_at(bytes, size, 160);
	look_at(bytes, size, 20);
	return 0;
}
