/*
 * Runs another program: argv only (no shell), an environment of its own, a
 * time limit, capped output, no controlling terminal, standard input from
 * given bytes or /dev/null.
 */
#ifndef CORE_BASE_RUN_H
#define CORE_BASE_RUN_H

#include "core/base/error.h"
#include "core/base/str.h"

struct run {
	const char *const *argv; /* argv[0] is looked up in a fixed PATH when
				    it has no slash; ends with NULL */
	const char *directory;	 /* working directory, or NULL: / */
	int timeout_ms;		 /* 0: 30 s; then the whole group is killed */
	size_t output_max;	 /* bytes kept of each stream; 0: 64 KiB */
	const void *input;	 /* bytes for standard input, or NULL */
	size_t input_length;
	/* Called in the child just before exec, NULL: nothing. Returns 0, or
	 * an errno that makes hs_run() fail. Only async-signal-safe calls. */
	int (*prepare)(void *context);
	void *context;
};

struct run_result {
	int status;    /* exit status, or 128 + signal */
	int timed_out; /* the time limit ended it */
	struct str out, err;
};

/*
 * Runs it to its end.  Returns 0 when the program was started, whatever its
 * status; -1 (HS_CANNOT) when it could not be.  A descendant that keeps the
 * pipes open does not hold this up past the time limit.
 * hs_run_result_done() frees the output.
 */
int hs_run(const struct run *run, struct run_result *ret_result,
	   struct error *err) HS_MUST_CHECK;

/* The absolute path of a program in the fixed PATH (/usr/local/sbin:
 * /usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin, after the caller's PATH when
 * the user is not root), to be freed; NULL when there is none. */
char *hs_run_find(const char *name);

void hs_run_result_done(struct run_result *result);
#define hs_auto_run_result HS_CLEANUP(hs_run_result_done)

/* For a child behind fork(): every signal does what it does by default, none is
 * blocked.  Async-signal-safe. */
void hs_run_reset_signals(void);
/* Likewise: closes every descriptor from that one on. */
void hs_run_close_from(int first);

#endif
