#include "tests/screens/vt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include <vterm.h>

/* How long something may take before it is not coming any more. */
#define LIMIT_MS 20000
/* Nothing is drawn any more after this much silence: longer than an escape
 * key waits for its sequence. */
#define QUIET_MS 60
/* The same for what is looked at again when it is not what it should be. */
#define PAUSE_MS 25

struct vt {
	VTerm *vterm;
	VTermScreen *screen;
	int rows, cols;
	int master, slave;
	pid_t pid;
	bool ended;
	int status;
	bool alternate, cursor_visible, mouse;
	bool asking, asked_for_brackets; /* see vt_is_bracketing() */
	bool settled; /* nothing was sent or drawn since vt_settle() */
	size_t count;
	int record; /* every byte goes there too; -1: nowhere */
	char *picture, *row;
};

static void print_and_exit(const char *text)
{
	fprintf(stderr, "%s\n", text);
	exit(1);
}

void (*vt_on_failure)(const char *text) = print_and_exit;

void vt_fail(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	vt_on_failure(text ? text : "out of memory");
	/* Whoever comes back from there had nothing to free it with. */
	free(text);
}

static double ms_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) * 1e3 +
	       (double)(now.tv_nsec - then->tv_nsec) / 1e6;
}

/* The emulator */

static int set_property(VTermProp property, VTermValue *value, void *user)
{
	struct vt *vt = user;

	if (property == VTERM_PROP_ALTSCREEN)
		vt->alternate = value->boolean;
	if (property == VTERM_PROP_CURSORVISIBLE)
		vt->cursor_visible = value->boolean;
	if (property == VTERM_PROP_MOUSE)
		vt->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	return 1;
}

static void answer(const char *bytes, size_t length, void *user)
{
	struct vt *vt = user;

	if (vt->asking)
		vt->asked_for_brackets = true;
	else
		vt_send(vt, bytes, length);
}

static void open_emulator(struct vt *vt)
{
	static const VTermScreenCallbacks callbacks = {
		.settermprop = set_property,
	};

	vt->vterm = vterm_new(vt->rows, vt->cols);
	vterm_set_utf8(vt->vterm, 1);
	vterm_output_set_callback(vt->vterm, answer, vt);
	vt->screen = vterm_obtain_screen(vt->vterm);
	vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
	vterm_screen_enable_altscreen(vt->screen, 1);
	vterm_screen_reset(vt->screen, 1);
	vt->cursor_visible = true;
}

/* The program */

static void set_environment(const struct vt_setup *setup)
{
	static const char *const none[] = {"LINES",    "COLUMNS",    "ESCDELAY",
					   "NO_COLOR", "ACCESSIBLE", "TMUX"};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		unsetenv(none[i]);
	setenv("TERM", setup->term ? setup->term : "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	for (const char *const *pair = setup->env; pair && *pair; pair++) {
		char *name = strdup(*pair);
		char *equals = strchr(name, '=');

		if (equals) {
			*equals = '\0';
			setenv(name, equals + 1, 1);
		} else {
			unsetenv(name);
		}
		free(name);
	}
}

static void run_child(const struct vt *vt, const struct vt_setup *setup)
{
	if (login_tty(dup(vt->slave)) ||
	    (setup->directory && chdir(setup->directory)))
		_exit(127);
	set_environment(setup);
	execvp(setup->argv[0], (char *const *)(uintptr_t)setup->argv);
	fprintf(stderr, "%s: %s\n", setup->argv[0], strerror(errno));
	_exit(127);
}

struct vt *vt_spawn(const struct vt_setup *setup, struct termios *ret_modes)
{
	struct vt *vt = calloc(1, sizeof(*vt));
	struct winsize size = {0};

	vt->record = -1;
	if (setup->record)
		vt->record =
			open(setup->record,
			     O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	vt->rows = setup->rows ? setup->rows : 24;
	vt->cols = setup->cols ? setup->cols : 80;
	size.ws_row = (unsigned short)vt->rows;
	size.ws_col = (unsigned short)vt->cols;
	open_emulator(vt);
	if (openpty(&vt->master, &vt->slave, NULL, NULL, &size))
		vt_fail("openpty: %s", strerror(errno));
	fcntl(vt->master, F_SETFD, FD_CLOEXEC);
	fcntl(vt->master, F_SETFL, O_NONBLOCK);
	/* Kept open here, so that the modes can be asked for afterwards. */
	fcntl(vt->slave, F_SETFD, FD_CLOEXEC);
	if (ret_modes)
		*ret_modes = vt_modes(vt);
	/* what the program leaves behind is waited for as well */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	vt->pid = fork();
	if (vt->pid == 0)
		run_child(vt, setup);
	return vt;
}

static void reap(struct vt *vt, int flags)
{
	int status;

	if (vt->ended || waitpid(vt->pid, &status, flags) != vt->pid)
		return;
	vt->ended = true;
	vt->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
					 : WEXITSTATUS(status);
}

void vt_free(struct vt *vt)
{
	if (!vt)
		return;
	if (!vt->ended) {
		/* and those that it started */
		kill(-vt->pid, SIGKILL);
		while (waitpid(-vt->pid, NULL, 0) > 0)
			;
	}
	if (vt->master >= 0) {
		close(vt->master);
		close(vt->slave);
	}
	vterm_free(vt->vterm);
	free(vt->picture);
	free(vt->row);
	if (vt->record >= 0)
		close(vt->record);
	free(vt);
}

/* Output */

/* Draws what comes within the time; false: nothing came. */
static bool pump(struct vt *vt, int timeout_ms)
{
	struct pollfd ready = {vt->master, POLLIN, 0};
	char bytes[8192];
	ssize_t n;

	if (vt->master < 0 || poll(&ready, 1, timeout_ms) <= 0)
		return false;
	n = read(vt->master, bytes, sizeof(bytes));
	if (n <= 0)
		return false;
	vt->settled = false;
	vt->count += (size_t)n;
	if (vt->record >= 0 && write(vt->record, bytes, (size_t)n) != n)
		vt_fail("the record cannot be written");
	vterm_input_write(vt->vterm, bytes, (size_t)n);
	vterm_screen_flush_damage(vt->screen);
	return true;
}

static void settle(struct vt *vt, int patience_ms)
{
	while (pump(vt, patience_ms))
		;
	vt->settled = true;
}

void vt_settle(struct vt *vt)
{
	settle(vt, QUIET_MS);
}

void vt_pause(struct vt *vt)
{
	if (!vt->settled || pump(vt, 0))
		settle(vt, PAUSE_MS);
}

static void expect(struct vt *vt, const char *text, bool wanted)
{
	struct timespec began;

	clock_gettime(CLOCK_MONOTONIC, &began);
	for (;;) {
		if (vt_sees(vt, text) == wanted) {
			vt_settle(vt);
			if (vt_sees(vt, text) == wanted)
				return;
		}
		pump(vt, QUIET_MS);
		reap(vt, WNOHANG);
		if (ms_since(&began) > LIMIT_MS || (vt->ended && !pump(vt, 0)))
			break;
	}
	if (vt_sees(vt, text) != wanted)
		vt_fail("%s \"%s\"%s:\n%s", wanted ? "never saw" : "still see",
			text, vt->ended ? " (the program ended)" : "",
			vt_picture(vt));
}

void vt_expect(struct vt *vt, const char *text)
{
	expect(vt, text, true);
}

void vt_expect_gone(struct vt *vt, const char *text)
{
	expect(vt, text, false);
}

struct VTerm *vt_emulator(const struct vt *vt)
{
	return vt->vterm;
}

bool vt_has_ended(struct vt *vt)
{
	reap(vt, WNOHANG);
	return vt->ended;
}

int vt_wait(struct vt *vt)
{
	struct timespec began;

	clock_gettime(CLOCK_MONOTONIC, &began);
	while (!vt->ended && ms_since(&began) < LIMIT_MS) {
		reap(vt, WNOHANG);
		if (!vt->ended)
			pump(vt, 5);
	}
	if (!vt->ended)
		vt_fail("the program did not end:\n%s", vt_picture(vt));
	while (pump(vt, 0))
		;
	return vt->status;
}

/* Input */

/* What the program writes meanwhile is read, or both would wait for ever. */
void vt_send(struct vt *vt, const char *bytes, size_t length)
{
	vt->settled = false;
	while (length > 0 && vt->master >= 0) {
		struct pollfd ready = {vt->master, POLLIN | POLLOUT, 0};
		ssize_t n = -1;

		if (poll(&ready, 1, LIMIT_MS) <= 0)
			return;
		if (ready.revents & POLLIN)
			pump(vt, 0);
		if (ready.revents & POLLOUT)
			n = write(vt->master, bytes, length);
		else if (ready.revents & (POLLHUP | POLLERR))
			return;
		else
			errno = EINTR;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (n > 0) {
			bytes += n;
			length -= (size_t)n;
		}
	}
}

void vt_resize(struct vt *vt, int rows, int cols)
{
	struct winsize size = {(unsigned short)rows, (unsigned short)cols, 0,
			       0};

	vt->settled = false;
	vt->rows = rows;
	vt->cols = cols;
	vterm_set_size(vt->vterm, rows, cols);
	ioctl(vt->master, TIOCSWINSZ, &size);
}

void vt_hang_up(struct vt *vt)
{
	close(vt->slave);
	close(vt->master);
	vt->master = vt->slave = -1;
}

void vt_signal(struct vt *vt, int number)
{
	vt->settled = false;
	kill(vt->pid, number);
}

void vt_signal_behind(struct vt *vt, int number)
{
	char path[80];
	pid_t behind;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)vt->pid,
		 (int)vt->pid);
	in = fopen(path, "r");
	if (!in || fscanf(in, "%d", &behind) != 1)
		vt_fail("there is no process behind the program");
	else
		kill(behind, number);
	if (in)
		fclose(in);
}

/* The picture */

static size_t put_utf8(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static VTermScreenCell cell_at(const struct vt *vt, int row, int col)
{
	VTermScreenCell cell;

	memset(&cell, 0, sizeof(cell));
	vterm_screen_get_cell(vt->screen, (VTermPos){row, col}, &cell);
	return cell;
}

/* The cube of colours as terminals have it (libvterm has another one). */
static void set_from_cube(VTermColor *color)
{
	static const uint8_t levels[] = {0, 95, 135, 175, 215, 255};
	int place = color->indexed.idx - 16;

	vterm_color_rgb(color, levels[place / 36], levels[place / 6 % 6],
			levels[place % 6]);
}

static struct vt_color color_of(const struct vt *vt, VTermColor color,
				bool is_default)
{
	struct vt_color seen = {.index = -1, .is_default = is_default};

	if (VTERM_COLOR_IS_INDEXED(&color))
		seen.index = color.indexed.idx;
	if (seen.index >= 16 && seen.index < 232)
		set_from_cube(&color);
	vterm_screen_convert_color_to_rgb(vt->screen, &color);
	seen.red = color.rgb.red;
	seen.green = color.rgb.green;
	seen.blue = color.rgb.blue;
	return seen;
}

struct vt_cell vt_cell(const struct vt *vt, int row, int col)
{
	VTermScreenCell cell = cell_at(vt, row, col);
	struct vt_cell seen = {
		.bold = cell.attrs.bold,
		.reverse = cell.attrs.reverse,
		.underline = cell.attrs.underline,
		.color = color_of(vt, cell.fg,
				  VTERM_COLOR_IS_DEFAULT_FG(&cell.fg)),
		.ground = color_of(vt, cell.bg,
				   VTERM_COLOR_IS_DEFAULT_BG(&cell.bg)),
	};

	/* The right half of a wide character. */
	if (cell.chars[0] == UINT32_MAX)
		return seen;
	seen.width = cell.width;
	put_utf8(cell.chars[0] ? cell.chars[0] : ' ', seen.text);
	return seen;
}

char *vt_trim(char *text)
{
	size_t n = strlen(text);

	while (n > 0 && text[n - 1] == ' ')
		text[--n] = '\0';
	return text;
}

static char *row_text(const struct vt *vt, int row)
{
	char *text = calloc(1, (size_t)vt->cols * 4 + 1), *end = text;

	for (int col = 0; col < vt->cols; col++)
		end = stpcpy(end, vt_cell(vt, row, col).text);
	return vt_trim(text);
}

const char *vt_row(const struct vt *vt, int row)
{
	struct vt *self = (struct vt *)(uintptr_t)vt;

	free(self->row);
	self->row = row_text(vt, row);
	return self->row;
}

const char *vt_picture(const struct vt *vt)
{
	struct vt *self = (struct vt *)(uintptr_t)vt;
	size_t size = 0;
	FILE *out;

	free(self->picture);
	out = open_memstream(&self->picture, &size);
	for (int row = 0; row < vt->rows; row++)
		fprintf(out, "%s\n", vt_row(vt, row));
	fclose(out);
	return self->picture;
}

bool vt_sees(const struct vt *vt, const char *text)
{
	return strstr(vt_picture(vt), text) != NULL;
}

void vt_cursor(const struct vt *vt, int *ret_row, int *ret_col)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(vt->vterm), &at);
	*ret_row = at.row;
	*ret_col = at.col;
}

bool vt_cursor_is_visible(const struct vt *vt)
{
	return vt->cursor_visible;
}

bool vt_is_alternate(const struct vt *vt)
{
	return vt->alternate;
}

bool vt_has_mouse(const struct vt *vt)
{
	return vt->mouse;
}

/* The emulator tells only by what it would send. */
bool vt_is_bracketing(struct vt *vt)
{
	vt->asked_for_brackets = false;
	vt->asking = true;
	vterm_keyboard_start_paste(vt->vterm);
	vt->asking = false;
	return vt->asked_for_brackets;
}

struct termios vt_modes(const struct vt *vt)
{
	struct termios modes;

	memset(&modes, 0, sizeof(modes));
	tcgetattr(vt->slave, &modes);
	return modes;
}

size_t vt_count(const struct vt *vt)
{
	return vt->count;
}

void vt_count_reset(struct vt *vt)
{
	vt->count = 0;
}

pid_t vt_pid(const struct vt *vt)
{
	return vt->pid;
}

void vt_size(const struct vt *vt, int *ret_rows, int *ret_cols)
{
	*ret_rows = vt->rows;
	*ret_cols = vt->cols;
}
