/* What was answered before a change, and whether it is so again. */
#include <string.h>

#include "core/apply/job_parts.h"
#include "core/base/clock.h"

#define LOOK_MS 1000

/* One look at TLS and HTTP of an address. */
static void look(const struct before *at, struct before *ret_now)
{
	struct probe_target target = {
		.address = at->address,
		.https_port = at->https_port,
		.http_port = at->http_port,
	};
	const struct probe_request request = {
		.name = at->name,
		.targets = {.items = &target, .n = 1},
		.timeout_ms = LOOK_MS,
		.http = at->http_port > 0,
	};
	struct probe_results results = {0};

	ret_now->tls = false;
	ret_now->status = 0;
	if (!hs_probe(&request, &results, NULL) && results.n) {
		const struct probe_result *result = &results.items[0];

		ret_now->tls = result->handshake;
		memcpy(ret_now->leaf, result->leaf, HS_HASH_SIZE);
		if (result->http.n)
			ret_now->status = result->http.items[0].status;
	}
	hs_probe_results_done(&results);
}

void hs_job_remember(struct applying *applying)
{
	const struct job *job = applying->job;
	const struct site *site = hs_job_main_site(job);
	struct before *before = &applying->before;
	hs_auto_live struct live live = {0};
	const struct probe_target *target;

	if (!site)
		return;
	hs_job_live_init(job, site, &live);
	target = &live.targets.items[0];
	*before = (struct before){
		.name = hs_strdup(live.name),
		.address = hs_strdup(target->address),
		.https_port = target->https_port,
		.http_port = target->http_port,
	};
	look(before, before);
}

static bool is_equal(const struct before *a, const struct before *b)
{
	return a->tls == b->tls && a->status == b->status &&
	       (!a->tls || !memcmp(a->leaf, b->leaf, HS_HASH_SIZE));
}

static const char *what_differs(const struct before *before,
				const struct before *now)
{
	if (before->status != now->status)
		return "answers HTTP otherwise than before";
	if (before->tls && !now->tls)
		return "does not answer over HTTPS any more";
	if (!before->tls)
		return "still answers over HTTPS";
	return "does not send the certificate of before";
}

int hs_job_is_as_before(const struct before *before, int patience_ms,
			struct error *err)
{
	long long deadline = hs_clock_ms() + patience_ms;
	struct before now = {0};

	if (!before->address)
		return 0;
	for (int tries = 0;; tries++) {
		look(before, &now);
		if (is_equal(before, &now))
			return 0;
		if (hs_clock_ms() >= deadline)
			break;
		hs_job_pause(tries);
	}
	hs_fail(err, HS_CONFLICT, "everything is back, but %s port %d %s",
		before->address,
		before->status != now.status ? before->http_port
					     : before->https_port,
		what_differs(before, &now));
	hs_error_hint(err, "look at the server's error log");
	return -1;
}
