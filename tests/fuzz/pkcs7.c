/*
 * PKCS#7, for the certificates in it.
 */
#include "tests/fuzz/found.h"

static void gather(const struct cert_input *input, struct gathered *found)
{
	const unsigned char *at = (const unsigned char *)input->bytes;
	hs_auto_pkcs7 PKCS7 *pkcs7 = d2i_PKCS7(NULL, &at, (long)input->length);

	if (pkcs7)
		hs_gather_pkcs7(input, pkcs7, found);
	ERR_clear_error();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	found_look(data, size, gather);
	return 0;
}
