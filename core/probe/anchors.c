#include "core/probe/anchors.h"

#include <string.h>

#include "core/base/message.h"
#include "core/base/openssl.h"
#include "core/base/root.h"
#include "core/base/sandbox/sandbox.h"
#include "core/base/text.h"

#define FILE_MAX ((size_t)4 << 20) /* the system's own have a tenth of it */
#define ANCHORS_MAX 4000

static void put(X509 *x509, struct str *output)
{
	unsigned char *der = NULL;
	int length = i2d_X509(x509, &der);

	if (length > 0)
		hs_message_put_bytes(output, der, (size_t)length);
	OPENSSL_free(der);
	X509_free(x509);
}

static void put_each_pem(const char *bytes, size_t length, struct str *output)
{
	/* what stands before may be of another encoding */
	const char *start = memmem(bytes, length, "-----BEGIN ", 11);
	BIO *bio =
		start ? BIO_new_mem_buf(start,
					(int)(length - (size_t)(start - bytes)))
		      : NULL;
	X509 *x509;

	while (bio && (x509 = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL)))
		put(x509, output);
	BIO_free(bio);
}

/* One field each; none is no answer. */
static int work(const void *input, size_t length, void *context,
		struct str *ret_output)
{
	const unsigned char *at = input;
	X509 *x509;

	(void)context;
	put_each_pem(input, length, ret_output);
	if (ret_output->len)
		return 0;
	x509 = d2i_X509(NULL, &at, (long)length);
	if (x509)
		put(x509, ret_output);
	return ret_output->len ? 0 : -1;
}

static void warm_up(void *context)
{
	(void)context;
	OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL);
}

static int add(const unsigned char *der, size_t length, X509_STORE *store)
{
	X509 *x509 = d2i_X509(NULL, &der, (long)length);
	int added = x509 && X509_STORE_add_cert(store, x509);

	X509_free(x509);
	return added ? 0 : -1;
}

static int take_answer(const struct str *answer, X509_STORE *store)
{
	struct message message = hs_message_open(answer->data, answer->len);
	size_t length;
	int status = 0;

	for (int i = 0; !status && message.left && i < ANCHORS_MAX; i++) {
		const unsigned char *der =
			hs_message_bytes(&message, FILE_MAX, &length);

		status = add(der, length, store);
	}
	ERR_clear_error();
	return status;
}

static int parse(const struct str *bytes, X509_STORE *store)
{
	const struct sandbox sandbox = {.work = work, .warm_up = warm_up};
	hs_auto_sandbox_result struct sandbox_result result;

	if (hs_sandbox_run(&sandbox, hs_str_text(bytes), bytes->len, &result,
			   NULL))
		return -1;
	return take_answer(&result.output, store);
}

static int read_bytes(const char *path, struct str *ret_bytes,
		      struct error *err)
{
	hs_auto_free char *full = hs_path_absolute(path);
	struct root host;
	int status;

	if (hs_root_open(NULL, &host, err))
		return -1;
	status = hs_root_read(&host, full, FILE_MAX, ret_bytes, err);
	hs_root_close(&host);
	return status;
}

int hs_anchors_add(const char *path, X509_STORE *store, struct error *err)
{
	hs_auto_free char *safe = hs_text_safe(path, strlen(path), 200);
	hs_auto_str struct str bytes = {0};

	if (!read_bytes(path, &bytes, err) && !parse(&bytes, store))
		return 0;
	hs_fail(err, HS_CANNOT, "%s holds no certificate to trust", safe);
	hs_error_where(err, "--ca");
	hs_error_hint(err, "name a file in PEM or DER form");
	return -1;
}
