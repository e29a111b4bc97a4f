#include "core/probe/curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#ifndef HS_LIBCURL
#	define HS_LIBCURL "libcurl.so.4"
#endif

#define FUNCTION(name)                                                         \
	{                                                                      \
		"curl_" #name, offsetof(struct curl, name)                     \
	}

static const struct function {
	const char *name;
	size_t slot;
} functions[] = {
	FUNCTION(global_init),	       FUNCTION(easy_init),
	FUNCTION(easy_setopt),	       FUNCTION(easy_getinfo),
	FUNCTION(easy_strerror),       FUNCTION(easy_cleanup),
	FUNCTION(multi_init),	       FUNCTION(multi_add_handle),
	FUNCTION(multi_remove_handle), FUNCTION(multi_perform),
	FUNCTION(multi_wait),	       FUNCTION(multi_info_read),
	FUNCTION(multi_cleanup),       FUNCTION(slist_append),
	FUNCTION(slist_free_all),
};

/* The flavour that configure found, and what Debian's GnuTLS one is called. */
static const char *const files[] = {HS_LIBCURL, "libcurl.so.4",
				    "libcurl-gnutls.so.4"};

static struct curl library;
static bool is_there;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *open_library(void)
{
	void *handle = NULL;

	for (size_t i = 0; i < HS_LENGTH(files) && !handle; i++)
		handle = dlopen(files[i], RTLD_LAZY | RTLD_LOCAL);
	return handle;
}

/* It stays open to the end: libraries with threads are not closed safely. */
static void load(void)
{
	void *handle = open_library();

	if (!handle)
		return;
	for (size_t i = 0; i < HS_LENGTH(functions); i++) {
		void *symbol = dlsym(handle, functions[i].name);

		if (!symbol)
			return;
		memcpy((char *)&library + functions[i].slot, &symbol,
		       sizeof(symbol));
	}
	is_there = !library.global_init(CURL_GLOBAL_DEFAULT);
}

const struct curl *hs_curl(struct error *err)
{
	pthread_once(&once, load);
	if (is_there)
		return &library;
	hs_fail(err, HS_CANNOT, "libcurl is not installed");
	hs_error_hint(err, "install it (%s) to have HTTP looked at as well",
		      files[0]);
	return NULL;
}
