/*
 * A shared library that is opened when it is first needed, for what most runs
 * of the program never use.  It stays open to the end: what it opened itself
 * may, and libraries with threads are not closed safely.
 */
#ifndef CORE_BASE_LIBRARY_H
#define CORE_BASE_LIBRARY_H

#include <stddef.h>

/* A function of the library, and where its address goes. */
struct library_function {
	const char *name;
	size_t slot; /* offset of a pointer to it in the caller's table */
};

/* Opens the first of `files` that is there and fills `ret_table`.  0, or -1
 * when there is none, or when it lacks one of the functions. */
int hs_library_open(const char *const *files, size_t n_files,
		    const struct library_function *functions,
		    size_t n_functions, void *ret_table);

#endif
