#include "core/apply/job/parts.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"

#define WAIT_MS 10000	/* for the new configuration to serve */
#define ATTEMPT_MS 1000 /* for one handshake of that wait */

static bool is_wildcard(const char *address)
{
	return !strcmp(address, "*") || !strcmp(address, "0.0.0.0") ||
	       !strcmp(address, "[::]") || !strcmp(address, "::");
}

/* The numeric address to connect to: loopback for "all of them". */
static char *connectable(const char *address)
{
	size_t length = strlen(address);

	if (!strcmp(address, "[::]") || !strcmp(address, "::"))
		return hs_strdup("::1");
	if (is_wildcard(address))
		return hs_strdup("127.0.0.1");
	if (*address == '[' && length > 2)
		return hs_strndup(address + 1, length - 2);
	return hs_strdup(address);
}

static bool is_v6(const char *address)
{
	return strchr(address, ':') != NULL;
}

/* Whether the site has plain HTTP on that very address. */
static bool has_http(const struct job *job, const struct site *site,
		     const char *address)
{
	HS_EACH(listen, &site->listens) {
		hs_auto_free char *there = connectable(listen->address);

		if (listen->ssl || listen->port != job->settings.http_port)
			continue;
		if (!strcmp(there, address) || listen->v6_takes_v4 ||
		    (is_wildcard(listen->address) &&
		     is_v6(there) == is_v6(address)))
			return true;
	}
	return false;
}

static void add_target_at(const struct job *job, const char *address, int port,
			  struct live *live)
{
	hs_auto_free char *numeric = connectable(address);
	bool http = job->settings.bindings_mode != BINDINGS_HTTPS &&
		    has_http(job, live->site, numeric);

	HS_EACH(target, &live->targets) {
		if (!strcmp(target->address, numeric) &&
		    target->https_port == port)
			return;
	}
	*HS_GROW(&live->targets) = (struct probe_target){
		.address = hs_steal(numeric),
		.https_port = port,
		.http_port = http ? job->settings.http_port : 0,
	};
}

static void add_target(const struct job *job, const char *address,
		       struct live *live)
{
	add_target_at(job, address, job->settings.https_port, live);
}

static void add_all(const struct job *job, struct live *live)
{
	add_target(job, "*", live);
	if (job->facts.ipv6)
		add_target(job, "[::]", live);
}

/* The addresses of the listeners that are there; a wildcard of HTTP gains
 * IPv6 when it becomes HTTPS. */
static void add_listens(const struct job *job, bool ssl, int port,
			struct live *live)
{
	HS_EACH(listen, &live->site->listens) {
		if (listen->ssl != ssl || listen->port != port ||
		    !strncmp(listen->address, "unix:", 5))
			continue;
		if (listen->v6_takes_v4 ||
		    (!ssl && !strcmp(listen->address, "*")))
			add_all(job, live);
		else
			add_target(job, listen->address, live);
	}
}

static void add_answered(const struct job *job, struct live *live)
{
	HS_EACH(address, &job->settings.addresses) {
		if (!strcmp(*address, "*"))
			add_all(job, live);
		else
			add_target(job, *address, live);
	}
}

/* A renewed certificate is served wherever the site has HTTPS already. */
static void add_renewed(const struct job *job, struct live *live)
{
	HS_EACH(listen, &live->site->listens) {
		if (!listen->ssl || !strncmp(listen->address, "unix:", 5))
			continue;
		add_target_at(job, listen->address, listen->port, live);
		if (listen->v6_takes_v4)
			add_target_at(job, "*", listen->port, live);
	}
}

/* Where the site will answer: as it has HTTPS, as it was asked for, as it has
 * HTTP, everywhere. */
static void find_targets(const struct job *job, struct live *live)
{
	if (job->kind == JOB_RENEW)
		add_renewed(job, live);
	else
		add_listens(job, true, job->settings.https_port, live);
	if (!live->targets.n)
		add_answered(job, live);
	if (!live->targets.n)
		add_listens(job, false, job->settings.http_port, live);
	if (!live->targets.n)
		add_all(job, live);
}

static bool is_literal(const char *name)
{
	return *name && !strpbrk(name, "*~_$") && *name != '.';
}

static char *name_of(const struct job *job, const struct site *site)
{
	if (site == job->facts.site && job->settings.name)
		return hs_strdup(job->settings.name);
	HS_EACH(name, &site->names) {
		if (is_literal(*name))
			return hs_strdup(*name);
	}
	return hs_strdup(job->settings.name ? job->settings.name : "localhost");
}

void hs_job_live_init(const struct job *job, const struct site *site,
		      struct live *ret_live)
{
	*ret_live = (struct live){
		.site = site,
		.name = name_of(job, site),
	};
	find_targets(job, ret_live);
}

void hs_job_live_done(struct live *live)
{
	free(live->name);
	hs_probe_targets_done(&live->targets);
}

bool hs_job_is_interrupted(void)
{
	static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	sigset_t waiting;

	if (sigpending(&waiting))
		return false;
	for (size_t i = 0; i < HS_LENGTH(deadly); i++) {
		if (sigismember(&waiting, deadly[i]) == 1)
			return true;
	}
	return false;
}

void hs_job_pause(int tries)
{
	long ms = tries < 5 ? 2L << tries : 50;

	nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static int await_one(const struct probe_target *target, const char *name,
		     const unsigned char *leaf, long long deadline)
{
	unsigned char sent[HS_HASH_SIZE];

	for (int tries = 0;; tries++) {
		if (!hs_probe_leaf(target, name, ATTEMPT_MS, sent) &&
		    !memcmp(sent, leaf, HS_HASH_SIZE))
			return 0;
		if (hs_clock_ms() >= deadline || hs_job_is_interrupted())
			return -1;
		hs_job_pause(tries);
	}
}

int hs_job_await_leaf(const struct live *live, const unsigned char *leaf,
		      struct error *err)
{
	long long deadline = hs_clock_ms() + WAIT_MS;

	HS_EACH(target, &live->targets) {
		if (!await_one(target, live->name, leaf, deadline))
			continue;
		if (hs_job_is_interrupted())
			return hs_fail(err, HS_FAILED,
				       "interrupted while waiting for %s",
				       live->name);
		hs_fail(err, HS_FAILED,
			"%s port %d does not serve the new certificate",
			target->address, target->https_port);
		hs_error_id(err, "live.certificate-other");
		hs_error_hint(err, "another program or server block may "
				   "answer there");
		return -1;
	}
	return 0;
}

/* Besides "/", a path that only the site itself answers: a header lost in
 * some location shows there. */
static int run_probe(struct job *job, const struct live *live,
		     struct error *err)
{
	static char top[] = "/", inner[] = "/https-setup-check";
	char *paths[] = {top, inner};
	const struct strings asked = {.items = paths, .n = HS_LENGTH(paths)};
	const struct probe_request request = {
		.name = live->name,
		.targets = live->targets,
		.ca = job->options.ca,
		.timeout_ms = job->options.timeout_ms,
		.http = true,
		.paths = &asked,
	};

	hs_probe_results_done(&job->facts.probes);
	job->facts.probes = (struct probe_results){0};
	return hs_probe(&request, &job->facts.probes, err);
}

int hs_job_probe(struct job *job, const struct live *live, bool hsts,
		 struct findings *ret_findings, struct error *err)
{
	struct settings expected = job->settings; /* borrowed, not owned */

	if (run_probe(job, live, err))
		return -1;
	if (!hsts)
		expected.hsts_enabled = false;
	hs_rules_judge_live(&expected, &job->facts, ret_findings);
	return 0;
}

int hs_job_verify(struct job *job, struct findings *ret_findings,
		  struct error *err)
{
	hs_auto_live struct live live = {0};

	*ret_findings = (struct findings){0};
	if (job->facts.offline)
		return hs_fail(err, HS_CANNOT,
			       "nothing runs in an offline tree");
	if (!job->facts.site) {
		hs_fail(err, HS_REFUSED, "no site to verify");
		hs_error_id(err, job->facts.site_problem
					 ? job->facts.site_problem
					 : "server.no-site");
		return -1;
	}
	hs_job_live_init(job, job->facts.site, &live);
	return hs_job_probe(job, &live, true, ret_findings, err);
}
