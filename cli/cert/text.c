#include "cli/cert/text.h"

#include <string.h>

#include "cli/results/output.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/cert/details.h"

enum { BAR_WIDTH = 24, SECONDS_A_DAY = 86400 };

static void print_label(const char *label)
{
	fputs("  ", stdout);
	cli_print_column(stdout, label, 12);
}

static void print_row(const char *label, const char *text)
{
	if (!text || !*text)
		return;
	print_label(label);
	cli_print_safe(stdout, text);
	putchar('\n');
}

static void join(const struct strings *list, struct str *text)
{
	HS_EACH(one, list)
		hs_str_printf(text, "%s%s", text->len ? ", " : "", *one);
}

/* What a certificate is for, in words of ours. */
static void print_uses(const char *label, const struct strings *list)
{
	hs_auto_str struct str text = {0};

	HS_EACH(one, list)
		hs_str_printf(&text, "%s%s", text.len ? ", " : "", _(*one));
	print_row(label, hs_str_text(&text));
}

static void print_names(const struct certificate *certificate,
			const struct strings *others)
{
	hs_auto_str struct str text = {0};

	join(&certificate->dns_names, &text);
	join(&certificate->ip_names, &text);
	if (others)
		join(others, &text);
	print_row(_("names"), hs_str_text(&text));
}

static char *days_text(const struct certificate *certificate, time_t now)
{
	long long left = (certificate->not_after - now) / SECONDS_A_DAY;

	if (now < certificate->not_before)
		return hs_strdup(_("not yet valid"));
	if (now > certificate->not_after)
		return hs_format(
			P_("ended %lld day ago", "ended %lld days ago", -left),
			-left);
	return hs_format(P_("%lld day left", "%lld days left", left), left);
}

/* How much of its time is over: "[######------------------] 79 days left". */
static void print_bar(const struct certificate *certificate, time_t now)
{
	hs_auto_free char *days = days_text(certificate, now);
	double whole =
		difftime(certificate->not_after, certificate->not_before);
	double used = difftime(now, certificate->not_before);
	int filled = whole > 0 ? (int)(BAR_WIDTH * used / whole) : BAR_WIDTH;
	char bar[BAR_WIDTH + 1];

	filled = filled < 0 ? 0 : filled > BAR_WIDTH ? BAR_WIDTH : filled;
	memset(bar, '#', (size_t)filled);
	memset(bar + filled, '-', (size_t)(BAR_WIDTH - filled));
	bar[BAR_WIDTH] = '\0';
	printf("  %-12s[%s] %s\n", "", bar, days);
}

static void print_validity(const struct certificate *certificate, time_t now)
{
	char from[24], to[24];

	hs_text_date(certificate->not_before, from);
	hs_text_date(certificate->not_after, to);
	print_label(_("valid"));
	printf(_("%s to %s\n"), from, to);
	print_bar(certificate, now);
}

static void print_key_kind(const char *type, int bits, const char *curve)
{
	hs_auto_free char *text =
		curve ? hs_format("%s %s", type, curve)
		      : hs_format(_("%s %d bits"), type, bits);

	print_row(_("key"), text);
}

static void print_limits(const struct certificate *certificate,
			 const struct certificate_details *details)
{
	hs_auto_free char *limit = NULL;

	if (!certificate->is_ca)
		return;
	if (details->path_length >= 0)
		limit = hs_format(P_("yes, with at most %ld CA below it",
				     "yes, with at most %ld CAs below it",
				     details->path_length),
				  details->path_length);
	print_row(_("CA"), limit ? limit : _("yes"));
}

void cli_print_certificate(const struct certificate *certificate, time_t now)
{
	hs_auto_details struct certificate_details details;
	char hex[HS_HASH_HEX];

	hs_certificate_details(certificate, &details);
	hs_hash_hex(certificate->fingerprint, hex);
	print_row(_("subject"), certificate->subject);
	print_row(_("issuer"), certificate->issuer);
	print_names(certificate, &details.other_names);
	print_validity(certificate, now);
	print_key_kind(certificate->key_type, certificate->key_bits,
		       certificate->key_curve);
	print_row(_("signature"), certificate->signature);
	print_limits(certificate, &details);
	print_uses(_("usage"), &details.usages);
	print_uses(_("purposes"), &details.purposes);
	print_row(_("serial"), certificate->serial);
	print_row(_("SHA-256"), hex);
	print_row(_("SHA-1"), details.sha1);
	print_row(_("issuer at"), certificate->aia_issuer);
}

static const char *name_or(const char *name, const char *subject)
{
	return name && *name ? name : subject;
}

static void print_branch(int depth, const char *name, const char *remark)
{
	printf("  %*s%s", depth > 1 ? 3 * (depth - 1) : 0, "",
	       depth ? "+- " : "");
	cli_print_line(stdout, *remark ? "%s (%s)" : "%s", name, remark);
}

/* The issuer of the topmost one, which is in no file or left out. */
static const char *remark_on_top(const struct bundle *bundle)
{
	if (bundle->root_dropped)
		return _("root, not sent along");
	if (bundle->trusted)
		return _("known here");
	return bundle->chain_complete ? _("not in the files") : _("missing");
}

void cli_print_chain(const struct bundle *bundle)
{
	size_t n = bundle->certificates.n;
	const struct certificate *top = &bundle->certificates.items[n - 1];
	int depth = 0;

	puts(_("chain"));
	if (!top->self_signed)
		print_branch(depth++,
			     name_or(top->issuer_common_name, top->issuer),
			     remark_on_top(bundle));
	while (n--) {
		const struct certificate *one = &bundle->certificates.items[n];

		print_branch(depth++, name_or(one->common_name, one->subject),
			     one->self_signed ? _("signed by itself") : "");
	}
}

void cli_print_request(const struct inventory_request *request)
{
	const struct certificate *wanted = &request->wanted;

	puts(_("request for a certificate"));
	print_row(_("subject"), wanted->subject);
	print_names(wanted, NULL);
	print_key_kind(wanted->key_type, wanted->key_bits, wanted->key_curve);
	print_row(_("signature"), request->signature);
	print_row(_("signed"), request->verified ? _("with its own key")
						 : _("not with its own key"));
}

void cli_print_key(const struct inventory_key *key)
{
	puts(_("private key"));
	print_key_kind(key->type, key->bits, key->curve);
}
