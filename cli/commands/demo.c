#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/commands/demo_site.h"
#include "cli/face.h"
#include "cli/plain/prompt.h"
#include "cli/results/output.h"
#include "cli/results/probes.h"
#include "cli/session.h"
#include "cli/work.h"
#include "core/base/i18n.h"

/* Answers a question unless a flag has. */
static int answer(struct settings *settings, const char *id, const char *text,
		  struct error *err)
{
	const struct question *question = hs_question_by_id(id);

	if (hs_question_is_answered(question, settings))
		return 0;
	return hs_question_answer(question, settings, text, ORIGIN_ANSWERS,
				  "the demo", err);
}

static int answer_all(const struct demo_site *site, struct settings *settings,
		      struct error *err)
{
	hs_auto_free char *port = hs_format("%d", site->https_port);
	const struct {
		const char *id, *text;
	} answers[] = {
		{"server", "nginx"},
		{"server-config", site->config},
		{"server-binary", site->nginx},
		{"certificate.file", site->certificate},
		{"certificate.passphrase", DEMO_PASSPHRASE},
		{"bindings.https-port", port},
		{"redirect.enabled", "yes"},
		{"hsts.enabled", "yes"},
		{"firewall.backend", "none"},
	};

	for (size_t i = 0; i < HS_LENGTH(answers); i++)
		if (answer(settings, answers[i].id, answers[i].text, err))
			return -1;
	return 0;
}

static void point_at(const struct demo_site *site, struct job_options *options)
{
	options->state_dir = site->state;
	options->cert_dir = site->certificates;
	options->ca = site->ca;
}

/* Applies without a question and shows what was seen. */
static int run_unattended(const struct options *options, struct job *job,
			  struct error *err)
{
	struct apply_face face = {stdout, false, false};
	struct job_outcome outcome = {0};
	bool ok, verified;
	int status;

	if (cli_session_look(options, job, err) ||
	    cli_session_plan(job, JOB_ENABLE, NULL, &ok, err))
		return (int)err->code;
	cli_print_findings(&job->findings, stdout);
	if (!ok)
		return HS_REFUSED;
	job->settings.confirm_within = 0;
	cli_print_plan(&job->plan, stdout);
	putchar('\n');
	status = cli_apply(job, &face, &outcome, err);
	cli_print_probes(&job->facts.probes);
	cli_print_findings(&outcome.live, stdout);
	verified = outcome.verified;
	hs_job_outcome_done(&outcome);
	if (status)
		return status;
	if (verified)
		puts("verified");
	else
		hs_fail(err, HS_FAILED, "the demo's site is not right");
	return (int)err->code;
}

/* The demo proper, in a process of its own. */
static int run_on(const struct demo_site *site, struct options *options,
		  struct error *err)
{
	cli_auto_job struct job job = CLI_JOB_NONE;

	point_at(site, &options->job);
	if (answer_all(site, &options->settings, err) ||
	    cli_session_open(options, &job, err))
		return (int)err->code;
	if (options->unattended)
		return run_unattended(options, &job, err);
	return cli_wizard_run_job(options, &job, err);
}

/* Hands a signal on that was sent to this process alone; what comes from the
 * terminal has reached the other one as well. */
static void hand_on(pid_t child, const siginfo_t *info)
{
	if (info->si_code <= 0)
		kill(child, info->si_signo);
}

/* Waits for the child whatever happens, so that cleaning up is never cut
 * short. Returns its exit status as the shell counts it. */
static int wait_for(pid_t child)
{
	sigset_t set;
	siginfo_t info;
	int status;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGTERM);
	while (waitpid(child, &status, WNOHANG) != child) {
		if (sigwaitinfo(&set, &info) >= 0 && info.si_signo != SIGCHLD)
			hand_on(child, &info);
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

static void hold_child_signal(bool hold)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

/* Runs the demo on the site to its end and exits: cleaning up is left to the
 * process that waits. */
static void be_demo(const struct demo_site *site, struct options *options)
{
	struct error err = {0};
	int status;

	hold_child_signal(false);
	cli_signals_release();
	status = run_on(site, options, &err);
	cli_print_error(&err);
	fflush(NULL);
	_exit(status);
}

int cli_demo_run(struct options *options, struct error *err)
{
	struct demo_site site;
	int status = HS_CANNOT;
	pid_t child;

	cli_signals_hold();
	hold_child_signal(true);
	if (cli_demo_site_open(&site, err))
		return (int)err->code;
	printf(_("The demo is http://%s:%d/ on a private nginx below %s.\n"),
	       DEMO_NAME, site.http_port, site.directory);
	fflush(NULL);
	child = fork();
	if (!child)
		be_demo(&site, options);
	if (child > 0)
		status = wait_for(child);
	else
		hs_fail_errno(err, HS_CANNOT, "the demo");
	cli_demo_site_close(&site);
	hold_child_signal(false);
	cli_signals_release();
	return status;
}
