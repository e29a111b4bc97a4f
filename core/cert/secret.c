#include "core/cert/secret.h"

#include <string.h>

#include "core/base/openssl.h"

/* The secure heap is small; when it is full the ordinary one has to do. */
static char *keep(const char *bytes, size_t length)
{
	char *copy = OPENSSL_secure_zalloc(length + 1);

	if (!copy)
		copy = OPENSSL_zalloc(length + 1);
	if (copy)
		memcpy(copy, bytes, length);
	return copy;
}

char *hs_secret_from_key(const EVP_PKEY *key)
{
	hs_auto_bio BIO *bio = BIO_new(BIO_s_secmem());
	char *data;
	long length;

	if (!bio ||
	    !PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL))
		return NULL;
	length = BIO_get_mem_data(bio, &data);
	return keep(data, (size_t)length);
}

EVP_PKEY *hs_secret_to_key(const char *pem)
{
	hs_auto_bio BIO *bio = BIO_new_mem_buf(pem, -1);

	return PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
}

void hs_secret_free(char *secret)
{
	if (secret)
		OPENSSL_secure_clear_free(secret, strlen(secret));
}
