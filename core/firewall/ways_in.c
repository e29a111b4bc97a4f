/* Where strangers come in. */
#include "core/firewall/backends.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void add(struct ways_in *ways, const char *interface, bool ipv6)
{
	HS_EACH(way, ways) {
		if (way->ipv6 == ipv6 && !strcmp(way->interface, interface))
			return;
	}
	*HS_GROW(ways) = (struct way_in){hs_strdup(interface), ipv6};
}

/* proc(5): name, destination, gateway, flags, ... */
static void add_v4_routes(struct ways_in *ways)
{
	FILE *stream = fopen("/proc/net/route", "re");
	char line[512], name[64];
	unsigned long to, mask;

	while (stream && fgets(line, sizeof(line), stream)) {
		if (sscanf(line, "%63s %lx %*s %*s %*s %*s %*s %lx", name, &to,
			   &mask) == 3 &&
		    !to && !mask)
			add(ways, name, false);
	}
	if (stream)
		fclose(stream);
}

/* Destination, length of its prefix, ..., name. */
static void add_v6_routes(struct ways_in *ways)
{
	static const char anywhere[] = "00000000000000000000000000000000";
	FILE *stream = fopen("/proc/net/ipv6_route", "re");
	char line[512], to[33], name[64];
	unsigned length;

	while (stream && fgets(line, sizeof(line), stream)) {
		if (sscanf(line, "%32s %x %*s %*s %*s %*s %*s %*s %*s %63s", to,
			   &length, name) == 3 &&
		    !length && !strcmp(to, anywhere) && strcmp(name, "lo"))
			add(ways, name, true);
	}
	if (stream)
		fclose(stream);
}

static bool has(const struct ways_in *ways, bool ipv6)
{
	HS_EACH(way, ways) {
		if (way->ipv6 == ipv6)
			return true;
	}
	return false;
}

static void add_interfaces(struct ways_in *ways, bool v4, bool v6)
{
	struct ifaddrs *all = NULL;

	if (getifaddrs(&all))
		return;
	for (const struct ifaddrs *at = all; at; at = at->ifa_next) {
		int family = at->ifa_addr ? at->ifa_addr->sa_family : 0;

		if (at->ifa_flags & IFF_LOOPBACK)
			continue;
		if ((v4 && family == AF_INET) || (v6 && family == AF_INET6))
			add(ways, at->ifa_name, family == AF_INET6);
	}
	freeifaddrs(all);
}

void hs_ways_in(struct ways_in *ret_ways)
{
	*ret_ways = (struct ways_in){0};
	add_v4_routes(ret_ways);
	add_v6_routes(ret_ways);
	add_interfaces(ret_ways, !has(ret_ways, false), !has(ret_ways, true));
	/* a machine without a network: by any that may come */
	if (!ret_ways->n)
		add(ret_ways, "", false);
}

void hs_ways_in_done(struct ways_in *ways)
{
	HS_EACH(way, ways)
		free(way->interface);
	HS_ARRAY_FREE(ways);
}
