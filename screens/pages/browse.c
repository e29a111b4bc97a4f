/* Looking for a file with a certificate or a key in it. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/str.h"
#include "screens/screen.h"

/* Nobody waits longer for what a file is; it is asked for again. */
#define WAIT_MS 60
/* Longer than that it is not looked at. */
#define PATIENCE_S 10
/* As core/cert reads no larger ones. */
#define SIZE_MAX_BYTES ((off_t)4 << 20)

/*
 * One file is looked at in a process of its own, so that the keys keep
 * working whatever is in it; what was found out is remembered.
 */
struct glance {
	pid_t pid; /* 0: none */
	int fd;
	char *path;
	struct str said;
	struct strings paths, texts; /* known already */
	int place;
	char *chosen;
};

/* Filter */

static bool has_known_ending(const char *name)
{
	static const char *const endings[] = {
		".pem", ".crt", ".cer", ".cert",  ".der", ".pfx",      ".p12",
		".p7b", ".p7c", ".key", ".chain", ".csr", ".ca-bundle"};
	size_t length = strlen(name);

	for (size_t i = 0; i < HS_LENGTH(endings); i++) {
		size_t ending = strlen(endings[i]);

		if (length > ending &&
		    strcasecmp(name + length - ending, endings[i]) == 0)
			return true;
	}
	return false;
}

/* Armour somewhere at its beginning, or a sequence of DER with a length of
 * two bytes. */
static bool begins_like_one(const char *path)
{
	char bytes[512];
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
	bool like = n >= 4 && (memcmp(bytes, "\x30\x82", 2) == 0 ||
			       memmem(bytes, (size_t)n, "-----BEGIN ", 11));

	if (fd >= 0)
		close(fd);
	explicit_bzero(bytes, sizeof(bytes));
	return like;
}

static bool offers(void *context, const char *path)
{
	struct stat st;

	(void)context;
	if (stat(path, &st) || !S_ISREG(st.st_mode) || !st.st_size ||
	    st.st_size > SIZE_MAX_BYTES)
		return false;
	return has_known_ending(path) || begins_like_one(path);
}

/* What a file is */

static void stop(struct glance *glance)
{
	if (!glance->pid)
		return;
	kill(-glance->pid, SIGKILL);
	kill(glance->pid, SIGKILL);
	waitpid(glance->pid, NULL, 0);
	close(glance->fd);
	glance->pid = 0;
	hs_str_clear(&glance->said);
}

static void tell(const char *path, int fd)
{
	struct cert_source source = {.file = path};
	char *text;
	size_t length;

	setpgid(0, 0);
	alarm(PATIENCE_S);
	text = scr_describe(&source);
	length = strlen(text);
	_exit(write(fd, text, length) != (ssize_t)length);
}

static void start(struct glance *glance, const char *path)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return;
	glance->pid = fork();
	if (glance->pid == 0)
		tell(path, ends[1]);
	close(ends[1]);
	if (glance->pid < 0) {
		close(ends[0]);
		glance->pid = 0;
		return;
	}
	glance->fd = ends[0];
	hs_replace(&glance->path, path);
}

/* True at the end of what it says. */
static bool listen_to(struct glance *glance)
{
	struct pollfd answer = {glance->fd, POLLIN, 0};
	char bytes[512];
	ssize_t n;

	while (poll(&answer, 1, WAIT_MS) > 0) {
		n = read(glance->fd, bytes, sizeof(bytes));
		if (n <= 0)
			return true;
		hs_str_add(&glance->said, bytes, (size_t)n);
	}
	return false;
}

static char *remember(struct glance *glance)
{
	const char *text = glance->said.len ? hs_str_text(&glance->said)
					    : N_("it cannot be read");
	char *copy = hs_strdup(text);

	hs_strings_add(&glance->paths, glance->path);
	hs_strings_add(&glance->texts, text);
	stop(glance);
	return copy;
}

static char *describe(void *context, const char *path)
{
	struct glance *glance = context;

	for (size_t i = 0; i < glance->paths.n; i++)
		if (strcmp(glance->paths.items[i], path) == 0)
			return hs_strdup(glance->texts.items[i]);
	if (glance->pid && strcmp(glance->path, path) != 0)
		stop(glance);
	if (!glance->pid)
		start(glance, path);
	if (glance->pid && listen_to(glance))
		return remember(glance);
	return NULL;
}

/* Where to look */

/* The place `i` where certificates usually are, to be freed; NULL: that is
 * the end of them. */
static char *place_at(int i)
{
	static const char *const places[] = {"/root", "/etc/letsencrypt/live",
					     "/etc/ssl/https-setup", "/etc/ssl",
					     "/etc/pki/tls"};
	const char *home = getenv("HOME");

	if (i == 0)
		return hs_strdup(home && *home == '/' ? home : "/");
	if ((size_t)i > HS_LENGTH(places))
		return NULL;
	return hs_strdup(places[i - 1]);
}

/* Goes to the next place that can be read, after the last one to the first. */
static void go_to_next_place(struct tui_widget *browser, struct glance *glance)
{
	for (int tries = 0; tries < 2; glance->place = 0, tries++) {
		char *place;

		while ((place = place_at(glance->place))) {
			int failed = tui_browser_open(browser, place);

			free(place);
			glance->place++;
			if (!failed)
				return;
		}
	}
}

/* Where the answer is, else the first place with a file to offer. */
static void begin(struct tui_widget *browser, struct glance *glance,
		  const char *path)
{
	hs_auto_free char *full = *path ? realpath(path, NULL) : NULL;

	if (full && tui_browser_open(browser, full) == 0)
		return;
	if (*path == '/' && tui_browser_open(browser, path) == 0)
		return;
	for (int i = 0; i < 6 && !tui_browser_files(browser); i++)
		go_to_next_place(browser, glance);
	if (tui_browser_files(browser))
		return;
	glance->place = 0;
	go_to_next_place(browser, glance);
}

static bool look(struct scr_view *view)
{
	return tui_browser_look(view->form.items[0]);
}

/* Where function keys are the terminal's own, digits stand for them. */
static void press(struct scr_view *view, const struct tui_event *event)
{
	if (event->kind == TUI_F1 + 3)
		go_to_next_place(view->form.items[0], view->context);
}

static void choose(struct scr_view *view)
{
	struct glance *glance = view->context;

	glance->chosen = tui_browser_chosen(view->form.items[0]);
}

char *scr_browse(const char *path)
{
	struct glance glance = {0};
	const struct tui_browser_ops ops = {offers, describe, &glance};
	struct scr_view view = {
		.title = N_("Certificates and keys"),
		.keys = N_(
			"Enter choose  Left above  F4 other place  Esc back"),
		.few_keys = N_("Enter Left above F4 other Esc"),
		.idle = look,
		.key = press,
		.choose = choose,
		.context = &glance,
	};
	struct tui_widget *browser =
		tui_form_add(&view.form, tui_browser_new(4, &ops));

	begin(browser, &glance, path);
	tui_form_focus(&view.form, NULL);
	scr_view_run(&view);
	stop(&glance);
	free(glance.path);
	hs_str_done(&glance.said);
	hs_strings_done(&glance.paths);
	hs_strings_done(&glance.texts);
	return glance.chosen;
}
