#include "core/apply/job/job.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"

#define LOOK_MS 20 /* between looks whether somebody has enough of it */

static void write_address(int to, const struct addrinfo *one)
{
	char text[INET6_ADDRSTRLEN + 1];
	size_t length;

	if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof(text) - 1,
			NULL, 0, NI_NUMERICHOST))
		return;
	length = strlen(text);
	text[length++] = '\n';
	if (write(to, text, length) < 0)
		_exit(1);
}

/* The system's resolver cannot be told when to stop: a child can. */
static void be_resolver(const char *name, int to)
{
	const struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_ADDRCONFIG,
	};
	struct addrinfo *list = NULL;

	signal(SIGPIPE, SIG_DFL);
	if (!getaddrinfo(name, NULL, &hints, &list)) {
		for (struct addrinfo *one = list; one; one = one->ai_next)
			write_address(to, one);
	}
	_exit(0);
}

/* Waits until there is something to read; false when the time is up, or
 * whoever waits has no patience. */
static bool waits_for(int fd, long long deadline,
		      const struct cert_patience *patience)
{
	struct pollfd one = {.fd = fd, .events = POLLIN};

	for (;;) {
		int left = hs_clock_left(deadline);
		int ready = poll(&one, 1,
				 patience && left > LOOK_MS ? LOOK_MS : left);

		if (ready > 0)
			return true;
		if ((!ready && left <= LOOK_MS) ||
		    (patience && patience->cancelled(patience->context)))
			return false;
	}
}

/* Reads until the other side ends; -1 when it is not waited for any more. */
static int read_until(int fd, long long deadline,
		      const struct cert_patience *patience,
		      struct str *ret_text)
{
	char piece[512];

	for (;;) {
		ssize_t n;

		if (!waits_for(fd, deadline, patience))
			return -1;
		n = read(fd, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		hs_str_add(ret_text, piece, (size_t)n);
	}
}

static void take_addresses(struct str *text, struct strings *addresses)
{
	char *rest = text->data, *line;

	while (rest && (line = strsep(&rest, "\n"))) {
		if (*line && !hs_strings_has(addresses, line))
			hs_strings_add(addresses, line);
	}
}

static int ask(const char *name, int timeout_ms,
	       const struct cert_patience *patience, struct str *ret_text)
{
	int ends[2], result;
	pid_t pid;

	if (pipe(ends))
		return -1;
	pid = fork();
	if (!pid) {
		close(ends[0]);
		be_resolver(name, ends[1]);
	}
	close(ends[1]);
	result = pid < 0 ? -1
			 : read_until(ends[0], hs_clock_ms() + timeout_ms,
				      patience, ret_text);
	close(ends[0]);
	if (pid > 0) {
		kill(pid, SIGKILL);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return result;
}

static bool is_address(const char *name)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, name, bytes) == 1 ||
	       inet_pton(AF_INET6, name, bytes) == 1;
}

void hs_job_resolve(struct job *job)
{
	const char *name = job->settings.name;
	int timeout_ms =
		job->options.timeout_ms ? job->options.timeout_ms : 5000;
	struct strings *addresses = &job->facts.name.addresses;
	hs_auto_str struct str text = {0};

	hs_strings_done(addresses);
	job->facts.name.looked_up = false;
	if (!name || !*name || is_address(name) || job->facts.offline)
		return;
	if (ask(name, timeout_ms, job->options.patience, &text))
		return;
	job->facts.name.looked_up = true;
	take_addresses(&text, addresses);
}
