/*
 * A terminal for tests: a program on a pty of its own, its output drawn by
 * libvterm, keys as a terminal of that kind sends them.  What is asked about
 * is the picture, never the stream of bytes; only their number is counted.
 *
 * Whatever is expected and does not come within the time limit fails the test
 * and prints the picture.
 */
#ifndef TESTS_SCREENS_VT_H
#define TESTS_SCREENS_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

struct vt_setup {
	const char *term; /* NULL: xterm-256color */
	int rows, cols;	  /* 0: 24 and 80 */
	const char *const *argv;
	const char *const *env; /* "NAME=value" or "NAME" to unset; or NULL */
	const char *directory;	/* to run in, or NULL */
	const char *record;	/* file that every byte is added to, or NULL */
};

struct vt;

/* What becomes of a failure: by default it is printed and ends the process
 * with status 1. */
extern void (*vt_on_failure)(const char *text);

/* *ret_modes (or NULL): what the kernel does for the terminal before the
 * program runs. */
struct vt *vt_spawn(const struct vt_setup *setup, struct termios *ret_modes);
/* Ends the program if it still runs, and frees everything. */
void vt_free(struct vt *vt);

/*
 * Types.  <Up> <Down> <Left> <Right> <Home> <End> <PgUp> <PgDn> <Enter> <Tab>
 * <S-Tab> <Space> <Esc> <BS> <Del> <F1>..<F12> <C-n> are keys, "<<" is a '<';
 * all else is typed as it stands.
 */
void vt_keys(struct vt *vt, const char *keys);
/* Sends bytes as they are. */
void vt_send(struct vt *vt, const char *bytes, size_t length);
/* Pastes, in brackets when the program asked for them. */
void vt_paste(struct vt *vt, const char *text);
void vt_resize(struct vt *vt, int rows, int cols);
/* The other side is gone. */
void vt_hang_up(struct vt *vt);
void vt_signal(struct vt *vt, int number);
/* To the child of the program instead. */
void vt_signal_behind(struct vt *vt, int number);

/* Waits until nothing was drawn for a moment. */
void vt_settle(struct vt *vt);
/* The same for a shorter one, unless that was waited for since something was
 * last sent: for who looks again. */
void vt_pause(struct vt *vt);
/* Waits until the text is seen (and nothing is drawn any more). */
void vt_expect(struct vt *vt, const char *text);
/* Waits until it is not seen any more. */
void vt_expect_gone(struct vt *vt, const char *text);
/* Whether the program has ended by itself. */
bool vt_has_ended(struct vt *vt);
/* Waits for the end of the program; its status, or 128 + signal. */
int vt_wait(struct vt *vt);

/* Whether the text is seen now, within one row. */
bool vt_sees(const struct vt *vt, const char *text);
/* The picture: rows without their spaces at the end; valid until the next. */
const char *vt_picture(const struct vt *vt);
/* The text of one row; valid until the next. */
const char *vt_row(const struct vt *vt, int row);
void vt_cursor(const struct vt *vt, int *ret_row, int *ret_col);
bool vt_cursor_is_visible(const struct vt *vt);
bool vt_is_alternate(const struct vt *vt);
/* Whether clicks are sent, and brackets around what is pasted. */
bool vt_has_mouse(const struct vt *vt);
bool vt_is_bracketing(struct vt *vt);
/* What the kernel does for this terminal. */
struct termios vt_modes(const struct vt *vt);

/* Bytes written since the last vt_count_reset(). */
size_t vt_count(const struct vt *vt);
void vt_count_reset(struct vt *vt);
pid_t vt_pid(const struct vt *vt);

struct vt_color {
	bool is_default;
	int index; /* in the palette of 256; -1: it is not of it */
	unsigned char red, green, blue;
};
struct vt_cell {
	char text[5]; /* "" in the right half of a wide character */
	int width;
	bool bold, reverse, underline;
	struct vt_color color, ground;
};
struct vt_cell vt_cell(const struct vt *vt, int row, int col);
void vt_size(const struct vt *vt, int *ret_rows, int *ret_cols);

/* libvterm's own, for what has no name here. */
struct VTerm *vt_emulator(const struct vt *vt);

/* Fails as vt_on_failure has it. */
void vt_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Cuts the spaces at the end off, in place. */
char *vt_trim(char *text);

#endif
