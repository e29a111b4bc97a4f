#include "cli/await.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/plain/prompt.h"
#include "cli/results/output.h"
#include "core/base/i18n.h"

#define LOOK_MS 200 /* between looks at what others have decided */

struct waiting {
	struct job *job;
	struct job_outcome *outcome;
	FILE *to;      /* what is said */
	bool has_user; /* who may answer here */
	bool may_keep; /* and keep it here */
	bool counts;   /* seconds, on a terminal */
	int shown;     /* seconds that stand there */
	int signals;   /* signalfd */
};

/* How one look ended. */
enum look { LOOK_ON, LOOK_KEEP, LOOK_BACK, LOOK_SIGNAL };

static void put_question(const struct waiting *waiting)
{
	if (waiting->has_user && waiting->may_keep)
		cli_prompt(waiting->to, _("Keep it? (yes or no), default no:"));
	else if (waiting->has_user)
		fprintf(waiting->to, "%s\n", _("Enter takes it back at once."));
	fflush(waiting->to);
}

static void tell_way(const struct waiting *waiting, int seconds)
{
	fprintf(waiting->to,
		waiting->may_keep
			? _("Undone by itself in %d s unless it is kept: "
			    "https-setup confirm %s\n")
			: _("Undone by itself in %d s unless it is kept from a "
			    "NEW login: https-setup confirm %s\n"),
		seconds, waiting->outcome->code);
	put_question(waiting);
}

static void count_down(struct waiting *waiting, int left)
{
	if (!waiting->counts || left == waiting->shown)
		return;
	waiting->shown = left;
	fprintf(stderr, "\r%d:%02d ", left / 60, left % 60);
}

/* The terminal is gone, the change is not: it can still be kept from a new
 * login until its time is over. */
static void let_go_of_terminal(struct waiting *waiting)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd < 3 && null >= 0; fd++)
		if (isatty(fd) || waiting->has_user)
			dup2(null, fd);
	hs_cleanup_close(&null);
	waiting->has_user = waiting->counts = false;
}

static bool is_yes(const struct waiting *waiting, const char *text)
{
	return cli_is_yes(text) || !strcmp(text, waiting->outcome->code);
}

/* What is no answer is asked again: it may have been meant otherwise. */
static enum look ask_again(const struct waiting *waiting, const char *text)
{
	fprintf(waiting->to, "%s\n",
		!strcmp(text, "?")
			? _("Look whether the site answers as it should. With "
			    "yes the change stays; with no, and when the time "
			    "is over, every file is put back.")
			: _("Error: the answer is yes or no"));
	put_question(waiting);
	return LOOK_ON;
}

/* What somebody typed. */
static enum look take_line(struct waiting *waiting)
{
	hs_auto_str struct str line = {0};
	const char *text;
	struct error err = {0};

	if (cli_read_line(&line)) {
		if (!isatty(STDIN_FILENO) && waiting->may_keep)
			return LOOK_BACK;
		let_go_of_terminal(waiting);
		return LOOK_ON;
	}
	text = hs_str_text(&line);
	if (cli_is_no(text))
		return LOOK_BACK;
	if (!is_yes(waiting, text))
		return ask_again(waiting, text);
	if (waiting->may_keep)
		return LOOK_KEEP;
	if (hs_job_may_keep(waiting->job, &err))
		cli_print_error(&err);
	return LOOK_ON;
}

static enum look take_signal(struct waiting *waiting, int *ret_signal)
{
	struct signalfd_siginfo info;

	if (read(waiting->signals, &info, sizeof(info)) != sizeof(info))
		return LOOK_ON;
	*ret_signal = (int)info.ssi_signo;
	if (*ret_signal != SIGHUP)
		return LOOK_SIGNAL;
	let_go_of_terminal(waiting);
	return LOOK_ON;
}

static enum look look(struct waiting *waiting, int *ret_signal)
{
	struct pollfd polls[] = {
		{.fd = waiting->signals, .events = POLLIN},
		{.fd = waiting->has_user ? STDIN_FILENO : -1, .events = POLLIN},
	};

	if (poll(polls, HS_LENGTH(polls), LOOK_MS) <= 0)
		return LOOK_ON;
	if (polls[0].revents)
		return take_signal(waiting, ret_signal);
	return polls[1].revents ? take_line(waiting) : LOOK_ON;
}

/* Somebody else ended it. */
static int tell_end(const struct job_outcome *outcome, struct error *err)
{
	const char *by = outcome->ended_by ? outcome->ended_by : "somebody";

	if (outcome->state == TX_COMMITTED)
		return 0;
	if (outcome->state != TX_ROLLED_BACK) {
		hs_fail(err, HS_CONFLICT,
			"%s took it back, but not everything could be", by);
		hs_error_hint(err, "see https-setup history");
		return HS_CONFLICT;
	}
	if (outcome->why == WHY_REVERTED)
		hs_fail(err, HS_REVERTED,
			"taken back by %s; everything was "
			"taken back",
			by);
	else
		hs_fail(err, HS_REVERTED, "%s; everything was taken back",
			"not confirmed in time");
	return HS_REVERTED;
}

static int take_back(struct waiting *waiting, enum why why, const char *reason,
		     struct error *err)
{
	struct job_outcome *outcome = waiting->outcome;

	if (hs_job_take_back(waiting->job, why, outcome, err))
		return (int)err->code;
	if (outcome->state == TX_COMMITTED)
		return 0; /* somebody was faster */
	hs_fail(err, HS_REVERTED, "%s; everything was taken back", reason);
	return HS_REVERTED;
}

static int end(struct waiting *waiting, enum look look, int number,
	       struct error *err)
{
	int status;

	if (look == LOOK_KEEP)
		return hs_job_keep(waiting->job, waiting->outcome, err)
			       ? (int)err->code
			       : 0;
	if (look == LOOK_BACK)
		return take_back(waiting, WHY_REVERTED, _("not kept"), err);
	status = take_back(waiting, WHY_REVERTED, _("ended by a signal"), err);
	return status == HS_CONFLICT ? status : 128 + number;
}

static int wait_on(struct waiting *waiting, struct error *err)
{
	int left, number = 0;

	while (hs_job_still_waits(waiting->job, waiting->outcome, &left)) {
		enum look seen;

		count_down(waiting, left);
		seen = look(waiting, &number);
		if (seen != LOOK_ON)
			return end(waiting, seen, number, err);
	}
	if (!waiting->job->waiting)
		return tell_end(waiting->outcome, err);
	return take_back(waiting, WHY_EXPIRED, _("not confirmed in time"), err);
}

static int open_signals(void)
{
	static const int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < HS_LENGTH(ending); i++)
		sigaddset(&set, ending[i]);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int cli_await(struct job *job, const struct apply_face *face,
	      struct job_outcome *outcome, struct error *err)
{
	struct waiting waiting = {
		.job = job,
		.outcome = outcome,
		.to = face->to ? face->to : stderr,
		.has_user = face->has_user,
		.may_keep = !hs_job_may_keep(job, NULL),
		.counts = !face->has_user && isatty(STDERR_FILENO),
		.shown = -1,
		.signals = open_signals(),
	};
	int status;

	tell_way(&waiting, job->settings.confirm_within);
	status = wait_on(&waiting, err);
	/* Where nothing is echoed, the answer ended no line. */
	if (face->to && waiting.has_user && (status || !isatty(STDIN_FILENO)))
		putc('\n', face->to);
	if (waiting.counts)
		putc('\n', stderr);
	hs_cleanup_close(&waiting.signals);
	return status;
}
