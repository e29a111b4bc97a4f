#include "core/apply/job/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "core/apply/transaction/tx.h"
#include "core/base/clock.h"
#include "core/base/str.h"
#include "core/server/process.h"

#define BLIND_MS 500 /* between looks where the kernel does not tell */
#define TRIES 5	     /* at taking it back */

struct watch {
	struct job *job;
	const char *id;
	pid_t owner;
	unsigned long long since;
	int dir;     /* of the transaction; it stays open when it is moved */
	int process; /* pidfd of the owner, -1: none, or it is gone */
	int timer;   /* boot-time clock */
	int changes; /* inotify on the directory */
	bool gone;   /* the owner is */
};

static void watch_done(struct watch *watch)
{
	hs_cleanup_close(&watch->dir);
	hs_cleanup_close(&watch->process);
	hs_cleanup_close(&watch->timer);
	hs_cleanup_close(&watch->changes);
}

/* What ends a login must not end this. Ignored, not blocked: a signal that
 * waits would look as if somebody wanted the work to stop. */
static void be_deaf(void)
{
	static const int deaf[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
				   SIGTSTP, SIGUSR1, SIGUSR2, SIGPIPE};

	for (size_t i = 0; i < HS_LENGTH(deaf); i++)
		signal(deaf[i], SIG_IGN);
}

/* Others go first when memory runs out; only root may ask for that. */
static void be_spared(void)
{
	hs_auto_close int fd =
		open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	(void)!(fd >= 0 && write(fd, "-900", 4));
}

static bool is_owner_gone(const struct watch *watch)
{
	struct pollfd look = {.fd = watch->process, .events = POLLIN};

	if (watch->process >= 0)
		return poll(&look, 1, 0) > 0;
	return hs_process_started(watch->owner) != watch->since;
}

static int open_watch(struct watch *watch, struct error *err)
{
	const struct state *state = &watch->job->state;
	hs_auto_free char *path =
		hs_format("%s/tx/%s", state->directory, watch->id);
	int lock;

	watch->dir = hs_openat(AT_FDCWD, path,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (watch->dir < 0)
		return hs_fail_errno(err, HS_CANNOT, "cannot open %s", path);
	watch->process = (int)syscall(SYS_pidfd_open, watch->owner, 0);
	if (hs_process_started(watch->owner) != watch->since)
		watch->gone = true;
	watch->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC);
	watch->changes = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch->changes >= 0 &&
	    inotify_add_watch(watch->changes, path,
			      IN_MODIFY | IN_MOVE_SELF | IN_DELETE_SELF |
				      IN_DELETE) < 0)
		hs_cleanup_close(&watch->changes), watch->changes = -1;
	/* held to the end of this process: that it lives */
	lock = hs_openat(watch->dir, "watch", O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (lock < 0 || flock(lock, LOCK_EX))
		return hs_fail_errno(err, HS_CANNOT, "cannot lock %s", path);
	return 0;
}

/* Sleeps until something may have changed, at the latest at `deadline` (boot
 * time; 0: none). */
static void sleep_until(const struct watch *watch, long long deadline)
{
	struct itimerspec at = {0};
	struct pollfd polls[] = {
		{.fd = watch->gone ? -1 : watch->process, .events = POLLIN},
		{.fd = watch->timer, .events = POLLIN},
		{.fd = watch->changes, .events = POLLIN},
	};
	bool blind = watch->timer < 0 || watch->changes < 0 ||
		     (watch->process < 0 && !watch->gone);
	char events[4096];

	if (deadline)
		hs_clock_boot_alarm(deadline, &at.it_value);
	timerfd_settime(watch->timer, TFD_TIMER_ABSTIME, &at, NULL);
	poll(polls, HS_LENGTH(polls), blind ? BLIND_MS : -1);
	while (watch->changes >= 0 &&
	       read(watch->changes, events, sizeof(events)) > 0)
		;
}

static bool is_unlinked(int dir)
{
	struct stat st;

	return fstat(dir, &st) || !st.st_nlink;
}

/* What is taken back lies in tx/ until its server was loaded again. */
static bool is_filed(const struct watch *watch)
{
	hs_auto_free char *path =
		hs_format("%s/tx/%s", watch->job->state.directory, watch->id);

	return access(path, F_OK) != 0;
}

enum ruling { RULING_SLEEP, RULING_OVER, RULING_EXPIRED, RULING_DIED };

static enum ruling judge(struct watch *watch, long long *ret_deadline)
{
	hs_auto_ledger struct ledger ledger = {0};

	*ret_deadline = 0;
	watch->gone = watch->gone || is_owner_gone(watch);
	if (is_unlinked(watch->dir) ||
	    hs_ledger_read(watch->dir, &ledger, NULL))
		return RULING_OVER;
	switch (hs_ledger_state(&ledger)) {
	case TX_ROLLED_BACK:
		if (!is_filed(watch))
			return watch->gone ? RULING_DIED : RULING_SLEEP;
		return RULING_OVER;
	case TX_COMMITTED:
	case TX_CONFLICT:
		return RULING_OVER;
	case TX_AWAITING:
		*ret_deadline = ledger.deadline;
		return hs_ledger_waits(&ledger) ? RULING_SLEEP : RULING_EXPIRED;
	default:
		return watch->gone ? RULING_DIED : RULING_SLEEP;
	}
}

static int take_back(struct watch *watch, enum why why, struct error *err)
{
	hs_auto_free char *by = hs_format(HS_WATCHDOG " of %s", watch->id);
	struct job_outcome outcome = {0};
	int result = hs_job_end(watch->job, watch->id, why, by, &outcome, err);

	hs_job_outcome_done(&outcome);
	return result;
}

static int watch_on(struct watch *watch, struct error *err)
{
	long long deadline;
	int tries = 0;

	for (;;) {
		enum ruling verdict = judge(watch, &deadline);

		if (verdict == RULING_OVER)
			return 0;
		if (verdict == RULING_SLEEP) {
			sleep_until(watch, deadline);
			continue;
		}
		*err = (struct error){0};
		if (!take_back(watch,
			       verdict == RULING_DIED ? WHY_DIED : WHY_EXPIRED,
			       err))
			return 0;
		if (++tries >= TRIES)
			return -1;
		nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
	}
}

int hs_watch_run(struct job *job, const char *id, pid_t owner,
		 unsigned long long since, struct error *err)
{
	HS_CLEANUP(watch_done)
	struct watch watch = {
		.job = job,
		.id = id,
		.owner = owner,
		.since = since,
		.dir = -1,
		.process = -1,
		.timer = -1,
		.changes = -1,
	};

	be_deaf();
	be_spared();
	if (open_watch(&watch, err))
		return -1;
	return watch_on(&watch, err);
}
