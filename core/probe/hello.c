#include "core/probe/hello.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "core/base/clock.h"
#include "core/probe/socket.h"

static void start(struct hello *hello)
{
	int error;

	hello->fd = hs_socket_connect(hello->address, hello->port, &error);
	hello->open = hello->fd >= 0;
}

static void end(struct hello *hello)
{
	hs_cleanup_close(&hello->fd);
	hello->open = false;
}

/* A hello fits into the buffer of a new connection, or something is odd. */
static void say(struct hello *hello)
{
	unsigned char bytes[HS_OFFER_MAX];
	size_t length;

	if (hs_socket_error(hello->fd)) {
		end(hello);
		return;
	}
	length = hs_offer_write(hello->offer, hello->name, bytes);
	if (send(hello->fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length)
		end(hello);
	hello->sent = true;
}

static void hear(struct hello *hello)
{
	ssize_t n = recv(hello->fd, hello->bytes + hello->length,
			 sizeof(hello->bytes) - hello->length, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		hello->length += (size_t)n;
	hello->reply = hs_offer_read(hello->offer, hello->bytes, hello->length,
				     &hello->offered);
	/* who closes, or floods, has refused */
	if (hello->reply == REPLY_UNFINISHED &&
	    (n <= 0 || hello->length == sizeof(hello->bytes)))
		hello->reply = n <= 0 ? REPLY_CLOSED : REPLY_OTHER;
	if (hello->reply == REPLY_UNFINISHED)
		return;
	hello->offered.asked = true;
	end(hello);
}

/* Fills the list for poll(); returns how many are still open. */
static size_t gather(struct hellos *hellos, struct pollfd *list)
{
	size_t count = 0;

	for (size_t i = 0; i < hellos->n; i++) {
		const struct hello *hello = &hellos->items[i];

		list[i].fd = hello->open ? hello->fd : -1;
		list[i].events = hello->sent ? POLLIN : POLLOUT;
		list[i].revents = 0;
		count += hello->open;
	}
	return count;
}

static void go_on(struct hellos *hellos, const struct pollfd *list)
{
	for (size_t i = 0; i < hellos->n; i++) {
		struct hello *hello = &hellos->items[i];

		if (!list[i].revents)
			continue;
		if (hello->sent)
			hear(hello);
		else
			say(hello);
	}
}

void hs_hello_ask(struct hellos *hellos, long long deadline, int cancel_fd)
{
	hs_auto_free struct pollfd *list =
		hs_alloc((hellos->n + 1) * sizeof(*list));
	struct pollfd *cancel = &list[hellos->n];

	HS_EACH(hello, hellos)
		start(hello);
	cancel->fd = cancel_fd > 0 ? cancel_fd : -1;
	cancel->events = POLLIN;
	while (hs_clock_left(deadline) && gather(hellos, list)) {
		int got = poll(list, hellos->n + 1, hs_clock_left(deadline));

		if (cancel->revents)
			break;
		if (got > 0)
			go_on(hellos, list);
	}
	HS_EACH(hello, hellos)
		if (hello->open)
			end(hello);
}
