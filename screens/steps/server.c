/* Step 1: what was found on this host, and which site gets HTTPS. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "screens/screen.h"

static const char *const questions[] = {
	"server", "site", "product", "server-config", "server-binary", NULL};

enum { FOUND };

static void begin(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	page->own[FOUND] = tui_form_add(&page->form, tui_notes_new());
}

/* Where the job looks was said when it was opened. */
static void end(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	scr_asked_by_id(page, "root")->widget->hidden = true;
	scr_asked_by_id(page, "site")->widget->space = 1;
	scr_asked_by_id(page, "server-config")->widget->space = 1;
}

static void add_buttons(struct tui_widget *buttons)
{
	tui_buttons_add(buttons, "Quit", BUTTON_QUIT);
	tui_buttons_add(buttons, "Live site", BUTTON_LOOK);
	tui_buttons_abbreviate(buttons, BUTTON_LOOK, "Live");
	tui_buttons_add(buttons, "Next", BUTTON_NEXT);
	tui_buttons_prefer(buttons, BUTTON_NEXT);
}

static void note_server(struct tui_widget *found,
			const struct server_facts *server, bool offline)
{
	const char *version = server->version ? server->version : "";
	hs_auto_free char *which = hs_format("%s%s%s", server->title,
					     *version ? " " : "", version);
	size_t count = server->sites.n;

	scr_note(found, SEVERITY_OK,
		 offline	   ? P_("%s, %zu site", "%s, %zu sites", count)
		 : server->running ? P_("%s, running, %zu site",
					"%s, running, %zu sites", count)
				   : P_("%s, not running, %zu site",
					"%s, not running, %zu sites", count),
		 which, count);
}

static void note_found(struct tui_widget *found, const struct facts *facts)
{
	tui_notes_clear(found);
	if (facts->offline)
		scr_note(found, SEVERITY_INFO,
			 "an offline tree: its files are edited, nothing runs "
			 "there");
	HS_EACH(server, &facts->servers)
		note_server(found, server, facts->offline);
}

/* Only what is there is offered. */
static void offer_servers(struct asked *asked, const struct facts *facts)
{
	scr_answer_offer_none(asked);
	HS_EACH(server, &facts->servers)
		scr_answer_offer(asked, server->id, server->title);
	asked->widget->hidden = facts->servers.n < 2;
}

/* Every product there is, in one row that nobody has to pass. */
static void offer_known_products(struct page *page, struct asked *asked)
{
	const struct choice *choice = asked->question->choices;

	for (; choice->word; choice++)
		scr_answer_offer(asked, choice->word,
				 strcmp(choice->word, "generic") == 0
					 ? _("website")
					 : _(choice->label));
	tui_form_move_last(&page->form, asked->widget);
	tui_form_move_last(&page->form, asked->notes);
	tui_form_move_last(&page->form, page->notes);
}

/* Those that were found; where none was, it can still be said. */
static void offer_products(struct page *page, const struct facts *facts)
{
	struct asked *asked = scr_asked_by_id(page, "product");
	bool known = facts->products.n < 2;

	scr_answer_offer_none(asked);
	tui_choice_set_single(asked->widget, known);
	asked->widget->rare = known;
	asked->widget->hidden = !facts->server;
	if (known) {
		offer_known_products(page, asked);
		return;
	}
	HS_EACH(product, &facts->products)
		scr_answer_offer(asked, product->id, _(product->title));
}

/* "shop.example.test  *:80 *:443, has HTTPS" */
static char *describe_site(const struct site *site)
{
	struct str text hs_auto_str = {0};

	hs_str_printf(&text, "%s ", site->id);
	HS_EACH(listen, &site->listens) {
		if (listen->port)
			hs_str_printf(&text, " %s:%d", listen->address,
				      listen->port);
		else
			hs_str_printf(&text, " %s", listen->address);
	}
	if (site->https) {
		hs_auto_free char *plain = hs_str_take(&text);

		hs_str_printf(&text, _("%s, has HTTPS"), plain);
	}
	return hs_text_safe(hs_str_text(&text), text.len, 0);
}

static void offer_sites(struct asked *asked, const struct facts *facts)
{
	scr_answer_offer_none(asked);
	if (!facts->server)
		return;
	HS_EACH(site, &facts->server->sites) {
		hs_auto_free char *label = describe_site(site);

		scr_answer_offer(asked, site->id, label);
	}
}

/* The rows follow what was found, not what was chosen: they are made anew
 * only when the host was looked at again, so that the cursor stays. */
static void offer_all(struct page *page, const struct facts *facts)
{
	offer_servers(scr_asked_by_id(page, "server"), facts);
	offer_products(page, facts);
	offer_sites(scr_asked_by_id(page, "site"), facts);
}

static bool is_offered(struct page *page, const struct facts *facts)
{
	const struct strings *words = &scr_asked_by_id(page, "site")->words;
	const struct asked *product = scr_asked_by_id(page, "product");
	size_t n = facts->server ? facts->server->sites.n : 0;

	return words->n == n &&
	       (!n || strcmp(words->items[0],
			     facts->server->sites.items[0].id) == 0) &&
	       scr_asked_by_id(page, "server")->words.n == facts->servers.n &&
	       (product->widget->rare ? facts->products.n < 2
				      : product->words.n == facts->products.n);
}

static void set_default(struct page *page, const char *id, const char *text)
{
	struct asked *asked = scr_asked_by_id(page, id);

	if (!*tui_field_text(asked->widget))
		tui_field_set_placeholder(asked->widget, text);
}

static void refresh(struct wizard *wizard, struct page *page)
{
	const struct facts *facts = &wizard->job->facts;

	if (!is_offered(page, facts)) {
		offer_all(page, facts);
		for (size_t i = 0; i < page->n; i++)
			scr_answer_load(&page->asked[i],
					&wizard->job->settings);
	}
	note_found(page->own[FOUND], facts);
	if (!facts->server)
		return;
	set_default(page, "server-config", facts->server->config);
	set_default(page, "server-binary", facts->server->binary);
}

const struct screen scr_server = {
	.step = STEP_SERVER,
	.questions = questions,
	.begin = begin,
	.end = end,
	.buttons = add_buttons,
	.refresh = refresh,
};
