/*
 * Live facts from the outside: connect, TLS handshake, HTTP.  Each address is
 * probed at once and bounded in time; what is found is data for the live.*
 * rules (core/settings/rules_live.c), which alone judge it.
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
};

/* One HTTP answer. */
struct probe_answer {
	char *url;	     /* that was asked for */
	int status;	     /* 0: none came */
	char *location;	     /* of a redirect, or NULL */
	struct strings hsts; /* every Strict-Transport-Security value */
	char *problem;	     /* why none came, or NULL */
};
struct probe_answers HS_ARRAY(struct probe_answer);

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
