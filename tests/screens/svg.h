/*
 * What a terminal shows as a drawing: an SVG of a few kilobytes that looks the
 * same in every browser, and the same bytes from the same picture.
 */
#ifndef TESTS_SCREENS_SVG_H
#define TESTS_SCREENS_SVG_H

#include "tests/screens/vt.h"

/* The drawing, to be freed; `title` is for those who do not see it. */
char *svg_of(const struct vt *vt, const char *title);

#endif
