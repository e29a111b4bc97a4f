/* Step 3: the name visitors type, best one of the certificate's. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "screens/screen.h"

#define LIST_ROWS 8

enum { OFFERED, WILDCARDS };

static void end(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	page->own[OFFERED] = tui_form_add(
		&page->form, tui_choice_new("Choose from", LIST_ROWS));
	page->own[OFFERED]->space = 1;
	page->own[WILDCARDS] = tui_form_add(&page->form, tui_notes_new());
	page->own[WILDCARDS]->aligned = true;
}

/* What is not fit to be shown is not fit to be chosen; wildcards and regular
 * expressions are no names. */
static bool is_plain(const char *name)
{
	return !hs_text_is_hostile(name, strlen(name)) &&
	       !strpbrk(name, "*~^$") && strcmp(name, "_") != 0;
}

static void add_plain(struct strings *names, const struct strings *from)
{
	HS_EACH(name, from)
		if (is_plain(*name))
			hs_strings_add(names, *name);
}

/* Those of the certificate; one that is made for the name has no say in it,
 * the site has. */
static struct strings plain_names(const struct job *job)
{
	const struct certificate *leaf = hs_bundle_leaf(&job->facts.bundle);
	struct strings names = {0};

	if (!job->settings.certificate_self_signed && leaf) {
		add_plain(&names, &leaf->dns_names);
		add_plain(&names, &leaf->ip_names);
	} else if (job->facts.site) {
		add_plain(&names, &job->facts.site->names);
	}
	return names;
}

static void note_wildcards(struct tui_widget *notes,
			   const struct certificate *leaf)
{
	tui_notes_clear(notes);
	if (!leaf)
		return;
	HS_EACH(name, &leaf->dns_names)
		if (strchr(*name, '*'))
			scr_row(notes, TUI_PLAIN,
				_("%s: any name in place of *"), *name);
}

static bool is_same(const struct strings *one, const struct strings *other)
{
	if (one->n != other->n)
		return false;
	for (size_t i = 0; i < one->n; i++)
		if (strcmp(one->items[i], other->items[i]) != 0)
			return false;
	return true;
}

/* Made anew only for other names, so that the cursor stays. */
static void offer(struct page *page, const struct job *job)
{
	struct strings names = plain_names(job);

	note_wildcards(page->own[WILDCARDS],
		       hs_bundle_leaf(&job->facts.bundle));
	page->own[OFFERED]->hidden = names.n == 0;
	if (is_same(&names, &page->words)) {
		hs_strings_done(&names);
		return;
	}
	hs_strings_done(&page->words);
	page->words = names;
	tui_choice_clear(page->own[OFFERED]);
	HS_EACH(name, &page->words)
		tui_choice_add(page->own[OFFERED], *name);
}

static void refresh(struct wizard *wizard, struct page *page)
{
	const char *name = wizard->job->settings.name;
	int chosen = -1;

	offer(page, wizard->job);
	for (size_t i = 0; name && i < page->words.n; i++)
		if (strcasecmp(page->words.items[i], name) == 0)
			chosen = (int)i;
	tui_choice_set(page->own[OFFERED], chosen);
}

static void change(struct wizard *wizard, struct tui_widget *widget)
{
	struct page *page = &wizard->pages[STEP_NAME];
	struct asked *asked = scr_asked_by_id(page, "name");
	int chosen = tui_choice_chosen(widget);

	if (widget != page->own[OFFERED] || chosen < 0)
		return;
	tui_field_set(asked->widget, page->words.items[chosen]);
	scr_answer_take(asked, &wizard->job->settings);
	scr_work_answered(wizard, asked->question);
}

const struct screen scr_name = {
	.step = STEP_NAME,
	.end = end,
	.refresh = refresh,
	.change = change,
};
