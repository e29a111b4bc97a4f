/* What the product behind the site has to know itself; a step that is there
 * only for products with questions of their own. */
#include "core/settings/questions/questions.h"
#include "screens/screen.h"

enum { FOUND };

static void begin(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	page->own[FOUND] = tui_form_add(&page->form, tui_notes_new());
}

/* Where it is, and how it stands there now. */
static void show_found(const struct job *job, struct tui_widget *notes)
{
	const struct product_facts *product =
		hs_facts_product(&job->facts, job->settings.product);

	tui_notes_clear(notes);
	if (!product) {
		scr_note(notes, SEVERITY_INFO,
			 "not found here: only its rules are applied");
		return;
	}
	scr_note(notes, SEVERITY_OK, "%s%s%s", product->title,
		 product->path ? ": " : "", product->path ? product->path : "");
	HS_EACH(seen, &product->seen)
		scr_note(notes, SEVERITY_INFO, "%s", *seen);
}

/* The first of what is asked of the chosen product stands apart. */
static void refresh(struct wizard *wizard, struct page *page)
{
	bool is_first = true;

	for (size_t i = 0; i < page->n; i++) {
		struct tui_widget *widget = page->asked[i].widget;

		if (widget->hidden)
			continue;
		widget->space = is_first;
		is_first = false;
	}
	show_found(wizard->job, page->own[FOUND]);
}

const struct screen scr_product = {
	.step = STEP_PRODUCT,
	.begin = begin,
	.refresh = refresh,
};
