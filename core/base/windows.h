/*
 * Names as Windows means them, in a tree that lies on Linux: without regard to
 * case, with backslashes, a drive in front and variables for well-known
 * folders.  The tree is the system drive.  What exists is spelled as it is on
 * disk, so the path that comes out can be opened.
 */
#ifndef CORE_BASE_WINDOWS_H
#define CORE_BASE_WINDOWS_H

#include "core/base/root.h"

/*
 * The path inside the root that has these names, case aside.  What does not
 * exist (a file to be created) keeps the spelling given.  To be freed; NULL
 * and ENOTUNIQ when two entries of one folder differ by case alone and neither
 * is spelled as asked for: Windows would not know which is meant.
 */
char *hs_windows_find(const struct root *root, const char *path);

/*
 * The same for a path as Windows writes it: "C:\inetpub\wwwroot",
 * "%SystemDrive%\inetpub", "%windir%\System32".  NULL and EXDEV when it lies
 * outside the tree (another drive, a network share, an unknown variable).
 */
char *hs_windows_path(const struct root *root, const char *windows);

/* Whether the path inside the root exists. */
int hs_windows_exists(const struct root *root, const char *path);

#endif
