/* What was answered before a change, and whether it is so again. */
#include <string.h>

#include "core/apply/job/parts.h"
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

static void say_difference(const struct before *before,
			   const struct before *now, struct error *err)
{
	if (before->status != now->status)
		hs_fail(err, HS_CONFLICT,
			"everything is back, but %s port %d answers HTTP "
			"otherwise than before",
			before->address, before->http_port);
	else if (before->tls && !now->tls)
		hs_fail(err, HS_CONFLICT,
			"everything is back, but %s port %d does not answer "
			"over HTTPS any more",
			before->address, before->https_port);
	else if (!before->tls)
		hs_fail(err, HS_CONFLICT,
			"everything is back, but %s port %d still answers over "
			"HTTPS",
			before->address, before->https_port);
	else
		hs_fail(err, HS_CONFLICT,
			"everything is back, but %s port %d does not send the "
			"certificate of before",
			before->address, before->https_port);
}

/* Looks until it is right; false when it does not become so. */
static bool look_until(const struct before *before, int patience_ms,
		       bool (*is_right)(const struct before *before,
					const struct before *now),
		       struct before *ret_now)
{
	long long deadline = hs_clock_ms() + patience_ms;

	for (int tries = 0;; tries++) {
		look(before, ret_now);
		if (is_right(before, ret_now))
			return true;
		if (hs_clock_ms() >= deadline)
			return false;
		hs_job_pause(tries);
	}
}

int hs_job_is_as_before(const struct before *before, int patience_ms,
			struct error *err)
{
	struct before now = {0};

	if (!before->address || look_until(before, patience_ms, is_equal, &now))
		return 0;
	say_difference(before, &now, err);
	hs_error_hint(err, "look at the server's error log");
	return -1;
}

static bool answers(const struct before *before, const struct before *now)
{
	return now->status || now->tls || !(before->status || before->tls);
}

int hs_job_answers(const struct before *before, struct error *err)
{
	struct before now = {0};

	if (!before->address || look_until(before, BEFORE_MS, answers, &now))
		return 0;
	hs_fail(err, HS_CONFLICT,
		"everything is back, but %s does not answer any more",
		before->address);
	hs_error_hint(err, "look at the server's error log");
	return -1;
}

static bool was_undone_since(const struct transaction_entry *entry, time_t when)
{
	HS_EACH(event, &entry->events) {
		if (event->why == WHY_UNDONE && event->when >= when)
			return true;
	}
	return false;
}

bool hs_job_before_holds(const struct job *job, const char *id)
{
	unsigned mine = hs_state_sequence(id);
	struct transaction_entries entries;
	time_t begun = 0;
	bool holds = true;

	if (hs_transactions_list(&job->state, &entries, NULL))
		return true;
	HS_EACH(entry, &entries) {
		if (!strcmp(entry->id, id))
			begun = entry->begun;
	}
	HS_EACH(entry, &entries) {
		unsigned other = hs_state_sequence(entry->id);

		if (other > mine && entry->state == TX_COMMITTED)
			holds = false;
		if (other < mine && was_undone_since(entry, begun))
			holds = false;
	}
	hs_transaction_entries_done(&entries);
	return holds;
}
