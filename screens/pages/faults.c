/* What is still wrong, of all steps in one place, and the way to each. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "screens/screen.h"

/* One thing to do something about. */
struct fault {
	enum step step;
	enum severity severity;
	const char *question, *id, *message;
};
struct faults HS_ARRAY(struct fault);

/* Text that could not be taken for an answer. */
static void collect_refused(const struct page *page, struct faults *faults)
{
	for (size_t i = 0; i < page->n; i++)
		if (page->asked[i].refused)
			*HS_GROW(faults) = (struct fault){
				page->asked[i].question->step, SEVERITY_ERROR,
				page->asked[i].question->id, "",
				page->asked[i].refused};
}

static void collect(const struct wizard *wizard, enum severity severity,
		    struct faults *faults)
{
	for (enum step step = STEP_SERVER; step <= STEP_REVIEW; step++) {
		if (severity == SEVERITY_ERROR)
			collect_refused(&wizard->pages[step], faults);
		HS_EACH(finding, &wizard->job->findings)
			if (finding->severity == severity &&
			    scr_step_of(finding) == step)
				*HS_GROW(faults) = (struct fault){
					step, severity, finding->question,
					finding->id, finding->message};
	}
}

static void show(const struct faults *faults, struct tui_widget *pager)
{
	int link = 0;

	HS_EACH(fault, faults) {
		tui_pager_link(pager, ++link);
		scr_lines_note(pager, fault->severity, "%s: %s",
			       _(hs_step_title(fault->step)), fault->message);
	}
	tui_pager_link(pager, 0);
	if (!link)
		scr_lines_note(pager, SEVERITY_OK, "nothing is wrong so far");
}

/* The link that was chosen, in *context. */
static void choose(struct scr_view *view)
{
	int *chosen = view->context;

	*chosen = tui_pager_chosen(view->form.items[0]);
}

void scr_faults(struct wizard *wizard)
{
	struct faults faults = {0};
	int chosen = 0;
	struct scr_view view = {
		.title = N_("What is still wrong"),
		.keys = N_("Up Down choose  Enter goes there  Esc back"),
		.few_keys = N_("Up Down  Enter goes there Esc"),
		.form = {.focus = -1},
		.links = true,
		.choose = choose,
		.context = &chosen,
	};
	struct tui_widget *pager;

	scr_work_catch_up(wizard);
	collect(wizard, SEVERITY_ERROR, &faults);
	collect(wizard, SEVERITY_WARNING, &faults);
	pager = tui_form_add(&view.form, tui_pager_new(1));
	show(&faults, pager);
	tui_form_focus(&view.form, pager);
	scr_view_run(&view);
	if (chosen > 0 && (size_t)chosen <= faults.n)
		scr_cure(wizard, faults.items[chosen - 1].question,
			 faults.items[chosen - 1].id);
	HS_ARRAY_FREE(&faults);
}
