#include "core/apply/journal/state.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>

#include "core/apply/look.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"

#define STATE_DIRECTORY "/var/lib/https-setup"
#define LOCK_DIRECTORY "/run/https-setup"
#define GLANCE_MS 60	  /* whoever only looks at it holds it for a moment */
#define WATCHDOG_MS 30000 /* longest time it takes to take something back */

static const char *const words[] = {
	[TX_NONE] = N_("none"),
	[TX_STAGED] = N_("staged"),
	[TX_APPLYING] = N_("applying"),
	[TX_AWAITING] = N_("awaiting-confirm"),
	[TX_COMMITTED] = N_("committed"),
	[TX_ROLLED_BACK] = N_("rolled-back"),
	[TX_CONFLICT] = N_("conflict"),
};

const char *hs_transaction_word(enum transaction_state state)
{
	return words[state];
}

void hs_state_init(struct state *state, const struct root *root,
		   const char *state_dir)
{
	const char *top = root && root->path ? root->path : "";

	if (state_dir) {
		state->directory = hs_strdup(state_dir);
		state->lock = hs_format("%s/lock", state_dir);
		return;
	}
	state->directory = hs_format("%s" STATE_DIRECTORY, top);
	state->lock = hs_format("%s" LOCK_DIRECTORY "/lock", top);
}

void hs_state_done(struct state *state)
{
	free(state->directory);
	free(state->lock);
	*state = (struct state){0};
}

char *hs_state_tree(const struct state *state, const struct root *root)
{
	hs_auto_free char *own = hs_format("%s" STATE_DIRECTORY, root->path);

	return hs_strdup(strcmp(own, state->directory) ? root->path : "");
}

/* mkdir -p; what is above the last part is 0755. */
static int make_path(const char *path)
{
	hs_auto_free char *part = hs_strdup(path);

	for (char *slash = strchr(part + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0755) && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	return mkdir(part, 0700) && errno != EEXIST ? -1 : 0;
}

/* Somebody else's directory could hold planted journals and links. */
static int check_owner(int fd, const char *path, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return hs_fail_errno(err, HS_CANNOT, "cannot open %s", path);
	if ((st.st_uid == geteuid() || st.st_uid == 0) &&
	    !(st.st_mode & S_IWOTH))
		return 0;
	hs_fail(err, HS_CANNOT, "directory %s may be written by others", path);
	hs_error_hint(err, "chown it to yourself and chmod 700");
	return -1;
}

static int cannot_open(const char *path, struct error *err)
{
	hs_fail_errno(err, HS_CANNOT, "cannot open %s", path);
	if (err && (err->sys == EACCES || err->sys == EPERM))
		hs_error_hint(err, "run it as root, or with --state-dir");
	return -1;
}

static int open_directory(const char *path, bool make, int *ret_fd,
			  struct error *err)
{
	if (make && make_path(path))
		return cannot_open(path, err);
	*ret_fd = hs_openat(AT_FDCWD, path,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*ret_fd < 0 && errno == ENOENT && !make)
		return 0;
	if (*ret_fd < 0)
		return cannot_open(path, err);
	return check_owner(*ret_fd, path, err);
}

static int open_below(int top, const char *name, bool make, int *ret_fd,
		      struct error *err)
{
	bool made = make && !mkdirat(top, name, 0700);

	if (made && hs_flush(top))
		return cannot_open(name, err);
	*ret_fd = hs_openat(top, name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*ret_fd < 0 && errno == ENOENT && !make)
		return 0;
	if (*ret_fd < 0)
		return cannot_open(name, err);
	return check_owner(*ret_fd, name, err);
}

int hs_state_dirs_open(const struct state *state, bool make,
		       struct state_dirs *ret_dirs, struct error *err)
{
	*ret_dirs = (struct state_dirs){-1, -1, -1};
	if (open_directory(state->directory, make, &ret_dirs->top, err))
		return -1;
	if (ret_dirs->top < 0)
		return 0;
	if (open_below(ret_dirs->top, "tx", make, &ret_dirs->tx, err) ||
	    open_below(ret_dirs->top, "done", make, &ret_dirs->done, err))
		return -1;
	return 0;
}

void hs_state_dirs_close(struct state_dirs *dirs)
{
	hs_cleanup_close(&dirs->top);
	hs_cleanup_close(&dirs->tx);
	hs_cleanup_close(&dirs->done);
}

/* "7f3a-02": four hexadecimal digits, a minus, the number. */
unsigned hs_state_sequence(const char *id)
{
	unsigned sequence = 0;
	int used = 0;

	if (strspn(id, "0123456789abcdef") != 4 ||
	    sscanf(id + 4, "-%u%n", &sequence, &used) != 1 || id[4 + used])
		return 0;
	return sequence;
}

static int by_sequence(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;
	unsigned l = hs_state_sequence(*left), r = hs_state_sequence(*right);

	return l != r ? (l < r ? -1 : 1) : strcmp(*left, *right);
}

static int read_ids(DIR *stream, struct strings *ids)
{
	struct dirent *entry;

	for (errno = 0; (entry = readdir(stream)); errno = 0) {
		if (hs_state_sequence(entry->d_name))
			hs_strings_add(ids, entry->d_name);
	}
	return errno ? -1 : 0;
}

int hs_state_ids(int dir, struct strings *ret_ids)
{
	int again, result, why;
	DIR *stream;

	*ret_ids = (struct strings){0};
	if (dir < 0)
		return 0;
	again = hs_openat(dir, ".", O_RDONLY | O_CLOEXEC);
	stream = again < 0 ? NULL : fdopendir(again);
	if (!stream) {
		hs_cleanup_close(&again);
		return -1;
	}
	result = read_ids(stream, ret_ids);
	why = errno;
	closedir(stream);
	if (result) {
		hs_strings_done(ret_ids);
		errno = why;
		return -1;
	}
	if (ret_ids->n)
		qsort(ret_ids->items, ret_ids->n, sizeof(*ret_ids->items),
		      by_sequence);
	return 0;
}

bool hs_state_is_pending(const struct state *state)
{
	hs_auto_state_dirs struct state_dirs dirs = {-1, -1, -1};
	struct strings ids;
	bool pending;

	if (hs_state_dirs_open(state, false, &dirs, NULL))
		return true; /* recovery says what is wrong */
	pending = hs_state_ids(dirs.tx, &ids) || ids.n > 0;
	hs_strings_done(&ids);
	return pending;
}

int hs_state_move(int from, int to, const char *id, bool durable,
		  struct error *err)
{
	if (renameat(from, id, to, id) ||
	    (durable && (hs_flush(to) || hs_flush(from))))
		return hs_fail_errno(err, HS_FAILED,
				     "cannot file transaction %s", id);
	return 0;
}

bool hs_state_is_watched(int dir)
{
	hs_auto_close int fd =
		hs_openat(dir, "watch", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
}

static int open_lock(const struct state *state, int *ret_fd, struct error *err)
{
	const char *slash = strrchr(state->lock, '/');
	hs_auto_free char *directory =
		hs_strndup(state->lock, (size_t)(slash - state->lock));
	hs_auto_close int dir = -1;

	if (open_directory(directory, true, &dir, err))
		return -1;
	*ret_fd = hs_openat(dir, slash + 1,
			    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	return *ret_fd < 0 ? cannot_open(state->lock, err) : 0;
}

/* Somebody may have deleted the file: then it locks nobody out. */
static bool is_same_file(int fd, const char *path)
{
	struct stat held, there;

	return !fstat(fd, &held) && !lstat(path, &there) &&
	       held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

static void sign_lock(int fd, const char *by)
{
	hs_auto_str struct str text = {0};
	hs_auto_free char *name = by ? hs_strdup(by) : hs_who_me();
	time_t now = time(NULL);
	char since[32] = "";
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(since, sizeof(since), "%Y-%m-%d %H:%M", &tm);
	hs_str_printf(&text, "%s (pid %lld, since %s)\n", name,
		      (long long)getpid(), since);
	if (!ftruncate(fd, 0) && pwrite(fd, text.data, text.len, 0) < 0)
		errno = 0; /* only a courtesy to others */
}

static char *read_holder(int fd)
{
	char text[400];
	ssize_t n = pread(fd, text, sizeof(text), 0);

	if (n > 0 && text[n - 1] == '\n')
		n--;
	return n > 0 ? hs_text_safe(text, (size_t)n, 300)
		     : hs_strdup("somebody");
}

char *hs_state_holder(const struct state *state)
{
	hs_auto_close int fd = hs_openat(AT_FDCWD, state->lock,
					 O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || !flock(fd, LOCK_SH | LOCK_NB))
		return NULL;
	return errno == EWOULDBLOCK ? read_holder(fd) : NULL;
}

static int tell_holder(int fd, struct error *err)
{
	hs_auto_free char *holder = read_holder(fd);

	hs_fail(err, HS_CANNOT, "%s is at work", holder);
	hs_error_hint(err, "try again when that has ended");
	return -1;
}

/* Whether it is worth while to wait for who holds it. */
static bool is_watchdog(int fd)
{
	hs_auto_free char *holder = read_holder(fd);

	return !strncmp(holder, HS_WATCHDOG, strlen(HS_WATCHDOG));
}

/* 0: it is ours; 1: try again; -1. */
static int try_lock(const struct state *state, int fd, struct error *err)
{
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return is_same_file(fd, state->lock) ? 0 : 1;
	return errno == EWOULDBLOCK || errno == EINTR
		       ? 1
		       : cannot_open(state->lock, err);
}

int hs_state_lock_as(const struct state *state, const char *by, int patience_ms,
		     int *ret_fd, struct error *err)
{
	long long begun = hs_clock_ms();

	*ret_fd = -1;
	for (;;) {
		hs_auto_close int fd = -1;
		int result;

		if (open_lock(state, &fd, err))
			return -1;
		result = try_lock(state, fd, err);
		if (!result) {
			sign_lock(fd, by);
			*ret_fd = fd;
			fd = -1;
			return 0;
		}
		if (result < 0)
			return -1;
		if (hs_clock_ms() - begun >=
		    (is_watchdog(fd) ? WATCHDOG_MS : patience_ms))
			return tell_holder(fd, err);
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	}
}

int hs_state_lock(const struct state *state, int *ret_fd, struct error *err)
{
	return hs_state_lock_as(state, NULL, GLANCE_MS, ret_fd, err);
}
