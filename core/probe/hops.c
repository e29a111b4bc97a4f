#include "core/probe/hops.h"

#include <string.h>
#include <strings.h>

#include "core/base/clock.h"
#include "core/probe/http.h"
#include "core/probe/location.h"

/* Browsers give up after some 20; nobody means more than a few. */
#define HOPS_MAX 10

/* One way of redirects that is being followed. */
struct way {
	struct probe_hops *hops;
	const char *address;
	char *host; /* what is asked next */
	char *url;
	bool ended;
};
struct ways HS_ARRAY(struct way);

static struct probe_answer copy_answer(const struct probe_answer *answer)
{
	return (struct probe_answer){
		.url = hs_strdup(answer->url),
		.status = answer->status,
		.location = hs_strdup(answer->location),
		.hsts = hs_strings_copy(&answer->hsts),
		.problem = hs_strdup(answer->problem),
		.hostile = answer->hostile,
		.sets_cookie = answer->sets_cookie,
	};
}

static void begin(struct probe_result *result,
		  const struct probe_answers *answers, struct probe_hops *hops,
		  struct ways *ways)
{
	if (!answers->n || !answers->items[0].status)
		return;
	/* of one piece from the start: requests point into it */
	hops->answers.items =
		hs_alloc((HOPS_MAX + 1) * sizeof(*hops->answers.items));
	hops->answers.cap = HOPS_MAX + 1;
	hops->answers.items[0] = copy_answer(&answers->items[0]);
	hops->answers.n = 1;
	*HS_GROW(ways) = (struct way){
		.hops = hops,
		.address = result->address,
	};
}

static bool is_redirect(const struct probe_answer *answer)
{
	return answer->location && answer->status >= 301 &&
	       answer->status <= 308 && answer->status != 304;
}

static const char *without_www(const char *host)
{
	return strncasecmp(host, "www.", 4) ? host : host + 4;
}

static bool is_of_site(const char *name, const char *host)
{
	hs_auto_free char *bare = hs_strdup(host);
	size_t length = strlen(bare);

	if (length > 2 && bare[0] == '[') {
		bare[length - 1] = '\0';
		return strcasecmp(bare + 1, name) == 0;
	}
	return strcasecmp(without_www(bare), without_www(name)) == 0;
}

static bool was_there(const struct probe_answers *answers, const char *url)
{
	struct location to = hs_location_read(url);

	HS_EACH(answer, answers) {
		struct location at = hs_location_read(answer->url);

		if (hs_location_is(&at, &to))
			return true;
	}
	return false;
}

/* A page may send a cookie and itself once more: that is no loop yet. */
static bool any_cookie(const struct probe_answers *answers)
{
	HS_EACH(answer, answers)
		if (answer->sets_cookie)
			return true;
	return false;
}

static enum probe_end next_step(const char *name, struct way *way)
{
	const struct probe_answers *answers = &way->hops->answers;
	const struct probe_answer *last = &answers->items[answers->n - 1];
	struct location to;

	if (!last->status)
		return PROBE_STRANDED;
	if (!is_redirect(last))
		return PROBE_ARRIVED;
	free(way->url);
	way->url = hs_location_resolve(last->url, last->location);
	if (!way->url)
		return PROBE_LEFT;
	to = hs_location_read(way->url);
	if (!is_of_site(name, to.host))
		return PROBE_LEFT;
	if (was_there(answers, way->url))
		return any_cookie(answers) ? PROBE_LEFT : PROBE_LOOPED;
	return answers->n > HOPS_MAX ? PROBE_LOOPED : PROBE_NOT_FOLLOWED;
}

/* The host as a name: without the brackets of an IPv6 address. */
static char *bare_host(const char *host)
{
	size_t length = strlen(host);

	if (length > 2 && host[0] == '[')
		return hs_strndup(host + 1, length - 2);
	return hs_strdup(host);
}

static void ask_next(struct way *way, struct http_requests *requests)
{
	struct probe_answers *answers = &way->hops->answers;
	struct location to = hs_location_read(way->url);

	free(way->host);
	way->host = bare_host(to.host);
	*HS_GROW(requests) = (struct http_request){
		.address = way->address,
		.port = to.port,
		.tls = to.https,
		.name = way->host,
		.path = to.path,
		.answer = &answers->items[answers->n++],
	};
}

/* One more hop on every way that goes on; false when none does. */
static bool go_on(const char *name, struct ways *ways, int timeout_ms,
		  int cancel_fd)
{
	struct http_requests requests = {0};
	bool any;

	HS_EACH(way, ways) {
		if (way->ended)
			continue;
		way->hops->end = next_step(name, way);
		way->ended = way->hops->end != PROBE_NOT_FOLLOWED;
		if (!way->ended)
			ask_next(way, &requests);
	}
	any = requests.n > 0;
	if (any)
		hs_http_ask(&requests, timeout_ms, cancel_fd);
	HS_ARRAY_FREE(&requests);
	return any;
}

void hs_hops_follow(const char *name, struct probe_results *results,
		    int timeout_ms, long long deadline, int cancel_fd)
{
	struct ways ways = {0};

	HS_EACH(result, results) {
		begin(result, &result->http, &result->http_hops, &ways);
		begin(result, &result->https, &result->https_hops, &ways);
	}
	while (hs_clock_left(deadline)) {
		int left = hs_clock_left(deadline);

		if (!go_on(name, &ways, timeout_ms < left ? timeout_ms : left,
			   cancel_fd))
			break;
	}
	HS_EACH(way, &ways) {
		free(way->host);
		free(way->url);
	}
	HS_ARRAY_FREE(&ways);
}
