/*
 * Preloaded into a program: its nth allocation fails, where n is the number in
 * EXHAUST_AT ("n-": that one and all behind it).  EXHAUST_COUNT names a file
 * that the number of all allocations is written to at the end.  A child counts
 * on from where its parent was.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The C library's own, which these stand in front of. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static unsigned long taken, at;
static int is_on, goes_on;

__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("EXHAUST_AT");

	at = text ? strtoul(text, NULL, 10) : 0;
	goes_on = text && strchr(text, '-');
	is_on = 1;
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("EXHAUST_COUNT");
	char text[32];
	int fd, length;

	is_on = 0;
	if (!path)
		return;
	length = snprintf(text, sizeof(text), "%lu\n", taken);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, (size_t)length) != length)
		_exit(99);
	close(fd);
}

static int fails(void)
{
	unsigned long n;

	if (!is_on)
		return 0;
	n = __atomic_add_fetch(&taken, 1, __ATOMIC_RELAXED);
	if (n != at && !(goes_on && n > at))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *pointer, size_t size)
{
	return fails() ? NULL : __libc_realloc(pointer, size);
}

void *memalign(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **slot, size_t alignment, size_t size)
{
	*slot = fails() ? NULL : __libc_memalign(alignment, size);
	return *slot ? 0 : ENOMEM;
}
