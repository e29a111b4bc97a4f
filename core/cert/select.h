/*
 * Which certificate is the leaf, and which key is its own.
 */
#ifndef CORE_CERT_SELECT_H
#define CORE_CERT_SELECT_H

#include "core/cert/gather.h"

struct selected {
	X509 *leaf;    /* NULL: none, or several; that is noted */
	EVP_PKEY *key; /* NULL: none */
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
 * Drops what cannot be in a chain above `leaf` (NULL: there is none): all
 * that no issuer's name leads to.  A file of a thousand certificates is not
 * kept in memory for the sake of three.
 */
void hs_select_family(struct gathered *found, X509 *leaf);

#endif
