#include "core/probe/probe.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/probe/deep.h"
#include "core/probe/hops.h"
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
static bool start_thread(pthread_t *thread, void *(*body)(void *),
			 void *context)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	bool started;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = !pthread_create(thread, &attributes, body, context);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return started;
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

/* On loopback the site may be asked for as localhost, which redirects had
 * better leave alone. */
static void add_localhost(const struct probe_request *request,
			  struct probe_result *result,
			  struct http_requests *requests)
{
	struct http_request one = {
		.address = result->address,
		.port = result->http_port,
		.name = "localhost",
		.path = "/",
		.answer = &result->localhost,
	};

	if (result->http_port && strcmp(request->name, "localhost") != 0 &&
	    (!strncmp(result->address, "127.", 4) ||
	     !strcmp(result->address, "::1")))
		HS_PUSH(requests, one);
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
		if (request->deep)
			add_localhost(request, result, &requests);
	}
	if (requests.n)
		hs_http_ask(&requests, timeout_ms, request->cancel_fd);
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

/* Everything that one call has under way beside HTTP. */
struct work {
	const struct probe_request *request;
	struct probe_results *results;
	struct trust *trust;
	long long deadline;
	struct handshake *handshakes;
	struct probe_result *variants; /* two for each result of a deep one */
	size_t count;
	pthread_t hellos;
	bool hellos_started;
};

/* A name that no server has (RFC 6761, 6.4). */
static char wrong_name[] = "https-setup.invalid";

static void add_handshake(struct work *work, const struct probe_result *result,
			  const char *name, struct trust *trust,
			  struct probe_result *into)
{
	struct handshake *handshake = &work->handshakes[work->count++];

	handshake->result = into;
	handshake->request = (struct tls_request){
		.address = result->address,
		.port = result->https_port,
		.name = name,
		.trust = trust,
		.deadline = work->deadline,
		.cancel_fd = work->request->cancel_fd,
	};
}

static void make_handshakes(struct work *work)
{
	const struct probe_request *request = work->request;
	size_t n = work->results->n;

	work->handshakes = hs_alloc((3 * n + 1) * sizeof(*work->handshakes));
	work->variants = hs_alloc((2 * n + 1) * sizeof(*work->variants));
	for (size_t i = 0; i < n; i++) {
		struct probe_result *result = &work->results->items[i];

		if (!result->https_port)
			continue;
		add_handshake(work, result, request->name, work->trust, result);
		if (!request->deep)
			continue;
		add_handshake(work, result, NULL, NULL, &work->variants[2 * i]);
		add_handshake(work, result, wrong_name, NULL,
			      &work->variants[2 * i + 1]);
	}
}

static void *ask_hellos(void *context)
{
	struct work *work = context;

	hs_deep_offers(work->request->name, work->results, work->deadline,
		       work->request->cancel_fd);
	return NULL;
}

static void start(struct work *work)
{
	if (work->request->deep)
		work->hellos_started =
			start_thread(&work->hellos, ask_hellos, work);
	for (size_t i = 0; i < work->count; i++) {
		struct handshake *one = &work->handshakes[i];

		one->started = start_thread(&one->thread, shake_hands, one);
	}
}

static struct probe_variant take_variant(const struct probe_result *from)
{
	struct probe_variant variant = {
		.asked = true,
		.handshake = from->handshake && from->chain_length,
	};

	memcpy(variant.leaf, from->leaf, HS_HASH_SIZE);
	return variant;
}

static void result_done(struct probe_result *result);

static void take_variants(struct work *work)
{
	for (size_t i = 0; i < work->results->n; i++) {
		struct probe_result *result = &work->results->items[i];
		struct probe_result *variants = &work->variants[2 * i];

		result->deep = true;
		if (result->https_port) {
			result->no_sni = take_variant(&variants[0]);
			result->wrong_name = take_variant(&variants[1]);
		}
		result_done(&variants[0]);
		result_done(&variants[1]);
	}
}

static void await_all(struct work *work)
{
	await_threads(work->handshakes, work->count);
	if (work->hellos_started)
		pthread_join(work->hellos, NULL);
	else if (work->request->deep)
		ask_hellos(work);
	if (work->request->deep)
		take_variants(work);
	free(work->handshakes);
	free(work->variants);
}

static void follow(const struct probe_request *request, int timeout_ms,
		   struct probe_results *results)
{
	long long deadline = hs_clock_ms() + timeout_ms;

	if (request->deadline && request->deadline < deadline)
		deadline = request->deadline;
	hs_deep_http_ports(results, deadline, request->cancel_fd);
	hs_hops_follow(request->name, results, timeout_ms, deadline,
		       request->cancel_fd);
}

int hs_probe(const struct probe_request *request,
	     struct probe_results *ret_results, struct error *err)
{
	int timeout_ms = request->timeout_ms > 0 ? request->timeout_ms
						 : DEFAULT_TIMEOUT_MS;
	auto_trust struct trust *trust = hs_trust_new(request->ca, err);
	struct probe_results results;
	struct work work = {
		.request = request,
		.results = &results,
		.trust = trust,
		.deadline = hs_clock_ms() + timeout_ms,
	};
	sigset_t before;

	*ret_results = (struct probe_results){0};
	if (!trust)
		return -1;
	results = make_results(&request->targets);
	make_handshakes(&work);
	hold_sigpipe(&before);
	start(&work);
	if (request->http)
		ask_all(request, timeout_ms, &results);
	await_all(&work);
	if (request->http && request->deep)
		follow(request, timeout_ms, &results);
	release_sigpipe(&before);
	*ret_results = results;
	return 0;
}

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

static void answer_done(struct probe_answer *answer)
{
	free(answer->url);
	free(answer->location);
	free(answer->problem);
	hs_strings_done(&answer->hsts);
}

static void answers_done(struct probe_answers *answers)
{
	HS_EACH(answer, answers)
		answer_done(answer);
	HS_ARRAY_FREE(answers);
}

static void certificate_done(struct probe_certificate *certificate)
{
	free(certificate->subject);
	free(certificate->issuer);
	free(certificate->common_name);
	free(certificate->key_type);
	free(certificate->signature);
	hs_strings_done(&certificate->names);
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
	answers_done(&result->http_hops.answers);
	answers_done(&result->https_hops.answers);
	answer_done(&result->localhost);
	certificate_done(&result->certificate);
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
