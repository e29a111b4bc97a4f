#include "cli/resume.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/results/output.h"
#include "cli/session.h"
#include "core/apply/writer.h"
#include "core/base/i18n.h"
#include "core/base/log.h"

#define STEP_MAX_BYTES 64

static char *below(const struct state *state, const char *name)
{
	return hs_format("%s/%s", state->directory, name);
}

static char *answers_path(const struct state *state)
{
	return below(state, "wizard.xml");
}

static char *step_path(const struct state *state)
{
	return below(state, "wizard.step");
}

int cli_resume_load(const struct options *options, struct settings *settings,
		    struct error *err)
{
	hs_auto_free char *path = NULL;
	struct root root;
	struct state state;
	int found;

	if (hs_root_open(settings->root, &root, err))
		return -1;
	hs_state_init(&state, &root, options->job.state_dir);
	path = answers_path(&state);
	hs_state_done(&state);
	hs_root_close(&root);
	found = !access(path, F_OK);
	if (!found && errno == ENOENT) {
		hs_fail(err, HS_CANNOT, "no wizard was cut off");
		hs_error_hint(err, "start one without --resume");
		return -1;
	}
	return cli_answers_load(path, settings, err);
}

static bool is_answered(const struct settings *settings)
{
	size_t count;
	const struct question *questions = hs_questions(&count);

	for (size_t i = 0; i < count; i++)
		if (hs_question_is_answered(&questions[i], settings))
			return true;
	return false;
}

static enum step last_answered(const struct settings *settings)
{
	size_t count;
	const struct question *questions = hs_questions(&count);
	enum step step = STEP_SERVER;

	for (size_t i = 0; i < count; i++)
		if (questions[i].step > step &&
		    questions[i].step < STEP_APPLY &&
		    hs_question_is_answered(&questions[i], settings))
			step = questions[i].step;
	return step;
}

/* Steps are kept by their titles, which outlive their numbers. */
enum step cli_resume_step(const struct job *job)
{
	hs_auto_free char *path = step_path(&job->state);
	hs_auto_str struct str title = {0};
	struct root host;

	if (!hs_root_open(NULL, &host, NULL)) {
		(void)!hs_root_read(&host, path, STEP_MAX_BYTES, &title, NULL);
		hs_root_close(&host);
	}
	for (enum step step = STEP_SERVER; step <= STEP_REVIEW; step++)
		if (!strcmp(hs_str_text(&title), hs_step_title(step)))
			return step;
	return last_answered(&job->settings);
}

char *cli_resume_offer(const struct job *job)
{
	hs_auto_free char *path = answers_path(&job->state);
	struct stat st;
	char when[24];

	if (stat(path, &st))
		return NULL;
	cli_time_text(st.st_mtime, when);
	return hs_format(_("A wizard was cut off here on %s: --resume goes on"),
			 when);
}

static bool noted;

void cli_resume_note(const struct job *job, enum step step)
{
	hs_auto_free char *answers = answers_path(&job->state);
	hs_auto_free char *place = step_path(&job->state);
	const char *title;
	struct error err = {0};

	if (step > STEP_REVIEW || !is_answered(&job->settings))
		return;
	title = hs_step_title(step);
	if (mkdir(job->state.directory, 0700) && errno != EEXIST)
		return;
	if (hs_file_write(place, title, strlen(title), 0600, true, &err) ||
	    cli_answers_save(job, answers, &err))
		hs_log("the wizard's answers are not kept: %s",
		       hs_error_english(&err));
	else
		noted = true;
}

void cli_resume_end(const struct job *job, int status, bool resumed)
{
	hs_auto_free char *answers = answers_path(&job->state);
	hs_auto_free char *place = step_path(&job->state);

	if (status > 128 || !(noted || resumed))
		return;
	(void)unlink(answers);
	(void)unlink(place);
}
