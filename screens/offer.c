/* Why an answer would not do, beside it and before it is given: each one is
 * tried on a copy of the settings. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "core/settings/rules/rules.h"
#include "screens/screen.h"

static bool is_said(const struct findings *findings, const char *id)
{
	HS_EACH(finding, findings)
		if (finding->severity == SEVERITY_ERROR &&
		    strcmp(finding->id, id) == 0)
			return true;
	return false;
}

/* What this answer alone brings with it, to be freed; NULL: nothing that
 * stops. */
static char *reason_against(const struct wizard *wizard,
			    const struct question *question, const char *word)
{
	const struct job *job = wizard->job;
	struct settings tried = {0};
	struct findings findings = {0};
	struct error err = {0};
	char *reason = NULL;

	hs_settings_copy(&job->settings, &tried);
	if (hs_question_answer(question, &tried, word, ORIGIN_OPERATOR, NULL,
			       &err))
		reason = hs_strdup(err.what);
	else
		hs_rules_judge(&tried, &job->facts, &findings);
	HS_EACH(finding, &findings)
		if (!reason && finding->severity == SEVERITY_ERROR &&
		    finding->question &&
		    strcmp(finding->question, question->id) == 0 &&
		    !is_said(&job->findings, finding->id))
			reason = hs_strdup(finding->message);
	hs_findings_done(&findings);
	hs_settings_done(&tried);
	return reason;
}

/* A code says nothing by itself, nor does its meaning say the code. */
char *scr_choice_label(const struct question *question,
		       const struct choice *choice)
{
	if (question->kind == QUESTION_CODE)
		return hs_format("%s %s", choice->word, _(choice->label));
	return hs_strdup(_(choice->label));
}

static void explain(const struct wizard *wizard, const struct asked *asked)
{
	const struct question *question = asked->question;
	int i = 0;

	for (const struct choice *choice = question->choices; choice->word;
	     choice++, i++) {
		hs_auto_free char *label = scr_choice_label(question, choice);
		hs_auto_free char *reason = NULL, *text = NULL;

		if (i != tui_choice_chosen(asked->widget))
			reason = reason_against(wizard, question, choice->word);
		if (reason)
			text = hs_format(_("%s - not now: %s"), label, reason);
		tui_choice_set_text(asked->widget, i, text ? text : label);
	}
}

void scr_offer_reasons(struct wizard *wizard, struct page *page)
{
	for (size_t i = 0; i < page->n; i++) {
		const struct question *question = page->asked[i].question;

		/* Other choices change what is looked at, not only how it is
		 * judged. */
		if ((question->step == STEP_BINDINGS ||
		     question->step == STEP_HSTS) &&
		    question->choices && question->kind != QUESTION_BOOL)
			explain(wizard, &page->asked[i]);
	}
}
