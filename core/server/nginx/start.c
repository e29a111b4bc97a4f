/*
 * The trial start: nginx itself on the staged files, in a network, a process
 * space and a file system of its own.
 *
 *	this program
 *	`- the trial: parts from the rest, watches, answers for host names
 *	   `- the first of the new process space: when it ends, all end
 *	      `- nginx, with its workers
 *
 * Who dies takes those below along, so nothing is left whatever happens.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/message.h"
#include "core/base/run.h"
#include "core/base/text.h"
#include "core/server/network.h"
#include "core/server/nginx/host.h"

#define GRACE_MS 1000 /* more for the trial to end by itself */
#define TICK_MS 5     /* between two looks at the log */
#define LOG_MAX 65536
#define SEEN_MAX (16u << 20)

enum end { END_HELD, END_REFUSED, END_UNTRIED, END_MAX };

/* How a trial went, as one process tells the next. */
struct verdict {
	enum end end;
	struct error error; /* its sentence, unless it held */
	struct str seen;
};

struct trial {
	const struct server_facts *server;
	const struct server_start *start;
	struct nginx_start about;
	struct nginx_mounts *mounts;
	long long deadline;
	int report;   /* to this program */
	int inner[2]; /* from the first process to the trial */
	int names;    /* where host names are asked for */
};

/* Verdicts */

static void refuse(struct verdict *verdict, const char *text)
{
	verdict->end = END_REFUSED;
	hs_nginx_blame(text, HS_REFUSED, &verdict->error);
	hs_error_hint(&verdict->error,
		      "a trial start on a private network showed it; nothing "
		      "was changed");
}

/* On a machine that is only slow, or on nothing at all, it waits: which one
 * cannot be seen from here, but it was given time. */
static void too_slow(const struct trial *trial, struct verdict *verdict)
{
	verdict->end = END_REFUSED;
	hs_fail(&verdict->error, HS_REFUSED,
		"nginx did not come up within %d seconds on trial, and did not "
		"say why",
		trial->start->patience_ms / 1000);
	hs_error_id(&verdict->error, "server.config-broken");
	hs_error_where(&verdict->error, "%s", trial->server->config);
	hs_error_hint(&verdict->error,
		      "nothing was changed; look for what it waits for as it "
		      "starts; a slow machine gets longer with --timeout");
}

/* To be told why. */
static struct error *untried(struct verdict *verdict)
{
	verdict->end = END_UNTRIED;
	return &verdict->error;
}

static void cannot_fork(struct verdict *verdict)
{
	hs_fail_errno(untried(verdict), HS_CANNOT, "there is no new process");
}

/* What no start in such a place can have; it tells nothing about another. */
static bool is_of_the_place(const char *text)
{
	static const char *const marks[] = {
		"host not found",
		"(30: Read-only file system)",
		"(1: Operation not permitted)",
	};

	for (size_t i = 0; i < HS_LENGTH(marks); i++) {
		if (strstr(text, marks[i]))
			return true;
	}
	return false;
}

static void blame(struct verdict *verdict, const char *text)
{
	refuse(verdict, text);
	if (!is_of_the_place(verdict->error.what))
		return;
	verdict->end = END_UNTRIED;
	verdict->error.code = HS_CANNOT;
}

static void tell(int fd, const struct verdict *verdict)
{
	hs_auto_str struct str text = {0};
	size_t done = 0;

	hs_message_put_number(&text, verdict->end);
	hs_message_put_bytes(&text, &verdict->error, sizeof(verdict->error));
	hs_message_put_bytes(&text, hs_str_text(&verdict->seen),
			     verdict->seen.len);
	while (done < text.len) {
		ssize_t n = write(fd, text.data + done, text.len - done);

		if (n < 0 && errno != EINTR)
			return;
		done += n > 0 ? (size_t)n : 0;
	}
}

/* Both sides are this program, so an error goes through as it is. */
static void understand(const struct str *text, struct verdict *ret_verdict)
{
	struct message message = hs_message_open(text->data, text->len);
	uint64_t end = hs_message_number(&message, END_MAX - 1);
	const unsigned char *error, *seen;
	size_t length, seen_length;

	error = hs_message_bytes(&message, sizeof(struct error), &length);
	seen = hs_message_bytes(&message, SEEN_MAX, &seen_length);
	if (hs_message_end(&message) || length != sizeof(struct error)) {
		hs_fail(untried(ret_verdict), HS_CANNOT,
			"the trial ended without a word");
		return;
	}
	ret_verdict->end = (enum end)end;
	memcpy(&ret_verdict->error, error, length);
	hs_str_add(&ret_verdict->seen, seen, seen_length);
}

/* Takes what a pipe has; false at its end. */
static bool take(int fd, struct str *text)
{
	char piece[4096];
	ssize_t n = read(fd, piece, sizeof(piece));

	if (n > 0)
		hs_str_add(text, piece, (size_t)n);
	return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

/* The first process, and nginx below it */

static void pause_for(long ms)
{
	nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* For its coming up, for its answers, and for all that the trial is beside. */
static int whole_ms(const struct server_start *start)
{
	return 3 * start->patience_ms;
}

/* Where it becomes a daemon its end says that it listens. */
static void run_nginx(const struct trial *trial, int limit_ms,
		      struct verdict *verdict)
{
	const struct server_facts *server = trial->server;
	const char *argv[8] = {server->binary, "-c", server->config};
	struct run run = {.argv = argv, .timeout_ms = limit_ms};
	hs_auto_run_result struct run_result result = {0};
	size_t n = 3;

	if (server->prefix) {
		argv[n++] = "-p";
		argv[n++] = server->prefix;
	}
	if (trial->about.globals) {
		argv[n++] = "-g";
		argv[n] = trial->about.globals;
	}
	if (hs_run(&run, &result, &verdict->error))
		verdict->end = END_UNTRIED;
	else if (result.timed_out)
		too_slow(trial, verdict);
	else if (result.status)
		blame(verdict, hs_str_text(&result.err));
}

static bool has_pid(const struct trial *trial)
{
	struct stat st;

	return !stat(trial->about.pid_file, &st) && st.st_size > 0;
}

/* One that stays in the foreground says by its PID file that it listens. */
static void run_in_background(const struct trial *trial,
			      struct verdict *verdict)
{
	long long deadline = hs_clock_ms() + trial->start->patience_ms;
	pid_t pid;

	if (!trial->about.pid_file) {
		hs_fail(untried(verdict), HS_CANNOT,
			"in the foreground and without a PID file it does not "
			"say when it listens");
		return;
	}
	pid = fork();
	if (!pid) {
		run_nginx(trial, whole_ms(trial->start), verdict);
		tell(trial->inner[1], verdict);
		_exit(0);
	}
	if (pid < 0)
		cannot_fork(verdict);
	while (pid > 0 && !has_pid(trial)) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			_exit(0);
		if (!hs_clock_left(deadline)) {
			too_slow(trial, verdict);
			break;
		}
		pause_for(1);
	}
}

static void prove(const struct trial *trial, struct verdict *verdict)
{
	const struct server_start *start = trial->start;

	if (!start->prove(start->context, &verdict->seen, &verdict->error))
		return;
	verdict->end =
		verdict->error.code == HS_CANNOT ? END_UNTRIED : END_REFUSED;
}

static void __attribute__((noreturn)) be_first(const struct trial *trial)
{
	struct verdict verdict = {.end = END_HELD};
	struct pollfd parent = {.fd = trial->inner[1]};

	close(trial->inner[0]);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* from in here a parent has no number, but it has the other end */
	if (poll(&parent, 1, 0) && parent.revents & POLLERR)
		_exit(1);
	if (trial->about.foreground)
		run_in_background(trial, &verdict);
	else
		run_nginx(trial, trial->start->patience_ms, &verdict);
	if (verdict.end == END_HELD)
		prove(trial, &verdict);
	tell(trial->inner[1], &verdict);
	_exit(0);
}

/* The trial */

/* It tries for seconds to get what it does not get, and starts workers anew
 * that end again: its log says so at once. */
static bool has_failed(const struct trial *trial, struct verdict *verdict)
{
	static const char *const marks[] = {"[emerg]", "exited on signal",
					    "exited with fatal code"};
	hs_auto_close int fd =
		trial->about.log ? open(trial->about.log, O_RDONLY | O_CLOEXEC)
				 : -1;
	hs_auto_free char *text = NULL;
	ssize_t length;

	if (fd < 0)
		return false;
	text = hs_alloc(LOG_MAX + 1);
	length = read(fd, text, LOG_MAX);
	text[length > 0 ? length : 0] = '\0';
	for (size_t i = 0; i < HS_LENGTH(marks); i++) {
		if (!strstr(text, marks[i]))
			continue;
		blame(verdict, text);
		return true;
	}
	return false;
}

/* Until the first process has ended, and with it all the others. */
static void watch(const struct trial *trial, pid_t first, struct str *text,
		  struct verdict *verdict)
{
	struct pollfd fds[] = {
		{.fd = trial->inner[0], .events = POLLIN},
		{.fd = trial->names, .events = POLLIN},
	};

	for (;;) {
		poll(fds, HS_LENGTH(fds), TICK_MS);
		if (fds[1].revents)
			hs_network_answer(trial->names);
		if (fds[0].revents && !take(trial->inner[0], text))
			break;
		if (has_failed(trial, verdict))
			break;
		if (hs_clock_left(trial->deadline))
			continue;
		hs_fail(untried(verdict), HS_CANNOT,
			"it took longer than %d seconds",
			whole_ms(trial->start) / 1000);
		break;
	}
	kill(first, SIGKILL);
	while (waitpid(first, NULL, 0) < 0 && errno == EINTR)
		;
}

static void start_first(struct trial *trial, struct verdict *verdict)
{
	struct verdict own = {.end = END_HELD};
	hs_auto_str struct str text = {0};
	pid_t first;

	if (pipe2(trial->inner, O_CLOEXEC | O_NONBLOCK) < 0) {
		hs_fail_errno(untried(verdict), HS_CANNOT, "there is no pipe");
		return;
	}
	fcntl(trial->inner[1], F_SETFL, 0);
	first = fork();
	if (!first)
		be_first(trial);
	close(trial->inner[1]);
	if (first < 0) {
		cannot_fork(verdict);
		return;
	}
	watch(trial, first, &text, &own);
	/* a look after the end: a worker may have died while it answered */
	if (own.end == END_HELD && !has_failed(trial, &own))
		understand(&text, verdict);
	else
		*verdict = own;
}

/* Leaves all that this program has, the lock above all. */
static void leave(struct trial *trial, pid_t parent)
{
	/* numbers of 10 and up, so that no dup2() below hits one */
	int report = fcntl(trial->report, F_DUPFD, 10);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	dup3(report, 3, O_CLOEXEC);
	trial->report = 3;
	hs_run_close_from(4);
	hs_log_close();
	setsid();
}

static void part(struct trial *trial, struct verdict *verdict)
{
	trial->mounts = hs_nginx_mounts(trial->start->files);
	if (!trial->mounts) {
		hs_fail(untried(verdict), HS_CANNOT,
			"the staged files cannot be put in place");
		return;
	}
	hs_nginx_look_at_start(trial->server, trial->mounts, &trial->about);
	if (hs_nginx_part(trial->mounts)) {
		hs_fail_errno(untried(verdict), HS_CANNOT,
			      "the system gives no private network");
		return;
	}
	/* new users may have undone both */
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	trial->names = hs_network_make();
	if (trial->names < 0)
		hs_fail_errno(untried(verdict), HS_CANNOT,
			      "the private network cannot be set up");
	else if (hs_nginx_mount_trial(trial->mounts))
		hs_fail_errno(untried(verdict), HS_CANNOT,
			      "the staged files cannot be put in place");
}

static void __attribute__((noreturn))
be_trial(struct trial *trial, pid_t parent)
{
	struct verdict verdict = {.end = END_HELD};

	leave(trial, parent);
	part(trial, &verdict);
	if (verdict.end == END_HELD)
		start_first(trial, &verdict);
	tell(trial->report, &verdict);
	_exit(0);
}

/* This program */

static void await(int fd, pid_t pid, int limit_ms, struct verdict *verdict)
{
	long long deadline = hs_clock_ms() + limit_ms + GRACE_MS;
	struct pollfd one = {.fd = fd, .events = POLLIN};
	hs_auto_str struct str text = {0};

	do
		poll(&one, 1, hs_clock_left(deadline));
	while ((!one.revents || take(fd, &text)) && hs_clock_left(deadline));
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	understand(&text, verdict);
}

static void try(const struct server_facts *server,
		const struct server_start *start, struct verdict *verdict)
{
	struct trial trial = {
		.server = server,
		.start = start,
		.deadline = hs_clock_ms() + whole_ms(start),
	};
	pid_t parent = getpid(), pid = -1;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC)) {
		hs_fail_errno(untried(verdict), HS_CANNOT, "there is no pipe");
		return;
	}
	trial.report = ends[1];
	pid = fork();
	if (!pid)
		be_trial(&trial, parent);
	close(ends[1]);
	if (pid < 0)
		cannot_fork(verdict);
	else
		await(ends[0], pid, whole_ms(start), verdict);
	close(ends[0]);
}

int hs_nginx_start(const struct server_facts *server,
		   const struct server_start *start,
		   struct server_started *ret_started, struct error *err)
{
	struct verdict verdict = {.end = END_HELD};

	*ret_started = (struct server_started){0};
	try(server, start, &verdict);
	ret_started->seen = verdict.seen;
	if (verdict.end == END_UNTRIED)
		ret_started->untried = hs_strdup(verdict.error.what);
	if (verdict.end != END_REFUSED)
		return 0;
	if (err && err->code == HS_OK)
		*err = verdict.error;
	return -1;
}
