/*
 * A look at the live site in a process of its own, so that the interface never
 * waits and what the wizard knows stays as it is.  The process sends what it
 * found through a pipe, as texts that each end with a NUL: a severity or
 * "address", then as many as that kind has.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/settings/live/explain.h"
#include "screens/screen.h"
#include "tui/signals.h"

/* The doctor ends within 15 seconds; a process that hangs all the same is
 * ended. */
#define LIMIT_MS 17000
/* More than this is not what the process says. */
#define BYTES_MAX (4 << 20)

#define ADDRESS "address"
#define END "end"

struct glance {
	pid_t pid;
	int fd;
	long long since;
	struct str bytes;
};

/* In the process */

static void give_up(void)
{
	_exit(HS_CANNOT);
}

static void put(struct str *out, const char *text)
{
	hs_auto_free char *safe =
		hs_text_safe(text ? text : "", text ? strlen(text) : 0, 0);

	hs_str_add(out, safe, strlen(safe) + 1);
}

static void put_finding(const struct job *job, const struct finding *finding,
			struct str *out)
{
	struct explanation why;

	hs_explain(finding, &job->settings, &job->facts, &why);
	put(out, hs_severity_word(finding->severity));
	put(out, finding->id);
	put(out, finding->question);
	put(out, finding->message);
	put(out, why.browser);
	put(out, why.means);
	put(out, why.cause);
	put(out, why.where);
	put(out, finding->remedy);
	hs_explanation_done(&why);
}

static void put_table(const struct job *job, struct str *out)
{
	struct live_table table;

	scr_live_collect(&job->facts.probes, NULL, &table);
	HS_EACH(column, &table) {
		put(out, ADDRESS);
		for (int row = 0; row < LIVE_ROWS; row++)
			put(out, column->cells[row]);
	}
	scr_live_done(&table);
}

static void put_error(const struct error *err, struct str *out)
{
	hs_auto_free char *message = hs_strdup(err->what);
	const struct finding finding = {
		.id = *err->id ? err->id : "live.connect",
		.severity = SEVERITY_ERROR,
		.message = message,
		.remedy = err->hint,
	};

	put_finding(&(struct job){0}, &finding, out);
}

/* What the operator is about to install is not what should be served yet. */
static int ask_for(struct job *job, const char *name, int port,
		   struct error *err)
{
	hs_auto_free char *number = hs_format("%d", port);

	hs_question_reset(hs_question_by_id("certificate.file"),
			  &job->settings);
	hs_question_reset(hs_question_by_id("certificate.self-signed"),
			  &job->settings);
	job->facts.bundle = (struct bundle){0};
	if (hs_question_answer(hs_question_by_id("name"), &job->settings, name,
			       ORIGIN_OPERATOR, NULL, err))
		return -1;
	return hs_question_answer(hs_question_by_id("bindings.https-port"),
				  &job->settings, number, ORIGIN_OPERATOR, NULL,
				  err);
}

static void send_all(int fd, const struct str *out)
{
	for (size_t sent = 0; sent < out->len;) {
		ssize_t n = write(fd, out->data + sent, out->len - sent);

		if (n < 0 && errno != EINTR)
			_exit(HS_CANNOT);
		sent += n > 0 ? (size_t)n : 0;
	}
}

/* Never comes back.  It shares nothing with the interface but the pipe. */
static void look(struct job job, const char *name, int port, int fd)
{
	struct findings findings = {0};
	struct str out = {0};
	struct error err = {0};

	tui_signals_release();
	hs_memory_on_exhausted(give_up);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (ask_for(&job, name, port, &err) ||
	    hs_job_diagnose(&job, "/", &findings, &err))
		put_error(&err, &out);
	put_table(&job, &out);
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_OK; severity--)
		HS_EACH(finding, &findings)
			if ((int)finding->severity == severity)
				put_finding(&job, finding, &out);
	put(&out, END);
	send_all(fd, &out);
	_exit(HS_OK);
}

/* In the wizard */

struct glance *scr_glance_start(const struct job *job, const char *name,
				int port, struct error *err)
{
	struct glance *glance;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC)) {
		hs_fail_errno(err, HS_CANNOT, "a look at the live site");
		return NULL;
	}
	pid = fork();
	if (pid == 0)
		look(*job, name, port, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		hs_fail_errno(err, HS_CANNOT, "a look at the live site");
		close(ends[0]);
		return NULL;
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	glance = hs_alloc(sizeof(*glance));
	*glance = (struct glance){
		.pid = pid, .fd = ends[0], .since = hs_clock_ms()};
	return glance;
}

bool scr_glance_read(struct glance *glance)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(glance->fd, bytes, sizeof(bytes))) > 0 &&
	       glance->bytes.len < BYTES_MAX)
		hs_str_add(&glance->bytes, bytes, (size_t)n);
	return n >= 0 || (errno != EAGAIN && errno != EINTR) ||
	       hs_clock_ms() - glance->since > LIMIT_MS;
}

int scr_glance_seconds(const struct glance *glance)
{
	return (int)((hs_clock_ms() - glance->since) / 1000);
}

/* The next `n` texts; NULL: there are not as many. */
static const char *take_texts(const char **at, const char *end, int n,
			      char **ret_texts)
{
	const char *first = *at;

	for (int i = 0; i < n; i++) {
		if (*at >= end || !memchr(*at, '\0', (size_t)(end - *at)))
			return NULL;
		if (ret_texts)
			ret_texts[i] = hs_strdup(*at);
		*at += strlen(*at) + 1;
	}
	return first;
}

static enum severity severity_of(const char *word)
{
	for (int severity = SEVERITY_OK; severity <= SEVERITY_ERROR; severity++)
		if (strcmp(word, hs_severity_word(severity)) == 0)
			return (enum severity)severity;
	return SEVERITY_ERROR;
}

int scr_glance_take(struct glance *glance, struct live_table *ret_table,
		    struct seens *ret_seens)
{
	const char *at = glance->bytes.data;
	const char *end = at + glance->bytes.len, *kind;

	*ret_table = (struct live_table){0};
	*ret_seens = (struct seens){0};
	while (at && (kind = take_texts(&at, end, 1, NULL))) {
		struct live_column column = {0};
		struct seen seen = {.severity = severity_of(kind)};

		if (strcmp(kind, END) == 0)
			return 0;
		if (strcmp(kind, ADDRESS) == 0) {
			if (!take_texts(&at, end, LIVE_ROWS, column.cells))
				break;
			HS_PUSH(ret_table, column);
		} else {
			if (!take_texts(&at, end, SEEN_TEXTS, seen.texts))
				break;
			HS_PUSH(ret_seens, seen);
		}
	}
	return -1;
}

void scr_glance_end(struct glance *glance)
{
	if (!glance)
		return;
	kill(glance->pid, SIGKILL);
	while (waitpid(glance->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(glance->fd);
	hs_str_done(&glance->bytes);
	free(glance);
}

void scr_seens_done(struct seens *seens)
{
	HS_EACH(seen, seens)
		for (int i = 0; i < SEEN_TEXTS; i++)
			free(seen->texts[i]);
	HS_ARRAY_FREE(seens);
}
