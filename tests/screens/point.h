/*
 * What is done to a screen with something else than its keyboard: clicks, the
 * wheel, and what another program writes on it.
 */
#ifndef TESTS_SCREENS_POINT_H
#define TESTS_SCREENS_POINT_H

#include "tests/screens/vt.h"

/* Presses the left button on the first letter of that text and lets it go, as
 * a terminal sends it that was asked for clicks; fails when it was not. */
void point_click(struct vt *vt, const char *text);
/* "up" or "down". */
void point_wheel(struct vt *vt, const char *way);
/* Whether clicks are sent: "on" or "off". */
void point_is(struct vt *vt, const char *state);
/* Draws the text in the middle of the screen; the program knows nothing of
 * it. */
void point_spoil(struct vt *vt, const char *text);

#endif
