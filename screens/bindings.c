/* Step 4: where the site listens, before and after. */
#include "core/base/str.h"
#include "screens/screen.h"

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

static void show_row(struct tui_widget *table, const char *what,
		     const struct str *before, const struct str *after)
{
	scr_row(table, TUI_PLAIN, "%-6s now   %s", what,
		before->len ? before->data : "-");
	scr_row(table, TUI_PLAIN, "%-6s then  %s", "",
		after->len ? after->data : "-");
}

static void refresh(struct wizard *wizard, struct page *page)
{
	const struct settings *settings = &wizard->job->settings;
	const struct site *site = wizard->job->facts.site;
	struct str http hs_auto_str = {0}, https hs_auto_str = {0};
	struct str http_after hs_auto_str = {0}, https_after hs_auto_str = {0};

	add_before(site, false, &http);
	add_before(site, true, &https);
	add_http_after(settings, hs_str_text(&http), &http_after);
	add_https_after(settings, site, &https_after);
	tui_notes_clear(page->own[TABLE]);
	show_row(page->own[TABLE], "HTTP", &http, &http_after);
	show_row(page->own[TABLE], "HTTPS", &https, &https_after);
}

const struct screen scr_bindings = {
	.step = STEP_BINDINGS,
	.questions = questions,
	.begin = begin,
	.end = end,
	.refresh = refresh,
};
