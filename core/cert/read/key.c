/*
 * Private keys: PKCS#8 plain and encrypted (RFC 5958), and the traditional
 * forms of RSA (RFC 8017), EC (RFC 5915) and DSA.
 */
#include <string.h>

#include "core/cert/read/gather.h"

/* Whether decrypting would end; notes it when not. */
static bool is_bounded(const struct cert_input *input, const X509_ALGOR *method,
		       struct gathered *found)
{
	if (hs_password_rounds(method) <= HS_ROUNDS_MAX)
		return true;
	hs_gather_note(found, input->part, "cert.pkcs12-iterations",
		       "the key in %s asks for more than %d rounds of hashing",
		       input->path, HS_ROUNDS_MAX);
	return false;
}

static PKCS8_PRIV_KEY_INFO *decrypt(const struct cert_input *input,
				    const X509_SIG *sig)
{
	int length = (int)strlen(input->passphrase);

	return PKCS8_decrypt(sig, input->passphrase, length);
}

static void gather_encrypted(const struct cert_input *input,
			     const X509_SIG *sig, struct gathered *found)
{
	const X509_ALGOR *method;
	hs_auto_pkcs8 PKCS8_PRIV_KEY_INFO *info = NULL;
	EVP_PKEY *key;

	X509_SIG_get0(sig, &method, NULL);
	found->locked = true;
	if (!is_bounded(input, method, found))
		return;
	if (!input->passphrase) {
		hs_gather_note(found, input->part, "cert.key-encrypted",
			       "the private key in %s is encrypted",
			       input->path);
		return;
	}
	if (hs_password_is_legacy(method))
		hs_openssl_load_legacy();
	info = decrypt(input, sig);
	key = info ? EVP_PKCS82PKEY(info) : NULL;
	if (!key) {
		hs_gather_note(found, input->part, "cert.passphrase-wrong",
			       "the passphrase does not open the key in %s",
			       input->path);
		return;
	}
	found->locked = false;
	hs_gather_old_method(input, found, method);
	hs_gather_key(input, found, key);
}

int hs_gather_key_der(const struct cert_input *input, const unsigned char *der,
		      long length, struct gathered *found)
{
	const unsigned char *at = der;
	hs_auto_sig X509_SIG *sig = d2i_X509_SIG(NULL, &at, length);
	EVP_PKEY *key;

	if (sig) {
		gather_encrypted(input, sig, found);
		return 0;
	}
	at = der;
	key = d2i_AutoPrivateKey(NULL, &at, length);
	ERR_clear_error();
	if (!key)
		return -1;
	hs_gather_key(input, found, key);
	return 0;
}
