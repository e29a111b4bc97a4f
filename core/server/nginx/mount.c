/*
 * Staged files in the place of the live ones, for one process alone: in a
 * mount namespace of its own (root's, or one with a user namespace for
 * everybody else) each staged file is bound over the live one.  A file that
 * does not exist yet has nothing to be bound over: its directory is covered by
 * one in memory that has links to all that was there, and to the new file.
 *
 * A trial start sees the same, cannot write to anything that is live, and has
 * places of its own for what it has to write: nothing (/dev/null) in place of
 * a log, a covered directory without the file that is to begin anew.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/server/nginx/host.h"

#define WAS ".https-setup-was" /* the covered directory, within the cover */

/* Numbers of the kernel's that older headers lack (linux/mount.h). */
#ifndef OPEN_TREE_CLONE
#	define OPEN_TREE_CLONE 1
#	define MOVE_MOUNT_F_EMPTY_PATH 4
#endif
#ifndef OPEN_TREE_CLOEXEC
#	define OPEN_TREE_CLOEXEC O_CLOEXEC
#endif
#ifndef SYS_open_tree
#	define SYS_open_tree 428
#	define SYS_move_mount 429
#endif
#ifndef SYS_mount_setattr
#	define SYS_mount_setattr 442
#endif

struct link {
	char *path, *target;
};
struct links HS_ARRAY(struct link);

struct cover {
	char *path; /* the directory */
	char *was;  /* where it is seen beneath its cover */
	struct links links;
};

struct nginx_mounts {
	struct links binds; /* path: where, target: what is bound there */
	struct covers HS_ARRAY(struct cover) covers;
	char user_map[64], group_map[64];
	bool trial; /* nothing live may be written to */
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
	HS_EACH(cover, &mounts->covers) {
		free(cover->path);
		free(cover->was);
		free_links(&cover->links);
	}
	HS_ARRAY_FREE(&mounts->covers);
	free_links(&mounts->binds);
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

static struct cover *find_cover(struct nginx_mounts *mounts,
				const char *directory)
{
	HS_EACH(cover, &mounts->covers) {
		if (!strcmp(cover->path, directory))
			return cover;
	}
	return NULL;
}

static struct cover *add_cover(struct nginx_mounts *mounts,
			       const char *directory)
{
	DIR *stream = opendir(directory);
	struct dirent *entry;
	struct cover *cover;

	if (!stream)
		return NULL;
	cover = HS_GROW(&mounts->covers);
	*cover = (struct cover){
		.path = hs_strdup(directory),
		.was = hs_format("%s/" WAS, directory),
	};
	while ((entry = readdir(stream))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		add_link(&cover->links,
			 hs_format("%s/%s", directory, entry->d_name),
			 entry_target(dirfd(stream), entry->d_name));
	}
	closedir(stream);
	return cover;
}

static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return hs_strndup(path, slash > path ? (size_t)(slash - path) : 1);
}

/* The directory of a path, to be covered; NULL: it has none. */
static struct cover *cover_for(struct nginx_mounts *mounts, const char *path)
{
	hs_auto_free char *directory = directory_of(path);
	struct cover *cover = find_cover(mounts, directory);

	return cover ? cover : add_cover(mounts, directory);
}

/* A staged file beside its target is seen beneath the cover. */
static int add_new(struct nginx_mounts *mounts, const struct staged *file)
{
	hs_auto_free char *beside = directory_of(file->staged);
	const char *name = strrchr(file->staged, '/') + 1;
	struct cover *cover = cover_for(mounts, file->path);

	if (!cover)
		return -1;
	add_link(&cover->links, hs_strdup(file->path),
		 !strcmp(cover->path, beside) ? hs_format(WAS "/%s", name)
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

void hs_nginx_mounts_renew(struct nginx_mounts *mounts, const char *path)
{
	struct cover *cover = cover_for(mounts, path);
	struct links kept = {0};

	if (!cover)
		return;
	HS_EACH(link, &cover->links) {
		if (strcmp(link->path, path) != 0) {
			HS_PUSH(&kept, *link);
			continue;
		}
		free(link->path);
		free(link->target);
	}
	HS_ARRAY_FREE(&cover->links);
	cover->links = kept;
}

void hs_nginx_mounts_drop(struct nginx_mounts *mounts, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		(void)cover_for(mounts, path);
	else if (S_ISREG(st.st_mode))
		add_link(&mounts->binds, hs_strdup(path),
			 hs_strdup("/dev/null"));
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

/* Root among users that are not there could not become a worker's. */
static bool may_map(const struct nginx_mounts *mounts)
{
	return errno == EPERM && (!mounts->trial || geteuid());
}

static int separate(const struct nginx_mounts *mounts)
{
	int spaces = CLONE_NEWNS;

	if (mounts->trial)
		spaces |= CLONE_NEWNET | CLONE_NEWPID;
	if (unshare(spaces)) {
		/* A process that may not be dumped owns none of its own maps;
		 * this one is about to be nginx and still has no core. */
		if (!may_map(mounts) || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) ||
		    unshare(CLONE_NEWUSER | spaces))
			return -1;
		if ((write_file("/proc/self/setgroups", "deny") &&
		     errno != ENOENT) ||
		    write_file("/proc/self/gid_map", mounts->group_map) ||
		    write_file("/proc/self/uid_map", mounts->user_map))
			return -1;
	}
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

/* The directory with all that is mounted in it, to be put elsewhere (Linux
 * 5.2); by number, since the wrappers are younger than that. */
static int take_tree(const char *directory)
{
	return (int)syscall(SYS_open_tree, AT_FDCWD, directory,
			    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
}

static int put_tree(int tree, const char *directory)
{
	return (int)syscall(SYS_move_mount, tree, "", AT_FDCWD, directory,
			    MOVE_MOUNT_F_EMPTY_PATH);
}

static int mount_cover(const struct cover *cover)
{
	int tree = take_tree(cover->path);

	if (tree < 0)
		return -1;
	if (mount("tmpfs", cover->path, "tmpfs", MS_NOSUID | MS_NODEV,
		  "mode=0755,size=1m") ||
	    mkdir(cover->was, 0755) || put_tree(tree, cover->was))
		return -1;
	close(tree);
	for (size_t i = 0; i < cover->links.n; i++) {
		if (symlink(cover->links.items[i].target,
			    cover->links.items[i].path))
			return -1;
	}
	return 0;
}

static int mount_all(const struct nginx_mounts *mounts)
{
	for (size_t i = 0; i < mounts->covers.n; i++) {
		if (mount_cover(&mounts->covers.items[i]))
			return -1;
	}
	for (size_t i = 0; i < mounts->binds.n; i++) {
		if (mount(mounts->binds.items[i].target,
			  mounts->binds.items[i].path, NULL, MS_BIND, NULL))
			return -1;
	}
	return 0;
}

/* For all that is mounted now (Linux 5.12); what a trial writes to was found
 * in the configuration, so this is the belt to that. */
static void forbid_writing(void)
{
	const uint64_t set[4] = {MS_RDONLY}; /* struct mount_attr */

	(void)syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, set,
		      sizeof(set));
}

int hs_nginx_mount(void *pointer)
{
	const struct nginx_mounts *mounts = pointer;

	errno = 0;
	if (separate(mounts) || mount_all(mounts))
		return errno ? errno : EIO;
	return 0;
}

int hs_nginx_part(struct nginx_mounts *mounts)
{
	mounts->trial = true;
	return separate(mounts);
}

int hs_nginx_mount_trial(const struct nginx_mounts *mounts)
{
	forbid_writing();
	return mount_all(mounts);
}
