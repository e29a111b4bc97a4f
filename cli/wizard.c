#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/await.h"
#include "cli/elsewhere.h"
#include "cli/face.h"
#include "cli/results/output.h"
#include "cli/resume.h"
#include "cli/session.h"
#include "cli/start.h"
#include "core/base/i18n.h"
#include "screens/wizard.h"

/* Terminals that cannot place a cursor. */
static bool is_dumb(const char *term)
{
	return !term || !*term || !strcmp(term, "dumb") ||
	       !strcmp(term, "unknown");
}

static bool wants_plain(const struct options *options)
{
	const char *accessible = getenv("ACCESSIBLE");

	return options->plain || (accessible && *accessible) ||
	       is_dumb(getenv("TERM")) || !isatty(STDIN_FILENO) ||
	       !isatty(STDOUT_FILENO);
}

static int run_screens(const struct options *options, struct job *job,
		       const char *offer, struct error *err)
{
	struct scr_options screens = {
		.ascii = options->ascii,
		.no_color = options->no_color,
		.no_mouse = options->no_mouse,
		.theme = options->theme,
		.demo = options->demo,
		.save_answers = options->save_answers,
		.save = cli_answers_save,
		.keep = cli_resume_note,
		.offer = offer,
	};
	hs_auto_free char *summary = NULL;
	int status;

	if (options->resume)
		screens.start = cli_resume_step(job);
	cli_on_exhausted(scr_give_terminal_back);
	status = scr_wizard_run(job, &screens, &summary, err);
	cli_on_exhausted(NULL);
	if (summary)
		fputs(summary, stdout);
	if (!status && cli_offer_elsewhere(job, true, stdout, err))
		status = (int)err->code;
	return status;
}

/* Somebody else writes right now: everybody may look meanwhile. */
static char *tell_holder(const struct job *job)
{
	hs_auto_free char *holder = hs_state_holder(&job->state);

	return holder ? hs_format(_("%s is at work: look around, nothing can "
				    "be applied until that has ended"),
				  holder)
		      : NULL;
}

int cli_wizard_run_job(const struct options *options, struct job *job,
		       struct error *err)
{
	hs_auto_free char *offer = tell_holder(job);
	int status;

	if (!offer && !options->resume)
		offer = cli_resume_offer(job);

	if (wants_plain(options)) {
		scr_keep_terminal();
		if (offer)
			printf("%s.\n", offer);
		return cli_plain_run(options, job, err);
	}
	status = run_screens(options, job, offer, err);
	if (status != SCR_NO_TERMINAL)
		return status;
	cli_print_error(err);
	fputs(_("https-setup: asking line by line instead\n"), stderr);
	scr_keep_terminal();
	*err = (struct error){0};
	return cli_plain_run(options, job, err);
}

int cli_wizard_run(struct options *options, struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;
	int status;

	if (options->resume &&
	    cli_resume_load(options, &options->settings, err))
		return (int)err->code;
	if (cli_session_open(options, &job, err))
		return (int)err->code;
	if (cli_session_recover(&job, err)) {
		hs_auto_free char *holder = tell_holder(&job);

		if (!holder)
			return (int)err->code;
		*err = (struct error){0};
	}
	if (cli_settle_waiting(&job, &status, err))
		return status;
	status = cli_wizard_run_job(options, &job, err);
	cli_resume_end(&job, status, options->resume);
	return status;
}
