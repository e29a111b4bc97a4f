/*
 * The plan: ordered changes, each with its reason and its undo.  Servers,
 * products and firewalls add changes; nobody but the transaction carries them
 * out.  A plan is pure data: preview, dry run, apply and rollback read the
 * same rows.
 */
#ifndef CORE_PLAN_PLAN_H
#define CORE_PLAN_PLAN_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/base/array.h"
#include "core/base/str.h"

enum change_kind {
	CHANGE_EDIT,   /* new content of an existing file */
	CHANGE_CREATE, /* a new file */
	CHANGE_LINK,   /* a symbolic link to `target` */
	CHANGE_REMOVE, /* a file or link goes away */
	CHANGE_RUN,    /* a command, shown and run as `command` */
};

/* What is true before a change may be made. */
enum change_phase {
	PHASE_HTTPS,  /* everything but HSTS */
	PHASE_PROVED, /* after HTTPS was proved live: HSTS */
};

/* What a command does about one TCP port in a firewall. */
struct change_port {
	int number;
	bool shuts;  /* a rule that keeps visitors out, else one that lets in */
	bool goes;   /* the rule, which is ours, is removed; else it is added */
	char *tag;   /* of the rule that goes */
	char *place; /* and where it stands, as the firewall knows it */
};

struct change {
	enum change_kind kind;
	enum change_phase phase;
	char *path;	/* as seen from inside the root, links resolved */
	mode_t mode;	/* of a created file */
	bool secret;	/* content never shown: private keys */
	bool immediate; /* takes effect without a reload */
	char *reason;	/* one clause: "listen on 443, certificate" */
	char *undo;	/* one clause: "restore the file, reload" */
	char *before;	/* bytes before; NULL when created */
	bool lent;	/* and they are somebody else's: hs_plan_take() */
	size_t before_length;
	char *after; /* bytes after; NULL when removed or run. Of a secret:
			  secure heap */
	size_t after_length;
	char *target;		/* of a link */
	struct strings command; /* of a run: argv, for people to read */
	char *firewall;		/* of a run: id of the firewall it changes; such
				   a command counts as a change by itself */
	struct change_port port; /* there */
};
struct changes HS_ARRAY(struct change);

/* What people do by hand, where no file can be edited: on the machine itself,
 * on others, in a program's own windows. */
enum task_when { TASK_BEFORE, TASK_AFTER };

struct task {
	enum task_when when; /* before or after the changes */
	char *text;	     /* what to do, one sentence or two */
	char *reason;	     /* one clause, or NULL */
	/* A program of that machine that does it, for its script: argv as
	 * seen there. Empty: only people can do it. */
	struct strings command;
};
struct tasks HS_ARRAY(struct task);

struct plan {
	struct changes changes;
	struct strings notes; /* what people should know beside the changes */
	struct tasks tasks;   /* in order */
};

/*
 * Adds a change that gives `path` the content `after`.  `before` NULL: the
 * file does not exist (CREATE with `mode`).  Nothing is added when the bytes
 * are equal.  A second change to the same path in the same phase replaces the
 * first one's `after`; in a later phase its `before` is the earlier `after`.
 * Takes copies.  Returns the change, or NULL when nothing was to be done.
 */
struct change *hs_plan_write(struct plan *plan, enum change_phase phase,
			     const char *path, mode_t mode,
			     const struct str *before, const struct str *after,
			     const char *reason);

/*
 * The same for large files, without copies: `after` moves into the plan and is
 * empty then; `before` is lent to it, and must stay as it is until the plan is
 * done or hs_plan_own() was called.
 */
struct change *hs_plan_take(struct plan *plan, enum change_phase phase,
			    const char *path, mode_t mode,
			    const struct str *before, struct str *after,
			    const char *reason);

/* Copies what was lent to the plan: call it before that goes. */
void hs_plan_own(struct plan *plan);

/* Marks a change as secret: never shown, its bytes move to the secure heap and
 * are wiped with the plan.  Call it at once after hs_plan_write(). */
void hs_change_hide(struct change *change);

/* Adds the removal of a file whose content is `before`. */
struct change *hs_plan_remove(struct plan *plan, enum change_phase phase,
			      const char *path, const struct str *before,
			      const char *reason);

/* Adds a new symbolic link; `path` must not exist. */
struct change *hs_plan_link(struct plan *plan, enum change_phase phase,
			    const char *path, const char *target,
			    const char *reason);

/* Adds a command (argv, ends with NULL). */
struct change *hs_plan_run(struct plan *plan, enum change_phase phase,
			   const char *const *argv, const char *reason,
			   const char *undo);

/* A note for people: "nginx is not running: nothing is reloaded". */
void hs_plan_note(struct plan *plan, const char *format, ...) HS_PRINTF(2, 3);

/* Adds a step for people; its reason may be NULL. */
struct task *hs_plan_task(struct plan *plan, enum task_when when,
			  const char *reason, const char *format, ...)
	HS_PRINTF(4, 5);
/* "before" "after". */
const char *hs_task_word(enum task_when when);

/* Whether there is nothing to do (commands alone are nothing, but for those
 * that change a firewall). */
bool hs_plan_is_empty(const struct plan *plan);

/* "edit" "create" "link" "remove" "run". */
const char *hs_change_word(enum change_kind kind);

void hs_plan_done(struct plan *plan);

#endif
