#include "tui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "tui/terminal.h"
#include "tui/text.h"

/* Signals come in here. */
static int signal_pipe[2] = {-1, -1};

/* Those that end the wizard or change its screen: noticed in its own time. */
static const int polite[] = {SIGWINCH, SIGTSTP, SIGHUP,
			     SIGTERM,  SIGINT,	SIGQUIT};
/* Those after which nothing can be relied on. */
static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS};

static struct sigaction old_polite[TUI_LENGTH(polite)];
static struct sigaction old_fatal[TUI_LENGTH(fatal)];
static struct sigaction old_pipe;
static sigset_t heard; /* those that ended the wizard */

static void note_signal(int number)
{
	int saved = errno;
	char byte = (char)number;
	/* A full pipe means signals are waiting already. */
	ssize_t ignored = write(signal_pipe[1], &byte, 1);

	(void)ignored;
	errno = saved;
}

static void crash(int number)
{
	tui_rescue();
	/* The handler was reset to the default on the way in. */
	raise(number);
}

void tui_signals_catch(void)
{
	struct sigaction noted = {.sa_handler = note_signal};
	struct sigaction crashed = {.sa_handler = crash,
				    .sa_flags = (int)SA_RESETHAND};
	struct sigaction ignored = {.sa_handler = SIG_IGN};

	sigaction(SIGPIPE, &ignored, NULL);
	for (size_t i = 0; i < TUI_LENGTH(polite); i++)
		/* nohup and the like want a signal ignored: leave it so. */
		if (old_polite[i].sa_handler != SIG_IGN)
			sigaction(polite[i], &noted, NULL);
	for (size_t i = 0; i < TUI_LENGTH(fatal); i++)
		sigaction(fatal[i], &crashed, NULL);
}

int tui_signals_prepare(void)
{
	sigemptyset(&heard);
	if (signal_pipe[0] < 0 && pipe2(signal_pipe, O_NONBLOCK | O_CLOEXEC))
		return -1;
	sigaction(SIGPIPE, NULL, &old_pipe);
	for (size_t i = 0; i < TUI_LENGTH(polite); i++)
		sigaction(polite[i], NULL, &old_polite[i]);
	for (size_t i = 0; i < TUI_LENGTH(fatal); i++)
		sigaction(fatal[i], NULL, &old_fatal[i]);
	return 0;
}

void tui_signals_release(void)
{
	sigaction(SIGPIPE, &old_pipe, NULL);
	/* Whoever sent one to end this may send it to the whole group as well:
	 * the second must not cut short what the first began. */
	for (size_t i = 0; i < TUI_LENGTH(polite); i++)
		if (!sigismember(&heard, polite[i]))
			sigaction(polite[i], &old_polite[i], NULL);
	for (size_t i = 0; i < TUI_LENGTH(fatal); i++)
		sigaction(fatal[i], &old_fatal[i], NULL);
}

int tui_signal_fd(void)
{
	return signal_pipe[0];
}

int tui_signal_taken(void)
{
	char byte;

	if (read(signal_pipe[0], &byte, 1) != 1)
		return 0;
	if (byte != SIGWINCH && byte != SIGTSTP)
		sigaddset(&heard, byte);
	return byte;
}
