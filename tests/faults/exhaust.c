/*
 * Preloaded into a program: its nth allocation fails, where n is the number in
 * EXHAUST_AT ("n-": that one and all behind it).  EXHAUST_COUNT names a file
 * that gets, at the end, the number of all allocations, and EXHAUST_PLACES one
 * for the numbers of those that were the first from their place: from the same
 * dozen of calls within each other.  A child counts on from where its parent
 * was.
 */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The C library's own, which these stand in front of. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

enum { DEPTH = 12, PLACES = 1 << 16 };

/* Shared by parent and children, of which some can write nothing. */
struct places {
	uint64_t hashes[PLACES];       /* a hash table, 0: free */
	unsigned long numbers[PLACES]; /* of the first from each */
};

static unsigned long taken, at;
static int is_on, goes_on;
static struct places *places;

static void open_places(void)
{
	void *callers[DEPTH];

	places = mmap(NULL, sizeof(*places), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (places == MAP_FAILED)
		_exit(99);
	/* the first call of it loads a library */
	(void)backtrace(callers, DEPTH);
}

__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("EXHAUST_AT");

	at = text ? strtoul(text, NULL, 10) : 0;
	goes_on = text && strchr(text, '-');
	if (getenv("EXHAUST_PLACES"))
		open_places();
	is_on = 1;
}

static void write_number(int fd, unsigned long number)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%lu\n", number);

	if (write(fd, text, (size_t)length) != length)
		_exit(99);
}

static int create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		_exit(99);
	return fd;
}

static void write_places(int fd)
{
	for (int i = 0; i < PLACES; i++) {
		if (places->hashes[i])
			write_number(fd, places->numbers[i]);
	}
}

__attribute__((destructor)) static void end(void)
{
	const char *count = getenv("EXHAUST_COUNT");
	const char *list = getenv("EXHAUST_PLACES");
	int fd;

	is_on = 0;
	if (count) {
		fd = create(count);
		write_number(fd, taken);
		close(fd);
	}
	if (list && places) {
		fd = create(list);
		write_places(fd);
		close(fd);
	}
}

static uint64_t place(void)
{
	uint64_t hash = 14695981039346656037u;
	void *callers[DEPTH];
	int n;

	is_on = 0;
	n = backtrace(callers, DEPTH);
	is_on = 1;
	for (int i = 0; i < n; i++)
		hash = (hash ^ (uint64_t)(uintptr_t)callers[i]) *
		       1099511628211u;
	return hash ? hash : 1;
}

/* A table that is full takes no more: that is too many places to try. */
static void note_place(unsigned long number)
{
	uint64_t hash = place();
	size_t slot = (size_t)(hash >> 32) % PLACES;

	for (int i = 0; i < PLACES; i++, slot = (slot + 1) % PLACES) {
		if (places->hashes[slot] == hash)
			return;
		if (places->hashes[slot])
			continue;
		places->hashes[slot] = hash;
		places->numbers[slot] = number;
		return;
	}
}

static int fails(void)
{
	unsigned long n;

	if (!is_on)
		return 0;
	n = __atomic_add_fetch(&taken, 1, __ATOMIC_RELAXED);
	if (places)
		note_place(n);
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
