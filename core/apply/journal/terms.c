#include "core/apply/journal/terms.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "core/base/i18n.h"
#include "core/base/openssl.h"

#define ROUNDS 20000 /* a guess costs some milliseconds */
#define CODES 1000000u
#define TEXT_MAX (1U << 20)

static void hash_code(const unsigned char salt[static HS_CODE_SALT],
		      const char *code,
		      unsigned char ret_hash[static HS_HASH_SIZE])
{
	unsigned char text[HS_HASH_SIZE + HS_CODE_SALT + HS_CODE_SIZE] = {0};

	memcpy(text + HS_HASH_SIZE, salt, HS_CODE_SALT);
	snprintf((char *)text + HS_HASH_SIZE + HS_CODE_SALT, HS_CODE_SIZE, "%s",
		 code);
	for (int i = 0; i < ROUNDS; i++) {
		hs_hash(text, sizeof(text), ret_hash);
		memcpy(text, ret_hash, HS_HASH_SIZE);
	}
	explicit_bzero(text, sizeof(text));
}

/* Each code as likely as every other. */
static int random_code(unsigned *ret_number)
{
	uint32_t number;

	do {
		if (getrandom(&number, sizeof(number), 0) != sizeof(number))
			return -1;
	} while (number >= UINT32_MAX - UINT32_MAX % CODES);
	*ret_number = number % CODES;
	return 0;
}

int hs_terms_make_code(struct terms *terms, char ret_code[static HS_CODE_SIZE],
		       struct error *err)
{
	unsigned number;

	if (getrandom(terms->salt, HS_CODE_SALT, 0) != HS_CODE_SALT ||
	    random_code(&number))
		return hs_fail_errno(err, HS_CANNOT, "no random numbers");
	snprintf(ret_code, HS_CODE_SIZE, "%06u", number % CODES);
	hash_code(terms->salt, ret_code, terms->hash);
	return 0;
}

bool hs_terms_is_code(const struct terms *terms, const char *code)
{
	unsigned char hash[HS_HASH_SIZE];

	hash_code(terms->salt, code, hash);
	return strlen(code) == HS_CODE_SIZE - 1 &&
	       !CRYPTO_memcmp(hash, terms->hash, HS_HASH_SIZE);
}

static bool is_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static int refuse(struct error *err, const char *why)
{
	hs_fail(err, HS_REFUSED, "%s", why);
	hs_error_hint(err, "log in anew and run https-setup confirm there; "
			   "https-setup revert takes it back at once");
	return -1;
}

int hs_terms_check_login(const struct terms *terms, const struct who *maker,
			 const struct who *me, struct error *err)
{
	if (!terms->strict || !me->remote)
		return 0;
	if (is_same(maker->ssh, me->ssh) ||
	    (!me->ssh && is_same(maker->tty, me->tty)))
		return refuse(
			err, _("this is the login that the change was made "
			       "from: that it still stands does not prove that "
			       "a new one gets through"));
	if (me->since && me->since <= terms->begun)
		return refuse(err, _("this login is older than the change: it "
				     "does not prove that a new one gets "
				     "through"));
	return 0;
}

void hs_terms_put(const struct terms *terms, struct str *to)
{
	hs_message_put_number(to, (uint64_t)terms->seconds);
	hs_message_put_number(to, terms->strict);
	hs_message_put_number(to, (uint64_t)terms->begun);
	hs_message_put_number(to, (uint64_t)terms->since);
	hs_message_put_bytes(to, terms->salt, HS_CODE_SALT);
	hs_message_put_bytes(to, terms->hash, HS_HASH_SIZE);
}

/* Exactly so many bytes, or none. */
static void take_bytes(struct message *from, size_t wanted,
		       unsigned char *ret_bytes)
{
	size_t length;
	const unsigned char *bytes = hs_message_bytes(from, wanted, &length);

	if (length == wanted)
		memcpy(ret_bytes, bytes, wanted);
	else
		from->broken = 1;
}

void hs_terms_take(struct message *from, struct terms *ret_terms)
{
	ret_terms->seconds = (int)hs_message_number(from, INT32_MAX);
	ret_terms->strict = hs_message_number(from, 1) != 0;
	ret_terms->begun = (int64_t)hs_message_number(from, UINT64_MAX);
	ret_terms->since = (int64_t)hs_message_number(from, UINT64_MAX);
	take_bytes(from, HS_CODE_SALT, ret_terms->salt);
	take_bytes(from, HS_HASH_SIZE, ret_terms->hash);
}

void hs_before_put(const struct before *before, struct str *to)
{
	hs_message_put_text(to, before->name);
	hs_message_put_text(to, before->address);
	hs_message_put_number(to, (uint64_t)before->https_port);
	hs_message_put_number(to, (uint64_t)before->http_port);
	hs_message_put_number(to, before->tls);
	hs_message_put_bytes(to, before->leaf, HS_HASH_SIZE);
	hs_message_put_number(to, (uint64_t)before->status);
}

void hs_before_take(struct message *from, struct before *ret_before)
{
	hs_before_done(ret_before);
	ret_before->name = hs_message_text(from, TEXT_MAX);
	ret_before->address = hs_message_text(from, TEXT_MAX);
	ret_before->https_port = (int)hs_message_number(from, 65535);
	ret_before->http_port = (int)hs_message_number(from, 65535);
	ret_before->tls = hs_message_number(from, 1) != 0;
	take_bytes(from, HS_HASH_SIZE, ret_before->leaf);
	ret_before->status = (int)hs_message_number(from, 999);
}

void hs_before_copy(const struct before *from, struct before *ret_copy)
{
	*ret_copy = *from;
	ret_copy->name = hs_strdup(from->name);
	ret_copy->address = hs_strdup(from->address);
}

void hs_before_done(struct before *before)
{
	free(before->name);
	free(before->address);
	*before = (struct before){0};
}
