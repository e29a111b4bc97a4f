/* Step 2: the certificate, its key and its chain, and what they are worth.
 * Where it comes from is chosen first; only the fields of that are shown. */
#include <string.h>
#include <time.h>

#include "core/apply/request_files.h"
#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "screens/screen.h"
#include "tui/terminal.h"

/* Where the kind of key stands, on wide screens and on narrow ones. */
#define KEY_COLUMN 38
#define KEY_COLUMN_NARROW 24

static const char *const questions[] = {
	"certificate.file",  "certificate.passphrase",	"certificate.key",
	"certificate.chain", "certificate.self-signed", NULL};

enum {
	SOURCE, /* the choice */
	PASTE,
	NAMES,
	KEY_TYPE,
	DIRECTORY,
	ADVICE, /* what such a source is about */
	BROWSE, /* the rows of buttons */
	REQUEST,
	DETAILS,
	SHOWN,
};

enum source { FROM_FILES, FROM_PASTE, SELF_SIGNED, ASK_CA, FINISH };

#define BIT(source) (1u << (source))
#define READS_FILES (BIT(FROM_FILES) | BIT(FINISH))
#define READS (READS_FILES | BIT(FROM_PASTE))

static const struct {
	const char *label, *advice;
} sources[] = {
	[FROM_FILES] = {N_("files"), NULL},
	[FROM_PASTE] = {N_("paste"), NULL},
	[SELF_SIGNED] =
		{N_("self-signed"),
		 N_("One is made for the name of the site, with a new "
		    "key, when it is applied. Every browser warns about "
		    "it.")},
	[ASK_CA] = {N_("ask a CA"),
		    N_("Makes a key and a request. The request goes to the CA, "
		       "the key stays here.")},
	[FINISH] = {N_("finish a request"),
		    N_("Name the CA's answer, and the key that was made with "
		       "the request.")},
};

/* Which sources have which field. */
static const struct {
	const char *question; /* or a widget of our own: */
	int own;
	unsigned sources;
} fields[] = {
	{"certificate.file", 0, READS_FILES},
	{"certificate.passphrase", 0, READS},
	{"certificate.key", 0, READS},
	{"certificate.chain", 0, READS},
	{"certificate.self-signed", 0, 0},
	{NULL, PASTE, BIT(FROM_PASTE)},
	{NULL, NAMES, BIT(ASK_CA)},
	{NULL, KEY_TYPE, BIT(ASK_CA)},
	{NULL, DIRECTORY, BIT(ASK_CA)},
	{NULL, ADVICE, BIT(SELF_SIGNED) | BIT(ASK_CA) | BIT(FINISH)},
	{NULL, BROWSE, READS_FILES},
	{NULL, REQUEST, BIT(ASK_CA)},
	{NULL, DETAILS, BIT(FROM_PASTE) | BIT(SELF_SIGNED)},
};

static const char *const key_types[] = {"P-256", "P-384", "RSA-2048",
					"RSA-3072"};

static enum source source_of(const struct page *page)
{
	return (enum source)tui_choice_chosen(page->own[SOURCE]);
}

/* Building */

static struct tui_widget *add(struct page *page, int own,
			      struct tui_widget *widget)
{
	return page->own[own] = tui_form_add(&page->form, widget);
}

static void begin(struct wizard *wizard, struct page *page)
{
	struct tui_widget *source =
		add(page, SOURCE, tui_choice_new("Source", 5));

	(void)wizard;
	for (size_t i = 0; i < HS_LENGTH(sources); i++)
		tui_choice_add(source, _(sources[i].label));
	tui_choice_set_flowing(source);
	tui_choice_set(source, FROM_FILES);
	add(page, ADVICE, tui_label_new(TUI_PLAIN, ""));
	add(page, PASTE, tui_paste_new("PEM text"));
	add(page, NAMES, tui_field_new("Names", 44));
	add(page, KEY_TYPE, tui_choice_new("Key", 4));
	for (size_t i = 0; i < HS_LENGTH(key_types); i++)
		tui_choice_add(page->own[KEY_TYPE], key_types[i]);
	tui_choice_set_flowing(page->own[KEY_TYPE]);
	tui_choice_set(page->own[KEY_TYPE], 0);
	add(page, DIRECTORY, tui_field_new("Directory", 44));
}

static void add_buttons(struct page *page)
{
	add(page, BROWSE, tui_buttons_new());
	tui_buttons_add(page->own[BROWSE], "Browse", BUTTON_BROWSE);
	tui_buttons_add(page->own[BROWSE], "Details", BUTTON_DETAILS);
	add(page, REQUEST, tui_buttons_new());
	tui_buttons_add(page->own[REQUEST], "Make it", BUTTON_REQUEST);
	add(page, DETAILS, tui_buttons_new());
	tui_buttons_add(page->own[DETAILS], "Details", BUTTON_DETAILS);
}

static void end(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	add_buttons(page);
	add(page, SHOWN, tui_notes_new());
}

/* Most have a file and begin to type its name at once. */
static void enter(struct wizard *wizard, struct page *page)
{
	struct tui_widget *file =
		scr_asked_by_id(page, "certificate.file")->widget;

	/* So that it is known how wide the rows may be. */
	scr_draw_behind(wizard);
	if (tui_form_focused(&page->form) == page->own[SOURCE] && !file->hidden)
		tui_form_focus(&page->form, file);
}

/* What is worth seeing of the certificate */

/* "  `- Example Issuing CA 3              RSA 4096" */
static void show_link(struct tui_widget *shown,
		      const struct certificate *certificate, size_t depth)
{
	const char *text = scr_certificate_name(certificate);
	hs_auto_free char *name = hs_text_safe(text, strlen(text), 60);
	int indent = depth ? (int)depth * 3 : 0;
	int column = tui_columns() < 70 ? KEY_COLUMN_NARROW : KEY_COLUMN;
	int pad = column - indent - hs_text_width(name);

	scr_row(shown, depth ? TUI_PLAIN : TUI_BOLD, "%*s%s%s%*s %s %d",
		indent ? indent - 3 : 0, "", depth ? "`- " : "", name,
		pad > 0 ? pad : 1, "", certificate->key_type,
		certificate->key_bits);
}

static void show_good(struct tui_widget *shown, const struct bundle *bundle)
{
	if (bundle->has_key && bundle->key_fits)
		scr_note(shown, SEVERITY_OK, "the key fits the certificate");
	if (bundle->chain_complete)
		scr_note(shown, SEVERITY_OK,
			 bundle->trusted
				 ? N_("the chain is complete and trusted here")
				 : N_("the chain is complete"));
}

static void show_bundle(struct tui_widget *shown, const struct bundle *bundle,
			time_t now)
{
	hs_auto_free char *bar = NULL;

	tui_notes_clear(shown);
	if (!bundle->read)
		return;
	for (size_t i = 0; i < bundle->certificates.n; i++)
		show_link(shown, &bundle->certificates.items[i], i);
	if (bundle->root_dropped)
		scr_row(shown, TUI_PLAIN,
			_("%*s(its root is left out: clients have it)"),
			(int)bundle->certificates.n * 3, "");
	bar = scr_validity(hs_bundle_leaf(bundle), now, shown->width);
	scr_row(shown, TUI_PLAIN, "%s", bar);
	show_good(shown, bundle);
}

/* Sources */

/* Where the key and the chain are, unless they are named. */
static void place_rest(struct page *page, const char *where)
{
	tui_field_set_placeholder(
		scr_asked_by_id(page, "certificate.key")->widget, where);
	tui_field_set_placeholder(
		scr_asked_by_id(page, "certificate.chain")->widget, where);
}

static void show_fields(struct page *page, enum source source)
{
	for (size_t i = 0; i < HS_LENGTH(fields); i++) {
		struct tui_widget *widget =
			fields[i].question
				? scr_asked_by_id(page, fields[i].question)
					  ->widget
				: page->own[fields[i].own];

		widget->hidden = !(fields[i].sources & BIT(source));
	}
	place_rest(page, source == FROM_PASTE ? _("in the text above")
					      : _("in the file above"));
	tui_label_set(page->own[ADVICE],
		      sources[source].advice ? _(sources[source].advice) : "");
}

static void suggest(struct tui_widget *field, const char *text)
{
	if (!*tui_field_text(field))
		tui_field_set(field, text);
}

/* The name of the site and its others; patterns are no names. */
static void put_names(const struct wizard *wizard, struct str *text)
{
	const char *name = wizard->job->settings.name;
	const struct site *site = wizard->job->facts.site;

	if (name)
		hs_str_puts(text, name);
	for (size_t i = 0; site && i < site->names.n; i++) {
		const char *other = site->names.items[i];

		if (!strpbrk(other, "~_") && (!name || strcmp(other, name)))
			hs_str_printf(text, "%s%s", text->len ? " " : "",
				      other);
	}
}

static void suggest_names(struct wizard *wizard, struct page *page)
{
	struct str text hs_auto_str = {0};
	hs_auto_free char *first = NULL, *directory = NULL;

	put_names(wizard, &text);
	first = hs_strndup(hs_str_text(&text),
			   strcspn(hs_str_text(&text), " "));
	directory = hs_request_directory(first);
	suggest(page->own[NAMES], hs_str_text(&text));
	suggest(page->own[DIRECTORY], directory);
}

static void answer(struct wizard *wizard, struct page *page, const char *id,
		   const char *text)
{
	struct asked *asked = scr_asked_by_id(page, id);

	scr_answer_set(asked, &wizard->job->settings, text);
	asked->touched = false;
	scr_answer_load(asked, &wizard->job->settings);
	scr_work_answered(wizard, asked->question);
}

/* The key of the last request, unless another one was named. */
static void suggest_key(struct wizard *wizard, struct page *page)
{
	hs_auto_free char *key = hs_request_open();

	if (key && !wizard->job->settings.certificate_key)
		answer(wizard, page, "certificate.key", key);
}

/* A file that another source does not read stays in its field. */
static void use_file(struct wizard *wizard, struct page *page, bool reads)
{
	struct asked *asked = scr_asked_by_id(page, "certificate.file");

	asked->touched = true;
	scr_answer_set(asked, &wizard->job->settings,
		       reads ? tui_field_text(asked->widget) : "");
}

/* The settings hold what the source shown says, and nothing else. */
static void use_source(struct wizard *wizard, struct page *page)
{
	enum source source = source_of(page);
	const char *text = tui_paste_text(page->own[PASTE]);
	bool pasted = source == FROM_PASTE && *text;

	hs_settings_paste(&wizard->job->settings, pasted ? text : NULL);
	use_file(wizard, page, BIT(source) & READS_FILES);
	answer(wizard, page, "certificate.self-signed",
	       source == SELF_SIGNED ? "yes" : "no");
	if (source == ASK_CA)
		suggest_names(wizard, page);
	if (source == FINISH)
		suggest_key(wizard, page);
	scr_work_catch_up(wizard);
}

/* What flags or answers chose before. */
static void follow_settings(struct wizard *wizard, struct page *page)
{
	if (wizard->job->settings.certificate_self_signed)
		tui_choice_set(page->own[SOURCE], SELF_SIGNED);
}

static void refresh(struct wizard *wizard, struct page *page)
{
	const struct facts *facts = &wizard->job->facts;

	follow_settings(wizard, page);
	show_fields(page, source_of(page));
	show_bundle(page->own[SHOWN], &facts->bundle, facts->now);
}

/* Pasting */

/* Says what was pasted; with the passphrase, if there is one. */
static void describe_paste(struct wizard *wizard, struct page *page)
{
	const struct cert_source source = {
		.text = tui_paste_text(page->own[PASTE]),
		.passphrase = wizard->job->settings.certificate_passphrase,
	};
	hs_auto_free char *text = NULL;

	if (!*source.text)
		return;
	text = scr_describe(&source);
	tui_paste_describe(page->own[PASTE], text);
}

static void take_paste(struct wizard *wizard, struct page *page)
{
	describe_paste(wizard, page);
	use_source(wizard, page);
}

static bool paste(struct wizard *wizard, const char *text)
{
	struct page *page = &wizard->pages[STEP_CERTIFICATE];

	if (!strstr(text, "-----BEGIN "))
		return false;
	tui_choice_set(page->own[SOURCE], FROM_PASTE);
	show_fields(page, FROM_PASTE);
	tui_form_focus(&page->form, page->own[PASTE]);
	tui_paste_add(page->own[PASTE], text);
	take_paste(wizard, page);
	return true;
}

static void change(struct wizard *wizard, struct tui_widget *widget)
{
	struct page *page = &wizard->pages[STEP_CERTIFICATE];

	if (widget == page->own[PASTE])
		take_paste(wizard, page);
	else if (widget == page->own[SOURCE])
		use_source(wizard, page);
}

/* Buttons and keys */

/* For the file field with the focus, else for the first one. */
static void browse(struct wizard *wizard)
{
	struct page *page = &wizard->pages[STEP_CERTIFICATE];
	struct asked *asked = scr_asked(page, tui_form_focused(&page->form));
	const char *from;
	hs_auto_free char *path = NULL;

	if (!(BIT(source_of(page)) & READS)) {
		scr_say(wizard, SEVERITY_INFO,
			"There is no file to look for with this source.");
		return;
	}
	if (!asked || asked->question->kind != QUESTION_PATH)
		asked = scr_asked_by_id(page, source_of(page) == FROM_PASTE
						      ? "certificate.key"
						      : "certificate.file");
	/* The key and the chain are mostly beside the certificate. */
	from = tui_field_text(asked->widget);
	if (!*from)
		from = tui_field_text(
			scr_asked_by_id(page, "certificate.file")->widget);
	path = scr_browse(from);
	if (!path)
		return;
	answer(wizard, page, asked->question->id, path);
	scr_work_catch_up(wizard);
	tui_form_focus(&page->form, asked->widget);
}

/* The answer will be for this key. */
static void request(struct wizard *wizard)
{
	struct page *page = &wizard->pages[STEP_CERTIFICATE];
	int type = tui_choice_chosen(page->own[KEY_TYPE]);
	hs_auto_free char *key = NULL, *path = NULL;

	if (scr_request_make(wizard, tui_field_text(page->own[NAMES]),
			     key_types[type],
			     tui_field_text(page->own[DIRECTORY]), &key, &path))
		return;
	hs_replace(&wizard->requested, path);
	answer(wizard, page, "certificate.key", key);
	scr_say(wizard, SEVERITY_OK, "Send %s to your CA; F10 quits.", path);
}

static void press(struct wizard *wizard, enum button button)
{
	static void (*const presses[])(struct wizard * wizard) = {
		[BUTTON_BROWSE] = browse,
		[BUTTON_DETAILS] = scr_details,
		[BUTTON_REQUEST] = request,
	};

	presses[button](wizard);
}

static bool key(struct wizard *wizard, const struct tui_event *event)
{
	bool details = event->kind == TUI_F1 + 3 ||
		       (event->kind == TUI_CHAR && event->character == 'd');

	if (event->kind == TUI_F1 + 1)
		browse(wizard);
	else if (details)
		scr_details(wizard);
	return details || event->kind == TUI_F1 + 1;
}

static const char *hint(const struct page *page)
{
	static const struct {
		int own;
		const char *text;
	} hints[] = {
		{SOURCE, N_("Where it comes from: Space chooses")},
		{PASTE, N_("All parts; Backspace empties it")},
		{NAMES, N_("All that visitors use, apart by spaces")},
		{KEY_TYPE, N_("P-256 suits all, RSA the oldest clients")},
		{DIRECTORY, N_("privkey.pem and request.pem go there")},
		{BROWSE, N_("F2 file  F4 details")},
		{REQUEST, N_("Writes the key and the request")},
		{DETAILS, N_("F2 file  F4 details")},
	};
	const struct tui_widget *focused = tui_form_focused(&page->form);

	for (size_t i = 0; i < HS_LENGTH(hints); i++)
		if (focused && page->own[hints[i].own] == focused)
			return hints[i].text;
	return NULL;
}

const struct screen scr_certificate = {
	.step = STEP_CERTIFICATE,
	.questions = questions,
	.begin = begin,
	.end = end,
	.hint = hint,
	.enter = enter,
	.refresh = refresh,
	.change = change,
	.press = press,
	.key = key,
	.paste = paste,
};
