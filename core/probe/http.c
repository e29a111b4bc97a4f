#include "core/probe/http.h"

#include <string.h>
#include <strings.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/str.h"
#include "core/probe/curl.h"
#include "core/probe/tls.h"

/* What servers limit themselves to is 8 to 64 KiB; more is an attack. */
#define HEADERS_MAX (128 * 1024)

/* One request on its way. */
struct transfer {
	const struct http_request *request;
	CURL *easy;
	struct curl_slist *connect_to;
	size_t header_bytes;
	int status;    /* of the answer whose headers come now */
	bool complete; /* they have all come */
	char error[CURL_ERROR_SIZE];
};

static bool is_plain(const char *text, const char *also)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c <= ' ' || c >= 0x7f)
			return false;
		if (!strchr(also, c) && strchr("@?#\\/[]\"<>^`{|}%", c))
			return false;
	}
	return true;
}

/* The URL as somebody would type it: no port where it is the usual one. */
static char *make_url(const struct http_request *request)
{
	const char *name = request->name ? request->name : request->address;
	bool bracket = strchr(name, ':') != NULL;
	struct str url = {0};

	if (!*name || !is_plain(name, "") || *request->path != '/' ||
	    !is_plain(request->path, "@?/[]%{}|^"))
		return NULL;
	hs_str_puts(&url, request->tls ? "https://" : "http://");
	hs_str_printf(&url, "%s%s%s", bracket ? "[" : "", name,
		      bracket ? "]" : "");
	if (request->port != (request->tls ? 443 : 80))
		hs_str_printf(&url, ":%d", request->port);
	hs_str_puts(&url, request->path);
	return hs_str_take(&url);
}

/* "::127.0.0.1:8443": whatever the URL says, connect there. */
static char *make_connect_to(const struct http_request *request)
{
	bool bracket = strchr(request->address, ':') != NULL;

	return hs_format("::%s%s%s:%d", bracket ? "[" : "", request->address,
			 bracket ? "]" : "", request->port);
}

/* The value of a header line when it has that name; NULL otherwise. */
static char *header_value(const char *line, size_t length, const char *name)
{
	size_t skip = strlen(name);

	if (length <= skip || strncasecmp(line, name, skip) ||
	    line[skip] != ':')
		return NULL;
	line += skip + 1;
	length -= skip + 1;
	while (length && strchr(" \t", *line)) {
		line++;
		length--;
	}
	while (length && strchr(" \t\r\n", line[length - 1]))
		length--;
	return hs_strndup(line, length);
}

static void forget_headers(struct probe_answer *answer)
{
	hs_strings_done(&answer->hsts);
	free(answer->location);
	answer->location = NULL;
	answer->sets_cookie = false;
}

/* What no header has (RFC 9110, 5.5) and what could steer a terminal. */
static bool has_controls(const char *line, size_t length)
{
	while (length && strchr("\r\n", line[length - 1]))
		length--;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)line[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return true;
	}
	return false;
}

/* "HTTP/1.1 200 OK", "HTTP/2 200": whether it is such a line. */
static bool read_status(const char *line, size_t length, int *ret_status)
{
	const char *digits = memchr(line, ' ', length);
	int status = 0;

	if (length < 5 || strncasecmp(line, "HTTP/", 5))
		return false;
	while (digits && ++digits < line + length && *digits >= '0' &&
	       *digits <= '9' && status < 1000)
		status = 10 * status + *digits - '0';
	*ret_status = status;
	return true;
}

/*
 * libcurl hands over one whole line at a time, status lines and the empty one
 * at the end included.  With that one all is known that is wanted: to refuse
 * it ends the transfer before a body comes.
 */
static size_t take_header(char *line, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	struct probe_answer *answer = transfer->request->answer;
	size_t length = size * count;
	char *value;

	transfer->header_bytes += length;
	if (transfer->header_bytes > HEADERS_MAX)
		return 0;
	if (read_status(line, length, &transfer->status)) {
		forget_headers(answer); /* of an interim answer (1xx) */
		return length;
	}
	if (*line == '\r' || *line == '\n') {
		transfer->complete = transfer->status >= 200;
		return transfer->complete ? 0 : length;
	}
	value = header_value(line, length, "Strict-Transport-Security");
	if (value)
		HS_PUSH(&answer->hsts, value);
	answer->hostile |= has_controls(line, length);
	value = header_value(line, length, "Set-Cookie");
	answer->sets_cookie |= value != NULL;
	free(value);
	value = answer->location ? NULL
				 : header_value(line, length, "Location");
	if (value)
		answer->location = value;
	return length;
}

/* Only what has no headers (HTTP/0.9) comes here. */
static size_t refuse_body(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes;
	(void)size;
	(void)count;
	(void)context;
	return 0;
}

static void set_options(const struct curl *curl, struct transfer *transfer,
			int timeout_ms)
{
	const struct http_request *request = transfer->request;
	CURL *easy = transfer->easy;

	curl->easy_setopt(easy, CURLOPT_URL, request->answer->url);
	curl->easy_setopt(easy, CURLOPT_CONNECT_TO, transfer->connect_to);
	curl->easy_setopt(easy, CURLOPT_PRIVATE, (char *)transfer);
	curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
	curl->easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
	curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl->easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl->easy_setopt(easy, CURLOPT_PROXY, "");
	curl->easy_setopt(easy, CURLOPT_HTTP_VERSION,
			  (long)CURL_HTTP_VERSION_1_1);
	curl->easy_setopt(easy, CURLOPT_USERAGENT, "https-setup");
	curl->easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl->easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, refuse_body);
	curl->easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
	curl->easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	/* else the bundle is read even though nothing is verified */
	curl->easy_setopt(easy, CURLOPT_CAINFO, NULL);
	curl->easy_setopt(easy, CURLOPT_CAPATH, NULL);
	curl->easy_setopt(easy, CURLOPT_SSLVERSION,
			  (long)CURL_SSLVERSION_TLSv1_0);
	curl->easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, "ALL:@SECLEVEL=0");
}

static void start(const struct curl *curl, CURLM *multi,
		  struct transfer *transfer, int timeout_ms)
{
	struct probe_answer *answer = transfer->request->answer;
	hs_auto_free char *connect_to = NULL;

	answer->url = make_url(transfer->request);
	if (!answer->url) {
		answer->url = hs_strdup(transfer->request->path);
		answer->problem = hs_strdup(_("this is no name or path to ask "
					      "for"));
		return;
	}
	connect_to = make_connect_to(transfer->request);
	transfer->connect_to = curl->slist_append(NULL, connect_to);
	transfer->easy = curl->easy_init();
	if (!transfer->easy) {
		answer->problem = hs_strdup(_("libcurl cannot start"));
		return;
	}
	set_options(curl, transfer, timeout_ms);
	curl->multi_add_handle(multi, transfer->easy);
}

/* An answer counts once its headers are complete. */
static void finish(const struct curl *curl, struct transfer *transfer,
		   CURLcode code)
{
	struct probe_answer *answer = transfer->request->answer;

	if (transfer->complete) {
		answer->status = transfer->status;
		return;
	}
	forget_headers(answer);
	if (transfer->header_bytes > HEADERS_MAX)
		answer->problem = hs_strdup(_("its headers are too large"));
	else
		answer->problem =
			hs_strdup(*transfer->error ? transfer->error
						   : curl->easy_strerror(code));
}

static void take_finished(const struct curl *curl, CURLM *multi)
{
	CURLMsg *message;
	int left;

	while ((message = curl->multi_info_read(multi, &left))) {
		char *context = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
				   &context);
		finish(curl, (struct transfer *)(void *)context,
		       message->data.result);
	}
}

static void run(const struct curl *curl, CURLM *multi, long long deadline,
		int cancel_fd)
{
	struct curl_waitfd cancel = {.fd = cancel_fd,
				     .events = CURL_WAIT_POLLIN};
	int running;

	for (;;) {
		if (curl->multi_perform(multi, &running))
			return;
		take_finished(curl, multi);
		if (!running || !hs_clock_left(deadline))
			return;
		curl->multi_wait(multi, &cancel, cancel_fd > 0,
				 hs_clock_left(deadline), NULL);
		if (cancel.revents)
			return;
	}
}

static void done(const struct curl *curl, CURLM *multi,
		 struct transfer *transfer)
{
	struct probe_answer *answer = transfer->request->answer;

	if (!answer->status && !answer->problem) {
		forget_headers(answer);
		answer->problem = hs_strdup(_("no answer came in time"));
	}
	if (transfer->easy) {
		curl->multi_remove_handle(multi, transfer->easy);
		curl->easy_cleanup(transfer->easy);
	}
	curl->slist_free_all(transfer->connect_to);
}

static void ask_nobody(const struct http_requests *requests,
		       const char *problem)
{
	HS_EACH(request, requests) {
		request->answer->url = make_url(request);
		request->answer->problem = hs_strdup(problem);
	}
}

void hs_http_ask(const struct http_requests *requests, int timeout_ms,
		 int cancel_fd)
{
	struct error err = {0};
	const struct curl *curl = hs_curl(&err);
	CURLM *multi = curl ? curl->multi_init() : NULL;
	hs_auto_free struct transfer *transfers = NULL;

	if (!multi) {
		ask_nobody(requests,
			   curl ? _("libcurl cannot start") : err.what);
		return;
	}
	transfers = hs_alloc(requests->n * sizeof(*transfers));
	for (size_t i = 0; i < requests->n; i++) {
		transfers[i].request = &requests->items[i];
		start(curl, multi, &transfers[i], timeout_ms);
	}
	/* libcurl's own limit comes first; this one is the belt to it */
	run(curl, multi, hs_clock_ms() + timeout_ms + 100, cancel_fd);
	for (size_t i = 0; i < requests->n; i++)
		done(curl, multi, &transfers[i]);
	curl->multi_cleanup(multi);
}
