/*
 * A server that is odd in one way: odd PORT HOW [ADDRESS].
 *
 *	silent	accepts, and says nothing
 *	full	listens, and takes nobody in: connections time out
 *	reset	accepts, and resets the connection
 *	close	accepts, and closes it at once
 *	drip	answers one byte every so often, for ever
 *	noise	answers with bytes that are no protocol, escapes among them
 *	alert	answers every hello with a TLS alert
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MANY 1024
#define DRIP_MS 50

static struct guest {
	int fd;
	size_t at; /* in what is dripped on it */
} guests[MANY];
static int count;

static void keep(int guest)
{
	if (count == MANY)
		close(guest);
	else
		guests[count++].fd = guest;
}

/* To close with SO_LINGER 0 sends a reset instead of a farewell. */
static void reset(int guest)
{
	const struct linger linger = {.l_onoff = 1};

	setsockopt(guest, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(guest);
}

static void turn_away(int guest)
{
	close(guest);
}

static void answer(int guest, const char *bytes, size_t length)
{
	char hello[4096];

	/* unread bytes would make the farewell a reset */
	if (read(guest, hello, sizeof(hello)) > 0)
		(void)!write(guest, bytes, length);
	shutdown(guest, SHUT_WR);
	keep(guest);
}

static void make_noise(int guest)
{
	static const char noise[] = "\033]0;owned\007\033[31mRED\033[0m\r\n\0x";

	answer(guest, noise, sizeof(noise));
}

/* handshake_failure (RFC 8446, 6) */
static void alert(int guest)
{
	static const char fatal[] = "\x15\x03\x03\x00\x02\x02\x28";

	answer(guest, fatal, sizeof(fatal) - 1);
}

static const struct way {
	const char *name;
	void (*welcome)(int guest);
	bool drips;
} ways[] = {
	{"silent", keep, false}, {"full", NULL, false},
	{"reset", reset, false}, {"close", turn_away, false},
	{"drip", keep, true},	 {"noise", make_noise, false},
	{"alert", alert, false},
};

static const struct way *find_way(const char *name)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (!strcmp(ways[i].name, name))
			return &ways[i];
	return NULL;
}

/* A handshake record of 16 KiB that never ends. */
static void drip_on_all(void)
{
	static const char start[] = "\x16\x03\x03\x40\x00\x02\x00\x3f\xfc";

	for (int i = 0; i < count; i++) {
		struct guest *guest = &guests[i];
		bool more = guest->at < sizeof(start) - 1;
		char byte = more ? start[guest->at++] : 0;

		(void)!send(guest->fd, &byte, 1, MSG_NOSIGNAL);
	}
}

static int open_port(int port, const char *address, int backlog)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (inet_pton(AF_INET, address, &to.sin_addr) != 1 ||
	    bind(fd, (struct sockaddr *)&to, sizeof(to)) ||
	    listen(fd, backlog)) {
		perror(address);
		exit(1);
	}
	return fd;
}

/* Fills the queue of those that wait to be taken in, with ourselves. */
static void fill(int port, const char *address)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
	};

	inet_pton(AF_INET, address, &to.sin_addr);
	for (int i = 0; i < 4; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

		(void)!connect(fd, (struct sockaddr *)&to, sizeof(to));
	}
}

static void serve(int fd, const struct way *way)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};

	for (;;) {
		int got = poll(&ready, 1, way->drips ? DRIP_MS : -1);

		if (got == 0)
			drip_on_all();
		if (got > 0)
			way->welcome(accept(fd, NULL, NULL));
	}
}

int main(int argc, char *argv[])
{
	const struct way *way = argc > 2 ? find_way(argv[2]) : NULL;
	const char *address = argc > 3 ? argv[3] : "127.0.0.1";
	int port = argc > 1 ? atoi(argv[1]) : 0;
	int fd;

	if (!way)
		return 2;
	fd = open_port(port, address, way->welcome ? 128 : 0);
	if (way->welcome)
		serve(fd, way);
	fill(port, address);
	for (;;)
		pause();
}
