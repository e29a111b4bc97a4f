/* The wizard's steps: their titles, and which of them are there. */
#include "core/base/i18n.h"
#include "core/settings/questions/questions.h"

static const char *const step_titles[STEP_MAX] = {
	[STEP_SERVER] = N_("Server"),
	[STEP_CERTIFICATE] = N_("Certificate"),
	[STEP_NAME] = N_("Name"),
	[STEP_BINDINGS] = N_("Bindings"),
	[STEP_HSTS] = N_("HSTS, redirect"),
	[STEP_FIREWALL] = N_("Firewall"),
	[STEP_PRODUCT] = N_("Product"),
	[STEP_REVIEW] = N_("Review"),
	[STEP_APPLY] = N_("Apply"),
	[STEP_DONE] = N_("Done"),
};

const char *hs_step_title(enum step step)
{
	return step_titles[step];
}

bool hs_step_is_there(enum step step, const struct settings *settings)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	if (step != STEP_PRODUCT)
		return true;
	for (size_t i = 0; i < count; i++)
		if (questions[i].step == step &&
		    hs_question_is_relevant(&questions[i], settings))
			return true;
	return false;
}

int hs_step_number(enum step step, const struct settings *settings)
{
	int number = 1;

	for (enum step s = STEP_SERVER; s < step; s++)
		number += hs_step_is_there(s, settings);
	return number;
}

int hs_step_count(const struct settings *settings)
{
	return hs_step_number(STEP_MAX, settings) - 1;
}
