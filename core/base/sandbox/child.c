/*
 * The child: it loads what it needs, lets go of everything it has, closes the
 * doors behind it, and only then looks at the input.
 */
#include "core/base/sandbox/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "core/base/log.h"
#include "core/base/memory.h"
#include "core/base/openssl.h"
#include "core/base/run.h"

#define NOBODY 65534 /* the kernel's overflow id; no look-up, no files */
#define SPACE_UNKNOWN ((size_t)256 << 20)

/* Of this child; the handler for exhausted memory gets no context. */
static struct sandbox_head head;
static int answer_fd = -1;
static bool is_missing_sent;
static pid_t parent_pid;

static void send_bytes(const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length) {
		ssize_t done = write(answer_fd, at, length);

		if (done < 0 && errno != EINTR)
			_exit(1);
		if (done > 0) {
			at += done;
			length -= (size_t)done;
		}
	}
}

/* First of all, and before the work. */
static void send_missing(void)
{
	is_missing_sent = true;
	send_bytes(&head.missing, sizeof(head.missing));
}

/* The answer, and the end: nothing of the parent's may run at exit. */
static void __attribute__((noreturn))
answer(enum sandbox_end end, const void *bytes, size_t length)
{
	head.end = end;
	head.length = length;
	if (!is_missing_sent)
		send_missing();
	send_bytes((const char *)&head + sizeof(head.missing),
		   sizeof(head) - sizeof(head.missing));
	send_bytes(bytes, length);
	_exit(0);
}

static void answer_exhausted(void)
{
	answer(SANDBOX_OUT_OF_MEMORY, NULL, 0);
}

/* Handlers are the parent's, and so is its terminal with its ^C. */
static void leave_parent(void)
{
	hs_run_reset_signals();
	setsid();
	hs_log_sink(NULL);
	hs_memory_on_exhausted(answer_exhausted);
}

static void close_range_of(unsigned first, unsigned last)
{
	long count;

	if (first > last || !syscall(SYS_close_range, first, last, 0))
		return;
	count = sysconf(_SC_OPEN_MAX);
	for (unsigned fd = first; fd <= last && fd < 65536 && fd < count; fd++)
		close((int)fd);
}

/*
 * The pipe keeps its number: it is none that the log or the terminal had.  The
 * standard streams become /dev/null, for libraries that write to them; those
 * of a sanitizer stay, or nobody would read its report.
 */
static void keep_only(unsigned pipe)
{
	unsigned first = SANDBOX_SANITIZED ? 3 : 0;
	int fd = -1;

	if (pipe)
		close_range_of(first, pipe - 1);
	close_range_of(pipe >= first ? pipe + 1 : first, ~0U);
	while (!SANDBOX_SANITIZED && fd < 2 &&
	       (fd = open("/dev/null", O_RDWR)) >= 0)
		;
	if (fd > 2)
		close(fd);
}

static int limit(int resource, size_t soft, size_t hard)
{
	struct rlimit rlimit = {.rlim_cur = soft, .rlim_max = hard};
	struct rlimit now;

	/* a limit that is lower already is not ours to raise */
	if (getrlimit(resource, &now))
		return -1;
	if (now.rlim_max < rlimit.rlim_max)
		rlimit.rlim_max = now.rlim_max;
	if (rlimit.rlim_max < rlimit.rlim_cur)
		rlimit.rlim_cur = rlimit.rlim_max;
	return setrlimit(resource, &rlimit);
}

/* With seccomp no socket can be made, so it is not worth its millisecond. */
static int close_network(const struct sandbox *sandbox)
{
	int flags = CLONE_NEWNET | CLONE_NEWIPC;

	if (!(sandbox->without & SANDBOX_SECCOMP) && hs_sandbox_has_seccomp())
		return 0;
	return unshare(geteuid() ? flags | CLONE_NEWUSER : flags);
}

/* Bytes of address space this process has, proc(5). */
static size_t space_now(void)
{
	char text[64];
	unsigned long pages;
	hs_auto_close int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (got <= 0)
		return SPACE_UNKNOWN;
	text[got] = '\0';
	pages = strtoul(text, NULL, 10);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static int limit_memory(const struct sandbox *sandbox)
{
	size_t more =
		sandbox->memory_max ? sandbox->memory_max : SANDBOX_MEMORY_MAX;
	size_t all;

	if (SANDBOX_SANITIZED ||
	    __builtin_add_overflow(space_now(), more, &all))
		return -1;
	return limit(RLIMIT_AS, all, all);
}

/* An ordinary user stays who he is; what he has of capabilities goes. */
static int drop_identity(const struct sandbox *sandbox)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
	int failed = 0;

	(void)sandbox;
	if (!geteuid()) {
		failed |= setgroups(0, NULL);
		failed |= setresgid(NOBODY, NOBODY, NOBODY);
		failed |= setresuid(NOBODY, NOBODY, NOBODY);
	}
	failed |= (int)syscall(SYS_capset, &header, none);
	return failed;
}

/* The second later is for who catches SIGXCPU and goes on. */
static int limit_cpu(const struct sandbox *sandbox)
{
	size_t seconds = sandbox->cpu_seconds > 0 ? (size_t)sandbox->cpu_seconds
						  : SANDBOX_CPU_SECONDS;

	return limit(RLIMIT_CPU, seconds, seconds + 1);
}

static int limit_files(const struct sandbox *sandbox)
{
	(void)sandbox;
	return limit(RLIMIT_FSIZE, 0, 0) | limit(RLIMIT_NOFILE, 0, 0);
}

static int limit_processes(const struct sandbox *sandbox)
{
	(void)sandbox;
	return limit(RLIMIT_NPROC, 0, 0);
}

/* Secrets of the parent are in this memory: nobody may look at it or dump it.
 * Changing the user id undoes two of these, so they come behind it. */
static int shut_in(const struct sandbox *sandbox)
{
	(void)sandbox;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	limit(RLIMIT_CORE, 0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent_pid)
		_exit(1);
	return 0;
}

/* In the order in which they can be closed: the first need rights and files,
 * the last allows nothing but the work.  What is no guard of its own is done
 * always. */
static const struct {
	unsigned guard;
	int (*close)(const struct sandbox *sandbox);
} doors[] = {
	{SANDBOX_NETWORK, close_network},
	{SANDBOX_MEMORY, limit_memory},
	{SANDBOX_IDENTITY, drop_identity},
	{0, shut_in},
	{SANDBOX_LANDLOCK, hs_sandbox_landlock},
	{SANDBOX_CPU, limit_cpu},
	{SANDBOX_FILES, limit_files},
	{SANDBOX_PROCESSES, limit_processes},
	{SANDBOX_SECCOMP, hs_sandbox_seccomp},
};

/* Closes the doors; the guards that do not stand. */
static unsigned close_doors(const struct sandbox *sandbox)
{
	unsigned missing = 0;

	for (size_t i = 0; i < HS_LENGTH(doors); i++) {
		if (sandbox->without & doors[i].guard ||
		    doors[i].close(sandbox))
			missing |= doors[i].guard;
	}
	return missing;
}

/* OpenSSL turns an allocation that failed into an error like any other. */
static bool was_exhausted(void)
{
	return errno == ENOMEM ||
	       (hs_openssl_is_open() &&
		(ERR_GET_REASON(ERR_peek_error()) == ERR_R_MALLOC_FAILURE ||
		 ERR_GET_REASON(ERR_peek_last_error()) ==
			 ERR_R_MALLOC_FAILURE));
}

void hs_sandbox_child(const struct sandbox *sandbox, const void *input,
		      size_t length, int pipe, pid_t parent)
{
	struct str output = {0};
	int refused;

	parent_pid = parent;
	answer_fd = pipe;
	leave_parent();
	if (sandbox->warm_up)
		sandbox->warm_up(sandbox->context);
	keep_only((unsigned)pipe);
	head.missing = close_doors(sandbox);
	send_missing();
	errno = 0;
	refused = sandbox->work(input, length, sandbox->context, &output);
	if (refused && was_exhausted())
		answer_exhausted();
	answer(refused ? SANDBOX_REFUSED : SANDBOX_FINISHED, output.data,
	       output.len);
}
