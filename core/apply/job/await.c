/* A change that waits to be confirmed, and who watches over it. */
#include "core/apply/job/parts.h"
#include "core/apply/job/watch.h"
#include "core/apply/journal/audit.h"

int hs_job_call_watchdog(struct applying *applying, struct error *err)
{
	const struct job *job = applying->job;
	bool waits = job->settings.confirm_within > 0;
	struct error own = {0};

	if (!job->options.program || job->facts.offline)
		return 0;
	applying->watched =
		!hs_watch_start(job, applying->outcome->transaction, &own);
	if (applying->watched || !waits)
		return 0;
	return hs_fail(err, own.code, "%s", own.what);
}

int hs_job_await_watchdog(const struct applying *applying, struct error *err)
{
	const struct job *job = applying->job;

	if (!applying->watched ||
	    !hs_watch_await(job, applying->outcome->transaction,
			    job->settings.confirm_within > 0 ? err : NULL))
		return 0;
	return job->settings.confirm_within > 0 ? -1 : 0;
}

/* Alone, a change that waits is kept by whoever may write here; a person at a
 * terminal that hangs on a network has to come in anew. */
static int set_terms(struct applying *applying, int seconds, struct error *err)
{
	const struct job *job = applying->job;
	const struct who *who = &applying->tx->ledger.who;
	struct terms terms = {
		.seconds = seconds,
		.strict = !job->options.confirm_anywhere && who->remote,
		.begun = applying->begun,
		.since = who->since,
	};

	if (hs_terms_make_code(&terms, applying->outcome->code, err))
		return -1;
	hs_tx_set_terms(applying->tx, &terms);
	return 0;
}

int hs_job_await(struct applying *applying, int seconds, struct error *err)
{
	struct job *job = applying->job;

	if (applying->outcome->verified)
		hs_tx_checked(applying->tx, CHECKED_RIGHT,
			      "the live site answers as it should");
	if (set_terms(applying, seconds, err) ||
	    hs_transaction_await(applying->tx, seconds, err))
		return -1;
	applying->outcome->state = TX_AWAITING;
	job->waiting = hs_strdup(applying->outcome->transaction);
	hs_audit_me(job->waiting, "await", NULL);
	return 0;
}
