/*
 * Certificates, keys and requests as text for people: what the details view of
 * an operating system shows.
 */
#ifndef CLI_CERT_TEXT_H
#define CLI_CERT_TEXT_H

#include <stdio.h>
#include <time.h>

#include "core/cert/read/inventory.h"

/* All about one certificate, a line each; `now` for its validity. */
void cli_print_certificate(const struct certificate *certificate, time_t now);
/* The chain as a tree, from the root down to the leaf. */
void cli_print_chain(const struct bundle *bundle);
void cli_print_request(const struct inventory_request *request);
void cli_print_key(const struct inventory_key *key);

#endif
