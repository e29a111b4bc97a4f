/*
 * Certificates no CA would issue, made with OpenSSL itself, and the files the
 * tests of core/cert read them from.
 */
#ifndef TESTS_UNIT_CERT_MADE_H
#define TESTS_UNIT_CERT_MADE_H

#include "core/cert/bundle.h"
#include "core/cert/openssl.h"

struct made {
	X509 *x509;
	EVP_PKEY *key;
};

/* What is 0 or NULL is left as in a usual leaf. */
struct made_spec {
	const char *cn;		    /* "-": no subject at all */
	const char *san;	    /* as in openssl.cnf: "DNS:a.test,IP:::1" */
	const char *basic;	    /* "CA:TRUE" */
	const char *usage;	    /* keyUsage */
	const char *extended;	    /* extendedKeyUsage */
	const char *extra;	    /* one more: "tlsfeature=status_request" */
	const char *key;	    /* "RSA-1024", "ED25519", a curve; P-256 */
	EVP_PKEY *use_key;	    /* this one instead of a new one */
	const char *digest;	    /* "SHA256" */
	long first_day, last_day;   /* from today; both 0: -1 and 90 */
	const struct made *issuer;  /* NULL: self-signed */
	void (*change)(X509 *x509); /* just before it is signed */
};

/* Makes one; the test ends when OpenSSL refuses. */
struct made made(const struct made_spec *spec);
EVP_PKEY *made_key(const char *type);
void made_done(struct made *made);

/* A directory of the test's own, and paths below it (to be freed). */
void made_dir_open(void);
void made_dir_close(void);
char *made_path(const char *name);
/* Writes a file there and returns its path, to be freed. */
char *made_file(const char *name, const void *bytes, size_t length);
char *made_text_file(const char *name, const struct str *text);

/* Text forms, appended. */
void put_certificate(struct str *text, X509 *x509);
void put_key(struct str *text, EVP_PKEY *key);
void put_encrypted_key(struct str *text, EVP_PKEY *key, const char *passphrase);

/* Reads a bundle from files of the host; never fails. */
void read_bundle(const struct cert_source *source, struct bundle *ret_bundle);
/* The same for one file with all in it. */
void read_one(const char *path, const char *passphrase,
	      struct bundle *ret_bundle);
/* The note with that id, or NULL. */
const struct cert_note *noted(const struct bundle *bundle, const char *id);

/* Fails the test unless the bundle has this note (NULL: no note at all). */
void assert_note(const struct bundle *bundle, const char *id);

#endif
