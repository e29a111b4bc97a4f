/*
 * What is made sure of before anything else runs: descriptors, limits,
 * environment, protected memory, how the program ends when memory runs out or a
 * library is not there.
 */
#ifndef CLI_START_H
#define CLI_START_H

#include <stdbool.h>

/* Called once, first thing in main(). */
void cli_start(void);

/* The operator's language from here on; without it all is said in English,
 * as whatever speaks to logs alone does. */
void cli_start_language(void);

/* Takes the program down to its end: `stop` is called when memory runs out,
 * e.g. to give the terminal back; NULL: nothing to give back. */
void cli_on_exhausted(void (*stop)(void));

#endif
