/* What the wizard has the job do. */
#include <string.h>

#include "core/base/str.h"
#include "screens/screen.h"

/* Answers that need more than the rules: which of the two has to be done
 * again.  A self-signed certificate is made for the name. */
static void mark_stale(struct wizard *wizard, const struct question *question)
{
	bool server = strcmp(question->id, "server") == 0 ||
		      strncmp(question->id, "server-", 7) == 0;
	bool certificate = question->step == STEP_CERTIFICATE ||
			   (question->step == STEP_NAME &&
			    wizard->job->settings.certificate_self_signed);

	wizard->look_again |= server;
	wizard->read_again |= certificate;
}

static void judge(struct wizard *wizard)
{
	hs_job_judge(wizard->job);
	scr_page_refresh(wizard, wizard->step);
}

void scr_work_answered(struct wizard *wizard, const struct question *question)
{
	wizard->planned = false;
	mark_stale(wizard, question);
	judge(wizard);
}

bool scr_work_catch_up(struct wizard *wizard)
{
	struct error err = {0};

	if (!wizard->look_again && !wizard->read_again)
		return false;
	if (wizard->look_again && hs_job_look(wizard->job, &err))
		scr_say(wizard, SEVERITY_ERROR, "%s", err.what);
	err = (struct error){0};
	if (wizard->read_again && hs_job_read_certificate(wizard->job, &err))
		scr_say(wizard, SEVERITY_ERROR, "%s", err.what);
	wizard->look_again = wizard->read_again = false;
	judge(wizard);
	return true;
}

void scr_work_plan(struct wizard *wizard)
{
	struct error err = {0};

	hs_replace(&wizard->plan_problem, NULL);
	hs_job_resolve(wizard->job);
	hs_job_judge(wizard->job);
	wizard->planned = hs_job_plan(wizard->job, JOB_ENABLE, &err) == 0;
	if (!wizard->planned)
		wizard->plan_problem =
			*err.where ? hs_format("%s (%s)", err.what, err.where)
				   : hs_strdup(err.what);
}

void scr_work_revert(struct wizard *wizard, const char *why)
{
	struct error err = {0};

	wizard->deadline = 0;
	if (hs_job_revert(wizard->job, &wizard->outcome, &err)) {
		wizard->failure = err;
		wizard->status = err.code ? (int)err.code : HS_CONFLICT;
		return;
	}
	wizard->failure = (struct error){0};
	hs_fail(&wizard->failure, HS_REVERTED, "%s", why);
	wizard->status = HS_REVERTED;
}
