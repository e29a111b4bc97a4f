/*
 * Plays a session: a script of keys and of what must be seen after them.
 *
 *	play [-s COLSxROWS] [-t TERM] [-e NAME=VALUE] [-m REGEX=MASK] \
 *		[-o RECORD] SCRIPT PROGRAM [ARGUMENT ...]
 *
 * A line of the script is a word and what it is about:
 *
 *	keys TEXT	types it (see vt_keys())
 *	file PATH	types what is in the file, as a terminal without
 *			brackets pastes it
 *	paste TEXT	pastes it; "\n" is a line end
 *	send TEXT	sends bytes; "\e" is an escape
 *	expect TEXT	waits until it is seen
 *	gone TEXT	waits until it is not
 *	unseen TEXT	is not there now
 *	row N TEXT	waits until row N says it, spaces at its end left out
 *	cursor TEXT	waits until the cursor is in a row with this text
 *	focus LABEL	presses Tab until the field or button of that name has
 *			the focus; on a picture without the list of steps
 *	answer FILE	answers the questions of the plain face: a line is the
 *			words that one begins with, a tab, and what to type;
 *			Enter for the others, up to one that is answered "."
 *	golden NAME	the picture is that of golden/NAME.txt
 *	words NAME	the same without its looks
 *	picture FILE	adds it to that file
 *	drawing NAME	it is that of share/pictures/NAME.svg
 *	looks HOW	every picture's rules hold: in "color", "mono", "ascii"
 *	click TEXT	clicks at it
 *	wheel WAY	turns it "up" or "down"
 *	mouse STATE	clicks are "on" or "off"
 *	spoil TEXT	another program writes it on the screen
 *	noise SEED N	so many events that mean nothing (see storm.h)
 *	storm SEED N	the same with keys and pastes
 *	resize CxR	gives the terminal another size
 *	reset		starts to count bytes
 *	bytes MAX	no more were written since then
 *	walk KEY MAX	presses the key until the cursor has been everywhere it
 *			leads to; each costs no more bytes than MAX, or ten
 *			times as many when the page had to scroll
 *	signal N	sends one
 *	behind N	sends it to the child of the program
 *	hangup		the terminal goes away
 *	exit N		waits for the end of the program and for this status
 *	restored	the terminal is as it was, at the latest soon
 *	run COMMAND	must succeed (by the shell)
 *
 * Empty lines and those that begin with '#' mean nothing.  Ends with 0 when
 * all of it held.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screens/asked.h"
#include "tests/screens/golden.h"
#include "tests/screens/looks.h"
#include "tests/screens/point.h"
#include "tests/screens/storm.h"
#include "tests/screens/vt.h"

static struct {
	struct vt *vt;
	struct termios before;
	const char *script;
	int line;
} play;

static void fail(const char *text)
{
	fprintf(stderr, "%s:%d: %s\n", play.script, play.line, text);
	vt_free(play.vt);
	exit(1);
}

static void fail_at_picture(const char *text)
{
	char *whole = NULL;

	if (asprintf(&whole, "%s:\n%s", text, vt_picture(play.vt)) < 0)
		whole = NULL;
	fail(whole ? whole : text);
}

/* "\n" and "\e" as what they stand for. */
static char *unescape(const char *text)
{
	char *copy = strdup(text), *out = copy;

	for (; *text; text++) {
		if (text[0] == '\\' && (text[1] == 'n' || text[1] == 'e'))
			*out++ = *++text == 'n' ? '\n' : '\033';
		else
			*out++ = *text;
	}
	*out = '\0';
	return copy;
}

static void do_keys(const char *text)
{
	vt_keys(play.vt, text);
}

static void do_paste(const char *text)
{
	char *bytes = unescape(text);

	vt_paste(play.vt, bytes);
	free(bytes);
}

static void do_send(const char *text)
{
	char *bytes = unescape(text);

	vt_send(play.vt, bytes, strlen(bytes));
	free(bytes);
}

/* Ends of lines are the key Enter. */
static void do_file(const char *text)
{
	FILE *in = fopen(text, "r");
	char bytes[16384];
	size_t n;

	if (!in)
		fail("that file cannot be read");
	while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0) {
		for (size_t i = 0; i < n; i++)
			if (bytes[i] == '\n')
				bytes[i] = '\r';
		vt_send(play.vt, bytes, n);
	}
	fclose(in);
}

static void do_expect(const char *text)
{
	vt_expect(play.vt, text);
}

static void do_gone(const char *text)
{
	vt_expect_gone(play.vt, text);
}

static void do_unseen(const char *text)
{
	vt_settle(play.vt);
	if (vt_sees(play.vt, text))
		fail_at_picture("this should not be there");
}

/* How often it is looked again, a moment apart, for what the program is slow
 * to draw. */
#define TRIES 100

static void wait_until(bool (*holds)(const char *text), const char *text,
		       const char *else_say)
{
	int tries = TRIES;

	for (vt_pause(play.vt); !holds(text); vt_settle(play.vt))
		if (!tries--)
			fail_at_picture(else_say);
}

static bool row_says(const char *text)
{
	char *rest;
	long row = strtol(text, &rest, 10);

	rest += *rest == ' ';
	return strcmp(vt_row(play.vt, (int)row), rest) == 0;
}

static void do_row(const char *text)
{
	wait_until(row_says, text, "that row says something else");
}

static bool has_cursor(const char *text)
{
	int row, col;

	vt_cursor(play.vt, &row, &col);
	return vt_cursor_is_visible(play.vt) &&
	       strstr(vt_row(play.vt, row), text);
}

static void do_cursor(const char *text)
{
	wait_until(has_cursor, text, "the cursor is in another row");
}

static void do_focus(const char *text)
{
	asked_focus(play.vt, text);
}

static void do_answer(const char *text)
{
	asked_answer(play.vt, text);
}

/* No page has more places for the focus. */
#define WALK_MAX 40

static void do_golden(const char *text)
{
	golden_compare(play.vt, text);
}

static void do_words(const char *text)
{
	golden_compare_words(play.vt, text);
}

static void do_picture(const char *text)
{
	FILE *out = fopen(text, "a");

	vt_settle(play.vt);
	if (!out || fputs(vt_picture(play.vt), out) < 0 || fclose(out) != 0)
		fail("that file cannot be written");
}

static void do_drawing(const char *text)
{
	golden_compare_drawing(play.vt, text);
}

static void do_looks(const char *text)
{
	vt_pause(play.vt);
	looks_check(play.vt, strcmp(text, "color") == 0,
		    strcmp(text, "ascii") == 0);
}

static void blow(const char *text,
		 void (*storm)(struct vt *vt, unsigned seed, long count))
{
	unsigned seed = 0;
	long count = 0;

	if (sscanf(text, "%u %ld", &seed, &count) != 2)
		fail("a storm wants SEED COUNT");
	storm(play.vt, seed, count);
}

static void do_noise(const char *text)
{
	blow(text, storm_of_noise);
}

static void do_storm(const char *text)
{
	blow(text, storm_of_keys);
}

static void do_resize(const char *text)
{
	int cols = 0, rows = 0;

	if (sscanf(text, "%dx%d", &cols, &rows) != 2)
		fail("resize wants COLSxROWS");
	vt_resize(play.vt, rows, cols);
}

static void do_reset(const char *text)
{
	(void)text;
	vt_settle(play.vt);
	vt_count_reset(play.vt);
}

static void do_bytes(const char *text)
{
	char said[80];

	vt_settle(play.vt);
	printf("# %s:%d: %zu bytes of %s\n", play.script, play.line,
	       vt_count(play.vt), text);
	if (vt_count(play.vt) <= strtoul(text, NULL, 10))
		return;
	snprintf(said, sizeof(said), "%zu bytes were written, not %s",
		 vt_count(play.vt), text);
	fail_at_picture(said);
}

static int walk_row(void)
{
	int row, col;

	vt_cursor(play.vt, &row, &col);
	return row;
}

/* Where the cursor is, and what stands there: after scrolling the same place
 * is another one. */
static char *place_of_cursor(void)
{
	char *place = NULL;
	int row, col;

	vt_cursor(play.vt, &row, &col);
	if (asprintf(&place, "%d %s", col, vt_row(play.vt, row)) < 0)
		fail("out of memory");
	return place;
}

/* How many rows differ. */
static int changed_rows(const char *before, const char *after)
{
	int changed = 0;

	while (*before && *after) {
		size_t b = strcspn(before, "\n"), a = strcspn(after, "\n");

		changed += a != b || memcmp(before, after, a) != 0;
		before += b + (before[b] == '\n');
		after += a + (after[a] == '\n');
	}
	return changed;
}

/* Rows that change when the focus moves: that of the mark before and after,
 * a row of buttons, the hint, the keys. */
#define MOVED_ROWS 5

static void press_and_count(const char *key, size_t most)
{
	char *before = strdup(vt_picture(play.vt));
	bool scrolled;
	char said[120];

	vt_count_reset(play.vt);
	vt_keys(play.vt, key);
	vt_settle(play.vt);
	scrolled = changed_rows(before, vt_picture(play.vt)) > MOVED_ROWS;
	free(before);
	printf("# %s:%d: %s %zu%s: %s\n", play.script, play.line, key,
	       vt_count(play.vt), scrolled ? " (scrolled)" : "",
	       vt_row(play.vt, walk_row()));
	if (vt_count(play.vt) <= most * (scrolled ? 10 : 1))
		return;
	snprintf(said, sizeof(said), "%s wrote %zu bytes, not %zu", key,
		 vt_count(play.vt), most);
	fail_at_picture(said);
}

static void do_walk(const char *text)
{
	char *key = strndup(text, strcspn(text, " "));
	size_t most = strtoul(text + strlen(key), NULL, 10);
	char *first;
	int n = 0;

	vt_settle(play.vt);
	first = place_of_cursor();
	for (bool back = false; !back && n < WALK_MAX; n++) {
		char *place;

		press_and_count(key, most);
		place = place_of_cursor();
		back = strcmp(place, first) == 0;
		free(place);
	}
	free(first);
	free(key);
	if (n < 2)
		fail_at_picture("the cursor stays where it is");
}

static void do_signal(const char *text)
{
	vt_signal(play.vt, atoi(text));
}

static void do_behind(const char *text)
{
	vt_signal_behind(play.vt, atoi(text));
}

static void do_hangup(const char *text)
{
	(void)text;
	vt_hang_up(play.vt);
}

static void do_exit(const char *text)
{
	int status = vt_wait(play.vt);
	char said[80];

	if (status == atoi(text))
		return;
	snprintf(said, sizeof(said), "the program ended with %d", status);
	fail_at_picture(said);
}

/* What is not as it was, or NULL. */
static const char *unrestored(void)
{
	struct termios now = vt_modes(play.vt);

	if (memcmp(&now, &play.before, sizeof(now)) != 0)
		return "the modes of the terminal are not what they were";
	if (vt_is_alternate(play.vt))
		return "the alternate screen is still there";
	if (!vt_cursor_is_visible(play.vt))
		return "the cursor is hidden";
	if (vt_has_mouse(play.vt))
		return "clicks are still sent";
	return vt_is_bracketing(play.vt) ? "what is pasted gets brackets"
					 : NULL;
}

/* Who was left behind by a program that was killed needs a moment. */
static void do_restored(const char *text)
{
	int tries = 0;

	(void)text;
	while (unrestored() && tries++ < TRIES)
		vt_settle(play.vt);
	if (unrestored())
		fail_at_picture(unrestored());
}

static void do_run(const char *text)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", text, (char *)NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid || status != 0)
		fail_at_picture("that command failed");
}

static void do_click(const char *text)
{
	point_click(play.vt, text);
}

static void do_wheel(const char *text)
{
	point_wheel(play.vt, text);
}

static void do_mouse(const char *text)
{
	point_is(play.vt, text);
}

static void do_spoil(const char *text)
{
	point_spoil(play.vt, text);
}

static const struct {
	const char *word;
	void (*act)(const char *text);
} words[] = {
	{"keys", do_keys},	   {"file", do_file},
	{"paste", do_paste},	   {"send", do_send},
	{"expect", do_expect},	   {"gone", do_gone},
	{"unseen", do_unseen},	   {"row", do_row},
	{"cursor", do_cursor},	   {"golden", do_golden},
	{"resize", do_resize},	   {"reset", do_reset},
	{"bytes", do_bytes},	   {"signal", do_signal},
	{"hangup", do_hangup},	   {"exit", do_exit},
	{"restored", do_restored}, {"run", do_run},
	{"walk", do_walk},	   {"words", do_words},
	{"looks", do_looks},	   {"noise", do_noise},
	{"storm", do_storm},	   {"behind", do_behind},
	{"drawing", do_drawing},   {"focus", do_focus},
	{"answer", do_answer},	   {"picture", do_picture},
	{"click", do_click},	   {"wheel", do_wheel},
	{"mouse", do_mouse},	   {"spoil", do_spoil},
};

static void play_line(char *line)
{
	char *rest = line + strcspn(line, " ");

	if (!*line || *line == '#')
		return;
	if (*rest)
		*rest++ = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].word, line) == 0) {
			words[i].act(rest);
			return;
		}
	}
	fail("no such word");
}

static void play_script(void)
{
	FILE *in = fopen(play.script, "r");
	char line[16384];

	if (!in)
		fail("cannot be read");
	while (fgets(line, sizeof(line), in)) {
		play.line++;
		line[strcspn(line, "\n")] = '\0';
		play_line(line);
	}
	fclose(in);
}

#define LIST_MAX 16

static void add(const char **list, size_t *n, const char *text)
{
	if (*n + 1 >= LIST_MAX)
		fail("too many options");
	list[(*n)++] = text;
}

/* REGEX=MASK, which both stay. */
static void mask(char *pair)
{
	char *equals = strrchr(pair, '=');

	if (!equals)
		fail("-m wants REGEX=MASK");
	*equals = '\0';
	golden_mask(pair, equals + 1);
}

int main(int argc, char *argv[])
{
	const char *env[LIST_MAX] = {0};
	struct vt_setup setup = {.env = env};
	size_t n_env = 0;
	int option;

	vt_on_failure = fail;
	while ((option = getopt(argc, argv, "+s:t:e:m:o:")) != -1) {
		if (option == 's')
			sscanf(optarg, "%dx%d", &setup.cols, &setup.rows);
		else if (option == 't')
			setup.term = optarg;
		else if (option == 'o')
			setup.record = optarg;
		else if (option == 'e')
			add(env, &n_env, optarg);
		else if (option == 'm')
			mask(optarg);
		else
			return 2;
	}
	if (argc - optind < 2)
		return 2;
	play.script = argv[optind];
	setup.argv = (const char *const *)argv + optind + 1;
	play.vt = vt_spawn(&setup, &play.before);
	play_script();
	vt_free(play.vt);
	return 0;
}
