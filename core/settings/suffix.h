/*
 * The public suffix list (publicsuffix.org), as libpsl has it built in: below
 * which names the names of other people stand.  libpsl is opened with the
 * first question.
 */
#ifndef CORE_SETTINGS_SUFFIX_H
#define CORE_SETTINGS_SUFFIX_H

#include <stdbool.h>

/* Whether `name` (A-labels) is one of the list, "co.uk" or "github.io". */
bool hs_suffix_is_public(const char *name);

/* Whether it is one that a registry sells names under: "co.uk". */
bool hs_suffix_is_registry(const char *name);

/* The suffix of `name` and the label before it, a part of `name`; NULL when
 * there is no such label. */
const char *hs_suffix_registrable(const char *name);

#endif
