/*
 * Ownership by attribute: a variable marked with one of these is released
 * when it leaves its scope.  To hand the object on, take it with hs_steal().
 * A cleanup owns the whole object: memory and descriptors alike.
 */
#ifndef CORE_BASE_CLEANUP_H
#define CORE_BASE_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

#define HS_CLEANUP(release) __attribute__((cleanup(release)))
#define HS_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define HS_MUST_CHECK __attribute__((warn_unused_result))

static inline void hs_cleanup_free(void *slot)
{
	free(*(void **)slot);
}

static inline void hs_cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* A pointer from malloc(). */
#define hs_auto_free HS_CLEANUP(hs_cleanup_free)
/* A file descriptor, or -1. */
#define hs_auto_close HS_CLEANUP(hs_cleanup_close)

/* The value of `pointer`, which is NULL afterwards: ownership has moved. */
#define hs_steal(pointer)                                                      \
	({                                                                     \
		__typeof__(pointer) hs_stolen = (pointer);                     \
		(pointer) = NULL;                                              \
		hs_stolen;                                                     \
	})

#define HS_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
