/*
 * Faults at an exact point: a piece of work runs in a child under a tracer,
 * which kills it, or lets a call fail, at the n-th call that writes (or opens).
 */
#ifndef TESTS_UNIT_FAULT_H
#define TESTS_UNIT_FAULT_H

#include <stdbool.h>

/* Failing calls needs to know the machine's registers. */
#ifdef __x86_64__
#	define FAULT_CAN_FAIL_CALLS 1
#else
#	define FAULT_CAN_FAIL_CALLS 0
#endif

struct fault {
	int at;	      /* n, from 0 */
	int error;    /* errno that the call yields; 0: the child is killed;
		      EINVAL: only renameat2() is counted */
	bool forever; /* every such call from then on */
	bool reading; /* opening to look or read is counted instead */
};

/* Whether the fault came to pass; *ret_status: how the work ended. */
bool fault_run(int (*work)(void), const struct fault *fault, int *ret_status);

/* Kills it before its n-th writing call; false: it ended well before that. */
bool fault_kill(int (*work)(void), int n);

#endif
