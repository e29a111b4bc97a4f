/*
 * Text with PEM blocks in it.
 */
#include "tests/fuzz/found.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	found_look(data, size, hs_gather_pem);
	return 0;
}
