#include "core/base/xml.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/library.h"
#include "core/base/memory.h"

/* The one whose headers this was compiled with: its ABI changed once. */
#if LIBXML_VERSION >= 21400
#	define FILE_NAME "libxml2.so.16"
#else
#	define FILE_NAME "libxml2.so.2"
#endif

#define FUNCTION(name) {#name, offsetof(struct xml, name)},

static const struct library_function functions[] = {HS_XML_FUNCTIONS(FUNCTION)};

static struct xml library;
static bool is_there;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
	static const char *const files[] = {FILE_NAME};

	is_there = !hs_library_open(files, HS_LENGTH(files), functions,
				    HS_LENGTH(functions), &library);
	if (is_there)
		library.xmlMemSetup(free, hs_memory_serve, hs_memory_serve_more,
				    hs_strdup);
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
