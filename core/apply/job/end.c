/*
 * How a change ends that waits: kept, or taken back, by whoever comes first
 * (the program that made it, another login, the watchdog, recovery).  All of
 * them work from its journal, under the lock.
 */
#include <string.h>

#include "core/apply/job/parts.h"
#include "core/apply/job/watch.h"
#include "core/apply/journal/audit.h"
#include "core/apply/journal/login.h"
#include "core/base/i18n.h"

#define PATIENCE_MS 30000 /* for another one who is at it */

/* The command in the log, and in people's mouths. */
static const char *const events[WHY_MAX] = {
	[WHY_KEPT] = "commit",	  [WHY_CONFIRMED] = "confirm",
	[WHY_EXPIRED] = "expire", [WHY_REVERTED] = "revert",
	[WHY_DIED] = "take-over", [WHY_REBOOTED] = "recover",
	[WHY_FAILED] = "failed",  [WHY_UNDONE] = "rollback",
};

void hs_job_audit_end(const char *id, enum why why, const char *by,
		      enum transaction_state state)
{
	hs_auto_free char *detail = hs_format("%s: %s", hs_why_text(why),
					      hs_transaction_word(state));
	hs_auto_free char *me = by ? hs_strdup(by) : hs_who_me();

	hs_audit(id, events[why], me, detail);
}

static void note_checked(const struct job *job, const char *id,
			 enum checked checked, const char *detail)
{
	hs_auto_str struct str payload = {0};

	hs_checked_put(checked, detail, &payload);
	(void)!hs_tx_note(&job->state, id, RECORD_CHECKED, &payload, NULL);
	hs_audit_look(id, checked, detail);
}

/* It was taken back while the server rested: at boot, before the server
 * starts, or much later. */
static bool is_at_rest(const struct job *job, const struct tx_taken *taken)
{
	return (taken->why == WHY_REBOOTED || taken->why == WHY_UNDONE) &&
	       !hs_job_is_running(job, &taken->server);
}

/* The most that can be expected of it; the result in one sentence. */
static int look_at(const struct job *job, const struct tx_taken *taken,
		   char **ret_detail, bool *ret_answers, struct error *err)
{
	const struct before *seen = &taken->seen;

	*ret_answers = !is_at_rest(job, taken);
	if (!*ret_answers) {
		*ret_detail = hs_strdup(
			taken->state == TX_CONFLICT
				? "the server does not run"
				: "every file is as it was before; the "
				  "server does not run");
		return 0;
	}
	if (taken->why == WHY_UNDONE && !hs_job_before_holds(job, taken->id)) {
		*ret_detail = hs_format("%s answers, with other changes that "
					"were made or undone since",
					seen->address);
		return hs_job_answers(seen, err);
	}
	*ret_detail = hs_format("%s port %d answers as before", seen->address,
				seen->https_port);
	if (taken->state != TX_CONFLICT)
		return hs_job_is_as_before(seen, BEFORE_MS, err);
	/* files that stay may well be what is answered with */
	if (!hs_job_is_as_before(seen, BEFORE_BRIEFLY_MS, NULL))
		return 0;
	return hs_fail(err, HS_CONFLICT,
		       "%s does not answer as before, nor is every file as "
		       "it was",
		       seen->address);
}

static int note_wrong(const struct job *job, const char *id,
		      const struct error *own, struct error *err)
{
	note_checked(job, id, CHECKED_WRONG, hs_error_english(own));
	if (err && !err->code)
		*err = *own;
	return -1;
}

int hs_job_check_taken(struct job *job, const struct tx_taken *taken,
		       bool *ret_verified, struct error *err)
{
	hs_auto_free char *detail = NULL;
	struct error own = {0};
	bool answers;

	*ret_verified = false;
	if (!taken->touched || !taken->seen.address ||
	    hs_root_is_offline(&job->root))
		return 0;
	if (look_at(job, taken, &detail, &answers, &own))
		return note_wrong(job, taken->id, &own, err);
	note_checked(job, taken->id, CHECKED_RIGHT, detail);
	*ret_verified = answers;
	return 0;
}

int hs_job_settle(struct job *job, const struct tx_taken *taken,
		  bool *ret_verified, struct error *err)
{
	struct error own = {0};

	*ret_verified = false;
	if (taken->touched && hs_job_reload_after(job, taken, &own))
		return note_wrong(job, taken->id, &own, err);
	return hs_job_check_taken(job, taken, ret_verified, err);
}

static void unlock(struct job *job)
{
	hs_cleanup_close(&job->lock);
	job->lock = -1;
}

static int settle(struct job *job, const struct tx_taken *taken,
		  struct job_outcome *outcome, struct error *err)
{
	if (!taken->id || taken->why == WHY_CONFIRMED)
		return 0;
	return hs_job_settle(job, taken, &outcome->verified, err);
}

static int end_locked(struct job *job, const char *id, enum why why,
		      const char *by, struct job_outcome *outcome,
		      struct error *err)
{
	hs_auto_free char *me = by ? hs_strdup(by) : hs_who_me();
	struct tx_taken taken;
	int result;

	hs_conflicts_done(&outcome->conflicts);
	outcome->verified = false;
	result = hs_tx_decide(&job->state, &job->root, id, why, me,
			      &outcome->conflicts, &taken, err);
	if (!result || outcome->conflicts.n)
		outcome->state = taken.state;
	if (taken.id)
		hs_job_audit_end(id, why, me, taken.state);
	if (taken.id && why == WHY_CONFIRMED && !result)
		outcome->verified = true;
	result |= settle(job, &taken, outcome, err);
	if (result && taken.id && why != WHY_CONFIRMED)
		outcome->state = TX_CONFLICT;
	hs_tx_file_taken(&job->state, &taken);
	hs_tx_taken_done(&taken);
	return result ? -1 : 0;
}

int hs_job_end(struct job *job, const char *id, enum why why, const char *by,
	       struct job_outcome *outcome, struct error *err)
{
	int result;

	if (!outcome->transaction)
		outcome->transaction = hs_strdup(id);
	if (hs_state_lock_as(&job->state, by, PATIENCE_MS, &job->lock, err))
		return -1;
	result = end_locked(job, id, why, by, outcome, err);
	if (why == WHY_CONFIRMED)
		hs_tx_retire(&job->state);
	unlock(job);
	return result;
}

/* For whoever made it */

static int nothing_waits(struct error *err)
{
	hs_fail(err, HS_CANNOT, "nothing is waiting to be confirmed");
	hs_error_hint(err, "see https-setup history");
	return -1;
}

/* Somebody was faster. */
static int too_late(const struct job_outcome *outcome, struct error *err)
{
	if (outcome->state == TX_ROLLED_BACK)
		return hs_fail(err, HS_REVERTED,
			       "too late: it was taken back meanwhile");
	return hs_fail(err, HS_CANNOT, "too late: it is %s",
		       hs_transaction_word(outcome->state));
}

/* Whether whoever runs this may keep it. */
static int check_login(const struct ledger *ledger, struct error *err)
{
	struct who me;
	int64_t seen;
	int result;

	hs_who_am_i(&me);
	seen = me.ssh ? hs_login_first_seen(me.ssh) : 0;
	if (seen && seen < me.since)
		me.since = seen;
	result = hs_terms_check_login(&ledger->terms, &ledger->who, &me, err);
	hs_who_done(&me);
	return result;
}

int hs_job_may_keep(const struct job *job, struct error *err)
{
	hs_auto_ledger struct ledger ledger = {0};
	bool filed;

	if (!job->waiting)
		return nothing_waits(err);
	if (hs_tx_read(&job->state, job->waiting, &ledger, &filed, err))
		return -1;
	return check_login(&ledger, err);
}

int hs_job_keep(struct job *job, struct job_outcome *outcome, struct error *err)
{
	if (hs_job_may_keep(job, err) ||
	    hs_job_end(job, job->waiting, WHY_CONFIRMED, NULL, outcome, err))
		return -1;
	hs_replace(&job->waiting, NULL);
	return outcome->state == TX_COMMITTED ? 0 : too_late(outcome, err);
}

int hs_job_take_back(struct job *job, enum why why, struct job_outcome *outcome,
		     struct error *err)
{
	hs_auto_free char *id = hs_steal(job->waiting);

	if (!id)
		return nothing_waits(err);
	return hs_job_end(job, id, why, NULL, outcome, err);
}

int hs_job_revert(struct job *job, struct job_outcome *outcome,
		  struct error *err)
{
	return hs_job_take_back(job, WHY_REVERTED, outcome, err);
}

/* How the last event is told. */
static void copy_end(const struct ledger *ledger, struct job_outcome *outcome)
{
	const struct event *last = NULL;

	outcome->state = hs_ledger_state(ledger);
	if (ledger->events.n)
		last = &ledger->events.items[ledger->events.n - 1];
	hs_replace(&outcome->ended_by, last ? last->who : NULL);
	outcome->why = last ? last->why : WHY_NONE;
	if (outcome->state != TX_COMMITTED)
		outcome->verified = last && last->checked == CHECKED_RIGHT;
	if (last && last->checked == CHECKED_WRONG)
		outcome->state = TX_CONFLICT;
}

static bool is_held(const struct job *job)
{
	hs_auto_free char *holder = hs_state_holder(&job->state);

	return holder != NULL;
}

/* Whether its end is complete: taken back, loaded and looked at. */
static bool is_over(const struct job *job, const struct ledger *ledger)
{
	const struct event *last =
		ledger->events.n ? &ledger->events.items[ledger->events.n - 1]
				 : NULL;

	return hs_ledger_state(ledger) == TX_COMMITTED ||
	       (last && last->checked != CHECKED_NOT) || !is_held(job);
}

bool hs_job_still_waits(struct job *job, struct job_outcome *outcome,
			int *ret_left)
{
	hs_auto_ledger struct ledger ledger = {0};
	enum transaction_state state;
	bool filed;

	*ret_left = 0;
	if (!job->waiting ||
	    hs_tx_read(&job->state, job->waiting, &ledger, &filed, NULL))
		return false;
	*ret_left = (int)(ledger.deadline - hs_state_boottime());
	state = hs_ledger_state(&ledger);
	if (state == TX_AWAITING)
		return *ret_left > 0;
	/* who began to take it back may have been killed over it */
	if (state == TX_APPLYING)
		return is_held(job);
	if (!is_over(job, &ledger))
		return true;
	copy_end(&ledger, outcome);
	hs_replace(&job->waiting, NULL);
	return false;
}

/* For everybody else */

static int find_waiting(const struct job *job,
			struct transaction_entry *ret_entry, struct error *err)
{
	struct transaction_entries entries;
	int result = -1;

	*ret_entry = (struct transaction_entry){0};
	if (hs_transactions_open(&job->state, &entries, err))
		return -1;
	HS_EACH(entry, &entries) {
		if (!entry->waits || !result)
			continue;
		*ret_entry = *entry;
		*entry = (struct transaction_entry){0};
		result = 0;
	}
	hs_transaction_entries_done(&entries);
	return result;
}

int hs_job_find_waiting(const struct job *job,
			struct transaction_entry *ret_entry)
{
	return find_waiting(job, ret_entry, NULL);
}

int hs_job_check_nothing_waits(const struct job *job, struct error *err)
{
	struct transaction_entry entry;
	struct error own = {0};

	if (find_waiting(job, &entry, &own)) {
		/* whether something does must be known */
		if (err && own.code)
			*err = own;
		return own.code ? -1 : 0;
	}
	hs_fail(err, HS_CANNOT,
		"%s, made by %s, waits to be confirmed for another %d s",
		entry.id, entry.who, entry.left);
	hs_error_hint(err, "https-setup confirm CODE keeps it, https-setup "
			   "revert takes it back");
	hs_transaction_entry_done(&entry);
	return -1;
}

static int refuse_code(struct job *job, const char *id, int tries,
		       struct error *err)
{
	hs_auto_free char *me = hs_who_me();
	hs_auto_str struct str payload = {0};

	hs_message_put_text(&payload, me);
	(void)!hs_tx_note(&job->state, id, RECORD_TRY, &payload, NULL);
	hs_audit(id, "wrong-code", me, NULL);
	hs_fail(err, HS_REFUSED, "that is not the code");
	if (tries > 1)
		hs_error_hint(err,
			      P_("%d more try; the code stands where the "
				 "change was made",
				 "%d more tries; the code stands where the "
				 "change was made",
				 tries - 1),
			      tries - 1);
	else
		hs_error_hint(err, "that was the last try: it will be taken "
				   "back");
	return -1;
}

static int check_code(struct job *job, const char *id,
		      const struct ledger *ledger, const char *code,
		      struct error *err)
{
	int tries = HS_CODE_TRIES - ledger->tries;

	if (tries <= 0) {
		hs_fail(err, HS_REFUSED, "too many wrong codes were given");
		hs_error_hint(err, "it will be taken back; https-setup revert "
				   "does it at once");
		return -1;
	}
	if (!code && !ledger->terms.strict)
		return 0;
	if (!code) {
		hs_fail(err, HS_USAGE, "the code is missing");
		hs_error_hint(err, "https-setup confirm CODE; it stands where "
				   "the change was made");
		return -1;
	}
	if (hs_terms_is_code(&ledger->terms, code))
		return 0;
	return refuse_code(job, id, tries, err);
}

static int confirm_locked(struct job *job, const char *id, const char *code,
			  struct job_outcome *outcome, struct error *err)
{
	hs_auto_ledger struct ledger ledger = {0};
	bool filed;

	if (hs_tx_read(&job->state, id, &ledger, &filed, err))
		return -1;
	if (filed || !hs_ledger_waits(&ledger))
		return nothing_waits(err);
	if (check_login(&ledger, err) ||
	    check_code(job, id, &ledger, code, err))
		return -1;
	return end_locked(job, id, WHY_CONFIRMED, NULL, outcome, err);
}

int hs_job_confirm(struct job *job, const char *id, const char *code,
		   struct job_outcome *outcome, struct error *err)
{
	int result;

	hs_replace(&outcome->transaction, id);
	if (hs_state_lock_as(&job->state, NULL, PATIENCE_MS, &job->lock, err))
		return -1;
	result = confirm_locked(job, id, code, outcome, err);
	if (!result)
		hs_tx_retire(&job->state);
	unlock(job);
	return result;
}
