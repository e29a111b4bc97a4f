/* Step 4: where the site listens, before and after. */
#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/settings/sites.h"
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

/* A binding for one Host alone has it behind the port: "*:443:a.test" */
static void add_address(struct str *text, const char *address, int port,
			const char *host)
{
	hs_str_printf(text, "%s%s:%d%s%s", text->len ? " " : "", address, port,
		      host ? ":" : "", host ? host : "");
}

/* "*:80 [::]:80" */
static void add_before(const struct site *site, bool ssl, struct str *text)
{
	if (site)
		HS_EACH(listen, &site->listens)
			if (listen->ssl == ssl && listen->port)
				add_address(text, listen->address, listen->port,
					    listen->host);
}

static bool is_asked(const struct settings *settings, const char *id)
{
	return hs_settings_origin(settings, id) >= ORIGIN_ANSWERS;
}

/* IIS keeps a binding for HTTPS that is there unless another place was asked
 * for; a new one is for all addresses. */
static void add_iis_after(const struct settings *settings,
			  const struct site *site, struct str *text)
{
	const char *host = hs_bound_host(settings);

	if (!is_asked(settings, "bindings.address") &&
	    !is_asked(settings, "bindings.host-name") &&
	    !is_asked(settings, "bindings.https-port"))
		add_before(site, true, text);
	if (text->len)
		return;
	HS_EACH(address, &settings->addresses)
		add_address(text, *address, settings->https_port, host);
	if (!text->len)
		add_address(text, "*", settings->https_port, host);
}

/* Addresses nobody named are those of HTTP. */
static void add_https_after(const struct settings *settings,
			    const struct facts *facts, struct str *text)
{
	const struct site *site = facts->site;

	if (settings->bindings_mode == BINDINGS_HTTP)
		return;
	if (hs_server_is(facts, "iis")) {
		add_iis_after(settings, site, text);
		return;
	}
	HS_EACH(address, &settings->addresses)
		add_address(text, *address, settings->https_port, NULL);
	if (text->len || !site)
		return;
	HS_EACH(listen, &site->listens)
		if (!listen->ssl && listen->port)
			add_address(text, listen->address, settings->https_port,
				    NULL);
}

static void add_http_after(const struct settings *settings, const char *before,
			   struct str *text)
{
	if (settings->bindings_mode == BINDINGS_HTTPS)
		return;
	hs_str_printf(text,
		      settings->redirect_enabled ? _("%s, to HTTPS") : "%s",
		      before);
}

/* Columns of the words at the left, of what is now, and of what will be. */
#define WORD 8
#define NOW 18
#define THEN 24

/* Whether both stand side by side. */
static bool fit(const struct str *before, const struct str *after)
{
	return hs_text_width(hs_str_text(before)) < NOW &&
	       hs_text_width(hs_str_text(after)) <= THEN;
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
	scr_row(table, TUI_PLAIN, _("%-6s now   %s"), what, now);
	scr_row(table, TUI_PLAIN, _("%-6s then  %s"), "", then);
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
	add_https_after(settings, &wizard->job->facts, &https_after);
	roomy = tui_columns() >= 78 && fit(&http, &http_after) &&
		fit(&https, &https_after);
	tui_notes_clear(page->own[TABLE]);
	if (roomy)
		scr_row(page->own[TABLE], TUI_BOLD, "%-*s%-*s%s", WORD, "", NOW,
			_("now"), _("then"));
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
