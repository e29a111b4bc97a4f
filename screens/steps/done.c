/* Step 9: how it ended, what changed, and how to undo it. */
#include <string.h>

#include "core/base/str.h"
#include "core/base/text.h"
#include "screens/screen.h"

enum { SUMMARY };

static void begin(struct wizard *wizard, struct page *page)
{
	(void)wizard;
	page->own[SUMMARY] = tui_form_add(&page->form, tui_pager_new(3));
}

static void add_buttons(struct tui_widget *buttons)
{
	tui_buttons_add(buttons, "Finish", BUTTON_FINISH);
}

static void save_answers(struct wizard *wizard)
{
	const struct scr_options *options = wizard->options;
	struct error err = {0};

	if (wizard->status != HS_OK || !options->save ||
	    !options->save_answers || wizard->saved)
		return;
	if (options->save(wizard->job, options->save_answers, &err))
		scr_tell_error(wizard, "Answers", &err);
	else
		wizard->saved = hs_strdup(options->save_answers);
}

static void enter(struct wizard *wizard, struct page *page)
{
	save_answers(wizard);
	scr_show_summary(wizard, page->own[SUMMARY]);
	tui_form_focus(&page->form, page->form.buttons);
}

/* There is no way back from what is done. */
static void stay(struct wizard *wizard)
{
	scr_say(wizard, SEVERITY_INFO, "It is done: Finish leaves the wizard.");
}

static void quit(struct wizard *wizard)
{
	scr_end(wizard, wizard->status);
}

const struct screen scr_done = {
	.step = STEP_DONE,
	.begin = begin,
	.buttons = add_buttons,
	.enter = enter,
	.back = stay,
	.quit = quit,
};
