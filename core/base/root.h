/*
 * The filesystem as the operator means it: "/" on the host, or an offline
 * tree under --root.  Paths are absolute as seen from inside; links are
 * resolved inside as well, so nothing outside the tree is ever read.
 * This module only reads; writing is core/apply alone.
 */
#ifndef CORE_BASE_ROOT_H
#define CORE_BASE_ROOT_H

#include <sys/stat.h>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/base/str.h"

struct root {
	char *path; /* absolute, without a slash at its end; "" for the host */
	int fd;	    /* of that directory */
};

/* Opens `path` (NULL or "/": the host). HS_CANNOT when it is no directory. */
int hs_root_open(const char *path, struct root *ret_root,
		 struct error *err) HS_MUST_CHECK;
void hs_root_close(struct root *root);

/* Whether this is an offline tree rather than the running system. */
int hs_root_is_offline(const struct root *root);

/* " --root DIR" for the words of a command that is to be about that tree, too;
 * "" for the host; to be freed. */
char *hs_root_option(const struct root *root);

/* The path of `inside` as the kernel of this host sees it; to be freed. */
char *hs_root_outside(const struct root *root, const char *inside);

/*
 * Reads the regular file `path` whole, at most `max` bytes (counted while
 * reading; FIFOs, devices and directories are refused without blocking).
 * The bytes have a NUL behind them.  HS_CANNOT with errno in err->sys, EFBIG
 * when it is larger.  The caller frees with hs_str_done().
 */
int hs_root_read(const struct root *root, const char *path, size_t max,
		 struct str *ret_bytes, struct error *err) HS_MUST_CHECK;

/* stat() that follows links inside the root. -1 and errno when it fails. */
int hs_root_stat(const struct root *root, const char *path,
		 struct stat *ret_stat);

/* The path with every link resolved, as seen from inside; to be freed;
 * NULL and errno when there is no such file. */
char *hs_root_resolve(const struct root *root, const char *path);

/* Paths that match a glob(7) pattern, sorted by byte value as the servers
 * do; a pattern without wildcards that names nothing yields none. */
int hs_root_glob(const struct root *root, const char *pattern,
		 struct strings *ret_paths, struct error *err) HS_MUST_CHECK;

/* A path of the host; a relative one begins where this process stands.  To be
 * freed. */
char *hs_path_absolute(const char *path);

/* openat(2), again where only a signal came in between, as one may on a file
 * system that is far away. */
int hs_openat(int directory, const char *path, int flags, ...);

/* Opens for reading (O_NONBLOCK|O_CLOEXEC|`flags`), or -1 and errno. */
int hs_root_openat(const struct root *root, const char *path, int flags);

#endif
