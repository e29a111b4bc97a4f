/*
 * Preloaded into a program: the power goes before its nth step, where a step
 * is a call that changes something on a disk and n is the number in CUT_AT.
 * The file systems mounted at CUT_DISKS ("DIR:DIR") stop as they are, with
 * nothing of what is only in memory; the program is killed.
 *
 *	CUT_COUNT=FILE	the number of all steps is written to it at the end
 *	CUT_FLUSH=yes	before, somebody else flushes a file of his own there,
 *			which makes the file system write its journal
 *	CUT_DEAF=yes	directories are not flushed: to see the test fail
 *
 * Faults that strace(1) cannot make, since it leaves out the call itself:
 *
 *	CUT_SHORT=N	the Nth write takes only the first two bytes
 *	CUT_CLOSE=N	the Nth close closes, and says EIO
 *	CUT_STRUCK=FILE	says there that it struck
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GOING_DOWN _IOR('X', 125, uint32_t) /* FS_IOC_GOINGDOWN */
#define NO_LOG_FLUSH 2

static unsigned long taken, at, writes, short_at, closes, close_at;
static pid_t self;

static unsigned long number(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void)
{
	at = number("CUT_AT");
	short_at = number("CUT_SHORT");
	close_at = number("CUT_CLOSE");
	self = getpid();
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("CUT_COUNT");
	char text[32];
	int fd, length;

	if (!path || getpid() != self)
		return;
	length = snprintf(text, sizeof(text), "%lu %lu %lu\n", taken, writes,
			  closes);
	fd = (int)syscall(SYS_openat, AT_FDCWD, path,
			  O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || syscall(SYS_write, fd, text, length) != length)
		_exit(99);
}

static void flush_another(int disk)
{
	int fd = (int)syscall(SYS_openat, disk, "another",
			      O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || syscall(SYS_write, fd, "x", 1) != 1 ||
	    syscall(SYS_fsync, fd))
		_exit(99);
}

static void cut(void)
{
	const char *disks = getenv("CUT_DISKS");
	char *list = strdup(disks ? disks : ""), *rest = list, *path;
	int fds[8], n = 0;

	while (n < 8 && (path = strsep(&rest, ":")))
		fds[n++] = open(path, O_RDONLY | O_DIRECTORY);
	for (int i = 0; getenv("CUT_FLUSH") && i < n; i++)
		flush_another(fds[i]);
	for (int i = 0; i < n; i++) {
		uint32_t how = NO_LOG_FLUSH;

		if (ioctl(fds[i], GOING_DOWN, &how)) {
			perror("cut");
			_exit(99);
		}
	}
	kill(self, SIGKILL);
	_exit(99);
}

/* A child is not counted. */
static void step(void)
{
	if (getpid() == self &&
	    __atomic_add_fetch(&taken, 1, __ATOMIC_RELAXED) == at)
		cut();
}

static int strikes(unsigned long *count, unsigned long when)
{
	const char *path = getenv("CUT_STRUCK");
	int fd;

	if (getpid() != self ||
	    __atomic_add_fetch(count, 1, __ATOMIC_RELAXED) != when)
		return 0;
	fd = (int)syscall(SYS_openat, AT_FDCWD, path ? path : "/dev/null",
			  O_WRONLY | O_CREAT | O_TRUNC, 0600);
	syscall(SYS_write, fd, "(INJECTED)\n", 11);
	syscall(SYS_close, fd);
	return 1;
}

static size_t shorten(size_t length)
{
	return strikes(&writes, short_at) && length > 2 ? 2 : length;
}

static int is_ignored(int fd)
{
	struct stat st;

	return getenv("CUT_DEAF") && !fstat(fd, &st) && S_ISDIR(st.st_mode);
}

#define STEP(type, name, number, declared, ...)                                \
	type name declared;                                                    \
	type name declared                                                     \
	{                                                                      \
		step();                                                        \
		return (type)syscall(number, __VA_ARGS__);                     \
	}

STEP(int, renameat2, SYS_renameat2,
     (int a, const char *from, int b, const char *to, unsigned flags), a, from,
     b, to, flags)
STEP(int, renameat, SYS_renameat2,
     (int a, const char *from, int b, const char *to), a, from, b, to, 0)
STEP(int, rename, SYS_renameat2, (const char *from, const char *to), AT_FDCWD,
     from, AT_FDCWD, to, 0)
STEP(int, linkat, SYS_linkat,
     (int a, const char *from, int b, const char *to, int flags), a, from, b,
     to, flags)
STEP(int, symlinkat, SYS_symlinkat, (const char *to, int dir, const char *name),
     to, dir, name)
STEP(int, unlinkat, SYS_unlinkat, (int dir, const char *name, int flags), dir,
     name, flags)
STEP(int, unlink, SYS_unlinkat, (const char *name), AT_FDCWD, name, 0)
STEP(int, mkdirat, SYS_mkdirat, (int dir, const char *name, mode_t mode), dir,
     name, mode)
STEP(int, mkdir, SYS_mkdirat, (const char *name, mode_t mode), AT_FDCWD, name,
     mode)
STEP(int, ftruncate, SYS_ftruncate, (int fd, off_t length), fd, length)
STEP(int, ftruncate64, SYS_ftruncate, (int fd, off_t length), fd, length)
STEP(int, fchmod, SYS_fchmod, (int fd, mode_t mode), fd, mode)
STEP(int, fchown, SYS_fchown, (int fd, uid_t uid, gid_t gid), fd, uid, gid)

int fsync(int fd)
{
	step();
	return is_ignored(fd) ? 0 : (int)syscall(SYS_fsync, fd);
}

int close(int fd)
{
	int result = (int)syscall(SYS_close, fd);

	if (!strikes(&closes, close_at))
		return result;
	errno = EIO;
	return -1;
}

int fdatasync(int fd)
{
	step();
	return (int)syscall(SYS_fdatasync, fd);
}

ssize_t write(int fd, const void *bytes, size_t length)
{
	step();
	return syscall(SYS_write, fd, bytes, shorten(length));
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
	step();
	return syscall(SYS_pwrite64, fd, bytes, shorten(length), offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset)
{
	return pwrite(fd, bytes, length, offset);
}

int openat(int dir, const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
	va_end(args);
	if (flags & O_CREAT)
		step();
	return (int)syscall(SYS_openat, dir, path, flags, mode);
}

int openat64(int dir, const char *path, int flags, ...)
	__attribute__((alias("openat")));
