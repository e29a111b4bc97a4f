/*
 * Finding what is asked by its name: fields and buttons of the wizard, prompts
 * of the plain face.
 */
#ifndef TESTS_SCREENS_ASKED_H
#define TESTS_SCREENS_ASKED_H

#include "tests/screens/vt.h"

/* Presses Tab until the field with that label, or the button "[ NAME ]", has
 * the focus; on a picture that has no list of steps at its side. */
void asked_focus(struct vt *vt, const char *label);

/* Answers prompts: a line of the file is what a prompt begins with up to its
 * first comma or colon, a tab, and what to type.  Others get Enter.  Ends in
 * front of the one that "." stands for. */
void asked_answer(struct vt *vt, const char *path);

#endif
