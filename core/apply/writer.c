#include "core/apply/writer.h"

#include <errno.h>
#include <stdarg.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>

#include "core/base/i18n.h"

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes += n;
		length -= (size_t)n;
	}
	return 0;
}

/* Attributes the new file has already (a label by policy) need no right to
 * be set. */
static int set_attr(int fd, const struct file_attr *attr)
{
	hs_auto_free unsigned char *now = hs_alloc(attr->length + 1);
	ssize_t length = fgetxattr(fd, attr->name, now, attr->length + 1);

	if (length == (ssize_t)attr->length &&
	    !memcmp(now, attr->value, attr->length))
		return 0;
	return fsetxattr(fd, attr->name, attr->value, attr->length, 0);
}

/* In this order: a change of owner takes set-id bits and capabilities away,
 * an ACL has the last word on the mode. */
static int set_meta(int fd, const struct file_meta *meta, bool set_mtime)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, meta->mtime};
	struct stat st;

	if (fstat(fd, &st))
		return -1;
	if ((st.st_uid != meta->uid || st.st_gid != meta->gid) &&
	    fchown(fd, meta->uid, meta->gid))
		return -1;
	if (fchmod(fd, meta->mode))
		return -1;
	HS_EACH(attr, &meta->attrs) {
		if (set_attr(fd, attr))
			return -1;
	}
	return set_mtime ? futimens(fd, times) : 0;
}

/* Whether the disk gives back what was written. */
static int read_back(int fd, const char *bytes, size_t length)
{
	char piece[16384];
	size_t at = 0;
	int same = 1;

	while (same) {
		ssize_t n = pread(fd, piece, sizeof(piece), (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		same = at + (size_t)n <= length &&
		       !memcmp(piece, bytes + at, (size_t)n);
		at += (size_t)n;
	}
	explicit_bzero(piece, sizeof(piece));
	if (same && at == length)
		return 0;
	errno = EIO;
	return -1;
}

int hs_stage_write(int dir, const char *name, const void *bytes, size_t length,
		   const struct file_meta *meta, bool set_mtime, int *ret_fd,
		   struct error *err)
{
	int fd = hs_openat(dir, name,
			   O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			   0600);

	*ret_fd = fd;
	if (fd < 0)
		return hs_fail_errno(err, HS_CANNOT, "cannot create %s", name);
	if (!write_all(fd, bytes, length) && !set_meta(fd, meta, set_mtime)) {
		/* a hint only: what counts is that fsync() waits for */
		sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
		return 0;
	}
	hs_fail_errno(err, HS_CANNOT, "cannot write %s", name);
	close(fd);
	*ret_fd = -1;
	unlinkat(dir, name, 0);
	return -1;
}

int hs_stage_settle(int *fd, const void *bytes, size_t length,
		    struct error *err)
{
	int bad = hs_flush(*fd) || read_back(*fd, bytes, length);

	if (bad)
		hs_fail_errno(err, HS_CANNOT, "cannot write to the disk");
	if (close(*fd) && !bad)
		bad = hs_fail_errno(err, HS_CANNOT, "cannot write to the disk");
	*fd = -1;
	return bad ? -1 : 0;
}

int hs_stage_file(int dir, const char *name, const void *bytes, size_t length,
		  const struct file_meta *meta, bool set_mtime,
		  struct error *err)
{
	int fd;

	if (hs_stage_write(dir, name, bytes, length, meta, set_mtime, &fd, err))
		return -1;
	if (!hs_stage_settle(&fd, bytes, length, err))
		return 0;
	unlinkat(dir, name, 0);
	return -1;
}

int hs_stage_link(int dir, const char *name, const char *target,
		  struct error *err)
{
	if (symlinkat(target, dir, name))
		return hs_fail_errno(err, HS_CANNOT, "cannot create link %s",
				     name);
	return 0;
}

static bool lacks_flag(void)
{
	return errno == EINVAL || errno == ENOSYS || errno == ENOTSUP;
}

/* SWAP_DONE: it is one of the sums; SWAP_FAILED: it cannot be looked at, which
 * says nothing about whose it is. */
static enum swap compare(int dir, const char *name, const unsigned char *salt,
			 const struct file_sum *expected, size_t count)
{
	hs_auto_look struct file_look look = {0};

	if (hs_look(dir, name, salt, &look))
		return SWAP_FAILED;
	for (size_t i = 0; i < count; i++) {
		if (hs_sum_equal(&look.sum, &expected[i]))
			return SWAP_DONE;
	}
	return SWAP_UNEXPECTED;
}

/* Where the file system cannot exchange: the last check is made just before,
 * and the old file gets a second name, so that it is not lost.  Where there
 * are no second names either, it lives on in the backup alone. */
static enum swap swap_by_link(int dir, const char *name, const char *aside,
			      const unsigned char *salt,
			      const struct file_sum *expected, size_t count)
{
	hs_auto_free char *third = hs_format("%s.old", aside);
	enum swap found = compare(dir, name, salt, expected, count);
	bool linked;

	if (found != SWAP_DONE)
		return found;
	unlinkat(dir, third, 0);
	linked = !linkat(dir, name, dir, third, 0);
	if (renameat(dir, aside, dir, name))
		return SWAP_FAILED;
	if (linked && renameat(dir, third, dir, aside))
		return SWAP_FAILED;
	return SWAP_DONE;
}

enum swap hs_swap(int dir, const char *name, const char *aside,
		  const unsigned char salt[static HS_SALT_SIZE],
		  const struct file_sum *expected, size_t count)
{
	enum swap found;
	int why;

	if (renameat2(dir, aside, dir, name, RENAME_EXCHANGE)) {
		if (errno == ENOENT)
			return SWAP_UNEXPECTED;
		if (!lacks_flag())
			return SWAP_FAILED;
		return swap_by_link(dir, name, aside, salt, expected, count);
	}
	found = compare(dir, aside, salt, expected, count);
	why = errno;
	if (found == SWAP_DONE)
		return SWAP_DONE;
	if (renameat2(dir, aside, dir, name, RENAME_EXCHANGE))
		return SWAP_FAILED;
	errno = why;
	return found;
}

enum swap hs_move_new(int dir, const char *from, const char *to)
{
	if (!renameat2(dir, from, dir, to, RENAME_NOREPLACE))
		return SWAP_DONE;
	if (errno == EEXIST)
		return SWAP_UNEXPECTED;
	if (!lacks_flag())
		return SWAP_FAILED;
	if (!linkat(dir, from, dir, to, 0))
		return unlinkat(dir, from, 0) ? SWAP_FAILED : SWAP_DONE;
	if (errno == EEXIST || !faccessat(dir, to, F_OK, AT_SYMLINK_NOFOLLOW))
		return SWAP_UNEXPECTED;
	return renameat(dir, from, dir, to) ? SWAP_FAILED : SWAP_DONE;
}

enum swap hs_move_aside(int dir, const char *name, const char *aside,
			const unsigned char salt[static HS_SALT_SIZE],
			const struct file_sum *expected, size_t count)
{
	enum swap swap = hs_move_new(dir, name, aside);
	int why;

	if (swap != SWAP_DONE)
		return errno == ENOENT ? SWAP_UNEXPECTED : SWAP_FAILED;
	swap = compare(dir, aside, salt, expected, count);
	why = errno;
	if (swap == SWAP_DONE)
		return SWAP_DONE;
	if (hs_move_new(dir, aside, name) == SWAP_FAILED)
		return SWAP_FAILED;
	errno = why;
	return swap;
}

/* chattr(1) flags that not even root writes past. */
static bool is_immutable(int fd)
{
	int flags = 0;

	return !ioctl(fd, FS_IOC_GETFLAGS, &flags) &&
	       (flags & (FS_IMMUTABLE_FL | FS_APPEND_FL));
}

static bool is_file_immutable(int dir, const char *name)
{
	hs_auto_close int fd = hs_openat(
		dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	return fd >= 0 && is_immutable(fd);
}

static bool is_mount_point(int dir, const char *name)
{
	struct statx st;

	return !statx(dir, name, AT_SYMLINK_NOFOLLOW, 0, &st) &&
	       (st.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

static int HS_PRINTF(4, 5) refuse(struct error *err, const char *path,
				  const char *hint, const char *format, ...)
{
	hs_auto_str struct str what = {0};
	va_list args;

	va_start(args, format);
	hs_str_vprintf(&what, format, args);
	va_end(args);
	hs_fail(err, HS_CANNOT, "%s", hs_str_text(&what));
	hs_error_where(err, "%s", path);
	hs_error_hint(err, "%s", hint);
	return -1;
}

static int check_file(int dir, const char *name, const char *path,
		      const struct file_look *look, struct error *err)
{
	if (look->sum.kind == FILE_OTHER)
		return refuse(err, path, _("give the path of the file itself"),
			      _("%s is not a regular file"), path);
	if (look->sum.kind == FILE_REGULAR && look->links > 1)
		return refuse(
			err, path,
			_("its other names would keep the old content: "
			  "make it a file of its own with cp and mv first"),
			_("%s has more than one name (hard links)"), path);
	if (is_mount_point(dir, name))
		return refuse(err, path,
			      _("it cannot be replaced in one step: change the "
				"file on the host, or mount its directory"),
			      _("%s is a mount point of its own"), path);
	if (is_file_immutable(dir, name))
		return refuse(err, path,
			      _("see lsattr; chattr -i -a allows it"),
			      _("%s is marked immutable"), path);
	return 0;
}

int hs_check_replaceable(int dir, const char *name, const char *path,
			 const struct file_look *look, struct error *err)
{
	hs_auto_free char *directory = hs_path_directory(path);

	if (look->sum.kind != FILE_ABSENT &&
	    check_file(dir, name, path, look, err))
		return -1;
	if (is_immutable(dir))
		return refuse(err, directory,
			      _("see lsattr; chattr -i -a allows it"),
			      _("%s is marked immutable"), directory);
	if (!faccessat(dir, ".", W_OK | X_OK, AT_EACCESS))
		return 0;
	hs_fail_errno(err, HS_CANNOT, "cannot write in %s", directory);
	hs_error_where(err, "%s", path);
	if (err && err->sys == EROFS)
		hs_error_hint(err, "the file system is mounted read-only");
	else if (geteuid())
		hs_error_hint(err, "run it as root");
	else
		hs_error_hint(err, "not even root may: see the log of SELinux "
				   "or AppArmor, lsattr, or the server the "
				   "folder is mounted from");
	return -1;
}

/* The name of what is being written beside `path`. */
static char *part_name(const char *path)
{
	return hs_format(".%.200s.https-setup.%ld", hs_path_name(path),
			 (long)getpid());
}

static int put_in_place(int dir, const char *part, const char *path,
			bool replace, struct error *err)
{
	const char *name = hs_path_name(path);

	if (replace && !renameat(dir, part, dir, name))
		return 0;
	if (!replace && hs_move_new(dir, part, name) == SWAP_DONE)
		return 0;
	hs_fail_errno(err, HS_CANNOT, "cannot write %s", path);
	hs_error_where(err, "%s", path);
	unlinkat(dir, part, 0);
	return -1;
}

int hs_file_write(const char *path, const void *bytes, size_t length,
		  mode_t mode, bool replace, struct error *err)
{
	hs_auto_free char *directory =
		strchr(path, '/') ? hs_path_directory(path) : hs_strdup(".");
	hs_auto_free char *part = part_name(path);
	hs_auto_close int dir = hs_openat(AT_FDCWD, directory,
					  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct file_meta meta = {
		.mode = mode,
		.uid = geteuid(),
		.gid = getegid(),
	};

	if (dir < 0)
		return hs_fail_errno(err, HS_CANNOT, "cannot open directory %s",
				     directory);
	unlinkat(dir, part, 0);
	if (hs_stage_file(dir, part, bytes, length, &meta, false, err) ||
	    put_in_place(dir, part, path, replace, err))
		return -1;
	if (hs_flush(dir))
		return hs_fail_errno(err, HS_CANNOT,
				     "cannot flush directory %s", directory);
	return 0;
}
