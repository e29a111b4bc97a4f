/*
 * Clocks that do not jump when somebody sets the date: the monotonic one, for
 * time limits, and the one that counts from the machine's start and goes on
 * while it sleeps, for deadlines that several processes know.  The latter is
 * the machine's own whatever time name space (time_namespaces(7)) a process
 * is in.
 */
#ifndef CORE_BASE_CLOCK_H
#define CORE_BASE_CLOCK_H

#include <time.h>

/* Milliseconds since some moment. */
static inline long long hs_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Milliseconds until `deadline`, for poll(): never below 0. */
static inline int hs_clock_left(long long deadline)
{
	long long left = deadline - hs_clock_ms();

	if (left < 0)
		return 0;
	return left > 3600000 ? 3600000 : (int)left;
}

/* Nanoseconds since the machine started. */
long long hs_clock_boot_ns(void);
/* The same in clock ticks, in which /proc counts. */
long long hs_clock_boot_ticks(void);
/* What /proc says, in clock ticks, as the machine's own clock has it. */
long long hs_clock_boot_of_ticks(long long here);
/* A moment of that clock as timers (timerfd_settime(2)) are told it here. */
void hs_clock_boot_alarm(long long seconds, struct timespec *ret_here);

#endif
