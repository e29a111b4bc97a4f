/* What is live, as a table: a column for each address. */
#include <string.h>

#include "core/base/hash.h"
#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "screens/screen.h"
#include "tui/cells.h"

/* Beside the names of the rows. */
#define COLUMNS_MAX ((size_t)TUI_CELLS_MAX - 1)

static const char *const titles[LIVE_ROWS] = {
	[LIVE_WHERE] = "",
	[LIVE_CERTIFICATE] = N_("certificate"),
	[LIVE_PROTOCOL] = N_("protocol"),
	[LIVE_REDIRECT] = N_("redirect"),
	[LIVE_HSTS] = "HSTS",
};

/* Words */

static char *say_where(const struct probe_result *probe,
		       const struct bundle *bundle)
{
	bool v6 = strchr(probe->address, ':') != NULL;

	(void)bundle;
	return hs_format("%s%s%s:%d", v6 ? "[" : "", probe->address,
			 v6 ? "]" : "", probe->https_port);
}

static char *say_trust(const struct probe_result *probe)
{
	if (!probe->name_fits)
		return hs_strdup(_("not for this name"));
	return hs_strdup(probe->trusted ? _("trusted") : _("not trusted"));
}

static char *say_certificate(const struct probe_result *probe,
			     const struct bundle *bundle)
{
	const struct certificate *leaf = bundle ? hs_bundle_leaf(bundle) : NULL;

	if (!probe->handshake)
		return hs_strdup(probe->timed_out ? _("no answer in time")
						  : _("no answer"));
	if (!leaf)
		return say_trust(probe);
	return hs_strdup(memcmp(probe->leaf, leaf->fingerprint, HS_HASH_SIZE) ==
					 0
				 ? _("the new one")
				 : _("another one"));
}

/* "TLS 1.3, HTTP/2" from "TLSv1.3" */
static char *say_protocol(const struct probe_result *probe,
			  const struct bundle *bundle)
{
	const char *version = probe->protocol ? probe->protocol : "?";
	bool h2 = probe->alpn && strcmp(probe->alpn, "h2") == 0;

	(void)bundle;
	if (!probe->handshake)
		return hs_strdup("-");
	if (strncmp(version, "TLSv", 4) == 0)
		return hs_format(_("TLS %s%s"), version + 4,
				 h2 ? ", HTTP/2" : "");
	return hs_format("%s%s", version, h2 ? ", HTTP/2" : "");
}

static char *say_redirect(const struct probe_result *probe,
			  const struct bundle *bundle)
{
	const struct probe_answer *first =
		probe->http.n ? probe->http.items : NULL;

	(void)bundle;
	if (!first)
		return hs_strdup("-");
	if (!first->status)
		return hs_strdup(_("HTTP is silent"));
	if (!first->location)
		return hs_format(_("none, HTTP says %d"), first->status);
	return hs_format(strncmp(first->location, "https:", 6) == 0
				 ? _("%d to HTTPS")
				 : _("%d to elsewhere"),
			 first->status);
}

static char *say_hsts(const struct probe_result *probe,
		      const struct bundle *bundle)
{
	size_t answered = 0, with = 0, twice = 0;

	(void)bundle;
	HS_EACH(answer, &probe->https) {
		answered += answer->status != 0;
		with += answer->hsts.n > 0;
		twice += answer->hsts.n > 1;
	}
	if (!answered)
		return hs_strdup("-");
	if (twice)
		return hs_strdup(_("sent twice"));
	if (!with)
		return hs_strdup(_("off"));
	return hs_strdup(with == answered ? _("on every path")
					  : _("not on every path"));
}

static void collect_one(const struct probe_result *probe,
			const struct bundle *bundle, struct live_column *column)
{
	static char *(*const say[LIVE_ROWS])(const struct probe_result *probe,
					     const struct bundle *bundle) = {
		[LIVE_WHERE] = say_where,
		[LIVE_CERTIFICATE] = say_certificate,
		[LIVE_PROTOCOL] = say_protocol,
		[LIVE_REDIRECT] = say_redirect,
		[LIVE_HSTS] = say_hsts,
	};

	for (int row = 0; row < LIVE_ROWS; row++) {
		hs_auto_free char *words = say[row](probe, bundle);

		column->cells[row] = hs_text_safe(words, strlen(words), 0);
	}
}

void scr_live_collect(const struct probe_results *probes,
		      const struct bundle *bundle, struct live_table *ret_table)
{
	*ret_table = (struct live_table){0};
	HS_EACH(probe, probes)
		collect_one(probe, bundle, HS_GROW(ret_table));
}

/* Showing */

static void add_row(const struct live_column *columns, size_t n, int row,
		    struct tui_widget *pager)
{
	const char *cells[TUI_CELLS_MAX] = {_(titles[row])};

	for (size_t i = 0; i < n; i++)
		cells[i + 1] = columns[i].cells[row];
	tui_pager_add_cells(pager, row == LIVE_WHERE ? TUI_BOLD : TUI_PLAIN,
			    cells, (int)n + 1);
}

/* More addresses than a table takes are in the next one. */
void scr_live_show(const struct live_table *table, struct tui_widget *pager)
{
	for (size_t first = 0; first < table->n; first += COLUMNS_MAX) {
		size_t left = table->n - first;

		if (first)
			tui_pager_add(pager, TUI_PLAIN, "");
		for (int row = 0; row < LIVE_ROWS; row++)
			add_row(table->items + first,
				left < COLUMNS_MAX ? left : COLUMNS_MAX, row,
				pager);
	}
}

void scr_live_done(struct live_table *table)
{
	HS_EACH(column, table)
		for (int row = 0; row < LIVE_ROWS; row++)
			free(column->cells[row]);
	HS_ARRAY_FREE(table);
}
