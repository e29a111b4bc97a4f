/*
 * The monotonic clock, for time limits: it does not jump when somebody sets
 * the date.
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

#endif
