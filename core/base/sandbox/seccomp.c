/*
 * The system calls of a parser: memory, the clock, random numbers, the pipe
 * it answers through, its end.  Any other ends the process with SIGSYS.
 */
#include "core/base/sandbox/child.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>

static const int allowed[] = {
	/* memory; with mmap and mprotect below */
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	/* the pipe; nothing else is open but /dev/null */
	SCMP_SYS(close),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	/* locks, time, random numbers */
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(futex),
	SCMP_SYS(getrandom),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(sched_yield),
	SCMP_SYS(time),
#ifdef __SNR_clock_gettime64
	SCMP_SYS(clock_gettime64),
#endif
#ifdef __SNR_futex_time64
	SCMP_SYS(futex_time64),
#endif
	/* who am I */
	SCMP_SYS(getegid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	/* signals to itself, and the end; with tgkill below */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
};

/* What libraries try in passing and can do without: they are told no, so that
 * the next version of one of them does not end every parser. */
static const int denied[] = {
	SCMP_SYS(access),     SCMP_SYS(faccessat),
	SCMP_SYS(fcntl),      SCMP_SYS(fstat),
	SCMP_SYS(getcwd),     SCMP_SYS(getrlimit),
	SCMP_SYS(getrusage),  SCMP_SYS(ioctl),
	SCMP_SYS(lseek),      SCMP_SYS(lstat),
	SCMP_SYS(mlock),      SCMP_SYS(munlock),
	SCMP_SYS(newfstatat), SCMP_SYS(open),
	SCMP_SYS(openat),     SCMP_SYS(prctl),
	SCMP_SYS(prlimit64),  SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(stat),	      SCMP_SYS(statx),
	SCMP_SYS(sysinfo),    SCMP_SYS(uname),
};

/* Memory may be asked for, but not to run code from. */
static const int mappings[] = {
	SCMP_SYS(mmap),
	SCMP_SYS(mmap2),
	SCMP_SYS(mprotect),
};

static int add_rules(scmp_filter_ctx filter)
{
	int failed = 0;

	for (size_t i = 0; i < HS_LENGTH(allowed); i++)
		failed |=
			seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; i < HS_LENGTH(denied); i++)
		failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
					   denied[i], 0);
	for (size_t i = 0; i < HS_LENGTH(mappings); i++)
		failed |= seccomp_rule_add(
			filter, SCMP_ACT_ALLOW, mappings[i], 1,
			SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	failed |=
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				 SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
	return failed;
}

bool hs_sandbox_has_seccomp(void)
{
	unsigned action = SECCOMP_RET_KILL_PROCESS;

	return !SANDBOX_SANITIZED &&
	       !syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action);
}

int hs_sandbox_seccomp(const struct sandbox *sandbox)
{
	scmp_filter_ctx filter;
	int failed;

	(void)sandbox;
	if (!hs_sandbox_has_seccomp())
		return -1;
	filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!filter)
		return -1;
	failed = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
				  SCMP_ACT_KILL_PROCESS) ||
		 add_rules(filter) || seccomp_load(filter);
	seccomp_release(filter);
	return failed ? -1 : 0;
}
