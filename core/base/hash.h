/*
 * SHA-256 of bytes (FIPS 180-4), by OpenSSL.
 */
#ifndef CORE_BASE_HASH_H
#define CORE_BASE_HASH_H

#include <stddef.h>

#define HS_HASH_SIZE 32
#define HS_HASH_HEX (2 * HS_HASH_SIZE + 1)

/* The digest of `length` bytes. */
void hs_hash(const void *bytes, size_t length,
	     unsigned char ret_digest[static HS_HASH_SIZE]);

/* A digest as lower-case hexadecimal text. */
void hs_hash_hex(const unsigned char digest[static HS_HASH_SIZE],
		 char ret_text[static HS_HASH_HEX]);

#endif
