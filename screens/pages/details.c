/* All there is to know about a certificate: its chain as a tree, what was
 * found about it, its dates as a bar, names, key and fingerprints. */
#include <string.h>
#include <time.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/cert/details.h"
#include "screens/screen.h"
#include "tui/terminal.h"

#define BAR_WIDTH 20
/* A shorter one says nothing. */
#define BAR_MIN 4
/* What a view has beside its rows. */
#define MARGINS 5
#define DAY 86400
#define SOON_DAYS 30
/* Marks take this, then the words that name a row. */
#define WORD_WIDTH 12
#define KEY_COLUMN 46
#define KEY_COLUMN_NARROW 23

/* "[==>---]" of that width, with today in it. */
static char *draw_bar(const struct certificate *certificate, time_t now,
		      int width)
{
	double whole =
		difftime(certificate->not_after, certificate->not_before);
	double gone = difftime(now, certificate->not_before);
	int at = whole > 0 ? (int)(gone / whole * (width - 1)) : 0;
	char bar[BAR_WIDTH + 1];

	at = at < 0 ? 0 : at >= width ? width - 1 : at;
	memset(bar, '=', (size_t)at);
	memset(bar + at, '-', (size_t)(width - at));
	bar[at] = '>';
	return hs_format("[%.*s]", width, bar);
}

char *scr_validity(const struct certificate *certificate, time_t now, int room)
{
	char from[24], to[24];
	hs_auto_free char *none = NULL, *bar = NULL;
	int width;

	hs_text_date(certificate->not_before, from);
	hs_text_date(certificate->not_after, to);
	none = hs_format(_("valid %s %s %s"), from, "[]", to);
	width = room - hs_text_width(none);
	if (width < BAR_MIN)
		return hs_format("%s - %s", from, to);
	bar = draw_bar(certificate, now, width < BAR_WIDTH ? width : BAR_WIDTH);
	return hs_format(_("valid %s %s %s"), from, bar, to);
}

/* Rows */

static void put(struct tui_widget *pager, enum tui_style style,
		const char *text)
{
	hs_auto_free char *safe = hs_text_safe(text, strlen(text), 0);

	tui_pager_add_note(pager, style, "", safe);
}

static void put_row(struct tui_widget *pager, const char *word,
		    const char *text)
{
	hs_auto_free char *row = NULL;
	int pad;

	if (!text || !*text)
		return;
	pad = WORD_WIDTH - hs_text_width(word);
	row = hs_format("%s%*s%s", word, pad > 0 ? pad : 1, "", text);
	put(pager, TUI_PLAIN, row);
}

static void put_list(struct tui_widget *pager, const char *word,
		     const struct strings *list)
{
	HS_EACH(one, list) {
		put_row(pager, word, *one);
		word = "";
	}
}

/* What a certificate is for, in words of ours. */
static void put_uses(struct tui_widget *pager, const char *word,
		     const struct strings *list)
{
	HS_EACH(one, list) {
		put_row(pager, word, _(*one));
		word = "";
	}
}

static void put_title(struct tui_widget *pager, const char *title)
{
	tui_pager_add(pager, TUI_PLAIN, "");
	tui_pager_add(pager, TUI_TITLE, title);
}

/* Chain */

static enum severity judge_dates(const struct certificate *certificate,
				 time_t now)
{
	if (now < certificate->not_before || now > certificate->not_after)
		return SEVERITY_ERROR;
	return certificate->not_after - now < SOON_DAYS * DAY ? SEVERITY_WARNING
							      : SEVERITY_OK;
}

static const char *say_dates(const struct certificate *certificate, time_t now)
{
	if (now < certificate->not_before)
		return _("not yet valid");
	if (now > certificate->not_after)
		return _("expired");
	return "";
}

/* "ok    `- Example Issuing CA 3              RSA 4096" */
static void put_link(struct tui_widget *pager,
		     const struct certificate *certificate, size_t depth,
		     time_t now)
{
	const char *name = scr_certificate_name(certificate);
	int column = tui_columns() < 70 ? KEY_COLUMN_NARROW : KEY_COLUMN;
	int indent = depth ? 3 * (int)depth : 0;
	hs_auto_free char *safe = hs_text_safe(
		name, strlen(name),
		(size_t)(column > indent + 8 ? column - indent : 8));
	hs_auto_free char *kind = scr_key_kind(certificate->key_type,
					       certificate->key_bits, NULL);
	int pad = column - indent - hs_text_width(safe);
	enum severity severity = judge_dates(certificate, now);
	const char *dates = say_dates(certificate, now);
	hs_auto_free char *row = hs_format(
		"%-6s%*s%s%s%*s %s%s%s", hs_severity_mark(severity),
		indent ? indent - 3 : 0, "", depth ? "`- " : "", safe,
		pad > 0 ? pad : 0, "", kind, *dates ? "  " : "", dates);

	tui_pager_add(pager, scr_style(severity), row);
}

/* The issuer of the last one, which is sent to nobody. */
static const char *say_above(const struct bundle *bundle)
{
	if (bundle->root_dropped)
		return _("left out: clients have it");
	if (bundle->trusted)
		return _("known here");
	return bundle->chain_complete ? _("not in the files") : _("missing");
}

static void put_above(struct tui_widget *pager, const struct bundle *bundle)
{
	size_t depth = bundle->certificates.n;
	const struct certificate *last = &bundle->certificates.items[depth - 1];
	const char *name = last->issuer_common_name ? last->issuer_common_name
						    : last->issuer;
	enum severity severity = bundle->chain_complete || bundle->trusted
					 ? SEVERITY_OK
					 : SEVERITY_WARNING;
	hs_auto_free char *safe = NULL, *row = NULL;

	if (last->self_signed)
		return;
	safe = hs_text_safe(name, strlen(name), 40);
	row = hs_format("%-6s%*s`- %s (%s)", hs_severity_mark(severity),
			3 * ((int)depth - 1), "", safe, say_above(bundle));
	tui_pager_add(pager, scr_style(severity), row);
}

static void put_chain(struct tui_widget *pager, const struct bundle *bundle,
		      time_t now)
{
	tui_pager_add(pager, TUI_TITLE, _("Chain"));
	for (size_t i = 0; i < bundle->certificates.n; i++)
		put_link(pager, &bundle->certificates.items[i], i, now);
	put_above(pager, bundle);
}

static void put_findings(struct tui_widget *pager, const struct wizard *wizard)
{
	const struct bundle *bundle = &wizard->job->facts.bundle;

	put_title(pager, _("What was found"));
	if (bundle->has_key && bundle->key_fits)
		scr_lines_note(pager, SEVERITY_OK,
			       "the key fits the certificate");
	HS_EACH(finding, &wizard->job->findings)
		if (scr_step_of(finding) == STEP_CERTIFICATE)
			scr_lines_finding(pager, finding);
}

/* One certificate */

static void put_days(struct tui_widget *pager,
		     const struct certificate *certificate, time_t now)
{
	hs_auto_free char *bar =
		scr_validity(certificate, now, tui_columns() - MARGINS);
	long long left = (certificate->not_after - now) / DAY;
	hs_auto_free char *days =
		left < 0
			? hs_format(P_("ended %lld day ago",
				       "ended %lld days ago", -left),
				    -left)
			: hs_format(P_("%lld day left", "%lld days left", left),
				    left);
	char today[24];

	hs_text_date(now, today);
	put(pager, TUI_PLAIN, bar);
	put_row(pager, _("today"), today);
	put_row(pager, "", days);
}

static void put_fingerprints(struct tui_widget *pager,
			     const struct certificate *certificate,
			     const struct certificate_details *details)
{
	char hex[HS_HASH_HEX];

	hs_hash_hex(certificate->fingerprint, hex);
	put_row(pager, _("serial"), certificate->serial);
	put_row(pager, _("SHA-256"), hex);
	put_row(pager, _("SHA-1"), details->sha1);
}

static void put_certificate(struct tui_widget *pager,
			    const struct certificate *certificate, time_t now)
{
	hs_auto_details struct certificate_details details;
	hs_auto_free char *kind =
		scr_key_kind(certificate->key_type, certificate->key_bits,
			     certificate->key_curve);
	const char *name = scr_certificate_name(certificate);
	hs_auto_free char *safe = hs_text_safe(name, strlen(name), 60);

	hs_certificate_details(certificate, &details);
	put_title(pager, safe);
	put_days(pager, certificate, now);
	put_list(pager, _("names"), &certificate->dns_names);
	put_list(pager, _("addresses"), &certificate->ip_names);
	put_list(pager, _("other names"), &details.other_names);
	put_row(pager, _("key"), kind);
	put_row(pager, _("signature"), certificate->signature);
	put_row(pager, _("CA"), certificate->is_ca ? _("yes") : _("no"));
	put_uses(pager, _("usage"), &details.usages);
	put_uses(pager, _("purposes"), &details.purposes);
	put_row(pager, _("subject"), certificate->subject);
	put_row(pager, _("issuer"), certificate->issuer);
	put_row(pager, _("issuer at"), certificate->aia_issuer);
	put_fingerprints(pager, certificate, &details);
}

void scr_details(struct wizard *wizard)
{
	const struct facts *facts = &wizard->job->facts;
	struct scr_view view = {
		.title = N_("The certificate"),
		.keys = N_("Up Down PgUp PgDn scroll  Esc back"),
		.few_keys = N_("Up Down PgUp PgDn  Esc back"),
	};
	struct tui_widget *pager;

	if (!hs_bundle_leaf(&facts->bundle)) {
		scr_say(wizard, SEVERITY_INFO,
			"There is no certificate to show yet.");
		return;
	}
	pager = tui_form_add(&view.form, tui_pager_new(3));
	put_chain(pager, &facts->bundle, facts->now);
	put_findings(pager, wizard);
	HS_EACH(certificate, &facts->bundle.certificates)
		put_certificate(pager, certificate, facts->now);
	tui_form_focus(&view.form, NULL);
	scr_view_run(&view);
}
