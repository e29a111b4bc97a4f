/*
 * The one error value.  Functions that can fail return 0 or -1 and take a
 * `struct error *err` last.  The first error wins: what is set stays, so a
 * caller may go on cleaning up with the same value.  Codes are grouped by who
 * must act and equal the exit status they lead to.
 */
#ifndef CORE_BASE_ERROR_H
#define CORE_BASE_ERROR_H

#include "core/base/cleanup.h"

enum hs_code {
	HS_OK = 0,
	HS_REFUSED = 1,	 /* a finding of severity error stands */
	HS_USAGE = 2,	 /* the command line or the answers file is wrong */
	HS_CANNOT = 3,	 /* not here: missing, no permission, lock held */
	HS_FAILED = 4,	 /* failed while applying; everything taken back */
	HS_CONFLICT = 5, /* not everything could be taken back */
	HS_REVERTED = 6, /* taken back because nobody confirmed */
};

struct error {
	enum hs_code code;
	int sys;	   /* errno at the time, or 0 */
	char id[40];	   /* id of the finding this amounts to, or "" */
	char where[320];   /* "file:line", "--flag", or "" */
	char what[480];	   /* one sentence, no full stop */
	char hint[320];	   /* what to do, or "" */
	char english[480]; /* `what` in English when it is not, else "" */
};

/*
 * Sets `err` unless it is set already (NULL is allowed). Returns -1.  This and
 * those below take messages in English and translate them (core/base/i18n.h).
 */
int hs_fail(struct error *err, enum hs_code code, const char *what, ...)
	HS_PRINTF(3, 4);

/* As hs_fail(), and adds strerror(errno) behind "what: ". Returns -1. */
int hs_fail_errno(struct error *err, enum hs_code code, const char *what, ...)
	HS_PRINTF(3, 4);

/* The sentence for journals and logs, which are English. */
const char *hs_error_english(const struct error *err);

/* Details of an error just set; each keeps what stands already. */
void hs_error_id(struct error *err, const char *id);
void hs_error_where(struct error *err, const char *where, ...) HS_PRINTF(2, 3);
void hs_error_hint(struct error *err, const char *hint, ...) HS_PRINTF(2, 3);

#endif
