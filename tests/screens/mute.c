/*
 * Preloaded into a program: the resolver does not answer.
 */
#include <netdb.h>
#include <unistd.h>

int getaddrinfo(const char *node, const char *service,
		const struct addrinfo *hints, struct addrinfo **ret_list)
{
	(void)node;
	(void)service;
	(void)hints;
	(void)ret_list;
	for (;;)
		pause();
}
