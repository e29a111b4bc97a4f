/*
 * The parent's side: it starts the child, takes its answer within bounds, and
 * ends it whatever it does.
 */
#include "core/base/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/base/memory.h"
#include "core/base/sandbox/child.h"

#define TIMEOUT_MS 30000
#define OUTPUT_MAX ((size_t)4 << 20)
#define TICK_MS 50 /* between two questions whether it is cancelled */

struct child {
	const struct sandbox *sandbox;
	pid_t pid;
	int fd;
	struct sandbox_head head;
	size_t got; /* bytes of the head and of the output so far */
	struct str *output;
};

/* What each guard is called, lowest bit first. */
static const char *const guards[] = {
	"a network namespace",	 "a limit of memory",
	"an identity of nobody", "landlock",
	"a limit of CPU time",	 "a limit of open files",
	"a limit of processes",	 "a filter of system calls (seccomp)",
};

/* Why a parser was ended; NULL: its input is not to blame. */
static const char *const reasons[SANDBOX_ENDS] = {
	[SANDBOX_REFUSED] = N_("its contents make no sense"),
	[SANDBOX_OUT_OF_MEMORY] = N_("reading it takes too much memory"),
	[SANDBOX_TOO_MUCH] = N_("there is too much in it"),
	[SANDBOX_OUT_OF_CPU] = N_("reading it takes too much computing time"),
	[SANDBOX_TIMED_OUT] = N_("reading it takes too long"),
	[SANDBOX_FORBIDDEN] =
		N_("reading it led to something that reading does not need"),
	[SANDBOX_CRASHED] = N_("reading it made the reading process crash"),
};

/* Says once in this program which guards do not stand. */
static void log_missing(unsigned missing)
{
	static unsigned told;

	for (unsigned i = 0; i < HS_LENGTH(guards); i++) {
		if (!(missing & ~told & 1U << i))
			continue;
		hs_log("files are parsed without %s, which is not to be had "
		       "here; the other guards hold",
		       guards[i]);
	}
	told |= missing;
}

/* With every signal blocked, so that no handler of ours runs in the child. */
static pid_t fork_child(const struct sandbox *sandbox, const void *input,
			size_t length, int pipe)
{
	pid_t parent = getpid(), pid;
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (!pid)
		hs_sandbox_child(sandbox, input, length, pipe, parent);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return pid;
}

/* Looks at a head that is complete, of which a child says no more than how the
 * work ended. Its output is taken into one piece of memory: growing would
 * leave parts of a key behind. */
static enum sandbox_end accept_head(struct child *child)
{
	size_t max = child->sandbox->output_max ? child->sandbox->output_max
						: OUTPUT_MAX;

	if (child->head.end > SANDBOX_OUT_OF_MEMORY)
		return SANDBOX_CRASHED;
	if (child->head.length > max)
		return SANDBOX_TOO_MUCH;
	child->output->cap = (size_t)child->head.length + 1;
	child->output->data = hs_alloc(child->output->cap);
	return (enum sandbox_end)child->head.end;
}

static ssize_t take_head(struct child *child)
{
	ssize_t got = read(child->fd, (char *)&child->head + child->got,
			   sizeof(child->head) - child->got);

	if (got > 0)
		child->got += (size_t)got;
	return got;
}

static ssize_t take_output(struct child *child)
{
	struct str *output = child->output;
	ssize_t got = read(child->fd, output->data + output->len,
			   (size_t)child->head.length - output->len);

	if (got > 0)
		output->len += (size_t)got;
	return got;
}

/* Takes what is there. SANDBOX_ENDS while more is to come. */
static enum sandbox_end take(struct child *child)
{
	bool in_head = child->got < sizeof(child->head);
	ssize_t got = in_head ? take_head(child) : take_output(child);
	enum sandbox_end end;

	if (got < 0 && errno == EINTR)
		return SANDBOX_ENDS;
	if (got <= 0)
		return SANDBOX_CRASHED;
	if (child->got < sizeof(child->head))
		return SANDBOX_ENDS;
	end = in_head ? accept_head(child) : (enum sandbox_end)child->head.end;
	if (!child->output->data)
		return end;
	return child->output->len == child->head.length ? end : SANDBOX_ENDS;
}

static enum sandbox_end await_answer(struct child *child)
{
	const struct sandbox *sandbox = child->sandbox;
	int limit = sandbox->timeout_ms > 0 ? sandbox->timeout_ms : TIMEOUT_MS;
	long long deadline = hs_clock_ms() + limit;
	struct pollfd pipe = {.fd = child->fd, .events = POLLIN};
	enum sandbox_end end = SANDBOX_ENDS;

	while (end == SANDBOX_ENDS) {
		int left = hs_clock_left(deadline);

		if (sandbox->cancelled && sandbox->cancelled(sandbox->context))
			return SANDBOX_CANCELLED;
		if (!left)
			return SANDBOX_TIMED_OUT;
		if (sandbox->cancelled && left > TICK_MS)
			left = TICK_MS;
		if (poll(&pipe, 1, left) > 0)
			end = take(child);
	}
	return end;
}

/* Why a child went without an answer. The hard limit of CPU time kills, and so
 * does the kernel for want of memory. */
static enum sandbox_end judge(const struct sandbox *sandbox, int status,
			      const struct rusage *usage)
{
	int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	int seconds = sandbox->cpu_seconds > 0 ? sandbox->cpu_seconds
					       : SANDBOX_CPU_SECONDS;

	hs_log("the process that parses a file ended with signal %d, status %d",
	       signal, WEXITSTATUS(status));
	if (signal == SIGSYS)
		return SANDBOX_FORBIDDEN;
	if (signal == SIGXCPU ||
	    (signal == SIGKILL &&
	     usage->ru_utime.tv_sec + usage->ru_stime.tv_sec >= seconds))
		return SANDBOX_OUT_OF_CPU;
	return SANDBOX_CRASHED;
}

/* One that has answered or is about to end does not mind the signal; its
 * status stands already. */
static enum sandbox_end end_child(const struct child *child,
				  enum sandbox_end end)
{
	struct rusage usage = {0};
	int status = 0;
	pid_t got;

	kill(child->pid, SIGKILL);
	do
		got = wait4(child->pid, &status, 0, &usage);
	while (got < 0 && errno == EINTR);
	if (end != SANDBOX_CRASHED || child->got == sizeof(child->head))
		return end;
	return judge(child->sandbox, status, &usage);
}

static int explain(const struct sandbox *sandbox, enum sandbox_end end,
		   struct error *err)
{
	const char *what = sandbox->what ? sandbox->what : _("the file");

	if (end == SANDBOX_FINISHED)
		return 0;
	if (!reasons[end])
		return hs_fail(err, HS_CANNOT, "reading %s was cancelled",
			       what);
	hs_fail(err, HS_REFUSED, "%s could not be parsed safely: %s", what,
		_(reasons[end]));
	hs_error_hint(err, "it is damaged, or made to do harm; get it again "
			   "from where it came from");
	return -1;
}

static int start(struct child *child, const void *input, size_t length)
{
	hs_auto_close int writer = -1;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	child->fd = ends[0];
	writer = ends[1];
	child->pid = fork_child(child->sandbox, input, length, writer);
	return child->pid < 0 ? -1 : 0;
}

static void wipe(struct str *output)
{
	if (output->data)
		explicit_bzero(output->data, output->cap);
	hs_str_done(output);
}

int hs_sandbox_run(const struct sandbox *sandbox, const void *input,
		   size_t length, struct sandbox_result *ret_result,
		   struct error *err)
{
	hs_auto_close int fd = -1;
	struct child child = {
		.sandbox = sandbox,
		.fd = -1,
		.output = &ret_result->output,
	};
	int failed;

	*ret_result = (struct sandbox_result){.end = SANDBOX_CRASHED};
	failed = start(&child, input, length);
	fd = child.fd;
	if (failed)
		return hs_fail_errno(
			err, HS_CANNOT, "cannot start a process to parse %s in",
			sandbox->what ? sandbox->what : _("the file"));
	ret_result->end = end_child(&child, await_answer(&child));
	ret_result->missing = (unsigned)child.head.missing & SANDBOX_ALL;
	log_missing(ret_result->missing);
	if (ret_result->end > SANDBOX_REFUSED)
		wipe(&ret_result->output);
	return explain(sandbox, ret_result->end, err);
}

void hs_sandbox_result_done(struct sandbox_result *result)
{
	wipe(&result->output);
	*result = (struct sandbox_result){.end = SANDBOX_CRASHED};
}
