/*
 * Reading in a child process that can do nothing else (core/base/sandbox.h).
 * This is how bytes from outside are read; hs_gather() alone is for bytes that
 * this machine's own server has read before.
 */
#ifndef CORE_CERT_GATHER_APART_H
#define CORE_CERT_GATHER_APART_H

#include "core/cert/gather.h"

/*
 * As hs_gather() of each of `n` inputs into its own of `found`, to which it
 * adds.  An input that the child could not be done with is noted there:
 * cert.pkcs12-iterations when it takes too long, else cert.unsafe; the others
 * are read all the same.
 */
void hs_gather_apart(const struct cert_input *inputs, size_t n,
		     struct gathered *found);

/* The answer of the child, and reading it; apart for the tests. */
void hs_gathered_write(const struct gathered *found, struct str *message);
struct message;
void hs_gathered_read(struct message *message, struct gathered *found);

#endif
