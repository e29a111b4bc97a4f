#include "tui/input.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tui/decode.h"
#include "tui/signals.h"
#include "tui/terminal.h"
#include "tui/text.h"

/* A paste that stalls this long has lost its end. */
#define PASTE_PATIENCE_MS 2000
/* Armour typed by a terminal goes on after a pause as short as this. */
#define TYPED_PATIENCE_MS 100
/* Events given back that are kept; a hand types no more in that time. */
#define RETURNED_MAX 64
/* Resizes that come closer together than this are drawn once. */
#define RESIZE_PATIENCE_MS 20

static struct {
	struct tui_decoder decoder;
	struct tui_event returned[RETURNED_MAX]; /* the first is next */
	size_t returned_n;
} input;

void tui_input_start(void)
{
	static const struct {
		const char *capability;
		enum tui_kind kind;
	} keys[] = {
		{"kcuu1", TUI_UP},     {"kcud1", TUI_DOWN},
		{"kcub1", TUI_LEFT},   {"kcuf1", TUI_RIGHT},
		{"khome", TUI_HOME},   {"kend", TUI_END},
		{"kpp", TUI_PAGE_UP},  {"knp", TUI_PAGE_DOWN},
		{"kdch1", TUI_DELETE}, {"kcbt", TUI_BACKTAB},
		{"kf1", TUI_F1},       {"kf2", TUI_F1 + 1},
		{"kf3", TUI_F1 + 2},   {"kf4", TUI_F1 + 3},
		{"kf5", TUI_F1 + 4},   {"kf6", TUI_F1 + 5},
		{"kf7", TUI_F1 + 6},   {"kf8", TUI_F1 + 7},
		{"kf9", TUI_F1 + 8},   {"kf10", TUI_F1 + 9},
		{"kent", TUI_ENTER},
	};

	input.decoder.mouse = tui_has_mouse();
	for (size_t i = 0; i < TUI_LENGTH(keys); i++) {
		char *bytes = tigetstr(keys[i].capability);

		if (bytes && bytes != (char *)-1)
			tui_decoder_learn(bytes, keys[i].kind);
	}
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What a signal means to the program; false when it means nothing. */
static bool take_signal(struct tui_event *event)
{
	int number = tui_signal_taken();

	if (!number)
		return false;
	*event = (struct tui_event){.kind = TUI_SIGNAL, .number = number};
	if (number == SIGTSTP)
		tui_suspend();
	if (number == SIGTSTP || number == SIGWINCH)
		event->kind = TUI_RESIZE;
	return true;
}

/* A window being dragged sends a storm of signals: drawn once. */
static void settle_size(void)
{
	struct pollfd pipe = {tui_signal_fd(), POLLIN, 0};
	struct tui_event event;

	while (poll(&pipe, 1, RESIZE_PATIENCE_MS) > 0) {
		if (!take_signal(&event))
			break;
		if (event.kind == TUI_SIGNAL) {
			tui_input_return(&event);
			break;
		}
	}
	tui_resized();
}

/* Reads what the terminal has; -1 when nobody is there any more. */
static int read_terminal(void)
{
	char bytes[4096];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (n > 0)
		tui_decoder_feed(&input.decoder, bytes, (size_t)n);
	explicit_bzero(bytes, sizeof(bytes));
	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		return -1;
	return 0;
}

/* How long to wait: what the caller allows, or less while a sequence is
 * under way. */
static int patience(long deadline)
{
	long left = deadline < 0 ? -1 : deadline - now_ms();
	int delay = tui_decoder_is_pasting(&input.decoder) ? PASTE_PATIENCE_MS
		    : input.decoder.typed		   ? TYPED_PATIENCE_MS
							   : tui_escape_delay();

	if (deadline >= 0 && left < 0)
		left = 0;
	return tui_decoder_waits(&input.decoder) ? delay : (int)left;
}

/* Waits once; true when `event` is set. */
static bool wait_once(struct tui_event *event, long deadline)
{
	struct pollfd sources[] = {{STDIN_FILENO, POLLIN, 0},
				   {tui_signal_fd(), POLLIN, 0}};
	int ready = poll(sources, TUI_LENGTH(sources), patience(deadline));

	if (ready > 0 && sources[1].revents && take_signal(event)) {
		if (event->kind == TUI_RESIZE)
			settle_size();
		return true;
	}
	if (ready > 0 && sources[0].revents && read_terminal()) {
		event->kind = TUI_HANGUP;
		return true;
	}
	if (ready != 0)
		return false;
	if (tui_decoder_waits(&input.decoder))
		return tui_decoder_next(&input.decoder, true, event);
	event->kind = TUI_IDLE;
	return true;
}

void tui_input_next(struct tui_event *ret_event, int timeout_ms)
{
	long deadline = timeout_ms < 0 ? -1 : now_ms() + timeout_ms;

	if (input.returned_n) {
		*ret_event = input.returned[0];
		input.returned_n--;
		memmove(input.returned, input.returned + 1,
			input.returned_n * sizeof(*input.returned));
		return;
	}
	*ret_event = (struct tui_event){0};
	while (!tui_decoder_next(&input.decoder, false, ret_event))
		if (wait_once(ret_event, deadline))
			return;
}

void tui_input_return(const struct tui_event *event)
{
	if (input.returned_n < RETURNED_MAX)
		input.returned[input.returned_n++] = *event;
	else
		free(event->text);
}

void tui_input_forget(void)
{
	size_t kept = 0;

	tui_drop_typed();
	tui_decoder_done(&input.decoder);
	for (size_t i = 0; i < input.returned_n; i++) {
		struct tui_event *event = &input.returned[i];

		/* Nobody typed a signal. */
		if (event->kind < TUI_PASTE)
			input.returned[kept++] = *event;
		else
			free(event->text);
	}
	input.returned_n = kept;
}

void tui_input_stop(void)
{
	tui_decoder_done(&input.decoder);
	while (input.returned_n)
		free(input.returned[--input.returned_n].text);
}
