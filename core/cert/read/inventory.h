/*
 * All that the named files hold, whether it belongs together or not: for
 * telling what a file is.  bundle.h sorts out what a server needs.
 */
#ifndef CORE_CERT_READ_INVENTORY_H
#define CORE_CERT_READ_INVENTORY_H

#include "core/cert/bundle.h"

/* A private key, without its secret. */
struct inventory_key {
	char *type;
	int bits;
	char *curve; /* as OpenSSL calls it, or NULL */
};

/* A request for a certificate (PKCS#10, RFC 2986). */
struct inventory_request {
	struct certificate wanted; /* only subject, names and key count */
	char *signature;	   /* digest name, lower case */
	bool verified;		   /* it is signed with its own key */
};

struct inventory {
	struct certificates certificates; /* each once, as they come */
	struct inventory_keys HS_ARRAY(struct inventory_key) keys;
	struct inventory_requests HS_ARRAY(struct inventory_request) requests;
	bool locked; /* a key is there that could not be opened */
};

/* Reads file, key and chain of `source`, from this machine.  What cannot be
 * read is not there.  -1: HS_CANNOT. */
int hs_inventory_read(const struct cert_source *source,
		      struct inventory *ret_inventory,
		      struct error *err) HS_MUST_CHECK;
void hs_inventory_done(struct inventory *inventory);

/* The same of what was read already, for a bundle; its certificates move. */
struct origins;
struct inventory *hs_inventory_of(const struct origins *origins,
				  struct certificates *certificates);
void hs_inventory_free(struct inventory *inventory);

#define hs_auto_inventory HS_CLEANUP(hs_inventory_done)

/* The request in the bytes of a file (PEM or DER); apart, in the sandbox.
 * -1: there is none. */
int hs_inventory_read_request(const void *bytes, size_t length,
			      struct inventory_request *ret_request);
void hs_inventory_request_done(struct inventory_request *request);

#endif
