/*
 * Hand-written ClientHellos, sent all at once, each on a connection of its
 * own that is closed as soon as the first answer is there.
 */
#ifndef CORE_PROBE_HELLO_H
#define CORE_PROBE_HELLO_H

#include "core/probe/offer.h"

struct hello {
	const char *address; /* numeric */
	int port;
	const char *name; /* SNI */
	enum probe_offer offer;
	enum offer_reply reply; /* REPLY_UNFINISHED: none came in time */
	struct probe_offered offered;

	int fd; /* from here on for hs_hello_ask() itself */
	bool open, sent;
	size_t length;
	unsigned char bytes[2048];
};
struct hellos HS_ARRAY(struct hello);

/* Sends each and reads what is answered, until all have ended, the deadline
 * has come or `cancel_fd` (0: none) can be read. */
void hs_hello_ask(struct hellos *hellos, long long deadline, int cancel_fd);

#endif
