#include "tui/terminal.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "tui/signals.h"
#include "tui/text.h"

/* Last, since it makes macros of words like `columns`. */
#include <term.h>

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

static struct {
	SCREEN *screen;
	bool drawing; /* between start and stop */
	bool ascii, color, paste;
	int cursor_line, cursor_column;
	struct termios modes; /* as they were */
	/* All that gives the terminal back, ready to be written by a signal
	 * handler. */
	char rescue[256];
	size_t rescue_length;
} terminal;

/* A string of the terminal's description; "" when it has none. */
static const char *capability(const char *name)
{
	char *text = tigetstr(name);

	return text && text != (char *)-1 ? text : "";
}

static void add_rescue(const char *sequence)
{
	size_t length = strlen(sequence);

	if (terminal.rescue_length + length > sizeof(terminal.rescue))
		return;
	memcpy(terminal.rescue + terminal.rescue_length, sequence, length);
	terminal.rescue_length += length;
}

static void prepare_rescue(void)
{
	terminal.rescue_length = 0;
	if (terminal.paste)
		add_rescue(PASTE_OFF);
	add_rescue(capability("sgr0"));
	add_rescue(capability("cnorm"));
	add_rescue(capability("rmcup"));
	add_rescue(capability("rmkx"));
	add_rescue("\r\n");
}

/* Old terminals may show what they do not know. */
static bool knows_paste(const char *name)
{
	static const char *const old[] = {"dumb", "vt1", "vt2", "vt5", "ansi"};

	for (size_t i = 0; i < TUI_LENGTH(old); i++)
		if (strncmp(name, old[i], strlen(old[i])) == 0)
			return false;
	return true;
}

static void send(const char *sequence)
{
	fflush(stdout);
	for (size_t left = strlen(sequence); left > 0;) {
		ssize_t sent = write(STDOUT_FILENO, sequence, left);

		if (sent <= 0 && errno != EINTR)
			return;
		if (sent > 0) {
			sequence += sent;
			left -= (size_t)sent;
		}
	}
}

static void set_colors(void)
{
	static const short pairs[] = {COLOR_GREEN, COLOR_CYAN, COLOR_YELLOW,
				      COLOR_RED};

	if (!terminal.color)
		return;
	start_color();
	use_default_colors();
	for (size_t i = 0; i < TUI_LENGTH(pairs); i++)
		init_pair((short)(i + 1), pairs[i], -1);
}

static void set_modes(void)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	meta(stdscr, TRUE);
	/* Waiting keys must not hold a picture back. */
	typeahead(-1);
	leaveok(stdscr, FALSE);
	idlok(stdscr, FALSE);
}

static bool wants_color(const struct tui_options *options)
{
	const char *no_color = getenv("NO_COLOR");

	return !options->no_color && !(no_color && *no_color) && has_colors();
}

static int refuse(char **ret_problem, const char *problem)
{
	*ret_problem = tui_strdup(problem);
	return -1;
}

/* Asked before anything is written or set. */
static bool can_draw(void)
{
	int unused;
	bool draws;

	if (setupterm(NULL, STDOUT_FILENO, &unused) != OK)
		return false;
	draws = *capability("cup");
	/* newterm() reads a description of its own. */
	del_curterm(cur_term);
	return draws;
}

static int refuse_unknown(char **ret_problem)
{
	*ret_problem = tui_format("the terminal \"%s\" (TERM) is not known "
				  "or cannot be drawn on",
				  getenv("TERM"));
	return -1;
}

static int open_screen(char **ret_problem)
{
	const char *name = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return refuse(ret_problem, "standard input and output are not "
					   "a terminal");
	if (!name || !*name)
		return refuse(ret_problem, "TERM is not set");
	if (!can_draw())
		return refuse_unknown(ret_problem);
	if (tcgetattr(STDIN_FILENO, &terminal.modes) || tui_signals_prepare())
		return refuse(ret_problem, strerror(errno));
	use_env(TRUE);
	use_tioctl(TRUE);
	terminal.screen = newterm(NULL, stdout, stdin);
	if (terminal.screen)
		return 0;
	tui_signals_release();
	return refuse_unknown(ret_problem);
}

int tui_start(const struct tui_options *options, char **ret_problem)
{
	if (open_screen(ret_problem))
		return -1;
	terminal.drawing = true;
	tui_signals_catch();
	terminal.ascii = options->ascii || !tui_is_utf8();
	terminal.color = wants_color(options);
	terminal.paste = knows_paste(getenv("TERM"));
	set_colors();
	set_modes();
	prepare_rescue();
	if (terminal.paste)
		send(PASTE_ON);
	tui_resized();
	return 0;
}

void tui_stop(void)
{
	if (!terminal.drawing)
		return;
	terminal.drawing = false;
	if (terminal.paste)
		send(PASTE_OFF);
	endwin();
	delscreen(terminal.screen);
	terminal.screen = NULL;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal.modes);
	tui_signals_release();
}

void tui_rescue(void)
{
	ssize_t ignored;

	if (!terminal.drawing)
		return;
	terminal.drawing = false;
	ignored = write(STDOUT_FILENO, terminal.rescue, terminal.rescue_length);
	(void)ignored;
	tcsetattr(STDIN_FILENO, TCSANOW, &terminal.modes);
}

void tui_suspend(void)
{
	if (terminal.paste)
		send(PASTE_OFF);
	endwin();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal.modes);
	raise(SIGSTOP);
	/* Here the process continues. */
	reset_prog_mode();
	if (terminal.paste)
		send(PASTE_ON);
	tui_resized();
	tui_repaint();
}

void tui_resized(void)
{
	struct winsize size = {0};

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row ||
	    !size.ws_col)
		return;
	if (size.ws_row != LINES || size.ws_col != COLS)
		resizeterm(size.ws_row, size.ws_col);
}

bool tui_too_small(void)
{
	return LINES < TUI_MIN_LINES || COLS < TUI_MIN_COLUMNS;
}

int tui_lines(void)
{
	return LINES;
}

int tui_columns(void)
{
	return COLS;
}

bool tui_is_ascii(void)
{
	return terminal.ascii;
}

unsigned tui_attributes(enum tui_style style)
{
	static const struct {
		unsigned attributes;
		short pair; /* in the order of set_colors() */
	} looks[TUI_STYLES] = {
		[TUI_BOLD] = {A_BOLD, 0},
		[TUI_TITLE] = {A_BOLD, 0},
		[TUI_FOCUS] = {A_REVERSE, 0},
		[TUI_LINK] = {0, 2},
		[TUI_OK] = {0, 1},
		[TUI_NOTE] = {0, 2},
		[TUI_WARN] = {A_BOLD, 3},
		[TUI_STOP] = {A_BOLD, 4},
		[TUI_ADDED] = {0, 1},
		[TUI_REMOVED] = {0, 4},
	};

	if (!terminal.color)
		return looks[style].attributes;
	return looks[style].attributes |
	       (unsigned)COLOR_PAIR(looks[style].pair);
}

void tui_clear(void)
{
	erase();
}

void tui_show(void)
{
	move(terminal.cursor_line, terminal.cursor_column);
	wnoutrefresh(stdscr);
	doupdate();
}

void tui_cursor(int line, int column)
{
	terminal.cursor_line = line;
	terminal.cursor_column = column;
}

void tui_repaint(void)
{
	clearok(stdscr, TRUE);
}

int tui_escape_delay(void)
{
	const char *text = getenv("ESCDELAY");
	int delay = text ? atoi(text) : 0;

	return delay > 0 ? delay : 25;
}

void tui_drop_typed(void)
{
	tcflush(STDIN_FILENO, TCIFLUSH);
}
