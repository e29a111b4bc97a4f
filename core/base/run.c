#include "core/base/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#define FIXED_PATH                                                             \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define DEFAULT_TIMEOUT_MS 30000
#define DEFAULT_OUTPUT_MAX (64 * 1024)
#define TICK_MS 10		/* between looks at a child without a pidfd */
#define DRAIN_MAX (1024 * 1024) /* no pipe holds more than that */

/* A program that runs: its streams, and how it is watched. */
struct child {
	pid_t pid;
	int pidfd; /* -1 where the kernel has none (before 5.3) */
	int out, err;
	size_t output_max;
	long long deadline; /* ms of the monotonic clock */
};

static void close_child(struct child *child)
{
	hs_cleanup_close(&child->pidfd);
	hs_cleanup_close(&child->out);
	hs_cleanup_close(&child->err);
}

#define auto_child HS_CLEANUP(close_child)

/* PATH for the program: root trusts nobody's but the fixed one. */
static char *search_path(void)
{
	const char *users = geteuid() ? getenv("PATH") : NULL;

	if (!users || !*users)
		return hs_strdup(FIXED_PATH);
	return hs_format("%s:%s", users, FIXED_PATH);
}

char *hs_run_find(const char *name)
{
	hs_auto_free char *path = search_path();
	char *rest = path, *directory;

	while ((directory = strsep(&rest, ":"))) {
		hs_auto_free char *full = hs_format("%s/%s", directory, name);
		struct stat st;

		/* a relative directory means another place at each call */
		if (*directory == '/' && !stat(full, &st) &&
		    S_ISREG(st.st_mode) && !access(full, X_OK))
			return hs_steal(full);
	}
	return NULL;
}

/* The environment of the program, to be freed with its strings. */
static char **make_environment(void)
{
	char **environment = hs_alloc(5 * sizeof(*environment));
	hs_auto_free char *path = search_path();
	const char *home = getenv("HOME"), *zone = getenv("TZ");

	if (!geteuid() || !home || *home != '/')
		home = geteuid() ? "/" : "/root";
	environment[0] = hs_format("PATH=%s", path);
	environment[1] = hs_strdup("LC_ALL=C");
	environment[2] = hs_format("HOME=%s", home);
	if (zone)
		environment[3] = hs_format("TZ=%s", zone);
	return environment;
}

static void free_environment(char ***environment)
{
	for (char **item = *environment; item && *item; item++)
		free(*item);
	free(*environment);
}

/* Standard input as a file in memory: a program that never reads it cannot
 * block us, and there is no SIGPIPE. */
static int open_input(const struct run *run)
{
	const char *bytes = run->input;
	size_t left = run->input_length;
	int fd;

	if (!bytes)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	fd = memfd_create("input", MFD_CLOEXEC);
	while (fd >= 0 && left) {
		ssize_t done = write(fd, bytes, left);

		if (done < 0 && errno != EINTR) {
			close(fd);
			return -1;
		}
		if (done > 0) {
			bytes += done;
			left -= (size_t)done;
		}
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

/* What fork() hands to the child. */
struct start {
	const struct run *run;
	const char *program;
	char **environment;
	int input, out[2], err[2];
	int report[2]; /* closes at exec, or carries the errno of a failure */
};

/* From here to exec only async-signal-safe calls: the parent may have had
 * threads. */
void hs_run_reset_signals(void)
{
	struct sigaction standard = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int signal = 1; signal < NSIG; signal++)
		sigaction(signal, &standard, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void hs_run_close_from(int first)
{
	long count;

	if (!syscall(SYS_close_range, first, ~0U, 0))
		return;
	count = sysconf(_SC_OPEN_MAX);
	for (int fd = first; fd < count && fd < 65536; fd++)
		close(fd);
}

static int arrange_streams(const struct start *start)
{
	/* numbers of 10 and up, so that no dup2() below hits a source */
	int input = fcntl(start->input, F_DUPFD, 10);
	int out = fcntl(start->out[1], F_DUPFD, 10);
	int err = fcntl(start->err[1], F_DUPFD, 10);
	int report = fcntl(start->report[1], F_DUPFD, 10);

	if (input < 0 || out < 0 || err < 0 || report < 0)
		return -1;
	if (dup2(input, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0 ||
	    dup3(report, 3, O_CLOEXEC) < 0)
		return -1;
	hs_run_close_from(4);
	return 0;
}

static void be_child(const struct start *start)
{
	const struct run *run = start->run;
	int report = start->report[1], code = 0;
	char *const *argv;

	/* execve() changes none of them, its type only does not say so */
	memcpy(&argv, &run->argv, sizeof(argv));
	hs_run_reset_signals();
	setsid();
	if (arrange_streams(start)) {
		code = errno;
	} else {
		report = 3;
		umask(022);
		if (chdir(run->directory ? run->directory : "/"))
			code = errno;
		else if (run->prepare)
			code = run->prepare(run->context);
		if (!code) {
			execve(start->program, argv, start->environment);
			code = errno;
		}
	}
	while (write(report, &code, sizeof(code)) < 0 && errno == EINTR)
		;
	_exit(127);
}

/* Forks with every signal blocked, so that no handler of ours runs in the
 * child. */
static pid_t fork_child(const struct start *start)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (!pid)
		be_child(start);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return pid;
}

static int reap(pid_t pid, int flags, int *ret_status)
{
	pid_t got;

	do
		got = waitpid(pid, ret_status, flags);
	while (got < 0 && errno == EINTR);
	return (int)got;
}

static void close_pair(int pair[2])
{
	hs_cleanup_close(&pair[0]);
	hs_cleanup_close(&pair[1]);
	pair[0] = pair[1] = -1;
}

static void close_start(struct start *start)
{
	hs_cleanup_close(&start->input);
	close_pair(start->out);
	close_pair(start->err);
	close_pair(start->report);
	free_environment(&start->environment);
}

#define auto_start HS_CLEANUP(close_start)

static int open_streams(struct start *start)
{
	start->input = open_input(start->run);
	if (start->input < 0 || pipe2(start->out, O_CLOEXEC) ||
	    pipe2(start->err, O_CLOEXEC) || pipe2(start->report, O_CLOEXEC))
		return -1;
	fcntl(start->out[0], F_SETFL, O_NONBLOCK);
	fcntl(start->err[0], F_SETFL, O_NONBLOCK);
	return 0;
}

/* Waits for exec; -1 and errno when the child could not get there. */
static int await_exec(struct start *start, pid_t pid)
{
	int code = 0;
	ssize_t got;

	hs_cleanup_close(&start->report[1]);
	start->report[1] = -1;
	do
		got = read(start->report[0], &code, sizeof(code));
	while (got < 0 && errno == EINTR);
	if (got != sizeof(code))
		return 0;
	reap(pid, 0, &(int){0});
	errno = code;
	return -1;
}

static int start_child(const struct run *run, const char *program,
		       struct child *ret_child)
{
	auto_start struct start start = {
		.run = run,
		.program = program,
		.environment = make_environment(),
		.input = -1,
		.out = {-1, -1},
		.err = {-1, -1},
		.report = {-1, -1},
	};
	pid_t pid;

	if (open_streams(&start))
		return -1;
	pid = fork_child(&start);
	if (pid < 0 || await_exec(&start, pid))
		return -1;
	ret_child->pid = pid;
	ret_child->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	ret_child->out = start.out[0];
	ret_child->err = start.err[0];
	start.out[0] = start.err[0] = -1;
	return 0;
}

/* Takes what a stream has now; past the cap it is read and forgotten, so that
 * the program never waits for us. Closes it at its end. */
static void take(int *fd, struct str *text, size_t max)
{
	char buffer[16384];
	size_t taken = 0;
	ssize_t got = 0;

	while (*fd >= 0 && taken < DRAIN_MAX) {
		got = read(*fd, buffer, sizeof(buffer));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		taken += (size_t)got;
		if (text->len < max) {
			size_t room = max - text->len;

			hs_str_add(text, buffer,
				   (size_t)got < room ? (size_t)got : room);
		}
	}
	if (*fd >= 0 && (!got || (got < 0 && errno != EAGAIN))) {
		close(*fd);
		*fd = -1;
	}
}

/* Waits until something happens, at the latest at the deadline. */
static void wait_for_news(const struct child *child)
{
	struct pollfd fds[] = {
		{.fd = child->out, .events = POLLIN},
		{.fd = child->err, .events = POLLIN},
		{.fd = child->pidfd, .events = POLLIN},
	};
	int left = hs_clock_left(child->deadline);

	if (child->pidfd < 0 && left > TICK_MS)
		left = TICK_MS;
	poll(fds, HS_LENGTH(fds), left);
}

/*
 * Reads both streams until the program itself has ended.  A descendant may
 * keep the pipes open (a daemon does), so their end is not waited for: what
 * the program wrote is there when it is gone.
 */
static int await_end(struct child *child, struct run_result *result)
{
	int status = 127 << 8, ended;

	do {
		wait_for_news(child);
		ended = reap(child->pid, WNOHANG, &status);
		take(&child->out, &result->out, child->output_max);
		take(&child->err, &result->err, child->output_max);
		if (!ended && hs_clock_ms() >= child->deadline) {
			result->timed_out = 1;
			kill(-child->pid, SIGKILL);
			ended = reap(child->pid, 0, &status);
		}
	} while (!ended);
	return status;
}

static int cannot_run(const char *name, struct error *err)
{
	int sys = errno;
	hs_auto_free char *safe = hs_text_safe(name, strlen(name), 200);

	errno = sys;
	return hs_fail_errno(err, HS_CANNOT, "cannot run %s", safe);
}

int hs_run(const struct run *run, struct run_result *ret_result,
	   struct error *err)
{
	const char *name = run->argv[0];
	hs_auto_free char *program =
		strchr(name, '/') ? hs_strdup(name) : hs_run_find(name);
	auto_child struct child child = {.pidfd = -1, .out = -1, .err = -1};
	int limit = run->timeout_ms > 0 ? run->timeout_ms : DEFAULT_TIMEOUT_MS;
	int status;

	*ret_result = (struct run_result){0};
	errno = ENOENT;
	if (!program)
		return cannot_run(name, err);
	child.output_max =
		run->output_max ? run->output_max : DEFAULT_OUTPUT_MAX;
	child.deadline = hs_clock_ms() + limit;
	if (start_child(run, program, &child))
		return cannot_run(name, err);
	status = await_end(&child, ret_result);
	ret_result->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
						 : WEXITSTATUS(status);
	return 0;
}

void hs_run_result_done(struct run_result *result)
{
	hs_str_done(&result->out);
	hs_str_done(&result->err);
	*result = (struct run_result){0};
}
