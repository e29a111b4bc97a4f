/*
 * The program as a watchdog: started by itself, never by people, with a word
 * that is no command.
 */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include <stdbool.h>

/* Whether the command line makes it one. */
bool cli_watch_is_wanted(int argc, char *const argv[]);
/* Its life; returns the exit status. */
int cli_watch_run(char *const argv[]);

#endif
