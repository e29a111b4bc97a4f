#include "core/probe/deep.h"

#include "core/base/clock.h"

/* On the HTTP port: whether it speaks TLS at all, which shows at once. */
#define PORT_OFFER OFFER_TLS1_2
#define PORT_MS 1000

static void add(const char *name, const struct probe_result *result, int port,
		enum probe_offer offer, struct hellos *hellos)
{
	*HS_GROW(hellos) = (struct hello){
		.address = result->address,
		.port = port,
		.name = name,
		.offer = offer,
		.fd = -1,
	};
}

static void add_all(const char *name, const struct probe_result *result,
		    struct hellos *hellos)
{
	for (int offer = 0; offer < OFFER_MAX && result->https_port; offer++)
		add(name, result, result->https_port, (enum probe_offer)offer,
		    hellos);
}

static struct probe_result *result_of(const struct hello *hello,
				      struct probe_results *results)
{
	HS_EACH(result, results)
		if (result->address == hello->address)
			return result;
	return NULL;
}

static void take(const struct hello *hello, struct probe_result *result)
{
	result->offers[hello->offer] = hello->offered;
	if (hello->reply == REPLY_HTTP)
		result->speaks_http = true;
}

void hs_deep_offers(const char *name, struct probe_results *results,
		    long long deadline, int cancel_fd)
{
	struct hellos hellos = {0};

	HS_EACH(result, results)
		add_all(name, result, &hellos);
	hs_hello_ask(&hellos, deadline, cancel_fd);
	HS_EACH(hello, &hellos) {
		struct probe_result *result = result_of(hello, results);

		if (result)
			take(hello, result);
	}
	HS_ARRAY_FREE(&hellos);
}

static bool is_doubtful(const struct probe_result *result)
{
	const struct probe_answer *answer = result->http.items;

	return result->http_port && result->http.n &&
	       (!answer->status || answer->status == 400);
}

void hs_deep_http_ports(struct probe_results *results, long long deadline,
			int cancel_fd)
{
	long long soon = hs_clock_ms() + PORT_MS;
	struct hellos hellos = {0};

	HS_EACH(result, results)
		if (is_doubtful(result))
			add(NULL, result, result->http_port, PORT_OFFER,
			    &hellos);
	hs_hello_ask(&hellos, soon < deadline ? soon : deadline, cancel_fd);
	HS_EACH(hello, &hellos) {
		struct probe_result *result = result_of(hello, results);

		if (result)
			result->http_is_tls = hello->reply == REPLY_HELLO ||
					      hello->reply == REPLY_ALERT;
	}
	HS_ARRAY_FREE(&hellos);
}
