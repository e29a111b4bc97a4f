/*
 * A certificate bundle: what the operator handed over, sorted out into leaf,
 * key and chain, with plain facts about each for rules and screens.  Reading
 * never fails for what it finds in the bytes: that becomes a note (the id of a
 * finding and its detail), so a screen can show all that is wrong at once.
 *
 * The bundle owns everything in it.  Private key and passphrase bytes live in
 * OpenSSL's secure heap and are wiped by hs_bundle_done().
 * Sources: RFC 5280 (certificates), RFC 7292 (PKCS#12), RFC 7468 (PEM).
 */
#ifndef CORE_CERT_BUNDLE_H
#define CORE_CERT_BUNDLE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/root.h"
#include "core/base/str.h"

/* Whether the operator does not want to wait any longer: asked about 20 times
 * a second while something is read that takes its time. */
struct cert_patience {
	bool (*cancelled)(void *context);
	void *context;
};

/* Where a bundle comes from; all strings belong to the caller. */
struct cert_source {
	const char *file;	     /* certificate: PEM, DER, PKCS#12; or a
					directory or pattern of such files */
	const char *key;	     /* NULL: in `file` */
	const char *chain;	     /* NULL: in `file` */
	const char *passphrase;	     /* NULL: none given */
	const char *ca;		     /* --ca: more trust anchors, or NULL */
	const char *self_signed_for; /* make one for this name instead */
	const char *text;	     /* pasted, instead of `file`; or NULL */
	const struct cert_patience *patience; /* NULL: nobody waits */
};

/* One certificate, as plain text and numbers (all UTF-8, may be hostile:
 * show through hs_text_safe()). */
struct certificate {
	char *subject;	   /* RFC 4514 string */
	char *common_name; /* of the subject, or NULL */
	char *issuer;
	char *issuer_common_name;
	struct strings dns_names; /* dNSName of the SAN, as they stand */
	struct strings ip_names;  /* iPAddress of the SAN, as text */
	char *serial;		  /* hexadecimal */
	time_t not_before, not_after;
	char *key_type; /* "RSA", "EC", "ED25519", ... */
	int key_bits;
	char *key_curve; /* "P-256", or NULL */
	char *signature; /* "sha256", "sha1", "md5", ... digest name */
	bool is_ca, self_signed, server_auth, must_staple;
	unsigned char fingerprint[HS_HASH_SIZE]; /* SHA-256 of the DER */
	unsigned char *der;			 /* the certificate itself */
	size_t der_length;
	char *aia_issuer; /* caIssuers URL of authority access, or NULL */
	char *key_flaw; /* what is wrong with an RSA key's exponent, or NULL */
	char *critical; /* a critical extension that nobody here knows, or
			     NULL: clients refuse it (RFC 5280, 4.2) */
	char *hostile;	/* the first name in it that nobody should see as it
			  stands or use as a name, made safe; or NULL */
	/* What is the same where two things belong together: of its names, and
	 * of its key's two halves.  They find; they prove nothing. */
	uint64_t subject_hash, issuer_hash, key_hash;
};

/* Which of the files a note is about. */
enum cert_part { CERT_PART_FILE, CERT_PART_KEY, CERT_PART_CHAIN, CERT_PART_CA };

/* Something found while reading: the finding it amounts to. */
struct cert_note {
	const char *id; /* "cert.passphrase-wrong", static */
	enum cert_part part;
	char *detail; /* one sentence, or NULL */
};

struct certificates HS_ARRAY(struct certificate);
struct cert_notes HS_ARRAY(struct cert_note);
struct inventory;

struct bundle {
	bool read;	    /* a leaf is there and usable */
	const char *format; /* "PEM", "DER", "PKCS#12" of the main file */
	char *path;	    /* the main file, for messages */
	struct certificates certificates; /* leaf first, then the chain from
					     it upwards, without the root */
	bool has_key, key_fits;
	bool chain_complete; /* up to a self-signed or trusted certificate, or
				to a CA nobody here knows the issuer of, when
				intermediates are there and no --ca is */
	bool trusted;	     /* by the system's store or --ca */
	char *trust_problem; /* OpenSSL's reason when not, or NULL */
	bool own_ca;	     /* trusted through --ca alone */
	bool root_dropped;   /* the given chain held its root */
	bool reordered;	     /* the given chain was not in order */
	size_t left_out;     /* given certificates that are not of the chain */
	char *key_path;	     /* the file the key is from, or NULL */
	unsigned key_file_mode; /* st_mode of the key's file, 0: unknown */
	bool key_file_foreign;	/* it belongs to neither root nor this user */
	char *key_pem;		/* PKCS#8 PEM, unencrypted, secure heap */
	struct cert_notes notes;
	struct inventory *inventory; /* all that was there (inventory.h), NULL
					for one that was made here */
};

/*
 * Reads and sorts out what `source` names.  Returns 0 with the notes telling
 * what is wrong, -1 only when nothing could be attempted (HS_CANNOT).
 */
int hs_bundle_read(const struct root *root, const struct cert_source *source,
		   struct bundle *ret_bundle, struct error *err) HS_MUST_CHECK;

/* The leaf, or NULL while nothing usable was read. */
const struct certificate *hs_bundle_leaf(const struct bundle *bundle);

/* What the server gets as certificate file: leaf and chain as PEM, in order
 * (RFC 8446, 4.4.2); appended to `ret_pem`. */
void hs_bundle_fullchain(const struct bundle *bundle, struct str *ret_pem);

void hs_bundle_done(struct bundle *bundle);

/* One certificate from its DER, as OpenSSL wrote it; -1: not one.  For bytes
 * of a file there is hs_certificate_parse_any(). */
int hs_certificate_parse(const unsigned char *der, size_t length,
			 struct certificate *ret_certificate);
/* The first certificate of a file's bytes, read apart (core/cert/read/apart.h);
 * -1: there is none. */
int hs_certificate_parse_any(const char *bytes, size_t length,
			     struct certificate *ret_certificate);
void hs_certificate_done(struct certificate *certificate);

/* How a name fits a certificate. */
enum cert_match {
	CERT_MATCH_NONE,
	CERT_MATCH_CN_ONLY, /* no SAN of the kind; only the common name */
	CERT_MATCH_EXACT,
	CERT_MATCH_WILDCARD, /* by a "*." name */
};

/* Matches a host name (A-label) or an IP address against the certificate:
 * X509_check_host/X509_check_ip, RFC 9525 (no partial wildcards). */
enum cert_match hs_certificate_matches(const struct certificate *certificate,
				       const char *name);

/* A name to start from: the first DNS name, else the common name when it is
 * one, else the first IP; NULL when there is none. To be freed. */
char *hs_certificate_first_name(const struct certificate *certificate);

#endif
