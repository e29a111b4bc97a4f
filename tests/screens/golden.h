/*
 * Pictures that are kept: golden/NAME.txt has the rows, what the cells look
 * like, and where the cursor is.
 */
#ifndef TESTS_SCREENS_GOLDEN_H
#define TESTS_SCREENS_GOLDEN_H

#include "tests/screens/vt.h"

/* What the extended regular expression matches is shown as `mask`, of the same
 * width, in every picture. */
void golden_mask(const char *pattern, const char *mask);

/* Compares what is seen with the picture of that name.  With UPDATE_GOLDENS
 * set the file is written instead. */
void golden_compare(struct vt *vt, const char *name);
/* The same without what it looks like: words and cursor. */
void golden_compare_words(struct vt *vt, const char *name);
/* The same with the drawing share/pictures/NAME.svg. */
void golden_compare_drawing(struct vt *vt, const char *name);

#endif
