/*
 * A room for reading what nobody vouches for.  Bytes from outside
 * (certificates, PKCS#12, XML) are parsed in a child process that has no
 * network, no files, no other processes, and limits on its memory and its
 * time; whatever they make the parser do, this process goes on and says so in
 * one sentence.
 *
 * The child is a fork of this process: the work is a function of ours, sees
 * the memory as it was, and what it changes is gone with it; only the output
 * it writes comes back.  That output is not to be trusted: read it with
 * core/base/message.h, and check again what must hold.
 *
 * Each guard stands for itself.  Where the kernel has one not, the others
 * hold, hs_log() says once which is missing, and the work is done all the
 * same.  Built with a sanitizer (address, memory, thread), which maps
 * terabytes and makes calls of its own, there is neither a limit on memory nor
 * seccomp.
 *
 * Call it while no other thread is inside OpenSSL: its locks would be held in
 * the child for ever, and the work would time out.
 */
#ifndef CORE_BASE_SANDBOX_SANDBOX_H
#define CORE_BASE_SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/str.h"

/* What keeps the child in; for `without` and `missing`. */
enum sandbox_guard {
	SANDBOX_NETWORK = 1,	/* a network namespace with nothing in it; only
				   made where seccomp is missing: it is slow */
	SANDBOX_MEMORY = 2,	/* RLIMIT_AS */
	SANDBOX_IDENTITY = 4,	/* nobody instead of root, no capabilities */
	SANDBOX_LANDLOCK = 8,	/* no path may be touched, Linux 5.13 */
	SANDBOX_CPU = 16,	/* RLIMIT_CPU */
	SANDBOX_FILES = 32,	/* RLIMIT_NOFILE, RLIMIT_FSIZE: no descriptor
				   can be opened, sockets included */
	SANDBOX_PROCESSES = 64, /* RLIMIT_NPROC */
	SANDBOX_SECCOMP = 128,	/* system calls a parser needs, no others */
	SANDBOX_ALL = 255,
};

/* How it ended. */
enum sandbox_end {
	SANDBOX_FINISHED,      /* the work returned 0 */
	SANDBOX_REFUSED,       /* the work returned something else */
	SANDBOX_OUT_OF_MEMORY, /* it needs more than memory_max */
	SANDBOX_TOO_MUCH,      /* it wrote more than output_max */
	SANDBOX_OUT_OF_CPU,    /* it needs more than cpu_seconds */
	SANDBOX_TIMED_OUT,     /* it takes longer than timeout_ms */
	SANDBOX_FORBIDDEN,     /* seccomp ended it */
	SANDBOX_CRASHED,       /* a signal, or an end without a word */
	SANDBOX_CANCELLED,
	SANDBOX_ENDS
};

struct sandbox {
	/*
	 * Parses `input`, appends what it found to `ret_output`, returns 0;
	 * anything else refuses the input, and the output comes back as well.
	 * No file can be opened in it, and what it logs is lost.
	 */
	int (*work)(const void *input, size_t length, void *context,
		    struct str *ret_output);
	/*
	 * Runs in the child before the doors close, NULL: nothing.  Loads what
	 * the work would open files for: OpenSSL's configuration and
	 * providers, locales.  What this process has loaded is there already.
	 */
	void (*warm_up)(void *context);
	/* Whether the operator does not want to wait any longer: asked here,
	 * in the parent, about 20 times a second. NULL: nobody waits. */
	bool (*cancelled)(void *context);
	void *context;

	const char *what;  /* what is read, for messages; NULL: "the file" */
	int cpu_seconds;   /* 0: 5 */
	int timeout_ms;	   /* 0: 30 s */
	size_t memory_max; /* beside what this process has; 0: 256 MiB */
	size_t output_max; /* 0: 4 MiB */
	unsigned without;  /* guards left out; for tests only */
};

struct sandbox_result {
	enum sandbox_end end;
	unsigned missing;  /* guards that did not stand */
	struct str output; /* complete with FINISHED and REFUSED, else empty */
};

/*
 * Does the work in such a child and waits for it.  0 when it FINISHED, -1
 * otherwise, with a sentence in `err`: HS_REFUSED when it is the input's
 * fault, HS_CANNOT when there can be no child or it was cancelled.
 * hs_sandbox_result_done() wipes and frees the result, which is set always.
 */
int hs_sandbox_run(const struct sandbox *sandbox, const void *input,
		   size_t length, struct sandbox_result *ret_result,
		   struct error *err) HS_MUST_CHECK;

/* Wipes the output, which may hold a key, and frees it. */
void hs_sandbox_result_done(struct sandbox_result *result);
#define hs_auto_sandbox_result HS_CLEANUP(hs_sandbox_result_done)

#endif
