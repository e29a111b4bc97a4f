/*
 * A shared library that is opened when it is first needed, for what most runs
 * of the program never use.  It stays open to the end: what it opened itself
 * may, and libraries with threads are not closed safely.
 */
#ifndef CORE_BASE_LIBRARY_H
#define CORE_BASE_LIBRARY_H

#include <stdatomic.h>
#include <stddef.h>

#include "core/base/cleanup.h"

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

/* One that the program cannot do without, and what of it was opened. */
struct library {
	const char *file;
	const struct library_function *functions;
	size_t n_functions;
	void *table;
	void (*opened)(void); /* called once, before anybody else calls it;
				 NULL: nothing */
	atomic_bool is_open;
};

#define HS_LIBRARY(name, rows, slots)                                          \
	{                                                                      \
		.file = (name), .functions = (rows),                           \
		.n_functions = HS_LENGTH(rows), .table = (slots)               \
	}

/* The table of `library`, opened with the first call. Never fails: when it
 * cannot be opened, the handler below is called. Safe from several threads. */
const void *hs_library_need(struct library *library);

/* Sets what happens then: it gets the loader's reason, gives the terminal back,
 * says it and ends the program. It must not return; NULL: abort(). */
void hs_library_on_missing(void (*handler)(const char *file,
					   const char *reason));

#endif
