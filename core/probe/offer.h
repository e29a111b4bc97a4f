/*
 * ClientHellos written by hand: what OpenSSL no longer speaks can still be
 * offered, and the answer to the first message says whether it is taken.
 * Sources: RFC 6101 (SSL 3), RFC 5246 (TLS 1.2), RFC 8446 (TLS 1.3).
 */
#ifndef CORE_PROBE_OFFER_H
#define CORE_PROBE_OFFER_H

#include <stddef.h>

#include "core/probe/probe.h"

/* The longest hello, with a name of 253 bytes. */
#define HS_OFFER_MAX 1024

/* Writes the hello for an offer; returns its length.  `name` is sent as SNI
 * unless it is NULL or an address, or the offer is SSL 3, which has none. */
size_t hs_offer_write(enum probe_offer offer, const char *name,
		      unsigned char ret_bytes[static HS_OFFER_MAX]);

/* What has come back so far. */
enum offer_reply {
	REPLY_UNFINISHED,
	REPLY_HELLO,  /* a ServerHello: `ret` is filled */
	REPLY_ALERT,  /* a refusal in TLS */
	REPLY_CLOSED, /* nothing, or cut off */
	REPLY_HTTP,   /* "HTTP/..." */
	REPLY_OTHER,  /* no TLS */
};

/* Reads the answer to an offer; never past `length`. */
enum offer_reply hs_offer_read(enum probe_offer offer,
			       const unsigned char *bytes, size_t length,
			       struct probe_offered *ret);

/* Whether HTTP/2 clients reject that cipher suite (RFC 9113, appendix A:
 * whatever is neither ephemeral nor AEAD).  Of those that OFFER_H2 offers. */
bool hs_offer_is_rejected(unsigned cipher);

/* "TLS 1.2", "3DES": for sentences. */
const char *hs_offer_title(enum probe_offer offer);

#endif
