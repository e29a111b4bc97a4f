/*
 * What must hold for the looks of every picture, whatever it shows:
 *
 * the cursor is seen, and on something; at most one thing is reversed, and
 * the cursor is in it; no ground is coloured; marks stand out as far as the
 * terminal can; without colour there is none; in ASCII there is nothing else.
 */
#ifndef TESTS_SCREENS_LOOKS_H
#define TESTS_SCREENS_LOOKS_H

#include <stdbool.h>

#include "tests/screens/vt.h"

/* What a cell looks like: 'R' reverse, '*' bold, 'a' to 'h' in a colour, 'A' to
 * 'H' in a colour and bold, '_' underlined, ' ' plain. */
char looks_at(const struct vt *vt, int row, int col);

/* `color`: there are colours; `ascii`: there is nothing but ASCII. Fails as
 * vt_on_failure has it. */
void looks_check(const struct vt *vt, bool color, bool ascii);

#endif
