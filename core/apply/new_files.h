/*
 * Files of the operator's own choosing that belong together (a key and its
 * certificate): either all of them are written, or none.
 */
#ifndef CORE_APPLY_NEW_FILES_H
#define CORE_APPLY_NEW_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/base/error.h"

struct new_file {
	char *path; /* as the kernel sees it */
	const void *bytes;
	size_t length;
	mode_t mode; /* from its first byte never more than that */
};

/*
 * Writes them.  A directory that is missing is made, the one above it must be
 * there.  `replace` false: none of the files may exist, and those written so
 * far are removed when a later one fails.  HS_CANNOT.
 */
int hs_new_files_write(const struct new_file *files, size_t n, bool replace,
		       struct error *err) HS_MUST_CHECK;

#endif
