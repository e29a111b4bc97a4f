#include "core/base/root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "core/base/text.h"

#define LINKS_MAX 40 /* as many as the kernel follows */

int hs_root_open(const char *path, struct root *ret_root, struct error *err)
{
	const char *given = path && *path ? path : "/";
	char *real = realpath(given, NULL);

	*ret_root = (struct root){.fd = -1};
	if (real)
		ret_root->fd = hs_openat(AT_FDCWD, real,
					 O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ret_root->fd < 0) {
		int sys = errno;
		hs_auto_free char *safe =
			hs_text_safe(given, strlen(given), 200);

		free(real);
		errno = sys;
		hs_fail_errno(err, HS_CANNOT, "cannot use %s as the root",
			      safe);
		hs_error_hint(err, "name a directory that holds the tree");
		return -1;
	}
	if (!strcmp(real, "/"))
		*real = '\0';
	ret_root->path = real;
	return 0;
}

void hs_root_close(struct root *root)
{
	hs_cleanup_close(&root->fd);
	free(root->path);
	*root = (struct root){.fd = -1};
}

char *hs_path_absolute(const char *path)
{
	char here[PATH_MAX];

	if (*path == '/' || !getcwd(here, sizeof(here)))
		return hs_strdup(path);
	return hs_format("%s/%s", here, path);
}

int hs_root_is_offline(const struct root *root)
{
	return *root->path != '\0';
}

char *hs_root_option(const struct root *root)
{
	return hs_root_is_offline(root) ? hs_format(" --root %s", root->path)
					: hs_strdup("");
}

char *hs_root_outside(const struct root *root, const char *inside)
{
	const char *slash = "";

	if (hs_root_is_offline(root) && *inside != '/')
		slash = "/";
	return hs_format("%s%s%s", root->path, slash, inside);
}

/* Steps into one component of a path: what is left of it is in *rest. */
static size_t next_component(const char **rest, const char **ret_name)
{
	size_t length;

	*rest += strspn(*rest, "/");
	length = strcspn(*rest, "/");
	*ret_name = *rest;
	*rest += length;
	return length;
}

static int is_name(const char *name, size_t length, const char *text)
{
	return length == strlen(text) && !memcmp(name, text, length);
}

static void drop_last(struct str *path)
{
	while (path->len && path->data[path->len - 1] != '/')
		path->len--;
	if (path->len)
		path->len--;
	if (path->data)
		path->data[path->len] = '\0';
}

/*
 * Appends one component to `done`, or, when it is a link, puts its target in
 * front of what is left to walk.
 */
static int walk_component(const struct root *root, struct str *done,
			  struct str *left, const char *name, size_t length,
			  const char *rest)
{
	char target[PATH_MAX];
	size_t before = done->len;
	ssize_t size;
	char *joined;

	hs_str_putc(done, '/');
	hs_str_add(done, name, length);
	size = readlinkat(root->fd, done->data + 1, target, sizeof(target));
	if (size < 0)
		return errno == EINVAL ? 0 : -1;
	done->len = *target == '/' ? 0 : before;
	done->data[done->len] = '\0';
	joined = hs_format("%.*s/%s", (int)size, target, rest);
	hs_str_done(left);
	hs_str_puts(left, joined);
	free(joined);
	return 1;
}

/* The walk of hs_root_resolve() inside an offline tree: component by
 * component, every link read with the tree's top as its "/". */
static int walk(const struct root *root, const char *path, struct str *done)
{
	hs_auto_str struct str left = {0};
	const char *rest, *name;
	size_t length;
	int links = 0;

	hs_str_puts(&left, path);
	rest = left.data;
	while ((length = next_component(&rest, &name))) {
		int is_link = 0;

		if (is_name(name, length, ".."))
			drop_last(done);
		else if (!is_name(name, length, "."))
			is_link = walk_component(root, done, &left, name,
						 length, rest);
		if (is_link < 0)
			return -1;
		if (is_link && ++links > LINKS_MAX) {
			errno = ELOOP;
			return -1;
		}
		if (is_link)
			rest = left.data;
	}
	return 0;
}

char *hs_root_resolve(const struct root *root, const char *path)
{
	struct str done = {0};

	if (!hs_root_is_offline(root))
		return realpath(path, NULL);
	if (walk(root, path, &done)) {
		int sys = errno;

		hs_str_done(&done);
		errno = sys;
		return NULL;
	}
	if (!done.len)
		hs_str_putc(&done, '/');
	return hs_str_take(&done);
}

int hs_openat(int directory, const char *path, int flags, ...)
{
	mode_t mode;
	va_list args;
	int fd;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	do
		fd = openat(directory, path, flags, mode);
	while (fd < 0 && errno == EINTR);
	return fd;
}

/* Opens a path without links in it, refusing any that appears meanwhile. */
static int open_plain(const struct root *root, const char *path, int flags)
{
	hs_auto_close int dir = fcntl(root->fd, F_DUPFD_CLOEXEC, 0);
	const char *name, *rest = path;
	size_t length;

	while ((length = next_component(&rest, &name))) {
		hs_auto_free char *copy = hs_strndup(name, length);
		int last = !rest[strspn(rest, "/")];
		int fd = hs_openat(dir, copy,
				   last ? flags | O_NOFOLLOW
					: O_PATH | O_DIRECTORY | O_NOFOLLOW |
						   O_CLOEXEC);

		if (last || fd < 0)
			return fd;
		close(dir);
		dir = fd;
	}
	return hs_openat(dir, ".", flags);
}

/* Splits off the last name, which is not to be followed. */
static char *resolve_all_but_last(const struct root *root, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	hs_auto_free char *parent =
		hs_strndup(path, slash ? (size_t)(slash - path) : 0);
	hs_auto_free char *resolved = hs_root_resolve(root, parent);

	if (!resolved)
		return NULL;
	return hs_format("%s/%s", resolved, name);
}

/* For kernels without openat2() (before 5.6) and sandboxes that forbid it. */
static int open_by_walking(const struct root *root, const char *path, int flags)
{
	hs_auto_free char *plain = flags & O_NOFOLLOW
					   ? resolve_all_but_last(root, path)
					   : hs_root_resolve(root, path);

	return plain ? open_plain(root, plain, flags) : -1;
}

int hs_root_openat(const struct root *root, const char *path, int flags)
{
	struct open_how how = {.resolve = RESOLVE_IN_ROOT};
	int fd;

	flags |= O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
	if (flags & O_PATH) /* openat2() is strict about the others */
		flags &= O_PATH | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW;
	if (!hs_root_is_offline(root))
		return hs_openat(AT_FDCWD, path, flags);
	how.flags = (unsigned)flags;
	/* EAGAIN: somebody renamed within the tree during the lookup */
	do
		fd = (int)syscall(SYS_openat2, root->fd, path, &how,
				  sizeof(how));
	while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return open_by_walking(root, path, flags);
	return fd;
}

int hs_root_stat(const struct root *root, const char *path,
		 struct stat *ret_stat)
{
	hs_auto_close int fd = -1;

	if (!hs_root_is_offline(root))
		return stat(path, ret_stat);
	fd = hs_root_openat(root, path, O_PATH);
	return fd < 0 ? -1 : fstat(fd, ret_stat);
}
