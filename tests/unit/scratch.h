/*
 * A directory of the test's own below /tmp, and the files in it.
 */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

/* Makes it; its path stays valid until scratch_remove(). */
const char *scratch_make(void);
/* With all that is in it. */
void scratch_remove(void);

/* The path of `name` in it, to be freed. */
char *scratch_path(const char *name);
/* Writes a file, with the directories it needs. */
void scratch_write(const char *name, const char *text);
/* A symbolic link, likewise. */
void scratch_link(const char *target, const char *name);
/* Its text, to be freed; NULL when there is no such file. */
char *scratch_read(const char *name);

#endif
