/* Step 5: what becomes of visitors who come by HTTP, now and next time. */
#include "screens/screen.h"

static const char *const questions[] = {"redirect.enabled",
					"redirect.code",
					"redirect.skip-localhost",
					"hsts.enabled",
					"hsts.max-age",
					"hsts.include-subdomains",
					"hsts.preload",
					NULL};

enum { WARNING };

static void end(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	scr_asked_by_id(page, "hsts.enabled")->widget->space = 1;
	page->own[WARNING] = tui_form_add(&page->form, tui_notes_new());
	page->own[WARNING]->space = 1;
}

static void hide(struct page *page, const char *id, bool hidden)
{
	scr_asked_by_id(page, id)->widget->hidden = hidden;
}

/* Details are asked for what is wanted. */
static void refresh(struct wizard *wizard, struct page *page)
{
	const struct settings *settings = &wizard->job->settings;

	hide(page, "redirect.code", !settings->redirect_enabled);
	hide(page, "redirect.skip-localhost", !settings->redirect_enabled);
	hide(page, "hsts.max-age", !settings->hsts_enabled);
	hide(page, "hsts.include-subdomains", !settings->hsts_enabled);
	hide(page, "hsts.preload", !settings->hsts_enabled);
	tui_notes_clear(page->own[WARNING]);
	if (settings->hsts_enabled)
		scr_note(page->own[WARNING], SEVERITY_INFO,
			 "HSTS is switched on last, after HTTPS was proved. "
			 "Browsers that have seen it keep to it until it "
			 "expires.");
}

const struct screen scr_hsts = {
	.step = STEP_HSTS,
	.questions = questions,
	.end = end,
	.refresh = refresh,
};
