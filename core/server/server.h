/*
 * Where a new web server moves in: one file, one row in the table of
 * server.c, one folder of golden cases.  A server reads and plans; it never
 * writes.
 */
#ifndef CORE_SERVER_SERVER_H
#define CORE_SERVER_SERVER_H

#include "core/base/error.h"
#include "core/base/root.h"
#include "core/plan/plan.h"
#include "core/settings/facts.h"
#include "core/settings/settings.h"

/* A file of the candidate configuration: where it will be, where it is. */
struct staged {
	char *path;   /* as the server will see it (outside path) */
	char *staged; /* where its new content lies now */
};
struct staged_files HS_ARRAY(struct staged);

/* Where to look, from settings and flags; NULL: the usual places. */
struct server_hint {
	const char *config, *binary;
	const char *certificates; /* --cert-dir */
};

/* What a plan is to be made from. */
struct server_job {
	const struct root *root;
	const struct facts *facts; /* with server, site and bundle chosen */
	const struct settings *settings;
};

/* A trial start: what is to be started, and what it has to show. */
struct server_start {
	const struct staged_files *files;
	/*
	 * Called once it listens, in a process of its own that sees the trial
	 * alone, has no descriptor of ours and does not come back.  -1: it
	 * does not answer as it should (HS_REFUSED), or that could not be
	 * seen (HS_CANNOT).  What it puts into `seen` is handed on.
	 */
	int (*prove)(void *context, struct str *seen, struct error *err);
	void *context;
	int patience_ms; /* with its coming up, and with each of its answers */
};

struct server_started {
	char *untried; /* why there was none, a clause; NULL: there was */
	struct str seen;
};

struct server_ops {
	const char *id;	   /* "nginx": flags, answers, journal */
	const char *title; /* shown to people */
	unsigned abilities;

	/* Looks for the server. 0 with id set when found, 0 with id NULL when
	 * it is not there; what stands in the way goes to problems. */
	int (*detect)(const struct root *root, const struct server_hint *hint,
		      struct server_facts *ret_facts, struct error *err);
	/* The whole list of changes for the settings. */
	int (*plan)(const struct server_job *job, struct plan *plan,
		    struct error *err);
	/* Takes HTTPS off the site again. */
	int (*disable)(const struct server_job *job, struct plan *plan,
		       struct error *err);
	/* The sites that serve the certificate of the bundle's names with a
	 * certificate of ours get the new one, nothing else changes. */
	int (*renew)(const struct server_job *job, struct plan *plan,
		     struct error *err);
	/* The server's own test, with the staged files in place of the live
	 * ones when `files` is not empty. HS_REFUSED with id
	 * server.config-broken and its own file:line when it fails.
	 * *ret_isolated: the staged files could be put in place in a private
	 * namespace; false: nothing was tested (test again after commit). */
	int (*trial)(const struct server_facts *server,
		     const struct staged_files *files, bool *ret_isolated,
		     struct error *err);
	/*
	 * Starts it with the staged files in the place of the live ones, in a
	 * network, a process space and a file system of its own: nothing that
	 * runs or is live is touched, and nothing is left of it.  -1 with
	 * HS_REFUSED where it does not come up in time, ends again or does
	 * not prove itself.  NULL: it has none.
	 */
	int (*start)(const struct server_facts *server,
		     const struct server_start *start,
		     struct server_started *ret_started, struct error *err);
	/* Reload, and wait until the new configuration serves (or fails). */
	int (*activate)(const struct server_facts *server, struct error *err);
};

/* The table; *ret_count rows. */
const struct server_ops *const *hs_servers(size_t *ret_count);
/* The row with that id, or NULL. */
const struct server_ops *hs_server_ops(const char *id);

/* Runs detect of every row that `settings` does not rule out; fills
 * facts->servers. */
int hs_servers_detect(const struct root *root, const struct settings *settings,
		      const char *certificates, struct facts *facts,
		      struct error *err) HS_MUST_CHECK;

#endif
