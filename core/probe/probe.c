#include "core/probe/probe.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/probe/http.h"
#include "core/probe/tls.h"
#include "core/probe/trust.h"

#define DEFAULT_TIMEOUT_MS 5000
#define STACK_SIZE (256 * 1024)

/* One handshake, in a thread of its own. */
struct handshake {
	struct tls_request request;
	struct probe_result *result;
	pthread_t thread;
	bool started;
};

static void free_trust(struct trust **trust)
{
	hs_trust_free(*trust);
}

#define auto_trust HS_CLEANUP(free_trust)

/*
 * OpenSSL writes to sockets with write(): where the other side has gone, that
 * raises SIGPIPE.  It is held back while we probe, in the threads that are
 * started then as well, and the one that may have come is taken away.
 */
static void hold_sigpipe(sigset_t *ret_before)
{
	sigset_t pipe;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe, ret_before);
}

static void release_sigpipe(const sigset_t *before)
{
	struct timespec now = {0};
	sigset_t pipe;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	if (!sigismember(before, SIGPIPE))
		(void)sigtimedwait(&pipe, NULL, &now);
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

static void *shake_hands(void *context)
{
	struct handshake *handshake = context;

	hs_tls_probe(&handshake->request, handshake->result);
	return NULL;
}

/* Signals are for the thread that runs the program. */
static void start_threads(struct handshake *handshakes, size_t count)
{
	pthread_attr_t attributes;
	sigset_t all, before;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (size_t i = 0; i < count; i++)
		handshakes[i].started =
			!pthread_create(&handshakes[i].thread, &attributes,
					shake_hands, &handshakes[i]);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
}

static void await_threads(struct handshake *handshakes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (handshakes[i].started)
			pthread_join(handshakes[i].thread, NULL);
		else
			shake_hands(&handshakes[i]);
	}
}

static void add_requests(const struct probe_request *request,
			 struct probe_result *result, bool tls,
			 struct http_requests *requests)
{
	const struct strings *paths = request->paths;
	size_t count = paths && paths->n ? paths->n : 1;
	struct probe_answers *answers = tls ? &result->https : &result->http;

	/* of one piece from the start: requests point into it */
	answers->items = hs_alloc(count * sizeof(*answers->items));
	answers->n = answers->cap = count;
	for (size_t i = 0; i < count; i++) {
		struct http_request one = {
			.address = result->address,
			.port = tls ? result->https_port : result->http_port,
			.tls = tls,
			.name = request->name,
			.path = paths && paths->n ? paths->items[i] : "/",
			.answer = &answers->items[i],
		};

		HS_PUSH(requests, one);
	}
}

static void ask_all(const struct probe_request *request, int timeout_ms,
		    struct probe_results *results)
{
	struct http_requests requests = {0};

	HS_EACH(result, results) {
		if (result->https_port)
			add_requests(request, result, true, &requests);
		if (result->http_port)
			add_requests(request, result, false, &requests);
	}
	if (requests.n)
		hs_http_ask(&requests, timeout_ms);
	HS_ARRAY_FREE(&requests);
}

static struct probe_results make_results(const struct probe_targets *targets)
{
	struct probe_results results = {0};

	HS_EACH(target, targets) {
		struct probe_result result = {
			.address = hs_strdup(target->address),
			.https_port = target->https_port,
			.http_port = target->http_port,
		};

		HS_PUSH(&results, result);
	}
	return results;
}

/* One for each result that has a port for HTTPS; returns how many. */
static size_t make_handshakes(const struct probe_request *request,
			      struct trust *trust, int timeout_ms,
			      struct probe_results *results,
			      struct handshake *handshakes)
{
	long long deadline = hs_clock_ms() + timeout_ms;
	size_t count = 0;

	HS_EACH(result, results) {
		if (!result->https_port)
			continue;
		handshakes[count].request = (struct tls_request){
			.address = result->address,
			.port = result->https_port,
			.name = request->name,
			.trust = trust,
			.deadline = deadline,
		};
		handshakes[count++].result = result;
	}
	return count;
}

int hs_probe(const struct probe_request *request,
	     struct probe_results *ret_results, struct error *err)
{
	int timeout_ms = request->timeout_ms > 0 ? request->timeout_ms
						 : DEFAULT_TIMEOUT_MS;
	auto_trust struct trust *trust = hs_trust_new(request->ca, err);
	hs_auto_free struct handshake *handshakes = NULL;
	struct probe_results results;
	sigset_t before;
	size_t count;

	*ret_results = (struct probe_results){0};
	if (!trust)
		return -1;
	results = make_results(&request->targets);
	handshakes = hs_alloc(results.n * sizeof(*handshakes));
	count = make_handshakes(request, trust, timeout_ms, &results,
				handshakes);
	hold_sigpipe(&before);
	start_threads(handshakes, count);
	if (request->http)
		ask_all(request, timeout_ms, &results);
	await_threads(handshakes, count);
	release_sigpipe(&before);
	*ret_results = results;
	return 0;
}

static void result_done(struct probe_result *result);

int hs_probe_leaf(const struct probe_target *target, const char *name,
		  int timeout_ms, unsigned char ret_leaf[static HS_HASH_SIZE])
{
	int limit = timeout_ms > 0 ? timeout_ms : DEFAULT_TIMEOUT_MS;
	struct tls_request request = {
		.address = target->address,
		.port = target->https_port,
		.name = name,
		.deadline = hs_clock_ms() + limit,
	};
	struct probe_result result = {0};
	sigset_t before;
	int status;

	hold_sigpipe(&before);
	hs_tls_probe(&request, &result);
	release_sigpipe(&before);
	status = result.handshake && result.chain_length ? 0 : -1;
	memcpy(ret_leaf, result.leaf, HS_HASH_SIZE);
	result_done(&result);
	return status;
}

static void answers_done(struct probe_answers *answers)
{
	HS_EACH(answer, answers) {
		free(answer->url);
		free(answer->location);
		free(answer->problem);
		hs_strings_done(&answer->hsts);
	}
	HS_ARRAY_FREE(answers);
}

static void result_done(struct probe_result *result)
{
	free(result->address);
	free(result->problem);
	free(result->protocol);
	free(result->cipher);
	free(result->alpn);
	free(result->trust_problem);
	answers_done(&result->https);
	answers_done(&result->http);
}

void hs_probe_results_done(struct probe_results *results)
{
	HS_EACH(result, results)
		result_done(result);
	HS_ARRAY_FREE(results);
}

void hs_probe_targets_done(struct probe_targets *targets)
{
	HS_EACH(target, targets)
		free(target->address);
	HS_ARRAY_FREE(targets);
}
