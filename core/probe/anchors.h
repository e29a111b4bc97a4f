/*
 * The certificates an operator trusts beside those of the system: a file of
 * his, so it is parsed in a child that can do nothing else
 * (core/base/sandbox/sandbox.h).
 */
#ifndef CORE_PROBE_ANCHORS_H
#define CORE_PROBE_ANCHORS_H

#include "core/base/error.h"
#include "core/base/openssl.h"

/* Adds those in the file `path` (PEM or DER) to the store.  HS_CANNOT when
 * it cannot be read, or holds none. */
int hs_anchors_add(const char *path, X509_STORE *store,
		   struct error *err) HS_MUST_CHECK;

#endif
