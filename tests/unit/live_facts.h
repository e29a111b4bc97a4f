/*
 * What probing an address yields when all is well, for tests of live rules.
 */
#ifndef TESTS_UNIT_LIVE_FACTS_H
#define TESTS_UNIT_LIVE_FACTS_H

#include "tests/unit/rule_cases.h"

#define NAME "name=www.example.test "
#define AGE "max-age=31536000"

/* An address where all is well. */
static inline struct probe_result *add_result(struct facts *facts,
					      const char *address)
{
	struct probe_result *result = HS_GROW(&facts->probes);

	*result = (struct probe_result){
		.address = hs_strdup(address),
		.https_port = 443,
		.http_port = 80,
		.connected = true,
		.handshake = true,
		.protocol = hs_strdup("TLSv1.3"),
		.cipher = hs_strdup("TLS_AES_256_GCM_SHA384"),
		.alpn = hs_strdup("h2"),
		.trusted = true,
		.name_fits = true,
	};
	return result;
}

static inline struct probe_answer *add_answer(struct probe_answers *answers,
					      const char *url, int status,
					      const char *location)
{
	struct probe_answer *answer = HS_GROW(answers);

	*answer = (struct probe_answer){
		.url = hs_strdup(url),
		.status = status,
		.location = hs_strdup(location),
	};
	return answer;
}

static inline struct probe_result *usual_result(struct facts *facts)
{
	struct probe_result *result = add_result(facts, "192.0.2.10");
	struct probe_answer *answer;

	add_answer(&result->http, "http://www.example.test/", 302,
		   "https://www.example.test/");
	add_answer(&result->http, "http://www.example.test/a?b=c", 302,
		   "https://www.example.test/a?b=c");
	answer = add_answer(&result->https, "https://www.example.test/", 200,
			    NULL);
	hs_strings_add(&answer->hsts, AGE);
	answer = add_answer(&result->https, "https://www.example.test/a", 404,
			    NULL);
	hs_strings_add(&answer->hsts, AGE);
	return result;
}

#endif
