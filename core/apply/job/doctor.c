#include <string.h>
#include <time.h>

#include "core/apply/job/parts.h"
#include "core/base/clock.h"
#include "core/settings/host_name.h"
#include "core/settings/questions/questions.h"
#include "core/settings/sites.h"

#define TOTAL_MS 15000 /* whatever the other side does */
#define PROBE_MS 5000  /* where nobody said otherwise */
#define ADDRESSES_MAX                                                          \
	8 /* of a name; the others answer alike, or nobody can
			   say which visitor gets which */

/* A page that only the site itself answers: a header lost in some location
 * shows there, and a redirect that forgets path or query. */
#define INNER_PAGE "/https-setup-check?a=1"
#define CHALLENGE "/.well-known/acme-challenge/https-setup-check"

static bool is_answered(const struct job *job, const char *id)
{
	return hs_settings_origin(&job->settings, id) >= ORIGIN_ANSWERS;
}

/* What is said about the host is worth having, and not worth failing for
 * unless it was asked for. */
static int look(struct job *job, struct error *err)
{
	struct error trouble = {0};

	if (hs_job_look(job, &trouble)) {
		if (is_answered(job, "server-config") ||
		    is_answered(job, "server")) {
			*err = trouble;
			return -1;
		}
		job->facts.now = job->facts.now ? job->facts.now : time(NULL);
	}
	hs_job_judge(job);
	return 0;
}

/* The site that answers for the name here, if one does: a default that was
 * chosen for want of a better one is none, unless an address was asked for. */
static void choose_site(struct job *job)
{
	struct facts *facts = &job->facts;
	const char *name = job->settings.name;

	if (facts->site && hs_site_fits(facts->site, name) > 0)
		return;
	facts->site = NULL;
	if (facts->server && hs_host_name_is_ip(name))
		facts->site = hs_site_default(facts->server,
					      job->settings.https_port);
}

static bool any_is_here(const struct job *job,
			const struct probe_targets *targets)
{
	HS_EACH(target, targets) {
		if (hs_facts_address_is_here(&job->facts, target->address))
			return true;
	}
	return false;
}

/* The certificate that the site's configuration names is the one meant, where
 * the site has that port: on another one another server may answer. */
static void read_meant(struct job *job)
{
	const struct site *site = job->facts.site;
	struct error trouble = {0};

	if (!site || !site->certificate || *site->certificate != '/' ||
	    job->settings.certificate_file ||
	    !hs_site_listen(site, true, job->settings.https_port))
		return;
	job->settings.certificate_file = hs_strdup(site->certificate);
	(void)!hs_job_read_certificate(job, &trouble);
}

/* A port for plain HTTP: the one asked for, the one the site has here, 80
 * beside 443; none is guessed beside any other. */
static int http_port(const struct job *job)
{
	const struct settings *settings = &job->settings;

	const struct site *site = job->facts.site;
	const struct listen *listen =
		site ? hs_site_listen(site, false, 0) : NULL;

	if (is_answered(job, "bindings.http-port"))
		return settings->http_port;
	if (listen)
		return listen->port;
	return settings->https_port == 443 ? 80 : 0;
}

static void add_target(const struct job *job, const char *address,
		       struct probe_targets *targets)
{
	HS_EACH(target, targets) {
		if (!strcmp(target->address, address))
			return;
	}
	if (targets->n == ADDRESSES_MAX)
		return;
	*HS_GROW(targets) = (struct probe_target){
		.address = hs_strdup(address),
		.https_port = job->settings.https_port,
		.http_port = http_port(job),
	};
}

/* Addresses as people write them for listeners. */
static void add_asked(const struct job *job, const char *address,
		      struct probe_targets *targets)
{
	hs_auto_free char *normal = hs_host_name_normal(address);

	if (!strcmp(normal, "*")) {
		add_target(job, "127.0.0.1", targets);
		if (job->facts.ipv6)
			add_target(job, "::1", targets);
	} else {
		add_target(job, normal, targets);
	}
}

/* Where the site listens on this host: for a name nobody can look up. */
static void add_listening(const struct job *job, struct probe_targets *targets)
{
	struct live live;

	if (!job->facts.site)
		return;
	hs_job_live_init(job, job->facts.site, &live);
	HS_EACH(target, &live.targets)
		add_target(job, target->address, targets);
	hs_job_live_done(&live);
}

/* A resolver that needs longer has no answer for browsers either; the rest of
 * the time is for the site. */
static void resolve(struct job *job)
{
	int asked = job->options.timeout_ms;

	if (asked > PROBE_MS)
		job->options.timeout_ms = PROBE_MS;
	hs_job_resolve(job);
	job->options.timeout_ms = asked;
}

static void find_targets(struct job *job, struct probe_targets *targets)
{
	const char *name = job->settings.name;

	if (is_answered(job, "bindings.address")) {
		HS_EACH(address, &job->settings.addresses)
			add_asked(job, *address, targets);
		return;
	}
	if (hs_host_name_is_ip(name)) {
		add_target(job, name, targets);
		return;
	}
	resolve(job);
	HS_EACH(address, &job->facts.name.addresses)
		add_target(job, *address, targets);
	if (!targets->n)
		add_listening(job, targets);
}

static int probe(struct job *job, const struct probe_targets *targets,
		 const char *path, long long deadline, struct error *err)
{
	struct strings paths = {0};
	int limit =
		job->options.timeout_ms ? job->options.timeout_ms : PROBE_MS;
	int left = hs_clock_left(deadline);
	struct probe_request request = {
		.name = job->settings.name,
		.targets = *targets,
		.ca = job->options.ca,
		.timeout_ms = limit < left ? limit : left,
		.http = true,
		.paths = &paths,
		.deep = true,
		.deadline = deadline,
	};
	int failed;

	hs_strings_add(&paths, "/");
	hs_strings_add(&paths, INNER_PAGE);
	hs_strings_add(&paths, CHALLENGE);
	if (path && !hs_strings_has(&paths, path))
		hs_strings_add(&paths, path);
	failed = hs_probe(&request, &job->facts.probes, err);
	hs_strings_done(&paths);
	return failed;
}

int hs_job_diagnose(struct job *job, const char *path,
		    struct findings *ret_findings, struct error *err)
{
	long long deadline = hs_clock_ms() + TOTAL_MS;
	struct probe_targets targets = {0};
	int failed = 0;

	*ret_findings = (struct findings){0};
	if (look(job, err))
		return -1;
	choose_site(job);
	find_targets(job, &targets);
	if (any_is_here(job, &targets))
		read_meant(job);
	hs_probe_results_done(&job->facts.probes);
	job->facts.probes = (struct probe_results){0};
	if (targets.n)
		failed = probe(job, &targets, path, deadline, err);
	if (!failed)
		hs_rules_diagnose(&job->settings, &job->facts, ret_findings);
	hs_probe_targets_done(&targets);
	return failed;
}
