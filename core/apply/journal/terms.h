/*
 * The terms under which a change waits: until when, whose word keeps it, and
 * what the server answered before.
 *
 * The code that keeps it is six digits, told once to whoever made the change;
 * what is stored is a salted hash.  On a strict change it must come from a
 * login that began after the change: a connection that stood before proves
 * nothing about the next one.
 */
#ifndef CORE_APPLY_JOURNAL_TERMS_H
#define CORE_APPLY_JOURNAL_TERMS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/apply/journal/state.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/message.h"

#define HS_CODE_SIZE 7	/* six digits and a NUL */
#define HS_CODE_TRIES 5 /* wrong ones; then only taking back is left */
#define HS_CODE_SALT 16

struct terms {
	int seconds;
	bool strict;   /* only from a new login, or on a console */
	int64_t begun; /* of the change, in clock ticks since boot */
	int64_t since; /* of the login it was made from, likewise */
	unsigned char salt[HS_CODE_SALT], hash[HS_HASH_SIZE];
};

/* Makes a new code for them. HS_CANNOT without random numbers. */
int hs_terms_make_code(struct terms *terms, char ret_code[static HS_CODE_SIZE],
		       struct error *err) HS_MUST_CHECK;
/* Whether it is that code; takes the same time for every other. */
bool hs_terms_is_code(const struct terms *terms, const char *code);

/* Whether `me` may keep what `maker` made: HS_REFUSED with the reason and the
 * way. */
int hs_terms_check_login(const struct terms *terms, const struct who *maker,
			 const struct who *me, struct error *err) HS_MUST_CHECK;

void hs_terms_put(const struct terms *terms, struct str *to);
void hs_terms_take(struct message *from, struct terms *ret_terms);

/* What was answered at one address before the change. */
struct before {
	char *name, *address; /* address NULL: nobody looked */
	int https_port, http_port;
	bool tls; /* a handshake came about */
	unsigned char leaf[HS_HASH_SIZE];
	int status; /* of HTTP; 0: no answer */
};
void hs_before_put(const struct before *before, struct str *to);
void hs_before_take(struct message *from, struct before *ret_before);
void hs_before_copy(const struct before *from, struct before *ret_copy);
void hs_before_done(struct before *before);

#endif
