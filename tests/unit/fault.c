#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "tests/unit/fault.h"

/* The calls that change the disk, behind the one that only opens. */
static const long calls[] = {
	SYS_openat2,   SYS_openat,    SYS_write,     SYS_pwrite64,
	SYS_fsync,     SYS_fdatasync, SYS_renameat2, SYS_unlinkat,
	SYS_mkdirat,   SYS_ftruncate, SYS_fallocate, SYS_symlinkat,
	SYS_utimensat, SYS_fchmod,    SYS_fchown,    SYS_fsetxattr,
	SYS_linkat,    SYS_fchmodat,
#ifdef SYS_renameat
	SYS_renameat,
#endif
#ifdef SYS_mkdir
	SYS_mkdir,
#endif
};

/* Makes the kernel stop us at them, and at nothing else. */
static int ask_to_be_stopped(void)
{
	struct sock_filter filter[2 + 2 * HS_LENGTH(calls)] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = {.filter = filter};
	unsigned short n = 1;

	for (size_t i = 0; i < HS_LENGTH(calls); i++) {
		filter[n++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i], 0, 1);
		filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
							   SECCOMP_RET_TRACE);
	}
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						   SECCOMP_RET_ALLOW);
	program.len = n;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static bool is_reading(const struct __ptrace_syscall_info *info)
{
	return info->seccomp.nr == SYS_openat2 ||
	       (info->seccomp.nr == SYS_openat &&
		!(info->seccomp.args[2] & O_CREAT));
}

/* The call of the kind that counts which the child is stopped at, or 0. */
static long stopped_at(pid_t child, const struct fault *fault)
{
	struct __ptrace_syscall_info info = {0};

	if (ptrace(PTRACE_GET_SYSCALL_INFO, child, (void *)sizeof(info),
		   &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_SECCOMP ||
	    is_reading(&info) != fault->reading)
		return 0;
	return (long)info.seccomp.nr;
}

/* The call is not made; what it yields is put in its place. */
static void fail_call(pid_t child, int error)
{
#if FAULT_CAN_FAIL_CALLS
	struct user_regs_struct regs;

	assert_int_equal(ptrace(PTRACE_GETREGS, child, NULL, &regs), 0);
	regs.orig_rax = (unsigned long long)-1;
	regs.rax = (unsigned long long)(long long)-error;
	assert_int_equal(ptrace(PTRACE_SETREGS, child, NULL, &regs), 0);
#else
	(void)child;
	(void)error;
#endif
}

static pid_t start_traced(int (*work)(void))
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (!child) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			_exit(99);
		raise(SIGSTOP);
		_exit(ask_to_be_stopped() ? 98 : work());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSTOPPED(status));
	ptrace(PTRACE_SETOPTIONS, child, NULL,
	       (void *)(PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL));
	return child;
}

static bool is_due(const struct fault *fault, long call, int *seen)
{
	if (!call || (fault->error == EINVAL && call != SYS_renameat2))
		return false;
	(*seen)++;
	return *seen == fault->at + 1 || (*seen > fault->at && fault->forever);
}

bool fault_run(int (*work)(void), const struct fault *fault, int *ret_status)
{
	pid_t child = start_traced(work);
	int status, seen = 0;

	for (;;) {
		assert_int_equal(ptrace(PTRACE_CONT, child, NULL, NULL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (WIFEXITED(status)) {
			*ret_status = WEXITSTATUS(status);
			return seen > fault->at;
		}
		assert_true(WIFSTOPPED(status));
		if (!is_due(fault, stopped_at(child, fault), &seen))
			continue;
		if (fault->error) {
			fail_call(child, fault->error);
			continue;
		}
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		return true;
	}
}

bool fault_kill(int (*work)(void), int n)
{
	const struct fault fault = {.at = n};
	int status = 0;
	bool killed = fault_run(work, &fault, &status);

	assert_int_equal(status, 0);
	return killed;
}
