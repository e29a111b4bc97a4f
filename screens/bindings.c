/* Step 4: where the site listens, before and after. */
#include "core/base/str.h"
#include "core/base/text.h"
#include "screens/screen.h"
#include "tui/terminal.h"

static const char *const questions[] = {"bindings.mode", "bindings.https-port",
					"bindings.http-port",
					"bindings.address", NULL};

enum { TABLE };

static void begin(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	page->own[TABLE] = tui_form_add(&page->form, tui_notes_new());
}

static void end(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	scr_asked_by_id(page, "bindings.mode")->widget->space = 1;
	scr_asked_by_id(page, "bindings.https-port")->widget->space = 1;
	scr_asked_by_id(page, "tls.profile")->widget->space = 1;
}

/* "*:80 [::]:80" */
static void add_before(const struct site *site, bool ssl, struct str *text)
{
	if (site)
		HS_EACH(listen, &site->listens)
			if (listen->ssl == ssl && listen->port)
				hs_str_printf(text, "%s%s:%d",
					      text->len ? " " : "",
					      listen->address, listen->port);
}

static void add_address(struct str *text, const char *address, int port)
{
	hs_str_printf(text, "%s%s:%d", text->len ? " " : "", address, port);
}

/* Addresses nobody named are those of HTTP. */
static void add_https_after(const struct settings *settings,
			    const struct site *site, struct str *text)
{
	if (settings->bindings_mode == BINDINGS_HTTP)
		return;
	HS_EACH(address, &settings->addresses)
		add_address(text, *address, settings->https_port);
	if (text->len || !site)
		return;
	HS_EACH(listen, &site->listens)
		if (!listen->ssl && listen->port)
			add_address(text, listen->address,
				    settings->https_port);
}

static void add_http_after(const struct settings *settings, const char *before,
			   struct str *text)
{
	if (settings->bindings_mode == BINDINGS_HTTPS)
		return;
	hs_str_puts(text, before);
	if (settings->redirect_enabled)
		hs_str_puts(text, ", sends visitors to HTTPS");
}

/* Columns of the words at the left, and of what is now. */
#define WORD 8
#define NOW 18

/* Whether both stand side by side. */
static bool before_fits(const struct str *before)
{
	return hs_text_width(hs_str_text(before)) < NOW;
}

static void show_row(struct tui_widget *table, const char *what,
		     const struct str *before, const struct str *after,
		     bool roomy)
{
	const char *now = before->len ? before->data : "-";
	const char *then = after->len ? after->data : "-";

	if (roomy) {
		scr_row(table, TUI_PLAIN, "%-*s%-*s%s", WORD, what, NOW, now,
			then);
		return;
	}
	scr_row(table, TUI_PLAIN, "%-6s now   %s", what, now);
	scr_row(table, TUI_PLAIN, "%-6s then  %s", "", then);
}

static void refresh(struct wizard *wizard, struct page *page)
{
	const struct settings *settings = &wizard->job->settings;
	const struct site *site = wizard->job->facts.site;
	struct str http hs_auto_str = {0}, https hs_auto_str = {0};
	struct str http_after hs_auto_str = {0}, https_after hs_auto_str = {0};
	bool roomy;

	add_before(site, false, &http);
	add_before(site, true, &https);
	add_http_after(settings, hs_str_text(&http), &http_after);
	add_https_after(settings, site, &https_after);
	roomy = tui_columns() >= 78 && before_fits(&http) &&
		before_fits(&https);
	tui_notes_clear(page->own[TABLE]);
	if (roomy)
		scr_row(page->own[TABLE], TUI_BOLD, "%-*s%-*s%s", WORD, "", NOW,
			"now", "then");
	show_row(page->own[TABLE], "HTTP", &http, &http_after, roomy);
	show_row(page->own[TABLE], "HTTPS", &https, &https_after, roomy);
}

const struct screen scr_bindings = {
	.step = STEP_BINDINGS,
	.questions = questions,
	.begin = begin,
	.end = end,
	.refresh = refresh,
};
