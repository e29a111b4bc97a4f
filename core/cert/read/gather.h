/*
 * The front of reading: bytes of any of the formats become certificates, keys
 * and notes.  What belongs to what is sorted out behind it (bundle.c).
 */
#ifndef CORE_CERT_READ_GATHER_H
#define CORE_CERT_READ_GATHER_H

#include "core/base/index.h"
#include "core/cert/bundle.h"
#include "core/cert/openssl.h"

/* The bytes of one file. */
struct cert_input {
	enum cert_part part;
	const char *path; /* safe to show */
	const char *bytes;
	size_t length;
	const char *passphrase; /* NULL: none given */
};

struct pkeys HS_ARRAY(EVP_PKEY *);

/* What was found in the files so far; owns all of it. */
struct gathered {
	struct certificates certificates; /* each once, in the order of the
					     files; where they are read, with no
					     more than their DER */
	struct index index;		  /* of them, by fingerprint */
	struct pkeys keys;
	struct cert_notes notes;
	const char *format; /* "PEM", "DER", "PKCS#12", "PKCS#7"; or NULL */
	bool unordered;	    /* the format keeps no order */
	bool locked;	    /* a key is there that could not be opened */
	char *other;	    /* label of a PEM block that is neither, or NULL */
};

/* Adds what the bytes hold. */
void hs_gather(const struct cert_input *input, struct gathered *found);
void hs_gathered_done(struct gathered *found);

/* The formats; each adds what it finds, and notes what it cannot use. */
void hs_gather_pem(const struct cert_input *input, struct gathered *found);
void hs_gather_der(const struct cert_input *input, struct gathered *found);
void hs_gather_pkcs12(const struct cert_input *input, PKCS12 *pkcs12,
		      struct gathered *found);
void hs_gather_pkcs7(const struct cert_input *input, const PKCS7 *pkcs7,
		     struct gathered *found);
/* A key's DER, plain or encrypted. 0 when it is one, also when it is locked. */
int hs_gather_key_der(const struct cert_input *input, const unsigned char *der,
		      long length, struct gathered *found);

/* Adds the DER of one, which is released. */
void hs_gather_certificate(struct gathered *found, X509 *x509);
/* Moves one to the list; one that is there already, or that is one too many,
 * is released. */
void hs_gather_facts(struct gathered *found, struct certificate *certificate);
/* Adds a key; one too large to reckon with is noted and released. */
void hs_gather_key(const struct cert_input *input, struct gathered *found,
		   EVP_PKEY *key);
void hs_gather_note(struct gathered *found, enum cert_part part, const char *id,
		    const char *format, ...) HS_PRINTF(4, 5);

/* How many rounds of hashing the password method `method` asks for; more
 * than any number for one that cannot be read. */
long long hs_password_rounds(const X509_ALGOR *method);
/* What nobody waits for: about four seconds of hashing. */
#define HS_ROUNDS_MAX 5000000
/* Whether the method is one of the legacy provider's. */
bool hs_password_is_legacy(const X509_ALGOR *method);

/* Notes that such a method was used: anybody may open it within days. */
void hs_gather_old_method(const struct cert_input *input,
			  struct gathered *found, const X509_ALGOR *method);

/* RFC 8017 sets no limit; OpenSSL verifies no larger ones. */
#define HS_RSA_BITS_MAX 16384
/* Of certificates in all files together. */
#define HS_CERTIFICATES_MAX 4000

#endif
