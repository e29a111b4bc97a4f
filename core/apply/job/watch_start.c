/* Bringing the watchdog to life. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/apply/job/watch.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/run.h"
#include "core/base/str.h"
#include "core/server/process.h"

#define READY_MS 10000
#define SYSTEMD "/run/systemd/system" /* sd_booted(3) */

/* Its command line, behind the program. */
struct order {
	char *words[HS_WATCH_ARGUMENTS];
};

static void make_order(const struct job *job, const char *id,
		       struct order *ret_order)
{
	const struct job_options *options = &job->options;

	*ret_order = (struct order){{
		hs_strdup(id),
		hs_format("%ld", (long)getpid()),
		hs_format("%llu", hs_process_started(getpid())),
		hs_strdup(options->state_dir ? options->state_dir : ""),
		hs_strdup(options->cert_dir ? options->cert_dir : ""),
	}};
}

static void order_done(struct order *order)
{
	for (size_t i = 0; i < HS_WATCH_ARGUMENTS; i++)
		free(order->words[i]);
}

/* Opens a file of tx/<id>. */
static int open_in(const struct state *state, const char *id, const char *name,
		   int flags)
{
	hs_auto_free char *path =
		hs_format("%s/tx/%s%s", state->directory, id, name);

	return hs_openat(AT_FDCWD, path, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* Outside of the login session, so that its end does not end it. */
static int start_unit(const struct job *job, const char *id,
		      const struct order *order)
{
	hs_auto_free char *unit = hs_format("--unit=https-setup-watch-%s", id);
	char program[4096];
	ssize_t length =
		readlink(job->options.program, program, sizeof(program) - 1);
	const char *argv[16 + HS_WATCH_ARGUMENTS] = {
		"systemd-run",
		"--quiet",
		"--collect",
		unit,
		"--description=https-setup takes back what is not confirmed",
		"--property=OOMScoreAdjust=-900",
		"--property=TimeoutStopSec=5",
		"--",
	};
	struct run run = {.argv = argv, .timeout_ms = READY_MS};
	hs_auto_run_result struct run_result result = {0};
	size_t n = 8;

	if (length <= 0 || geteuid() || access(SYSTEMD, F_OK))
		return -1;
	program[length] = '\0';
	argv[n++] = program;
	argv[n++] = HS_WATCH_WORD;
	for (size_t i = 0; i < HS_WATCH_ARGUMENTS; i++)
		argv[n++] = order->words[i];
	return hs_run(&run, &result, NULL) || result.status ? -1 : 0;
}

/* From here to exec only async-signal-safe calls. */

static void be_nobodys_child(const char *program, char *const argv[],
			     char *const environment[])
{
	int null;

	hs_run_reset_signals();
	if (setsid() < 0 || fork() != 0)
		_exit(0);
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	if (syscall(SYS_close_range, 3, ~0U, 0))
		for (int fd = 3; fd < 1024; fd++)
			close(fd);
	if (chdir("/"))
		_exit(127);
	execve(program, argv, environment);
	_exit(127);
}

/* Two forks and a session of its own: nobody's child, of no terminal. */
static int start_process(const struct job *job, const struct order *order)
{
	const char *const kept[] = {"PATH", "HOME", "TZ", "TMPDIR"};
	char *environment[HS_LENGTH(kept) + 1] = {0};
	char name[] = PACKAGE_NAME, word[] = HS_WATCH_WORD;
	char *argv[HS_WATCH_ARGUMENTS + 3] = {name, word};
	size_t n = 0;
	int status = -1;
	pid_t pid;

	for (size_t i = 0; i < HS_WATCH_ARGUMENTS; i++)
		argv[2 + i] = order->words[i];
	for (size_t i = 0; i < HS_LENGTH(kept); i++)
		if (getenv(kept[i]))
			environment[n++] =
				hs_format("%s=%s", kept[i], getenv(kept[i]));
	pid = fork();
	if (!pid)
		be_nobodys_child(job->options.program, argv, environment);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	while (n)
		free(environment[--n]);
	return pid > 0 && !status ? 0 : -1;
}

int hs_watch_start(const struct job *job, const char *id, struct error *err)
{
	hs_auto_close int file =
		open_in(&job->state, id, "/watch", O_RDWR | O_CREAT | O_EXCL);
	HS_CLEANUP(order_done) struct order order;

	make_order(job, id, &order);
	if (file < 0)
		return hs_fail_errno(err, HS_CANNOT,
				     "cannot prepare the watchdog");
	if (start_unit(job, id, &order) && start_process(job, &order))
		return hs_fail_errno(err, HS_CANNOT,
				     "cannot start the watchdog");
	return 0;
}

bool hs_watch_is_on(const struct state *state, const char *id)
{
	hs_auto_close int dir = open_in(state, id, "", O_RDONLY | O_DIRECTORY);

	return dir >= 0 && hs_state_is_watched(dir);
}

int hs_watch_await(const struct job *job, const char *id, struct error *err)
{
	hs_auto_close int dir =
		open_in(&job->state, id, "", O_RDONLY | O_DIRECTORY);
	long long deadline = hs_clock_ms() + READY_MS;

	while (dir >= 0 && hs_clock_ms() < deadline) {
		if (hs_state_is_watched(dir))
			return 0;
		nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
	}
	return hs_fail(err, HS_CANNOT, "the watchdog did not come up");
}
