/*
 * PKCS#12, under the right passphrase and others.
 */
#include "tests/fuzz/found.h"

static void gather(const struct cert_input *input, struct gathered *found)
{
	const unsigned char *at = (const unsigned char *)input->bytes;
	hs_auto_pkcs12 PKCS12 *pkcs12 =
		d2i_PKCS12(NULL, &at, (long)input->length);

	if (pkcs12)
		hs_gather_pkcs12(input, pkcs12, found);
	ERR_clear_error();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	found_look(data, size, gather);
	return 0;
}
