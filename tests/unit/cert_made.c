#include "tests/unit/cert_made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <openssl/pem.h>
#include <openssl/rand.h>

static char *dir;

EVP_PKEY *made_key(const char *type)
{
	EVP_PKEY *key;

	if (!type)
		type = "P-256";
	if (!strncmp(type, "RSA-", 4))
		key = EVP_RSA_gen(strtoul(type + 4, NULL, 10));
	else if (!strncmp(type, "ED", 2))
		key = EVP_PKEY_Q_keygen(NULL, NULL, type);
	else
		key = EVP_EC_gen(type);
	assert_non_null(key);
	return key;
}

static void add_extension(X509 *x509, X509 *issuer, const char *name,
			  const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
	extension = X509V3_EXT_conf(NULL, &context, name, value);
	assert_non_null(extension);
	assert_true(X509_add_ext(x509, extension, -1));
	X509_EXTENSION_free(extension);
}

static void set_serial(X509 *x509)
{
	unsigned char bytes[8];
	BIGNUM *number;

	assert_int_equal(RAND_bytes(bytes, sizeof(bytes)), 1);
	bytes[0] = 0x42;
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
	BN_free(number);
}

static void set_subject(X509 *x509, const char *cn)
{
	X509_NAME *name = X509_get_subject_name(x509);

	if (!cn)
		cn = "made.test";
	if (!strcmp(cn, "-"))
		return;
	assert_true(X509_NAME_add_entry_by_NID(
		name, NID_commonName, MBSTRING_UTF8, (const unsigned char *)cn,
		-1, -1, 0));
}

static void add_extensions(X509 *x509, X509 *issuer,
			   const struct made_spec *spec)
{
	char *equals = spec->extra ? strchr(spec->extra, '=') : NULL;

	if (spec->basic)
		add_extension(x509, issuer, "basicConstraints", spec->basic);
	if (spec->usage)
		add_extension(x509, issuer, "keyUsage", spec->usage);
	if (spec->extended)
		add_extension(x509, issuer, "extendedKeyUsage", spec->extended);
	if (spec->san)
		add_extension(x509, issuer, "subjectAltName", spec->san);
	add_extension(x509, issuer, "subjectKeyIdentifier", "hash");
	if (equals) {
		hs_auto_free char *name =
			hs_strndup(spec->extra, (size_t)(equals - spec->extra));

		add_extension(x509, issuer, name, equals + 1);
	}
}

struct made made(const struct made_spec *spec)
{
	struct made it = {X509_new(), spec->use_key};
	X509 *issuer = spec->issuer ? spec->issuer->x509 : it.x509;
	EVP_PKEY *issuer_key;
	bool is_default = !spec->first_day && !spec->last_day;
	long first = is_default ? -1 : spec->first_day;
	long last = is_default ? 90 : spec->last_day;
	const EVP_MD *digest;

	if (it.key)
		EVP_PKEY_up_ref(it.key);
	else
		it.key = made_key(spec->key);
	issuer_key = spec->issuer ? spec->issuer->key : it.key;
	X509_set_version(it.x509, X509_VERSION_3);
	set_serial(it.x509);
	X509_gmtime_adj(X509_getm_notBefore(it.x509), first * 86400 - 60);
	X509_gmtime_adj(X509_getm_notAfter(it.x509), last * 86400);
	set_subject(it.x509, spec->cn);
	X509_set_issuer_name(it.x509, X509_get_subject_name(issuer));
	X509_set_pubkey(it.x509, it.key);
	add_extensions(it.x509, issuer, spec);
	if (spec->change)
		spec->change(it.x509);
	digest = EVP_get_digestbyname(spec->digest ? spec->digest : "SHA256");
	if (EVP_PKEY_is_a(issuer_key, "ED25519"))
		digest = NULL;
	assert_true(X509_sign(it.x509, issuer_key, digest) > 0);
	return it;
}

void made_done(struct made *it)
{
	X509_free(it->x509);
	EVP_PKEY_free(it->key);
	*it = (struct made){0};
}

void made_dir_open(void)
{
	char template[] = "/tmp/hs-cert-XXXXXX";

	assert_non_null(mkdtemp(template));
	dir = hs_strdup(template);
}

/* Removes what the test left in it, two floors deep. */
static void empty(const char *path)
{
	DIR *stream = opendir(path);
	struct dirent *entry;

	while (stream && (entry = readdir(stream))) {
		hs_auto_free char *below =
			hs_format("%s/%s", path, entry->d_name);

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (unlink(below)) {
			empty(below);
			rmdir(below);
		}
	}
	if (stream)
		closedir(stream);
}

void made_dir_close(void)
{
	empty(dir);
	rmdir(dir);
	free(hs_steal(dir));
}

char *made_path(const char *name)
{
	return hs_format("%s/%s", dir, name);
}

char *made_file(const char *name, const void *bytes, size_t length)
{
	char *path = made_path(name);
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	return path;
}

char *made_text_file(const char *name, const struct str *text)
{
	return made_file(name, hs_str_text(text), text->len);
}

static void put_bio(struct str *text, BIO *bio)
{
	char *data;
	long length = BIO_get_mem_data(bio, &data);

	hs_str_add(text, data, (size_t)length);
}

void put_certificate(struct str *text, X509 *x509)
{
	hs_auto_bio BIO *bio = BIO_new(BIO_s_mem());

	assert_true(PEM_write_bio_X509(bio, x509));
	put_bio(text, bio);
}

void put_key(struct str *text, EVP_PKEY *key)
{
	hs_auto_bio BIO *bio = BIO_new(BIO_s_mem());

	assert_true(PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL,
						  NULL));
	put_bio(text, bio);
}

void put_encrypted_key(struct str *text, EVP_PKEY *key, const char *passphrase)
{
	hs_auto_bio BIO *bio = BIO_new(BIO_s_mem());

	assert_true(PEM_write_bio_PKCS8PrivateKey(
		bio, key, EVP_aes_256_cbc(), passphrase,
		(int)strlen(passphrase), NULL, NULL));
	put_bio(text, bio);
}

void read_bundle(const struct cert_source *source, struct bundle *ret_bundle)
{
	struct root host;
	struct error err = {0};

	assert_int_equal(hs_root_open(NULL, &host, &err), 0);
	assert_int_equal(hs_bundle_read(&host, source, ret_bundle, &err), 0);
	hs_root_close(&host);
}

void read_one(const char *path, const char *passphrase,
	      struct bundle *ret_bundle)
{
	struct cert_source source = {.file = path, .passphrase = passphrase};

	read_bundle(&source, ret_bundle);
}

const struct cert_note *noted(const struct bundle *bundle, const char *id)
{
	HS_EACH(note, &bundle->notes) {
		if (!strcmp(note->id, id))
			return note;
	}
	return NULL;
}

void assert_note(const struct bundle *bundle, const char *id)
{
	const struct cert_note *first =
		bundle->notes.n ? bundle->notes.items : NULL;

	if (!id && first)
		fail_msg("unexpected note %s: %s", first->id, first->detail);
	if (id && !noted(bundle, id))
		fail_msg("no note %s, but %s", id, first ? first->id : "none");
}
