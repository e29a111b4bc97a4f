#include "core/apply/job_parts.h"

#include <string.h>

void hs_job_outcome_done(struct job_outcome *outcome)
{
	free(outcome->transaction);
	hs_findings_done(&outcome->live);
	hs_conflicts_done(&outcome->conflicts);
	hs_strings_done(&outcome->changed);
	*outcome = (struct job_outcome){0};
}

static void unlock(struct job *job)
{
	hs_cleanup_close(&job->lock);
	job->lock = -1;
}

static int nothing_waits(struct error *err)
{
	return hs_fail(err, HS_CANNOT, "nothing is waiting to be kept");
}

int hs_job_keep(struct job *job, struct job_outcome *outcome, struct error *err)
{
	if (!job->transaction)
		return nothing_waits(err);
	if (hs_transaction_finish(job->transaction, err))
		return -1;
	outcome->state = TX_COMMITTED;
	hs_transaction_free(hs_steal(job->transaction));
	unlock(job);
	return 0;
}

int hs_job_revert(struct job *job, struct job_outcome *outcome,
		  struct error *err)
{
	const struct server_ops *ops = hs_job_server(job);
	int result;

	if (!job->transaction)
		return nothing_waits(err);
	outcome->verified = false;
	outcome->state = TX_ROLLED_BACK;
	hs_conflicts_done(&outcome->conflicts);
	result = hs_transaction_rollback(job->transaction, &outcome->conflicts,
					 err);
	if (result)
		outcome->state = TX_CONFLICT;
	if (job->activated && ops)
		result |= ops->activate(job->facts.server, err);
	job->activated = false;
	hs_transaction_free(hs_steal(job->transaction));
	unlock(job);
	return result ? -1 : 0;
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

int hs_job_reload(const struct job *job, const struct tx_server *server,
		  struct error *err)
{
	const struct server_ops *ops =
		server->id ? hs_server_ops(server->id) : NULL;
	const struct server_hint hint = {
		.config = server->config,
		.binary = server->binary,
		.certificates = job->options.cert_dir,
	};
	struct server_facts found = {0};
	int result;

	if (!ops || hs_root_is_offline(&job->root))
		return 0;
	result = ops->detect(&job->root, &hint, &found, err);
	if (!result && found.id)
		result = reload_found(ops, &found, err);
	hs_server_facts_done(&found);
	return result;
}

/* A reload that fails is told; the files are back all the same. */
static int reload_after(struct job *job, const struct tx_server *server,
			struct error *err)
{
	struct error own = {0};

	if (!hs_job_reload(job, server, &own))
		return 0;
	hs_fail(err, HS_CONFLICT,
		"the files are back, but %s was not "
		"reloaded: %s",
		server->id, own.what);
	hs_error_where(err, "%s", own.where);
	hs_error_hint(err, "put that right and reload it");
	return -1;
}

int hs_job_rollback(struct job *job, const char *id,
		    struct job_outcome *ret_outcome, struct error *err)
{
	struct tx_server server;
	int result;

	*ret_outcome = (struct job_outcome){0};
	if (hs_state_lock(&job->state, &job->lock, err))
		return -1;
	result = hs_transaction_undo(&job->state, &job->root, id,
				     &ret_outcome->conflicts,
				     &ret_outcome->transaction, &server, err);
	if (!result || ret_outcome->conflicts.n) {
		ret_outcome->state = result ? TX_CONFLICT : TX_ROLLED_BACK;
		result |= reload_after(job, &server, err);
	}
	hs_tx_server_done(&server);
	unlock(job);
	return result ? -1 : 0;
}

/* Servers once each, however many transactions were about them. */
static int reload_all(struct job *job, const struct tx_servers *servers,
		      struct error *err)
{
	struct strings seen = {0};
	int result = 0;

	HS_EACH(server, servers) {
		const char *config = server->config ? server->config : "";

		if (hs_strings_has(&seen, config))
			continue;
		hs_strings_add(&seen, config);
		result |= reload_after(job, server, err);
	}
	hs_strings_done(&seen);
	return result;
}

int hs_job_recover(struct job *job, struct strings *ret_ids,
		   struct conflicts *ret_conflicts, struct error *err)
{
	struct tx_servers servers;
	int result;

	*ret_ids = (struct strings){0};
	*ret_conflicts = (struct conflicts){0};
	if (!hs_state_is_pending(&job->state))
		return 0;
	if (hs_state_lock(&job->state, &job->lock, err))
		return -1;
	result = hs_tx_recover(&job->state, &job->root, ret_ids, ret_conflicts,
			       &servers, err);
	result |= reload_all(job, &servers, err);
	hs_tx_servers_done(&servers);
	unlock(job);
	return result ? -1 : 0;
}
