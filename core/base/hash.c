#include "core/base/hash.h"

#include "core/base/openssl.h"

void hs_hash(const void *bytes, size_t length,
	     unsigned char ret_digest[static HS_HASH_SIZE])
{
	SHA256(bytes, length, ret_digest);
}

void hs_hash_hex(const unsigned char digest[static HS_HASH_SIZE],
		 char ret_text[static HS_HASH_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < HS_HASH_SIZE; i++) {
		ret_text[2 * i] = digits[digest[i] >> 4];
		ret_text[2 * i + 1] = digits[digest[i] & 15];
	}
	ret_text[2 * HS_HASH_SIZE] = '\0';
}
