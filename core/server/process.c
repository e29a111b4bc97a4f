/* What /proc tells of the processes of a server. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/server/process.h"

#define TEXT_MAX (64u << 10)

static void name_file(pid_t pid, const char *name, char ret_path[static 64])
{
	snprintf(ret_path, 64, "/proc/%d/%s", (int)pid, name);
}

int hs_process_read(pid_t pid, const char *name, struct str *ret_text)
{
	char path[64], bytes[4096];
	hs_auto_close int fd = -1;
	ssize_t got;

	name_file(pid, name, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while ((got = read(fd, bytes, sizeof(bytes)))) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		hs_str_add(ret_text, bytes, (size_t)got);
		if (ret_text->len > TEXT_MAX)
			break;
	}
	return 0;
}

void hs_processes(struct pids *ret_pids)
{
	DIR *stream = opendir("/proc");
	struct dirent *entry;

	while (stream && (entry = readdir(stream))) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (pid > 0 && !*end)
			HS_PUSH(ret_pids, (pid_t)pid);
	}
	if (stream)
		closedir(stream);
}

/* Field `n` of /proc/PID/stat (proc(5)), counted from 1, of those behind the
 * name, which may hold anything; 0 when there is none. */
static unsigned long long stat_field(pid_t pid, int n)
{
	hs_auto_str struct str text = {0};
	const char *at;

	if (hs_process_read(pid, "stat", &text) < 0)
		return 0;
	at = strrchr(hs_str_text(&text), ')');
	for (int field = 2; at && field < n; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at, NULL, 10) : 0;
}

pid_t hs_process_parent(pid_t pid)
{
	return (pid_t)stat_field(pid, 4);
}

/* Kernels without CONFIG_PROC_CHILDREN: everybody is asked for his parent. */
static void search_children(pid_t pid, struct pids *ret_pids)
{
	struct pids all = {0};

	hs_processes(&all);
	HS_EACH(other, &all) {
		if (hs_process_parent(*other) == pid)
			HS_PUSH(ret_pids, *other);
	}
	HS_ARRAY_FREE(&all);
}

void hs_process_children(pid_t pid, struct pids *ret_pids)
{
	hs_auto_str struct str text = {0};
	char name[40], *at, *end;

	snprintf(name, sizeof(name), "task/%d/children", (int)pid);
	if (hs_process_read(pid, name, &text) < 0) {
		search_children(pid, ret_pids);
		return;
	}
	if (!text.len)
		return;
	for (at = text.data;; at = end) {
		long child = strtol(at, &end, 10);

		if (end == at)
			return;
		HS_PUSH(ret_pids, (pid_t)child);
	}
}

unsigned long long hs_process_started(pid_t pid)
{
	unsigned long long started = stat_field(pid, 22);

	return started ? (unsigned long long)hs_clock_boot_of_ticks(
				 (long long)started)
		       : 0;
}

unsigned long long hs_process_used(pid_t pid)
{
	return stat_field(pid, 14) + stat_field(pid, 15);
}

long hs_process_user(pid_t pid)
{
	char path[64];
	struct stat st;

	name_file(pid, "", path);
	return stat(path, &st) ? -1 : (long)st.st_uid;
}

static char *read_link(pid_t pid, const char *name)
{
	char path[64], target[PATH_MAX];
	ssize_t length;

	name_file(pid, name, path);
	length = readlink(path, target, sizeof(target));
	return length > 0 && *target == '/' ? hs_strndup(target, (size_t)length)
					    : NULL;
}

char *hs_process_program(pid_t pid)
{
	hs_auto_free char *program = read_link(pid, "exe");

	return program && !access(program, X_OK) ? hs_steal(program) : NULL;
}

char *hs_process_directory(pid_t pid)
{
	return read_link(pid, "cwd");
}

bool hs_process_shares_files(pid_t pid)
{
	char path[64];
	struct stat ours, theirs;

	name_file(pid, "ns/mnt", path);
	if (stat(path, &theirs))
		return errno == EACCES || errno == EPERM;
	return !stat("/proc/self/ns/mnt", &ours) &&
	       ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev;
}
