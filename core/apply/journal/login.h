/*
 * Where a person sits: the terminal, the SSH connection, and since when.  The
 * environment alone does not tell (sudo drops it, tmux keeps it), so the
 * processes above this one are asked too, and the record of logins.
 */
#ifndef CORE_APPLY_JOURNAL_LOGIN_H
#define CORE_APPLY_JOURNAL_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

struct login {
	char *tty;     /* "pts/3", "tty1", "ttyS0", or NULL */
	char *ssh;     /* SSH_CONNECTION, or NULL */
	bool remote;   /* over a network, or it cannot be told: a connection
			 that may break */
	int64_t since; /* clock ticks since boot of the login's first process;
			  0: unknown */
};

/* Of this process; foreign text is made harmless. */
void hs_login_find(struct login *ret_login);
void hs_login_done(struct login *login);

/* Since when any process here has had this SSH_CONNECTION, likewise; 0: none
 * that may be looked at. */
int64_t hs_login_first_seen(const char *ssh);

/* Now, in clock ticks since boot, as /proc counts them. */
int64_t hs_login_ticks(void);

#endif
