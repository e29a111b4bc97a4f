/*
 * A network of a process's own, in which a server is started on trial: nobody
 * reaches it from outside, nothing outside is reached from it.  Every address
 * is there, so that a configuration finds those that it names, and every host
 * name has one at once: whatever a server looks up while it starts neither
 * fails nor waits.
 */
#ifndef CORE_SERVER_NETWORK_H
#define CORE_SERVER_NETWORK_H

#include <stddef.h>

/* What host names stand for there: 198.18.0.0/15, kept for tests of networks
 * (RFC 2544, appendix C.2.2). */
#define HS_NETWORK_NAMES "198.18."
#define HS_NETWORK_NAMES_TOO "198.19."

/* Makes it, in the network namespace that this process has just got for
 * itself.  Returns the socket at which names are asked for, or -1 and errno. */
int hs_network_make(void);

/* Answers the questions that wait there. */
void hs_network_answer(int names);

/* One DNS message answered in place: an A record for every name, nothing else
 * for any (RFC 1035).  The length of the answer; 0: it was no question. */
size_t hs_network_reply(unsigned char *message, size_t length, size_t room);

#endif
