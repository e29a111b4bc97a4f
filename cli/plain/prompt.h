/*
 * Asking line by line.  Standard input is read byte by byte, so nothing is
 * left in a buffer when something else reads on, and a passphrase never lies
 * in one.  End of input is never an answer, also not behind half a line.
 */
#ifndef CLI_PLAIN_PROMPT_H
#define CLI_PLAIN_PROMPT_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/str.h"

enum { PROMPT_LINE_MAX = 8192, PROMPT_PASTE_MAX = 1 << 20 };

/* Reads one line without its line end. -1: end of input or a longer line. */
int cli_read_line(struct str *ret_line);

/* As above from the terminal without echo; where there is none, echo is not
 * ours to turn off.  A signal gives the terminal back as it was first.  The
 * caller wipes the line with cli_wipe(). */
int cli_read_secret(struct str *ret_line);
/* Reads lines up to one that is a single dot, as long as they may be, without
 * showing them; the terminal keeps no line back. -1: end of input, a signal,
 * or more than PROMPT_PASTE_MAX bytes.  The caller wipes it. */
int cli_read_paste(struct str *ret_text);
void cli_wipe(struct str *secret);

/* Puts a question there, and a space for the answer behind it. */
void cli_prompt(FILE *to, const char *question);

/* Whether an answer means yes, or no; Enter alone is no. */
bool cli_is_yes(const char *text);
bool cli_is_no(const char *text);

/* Asks `question` until the answer is yes or no; Enter is no.  1, 0, or -1
 * at the end of input. */
int cli_ask_yes(FILE *to, const char *question);

/* Holds back the signals that would end the program (HUP INT QUIT TERM), so
 * that work which must not be cut in two is finished first.
 * cli_signals_release() lets them in again; one that came ends the program
 * then, unless it is forgotten first: when what it came to end is done. */
void cli_signals_hold(void);
void cli_signals_forget(void);
void cli_signals_release(void);

#endif
