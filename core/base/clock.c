#include "core/base/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/cleanup.h"

#define SECOND 1000000000LL /* nanoseconds */

/* The line "boottime SECONDS NANOSECONDS" of that file; none without time
 * name spaces. */
static long long read_ahead(void)
{
	static const char key[] = "boottime";
	hs_auto_close int fd =
		open("/proc/self/timens_offsets", O_RDONLY | O_CLOEXEC);
	char text[256], *at;
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	long long seconds = 0, rest = 0;

	text[n > 0 ? n : 0] = '\0';
	at = strstr(text, key);
	if (!at ||
	    sscanf(at + sizeof(key) - 1, "%lld %lld", &seconds, &rest) != 2)
		return 0;
	return seconds * SECOND + rest;
}

/* A process stays in its name space. */
static long long ahead(void)
{
	static long long known;
	static int is_known;

	if (!is_known)
		known = read_ahead();
	is_known = 1;
	return known;
}

long long hs_clock_boot_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * SECOND + now.tv_nsec - ahead();
}

static long long tick(void)
{
	return SECOND / sysconf(_SC_CLK_TCK);
}

long long hs_clock_boot_ticks(void)
{
	return hs_clock_boot_ns() / tick();
}

long long hs_clock_boot_of_ticks(long long here)
{
	return here - ahead() / tick();
}

void hs_clock_boot_alarm(long long seconds, struct timespec *ret_here)
{
	long long at = seconds * SECOND + ahead();

	*ret_here = (struct timespec){
		.tv_sec = (time_t)(at / SECOND),
		.tv_nsec = (long)(at % SECOND),
	};
}
