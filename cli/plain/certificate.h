/*
 * Where the certificate comes from: files, a paste, one made here, a request
 * for a CA or the CA's answer to one.  Not in the catalogue: an answers file
 * says it by the files it names.
 */
#ifndef CLI_PLAIN_CERTIFICATE_H
#define CLI_PLAIN_CERTIFICATE_H

#include "cli/plain/ask.h"

/* Whether there is something to ask: no flag and no answers file said it. */
bool cli_plain_source_is_open(const struct job *job);

/* Asks, and does what is asked for.  REPLY_DONE: a request was made, and the
 * rest has to wait for the CA. */
enum reply cli_plain_source(struct job *job, struct error *err);

/* "Certificate: NAME, issued by CA, valid until DATE, with its key"; nothing
 * while there is none. */
void cli_plain_certificate(const struct bundle *bundle);

#endif
