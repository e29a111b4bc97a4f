/*
 * One small family of certificates that several tests read in many forms: a
 * leaf below an issuing CA below a root, and another leaf of the same CA.
 */
#ifndef TESTS_UNIT_CERT_FAMILY_H
#define TESTS_UNIT_CERT_FAMILY_H

#include "tests/unit/cert_made.h"

struct family {
	struct made root, issuing, leaf, other;
};
extern struct family family;

/* A group's set-up and tear-down; opens made_dir, too, and the secure heap. */
int family_open(void **state);
int family_close(void **state);

/* Leaf, issuing CA and key as PEM; the key alone in DER. */
void put_all(struct str *text);
void put_key_der(struct str *text, EVP_PKEY *key);

/* That it is our leaf with its key and the issuing CA, and nothing is odd. */
void assert_whole(const struct bundle *bundle);

/* Writes a file with this text and reads it. Returns `ret_bundle`. */
struct bundle *read_text(const struct str *text, const char *passphrase,
			 struct bundle *ret_bundle);

/* Writes, reads and releases; what follows is asserted of `bundle`. */
#define WITH(bundle, text, passphrase)                                         \
	for (struct bundle bundle,                                             \
	     *hs_once = read_text(text, passphrase, &bundle);                  \
	     hs_once; hs_bundle_done(&bundle), hs_once = NULL)

#endif
