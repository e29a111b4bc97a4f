#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/elsewhere.h"
#include "cli/face.h"
#include "cli/plain/doctor.h"
#include "cli/plain/interview.h"
#include "cli/plain/plan.h"
#include "cli/plain/say.h"
#include "cli/results/output.h"
#include "cli/resume.h"
#include "cli/session.h"
#include "cli/work.h"
#include "core/base/i18n.h"

enum { KEEP_WITHIN = 120 };

/* What goes on between the face and who hears it. */
struct talk {
	const struct options *options;
	struct job *job;
	struct interview interview;
	int status; /* to end with */
};

/* Which step to go to */

static void list_steps(const struct job *job, struct choice *ret_choices)
{
	size_t n = 0;

	for (enum step step = STEP_SERVER; step < STEP_REVIEW; step++)
		if (hs_step_is_there(step, &job->settings))
			ret_choices[n++] =
				(struct choice){hs_step_title(step), NULL};
	ret_choices[n] = (struct choice){NULL, NULL};
}

/* Its answer: *ret_step. */
static enum reply ask_step(const struct job *job, enum step *ret_step)
{
	struct choice steps[STEP_MAX];
	const struct question question = {
		.label = N_("Which step"),
		.values = N_("the number or the name of a step"),
		.help = N_("Where something is to be answered otherwise."),
		.kind = QUESTION_WORD,
		.choices = steps,
	};
	hs_auto_str struct str title = {0};
	enum reply reply;

	list_steps(job, steps);
	reply = cli_plain_ask_own(&question, "", &title);
	for (enum step step = STEP_SERVER; step < STEP_REVIEW; step++)
		if (!strcmp(hs_str_text(&title), hs_step_title(step)))
			*ret_step = step;
	return reply;
}

/* What it is about */

static const struct choice aims[] = {
	{"basics", N_("set up HTTPS, asked for what matters")},
	{"all", N_("set up HTTPS, asked for all there is to set")},
	{"look", N_("look at the live site first, as browsers see it")},
	{NULL, NULL},
};

static const struct question aim_question = {
	.label = N_("What to do"),
	.values = N_("basics, all or look"),
	.help = N_("With basics, what is not asked for gets the default that "
		   "fits most sites. With all, addresses, TLS versions, the "
		   "redirect's code, preloading and the firewall are asked for "
		   "as well. Look tells what is wrong with the site as it is "
		   "now, and changes nothing."),
	.kind = QUESTION_WORD,
	.choices = aims,
};

/* After a look: where what was seen is cured. */
static enum reply look(struct talk *talk)
{
	enum step step = STEP_SERVER;
	enum reply reply = cli_plain_doctor(talk->job);

	if (reply == REPLY_NEXT)
		reply = ask_step(talk->job, &step);
	if (reply == REPLY_NEXT)
		cli_interview_go(&talk->interview, step);
	return reply;
}

static enum reply ask_aim(struct talk *talk)
{
	for (;;) {
		hs_auto_str struct str word = {0};
		enum reply reply =
			cli_plain_ask_own(&aim_question, aims[0].word, &word);
		const char *text = hs_str_text(&word);

		if (reply == REPLY_NEXT && !strcmp(text, "look"))
			reply = look(talk);
		else if (reply == REPLY_NEXT)
			talk->interview.details = !strcmp(text, "all");
		else if (reply == REPLY_BACK)
			puts(_("This is the first question."));
		if (reply != REPLY_BACK)
			return reply;
	}
}

/* Review */

static enum reply be_quit(struct talk *talk)
{
	(void)talk;
	return REPLY_QUIT;
}

static enum reply agree(struct talk *talk)
{
	(void)talk;
	return REPLY_NEXT;
}

static enum reply tell_details(struct talk *talk)
{
	cli_plain_plan(&talk->job->plan, true);
	putchar('\n');
	return REPLY_AGAIN;
}

static enum reply change(struct talk *talk)
{
	enum step step = STEP_SERVER;
	enum reply reply = ask_step(talk->job, &step);

	if (reply == REPLY_BACK)
		return REPLY_AGAIN;
	if (reply != REPLY_NEXT)
		return reply;
	cli_interview_change(&talk->interview, step);
	return REPLY_BACK;
}

static enum reply save_answers(struct talk *talk)
{
	const struct settings *settings = &talk->job->settings;
	const char *path = talk->options->save_answers;
	hs_auto_free char *usual = NULL;
	struct error err = {0};

	if (!path)
		path = usual = hs_format("%s.xml", settings->name);
	if (cli_answers_save(talk->job, path, &err)) {
		cli_plain_error(&err);
		return REPLY_AGAIN;
	}
	cli_print_line(stdout, _("Saved without secrets: %s"), path);
	if (settings->certificate_text)
		puts(_("What was pasted is not in it: keep that in a file, and "
		       "add --cert FILE."));
	return REPLY_AGAIN;
}

static const struct choice verdicts[] = {
	{"no", N_("nothing is written")},
	{"yes", N_("apply it")},
	{"details", N_("hear what every new file holds, then be asked again")},
	{"change", N_("go to a step and answer otherwise")},
	{"save", N_("write the answers to a file, then be asked again")},
	{NULL, NULL},
};

/* What follows from each of them. */
static enum reply (*const verdict_acts[])(struct talk *talk) = {
	be_quit, agree, tell_details, change, save_answers,
};

static const struct question verdict_question = {
	.label = N_("Apply this"),
	.values = N_("yes, no, details, change or save"),
	.help = N_(
		"With yes all of it is done as one: if anything fails, every "
		"file is put back."),
	.kind = QUESTION_WORD,
	.choices = verdicts,
};

static enum reply take_verdict(struct talk *talk, const char *word)
{
	size_t i = 0;

	while (strcmp(verdicts[i].word, word) != 0)
		i++;
	return verdict_acts[i](talk);
}

/* REPLY_NEXT: agreed; REPLY_BACK: there is something to ask again. */
static enum reply ask_verdict(struct talk *talk)
{
	enum reply reply;

	do {
		hs_auto_str struct str word = {0};

		reply = cli_plain_ask_own(&verdict_question, "no", &word);
		if (reply == REPLY_NEXT)
			reply = take_verdict(talk, hs_str_text(&word));
		else if (reply == REPLY_BACK)
			(void)cli_interview_back(&talk->interview);
	} while (reply == REPLY_AGAIN);
	return reply;
}

/* Nothing can be written as it is; another answer may help. */
static enum reply tell_refused(struct talk *talk)
{
	enum reply reply;

	cli_plain_tell(&talk->job->findings, SEVERITY_WARNING);
	puts(_("Error: nothing can be written while this stands."));
	talk->status = HS_REFUSED;
	reply = change(talk);
	if (reply != REPLY_AGAIN)
		return reply;
	(void)cli_interview_back(&talk->interview);
	return REPLY_BACK;
}

/* Shows the plan and asks about it. */
static enum reply review(struct talk *talk, struct error *err)
{
	struct job *job = talk->job;
	bool ok;

	talk->status = HS_OK;
	cli_interview_announce(&talk->interview, STEP_REVIEW);
	if (cli_session_plan(job, JOB_ENABLE, NULL, &ok, err))
		return REPLY_FAILED;
	if (!ok)
		return tell_refused(talk);
	cli_plain_tell(&job->findings, SEVERITY_WARNING);
	cli_plain_plan(&job->plan, false);
	if (hs_plan_is_empty(&job->plan))
		return REPLY_DONE;
	putchar('\n');
	return ask_verdict(talk);
}

/* Applying */

/* Applies what was agreed to and tells how it went. */
static int carry_out(struct talk *talk, struct error *err)
{
	const struct options *options = talk->options;
	struct job *job = talk->job;
	struct apply_face face = {stdout, true, true};
	struct job_outcome outcome = {0};
	int status;

	if (hs_settings_origin(&job->settings, "apply.confirm-within") <
	    ORIGIN_ANSWERS)
		job->settings.confirm_within = KEEP_WITHIN;
	cli_interview_announce(&talk->interview, STEP_APPLY);
	status = cli_apply(job, &face, &outcome, err);
	cli_plain_tell(&outcome.live, SEVERITY_OK);
	if (!status) {
		cli_interview_announce(&talk->interview, STEP_DONE);
		cli_print_summary(job, &outcome, stdout);
		cli_print_elsewhere(job, stdout);
	}
	cli_print_conflicts(&outcome.conflicts, stdout);
	if (!status && options->save_answers &&
	    cli_answers_save(job, options->save_answers, err))
		status = (int)err->code;
	hs_job_outcome_done(&outcome);
	if (!status && cli_offer_elsewhere(job, true, stdout, err))
		status = (int)err->code;
	return status;
}

/* Asks and shows the plan, until it is agreed to.  REPLY_BACK: from the first
 * question. */
static enum reply agree_on_plan(struct talk *talk, struct error *err)
{
	enum reply reply;

	do {
		reply = cli_interview_run(&talk->interview, err);
		if (reply != REPLY_NEXT)
			return reply;
		reply = review(talk, err);
	} while (reply == REPLY_BACK);
	return reply;
}

static enum reply converse(struct talk *talk, struct error *err)
{
	enum reply reply;

	do {
		reply = ask_aim(talk);
		if (reply == REPLY_NEXT && talk->options->resume)
			cli_interview_go(&talk->interview,
					 cli_resume_step(talk->job));
		if (reply == REPLY_NEXT)
			reply = agree_on_plan(talk, err);
		/* its first step is named again */
		if (reply == REPLY_BACK)
			cli_interview_go(&talk->interview, STEP_SERVER);
	} while (reply == REPLY_BACK);
	return reply;
}

static int end(const struct talk *talk, enum reply reply, struct error *err)
{
	if (reply == REPLY_FAILED)
		return (int)err->code;
	if (reply == REPLY_DONE || talk->status)
		return talk->status;
	hs_fail(err, HS_CANNOT, "%s",
		reply == REPLY_END ? _("the input ended; nothing was written")
				   : _("left; nothing was written"));
	return (int)err->code;
}

/* What failed is said here, with its word first; not that somebody left. */
static int tell_failure(enum reply reply, int status, struct error *err)
{
	if (err->code && (reply == REPLY_NEXT || reply == REPLY_FAILED)) {
		cli_plain_error(err);
		*err = (struct error){0};
	}
	return status;
}

int cli_plain_run(const struct options *options, struct job *job,
		  struct error *err)
{
	struct talk talk = {.options = options, .job = job};
	enum reply reply;
	int status;

	cli_output_uncolour();
	puts(_("https-setup: from HTTP to verified HTTPS. Nothing is written "
	       "before you agree to the plan.\n"
	       "At each question ? explains it, < goes back, q quits."));
	if (hs_job_look(job, err) || cli_session_read(job, err))
		return (int)err->code;
	hs_job_judge(job);
	if (options->resume)
		puts(_("The answers of the wizard that was cut off are kept."));
	cli_interview_begin(&talk.interview, job);
	reply = converse(&talk, err);
	status = reply == REPLY_NEXT ? carry_out(&talk, err)
				     : end(&talk, reply, err);
	cli_interview_done(&talk.interview);
	return tell_failure(reply, status, err);
}
