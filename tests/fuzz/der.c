/*
 * One object in DER: certificate, key, PKCS#7 or PKCS#12.
 */
#include "tests/fuzz/found.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	found_look(data, size, hs_gather_der);
	return 0;
}
