#include "tui/terminal.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "tui/i18n.h"
#include "tui/keeper.h"
#include "tui/signals.h"
#include "tui/text.h"
#include "tui/theme.h"

/* Last, since it makes macros of words like `columns`. */
#include <term.h>

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
/* Presses and the wheel, in decimal numbers (xterm's modes 1000 and 1006). */
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

/* All that gives the terminal back, ready to be written by a signal handler
 * or by the process that keeps it (keeper.h). */
struct rescue {
	bool drawing;	      /* between start and stop */
	struct termios modes; /* as they were */
	size_t length;
	char bytes[256];
};
static struct rescue own_rescue, *rescue = &own_rescue;

static struct {
	SCREEN *screen;
	bool ascii, paste, mouse;
	/* ncurses draws into a file in memory: its many small writes would be
	 * packets of their own on a network, and half a picture each. */
	FILE *picture;
	bool stuck; /* nobody took what was written last */
	int cursor_line, cursor_column;
	struct termios line; /* as the program has it */
} terminal;

/* A string of the terminal's description; "" when it has none. */
static const char *capability(const char *name)
{
	char *text = tigetstr(name);

	return text && text != (char *)-1 ? text : "";
}

static int add_rescue_byte(int byte)
{
	if (rescue->length < sizeof(rescue->bytes))
		rescue->bytes[rescue->length++] = (char)byte;
	return byte;
}

/* Delays for old terminals are written in it as text: tputs() reads them. */
static void add_rescue(const char *sequence)
{
	tputs(sequence, 1, add_rescue_byte);
}

static void prepare_rescue(void)
{
	rescue->length = 0;
	if (terminal.paste)
		add_rescue(PASTE_OFF);
	if (terminal.mouse)
		add_rescue(MOUSE_OFF);
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

static bool knows_mouse(void)
{
	return *capability("kmous");
}

/* Output */

/* Whoever is called by a signal, or ends, waits no longer for a terminal that
 * takes nothing. */
#define PATIENCE_MS 500

static bool takes_more(void)
{
	struct pollfd ways[] = {{STDOUT_FILENO, POLLOUT, 0},
				{tui_signal_fd(), POLLIN, 0}};
	int ready;

	do {
		ready = poll(ways, TUI_LENGTH(ways),
			     rescue->drawing ? -1 : PATIENCE_MS);
	} while (ready < 0 && errno == EINTR);
	if (ready > 0 && !ways[0].revents)
		ready = poll(ways, 1, PATIENCE_MS);
	return ready > 0 && ways[0].revents & POLLOUT;
}

static void write_all(const char *bytes, size_t left)
{
	while (left > 0) {
		ssize_t sent = -1;

		if (takes_more())
			sent = write(STDOUT_FILENO, bytes, left);
		else
			errno = EIO;
		if (sent < 0 && errno != EINTR) {
			terminal.stuck = true;
			return;
		}
		if (sent > 0) {
			bytes += sent;
			left -= (size_t)sent;
		}
	}
}

/* What ncurses drew goes to the terminal, in one piece. */
static void send_picture(void)
{
	int from = fileno(terminal.picture);
	size_t length;
	char *bytes;

	fflush(terminal.picture);
	length = (size_t)lseek(from, 0, SEEK_CUR);
	if (!length)
		return;
	bytes = tui_alloc(length);
	terminal.stuck = false;
	if (pread(from, bytes, length, 0) == (ssize_t)length)
		write_all(bytes, length);
	free(bytes);
	if (ftruncate(from, 0) || lseek(from, 0, SEEK_SET))
		terminal.stuck = true;
}

/* Adds to the picture what ncurses knows nothing of. */
static void add(const char *sequence)
{
	fputs(sequence, terminal.picture);
	fflush(terminal.picture);
}

static void add_modes(void)
{
	if (terminal.paste)
		add(PASTE_ON);
	if (terminal.mouse)
		add(MOUSE_ON);
}

static void add_modes_off(void)
{
	if (terminal.mouse)
		add(MOUSE_OFF);
	if (terminal.paste)
		add(PASTE_OFF);
}

/* What ncurses believes to have set on its file, on the terminal. */
static void set_line(void)
{
	struct termios line = rescue->modes;

	line.c_iflag &= (tcflag_t) ~(IXON | IXOFF | BRKINT | PARMRK | ISTRIP |
				     INLCR | IGNCR | ICRNL);
	line.c_oflag &= (tcflag_t) ~(ONLCR | OCRNL | TABDLY);
	line.c_lflag &= (tcflag_t) ~(ICANON | ISIG | IEXTEN | ECHO | ECHONL);
	line.c_cc[VMIN] = 1;
	line.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &line);
	tcgetattr(STDIN_FILENO, &terminal.line);
}

static bool is_as_set(void)
{
	struct termios now;

	return tcgetattr(STDIN_FILENO, &now) == 0 &&
	       now.c_lflag == terminal.line.c_lflag &&
	       now.c_iflag == terminal.line.c_iflag;
}

/* A shell that went on after the keeper was killed may have set its own modes
 * already; and it has the foreground. */
static void restore_line(void)
{
	if (tui_keeper_is_gone()) {
		signal(SIGTTOU, SIG_IGN);
		if (!is_as_set())
			return;
	}
	tcsetattr(STDIN_FILENO, terminal.stuck ? TCSANOW : TCSADRAIN,
		  &rescue->modes);
}

static void set_modes(void)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	/* Waiting keys must not hold a picture back. */
	typeahead(-1);
	leaveok(stdscr, FALSE);
	idlok(stdscr, FALSE);
	set_line();
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

static int refuse_unknown(char **ret_problem)
{
	*ret_problem = tui_format(_("the terminal \"%s\" (TERM) is not known "
				    "or cannot be drawn on"),
				  getenv("TERM"));
	return -1;
}

static FILE *open_memory(void)
{
	int fd = memfd_create("picture", MFD_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

static void close_screen(void)
{
	if (terminal.screen)
		delscreen(terminal.screen);
	if (terminal.picture)
		fclose(terminal.picture);
	terminal.screen = NULL;
	terminal.picture = NULL;
}

static int open_screen(char **ret_problem)
{
	const char *name = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return refuse(ret_problem,
			      _("standard input and output are not "
				"a terminal"));
	if (!name || !*name)
		return refuse(ret_problem, _("TERM is not set"));
	if (tcgetattr(STDIN_FILENO, &rescue->modes) || tui_signals_prepare())
		return refuse(ret_problem, strerror(errno));
	use_env(TRUE);
	terminal.picture = open_memory();
	if (terminal.picture)
		terminal.screen = newterm(NULL, terminal.picture, stdin);
	if (terminal.screen && *capability("cup"))
		return 0;
	close_screen();
	tui_signals_release();
	return refuse_unknown(ret_problem);
}

int tui_start(const struct tui_options *options, char **ret_problem)
{
	if (open_screen(ret_problem))
		return -1;
	tui_signals_catch();
	terminal.ascii = options->ascii || !tui_is_utf8();
	terminal.paste = knows_paste(getenv("TERM"));
	terminal.mouse = !options->no_mouse && knows_mouse();
	terminal.stuck = false;
	tui_theme_start(options->theme, wants_color(options));
	prepare_rescue();
	rescue->drawing = true;
	set_modes();
	add_modes();
	tui_resized();
	return 0;
}

void tui_stop(void)
{
	if (!rescue->drawing)
		return;
	rescue->drawing = false;
	add_modes_off();
	endwin();
	send_picture();
	close_screen();
	restore_line();
	tui_signals_release();
}

void tui_rescue(void)
{
	ssize_t ignored;

	if (!rescue->drawing)
		return;
	rescue->drawing = false;
	/* The terminal may take nothing; this never waits. */
	tcsetattr(STDIN_FILENO, TCSANOW, &rescue->modes);
	ignored = write(STDOUT_FILENO, rescue->bytes, rescue->length);
	(void)ignored;
}

bool tui_share_rescue(struct termios *ret_before)
{
	struct rescue *shared;

	if (!rescue->drawing && tcgetattr(STDIN_FILENO, &rescue->modes))
		return false;
	shared = mmap(NULL, sizeof(*rescue), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return false;
	*shared = *rescue;
	rescue = shared;
	*ret_before = rescue->modes;
	return true;
}

void tui_suspend(void)
{
	add_modes_off();
	endwin();
	send_picture();
	restore_line();
	rescue->drawing = false;
	raise(SIGSTOP);
	/* Here the process continues. */
	rescue->drawing = true;
	set_line();
	add_modes();
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

bool tui_has_mouse(void)
{
	return terminal.mouse;
}

bool tui_is_ascii(void)
{
	return terminal.ascii;
}

void tui_clear(void)
{
	erase();
}

void tui_show(void)
{
	/* What of the last picture arrived, nobody knows. */
	if (terminal.stuck)
		tui_repaint();
	move(terminal.cursor_line, terminal.cursor_column);
	wnoutrefresh(stdscr);
	doupdate();
	send_picture();
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
