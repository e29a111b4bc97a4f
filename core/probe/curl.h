/*
 * libcurl, opened when the first HTTP probe wants it.  To link it would cost
 * every start of the program some 4 ms and 4 MB, for it brings a dozen other
 * libraries along; most commands never ask anything over HTTP.
 */
#ifndef CORE_PROBE_CURL_H
#define CORE_PROBE_CURL_H

#include <curl/curl.h>

#include "core/base/error.h"

/* The functions in use, by their names without "curl_". */
struct curl {
	CURLcode (*global_init)(long flags);
	CURL *(*easy_init)(void);
	CURLcode (*easy_setopt)(CURL *easy, CURLoption option, ...);
	CURLcode (*easy_getinfo)(CURL *easy, CURLINFO info, ...);
	const char *(*easy_strerror)(CURLcode code);
	void (*easy_cleanup)(CURL *easy);
	CURLM *(*multi_init)(void);
	CURLMcode (*multi_add_handle)(CURLM *multi, CURL *easy);
	CURLMcode (*multi_remove_handle)(CURLM *multi, CURL *easy);
	CURLMcode (*multi_perform)(CURLM *multi, int *running);
	CURLMcode (*multi_wait)(CURLM *multi, struct curl_waitfd *extra,
				unsigned count, int timeout_ms, int *ready);
	CURLMsg *(*multi_info_read)(CURLM *multi, int *left);
	CURLMcode (*multi_cleanup)(CURLM *multi);
	struct curl_slist *(*slist_append)(struct curl_slist *list,
					   const char *text);
	void (*slist_free_all)(struct curl_slist *list);
};

/* The library, or NULL and HS_CANNOT when this machine has none. */
const struct curl *hs_curl(struct error *err);

#endif
