#include "core/base/xml.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The one whose headers this was compiled with: its ABI changed once. */
#if LIBXML_VERSION >= 21400
#	define FILE_NAME "libxml2.so.16"
#else
#	define FILE_NAME "libxml2.so.2"
#endif

#define FUNCTION(name) {#name, offsetof(struct xml, name)},

static const struct function {
	const char *name;
	size_t slot;
} functions[] = {HS_XML_FUNCTIONS(FUNCTION)};

static struct xml library;
static bool is_there;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* It stays open to the end, as what it opened may. */
static void load(void)
{
	void *handle = dlopen(FILE_NAME, RTLD_LAZY | RTLD_LOCAL);

	if (!handle)
		return;
	for (size_t i = 0; i < HS_LENGTH(functions); i++) {
		void *symbol = dlsym(handle, functions[i].name);

		if (!symbol)
			return;
		memcpy((char *)&library + functions[i].slot, &symbol,
		       sizeof(symbol));
	}
	is_there = true;
}

const struct xml *hs_xml(struct error *err)
{
	pthread_once(&once, load);
	if (is_there)
		return &library;
	hs_fail(err, HS_CANNOT, "libxml2 is not installed");
	hs_error_hint(err, "install it (%s) to have XML read", FILE_NAME);
	return NULL;
}
