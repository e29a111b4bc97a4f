#include "tui/keeper.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tui/terminal.h"
#include "tui/text.h"

static struct termios before;
static pid_t keeper; /* 0: there is none */

/* What is for the child, and the news of it. */
static const int waited_for[] = {SIGHUP,  SIGINT,   SIGQUIT, SIGTERM,
				 SIGTSTP, SIGWINCH, SIGCHLD};

static sigset_t block_signals(void)
{
	sigset_t set, old;

	sigemptyset(&set);
	for (size_t i = 0; i < TUI_LENGTH(waited_for); i++)
		sigaddset(&set, waited_for[i]);
	sigprocmask(SIG_BLOCK, &set, &old);
	return old;
}

/* What keys send has reached the child as well; that the terminal hung up is
 * told to the first process on it alone. */
static bool is_for_child(const siginfo_t *info)
{
	return info->si_signo == SIGHUP ||
	       (info->si_signo != SIGCHLD && info->si_code <= 0);
}

static void hand_on(pid_t child)
{
	sigset_t set;
	siginfo_t info;

	sigemptyset(&set);
	for (size_t i = 0; i < TUI_LENGTH(waited_for); i++)
		sigaddset(&set, waited_for[i]);
	if (sigwaitinfo(&set, &info) > 0 && is_for_child(&info))
		kill(child, info.si_signo);
}

/* The shell takes the terminal when this process has stopped, too. */
static void stop_with(pid_t child)
{
	raise(SIGSTOP);
	kill(child, SIGCONT);
}

/* Returns how the child ended. */
static int wait_for(pid_t child)
{
	int status;

	for (;;) {
		pid_t changed = waitpid(child, &status, WNOHANG | WUNTRACED);

		if (changed == child && !WIFSTOPPED(status))
			return status;
		if (changed == child)
			stop_with(child);
		else
			hand_on(child);
	}
}

static _Noreturn void keep(pid_t child, void (*mourn)(int number))
{
	int status;

	/* What is open or locked is the child's. */
	syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
	status = wait_for(child);
	tui_rescue();
	if (!WIFSIGNALED(status))
		_exit(WEXITSTATUS(status));
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	mourn(WTERMSIG(status));
	fflush(NULL);
	_exit(128 + WTERMSIG(status));
}

bool tui_keeper_start(void (*mourn)(int number))
{
	sigset_t old;
	pid_t child;

	if (!tui_share_rescue(&before))
		return false;
	old = block_signals();
	keeper = getpid();
	child = fork();
	if (child > 0)
		keep(child, mourn);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (child < 0) {
		keeper = 0;
		return false;
	}
	prctl(PR_SET_PDEATHSIG, SIGHUP);
	if (tui_keeper_is_gone())
		raise(SIGHUP);
	return true;
}

bool tui_keeper_is_gone(void)
{
	return keeper && getppid() != keeper;
}
