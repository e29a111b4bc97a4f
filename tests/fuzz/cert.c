/*
 * Whatever is handed over as certificate: what it is shows by itself.
 */
#include "tests/fuzz/found.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	found_look(data, size, hs_gather);
	return 0;
}
