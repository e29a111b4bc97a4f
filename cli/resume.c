#include "cli/resume.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/session.h"
#include "core/base/log.h"

static char *path_below(const struct state *state)
{
	return hs_format("%s/wizard.xml", state->directory);
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
	path = path_below(&state);
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

enum step cli_resume_step(const struct settings *settings)
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

void cli_resume_keep(const struct job *job, int status)
{
	hs_auto_free char *path = path_below(&job->state);
	struct error err = {0};

	if (status <= 128) {
		(void)unlink(path);
		return;
	}
	if (mkdir(job->state.directory, 0700) && errno != EEXIST)
		return;
	if (cli_answers_save(job, path, &err))
		hs_log("the wizard's answers are not kept: %s", err.what);
}
