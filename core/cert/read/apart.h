/*
 * Reading in a child process that can do nothing else
 * (core/base/sandbox/sandbox.h).  This is how bytes from outside are read.
 * What comes back was written anew by OpenSSL, and nothing else is parsed here.
 */
#ifndef CORE_CERT_READ_APART_H
#define CORE_CERT_READ_APART_H

#include "core/cert/read/gather.h"

/*
 * As hs_gather() of each of `n` inputs into its own of `found`, to which it
 * adds.  An input that the child could not be done with is noted there:
 * cert.pkcs12-iterations when it takes too long, else cert.unsafe; the others
 * are read all the same.  cert.unreadable when the operator cancelled it
 * (`patience`, NULL: nobody waits); what was not read by then is not read.
 */
void hs_gather_apart(const struct cert_input *inputs, size_t n,
		     const struct cert_patience *patience,
		     struct gathered *found);

/* The answer of the child, and reading it; apart for the tests. */
void hs_gathered_write(const struct gathered *found, struct str *message);
struct message;
void hs_gathered_read(struct message *message, struct gathered *found);

#endif
