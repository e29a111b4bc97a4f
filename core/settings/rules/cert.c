/*
 * The certificate, its key and its chain.  What could be told while reading
 * stands in the bundle's notes; the rest is judged from its facts.
 */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/settings/rules/chain.h"
#include "core/settings/rules/tables.h"

#define DAY 86400LL
#define SOON_DAYS 30
#define VALIDITY_MAX_DAYS 398

static const struct bundle *bundle_of(const struct judged *judged)
{
	return &judged->facts->bundle;
}

static const struct certificate *leaf_of(const struct judged *judged)
{
	return hs_bundle_leaf(bundle_of(judged));
}

/* Notes of the bundle: the first of that id, and the file it is about. */
static bool is_noted(const struct judged *judged, const char *id,
		     struct str *detail)
{
	static const char *const questions[] = {
		[CERT_PART_FILE] = "certificate.file",
		[CERT_PART_KEY] = "certificate.key",
		[CERT_PART_CHAIN] = "certificate.chain",
	};

	HS_EACH(note, &bundle_of(judged)->notes) {
		if (strcmp(note->id, id))
			continue;
		hs_str_puts(detail, note->detail ? note->detail : "");
		if (judged->question && note->part < HS_LENGTH(questions))
			*judged->question = questions[note->part];
		return true;
	}
	return false;
}

/* As is_noted(), for a finding that belongs to one question whatever file it
 * came from. */
static bool is_noted_here(const struct judged *judged, const char *id,
			  struct str *detail)
{
	struct judged fixed = *judged;

	fixed.question = NULL;
	return is_noted(&fixed, id, detail);
}

#define NOTED(function, id, is_there)                                          \
	static bool function(const struct judged *judged, struct str *detail,  \
			     char **where)                                     \
	{                                                                      \
		(void)where;                                                   \
		return is_there(judged, id, detail);                           \
	}

NOTED(unreadable, "cert.unreadable", is_noted)
NOTED(not_a_certificate, "cert.not-a-certificate", is_noted)
NOTED(too_large, "cert.too-large", is_noted)
NOTED(no_key, "cert.no-key", is_noted_here)
NOTED(key_mismatch, "cert.key-mismatch", is_noted_here)
NOTED(key_encrypted, "cert.key-encrypted", is_noted_here)
NOTED(passphrase_wrong, "cert.passphrase-wrong", is_noted_here)
NOTED(pkcs12_mac, "cert.pkcs12-mac", is_noted)
NOTED(pkcs12_iterations, "cert.pkcs12-iterations", is_noted)
NOTED(unsafe, "cert.unsafe", is_noted)
NOTED(legacy_encryption, "cert.legacy-encryption", is_noted)
NOTED(several_leaves, "cert.several-leaves", is_noted)

static bool missing(const struct judged *judged, struct str *detail,
		    char **where)
{
	const struct settings *settings = judged->settings;

	(void)detail, (void)where;
	return settings->bindings_mode != BINDINGS_HTTP &&
	       !settings->certificate_file && !settings->certificate_text &&
	       !settings->certificate_self_signed && !bundle_of(judged)->read;
}

static bool expired(const struct judged *judged, struct str *detail,
		    char **where)
{
	const struct certificate *leaf = leaf_of(judged);
	long long days;
	char date[24];

	(void)where;
	if (!leaf || leaf->not_after >= judged->facts->now)
		return false;
	hs_text_date(leaf->not_after, date);
	days = (judged->facts->now - leaf->not_after) / DAY;
	if (leaf->not_after < leaf->not_before)
		hs_str_printf(detail,
			      _("the certificate ends before it starts, on %s"),
			      date);
	else
		hs_str_printf(detail,
			      P_("the certificate ended on %s, %lld day ago",
				 "the certificate ended on %s, %lld days ago",
				 days),
			      date, days);
	return true;
}

static bool not_yet_valid(const struct judged *judged, struct str *detail,
			  char **where)
{
	const struct certificate *leaf = leaf_of(judged);
	char date[24], today[24];

	(void)where;
	if (!leaf || leaf->not_before <= judged->facts->now)
		return false;
	hs_text_date(leaf->not_before, date);
	hs_text_date(judged->facts->now, today);
	hs_str_printf(detail,
		      _("the certificate starts on %s, and today is %s by the "
			"clock of this machine"),
		      date, today);
	return true;
}

static bool expires_soon(const struct judged *judged, struct str *detail,
			 char **where)
{
	const struct certificate *leaf = leaf_of(judged);
	long long left;
	char date[24];

	(void)where;
	if (!leaf)
		return false;
	left = leaf->not_after - judged->facts->now;
	if (left < 0 || left >= SOON_DAYS * DAY)
		return false;
	hs_text_date(leaf->not_after, date);
	hs_str_printf(detail,
		      P_("the certificate ends on %s, %lld day left",
			 "the certificate ends on %s, %lld days left",
			 left / DAY),
		      date, left / DAY);
	return true;
}

static bool validity_too_long(const struct judged *judged, struct str *detail,
			      char **where)
{
	const struct certificate *leaf = leaf_of(judged);
	long long length;

	(void)where;
	if (!leaf)
		return false;
	length = leaf->not_after - leaf->not_before;
	if (length <= VALIDITY_MAX_DAYS * DAY)
		return false;
	hs_str_printf(detail,
		      _("the certificate is valid for %lld days; more than %d "
			"are refused by some browsers"),
		      length / DAY, VALIDITY_MAX_DAYS);
	return true;
}

static bool no_server_auth(const struct judged *judged, struct str *detail,
			   char **where)
{
	const struct certificate *leaf = leaf_of(judged);

	(void)detail, (void)where;
	return leaf && !leaf->is_ca && !leaf->server_auth;
}

static bool is_ca(const struct judged *judged, struct str *detail, char **where)
{
	const struct certificate *leaf = leaf_of(judged);
	hs_auto_free char *name = leaf ? hs_rule_cert_title(leaf) : NULL;

	(void)where;
	if (!leaf || !leaf->is_ca)
		return false;
	hs_str_printf(detail,
		      _("%s is the certificate of a CA (CA:TRUE), not of a "
			"server"),
		      name);
	return true;
}

static bool no_san(const struct judged *judged, struct str *detail,
		   char **where)
{
	const struct certificate *leaf = leaf_of(judged);

	(void)detail, (void)where;
	return leaf && !leaf->is_ca && !leaf->dns_names.n && !leaf->ip_names.n;
}

static bool must_staple(const struct judged *judged, struct str *detail,
			char **where)
{
	const struct certificate *leaf = leaf_of(judged);

	(void)detail, (void)where;
	return leaf && leaf->must_staple;
}

static bool critical_extension(const struct judged *judged, struct str *detail,
			       char **where)
{
	(void)where;
	HS_EACH(certificate, &bundle_of(judged)->certificates) {
		hs_auto_free char *name = hs_rule_cert_title(certificate);

		if (!certificate->critical)
			continue;
		hs_str_printf(detail,
			      _("%s demands that clients understand %s, and "
				"those that do not refuse it"),
			      name, certificate->critical);
		return true;
	}
	return false;
}

static bool hostile_text(const struct judged *judged, struct str *detail,
			 char **where)
{
	(void)where;
	HS_EACH(certificate, &bundle_of(judged)->certificates) {
		if (!certificate->hostile)
			continue;
		hs_str_printf(
			detail,
			_("a name in the certificate is not what it seems: "
			  "%s"),
			certificate->hostile);
		return true;
	}
	return false;
}

static bool self_signed(const struct judged *judged, struct str *detail,
			char **where)
{
	const struct certificate *leaf = leaf_of(judged);

	(void)detail, (void)where;
	return leaf && leaf->self_signed;
}

static void say_openness(const char *path, unsigned mode, struct str *detail)
{
	bool writes = mode & 0022;

	if (mode & 0007)
		hs_str_printf(
			detail,
			writes ? _("%s holds the private key and everybody may "
				   "change it (%04o)")
			       : _("%s holds the private key and everybody may "
				   "read it (%04o)"),
			path, mode);
	else
		hs_str_printf(
			detail,
			_("%s holds the private key and its group may change "
			  "it (%04o)"),
			path, mode);
}

/* Others than owner and group, or a group that may write; a group that may
 * read is a custom of its own on many systems (ssl-cert). */
static bool key_permissions(const struct judged *judged, struct str *detail,
			    char **where)
{
	const struct bundle *bundle = bundle_of(judged);
	unsigned mode = bundle->key_file_mode & 07777;
	hs_auto_free char *path = NULL;

	(void)where;
	if (!bundle->has_key || !bundle->key_path ||
	    !(mode & 0027 || bundle->key_file_foreign))
		return false;
	path = hs_text_safe(bundle->key_path, strlen(bundle->key_path), 160);
	if (judged->question && judged->settings->certificate_key)
		*judged->question = "certificate.key";
	if (!(mode & 0027)) {
		hs_str_printf(
			detail,
			_("%s holds the private key and belongs to another "
			  "user, who may read and change it"),
			path);
		return true;
	}
	say_openness(path, mode, detail);
	return true;
}

static bool key_too_large(const struct judged *judged, struct str *detail,
			  char **where)
{
	return is_noted(judged, "cert.key-too-large", detail) ||
	       hs_rule_cert_key_too_large(judged, detail, where);
}

#define RFC_5280 "RFC 5280"
#define BR "CA/Browser Forum Baseline Requirements"

static const struct rule rules[] = {
	{"cert.missing", SEVERITY_ERROR, "certificate.file",
	 N_("no certificate was named"),
	 N_("name the file your CA gave you, or have a self-signed one made"),
	 NULL, missing},
	{"cert.unreadable", SEVERITY_ERROR, "certificate.file",
	 N_("the file cannot be read"),
	 N_("check the path and that this user may read it"), NULL, unreadable},
	{"cert.not-a-certificate", SEVERITY_ERROR, "certificate.file",
	 N_("the file is not what is asked for here"),
	 N_("give the file your CA sent, as it came: .pem .crt .cer .p7b .pfx; "
	    "when it was cut off, fetch it again"),
	 "RFC 7468", not_a_certificate},
	{"cert.too-large", SEVERITY_ERROR, "certificate.file",
	 N_("the file is larger than a certificate can be"),
	 N_("name the file with this certificate alone"), NULL, too_large},
	{"cert.no-key", SEVERITY_ERROR, "certificate.key",
	 N_("there is no private key"),
	 N_("name the key's file too: it was made together with the request, "
	    "on the machine the request was made on"),
	 NULL, no_key},
	{"cert.key-mismatch", SEVERITY_ERROR, "certificate.key",
	 N_("the private key does not fit the certificate"),
	 N_("find the key the request was made with, or make a new key and "
	    "request and have the certificate issued again"),
	 NULL, key_mismatch},
	{"cert.key-encrypted", SEVERITY_ERROR, "certificate.passphrase",
	 N_("the private key is encrypted"),
	 N_("give its passphrase (--passphrase-file, or type it here)"), NULL,
	 key_encrypted},
	{"cert.passphrase-wrong", SEVERITY_ERROR, "certificate.passphrase",
	 N_("the passphrase does not open the file"),
	 N_("type it again; a passphrase file may hold one line only"), NULL,
	 passphrase_wrong},
	{"cert.pkcs12-mac", SEVERITY_ERROR, "certificate.file",
	 N_("the PKCS#12 file is damaged"), N_("fetch or export it again"),
	 "RFC 7292, section 4", pkcs12_mac},
	{"cert.pkcs12-iterations", SEVERITY_ERROR, "certificate.file",
	 N_("the file would take too long to open"),
	 N_("export it again with a usual iteration count (openssl pkcs12 "
	    "-export -iter 2048)"),
	 "RFC 7292, appendix B", pkcs12_iterations},
	{"cert.unsafe", SEVERITY_ERROR, "certificate.file",
	 N_("the file could not be read safely"),
	 N_("it is damaged, or made to do harm: get it again from where it "
	    "came from"),
	 NULL, unsafe},
	{"cert.legacy-encryption", SEVERITY_INFO, "certificate.file",
	 N_("the file is encrypted in a way of twenty years ago"),
	 N_("nothing for the server; export it with AES-256 before it is sent "
	    "anywhere again"),
	 "RFC 8018, section 6", legacy_encryption},
	{"cert.several-leaves", SEVERITY_ERROR, "certificate.file",
	 N_("several certificates could be meant"),
	 N_("leave the one for this site in the file, or name its key"),
	 RFC_5280, several_leaves},
	{"cert.expired", SEVERITY_ERROR, "certificate.file",
	 N_("the certificate has expired"), N_("ask your CA for a new one"),
	 "RFC 5280, section 4.1.2.5", expired},
	{"cert.not-yet-valid", SEVERITY_ERROR, "certificate.file",
	 N_("the certificate is not valid yet"),
	 N_("check the clock of this machine, or wait until it starts"),
	 "RFC 5280, section 4.1.2.5", not_yet_valid},
	{"cert.expires-soon", SEVERITY_WARNING, "certificate.file",
	 N_("the certificate ends within 30 days"),
	 N_("ask for the next one now"), "RFC 5280, section 4.1.2.5",
	 expires_soon},
	{"cert.validity-too-long", SEVERITY_WARNING, "certificate.file",
	 N_("the certificate is valid for longer than browsers accept"),
	 N_("have it issued for 398 days or less"), BR ", section 6.3.2",
	 validity_too_long},
	{"cert.weak-key", SEVERITY_ERROR, "certificate.file",
	 N_("the key is too short (RSA below 2048 bits, EC below 256)"),
	 N_("make a new key, RSA 2048 or P-256, and have the certificate "
	    "issued for it"),
	 BR ", section 6.1.5", hs_rule_cert_weak_key},
	{"cert.key-too-large", SEVERITY_ERROR, "certificate.key",
	 N_("the key is larger than 16384 bits"),
	 N_("make a new key, RSA 2048 or P-256: servers and browsers refuse "
	    "one this large"),
	 "OpenSSL, OPENSSL_RSA_MAX_MODULUS_BITS", key_too_large},
	{"cert.key-type", SEVERITY_WARNING, "certificate.file",
	 N_("not every browser knows this type of key"),
	 N_("use RSA, or EC with P-256 or P-384"), BR ", section 6.1.5",
	 hs_rule_cert_key_type},
	{"cert.key-type", SEVERITY_OK, "certificate.file",
	 N_("the key is not RSA"), N_("make a new key, RSA 2048 or more"), NULL,
	 hs_rule_cert_key_not_rsa},
	{"cert.weak-signature", SEVERITY_ERROR, "certificate.file",
	 N_("a certificate is signed with MD5, which can be forged"),
	 N_("have it issued again with SHA-256"), "RFC 6151",
	 hs_rule_cert_broken_signature},
	{"cert.weak-signature", SEVERITY_WARNING, "certificate.file",
	 N_("a certificate is signed with SHA-1, which browsers refuse"),
	 N_("have it issued again with SHA-256"), BR ", section 7.1.3.2",
	 hs_rule_cert_old_signature},
	{"cert.no-server-auth", SEVERITY_ERROR, "certificate.file",
	 N_("the certificate may not be used by a TLS server: serverAuth is "
	    "not among its usages"),
	 N_("have it issued for a web server"), "RFC 5280, section 4.2.1.12",
	 no_server_auth},
	{"cert.is-ca", SEVERITY_ERROR, "certificate.file",
	 N_("this is the certificate of a CA"),
	 N_("name the server's own certificate; a self-signed one is made with "
	    "CA:FALSE (--self-signed does)"),
	 "RFC 5280, section 4.2.1.9", is_ca},
	{"cert.no-san", SEVERITY_WARNING, "certificate.file",
	 N_("the certificate has no subject alternative names; browsers look "
	    "at nothing else"),
	 N_("have it issued with the name of the site as DNS name"),
	 "RFC 9525, section 2", no_san},
	{"cert.self-signed", SEVERITY_WARNING, "certificate.file",
	 N_("the certificate is self-signed: browsers warn every visitor"),
	 N_("fit for tests and closed networks; for anything else ask a CA"),
	 "RFC 5280, section 3.2", self_signed},
	{"cert.chain-incomplete", SEVERITY_WARNING, "certificate.chain",
	 N_("the chain is not complete"),
	 N_("add the CA's intermediate certificates (its \"chain\" or "
	    "\"bundle\" file); without them some visitors get an error"),
	 "RFC 8446, section 4.4.2", hs_rule_cert_chain_incomplete},
	{"cert.chain-order", SEVERITY_INFO, "certificate.chain",
	 N_("the chain was put in order"),
	 N_("nothing: what is installed is in order"),
	 "RFC 8446, section 4.4.2", hs_rule_cert_chain_order},
	{"cert.chain-untrusted", SEVERITY_WARNING, "certificate.chain",
	 N_("this machine does not trust the issuer"),
	 N_("with a CA of your own: name its root with --ca, and see that your "
	    "clients trust it"),
	 "RFC 5280, section 6", hs_rule_cert_chain_untrusted},
	{"cert.root-included", SEVERITY_INFO, "certificate.chain",
	 N_("the root was in the file and is left out: clients have it"),
	 N_("nothing: it is not installed"), "RFC 8446, section 4.4.2",
	 hs_rule_cert_root_included},
	{"cert.key-permissions", SEVERITY_WARNING, "certificate.file",
	 N_("everybody on this machine may read the private key"),
	 N_("chmod 600 the file, or remove it when done; the installed copy is "
	    "readable by root alone"),
	 NULL, key_permissions},
	{"cert.must-staple", SEVERITY_WARNING, "certificate.file",
	 N_("the certificate demands OCSP stapling: without a stapled answer "
	    "browsers refuse it"),
	 N_("turn stapling on in the server, or have it issued without "
	    "must-staple"),
	 "RFC 7633", must_staple},
	{"cert.critical-extension", SEVERITY_WARNING, "certificate.file",
	 N_("the certificate has a critical extension that is unknown here"),
	 N_("ask its issuer what it is for; have it issued again without it"),
	 "RFC 5280, section 4.2", critical_extension},
	{"cert.hostile-text", SEVERITY_WARNING, "certificate.file",
	 N_("a name in the certificate holds characters no name has"),
	 N_("ask its issuer; it is shown escaped, and never matches a site"),
	 "RFC 5280, section 4.2.1.6", hostile_text},
};

const struct rule_table hs_rules_cert = {
	.subject = "cert",
	.rules = rules,
	.count = HS_LENGTH(rules),
};
