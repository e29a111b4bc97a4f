#include "cli/plain/prompt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"

static const int ending_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

static sigset_t ending_set(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < HS_LENGTH(ending_signals); i++)
		sigaddset(&set, ending_signals[i]);
	return set;
}

/* While echo is off: the signals that may come are let in only here, so that
 * none comes between two reads and waits for the next key. */
static const sigset_t *let_in;
static volatile sig_atomic_t caught; /* the one that came */

/* One byte of standard input; 0 at its end, -1 after a signal. */
static int read_byte(char *ret_byte)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	ssize_t n;

	if (let_in && ppoll(&input, 1, NULL, let_in) < 0)
		return -1;
	/* The terminal is gone; the signal that says so may come later. */
	if (let_in && input.revents & POLLHUP)
		caught = SIGHUP;
	n = read(STDIN_FILENO, ret_byte, 1);
	return n < 0 && errno != EINTR ? 0 : (int)n;
}

int cli_read_line(struct str *ret_line)
{
	char byte;

	hs_str_clear(ret_line);
	while (ret_line->len < PROMPT_LINE_MAX) {
		if (read_byte(&byte) <= 0)
			return -1;
		if (byte == '\n')
			break;
		hs_str_putc(ret_line, byte);
	}
	if (ret_line->len == PROMPT_LINE_MAX)
		return -1;
	if (ret_line->len && ret_line->data[ret_line->len - 1] == '\r')
		ret_line->data[--ret_line->len] = '\0';
	return 0;
}

void cli_wipe(struct str *secret)
{
	if (secret->data)
		explicit_bzero(secret->data, secret->cap);
	hs_str_clear(secret);
}

static void catch_signal(int number)
{
	caught = number;
}

/* Lets signals interrupt the read instead of ending the program at once. */
static void swap_handlers(struct sigaction *saved, bool put_back)
{
	struct sigaction ours = {.sa_handler = catch_signal};

	for (size_t i = 0; i < HS_LENGTH(ending_signals); i++)
		sigaction(ending_signals[i], put_back ? &saved[i] : &ours,
			  put_back ? NULL : &saved[i]);
}

/* Room at once: growing would leave copies behind. */
static void make_room(struct str *secret, size_t size)
{
	hs_str_done(secret);
	secret->data = hs_alloc(size);
	secret->cap = size;
}

/* Reads without echo, and without the kinds of line editing in `also`. */
static int read_unseen(tcflag_t also, int (*read_it)(struct str *ret_text),
		       struct str *ret_text)
{
	struct sigaction saved[HS_LENGTH(ending_signals)];
	struct termios before, quiet;
	sigset_t ending = ending_set(), mask;
	int failed;

	if (tcgetattr(STDIN_FILENO, &before))
		return read_it(ret_text);
	caught = 0;
	sigprocmask(SIG_BLOCK, &ending, &mask);
	swap_handlers(saved, false);
	let_in = &mask;
	quiet = before;
	quiet.c_lflag &= ~(ECHO | ECHONL | also);
	tcsetattr(STDIN_FILENO, also ? TCSADRAIN : TCSAFLUSH, &quiet);
	failed = read_it(ret_text);
	tcsetattr(STDIN_FILENO, also ? TCSADRAIN : TCSAFLUSH, &before);
	let_in = NULL;
	swap_handlers(saved, true);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (caught)
		raise(caught);
	return failed;
}

int cli_read_secret(struct str *ret_line)
{
	make_room(ret_line, PROMPT_LINE_MAX + 1);
	return read_unseen(0, cli_read_line, ret_line);
}

/* Whether the text ends with a line that is a dot. */
static bool ends_with_dot(const struct str *text)
{
	size_t end = text->len - 1; /* of that line, without its end */

	if (end && text->data[end - 1] == '\r')
		end--;
	return end && text->data[end - 1] == '.' &&
	       (end == 1 || text->data[end - 2] == '\n');
}

static int read_to_dot(struct str *ret_text)
{
	char byte;

	while (ret_text->len < PROMPT_PASTE_MAX) {
		if (read_byte(&byte) <= 0)
			return -1;
		hs_str_putc(ret_text, byte);
		if (byte == '\n' && ends_with_dot(ret_text))
			return 0;
	}
	return -1;
}

/* The dot stays at the end: readers of PEM skip what is between blocks. */
int cli_read_paste(struct str *ret_text)
{
	make_room(ret_text, PROMPT_PASTE_MAX + 1);
	return read_unseen(ICANON, read_to_dot, ret_text);
}

void cli_prompt(FILE *to, const char *question)
{
	fprintf(to, "%s ", question);
	fflush(to);
}

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcasecmp(text, words[i]))
			return true;
	return false;
}

bool cli_is_yes(const char *text)
{
	static const char *const words[] = {"y", "yes"};

	return is_one_of(text, words, HS_LENGTH(words));
}

bool cli_is_no(const char *text)
{
	static const char *const words[] = {"", "n", "no", "q", "quit"};

	return is_one_of(text, words, HS_LENGTH(words));
}

int cli_ask_yes(FILE *to, const char *question)
{
	hs_auto_free char *prompt =
		hs_format(_("%s (yes or no), default no:"), question);
	hs_auto_str struct str line = {0};

	for (;;) {
		cli_prompt(to, prompt);
		if (cli_read_line(&line)) {
			putc('\n', to);
			return -1;
		}
		if (cli_is_yes(hs_str_text(&line)))
			return 1;
		if (cli_is_no(hs_str_text(&line)))
			return 0;
		fprintf(to, "%s\n", _("Error: the answer is yes or no"));
	}
}

void cli_signals_hold(void)
{
	sigset_t set = ending_set();

	sigprocmask(SIG_BLOCK, &set, NULL);
}

void cli_signals_forget(void)
{
	const struct timespec now = {0};
	sigset_t set = ending_set();

	while (sigtimedwait(&set, NULL, &now) > 0)
		;
}

void cli_signals_release(void)
{
	sigset_t set = ending_set();

	sigprocmask(SIG_UNBLOCK, &set, NULL);
}
