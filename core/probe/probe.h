/*
 * Live facts from the outside: connect, TLS handshake, HTTP.  Each address is
 * probed at once and bounded in time; what is found is data for the live.*
 * rules (core/settings/live/rules.c), which alone judge it.
 */
#ifndef CORE_PROBE_PROBE_H
#define CORE_PROBE_PROBE_H

#include <stdbool.h>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/base/hash.h"

/* One address and port to look at. */
struct probe_target {
	char *address; /* numeric: "127.0.0.1", "::1" */
	int https_port;
	int http_port; /* 0: no HTTP expected */
};
struct probe_targets HS_ARRAY(struct probe_target);

struct probe_request {
	const char *name; /* SNI and Host */
	struct probe_targets targets;
	const char *ca;		     /* file with more trust anchors, or NULL */
	int timeout_ms;		     /* per target; 0: 5000 */
	bool http;		     /* also look at HTTP, redirect and HSTS */
	const struct strings *paths; /* to ask for; NULL: "/" */
	bool deep; /* also what takes many more connections: see below */
	long long deadline; /* by hs_clock_ms(): the end of it all; 0: none */
	/* Readable: give up. 0: nothing (standard input is never that). */
	int cancel_fd;
};

/* One HTTP answer. */
struct probe_answer {
	char *url;	     /* that was asked for */
	int status;	     /* 0: none came */
	char *location;	     /* of a redirect, or NULL */
	struct strings hsts; /* every Strict-Transport-Security value */
	char *problem;	     /* why none came, or NULL */
	bool hostile;	     /* control characters stood in its headers */
	bool sets_cookie;
};
struct probe_answers HS_ARRAY(struct probe_answer);

/* The certificate that was sent, and the chain it came with.  All text is safe
 * to show. */
struct probe_certificate {
	char *subject, *issuer, *common_name; /* NULL: none */
	struct strings names; /* DNS names and addresses, the first few */
	size_t names_count;   /* how many there are */
	long long not_before, not_after;
	char *key_type; /* "RSA" */
	int key_bits;
	char *signature; /* "sha256", or NULL */
	bool self_signed, must_staple;
	bool common_name_fits; /* the name asked for is there, and only there */
	bool misordered;       /* an issuer does not follow what it issued */
	bool incomplete;       /* the leaf's issuer is not sent, nor known */
	bool root_sent;
	int unneeded; /* sent, and of another chain */
	bool stapled; /* an OCSP response came along */
	bool revoked; /* and it says so */
	/* Why clients refuse it: a constant clause about the response, or
	 * NULL. */
	const char *staple_problem;
};

/* What a client may offer: each in a ClientHello of its own. */
enum probe_offer {
	OFFER_SSL3,
	OFFER_TLS1_0,
	OFFER_TLS1_1,
	OFFER_TLS1_2,
	OFFER_TLS1_3,
	OFFER_NULL,   /* ciphers that encrypt nothing */
	OFFER_ANON,   /* no certificate */
	OFFER_EXPORT, /* 40 and 56 bits */
	OFFER_DES,
	OFFER_RC4,
	OFFER_3DES, /* 64 bits a block, and IDEA */
	OFFER_CBC,
	OFFER_RSA, /* the key exchange without forward secrecy */
	OFFER_H2,  /* what browsers offer, HTTP/2 included */
	OFFER_MAX,
};
struct probe_offered {
	bool asked;    /* and an answer came */
	bool accepted; /* with what was offered */
	int version;   /* 0x0303 is TLS 1.2 */
	unsigned cipher;
	bool h2; /* chosen by ALPN */
};

/* A handshake with another name, or none. */
struct probe_variant {
	bool asked, handshake;
	unsigned char leaf[HS_HASH_SIZE];
};

/* How following redirects ended. */
enum probe_end {
	PROBE_NOT_FOLLOWED,
	PROBE_ARRIVED,	/* at a page */
	PROBE_LEFT,	/* for another site, which was not asked */
	PROBE_LOOPED,	/* at where it was before, or too many */
	PROBE_STRANDED, /* where nothing answers */
};
struct probe_hops {
	struct probe_answers answers; /* the first included */
	enum probe_end end;
};

struct probe_result {
	char *address;
	int https_port, http_port;
	bool connected; /* TCP */
	bool timed_out;
	bool handshake;
	char *problem;	/* why not, one sentence, or NULL */
	char *protocol; /* "TLSv1.3" */
	char *cipher;
	char *alpn;			  /* "h2", "http/1.1", or NULL */
	unsigned char leaf[HS_HASH_SIZE]; /* SHA-256 of the leaf sent */
	int chain_length; /* certificates sent, the leaf included */
	bool trusted;
	char *trust_problem; /* or NULL */
	bool name_fits;
	struct probe_answers https, http;
	struct probe_certificate certificate; /* of a handshake */

	/* A deep probe only. */
	bool deep;
	bool speaks_http; /* the HTTPS port answers plain HTTP */
	bool http_is_tls; /* the HTTP port speaks TLS */
	struct probe_offered offers[OFFER_MAX];
	struct probe_variant no_sni, wrong_name;
	struct probe_hops http_hops, https_hops; /* from "/" */
	struct probe_answer localhost; /* "/" of the HTTP port by that name,
					  where it is asked on loopback */
};
struct probe_results HS_ARRAY(struct probe_result);

/* Probes every target, all at once. Results come in the order of the
 * targets; only a failure to start at all is an error. */
int hs_probe(const struct probe_request *request,
	     struct probe_results *ret_results,
	     struct error *err) HS_MUST_CHECK;

/* TLS only, one target, for the wait after a reload: the leaf's hash, or -1
 * when there is no handshake (yet). */
int hs_probe_leaf(const struct probe_target *target, const char *name,
		  int timeout_ms, unsigned char ret_leaf[static HS_HASH_SIZE]);

void hs_probe_targets_done(struct probe_targets *targets);
void hs_probe_results_done(struct probe_results *results);

#endif
