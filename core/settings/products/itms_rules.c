/*
 * Rules of ITMS alone: the rows of its table of requirements that say more
 * than everybody's rules do.  What of those it takes more seriously stands in
 * core/settings/rules/policies.c.
 */
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/cert/openssl.h"
#include "core/settings/host_name.h"
#include "core/settings/products/itms.h"
#include "core/settings/rules/tables.h"
#include "core/settings/sites.h"

#define TABLE "How to run ITMS on HTTPS, table 1"
#define KINDS "How to run ITMS on HTTPS, table 2"
#define AFTER "How to run ITMS on HTTPS, after the installation"

const struct itms_facts *hs_itms_facts(const struct facts *facts)
{
	const struct product_facts *product = hs_facts_product(facts, "itms");

	return product ? product->model : NULL;
}

static bool is_chosen(const struct judged *judged)
{
	return hs_product_is(judged->settings, "itms");
}

static const struct certificate *leaf_of(const struct judged *judged)
{
	return hs_bundle_leaf(&judged->facts->bundle);
}

/* What the list of the guide has; ECDSA and the like fail by the key. */
static bool hash_is_not_listed(const struct judged *judged, struct str *detail,
			       char **where)
{
	static const char *const listed[] = {"sha1", "sha256", "sha384",
					     N_("sha512")};
	const struct certificate *leaf = leaf_of(judged);

	(void)where;
	if (!leaf || !leaf->signature)
		return false;
	for (size_t i = 0; i < HS_LENGTH(listed); i++) {
		if (!strcasecmp(leaf->signature, listed[i]))
			return false;
	}
	hs_str_printf(detail,
		      _("the certificate is signed with %s; ITMS takes SHA-1, "
			"SHA-256, SHA-384 and SHA-512 alone"),
		      leaf->signature);
	return true;
}

/* Others take a certificate without the extension for any use. */
static bool has_no_usage(const struct judged *judged, struct str *detail,
			 char **where)
{
	const struct certificate *leaf = leaf_of(judged);
	const unsigned char *at = leaf ? leaf->der : NULL;
	hs_auto_x509 X509 *x509 =
		leaf ? d2i_X509(NULL, &at, (long)leaf->der_length) : NULL;

	(void)detail, (void)where;
	return x509 && X509_get_ext_by_NID(x509, NID_ext_key_usage, -1) < 0;
}

/* A CA that this machine does not know by itself is one's own. */
enum itms_issuer hs_itms_issuer(const struct bundle *bundle)
{
	if (hs_bundle_leaf(bundle)->self_signed)
		return ITMS_SELF_SIGNED;
	return bundle->trusted && !bundle->own_ca ? ITMS_COMMERCIAL : ITMS_OWN;
}

static bool has_a_kind(const struct judged *judged, struct str *detail,
		       char **where)
{
	static const char *const kinds[] = {
		[ITMS_COMMERCIAL] = N_(
			"it is from a CA that computers trust by themselves: "
			"nothing has to be installed on clients, and it can "
			"be revoked when its key is lost"),
		[ITMS_OWN] =
			N_("it is from a CA of your own: the Notification "
			   "Server, the site servers and all clients must have "
			   "that CA among their trusted roots"),
		[ITMS_SELF_SIGNED] =
			N_("it is self-signed: it costs nothing and cannot be "
			   "revoked; the Notification Server and all clients "
			   "must have the certificate itself among their "
			   "trusted roots"),
	};

	(void)where;
	if (!leaf_of(judged))
		return false;
	hs_str_puts(detail, _(kinds[hs_itms_issuer(&judged->facts->bundle)]));
	return true;
}

static bool site_server_is_short(const struct judged *judged,
				 struct str *detail, char **where)
{
	(void)where;
	HS_EACH(name, &judged->settings->itms.site_servers) {
		if (strchr(*name, '.') && !hs_host_name_is_ip(*name))
			continue;
		hs_str_printf(
			detail,
			_("%s is no fully qualified name: the certificate "
			  "of a site server is checked against that"),
			*name);
		return true;
	}
	return false;
}

/* HTTP goes, or is refused, while agents may still use it. */
static bool cuts_agents_off(const struct judged *judged, struct str *detail,
			    char **where)
{
	const struct settings *settings = judged->settings;
	const struct site *site = judged->facts->site;
	bool refuses = settings->bindings_mode == BINDINGS_HTTPS ||
		       (settings->bindings_mode == BINDINGS_BOTH &&
			(settings->iis.require_ssl ||
			 settings->itms.require_https == ITMS_REQUIRE_YES));

	(void)detail, (void)where;
	return refuses && site && !hs_site_listen(site, true, 0);
}

static const struct rule rules[] = {
	{"itms.hash", SEVERITY_ERROR, "certificate.file",
	 N_("the certificate is signed with a hash that ITMS does not take"),
	 N_("have it issued with SHA-256"), TABLE, hash_is_not_listed},
	{"itms.usage-missing", SEVERITY_ERROR, "certificate.file",
	 N_("the certificate does not say that it is for servers: its Enhanced "
	    "Key Usage is missing"),
	 N_("have it issued with Server Authentication (1.3.6.1.5.5.7.3.1)"),
	 TABLE, has_no_usage},
	{"itms.issuer", SEVERITY_INFO, "certificate.file",
	 N_("who issued the certificate decides what has to be trusted where"),
	 N_("install what is missing before agents are told of HTTPS"), KINDS,
	 has_a_kind},
	{"itms.site-server-not-fqdn", SEVERITY_ERROR, "itms.site-servers",
	 N_("a site server has no full name"),
	 N_("give its fully qualified name"), TABLE, site_server_is_short},
	{"itms.agents-not-told", SEVERITY_WARNING, "itms.require-https",
	 N_("agents that know http:// alone are cut off when it is refused"),
	 N_("serve both first, let the agents fetch their new settings, then "
	    "require HTTPS"),
	 AFTER, cuts_agents_off},
};

const struct rule_table hs_rules_itms = {
	.subject = "itms",
	.rules = rules,
	.count = HS_LENGTH(rules),
	.applies = is_chosen,
};
