/* Reloading nginx, and knowing when the new configuration serves. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/server/nginx/host.h"
#include "core/server/process.h"

#define PATIENCE_MS 10000
#define PAUSE_MIN_US 500
#define PAUSE_MAX_US 2000

struct reload {
	const struct server_facts *server;
	struct pids old; /* children of the old configuration */
	int log;	 /* its error log, or -1 */
	off_t log_end;	 /* when the reload began */
};

static void reload_done(struct reload *reload)
{
	HS_ARRAY_FREE(&reload->old);
	hs_cleanup_close(&reload->log);
}

/* What a worker calls itself; once it is told to end, that is said too. */
static bool is_working(pid_t pid)
{
	static const char title[] = "nginx: worker process";
	hs_auto_str struct str line = {0};

	return !hs_process_read(pid, "cmdline", &line) &&
	       !strncmp(hs_str_text(&line), title, strlen(title)) &&
	       !strstr(line.data, "shutting down");
}

static bool is_old(const struct reload *reload, pid_t pid)
{
	HS_EACH(old, &reload->old) {
		if (*old == pid)
			return true;
	}
	return false;
}

/* The workers that work, of the old configuration and of the new one. */
static void sort_workers(const struct reload *reload, struct pids *ret_old,
			 struct pids *ret_new)
{
	struct pids pids = {0};

	hs_process_children(reload->server->pid, &pids);
	HS_EACH(pid, &pids) {
		if (is_working(*pid))
			HS_PUSH(is_old(reload, *pid) ? ret_old : ret_new, *pid);
	}
	HS_ARRAY_FREE(&pids);
}

static void open_log(struct reload *reload)
{
	const struct nginx_model *model = reload->server->model;
	struct stat st;

	if (!model || !model->error_log)
		return;
	reload->log = hs_openat(AT_FDCWD, model->error_log,
				O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (reload->log < 0 ||
	    (!fstat(reload->log, &st) && S_ISREG(st.st_mode))) {
		reload->log_end = reload->log < 0 ? 0 : st.st_size;
		return;
	}
	hs_cleanup_close(&reload->log);
	reload->log = -1;
}

/* Whether the master says in its log that it keeps the old configuration. */
static bool has_refused(const struct reload *reload, struct error *err)
{
	char text[4096];
	ssize_t length = reload->log < 0
				 ? 0
				 : pread(reload->log, text, sizeof(text) - 1,
					 reload->log_end);
	hs_auto_free char *mark =
		hs_format("[emerg] %d#", (int)reload->server->pid);
	const char *line;

	if (length <= 0)
		return false;
	text[length] = '\0';
	line = strstr(text, mark);
	if (!line || !strchr(line, '\n'))
		return false;
	hs_nginx_blame(line, HS_FAILED, err);
	return true;
}

/*
 * Whether the new configuration alone serves.  The master starts its new
 * workers, then gives them 100 ms before it tells the old ones to end
 * (ngx_master_process_cycle); until then both answer.  Once a new one is up
 * there is nothing to wait for: the old ones are told here, by the signal
 * that the manual gives for it (Controlling nginx: QUIT, graceful shutdown of
 * a worker).  The master, which looks at ended children after that, finds
 * them as it expects them.
 */
static bool is_in_force(const struct reload *reload)
{
	struct pids old = {0}, fresh = {0};
	bool is;

	sort_workers(reload, &old, &fresh);
	for (size_t i = 0; fresh.n && i < old.n; i++)
		kill(old.items[i], SIGQUIT);
	is = fresh.n && !old.n;
	HS_ARRAY_FREE(&old);
	HS_ARRAY_FREE(&fresh);
	return is;
}

static void pause_for(long microseconds)
{
	struct timespec pause = {0, microseconds * 1000};

	nanosleep(&pause, NULL);
}

/* Neither done nor refused: nginx -t may know why. */
static int blame_silence(const struct reload *reload, struct error *err)
{
	const struct staged_files none = {0};
	bool isolated;

	if (hs_nginx_trial(reload->server, &none, &isolated, err) < 0) {
		if (err)
			err->code = HS_FAILED;
		return -1;
	}
	hs_fail(err, HS_FAILED,
		"nginx did not take over the new configuration within %d "
		"seconds",
		PATIENCE_MS / 1000);
	hs_error_hint(err, "its error log says why");
	return -1;
}

static int await(const struct reload *reload, struct error *err)
{
	long long deadline = hs_clock_ms() + PATIENCE_MS;
	long pause = PAUSE_MIN_US;

	while (!is_in_force(reload)) {
		if (has_refused(reload, err))
			return -1;
		if (!hs_process_started(reload->server->pid)) {
			hs_fail(err, HS_FAILED, "nginx ended on the reload");
			return -1;
		}
		if (!hs_clock_left(deadline))
			return blame_silence(reload, err);
		pause_for(pause);
		pause = 2 * pause > PAUSE_MAX_US ? PAUSE_MAX_US : 2 * pause;
	}
	return 0;
}

/* A process number may have gone to somebody else since detection. */
static int check_process(const struct server_facts *server, struct error *err)
{
	const struct nginx_model *model = server->model;
	bool single;

	if (!hs_nginx_is_master(server->pid, &single) ||
	    (model && model->started &&
	     model->started != hs_process_started(server->pid))) {
		hs_fail(err, HS_FAILED,
			"the nginx with the process number %d has ended or was "
			"restarted meanwhile",
			(int)server->pid);
		hs_error_hint(err, "run this again");
		return -1;
	}
	if (!single)
		return 0;
	hs_fail(err, HS_FAILED,
		"nginx without workers (master_process off) cannot be "
		"reloaded");
	hs_error_hint(err, "restart it");
	return -1;
}

int hs_nginx_activate(const struct server_facts *server, struct error *err)
{
	HS_CLEANUP(reload_done)
	struct reload reload = {.server = server, .log = -1};

	if (!server->running || server->pid <= 0)
		return 0;
	if (check_process(server, err) < 0)
		return -1;
	/* All children: a worker that was just started has no title yet. */
	hs_process_children(server->pid, &reload.old);
	open_log(&reload);
	if (kill(server->pid, SIGHUP)) {
		hs_fail_errno(err, HS_FAILED, "nginx could not be reloaded");
		hs_error_hint(err, "run as root or as the user who started it");
		return -1;
	}
	return await(&reload, err);
}
