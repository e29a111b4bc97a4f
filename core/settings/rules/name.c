/*
 * The name of the site: whether it can be one, whether the certificate has it
 * and whether it leads here.  The name is normal already (host_name.h).
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/settings/host_name.h"
#include "core/settings/rules/tables.h"
#include "core/settings/script.h"
#include "core/settings/sites.h"
#include "core/settings/suffix.h"

#define NAMES_SHOWN 4

/* NULL while there is none. */
static const char *name_of(const struct judged *judged)
{
	const char *name = judged->settings->name;

	return name && *name ? name : NULL;
}

static bool is_wildcard(const char *name)
{
	return !strncmp(name, "*.", 2);
}

static bool is_host(const char *name)
{
	return name && !hs_host_name_is_ip(name) && !is_wildcard(name) &&
	       !hs_host_name_problem(name);
}

static const struct certificate *leaf_of(const struct judged *judged)
{
	return hs_bundle_leaf(&judged->facts->bundle);
}

/* How the name fits the certificate; -1 while there is nothing to compare. */
static int match_of(const struct judged *judged)
{
	const struct certificate *leaf = leaf_of(judged);
	const char *name = name_of(judged);

	if (!leaf || !name)
		return -1;
	if (!hs_host_name_is_ip(name) && !is_host(name))
		return -1;
	return hs_certificate_matches(leaf, name);
}

static bool missing(const struct judged *judged, struct str *detail,
		    char **where)
{
	(void)detail, (void)where;
	return !name_of(judged) &&
	       judged->settings->bindings_mode != BINDINGS_HTTP;
}

static bool invalid(const struct judged *judged, struct str *detail,
		    char **where)
{
	const char *name = name_of(judged), *problem;
	hs_auto_free char *safe = NULL;

	(void)where;
	if (!name || hs_host_name_is_ip(name) || is_wildcard(name))
		return false;
	problem = hs_host_name_problem(name);
	if (!problem)
		return false;
	safe = hs_text_safe(name, strlen(name), 120);
	hs_str_printf(detail, _("\"%s\" cannot be a host name: %s"), safe,
		      problem);
	return true;
}

static void put_some(struct str *text, const struct strings *names,
		     size_t *shown)
{
	for (size_t i = 0; i < names->n && *shown < NAMES_SHOWN; i++) {
		const char *name = names->items[i];
		hs_auto_free char *safe = hs_text_safe(name, strlen(name), 80);

		hs_str_printf(text, "%s%s", *shown ? ", " : "", safe);
		(*shown)++;
	}
}

/* "a.test, b.test and 3 more" */
static void put_names(struct str *text, const struct certificate *leaf)
{
	size_t total = leaf->dns_names.n + leaf->ip_names.n, shown = 0;

	put_some(text, &leaf->dns_names, &shown);
	put_some(text, &leaf->ip_names, &shown);
	if (total > shown) {
		hs_auto_free char *some = hs_str_take(text);

		hs_str_printf(text, _("%s and %zu more"), some, total - shown);
	}
	if (!total)
		hs_str_puts(text, _("no names at all"));
}

static bool not_in_certificate(const struct judged *judged, struct str *detail,
			       char **where)
{
	const char *name = name_of(judged);
	hs_auto_str struct str names = {0};

	(void)where;
	if (match_of(judged) != CERT_MATCH_NONE || hs_host_name_is_ip(name))
		return false;
	put_names(&names, leaf_of(judged));
	hs_str_printf(detail, _("the certificate is not for %s; it has %s"),
		      name, hs_str_text(&names));
	return true;
}

static bool ip_not_in_certificate(const struct judged *judged,
				  struct str *detail, char **where)
{
	const char *name = name_of(judged);
	hs_auto_str struct str names = {0};

	(void)where;
	if (match_of(judged) != CERT_MATCH_NONE || !hs_host_name_is_ip(name))
		return false;
	put_names(&names, leaf_of(judged));
	hs_str_printf(
		detail,
		_("the certificate does not have the address %s; it has %s"),
		name, hs_str_text(&names));
	return true;
}

static bool cn_only(const struct judged *judged, struct str *detail,
		    char **where)
{
	(void)where;
	if (match_of(judged) != CERT_MATCH_CN_ONLY)
		return false;
	hs_str_printf(detail,
		      _("%s is only the common name of the certificate, which "
			"browsers do not look at"),
		      name_of(judged));
	return true;
}

static bool wildcard_literal(const struct judged *judged, struct str *detail,
			     char **where)
{
	const char *name = name_of(judged);
	hs_auto_free char *safe = NULL;

	(void)where;
	if (!name || !is_wildcard(name))
		return false;
	safe = hs_text_safe(name, strlen(name), 120);
	hs_str_printf(detail, _("\"%s\" stands for many names"), safe);
	return true;
}

/* The wildcard of the certificate that covers the name, or NULL. */
static const char *covering(const struct certificate *leaf, const char *name)
{
	const char *parent = strchr(name, '.');

	HS_EACH(one, &leaf->dns_names) {
		if (parent && is_wildcard(*one) &&
		    !strcasecmp(*one + 1, parent))
			return *one;
	}
	return NULL;
}

/* Whether a wildcard alone covers the name; `ret_wildcard` may be NULL when
 * it is not among the leaf's host names. */
static bool is_wildcard_match(const struct judged *judged,
			      const char **ret_wildcard)
{
	if (match_of(judged) != CERT_MATCH_WILDCARD)
		return false;
	*ret_wildcard = covering(leaf_of(judged), name_of(judged));
	return true;
}

/* Below a suffix that a registry sells names under. Who runs one of the
 * others, as github.io, may have a wildcard for it (Baseline Requirements,
 * 3.2.2.6). */
static bool is_too_wide(const char *wildcard)
{
	return wildcard && hs_suffix_is_registry(wildcard + 2);
}

static bool wildcard_public_suffix(const struct judged *judged,
				   struct str *detail, char **where)
{
	const char *name = name_of(judged), *wildcard;

	(void)where;
	if (!is_wildcard_match(judged, &wildcard) || !is_too_wide(wildcard))
		return false;
	hs_str_printf(detail,
		      _("%s is covered by %s, and %s is a public suffix: "
			"browsers accept no wildcard for all who have a name "
			"there"),
		      name, wildcard, wildcard + 2);
	return true;
}

static bool wildcard_certificate(const struct judged *judged,
				 struct str *detail, char **where)
{
	const char *name = name_of(judged), *wildcard;

	(void)where;
	if (!is_wildcard_match(judged, &wildcard) || is_too_wide(wildcard))
		return false;
	if (wildcard)
		hs_str_printf(detail,
			      _("%s is covered by %s: whoever has its key can "
				"pose as every name below"),
			      name, wildcard);
	return true;
}

static bool not_fqdn(const struct judged *judged, struct str *detail,
		     char **where)
{
	const char *name = name_of(judged);

	(void)where;
	if (!is_host(name) || strchr(name, '.'))
		return false;
	hs_str_printf(
		detail,
		_("%s has no domain behind it: only machines with the same "
		  "search domain find it"),
		name);
	return true;
}

/* The resolver is asked for host names, and about the running system only. */
static bool is_looked_up(const struct judged *judged)
{
	return judged->facts->name.looked_up && !judged->facts->offline &&
	       is_host(name_of(judged));
}

static bool unresolvable(const struct judged *judged, struct str *detail,
			 char **where)
{
	(void)where;
	if (!is_looked_up(judged) || judged->facts->name.addresses.n)
		return false;
	hs_str_printf(detail,
		      _("%s has no address in the DNS as seen from here"),
		      name_of(judged));
	return true;
}

/* An address in one form: IPv4 as mapped into IPv6. -1 when it is none. */
static int parse_address(const char *text, struct in6_addr *ret_address)
{
	struct in_addr four;

	if (inet_pton(AF_INET6, text, ret_address) == 1)
		return 0;
	if (inet_pton(AF_INET, text, &four) != 1)
		return -1;
	*ret_address = (struct in6_addr){0};
	memset(&ret_address->s6_addr[10], 0xff, 2);
	memcpy(&ret_address->s6_addr[12], &four, sizeof(four));
	return 0;
}

static bool is_loopback(const struct in6_addr *address)
{
	return IN6_IS_ADDR_LOOPBACK(address) ||
	       (IN6_IS_ADDR_V4MAPPED(address) && address->s6_addr[12] == 127);
}

static bool is_own(const struct judged *judged, const char *text)
{
	struct in6_addr address, own;

	if (parse_address(text, &address))
		return false;
	if (is_loopback(&address))
		return true;
	HS_EACH(one, &judged->facts->addresses) {
		if (!parse_address(*one, &own) &&
		    IN6_ARE_ADDR_EQUAL(&own, &address))
			return true;
	}
	return false;
}

static bool resolves_elsewhere(const struct judged *judged, struct str *detail,
			       char **where)
{
	const struct strings *found = &judged->facts->name.addresses;
	hs_auto_str struct str addresses = {0};
	size_t shown = 0;

	(void)where;
	if (!is_looked_up(judged) || !found->n || !judged->facts->addresses.n)
		return false;
	HS_EACH(address, found) {
		if (is_own(judged, *address))
			return false;
	}
	put_some(&addresses, found, &shown);
	hs_str_printf(detail,
		      _("%s leads to %s, which is no address of this machine"),
		      name_of(judged), hs_str_text(&addresses));
	return true;
}

static bool idn(const struct judged *judged, struct str *detail, char **where)
{
	const char *name = name_of(judged);
	hs_auto_free char *safe = NULL, *unicode = NULL;

	(void)where;
	if (!is_host(name) || !hs_host_name_has_a_label(name))
		return false;
	unicode = hs_host_name_unicode(name);
	safe = hs_text_safe(unicode, strlen(unicode), 200);
	hs_str_printf(detail, _("%s is shown to people as %s"), name, safe);
	return true;
}

static bool has_mixed_label(const char *name)
{
	for (;;) {
		size_t length = strcspn(name, ".");

		if (hs_script_is_mixed(name, length))
			return true;
		if (!name[length])
			return false;
		name += length + 1;
	}
}

static bool mixed_script(const struct judged *judged, struct str *detail,
			 char **where)
{
	const char *name = name_of(judged);
	hs_auto_free char *safe = NULL;
	char *unicode;
	bool is_mixed;

	(void)where;
	if (!is_host(name) || !hs_host_name_has_a_label(name))
		return false;
	unicode = hs_host_name_unicode(name);
	is_mixed = has_mixed_label(unicode);
	safe = hs_text_safe(unicode, strlen(unicode), 200);
	if (is_mixed)
		hs_str_printf(detail,
			      _("%s mixes letters of several scripts, as names "
				"that pose as others do: browsers show %s"),
			      safe, name);
	return is_mixed;
}

/* What both agents of a Failover pair answer to has to be in it as well. */
static bool failover_not_in_certificate(const struct judged *judged,
					struct str *detail, char **where)
{
	const struct certificate *leaf = leaf_of(judged);
	const struct strings *names =
		&judged->settings->dataminer.failover_names;

	(void)where;
	*judged->question = "dataminer.failover-names";
	if (!leaf || !hs_product_is(judged->settings, "dataminer"))
		return false;
	HS_EACH(name, names) {
		enum cert_match match = hs_certificate_matches(leaf, *name);

		if (match == CERT_MATCH_EXACT || match == CERT_MATCH_WILDCARD)
			continue;
		hs_str_printf(detail,
			      _("the certificate does not have %s, which both "
				"agents of the Failover pair answer to, as "
				"alternative name"),
			      *name);
		return true;
	}
	return false;
}

static bool whitespace(const struct judged *judged, struct str *detail,
		       char **where)
{
	(void)where;
	if (!name_of(judged) || !judged->settings->name_trimmed)
		return false;
	hs_str_puts(detail, _("white space around the name was taken off"));
	return true;
}

#define BR "CA/Browser Forum Baseline Requirements"

static const struct rule rules[] = {
	{"name.missing", SEVERITY_ERROR, "name", N_("the site has no name yet"),
	 N_("give the name visitors type, such as www.example.com (--name)"),
	 NULL, missing},
	{"name.invalid", SEVERITY_ERROR, "name",
	 N_("this cannot be a host name"),
	 N_("give the name visitors type, without https:// and without a path"),
	 "RFC 1123, section 2.1", invalid},
	{"name.not-in-certificate", SEVERITY_ERROR, "name",
	 N_("the certificate is not for this name"),
	 N_("choose a name the certificate has, or have it issued for this "
	    "one"),
	 "RFC 9525, section 6", not_in_certificate},
	{"name.cn-only", SEVERITY_WARNING, "name",
	 N_("the name is only the common name of the certificate"),
	 N_("have the certificate issued with the name as subject alternative "
	    "name"),
	 "RFC 9525, section 2", cn_only},
	{"name.wildcard-literal", SEVERITY_ERROR, "name",
	 N_("a wildcard is not the name of a site"),
	 N_("give one name that it covers, such as www.example.com"),
	 "RFC 9525, section 6.3", wildcard_literal},
	{"name.wildcard-certificate", SEVERITY_WARNING, "name",
	 N_("the name is covered by a wildcard"),
	 N_("fine where the key is well kept; else have a certificate issued "
	    "for this name alone"),
	 "RFC 9525, section 7.1", wildcard_certificate},
	{"name.wildcard-public-suffix", SEVERITY_ERROR, "name",
	 N_("the name is covered by a wildcard that no browser accepts"),
	 N_("have the certificate issued for the name itself"),
	 "https://publicsuffix.org; " BR ", section 3.2.2.6",
	 wildcard_public_suffix},
	{"name.not-fqdn", SEVERITY_WARNING, "name",
	 N_("the name has no domain behind it"),
	 N_("give the full name, such as web01.example.com"),
	 "RFC 1034, section 3", not_fqdn},
	{"name.ip-not-in-certificate", SEVERITY_ERROR, "name",
	 N_("the certificate does not have this IP address"),
	 N_("give a DNS name of the certificate, or have it issued for the "
	    "address"),
	 "RFC 9525, section 6.5", ip_not_in_certificate},
	{"name.unresolvable", SEVERITY_WARNING, "name",
	 N_("the name has no address"),
	 N_("add it to the DNS, or wait until it is there: visitors cannot "
	    "come before"),
	 NULL, unresolvable},
	{"name.resolves-elsewhere", SEVERITY_WARNING, "name",
	 N_("the name leads to another machine"),
	 N_("right behind a load balancer or address translation; else correct "
	    "the DNS"),
	 NULL, resolves_elsewhere},
	{"name.idn", SEVERITY_INFO, "name", N_("this is an international name"),
	 N_("nothing: check that it reads as meant"), "RFC 5890", idn},
	{"name.mixed-script", SEVERITY_WARNING, "name",
	 N_("the name mixes letters of several scripts"),
	 N_("check it letter by letter"),
	 "Unicode Technical Standard 39, section 5.2", mixed_script},
	{"name.failover-not-in-certificate", SEVERITY_ERROR,
	 "dataminer.failover-names",
	 N_("the certificate is not for the virtual address or shared name"),
	 N_("have it issued for that too, on both agents"),
	 "DataMiner: Setting up HTTPS on a DMA", failover_not_in_certificate},
	{"name.whitespace", SEVERITY_INFO, "name",
	 N_("white space around the name was taken off"),
	 N_("nothing: it was trimmed"), NULL, whitespace},
};

const struct rule_table hs_rules_name = {
	.subject = "name",
	.rules = rules,
	.count = HS_LENGTH(rules),
};
