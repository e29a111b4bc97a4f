/*
 * What a source names, as bytes: files, all files of a directory or of a
 * pattern, a text that was pasted.  Each file is opened and read once; what is
 * judged is what is installed, whatever happens to the file meanwhile.
 */
#ifndef CORE_CERT_READ_ORIGIN_H
#define CORE_CERT_READ_ORIGIN_H

#include "core/cert/read/gather.h"

/* More is no certificate, nor a thousand of them. */
#define HS_ORIGIN_MAX ((size_t)4 << 20)
/* Files of one directory or pattern that are looked at. */
#define HS_ORIGINS_MAX 100

/* One file and what was found in it. */
struct origin {
	enum cert_part part;
	char *path;	  /* as the operator named it; NULL: pasted */
	char *safe;	  /* the same, fit to be shown */
	struct str bytes; /* none once something was found */
	bool has_bytes;	  /* it could be read */
	bool is_one_of;	  /* of a directory or a pattern: it may be of no use */
	bool is_foreign;  /* it belongs to neither root nor this user */
	unsigned mode;	  /* st_mode, 0: unknown */
	struct gathered found;
};
struct origins HS_ARRAY(struct origin);

/* Reads all that `source` names and gathers what is in it; never fails: what
 * cannot be read is noted in `found`.  hs_origins_done() wipes and frees. */
void hs_origins_read(const struct root *root, const struct cert_source *source,
		     struct origins *ret_origins);
void hs_origins_done(struct origins *origins);

#endif
