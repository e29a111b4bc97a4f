#include "core/base/library.h"

#include <dlfcn.h>
#include <string.h>

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
