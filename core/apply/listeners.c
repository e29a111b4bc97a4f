#include "core/apply/listeners.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/str.h"

#define TCP_LISTENING "0A"

static char *spell_address(const void *words, bool v6)
{
	static const unsigned none;
	char text[INET6_ADDRSTRLEN];

	if (!v6 && !memcmp(words, &none, sizeof(none)))
		return hs_strdup("*");
	inet_ntop(v6 ? AF_INET6 : AF_INET, words, text, sizeof(text));
	return v6 ? hs_format("[%s]", text) : hs_strdup(text);
}

static int ask_kernel(int netlink, unsigned char family)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 request;
	} message = {
		.header =
			{
				.nlmsg_len = sizeof(message),
				.nlmsg_type = SOCK_DIAG_BY_FAMILY,
				.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			},
		.request =
			{
				.sdiag_family = family,
				.sdiag_protocol = IPPROTO_TCP,
				.idiag_states = 1u << TCP_LISTEN,
			},
	};

	return send(netlink, &message, sizeof(message), 0) < 0 ? -1 : 0;
}

static void take_listener(const struct nlmsghdr *message, struct facts *facts)
{
	const struct inet_diag_msg *found = NLMSG_DATA(message);
	bool v6 = found->idiag_family == AF_INET6;

	*HS_GROW(&facts->ports) = (struct port_use){
		.port = ntohs(found->id.idiag_sport),
		.address = spell_address(found->id.idiag_src, v6),
		.inode = found->idiag_inode,
	};
}

/* One datagram of the answer: 1 when more follow, 0 at the end, -1 when the
 * kernel does not tell. */
static int take_answer(int netlink, struct facts *facts)
{
	_Alignas(struct nlmsghdr) char bytes[32768];
	ssize_t got = recv(netlink, bytes, sizeof(bytes), 0);
	size_t left = got > 0 ? (size_t)got : 0;

	if (got <= 0)
		return got < 0 && errno == EINTR ? 1 : -1;
	for (struct nlmsghdr *message = (struct nlmsghdr *)(void *)bytes;
	     NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
		if (message->nlmsg_type == NLMSG_DONE)
			return 0;
		if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY)
			return -1;
		take_listener(message, facts);
	}
	return 1;
}

static int ask_diag(int netlink, unsigned char family, struct facts *facts)
{
	int more;

	if (ask_kernel(netlink, family))
		return -1;
	while ((more = take_answer(netlink, facts)) > 0)
		;
	return more;
}

static int look_by_diag(struct facts *facts)
{
	hs_auto_close int netlink =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);

	return netlink < 0 || ask_diag(netlink, AF_INET, facts) ||
			       ask_diag(netlink, AF_INET6, facts)
		       ? -1
		       : 0;
}

/* One line of /proc/net/tcp or tcp6: its address words are in host order. */
static int parse_line(const char *line, bool v6, struct port_use *ret_use)
{
	char address[33], state[3];
	unsigned port, words[4] = {0};
	unsigned long inode;

	if (sscanf(line,
		   " %*u: %32[0-9A-F]:%x %*[0-9A-F]:%*x %2s %*s %*s %*s %*s "
		   "%*s %lu",
		   address, &port, state, &inode) != 4 ||
	    strcmp(state, TCP_LISTENING) != 0)
		return -1;
	for (int i = 0; i < (v6 ? 4 : 1); i++) {
		char word[9] = {0};

		memcpy(word, address + 8 * i, 8);
		words[i] = (unsigned)strtoul(word, NULL, 16);
	}
	*ret_use = (struct port_use){
		.port = (int)port,
		.address = spell_address(words, v6),
		.inode = inode,
	};
	return 0;
}

static void look_in_table(const char *path, bool v6, struct facts *facts)
{
	FILE *stream = fopen(path, "re");
	char line[512];
	struct port_use use;

	while (stream && fgets(line, sizeof(line), stream)) {
		if (!parse_line(line, v6, &use))
			HS_PUSH(&facts->ports, use);
	}
	if (stream)
		fclose(stream);
}

static void forget(struct facts *facts)
{
	HS_EACH(use, &facts->ports)
		free(use->address);
	facts->ports.n = 0;
}

/* The tables in /proc hold every connection, and the kernel walks through all
 * of its hash for them: milliseconds, where the other way takes none. */
void hs_listeners_look(struct facts *facts)
{
	if (!look_by_diag(facts))
		return;
	forget(facts);
	look_in_table("/proc/net/tcp", false, facts);
	look_in_table("/proc/net/tcp6", true, facts);
}
