#include "core/apply/job/parts.h"

#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include "core/apply/journal/audit.h"
#include "core/apply/journal/login.h"
#include "core/apply/transaction/ports.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"

static void HS_PRINTF(3, 4) tell(const struct applying *applying,
				 enum job_stage stage, const char *format, ...)
{
	hs_auto_str struct str text = {0};
	va_list args;

	if (!applying->progress)
		return;
	va_start(args, format);
	hs_str_vprintf(&text, format, args);
	va_end(args);
	applying->progress(stage, hs_str_text(&text), applying->context);
}

/* A signal in the middle would leave half of it: it waits, is noticed between
 * two steps, and ends the program after everything was taken back. */
static void hold_signals(struct applying *applying)
{
	static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < HS_LENGTH(held); i++)
		sigaddset(&set, held[i]);
	sigprocmask(SIG_BLOCK, &set, &applying->signals);
}

static void release_signals(const struct applying *applying)
{
	sigprocmask(SIG_SETMASK, &applying->signals, NULL);
}

static bool has_phase(const struct plan *plan, enum change_phase phase)
{
	HS_EACH(change, &plan->changes) {
		if (change->phase == phase && change->kind != CHANGE_RUN)
			return true;
	}
	return false;
}

/* Whether a phase takes effect by itself. */
static bool is_immediate(const struct plan *plan, enum change_phase phase)
{
	HS_EACH(change, &plan->changes) {
		if (change->phase == phase && change->kind != CHANGE_RUN &&
		    !change->immediate)
			return false;
	}
	return true;
}

static void list_changed(const struct applying *applying, bool hsts)
{
	struct strings *changed = &applying->outcome->changed;

	HS_EACH(change, &applying->job->plan.changes) {
		if (change->kind != CHANGE_RUN &&
		    (hsts || change->phase == PHASE_HTTPS) &&
		    !hs_strings_has(changed, change->path))
			hs_strings_add(changed, change->path);
	}
}

static bool can_test(const struct applying *applying)
{
	return applying->ops->trial && applying->job->facts.server->binary &&
	       !applying->job->facts.offline;
}

/* The staged files in place of the live ones, as the server sees them. */
static int try_staged(struct applying *applying, enum change_phase phase,
		      bool *ret_isolated, struct error *err)
{
	const struct server_facts *server = applying->job->facts.server;
	struct staged_files files;
	int result;

	*ret_isolated = false;
	if (!can_test(applying))
		return 0;
	hs_transaction_staged(applying->tx, phase, &files);
	result = applying->ops->trial(server, &files, ret_isolated, err);
	hs_staged_files_done(&files);
	return result;
}

/* Where the staged files could not be tried apart from the live ones, the
 * server's test comes after the change, still before the reload. */
static int try_written(struct applying *applying, struct error *err)
{
	const struct server_facts *server = applying->job->facts.server;
	const struct staged_files none = {0};
	bool isolated;

	if (!can_test(applying))
		return 0;
	return applying->ops->trial(server, &none, &isolated, err);
}

static int activate(struct applying *applying, struct error *err)
{
	if (!applying->live)
		return 0;
	applying->job->activated = true;
	return applying->ops->activate(applying->job->facts.server, err);
}

static void tell_tried(const struct applying *applying, bool isolated)
{
	const char *title = applying->ops->title;

	if (isolated)
		tell(applying, JOB_TRIED,
		     _("%s accepts the staged configuration"), title);
	else if (can_test(applying))
		tell(applying, JOB_TRIED,
		     _("%s will test the configuration once it is written"),
		     title);
	else
		tell(applying, JOB_TRIED,
		     _("not tested: %s itself is not to be had here"), title);
}

/* Everything else than the test sees: the server itself is started on the
 * staged files, where it serves now. */
static int try_start(struct applying *applying, enum change_phase phase,
		     struct error *err)
{
	struct staged_files files;
	hs_auto_free char *untried = NULL;
	int result;

	if (phase != PHASE_HTTPS || !applying->live || !can_test(applying) ||
	    !applying->ops->start)
		return 0;
	hs_transaction_staged(applying->tx, phase, &files);
	result = hs_job_try_start(applying, &files, &untried, err);
	hs_staged_files_done(&files);
	if (result)
		return -1;
	if (untried)
		tell(applying, JOB_UNSTARTED, "%s", untried);
	else if (applying->job->kind == JOB_DISABLE)
		tell(applying, JOB_STARTED,
		     _("trial start and answer on a private network"));
	else
		tell(applying, JOB_STARTED,
		     _("trial start and handshake on a private network"));
	return 0;
}

/* One phase from its staged files to what the server now serves. */
static int carry_out(struct applying *applying, enum change_phase phase,
		     struct error *err)
{
	bool isolated;

	if (try_staged(applying, phase, &isolated, err))
		return -1;
	if (phase == PHASE_HTTPS)
		tell_tried(applying, isolated);
	if (try_start(applying, phase, err))
		return -1;
	if (hs_job_check_interrupted(err) ||
	    hs_job_await_watchdog(applying, err))
		return -1;
	if (hs_transaction_commit(applying->tx, phase, err) ||
	    (!isolated && try_written(applying, err)))
		return -1;
	if (phase == PHASE_HTTPS)
		tell(applying, JOB_WRITTEN, _("written"));
	return activate(applying, err);
}

static int go_https(struct applying *applying, bool hsts_follows,
		    struct error *err)
{
	bool changes = has_phase(&applying->job->plan, PHASE_HTTPS);

	if (changes && carry_out(applying, PHASE_HTTPS, err))
		return -1;
	if (!applying->live)
		return 0;
	if (changes)
		tell(applying, JOB_ACTIVATED, _("%s reloaded"),
		     applying->ops->title);
	if (hs_job_prove(applying, !hsts_follows, err))
		return -1;
	tell(applying, JOB_PROVED, _("the live site answers as it should"));
	return 0;
}

/* HSTS that needs no reload: a server that looks only now and then is told to
 * look when the header does not come. */
static int prove_immediate(struct applying *applying, struct error *err)
{
	if (hs_transaction_commit(applying->tx, PHASE_PROVED, err))
		return -1;
	if (!hs_job_prove(applying, true, NULL))
		return 0;
	return activate(applying, err) ? -1 : hs_job_prove(applying, true, err);
}

static int go_hsts(struct applying *applying, struct error *err)
{
	int result;

	if (hs_job_await_watchdog(applying, err))
		return -1;
	if (is_immediate(&applying->job->plan, PHASE_PROVED))
		result = prove_immediate(applying, err);
	else
		result = carry_out(applying, PHASE_PROVED, err) ||
			 hs_job_prove(applying, true, err);
	if (result)
		return -1;
	tell(applying, JOB_HSTS_ON, _("HSTS is on, on every path asked for"));
	return 0;
}

/* Until it is kept the kernel itself would take the rule back, a while after
 * everybody else should have. */
static int change_ports(struct applying *applying, struct error *err)
{
	struct job *job = applying->job;
	hs_auto_free char *text = NULL;

	if (hs_tx_ports_planned(&job->plan)) {
		if (hs_job_await_watchdog(applying, err))
			return -1;
		applying->ported = true;
	}
	if (hs_tx_ports_change(applying->tx, &job->facts,
			       job->settings.confirm_within + 60, &text, err))
		return -1;
	if (text)
		tell(applying, JOB_OPENED, "%s", text);
	return 0;
}

static int end_well(struct applying *applying, struct error *err)
{
	struct job *job = applying->job;
	int seconds = job->settings.confirm_within;
	hs_auto_free char *who = hs_who_text(&applying->tx->ledger.who);

	if (seconds > 0 && !job->facts.offline) {
		if (hs_job_await(applying, seconds, err))
			return -1;
		tell(applying, JOB_AWAITING,
		     _("undone by itself in %d s unless it is kept"), seconds);
		return 0;
	}
	hs_tx_because(applying->tx, WHY_KEPT, who);
	if (applying->outcome->verified)
		hs_tx_checked(applying->tx, CHECKED_RIGHT,
			      "the live site answers as it should");
	if (hs_transaction_finish(applying->tx, err))
		return -1;
	applying->outcome->state = TX_COMMITTED;
	hs_job_audit_end(applying->outcome->transaction, WHY_KEPT, who,
			 TX_COMMITTED);
	hs_tx_retire(&job->state);
	tell(applying, JOB_FINISHED,
	     seconds > 0 ? _("kept as %s: nothing is live in an offline tree, "
			     "so there is nothing to confirm")
			 : _("kept as %s"),
	     applying->outcome->transaction);
	return 0;
}

static int go_through(struct applying *applying, struct error *err)
{
	const struct plan *plan = &applying->job->plan;
	bool hsts = has_phase(plan, PHASE_PROVED);

	if (go_https(applying, hsts, err) || change_ports(applying, err))
		return -1;
	if (hsts && applying->live && go_hsts(applying, err))
		return -1;
	if (hsts && !applying->live)
		tell(applying, JOB_HSTS_ON,
		     _("HSTS is left off: it goes on only after a live proof"));
	list_changed(applying, !hsts || applying->live);
	return end_well(applying, err);
}

/* A server may still be busy failing with the new configuration (nginx tries
 * for seconds to get a port): it is asked again until it has the old one. */
static int activate_old(const struct applying *applying, struct error *err)
{
	long long deadline = hs_clock_ms() + 10000;

	for (int tries = 3;; tries++) {
		struct error own = {0};

		if (!applying->ops->activate(applying->job->facts.server, &own))
			return 0;
		if (hs_clock_ms() >= deadline)
			return hs_fail(err, own.code, "%s", own.what);
		hs_job_pause(tries);
	}
}

static int reactivate(struct applying *applying, int patience_ms,
		      struct error *err)
{
	struct job *job = applying->job;

	if (!job->activated)
		return 0;
	job->activated = false;
	if (activate_old(applying, err))
		return -1;
	if (!hs_job_is_as_before(&applying->before, patience_ms, err)) {
		if (applying->before.address)
			hs_tx_checked(applying->tx, CHECKED_RIGHT,
				      "answers as before");
		return 0;
	}
	hs_tx_checked(applying->tx, CHECKED_WRONG,
		      err ? hs_error_english(err) : NULL);
	return -1;
}

/* Why it was taken back stands there already: what of it could not be, and
 * what to do about that. */
static void say_left(const struct error *own, struct error *err)
{
	hs_auto_free char *text = hs_format("%s%s%s", own->what,
					    *own->hint ? "; " : "", own->hint);

	if (err && !*err->hint)
		hs_error_hint(err, "%s", text);
}

/* Takes everything back; the code of `err` then says how that went. */
static void take_back(struct applying *applying, struct error *err)
{
	struct job_outcome *outcome = applying->outcome;
	struct error own = {0};
	hs_auto_free char *who = hs_who_text(&applying->tx->ledger.who);
	bool bad;

	outcome->verified = false;
	outcome->state = TX_ROLLED_BACK;
	hs_tx_because(applying->tx, WHY_FAILED, who);
	bad = hs_tx_roll_back(applying->tx, &outcome->conflicts, &own) != 0;
	/* what is back is to be served, whatever else could not be */
	if (applying->tx->is_ended)
		bad |= reactivate(applying, bad ? BEFORE_BRIEFLY_MS : BEFORE_MS,
				  &own) != 0;
	if (bad) {
		outcome->state = TX_CONFLICT;
		if (err)
			err->code = HS_CONFLICT;
		say_left(&own, err);
	} else if (err && (applying->ported || applying->tx->ledger.intended)) {
		err->code = HS_FAILED;
	}
	/* what the look said; it is back whether that can be noted or not */
	(void)!hs_journal_write(&applying->tx->journal, NULL);
	hs_tx_put_away(applying->tx);
	hs_job_audit_end(outcome->transaction, WHY_FAILED, who, outcome->state);
	tell(applying, JOB_ROLLED_BACK, "%s",
	     outcome->state == TX_CONFLICT
		     ? _("not everything could be taken back")
		     : _("everything was taken back"));
}

static char *make_title(const struct job *job)
{
	static const char *const tails[] = {
		[JOB_ENABLE] = "",
		[JOB_DISABLE] = ", HTTPS off",
		[JOB_RENEW] = ", renewed",
	};
	const char *name = job->settings.name;
	hs_auto_free char *safe =
		name ? hs_text_safe(name, strlen(name), 120) : NULL;

	return hs_format("%s on %s%s", safe ? safe : "certificate",
			 job->facts.server->id, tails[job->kind]);
}

/* Whether recovery could not go through with one of them: then there is no
 * telling what a plan stands on. */
static bool is_unfinished(const struct job *job, const struct strings *ids)
{
	HS_EACH(id, ids) {
		hs_auto_ledger struct ledger ledger = {0};
		bool filed;

		if (!hs_tx_read(&job->state, *id, &ledger, &filed, NULL) &&
		    !filed && !ledger.rolled_back)
			return true;
	}
	return false;
}

/* Leftovers of a crash first: the plan may stand on them, then begin says so
 * (server.changed-on-disk). */
static int recover_first(struct job *job, struct error *err)
{
	struct strings ids;
	struct conflicts conflicts;
	struct error own = {0};
	int result = 0;

	if (hs_job_recover_locked(job, &ids, &conflicts, &own) &&
	    ((own.code == HS_CANNOT && !ids.n) || is_unfinished(job, &ids))) {
		*err = own;
		err->code = HS_CANNOT;
		result = -1;
	}
	hs_strings_done(&ids);
	hs_conflicts_done(&conflicts);
	return result ? result : hs_job_check_nothing_waits(job, err);
}

static size_t count_files(const struct plan *plan)
{
	size_t count = 0;

	HS_EACH(change, &plan->changes)
		count += change->kind != CHANGE_RUN;
	return count;
}

static int begin(struct applying *applying, struct error *err)
{
	struct job *job = applying->job;
	const struct server_facts *server = job->facts.server;
	hs_auto_free char *id = hs_strdup(server->id);
	const struct tx_server about = {
		.id = id,
		.binary = server->binary,
		.config = server->config,
		.prefix = server->prefix,
	};
	hs_auto_free char *title = make_title(job);

	if (hs_transaction_begin(&job->state, &job->root, &job->plan, title,
				 &about, &applying->tx, err))
		return -1;
	applying->outcome->transaction =
		hs_strdup(hs_transaction_id(applying->tx));
	hs_tx_remember(applying->tx, &applying->before);
	hs_audit_begin(&applying->tx->ledger);
	tell(applying, JOB_STAGED, _("staged %zu files, backups written"),
	     count_files(&job->plan));
	return 0;
}

static int apply_locked(struct applying *applying, struct error *err)
{
	if (recover_first(applying->job, err))
		return -1;
	if (applying->live)
		hs_job_remember(applying);
	applying->begun = hs_login_ticks();
	if (begin(applying, err))
		return -1;
	if (!hs_job_call_watchdog(applying, err) && !go_through(applying, err))
		return 0;
	take_back(applying, err);
	return -1;
}

static int check_may_reload(const struct job *job, struct error *err)
{
	if (!job->facts.server->running || job->facts.server->may_signal)
		return 0;
	hs_fail(err, HS_CANNOT, "this user may not reload %s",
		job->facts.server->title);
	hs_error_hint(err, "run it as root");
	return -1;
}

/* Nothing to change: what is served must still be right.  A server that was
 * not loaded again since the files became so is. */
static int verify_equal(struct applying *applying, struct error *err)
{
	struct job *job = applying->job;

	if (applying->live && !hs_job_is_served(applying) &&
	    job->facts.server->may_signal &&
	    applying->ops->activate(job->facts.server, err))
		return -1;
	if (applying->live && hs_job_prove(applying, true, err))
		return -1;
	tell(applying, JOB_FINISHED, _("nothing to do"));
	return 0;
}

/* Where nothing runs, HSTS alone is nothing to do: it waits for a proof. */
static bool has_work(const struct applying *applying)
{
	const struct plan *plan = &applying->job->plan;

	return has_phase(plan, PHASE_HTTPS) || hs_tx_ports_planned(plan) ||
	       (applying->live && has_phase(plan, PHASE_PROVED));
}

int hs_job_apply(struct job *job, job_progress *progress, void *context,
		 struct job_outcome *ret_outcome, struct error *err)
{
	struct error own = {0};
	struct applying applying = {
		.job = job,
		.ops = hs_job_server(job),
		.progress = progress,
		.context = context,
		.outcome = ret_outcome,
	};
	int result;

	*ret_outcome = (struct job_outcome){0};
	err = err ? err : &own;
	if (!applying.ops)
		return hs_fail(err, HS_CANNOT, "no server was chosen");
	applying.live = job->facts.server->running && !job->facts.offline;
	if (!has_work(&applying))
		return verify_equal(&applying, err);
	if (check_may_reload(job, err) ||
	    hs_state_lock(&job->state, &job->lock, err))
		return -1;
	hold_signals(&applying);
	result = apply_locked(&applying, err);
	hs_transaction_free(applying.tx);
	hs_before_done(&applying.before);
	/* what waits is ended by whoever comes first */
	hs_cleanup_close(&job->lock);
	job->lock = -1;
	release_signals(&applying);
	return result;
}
