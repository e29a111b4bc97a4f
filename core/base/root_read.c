/*
 * The reading half of core/base/root.h: whole files, and globs.
 */
#include "core/base/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>

#include "core/base/text.h"

static ssize_t read_some(int fd, char *buffer, size_t size)
{
	ssize_t got;

	do
		got = read(fd, buffer, size);
	while (got < 0 && errno == EINTR);
	return got;
}

/*
 * Reads to the end of the file.  A file that is as long as fstat() said needs
 * one read: the room for one byte more shows that nothing follows.  Files
 * that grow, and those of /proc that say 0, are read until nothing comes.
 */
static int read_all(int fd, size_t expected, size_t max, struct str *bytes)
{
	bytes->cap = expected + 2;
	bytes->data = hs_realloc(bytes->data, bytes->cap, 1);
	for (;;) {
		size_t room = bytes->cap - bytes->len - 1;
		ssize_t got = read_some(fd, bytes->data + bytes->len, room);

		if (got < 0)
			return -1;
		bytes->len += (size_t)got;
		bytes->data[bytes->len] = '\0';
		if (bytes->len > max) {
			errno = EFBIG;
			return -1;
		}
		if (!got || (bytes->len == expected && expected))
			return 0;
		if ((size_t)got == room) {
			bytes->cap = 2 * bytes->cap + 4096;
			bytes->data = hs_realloc(bytes->data, bytes->cap, 1);
		}
	}
}

static int read_regular(const struct root *root, const char *path, size_t max,
			struct str *bytes)
{
	hs_auto_close int fd = hs_root_openat(root, path, O_RDONLY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return -1;
	}
	if ((unsigned long long)st.st_size > max) {
		errno = EFBIG;
		return -1;
	}
	return read_all(fd, (size_t)st.st_size, max, bytes);
}

static int cannot_read(const char *path, size_t max, struct error *err)
{
	int sys = errno, is_first = err && err->code == HS_OK;
	hs_auto_free char *safe = hs_text_safe(path, strlen(path), 240);

	errno = sys;
	if (sys == EFBIG)
		hs_fail(err, HS_CANNOT, "%s is larger than %zu bytes", safe,
			max);
	else if (sys == EINVAL)
		hs_fail(err, HS_CANNOT, "%s is not a regular file", safe);
	else
		hs_fail_errno(err, HS_CANNOT, "cannot read %s", safe);
	if (is_first)
		err->sys = sys;
	if (is_first && sys == EACCES)
		hs_error_hint(err, "run as a user who may read it");
	errno = sys;
	return -1;
}

int hs_root_read(const struct root *root, const char *path, size_t max,
		 struct str *ret_bytes, struct error *err)
{
	struct str bytes = {0};

	*ret_bytes = (struct str){0};
	if (read_regular(root, path, max, &bytes)) {
		int sys = errno;

		hs_str_done(&bytes);
		errno = sys;
		return cannot_read(path, max, err);
	}
	*ret_bytes = bytes;
	return 0;
}

static int has_wildcard(const char *component)
{
	return strpbrk(component, "*?[") != NULL;
}

/* Takes the backslashes out of a component that is no pattern. */
static void unescape(char *component)
{
	char *to = component;

	for (const char *from = component; *from; from++) {
		if (*from == '\\' && from[1])
			from++;
		*to++ = *from;
	}
	*to = '\0';
}

/* The names in `dir` that match, as paths. "." and ".." are never meant. */
static void match_entries(DIR *stream, const char *dir, const char *component,
			  struct strings *found)
{
	struct dirent *entry;

	while ((entry = readdir(stream))) {
		const char *name = entry->d_name;

		if (!strcmp(name, ".") || !strcmp(name, "..") ||
		    fnmatch(component, name, FNM_PERIOD))
			continue;
		HS_PUSH(found, hs_format("%s/%s", dir, name));
	}
}

/*
 * One directory of the walk.  What is no directory matches nothing; one that
 * this user may not list is an error, for the server, running as root, will
 * find files there that we would miss.
 */
static int match_in(const struct root *root, const char *dir,
		    const char *component, struct strings *found,
		    struct error *err)
{
	int fd = hs_root_openat(root, *dir ? dir : "/", O_RDONLY | O_DIRECTORY);
	DIR *stream;

	if (fd < 0 && errno == EACCES)
		return cannot_read(*dir ? dir : "/", 0, err);
	if (fd < 0)
		return 0;
	stream = fdopendir(fd);
	if (!stream) {
		cannot_read(dir, 0, err);
		close(fd);
		return -1;
	}
	match_entries(stream, dir, component, found);
	closedir(stream);
	return 0;
}

/* Replaces the paths so far by those one component further. */
static int glob_component(const struct root *root, char *component,
			  struct strings *paths, struct error *err)
{
	struct strings found = {0};
	int status = 0;

	if (!has_wildcard(component)) {
		unescape(component);
		HS_EACH(path, paths)
			HS_PUSH(&found, hs_format("%s/%s", *path, component));
	} else {
		HS_EACH(path, paths)
			status |= match_in(root, *path, component, &found, err);
	}
	hs_strings_done(paths);
	*paths = found;
	return status;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A literal tail may name nothing; a link counts even when it dangles. */
static void keep_existing(const struct root *root, struct strings *paths)
{
	size_t kept = 0;

	for (size_t i = 0; i < paths->n; i++) {
		int fd = hs_root_openat(root, paths->items[i],
					O_PATH | O_NOFOLLOW);

		if (fd >= 0) {
			close(fd);
			paths->items[kept++] = paths->items[i];
		} else {
			free(paths->items[i]);
		}
	}
	paths->n = kept;
}

int hs_root_glob(const struct root *root, const char *pattern,
		 struct strings *ret_paths, struct error *err)
{
	hs_auto_free char *copy = hs_strdup(pattern);
	struct strings paths = {0};
	char *rest = copy, *component;
	int is_literal = 1;

	*ret_paths = (struct strings){0};
	hs_strings_add(&paths, "");
	while ((component = strsep(&rest, "/"))) {
		if (!*component)
			continue;
		is_literal = !has_wildcard(component);
		if (glob_component(root, component, &paths, err)) {
			hs_strings_done(&paths);
			return -1;
		}
	}
	if (is_literal)
		keep_existing(root, &paths);
	if (paths.n)
		qsort(paths.items, paths.n, sizeof(*paths.items), by_bytes);
	*ret_paths = paths;
	return 0;
}
