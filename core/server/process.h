/*
 * What /proc tells of the processes of a server: read-only, and never fatal;
 * a process may end between two looks.
 */
#ifndef CORE_SERVER_PROCESS_H
#define CORE_SERVER_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/base/array.h"
#include "core/base/str.h"

struct pids HS_ARRAY(pid_t);

/* The file /proc/PID/`name`; -1 when it cannot be read. */
int hs_process_read(pid_t pid, const char *name, struct str *ret_text);

/* Every process that can be seen. */
void hs_processes(struct pids *ret_pids);

/* The child processes of one. */
void hs_process_children(pid_t pid, struct pids *ret_pids);

/* When it started, in clock ticks since boot; 0: it is gone. With the PID
 * this names one process for good. */
unsigned long long hs_process_started(pid_t pid);

/* Its parent; 0: it is gone. */
pid_t hs_process_parent(pid_t pid);

/* Processor time it used so far, in clock ticks. */
unsigned long long hs_process_used(pid_t pid);

/* The user it runs as; -1 when it is gone. */
long hs_process_user(pid_t pid);

/* The absolute path of its program, to be freed; NULL when this user may not
 * see it or the file was replaced. */
char *hs_process_program(pid_t pid);

/* Its working directory, to be freed, or NULL. */
char *hs_process_directory(pid_t pid);

/* Whether paths mean the same to it as to us (one mount namespace); true as
 * well when this user may not see that. */
bool hs_process_shares_files(pid_t pid);

#endif
