#include "core/probe/curl.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/library.h"

#ifndef HS_LIBCURL
#	define HS_LIBCURL "libcurl.so.4"
#endif

#define FUNCTION(name)                                                         \
	{                                                                      \
		"curl_" #name, offsetof(struct curl, name)                     \
	}

static const struct library_function functions[] = {
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

static void load(void)
{
	is_there = !hs_library_open(files, HS_LENGTH(files), functions,
				    HS_LENGTH(functions), &library) &&
		   !library.global_init(CURL_GLOBAL_DEFAULT);
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
