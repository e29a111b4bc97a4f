#include "core/server/network.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "core/base/cleanup.h"
#include "core/base/index.h"

#define LOOPBACK 1 /* the first interface of every network namespace */
#define DNS_PORT 53

static int raise_loopback(void)
{
	hs_auto_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {.ifr_flags = IFF_UP | IFF_RUNNING};

	memcpy(request.ifr_name, "lo", sizeof("lo"));
	return fd < 0 ? -1 : ioctl(fd, SIOCSIFFLAGS, &request);
}

/*
 * Every address of the family is local, as `ip route add local default dev lo`
 * makes it: it can be bound and, where nobody listens, refuses at once.  The
 * kernel's answer is not waited for: what it does not do is found missing when
 * the server starts.
 */
static void make_all_local(unsigned char family)
{
	hs_auto_close int netlink =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct {
		struct nlmsghdr header;
		struct rtmsg route;
		struct rtattr name;
		int device;
	} message = {
		.header =
			{
				.nlmsg_len = sizeof(message),
				.nlmsg_type = RTM_NEWROUTE,
				.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE,
			},
		.route =
			{
				.rtm_family = family,
				.rtm_table = RT_TABLE_LOCAL,
				.rtm_protocol = RTPROT_STATIC,
				.rtm_scope = RT_SCOPE_HOST,
				.rtm_type = RTN_LOCAL,
			},
		.name =
			{
				.rta_len = RTA_LENGTH(sizeof(int)),
				.rta_type = RTA_OIF,
			},
		.device = LOOPBACK,
	};

	if (netlink >= 0)
		(void)!send(netlink, &message, sizeof(message), 0);
}

/* The files below /proc/sys/net are those of the network of whoever opens
 * them. */
static void set(const char *path, const char *value)
{
	hs_auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0)
		(void)!write(fd, value, strlen(value));
}

/* For both families where the kernel has both. */
static int open_names(void)
{
	const struct sockaddr_in6 both = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(DNS_PORT),
	};
	const struct sockaddr_in v4 = {
		.sin_family = AF_INET,
		.sin_port = htons(DNS_PORT),
	};
	int type = SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, off = 0;
	int fd = socket(AF_INET6, type, 0);

	if (fd >= 0 &&
	    !setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) &&
	    !bind(fd, (const struct sockaddr *)&both, sizeof(both)))
		return fd;
	hs_cleanup_close(&fd);
	fd = socket(AF_INET, type, 0);
	if (fd >= 0 && !bind(fd, (const struct sockaddr *)&v4, sizeof(v4)))
		return fd;
	hs_cleanup_close(&fd);
	return -1;
}

int hs_network_make(void)
{
	if (raise_loopback())
		return -1;
	make_all_local(AF_INET);
	make_all_local(AF_INET6);
	/* IPv6 is stricter about what may be bound */
	set("/proc/sys/net/ipv6/ip_nonlocal_bind", "1");
	set("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
	return open_names();
}

#define HEADER 12
#define ANSWER 16
#define TYPE_A 1
#define CLASS_IN 1

/* Behind the name that begins there; 0: it does not end. */
static size_t skip_name(const unsigned char *message, size_t length, size_t at)
{
	while (at < length && message[at] && message[at] < 64)
		at += 1u + message[at];
	return at < length && !message[at] ? at + 1 : 0;
}

size_t hs_network_reply(unsigned char *message, size_t length, size_t room)
{
	unsigned char answer[ANSWER] = {0xc0, HEADER, 0, TYPE_A, 0, CLASS_IN,
					0,    0,      0, 0,	 0, 4,
					198,  18,     0, 0};
	size_t name = skip_name(message, length, HEADER), end = name + 4;
	uint64_t hash;
	bool asks;

	if (length < HEADER || message[2] & 0x80 || !name || end > length ||
	    end + ANSWER > room)
		return 0;
	asks = !message[name] && message[name + 1] == TYPE_A &&
	       !message[name + 2] && message[name + 3] == CLASS_IN;
	/* a name always has the same address, and hardly ever another's */
	hash = hs_index_hash(HS_INDEX_SEED, message + HEADER, name - HEADER);
	answer[13] = (unsigned char)(18 + (hash & 1));
	answer[14] = (unsigned char)(hash >> 8);
	answer[15] = (unsigned char)(1 + (hash >> 16) % 254);
	message[2] = 0x84 | (message[2] & 1); /* an answer, of authority */
	message[3] = 0x80;		      /* recursion is to be had */
	memset(message + 4, 0, 8);
	message[5] = 1;
	message[7] = asks;
	if (asks)
		memcpy(message + end, answer, ANSWER);
	return end + (asks ? ANSWER : 0);
}

void hs_network_answer(int names)
{
	unsigned char message[1024];
	struct sockaddr_storage from;
	socklen_t size = sizeof(from);
	ssize_t got;
	size_t length;

	while ((got = recvfrom(names, message, sizeof(message), 0,
			       (struct sockaddr *)&from, &size)) >= 0) {
		length =
			hs_network_reply(message, (size_t)got, sizeof(message));
		if (length)
			(void)!sendto(names, message, length, 0,
				      (struct sockaddr *)&from, size);
		size = sizeof(from);
	}
}
