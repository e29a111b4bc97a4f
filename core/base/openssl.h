/*
 * OpenSSL, opened when it is first called.  To link it would cost every start
 * of the program a millisecond and the first screen as much again; many
 * commands, and the first screen, never call it.
 *
 * Who includes this calls OpenSSL as ever: each function of the list is a
 * macro that goes by the table.  Nothing else may include <openssl/...>: what
 * is called without the table does not link.
 *
 * OpenSSL allocates as the program does (core/base/memory.h).  Left to itself
 * it takes want of memory for one more reason why something does not verify,
 * and an answer that is wrong is worse than none.  Its secure heap, for keys
 * and passphrases, is there from the start.
 */
#ifndef CORE_BASE_OPENSSL_H
#define CORE_BASE_OPENSSL_H

#include <stdbool.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "core/base/openssl_functions.h"

#define HS_OPENSSL_MEMBER(name) __typeof__(name) *name;
struct openssl {
	HS_OPENSSL_FUNCTIONS(HS_OPENSSL_MEMBER)
};
#undef HS_OPENSSL_MEMBER

/* The table; the program ends where there is no OpenSSL, see
 * hs_library_on_missing(). */
const struct openssl *hs_openssl(void);

/* Whether anything called it so far; to ask does not open it. */
bool hs_openssl_is_open(void);

/* For a child behind fork() that goes on by itself: that pages are locked in
 * memory is not handed down. */
void hs_openssl_forked(void);

#ifndef HS_OPENSSL_BY_TABLE
#	include "core/base/openssl_calls.inc"
#endif

#endif
