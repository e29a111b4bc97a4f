/* Proving that a change is what the server serves. */
#include <string.h>

#include "core/apply/job/parts.h"
#include "core/base/clock.h"

int hs_job_check_interrupted(struct error *err)
{
	if (!hs_job_is_interrupted())
		return 0;
	return hs_fail(err, HS_FAILED, "interrupted");
}

static bool is_changed(const struct job *job, const char *path)
{
	hs_auto_free char *real =
		path ? hs_root_resolve(&job->root, path) : NULL;

	HS_EACH(change, &job->plan.changes) {
		if (path && change->path &&
		    (!strcmp(change->path, path) ||
		     (real && !strcmp(change->path, real))))
			return true;
	}
	return false;
}

static bool is_ours(const struct job *job, const struct site *site)
{
	const char *top = job->facts.server->certificates;
	size_t length = top ? strlen(top) : 0;

	return length && site->certificate &&
	       !strncmp(site->certificate, top, length) &&
	       site->certificate[length] == '/';
}

/* Of the sites that get the new certificate the chosen one, else the first;
 * with nothing to change, the chosen one if it has a certificate of ours. */
static const struct site *renewed_site(const struct job *job)
{
	const struct site *chosen = job->facts.site, *first = NULL;

	HS_EACH(site, &job->facts.server->sites) {
		if (!site->https || !is_changed(job, site->certificate))
			continue;
		if (site == chosen)
			return site;
		if (!first)
			first = site;
	}
	return first || !chosen || !is_ours(job, chosen) ? first : chosen;
}

/* The site that is looked at closely. */
const struct site *hs_job_main_site(const struct job *job)
{
	return job->kind == JOB_RENEW ? renewed_site(job) : job->facts.site;
}

static bool is_https_wanted(const struct job *job)
{
	return job->kind == JOB_RENEW ||
	       (job->kind == JOB_ENABLE &&
		job->settings.bindings_mode != BINDINGS_HTTP);
}

/* Each name of the site that the new certificate is for has to get it. */
static int await_names(const struct job *job, const struct site *site,
		       const struct certificate *leaf, struct error *err)
{
	hs_auto_live struct live live = {0};

	hs_job_live_init(job, site, &live);
	if (hs_job_await_leaf(&live, leaf->fingerprint, err))
		return -1;
	HS_EACH(name, &site->names) {
		if (!strcmp(*name, live.name) || strpbrk(*name, "*~_$") ||
		    !hs_certificate_matches(leaf, *name))
			continue;
		hs_replace(&live.name, *name);
		if (hs_job_await_leaf(&live, leaf->fingerprint, err))
			return -1;
	}
	return 0;
}

bool hs_job_is_renewed(const struct job *job, const struct site *site)
{
	return job->kind == JOB_RENEW && site->https &&
	       is_changed(job, site->certificate);
}

static int await_renewed(const struct job *job, const struct certificate *leaf,
			 struct error *err)
{
	HS_EACH(site, &job->facts.server->sites) {
		if (hs_job_is_renewed(job, site) &&
		    await_names(job, site, leaf, err))
			return -1;
	}
	return 0;
}

static int fail_finding(const struct findings *findings, struct error *err)
{
	HS_EACH(finding, findings) {
		if (finding->severity != SEVERITY_ERROR)
			continue;
		hs_fail(err, HS_FAILED, "%s", finding->message);
		hs_error_id(err, finding->id);
		if (finding->remedy)
			hs_error_hint(err, "%s", finding->remedy);
		return -1;
	}
	return 0;
}

/* Errors that a server still loading its configuration shows: for a while
 * they may pass. The others get a moment, for an old process on its way. */
static long long patience_ms(const struct findings *findings)
{
	static const char *const passing[] = {"live.connect", "live.timeout",
					      "live.certificate-other"};

	for (size_t i = 0; i < HS_LENGTH(passing); i++) {
		if (hs_findings_get(findings, passing[i]))
			return 10000;
	}
	return 300;
}

/* Nothing but what is served counts, judged by the rules. */
static int probe_until_right(struct applying *applying, const struct live *live,
			     bool hsts, struct error *err)
{
	struct findings *findings = &applying->outcome->live;
	long long begun = hs_clock_ms();

	for (int tries = 0;; tries++) {
		hs_findings_done(findings);
		if (hs_job_probe(applying->job, live, hsts, findings, err))
			return -1;
		if (hs_findings_worst(findings) != SEVERITY_ERROR)
			return 0;
		if (hs_clock_ms() - begun >= patience_ms(findings) ||
		    hs_job_is_interrupted())
			return fail_finding(findings, err);
		hs_job_pause(tries);
	}
}

static int prove_https(struct applying *applying, bool hsts, struct error *err)
{
	struct job *job = applying->job;
	const struct certificate *leaf = hs_bundle_leaf(&job->facts.bundle);
	const struct site *site = hs_job_main_site(job);
	hs_auto_live struct live live = {0};

	if (!site)
		return 0;
	hs_job_live_init(job, site, &live);
	if (probe_until_right(applying, &live, hsts, err))
		return -1;
	if (leaf && job->kind == JOB_RENEW && await_renewed(job, leaf, err))
		return -1;
	applying->outcome->verified = true;
	return 0;
}

/* Without HTTPS, HTTP must answer by itself. */
static int prove_http_at(struct job *job, const struct live *live,
			 struct error *err)
{
	struct findings ignored = {0};
	int result = 0;

	if (hs_job_probe(job, live, false, &ignored, err))
		return -1;
	hs_findings_done(&ignored);
	HS_EACH(probe, &job->facts.probes) {
		HS_EACH(answer, &probe->http) {
			if (answer->status)
				continue;
			result = hs_fail(err, HS_FAILED,
					 "%s does not answer over HTTP any "
					 "more",
					 live->name);
		}
	}
	return result;
}

static int prove_http(struct applying *applying, struct error *err)
{
	struct job *job = applying->job;
	const struct site *site = hs_job_main_site(job);
	hs_auto_live struct live live = {0};

	if (!site)
		return 0;
	hs_job_live_init(job, site, &live);
	if (prove_http_at(job, &live, err))
		return -1;
	applying->outcome->verified = true;
	return 0;
}

int hs_job_prove(struct applying *applying, bool hsts, struct error *err)
{
	if (hs_job_check_interrupted(err))
		return -1;
	if (!is_https_wanted(applying->job))
		return prove_http(applying, err);
	return prove_https(applying, hsts, err);
}

int hs_job_prove_once(struct applying *applying, const struct live *live,
		      struct error *err)
{
	struct findings *findings = &applying->outcome->live;

	if (!is_https_wanted(applying->job))
		return prove_http_at(applying->job, live, err);
	if (hs_job_probe(applying->job, live, false, findings, err))
		return -1;
	return fail_finding(findings, err);
}

/* Whether the new certificate is what one gets right now. */
bool hs_job_is_served(const struct applying *applying)
{
	const struct job *job = applying->job;
	const struct certificate *leaf = hs_bundle_leaf(&job->facts.bundle);
	const struct site *site = hs_job_main_site(job);
	unsigned char sent[HS_HASH_SIZE];
	hs_auto_live struct live live = {0};

	if (!leaf || !site || !is_https_wanted(job))
		return true;
	hs_job_live_init(job, site, &live);
	return !hs_probe_leaf(&live.targets.items[0], live.name, 1000, sent) &&
	       !memcmp(sent, leaf->fingerprint, HS_HASH_SIZE);
}
