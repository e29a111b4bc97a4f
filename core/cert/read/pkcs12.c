/*
 * PKCS#12 (RFC 7292), bag by bag rather than by PKCS12_parse(): the rounds of
 * each password method are read before they are done, several keys are seen,
 * and a wrong passphrase can be told from a damaged file.
 */
#include <stdarg.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/cert/read/gather.h"

#define DEPTH_MAX 8

/* One attempt to open the file. */
struct opening {
	const struct cert_input *input;
	PKCS12 *pkcs12;
	const char *passphrase; /* may be NULL: that is another key than "" */
	int length;
	long long rounds; /* left to be done in this attempt */
	bool too_many;	  /* the file asks for more */
	bool no_legacy;	  /* it needs a provider that is not there */
	bool decrypted;	  /* the passphrase opened something */
	bool failed;	  /* and did not open something else */
	struct gathered found;
};

/* Whether the method may be used; pays for its rounds. */
static bool afford(struct opening *opening, const X509_ALGOR *method)
{
	long long rounds = hs_password_rounds(method);

	if (rounds > opening->rounds) {
		opening->too_many = true;
		return false;
	}
	opening->rounds -= rounds;
	if (!hs_password_is_legacy(method) || !hs_openssl_load_legacy())
		return true;
	opening->no_legacy = true;
	return false;
}

static void take_key(struct opening *opening, const PKCS8_PRIV_KEY_INFO *info)
{
	EVP_PKEY *key = info ? EVP_PKCS82PKEY(info) : NULL;

	if (key)
		hs_gather_key(opening->input, &opening->found, key);
	else
		opening->failed = true;
}

static void take_shrouded(struct opening *opening, const PKCS12_SAFEBAG *bag)
{
	const X509_SIG *sig = PKCS12_SAFEBAG_get0_pkcs8(bag);
	hs_auto_pkcs8 PKCS8_PRIV_KEY_INFO *info = NULL;
	const X509_ALGOR *method = NULL;

	if (sig)
		X509_SIG_get0(sig, &method, NULL);
	if (!method || !afford(opening, method))
		return;
	info = PKCS12_decrypt_skey(bag, opening->passphrase, opening->length);
	if (info) {
		opening->decrypted = true;
		hs_gather_old_method(opening->input, &opening->found, method);
	}
	take_key(opening, info);
}

static void take_certificate(struct opening *opening, const PKCS12_SAFEBAG *bag)
{
	X509 *x509;

	if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
		return;
	x509 = PKCS12_SAFEBAG_get1_cert(bag);
	if (x509)
		hs_gather_certificate(&opening->found, x509);
	else
		opening->failed = true;
}

static void take_bags(struct opening *opening,
		      const STACK_OF(PKCS12_SAFEBAG) * bags, int depth)
{
	for (int i = 0; bags && i < sk_PKCS12_SAFEBAG_num(bags); i++) {
		const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);

		switch (PKCS12_SAFEBAG_get_nid(bag)) {
		case NID_keyBag:
			take_key(opening, PKCS12_SAFEBAG_get0_p8inf(bag));
			break;
		case NID_pkcs8ShroudedKeyBag:
			take_shrouded(opening, bag);
			break;
		case NID_certBag:
			take_certificate(opening, bag);
			break;
		case NID_safeContentsBag:
			if (depth < DEPTH_MAX)
				take_bags(opening,
					  PKCS12_SAFEBAG_get0_safes(bag),
					  depth + 1);
			break;
		}
	}
}

static STACK_OF(PKCS12_SAFEBAG) *
	decrypt_bags(struct opening *opening, PKCS7 *safe)
{
	STACK_OF(PKCS12_SAFEBAG) * bags;

	if (!safe->d.encrypted || !safe->d.encrypted->enc_data ||
	    !afford(opening, safe->d.encrypted->enc_data->algorithm))
		return NULL;
	bags = PKCS12_unpack_p7encdata(safe, opening->passphrase,
				       opening->length);
	if (bags) {
		opening->decrypted = true;
		hs_gather_old_method(opening->input, &opening->found,
				     safe->d.encrypted->enc_data->algorithm);
	}
	return bags;
}

static void take_safe(struct opening *opening, PKCS7 *safe)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;

	if (PKCS7_type_is_data(safe))
		bags = PKCS12_unpack_p7data(safe);
	else if (PKCS7_type_is_encrypted(safe))
		bags = decrypt_bags(opening, safe);
	if (!bags)
		opening->failed = true;
	take_bags(opening, bags, 0);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

/* Opens all it can with the passphrase of this attempt. */
static void take_safes(struct opening *opening)
{
	STACK_OF(PKCS7) *safes = PKCS12_unpack_authsafes(opening->pkcs12);

	hs_gathered_done(&opening->found);
	opening->decrypted = false;
	opening->failed = !safes;
	for (int i = 0; safes && i < sk_PKCS7_num(safes); i++)
		take_safe(opening, sk_PKCS7_value(safes, i));
	sk_PKCS7_pop_free(safes, PKCS7_free);
	ERR_clear_error();
}

/* The rounds of the MAC; those of PBMAC1 (RFC 9579) are its own. */
static bool afford_mac(struct opening *opening)
{
	const ASN1_INTEGER *count = NULL;
	int64_t rounds = 1;

	PKCS12_get0_mac(NULL, NULL, NULL, &count, opening->pkcs12);
	if (count && (!ASN1_INTEGER_get_int64(&rounds, count) || rounds < 0))
		rounds = INT64_MAX;
	if (rounds > opening->rounds) {
		opening->too_many = true;
		return false;
	}
	opening->rounds -= rounds;
	return true;
}

/* One attempt. Whether MAC and contents agree with the passphrase. */
static bool opens_with(struct opening *opening, const char *passphrase)
{
	opening->passphrase = passphrase;
	opening->length = passphrase ? (int)strlen(passphrase) : 0;
	opening->rounds = HS_ROUNDS_MAX;
	if (PKCS12_mac_present(opening->pkcs12) &&
	    (!afford_mac(opening) ||
	     !PKCS12_verify_mac(opening->pkcs12, passphrase, opening->length)))
		return false;
	take_safes(opening);
	if (PKCS12_mac_present(opening->pkcs12))
		return true;
	return !opening->failed;
}

/* "" and no passphrase at all are different keys; programs write both. */
static bool open_file(struct opening *opening)
{
	const char *given = opening->input->passphrase;

	if (given && *given)
		return opens_with(opening, given);
	return opens_with(opening, NULL) || opens_with(opening, "");
}

static void HS_PRINTF(4, 5)
	note(struct opening *opening, struct gathered *found, const char *id,
	     const char *format, ...)
{
	hs_auto_str struct str problem = {0};
	va_list args;

	va_start(args, format);
	hs_str_vprintf(&problem, format, args);
	va_end(args);
	hs_gather_note(found, opening->input->part, id, "%s",
		       hs_str_text(&problem));
	found->locked = true;
}

static void note_methods(struct opening *opening, struct gathered *found)
{
	if (opening->too_many)
		note(opening, found, "cert.pkcs12-iterations",
		     _("%s asks for more than 5,000,000 rounds of hashing"),
		     opening->input->path);
	else
		note(opening, found, "cert.unreadable",
		     _("%s is encrypted with RC2 or RC4, and OpenSSL's legacy "
		       "provider, which knows them, is not installed"),
		     opening->input->path);
}

/*
 * Why the file did not open.  When its contents decrypt with a passphrase
 * that its MAC denies, the passphrase is right and the file was changed; what
 * this second look cannot afford or does not know is no news.
 */
static void note_failure(struct opening *opening, struct gathered *found)
{
	const char *given = opening->input->passphrase;

	if (opening->too_many || opening->no_legacy) {
		note_methods(opening, found);
		return;
	}
	opening->passphrase = given;
	opening->length = given ? (int)strlen(given) : 0;
	opening->rounds = HS_ROUNDS_MAX;
	take_safes(opening);
	if (opening->decrypted)
		note(opening, found, "cert.pkcs12-mac",
		     _("%s was damaged or changed: its MAC does not fit"),
		     opening->input->path);
	else if (!given)
		note(opening, found, "cert.key-encrypted",
		     _("%s is protected by a passphrase"),
		     opening->input->path);
	else
		note(opening, found, "cert.passphrase-wrong",
		     _("%s does not open with this passphrase"),
		     opening->input->path);
}

static void move_found(struct gathered *from, struct gathered *to)
{
	HS_EACH(certificate, &from->certificates)
		hs_gather_facts(to, certificate);
	HS_EACH(key, &from->keys)
		HS_PUSH(&to->keys, hs_steal(*key));
	HS_EACH(one, &from->notes) {
		HS_PUSH(&to->notes, *one);
		one->detail = NULL;
	}
	to->locked |= from->locked;
}

void hs_gather_pkcs12(const struct cert_input *input, PKCS12 *pkcs12,
		      struct gathered *found)
{
	struct opening opening = {
		.input = input,
		.pkcs12 = pkcs12,
	};

	if (input->part == CERT_PART_FILE)
		found->unordered = true;
	if (!open_file(&opening)) {
		note_failure(&opening, found);
	} else if (opening.too_many || opening.no_legacy) {
		note_methods(&opening, found);
	} else {
		if (opening.failed)
			note(&opening, found, "cert.pkcs12-mac",
			     _("%s has parts that cannot be read"),
			     opening.input->path);
		move_found(&opening.found, found);
	}
	hs_gathered_done(&opening.found);
	ERR_clear_error();
}
