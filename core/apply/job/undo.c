#include "core/apply/job/parts.h"

#include <string.h>

void hs_job_outcome_done(struct job_outcome *outcome)
{
	free(outcome->transaction);
	hs_findings_done(&outcome->live);
	hs_conflicts_done(&outcome->conflicts);
	hs_strings_done(&outcome->changed);
	free(outcome->ended_by);
	*outcome = (struct job_outcome){0};
}

static void unlock(struct job *job)
{
	hs_cleanup_close(&job->lock);
	job->lock = -1;
}

/* Its own test first: a broken configuration (an edit of the operator's) must
 * not end what still serves from memory. */
static int reload_found(const struct server_ops *ops,
			const struct server_facts *server, struct error *err)
{
	const struct staged_files none = {0};
	bool isolated;

	if (!server->running)
		return 0;
	if (!server->may_signal)
		return hs_fail(err, HS_CANNOT, "this user may not reload %s",
			       server->title);
	if (ops->trial && ops->trial(server, &none, &isolated, err))
		return -1;
	return ops->activate(server, err);
}

/* The server of a transaction as it is now; *ret_ops is NULL where there is
 * none to speak to. */
static int find_server(const struct job *job, const struct tx_server *server,
		       const struct server_ops **ret_ops,
		       struct server_facts *ret_found, struct error *err)
{
	const struct server_hint hint = {
		.config = server->config,
		.binary = server->binary,
		.certificates = job->options.cert_dir,
	};

	*ret_found = (struct server_facts){0};
	*ret_ops = server->id && !hs_root_is_offline(&job->root)
			   ? hs_server_ops(server->id)
			   : NULL;
	if (!*ret_ops)
		return 0;
	return (*ret_ops)->detect(&job->root, &hint, ret_found, err);
}

static int reload(const struct job *job, const struct tx_server *server,
		  bool *ret_running, struct error *err)
{
	const struct server_ops *ops;
	struct server_facts found;
	int result = find_server(job, server, &ops, &found, err);

	*ret_running = found.id && found.running;
	if (!result && found.id)
		result = reload_found(ops, &found, err);
	hs_server_facts_done(&found);
	return result;
}

bool hs_job_is_running(const struct job *job, const struct tx_server *server)
{
	const struct server_ops *ops;
	struct server_facts found;
	bool running = !find_server(job, server, &ops, &found, NULL) &&
		       found.id && found.running;

	hs_server_facts_done(&found);
	return running;
}

/* What fails once may have been the system's want of something for a moment;
 * so may a server be that answered before and is not to be found now. */
static int reload_or_again(const struct job *job, const struct tx_taken *taken,
			   struct error *err)
{
	const struct before *seen = &taken->seen;
	bool expected = seen->tls || seen->status;
	int result = 0;

	for (int tries = 0; tries < 2; tries++) {
		bool running;

		*err = (struct error){0};
		result = reload(job, &taken->server, &running, err);
		if (!result && (running || !expected))
			break;
	}
	return result;
}

int hs_job_reload_after(const struct job *job, const struct tx_taken *taken,
			struct error *err)
{
	struct error own;

	if (!reload_or_again(job, taken, &own))
		return 0;
	hs_fail(err, HS_CONFLICT,
		"the files are back, but %s was not "
		"reloaded: %s",
		taken->server.id, own.what);
	hs_error_where(err, "%s", own.where);
	hs_error_hint(err, "put that right and reload it");
	return -1;
}

static int roll_back(struct job *job, const char *id,
		     struct job_outcome *outcome, struct error *err)
{
	hs_auto_free char *me = hs_who_me();
	struct tx_taken taken;
	int result = hs_tx_undo_later(&job->state, &job->root, id, me,
				      &outcome->conflicts, &taken, err);

	/* a rule that stays in a firewall names no file */
	if (!result || outcome->conflicts.n || taken.to_file) {
		outcome->state = taken.state;
		hs_job_audit_end(taken.id, WHY_UNDONE, me, taken.state);
		result |= hs_job_settle(job, &taken, &outcome->verified, err);
		outcome->verified = outcome->verified && !result;
	}
	hs_tx_file_taken(&job->state, &taken);
	outcome->transaction = hs_steal(taken.id);
	hs_tx_taken_done(&taken);
	return result ? -1 : 0;
}

int hs_job_rollback(struct job *job, const char *id,
		    struct job_outcome *ret_outcome, struct error *err)
{
	int result;

	*ret_outcome = (struct job_outcome){0};
	if (hs_state_lock(&job->state, &job->lock, err))
		return -1;
	result = hs_job_check_nothing_waits(job, err);
	if (!result)
		result = roll_back(job, id, ret_outcome, err);
	unlock(job);
	return result;
}

/* Servers once each, however many transactions were about them. */
static int reload_all(struct job *job, const struct tx_takens *takens,
		      struct error *err)
{
	struct strings seen = {0};
	int result = 0;

	HS_EACH(taken, takens) {
		const char *config =
			taken->server.config ? taken->server.config : "";

		if (!taken->touched || hs_strings_has(&seen, config))
			continue;
		hs_strings_add(&seen, config);
		result |= hs_job_reload_after(job, taken, err);
	}
	hs_strings_done(&seen);
	return result;
}

int hs_job_recover_locked(struct job *job, struct strings *ret_ids,
			  struct conflicts *ret_conflicts, struct error *err)
{
	hs_auto_free char *me = hs_who_me();
	struct tx_takens takens;
	bool verified;
	int result = hs_tx_recover(&job->state, &job->root, me, ret_ids,
				   ret_conflicts, &takens, err);

	HS_EACH(taken, &takens)
		hs_job_audit_end(taken->id, taken->why, me, taken->state);
	result |= reload_all(job, &takens, err);
	/* the oldest stands lowest: what was before it is before them all */
	if (!result && takens.n)
		result = hs_job_check_taken(job, &takens.items[takens.n - 1],
					    &verified, err);
	HS_EACH(taken, &takens)
		hs_tx_file_taken(&job->state, taken);
	hs_tx_takens_done(&takens);
	return result ? -1 : 0;
}

int hs_job_recover(struct job *job, struct strings *ret_ids,
		   struct conflicts *ret_conflicts, struct error *err)
{
	hs_auto_free char *holder = hs_state_holder(&job->state);
	int result;

	*ret_ids = (struct strings){0};
	*ret_conflicts = (struct conflicts){0};
	/* a watchdog that is at it has not loaded the server yet */
	if (!hs_state_is_pending(&job->state) &&
	    !(holder && !strncmp(holder, HS_WATCHDOG, sizeof(HS_WATCHDOG) - 1)))
		return 0;
	if (hs_state_lock(&job->state, &job->lock, err))
		return -1;
	result = hs_job_recover_locked(job, ret_ids, ret_conflicts, err);
	unlock(job);
	return result;
}
