#include "core/apply/job/parts.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/apply/listeners.h"
#include "core/base/text.h"
#include "core/firewall/firewall.h"
#include "core/product/product.h"

static void add_address(struct facts *facts, const struct sockaddr *address)
{
	char text[INET6_ADDRSTRLEN];
	const void *bytes;

	if (address->sa_family == AF_INET) {
		bytes = &((const struct sockaddr_in *)address)->sin_addr;
	} else if (address->sa_family == AF_INET6) {
		bytes = &((const struct sockaddr_in6 *)address)->sin6_addr;
		if (IN6_IS_ADDR_LINKLOCAL((const struct in6_addr *)bytes))
			return;
	} else {
		return;
	}
	inet_ntop(address->sa_family, bytes, text, sizeof(text));
	if (!hs_strings_has(&facts->addresses, text))
		hs_strings_add(&facts->addresses, text);
}

static void look_at_addresses(struct facts *facts)
{
	struct ifaddrs *list;

	if (getifaddrs(&list))
		return;
	for (struct ifaddrs *one = list; one; one = one->ifa_next) {
		if (one->ifa_addr && !(one->ifa_flags & IFF_LOOPBACK))
			add_address(facts, one->ifa_addr);
	}
	freeifaddrs(list);
}

/* The kernel lists its IPv6 addresses there, loopback among them, unless IPv6
 * is switched off. */
static bool has_ipv6(void)
{
	hs_auto_close int fd = open("/proc/net/if_inet6", O_RDONLY | O_CLOEXEC);
	char byte;

	return fd >= 0 && read(fd, &byte, 1) == 1;
}

static void look_at_network(struct facts *facts)
{
	/* Who it is, only the socket says here: looking through every process
	 * for its program waits until somebody asks. */
	hs_listeners_look(facts);
	look_at_addresses(facts);
	facts->ipv6 = has_ipv6();
}

int hs_job_look(struct job *job, struct error *err)
{
	struct bundle bundle = job->facts.bundle;

	job->facts.bundle = (struct bundle){0};
	hs_plan_own(&job->plan);
	hs_facts_done(&job->facts);
	job->facts = (struct facts){
		.now = time(NULL),
		.bundle = bundle,
		.offline = hs_root_is_offline(&job->root),
		.ipv6 = true,
	};
	job->tested = false;
	if (!job->facts.offline)
		look_at_network(&job->facts);
	if (hs_servers_detect(&job->root, &job->settings, job->options.cert_dir,
			      &job->facts, err) ||
	    hs_products_detect(&job->root, &job->facts, err) ||
	    hs_firewalls_detect(&job->root, &job->settings, &job->facts, err))
		return -1;
	return 0;
}

/* The inode of a process's open socket, 0: no socket. */
static unsigned long socket_inode(int fds, const char *name)
{
	char target[64];
	ssize_t length = readlinkat(fds, name, target, sizeof(target) - 1);
	unsigned long inode;

	if (length <= 0)
		return 0;
	target[length] = '\0';
	return sscanf(target, "socket:[%lu]", &inode) == 1 ? inode : 0;
}

static char *program_name(long pid)
{
	hs_auto_free char *path = hs_format("/proc/%ld/comm", pid);
	hs_auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	char name[64];
	ssize_t length = fd < 0 ? 0 : read(fd, name, sizeof(name));

	if (length > 0 && name[length - 1] == '\n')
		length--;
	return length > 0 ? hs_text_safe(name, (size_t)length, 0) : NULL;
}

static void claim(struct facts *facts, unsigned long inode, long pid)
{
	HS_EACH(use, &facts->ports) {
		if (use->inode != inode || use->program)
			continue;
		use->pid = (pid_t)pid;
		use->program = program_name(pid);
	}
}

/* Notes every listener that the process holds. */
static void look_at_process(struct facts *facts, long pid)
{
	hs_auto_free char *path = hs_format("/proc/%ld/fd", pid);
	DIR *fds = opendir(path);
	struct dirent *entry;

	while (fds && (entry = readdir(fds))) {
		unsigned long inode = socket_inode(dirfd(fds), entry->d_name);

		if (inode)
			claim(facts, inode, pid);
	}
	if (fds)
		closedir(fds);
}

static bool is_of_interest(const struct job *job, const struct port_use *use)
{
	return use->inode && !use->program &&
	       (use->port == job->settings.http_port ||
		use->port == job->settings.https_port);
}

static bool has_nameless(const struct job *job)
{
	HS_EACH(use, &job->facts.ports) {
		if (is_of_interest(job, use))
			return true;
	}
	return false;
}

static void look_at_processes(struct facts *facts)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid > 0)
			look_at_process(facts, pid);
	}
	if (proc)
		closedir(proc);
}

void hs_job_claim_listeners(struct facts *facts, pid_t pid)
{
	if (pid)
		look_at_process(facts, pid);
	else
		look_at_processes(facts);
}

/* Asked once for each listener: who cannot be seen now will not be later. */
static void give_up(struct facts *facts)
{
	HS_EACH(use, &facts->ports)
		use->inode = 0;
}

void hs_job_name_programs(struct job *job)
{
	if (job->facts.offline || !has_nameless(job))
		return;
	HS_EACH(server, &job->facts.servers) {
		if (server->pid > 0)
			look_at_process(&job->facts, server->pid);
	}
	if (!has_nameless(job))
		return;
	look_at_processes(&job->facts);
	give_up(&job->facts);
}
