/*
 * A server that behaves badly on purpose: `hostile WAY PORT-FILE` listens on a
 * port of loopback, writes its number into the file, and treats each
 * connection the same way until it is ended.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool put(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length) {
		ssize_t n = send(fd, at, length, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		at += n;
		length -= (size_t)n;
	}
	return true;
}

static void hear(int fd)
{
	char bytes[4096];

	(void)!read(fd, bytes, sizeof(bytes));
}

/* Until the other side goes away. */
static void await_end(int fd)
{
	char bytes[4096];

	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
}

static void say_nothing(int fd)
{
	await_end(fd);
}

/* One byte a second of a ServerHello. */
static void be_slow(int fd)
{
	static const unsigned char start[] = {0x16, 3, 3, 0x40, 0, 2, 0, 0x3f};
	struct pollfd none = {.fd = -1};

	for (size_t i = 0; put(fd, &start[i % sizeof(start)], 1); i++)
		poll(&none, 1, 1000);
}

static void send_headers_for_ever(int fd)
{
	static const char line[] = "X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";

	hear(fd);
	if (!put(fd, "HTTP/1.1 200 OK\r\n", 17))
		return;
	for (size_t sent = 0; sent < 10 << 20; sent += sizeof(line) - 1)
		if (!put(fd, line, sizeof(line) - 1))
			return;
}

static void send_garbage_for_ever(int fd)
{
	static const char noise[4096] = {0x16, 3, 3, 0x7f};

	while (put(fd, noise, sizeof(noise)))
		;
}

/* handshake_failure */
static void send_alert(int fd)
{
	hear(fd);
	put(fd, "\x15\3\3\0\2\2\x28", 7);
}

static void reset(int fd)
{
	struct linger now = {.l_onoff = 1};

	hear(fd);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static void speak_http(int fd)
{
	static const char answer[] =
		"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

	hear(fd);
	put(fd, answer, sizeof(answer) - 1);
}

static void send_escapes(int fd)
{
	static const char answer[] =
		"HTTP/1.1 302 Found\r\n"
		"Location: https://example.test/\033]0;owned\007\033[2J\r\n"
		"Strict-Transport-Security: max-age=1\033[31m\r\n"
		"Content-Length: 0\r\nConnection: close\r\n\r\n";

	hear(fd);
	put(fd, answer, sizeof(answer) - 1);
}

/* A ServerHello of SSL 3, to whoever offers it. */
static void speak_ssl_3(int fd)
{
	unsigned char hello[1024] = {0};
	unsigned char answer[47] = {0x16, 3, 0, 0, 42, 2, 0, 0, 38, 3, 0};

	if (read(fd, hello, sizeof(hello)) < 11 || hello[0] != 0x16 ||
	    hello[10] != 0) {
		put(fd, "\x15\3\0\0\2\2\x28", 7);
		return;
	}
	answer[45] = 0x2f;
	put(fd, answer, sizeof(answer));
}

static const struct {
	const char *name;
	void (*treat)(int fd);
} ways[] = {
	{"silent", say_nothing},
	{"slow", be_slow},
	{"headers", send_headers_for_ever},
	{"garbage", send_garbage_for_ever},
	{"alert", send_alert},
	{"reset", reset},
	{"http", speak_http},
	{"escapes", send_escapes},
	{"ssl3", speak_ssl_3},
};

static void (*treat)(int fd);

static void *serve(void *context)
{
	int fd = *(int *)context;

	free(context);
	treat(fd);
	close(fd);
	return NULL;
}

static int listen_somewhere(const char *path)
{
	struct sockaddr_in any = {.sin_family = AF_INET};
	socklen_t size = sizeof(any);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FILE *file;

	any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) || listen(fd, 128) ||
	    getsockname(fd, (struct sockaddr *)&any, &size))
		return -1;
	file = fopen(path, "w");
	if (!file)
		return -1;
	fprintf(file, "%d\n", ntohs(any.sin_port));
	fclose(file);
	return fd;
}

static int accept_all(int listener)
{
	for (;;) {
		int *fd = malloc(sizeof(*fd));
		pthread_t thread;

		if (!fd)
			return 1;
		*fd = accept(listener, NULL, NULL);
		if (*fd < 0 || pthread_create(&thread, NULL, serve, fd))
			return 1;
		pthread_detach(thread);
	}
}

int main(int argc, char *argv[])
{
	int listener;

	for (size_t i = 0; argc == 3 && i < sizeof(ways) / sizeof(*ways); i++)
		if (!strcmp(ways[i].name, argv[1]))
			treat = ways[i].treat;
	if (!treat)
		return 2;
	listener = listen_somewhere(argv[2]);
	return listener < 0 ? 1 : accept_all(listener);
}
