/* Step 2: the certificate, its key and its chain, and what they are worth. */
#include <string.h>
#include <time.h>

#include "core/base/text.h"
#include "screens/screen.h"
#include "tui/terminal.h"

#define BAR_WIDTH 20
/* Where the kind of key stands, on wide screens and on narrow ones. */
#define KEY_COLUMN 38
#define KEY_COLUMN_NARROW 24

static const char *const questions[] = {
	"certificate.file",  "certificate.passphrase",	"certificate.key",
	"certificate.chain", "certificate.self-signed", NULL};

enum { SHOWN };

static void end(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	page->own[SHOWN] = tui_form_add(&page->form, tui_notes_new());
	page->own[SHOWN]->space = 1;
	tui_field_set_placeholder(
		scr_asked_by_id(page, "certificate.key")->widget,
		"in the file above");
	tui_field_set_placeholder(
		scr_asked_by_id(page, "certificate.chain")->widget,
		"in the file above");
}

static const char *name_of(const struct certificate *certificate)
{
	if (certificate->common_name)
		return certificate->common_name;
	if (certificate->dns_names.n)
		return certificate->dns_names.items[0];
	return certificate->subject ? certificate->subject : "(no name)";
}

/* "  `- Example Issuing CA 3              RSA 4096" */
static void show_link(struct tui_widget *shown,
		      const struct certificate *certificate, size_t depth)
{
	hs_auto_free char *name = hs_text_safe(
		name_of(certificate), strlen(name_of(certificate)), 60);
	int indent = depth ? (int)depth * 3 : 0;
	int column = tui_columns() < 70 ? KEY_COLUMN_NARROW : KEY_COLUMN;
	int pad = column - indent - hs_text_width(name);

	scr_row(shown, depth ? TUI_PLAIN : TUI_BOLD, "%*s%s%s%*s %s %d",
		indent ? indent - 3 : 0, "", depth ? "`- " : "", name,
		pad > 0 ? pad : 1, "", certificate->key_type,
		certificate->key_bits);
}

/* Where now is between the two dates: "[=====>----]". */
static void show_validity(struct tui_widget *shown,
			  const struct certificate *leaf, time_t now)
{
	char from[24], to[24], bar[BAR_WIDTH + 1];
	double whole = difftime(leaf->not_after, leaf->not_before);
	double gone = difftime(now, leaf->not_before);
	int at = whole > 0 ? (int)(gone / whole * (BAR_WIDTH - 1)) : 0;

	at = at < 0 ? 0 : at >= BAR_WIDTH ? BAR_WIDTH - 1 : at;
	memset(bar, '=', (size_t)at);
	memset(bar + at, '-', (size_t)(BAR_WIDTH - at));
	bar[at] = '>';
	bar[BAR_WIDTH] = '\0';
	hs_text_date(leaf->not_before, from);
	hs_text_date(leaf->not_after, to);
	scr_row(shown, TUI_PLAIN, "valid %s [%s] %s", from, bar, to);
}

static void show_good(struct tui_widget *shown, const struct bundle *bundle)
{
	if (bundle->has_key && bundle->key_fits)
		scr_note(shown, SEVERITY_OK, "the key fits the certificate");
	if (bundle->chain_complete)
		scr_note(shown, SEVERITY_OK, "the chain is complete%s",
			 bundle->trusted ? " and trusted here" : "");
}

static void show_bundle(struct tui_widget *shown, const struct bundle *bundle,
			time_t now)
{
	tui_notes_clear(shown);
	if (!bundle->read)
		return;
	for (size_t i = 0; i < bundle->certificates.n; i++)
		show_link(shown, &bundle->certificates.items[i], i);
	if (bundle->root_dropped)
		scr_row(shown, TUI_PLAIN,
			"%*s(its root is left out: clients have it)",
			(int)bundle->certificates.n * 3, "");
	show_validity(shown, hs_bundle_leaf(bundle), now);
	show_good(shown, bundle);
}

/* One that is made here needs no files. */
static void hide_files(struct page *page, bool self_signed)
{
	for (size_t i = 0; i < page->n; i++)
		if (page->asked[i].question->kind != QUESTION_BOOL)
			page->asked[i].widget->hidden = self_signed;
}

static void refresh(struct wizard *wizard, struct page *page)
{
	const struct facts *facts = &wizard->job->facts;

	hide_files(page, wizard->job->settings.certificate_self_signed);
	show_bundle(page->own[SHOWN], &facts->bundle, facts->now);
}

const struct screen scr_certificate = {
	.step = STEP_CERTIFICATE,
	.questions = questions,
	.end = end,
	.refresh = refresh,
};
