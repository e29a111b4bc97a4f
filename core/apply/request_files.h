/*
 * A request for a CA and the key that belongs to it, side by side in a
 * directory of the operator's: made now, finished when the CA has answered.
 */
#ifndef CORE_APPLY_REQUEST_FILES_H
#define CORE_APPLY_REQUEST_FILES_H

#include "core/base/error.h"
#include "core/base/str.h"

struct request_files {
	char *key, *request; /* their paths */
	struct str pem;	     /* the request itself */
};

/*
 * Makes a key of that type (see core/cert/make/create.h) and a request for
 * these names, apart by commas or blanks, and writes privkey.pem and
 * request.pem into the directory; none may be there yet.  HS_USAGE for a name
 * that is none, HS_CANNOT.  hs_request_files_done() frees.
 */
int hs_request_files_make(const char *names, const char *key_type,
			  const char *directory, struct request_files *ret_made,
			  struct error *err) HS_MUST_CHECK;
void hs_request_files_done(struct request_files *made);
#define hs_auto_request_files HS_CLEANUP(hs_request_files_done)

/* The directory for a request for that name, to be freed. */
char *hs_request_directory(const char *name);

/* The key of the last request whose answer may have come, to be freed; NULL:
 * there is none. */
char *hs_request_open(void);

#endif
