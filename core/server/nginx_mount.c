/*
 * Staged files in the place of the live ones, for one process alone: in a
 * mount namespace of its own (root's, or one with a user namespace for
 * everybody else) each staged file is bound over the live one.  A file that
 * does not exist yet has nothing to be bound over: its directory is covered by
 * one in memory that has links to all that was there, and to the new file.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/server/nginx_host.h"

#define WAS ".https-setup-was" /* the covered directory, within the cover */

struct link {
	char *path, *target;
};
struct links HS_ARRAY(struct link);

struct nginx_mounts {
	struct links binds;    /* path: where, target: what is bound there */
	struct strings covers; /* directories */
	struct strings was;    /* where each is seen beneath its cover */
	struct links links;    /* within the covers */
	char user_map[64], group_map[64];
};

static void add_link(struct links *links, char *path, char *target)
{
	struct link link = {path, target};

	HS_PUSH(links, link);
}

static void free_links(struct links *links)
{
	HS_EACH(link, links) {
		free(link->path);
		free(link->target);
	}
	HS_ARRAY_FREE(links);
}

void hs_nginx_mounts_free(struct nginx_mounts *mounts)
{
	if (!mounts)
		return;
	free_links(&mounts->binds);
	free_links(&mounts->links);
	hs_strings_done(&mounts->covers);
	hs_strings_done(&mounts->was);
	free(mounts);
}

/* What stands for one entry of a covered directory: links lead where they
 * led, since they may be relative. */
static char *entry_target(int directory, const char *name)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(directory, name, target, sizeof(target));

	return length > 0 ? hs_strndup(target, (size_t)length)
			  : hs_format(WAS "/%s", name);
}

static int cover(struct nginx_mounts *mounts, const char *directory)
{
	DIR *stream;
	struct dirent *entry;

	if (hs_strings_has(&mounts->covers, directory))
		return 0;
	stream = opendir(directory);
	if (!stream)
		return -1;
	hs_strings_add(&mounts->covers, directory);
	HS_PUSH(&mounts->was, hs_format("%s/" WAS, directory));
	while ((entry = readdir(stream))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		add_link(&mounts->links,
			 hs_format("%s/%s", directory, entry->d_name),
			 entry_target(dirfd(stream), entry->d_name));
	}
	closedir(stream);
	return 0;
}

static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return hs_strndup(path, slash > path ? (size_t)(slash - path) : 1);
}

/* A staged file beside its target is seen beneath the cover. */
static int add_new(struct nginx_mounts *mounts, const struct staged *file)
{
	hs_auto_free char *directory = directory_of(file->path);
	hs_auto_free char *beside = directory_of(file->staged);
	const char *name = strrchr(file->staged, '/') + 1;

	if (cover(mounts, directory) < 0)
		return -1;
	add_link(&mounts->links, hs_strdup(file->path),
		 !strcmp(directory, beside) ? hs_format(WAS "/%s", name)
					    : hs_strdup(file->staged));
	return 0;
}

static int add_file(struct nginx_mounts *mounts, const struct staged *file)
{
	struct stat st;

	if (!lstat(file->path, &st)) {
		add_link(&mounts->binds, hs_strdup(file->path),
			 hs_strdup(file->staged));
		return 0;
	}
	return errno == ENOENT ? add_new(mounts, file) : -1;
}

struct nginx_mounts *hs_nginx_mounts(const struct staged_files *files)
{
	struct nginx_mounts *mounts = hs_alloc(sizeof(*mounts));

	HS_EACH(file, files) {
		if (*file->path != '/' || *file->staged != '/' ||
		    add_file(mounts, file) < 0) {
			hs_nginx_mounts_free(mounts);
			return NULL;
		}
	}
	/* everybody stays who he is */
	snprintf(mounts->user_map, sizeof(mounts->user_map), "%u %u 1",
		 (unsigned)geteuid(), (unsigned)geteuid());
	snprintf(mounts->group_map, sizeof(mounts->group_map), "%u %u 1",
		 (unsigned)getegid(), (unsigned)getegid());
	return mounts;
}

/* From here on all runs between fork and exec: system calls alone. */

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	size_t length = strlen(text);
	ssize_t done;

	if (fd < 0)
		return -1;
	done = write(fd, text, length);
	close(fd);
	return done == (ssize_t)length ? 0 : -1;
}

static int separate(const struct nginx_mounts *mounts)
{
	if (unshare(CLONE_NEWNS)) {
		/* A process that may not be dumped owns none of its own maps;
		 * this one is about to be nginx and still has no core. */
		if (errno != EPERM || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) ||
		    unshare(CLONE_NEWUSER | CLONE_NEWNS))
			return -1;
		if ((write_file("/proc/self/setgroups", "deny") &&
		     errno != ENOENT) ||
		    write_file("/proc/self/gid_map", mounts->group_map) ||
		    write_file("/proc/self/uid_map", mounts->user_map))
			return -1;
	}
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

/* "/proc/self/fd/N" without printf(). */
static void name_descriptor(int fd, char ret_path[static 32])
{
	char digits[12];
	int n = 0;

	do
		digits[n++] = (char)('0' + fd % 10);
	while (fd /= 10);
	strcpy(ret_path, "/proc/self/fd/");
	ret_path += strlen(ret_path);
	while (n)
		*ret_path++ = digits[--n];
	*ret_path = '\0';
}

static int mount_cover(const char *directory, const char *was)
{
	int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char path[32];

	if (fd < 0)
		return -1;
	name_descriptor(fd, path);
	if (mount("tmpfs", directory, "tmpfs", MS_NOSUID | MS_NODEV,
		  "mode=0755,size=1m") ||
	    mkdir(was, 0755) || mount(path, was, NULL, MS_BIND, NULL))
		return -1;
	close(fd);
	return 0;
}

static int mount_all(const struct nginx_mounts *mounts)
{
	for (size_t i = 0; i < mounts->covers.n; i++) {
		if (mount_cover(mounts->covers.items[i], mounts->was.items[i]))
			return -1;
	}
	for (size_t i = 0; i < mounts->links.n; i++) {
		if (symlink(mounts->links.items[i].target,
			    mounts->links.items[i].path))
			return -1;
	}
	for (size_t i = 0; i < mounts->binds.n; i++) {
		if (mount(mounts->binds.items[i].target,
			  mounts->binds.items[i].path, NULL, MS_BIND, NULL))
			return -1;
	}
	return 0;
}

int hs_nginx_mount(void *pointer)
{
	const struct nginx_mounts *mounts = pointer;

	errno = 0;
	if (separate(mounts) || mount_all(mounts))
		return errno ? errno : EIO;
	return 0;
}
