#include "core/probe/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "core/base/cleanup.h"
#include "core/base/clock.h"

/* An address of either family, for connect(). */
union endpoint {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static bool read_address(const char *text, union endpoint *ret_endpoint)
{
	union endpoint endpoint = {0};

	if (inet_pton(AF_INET, text, &endpoint.v4.sin_addr) == 1)
		endpoint.any.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &endpoint.v6.sin6_addr) == 1)
		endpoint.any.sa_family = AF_INET6;
	else
		return false;
	*ret_endpoint = endpoint;
	return true;
}

bool hs_socket_is_address(const char *text)
{
	return read_address(text, &(union endpoint){0});
}

int hs_socket_connect(const char *address, int port, int *ret_error)
{
	union endpoint to;
	int fd;

	*ret_error = EINVAL;
	if (!read_address(address, &to))
		return -1;
	if (to.any.sa_family == AF_INET)
		to.v4.sin_port = htons((uint16_t)port);
	else
		to.v6.sin6_port = htons((uint16_t)port);
	fd = socket(to.any.sa_family,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
	    (!connect(fd, &to.any, sizeof(to)) || errno == EINPROGRESS)) {
		*ret_error = 0;
		return fd;
	}
	*ret_error = errno;
	hs_cleanup_close(&fd);
	return -1;
}

int hs_socket_error(int fd)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size))
		return errno;
	return error;
}

bool hs_socket_await(int fd, short events, long long deadline, int cancel_fd)
{
	struct pollfd ready[] = {
		{.fd = fd, .events = events},
		{.fd = cancel_fd > 0 ? cancel_fd : -1, .events = POLLIN},
	};
	int got;

	do
		got = poll(ready, HS_LENGTH(ready), hs_clock_left(deadline));
	while (got < 0 && errno == EINTR);
	return got > 0 && ready[0].revents;
}
