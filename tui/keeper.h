/*
 * A process that waits for the one that draws and gives the terminal back
 * when that is killed in a way nothing can be done about (SIGKILL, the kernel
 * out of memory): modes, alternate screen, bracketed paste, mouse.  It is the
 * parent, so the shell gets its terminal after that and not before.
 */
#ifndef TUI_KEEPER_H
#define TUI_KEEPER_H

#include <stdbool.h>

/*
 * Goes on as the child of a process that hands signals on to it, stops when it
 * stops, and ends with its status (128 + the signal that ended it, after
 * `mourn` has told of it).  Should the parent be killed itself, the child is
 * hung up.  What is open or locked is the child's alone; processes that were
 * forked before are the parent's.
 *
 * False: there is no terminal to keep, or no process to be had; nothing
 * happened then.
 */
bool tui_keeper_start(void (*mourn)(int number));
/* Whether there was one, and it was killed. */
bool tui_keeper_is_gone(void);

#endif
