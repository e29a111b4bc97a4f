#include "core/firewall/ssh.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/root.h"
#include "core/probe/socket.h"

#define BANNER "SSH-"
#define ANSWER_MS 1500
#define ADDRESSES_MAX 8
#define CONFIG_MAX (1024 * 1024)

/* Ports and sockets that may be SSH's. */
struct suspects {
	struct ports HS_ARRAY(int) ports;
	struct inodes HS_ARRAY(unsigned long) inodes;
};

/* Its programs */

static bool is_ssh(int proc, const char *pid)
{
	hs_auto_free char *path = hs_format("%s/comm", pid);
	hs_auto_close int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	char name[32] = "";

	return fd >= 0 && read(fd, name, sizeof(name) - 1) > 0 &&
	       (!strncmp(name, "sshd", 4) || !strncmp(name, "dropbear", 8));
}

static void note_sockets(int proc, const char *pid, struct suspects *suspects)
{
	hs_auto_free char *path = hs_format("%s/fd", pid);
	int fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *fds = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	while (fds && (entry = readdir(fds))) {
		char target[64] = "";
		unsigned long inode;

		if (readlinkat(dirfd(fds), entry->d_name, target,
			       sizeof(target) - 1) > 0 &&
		    sscanf(target, "socket:[%lu]", &inode) == 1)
			HS_PUSH(&suspects->inodes, inode);
	}
	if (fds)
		closedir(fds);
}

static void note_programs(struct suspects *suspects)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		if (*entry->d_name >= '1' && *entry->d_name <= '9' &&
		    is_ssh(dirfd(proc), entry->d_name))
			note_sockets(dirfd(proc), entry->d_name, suspects);
	}
	if (proc)
		closedir(proc);
}

/* Its configuration */

/* "Port 2222", "ListenAddress 192.0.2.1:2222" */
static void note_line(const char *line, struct suspects *suspects)
{
	const char *colon;
	int port;

	line += strspn(line, " \t");
	if (sscanf(line, "Port %d", &port) == 1)
		HS_PUSH(&suspects->ports, port);
	colon = strncmp(line, "ListenAddress", 13) ? NULL : strrchr(line, ':');
	if (colon && sscanf(colon, ":%d", &port) == 1)
		HS_PUSH(&suspects->ports, port);
}

static void note_file(const struct root *root, const char *path,
		      struct suspects *suspects)
{
	hs_auto_str struct str text = {0};
	char *rest, *line;

	if (hs_root_read(root, path, CONFIG_MAX, &text, NULL))
		return;
	for (rest = text.data; rest && (line = strsep(&rest, "\n"));)
		note_line(line, suspects);
}

static void note_configuration(struct suspects *suspects)
{
	struct strings more = {0};
	struct root root;

	if (hs_root_open(NULL, &root, NULL))
		return;
	note_file(&root, "/etc/ssh/sshd_config", suspects);
	if (!hs_root_glob(&root, "/etc/ssh/sshd_config.d/*.conf", &more, NULL))
		HS_EACH(path, &more)
			note_file(&root, *path, suspects);
	hs_strings_done(&more);
	hs_root_close(&root);
}

/* "192.0.2.7 50000 192.0.2.1 2222" */
static void note_session(struct suspects *suspects)
{
	const char *connection = getenv("SSH_CONNECTION");
	int port;

	if (connection && sscanf(connection, "%*s %*s %*s %d", &port) == 1)
		HS_PUSH(&suspects->ports, port);
}

static bool is_suspect(const struct suspects *suspects,
		       const struct port_use *use)
{
	HS_EACH(port, &suspects->ports) {
		if (*port == use->port)
			return true;
	}
	HS_EACH(inode, &suspects->inodes) {
		if (*inode == use->inode)
			return true;
	}
	return use->program && !strncmp(use->program, "sshd", 4);
}

/* Its answer */

static bool begins_as_ssh(int fd, long long deadline)
{
	char got[sizeof(BANNER)] = "";
	size_t length = 0;

	while (length < strlen(BANNER)) {
		ssize_t n;

		if (!hs_socket_await(fd, POLLIN, deadline, 0))
			return false;
		n = recv(fd, got + length, strlen(BANNER) - length, 0);
		if (n <= 0)
			return false;
		length += (size_t)n;
	}
	return !strcmp(got, BANNER);
}

static bool answers(const char *address, int port)
{
	long long deadline = hs_clock_ms() + ANSWER_MS;
	int error;
	hs_auto_close int fd = hs_socket_connect(address, port, &error);

	return fd >= 0 && hs_socket_await(fd, POLLOUT, deadline, 0) &&
	       !hs_socket_error(fd) && begins_as_ssh(fd, deadline);
}

static void try_address(const char *address, int port, struct ssh_doors *doors)
{
	HS_EACH(door, doors) {
		if (door->port == port && !strcmp(door->address, address))
			return;
	}
	if (doors->n < ADDRESSES_MAX && answers(address, port))
		*HS_GROW(doors) = (struct ssh_door){hs_strdup(address), port};
}

/* A listener on every address is tried at each of this machine's. */
static void try_listener(const struct facts *facts, const struct port_use *use,
			 struct ssh_doors *doors)
{
	bool v4 = !strcmp(use->address, "*");
	bool v6 = !strcmp(use->address, "[::]");
	hs_auto_free char *one = NULL;

	if (!v4 && !v6) {
		one = *use->address == '['
			      ? hs_strndup(use->address + 1,
					   strlen(use->address) - 2)
			      : hs_strdup(use->address);
		try_address(one, use->port, doors);
		return;
	}
	HS_EACH(address, &facts->addresses) {
		bool is_v6 = strchr(*address, ':') != NULL;

		if (v6 || !is_v6)
			try_address(*address, use->port, doors);
	}
	try_address(v6 ? "::1" : "127.0.0.1", use->port, doors);
}

void hs_ssh_find(const struct facts *facts, struct ssh_doors *ret_doors)
{
	struct suspects suspects = {0};

	*ret_doors = (struct ssh_doors){0};
	HS_PUSH(&suspects.ports, 22);
	note_programs(&suspects);
	note_configuration(&suspects);
	note_session(&suspects);
	HS_EACH(use, &facts->ports) {
		if (is_suspect(&suspects, use))
			try_listener(facts, use, ret_doors);
	}
	HS_ARRAY_FREE(&suspects.ports);
	HS_ARRAY_FREE(&suspects.inodes);
}

int hs_ssh_check(const struct ssh_doors *doors, struct error *err)
{
	HS_EACH(door, doors) {
		if (answers(door->address, door->port))
			continue;
		hs_fail(err, HS_FAILED,
			"SSH at %s, port %d, does not answer new connections "
			"any more",
			door->address, door->port);
		hs_error_id(err, "firewall.ssh-at-risk");
		hs_error_hint(err, "look at the firewall's rules for SSH, or "
				   "use --firewall none");
		return -1;
	}
	return 0;
}

bool hs_ssh_has(const struct ssh_doors *doors, int port)
{
	HS_EACH(door, doors) {
		if (door->port == port)
			return true;
	}
	return false;
}

char *hs_ssh_ports(const struct ssh_doors *doors)
{
	char *text = NULL;
	int last = 0;

	HS_EACH(door, doors) {
		hs_auto_free char *before = NULL;

		if (door->port == last)
			continue;
		before = text;
		text = before ? hs_format(_("%s and %d"), before, door->port)
			      : hs_format("%d", door->port);
		last = door->port;
	}
	return text;
}

void hs_ssh_done(struct ssh_doors *doors)
{
	HS_EACH(door, doors)
		free(door->address);
	HS_ARRAY_FREE(doors);
}
