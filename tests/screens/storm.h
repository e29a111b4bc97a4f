/*
 * Weather for a program on a terminal: thousands of events nobody means, from
 * a seed, so that a storm that did harm can be had again.
 */
#ifndef TESTS_SCREENS_STORM_H
#define TESTS_SCREENS_STORM_H

#include "tests/screens/vt.h"

/* Events that mean nothing: sequences no key has, broken characters, NULs,
 * reports of the terminal, a window that is dragged.  Ends at the size it
 * began with. */
void storm_of_noise(struct vt *vt, unsigned seed, long count);

/* The same, and keys, characters and pastes up to a megabyte, with brackets
 * and without; but none that presses a button: Enter and Space come only
 * within what is pasted. */
void storm_of_keys(struct vt *vt, unsigned seed, long count);

#endif
