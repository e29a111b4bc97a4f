#include "core/base/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void (*missing_handler)(const char *file, const char *reason);

int hs_library_open(const char *const *files, size_t n_files,
		    const struct library_function *functions,
		    size_t n_functions, void *ret_table)
{
	void *handle = NULL;

	for (size_t i = 0; i < n_files && !handle; i++)
		handle = dlopen(files[i], RTLD_LAZY | RTLD_LOCAL);
	if (!handle)
		return -1;
	for (size_t i = 0; i < n_functions; i++) {
		void *symbol = dlsym(handle, functions[i].name);

		if (!symbol)
			return -1;
		memcpy((char *)ret_table + functions[i].slot, &symbol,
		       sizeof(symbol));
	}
	return 0;
}

void hs_library_on_missing(void (*handler)(const char *file,
					   const char *reason))
{
	missing_handler = handler;
}

static void open_needed(struct library *library)
{
	if (!hs_library_open(&library->file, 1, library->functions,
			     library->n_functions, library->table)) {
		if (library->opened)
			library->opened();
		atomic_store(&library->is_open, true);
		return;
	}
	if (missing_handler)
		missing_handler(library->file, dlerror());
	abort();
}

const void *hs_library_need(struct library *library)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

	if (!atomic_load(&library->is_open)) {
		pthread_mutex_lock(&one_at_a_time);
		if (!atomic_load(&library->is_open))
			open_needed(library);
		pthread_mutex_unlock(&one_at_a_time);
	}
	return library->table;
}
