/*
 * Which certificate is the leaf, and which key is its own.
 */
#ifndef CORE_CERT_SELECT_H
#define CORE_CERT_SELECT_H

#include "core/cert/read/gather.h"

struct selected {
	const struct certificate *leaf; /* NULL: none, or several; that is
					   noted */
	EVP_PKEY *key;			/* NULL: none */
	bool key_fits;
};

/*
 * Chooses from what was found: the certificate a key fits, else the only one
 * that is no CA among the first `from_main` (those of the main file), else
 * the lowest CA.  Borrows from `found`, to which it adds its notes.
 */
void hs_select(struct gathered *found, size_t from_main, const char *path,
	       struct selected *ret_selected);

/*
 * OpenSSL's objects of those that can be in a chain above `leaf`, one of the
 * list: what issuers' names lead to, in the order of the list.  Of a thousand
 * certificates that is three.  Returns that of the leaf; hs_x509s_done()
 * releases them.
 */
X509 *hs_select_family(const struct certificates *list,
		       const struct certificate *leaf,
		       struct x509s *ret_family);

#endif
