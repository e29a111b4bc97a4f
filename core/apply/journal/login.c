#include "core/apply/journal/login.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <utmpx.h>

#include "core/base/clock.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/server/process.h"

#define DEEPEST 64 /* processes above this one that are asked */

/* Programs between a person and a shell: those that carry a login over a
 * network, and those that somebody may attach to from anywhere. */
static const char *const carriers[] = {
	"sshd",	   "sshd-session", "dropbear", "mosh-server",  "in.telnetd",
	"telnetd", "in.rlogind",   "tmux",     "tmux: server", "screen",
	"dtach",   "abduco",	   "zellij",   "ttyd",	       "shellinaboxd",
	"gotty",   "wetty",	   "xrdp",     "Xvnc",
};

/* What /proc/PID/stat says of one process. */
struct ancestor {
	char name[32];
	int parent;
	unsigned terminal; /* its controlling one: major and minor */
	int64_t started;
};

static bool read_ancestor(pid_t pid, struct ancestor *ret_ancestor)
{
	hs_auto_str struct str text = {0};
	const char *begin, *end;
	long long started = 0;
	int terminal = 0;

	*ret_ancestor = (struct ancestor){0};
	if (hs_process_read(pid, "stat", &text))
		return false;
	begin = strchr(hs_str_text(&text), '(');
	end = strrchr(hs_str_text(&text), ')');
	if (!begin || !end || end < begin)
		return false;
	snprintf(ret_ancestor->name, sizeof(ret_ancestor->name), "%.*s",
		 (int)(end - begin - 1), begin + 1);
	if (sscanf(end + 1,
		   " %*c %d %*d %*d %d %*d %*u %*u %*u %*u %*u %*u %*u %*d "
		   "%*d %*d %*d %*d %*d %lld",
		   &ret_ancestor->parent, &terminal, &started) != 3)
		return false;
	ret_ancestor->terminal = (unsigned)terminal;
	ret_ancestor->started = hs_clock_boot_of_ticks(started);
	return true;
}

static bool is_carrier(const char *name)
{
	for (size_t i = 0; i < HS_LENGTH(carriers); i++)
		if (!strcmp(carriers[i], name))
			return true;
	return !strncmp(name, "sshd", 4);
}

static char *safe_copy(const char *text)
{
	return text && *text ? hs_text_safe(text, strlen(text), 80) : NULL;
}

/* SSH_CONNECTION of another process, to be freed, or NULL. */
static char *ssh_of(pid_t pid)
{
	static const char name[] = "SSH_CONNECTION=";
	hs_auto_str struct str text = {0};
	const char *at, *end;

	if (hs_process_read(pid, "environ", &text))
		return NULL;
	at = hs_str_text(&text);
	for (end = at + text.len; at < end; at += strlen(at) + 1)
		if (!strncmp(at, name, sizeof(name) - 1))
			return safe_copy(at + sizeof(name) - 1);
	return NULL;
}

/* The first of the three that is a terminal. */
static char *terminal_open(void)
{
	char name[128];

	for (int fd = 0; fd < 3; fd++) {
		if (ttyname_r(fd, name, sizeof(name)))
			continue;
		return safe_copy(strncmp(name, "/dev/", 5) ? name : name + 5);
	}
	return NULL;
}

/* The controlling one, by its number (Linux, admin-guide/devices.txt). */
static char *terminal_of(unsigned device)
{
	unsigned major = device >> 8 & 0xfff;
	unsigned minor = (device & 0xff) | (device >> 12 & 0xfff00);

	if (major >= 136 && major <= 143)
		return hs_format("pts/%u", minor + (major - 136) * 256);
	if (major == 4)
		return minor < 64 ? hs_format("tty%u", minor)
				  : hs_format("ttyS%u", minor - 64);
	return NULL;
}

static void be_as_old_as(struct login *login, int64_t started)
{
	if (!login->since || started < login->since)
		login->since = started;
}

/* The process that holds the connection. */
static bool is_connection(const char *name)
{
	return !strncmp(name, "sshd", 4) || !strcmp(name, "dropbear");
}

/* Each process above this one adds what it knows. */
static void ask_ancestors(struct login *login)
{
	struct ancestor one = {.parent = getpid()};
	pid_t pid = getpid();
	bool connected = false;

	for (int depth = 0; pid > 0 && depth < DEEPEST; depth++) {
		hs_auto_free char *ssh = NULL;

		if (!read_ancestor(pid, &one)) {
			/* what cannot be seen may be anything */
			login->remote = true;
			return;
		}
		if (!depth && !login->tty)
			login->tty = terminal_of(one.terminal);
		login->remote |= is_carrier(one.name);
		/* the first: above it is who listens for all */
		if (!connected && is_connection(one.name)) {
			be_as_old_as(login, one.started);
			connected = true;
		}
		ssh = depth ? ssh_of(pid) : NULL;
		if (ssh && !login->ssh)
			login->ssh = hs_strdup(ssh);
		if (ssh && !strcmp(ssh, login->ssh))
			be_as_old_as(login, one.started);
		pid = one.parent;
	}
}

/* Whether the record of logins names another host for the terminal. */
static bool is_from_afar(const char *tty)
{
	struct utmpx wanted = {0};
	const struct utmpx *entry;
	bool afar;

	if (!tty)
		return false;
	snprintf(wanted.ut_line, sizeof(wanted.ut_line), "%.31s", tty);
	setutxent();
	entry = getutxline(&wanted);
	afar = entry && entry->ut_type == USER_PROCESS &&
	       (entry->ut_addr_v6[0] || entry->ut_addr_v6[1] ||
		entry->ut_addr_v6[2] || entry->ut_addr_v6[3]);
	endutxent();
	return afar;
}

/* Without an SSH connection a login is as old as its session. */
static int64_t session_since(void)
{
	struct ancestor leader;

	return read_ancestor(getsid(0), &leader) ? leader.started : 0;
}

void hs_login_find(struct login *ret_login)
{
	*ret_login = (struct login){
		.tty = terminal_open(),
		.ssh = safe_copy(getenv("SSH_CONNECTION")),
	};
	ask_ancestors(ret_login);
	if (ret_login->ssh || is_from_afar(ret_login->tty))
		ret_login->remote = true;
	if (!ret_login->since)
		ret_login->since = session_since();
}

/* What somebody has put into a window of tmux or screen is not above us. */
int64_t hs_login_first_seen(const char *ssh)
{
	struct login found = {0};
	struct pids pids = {0};

	hs_processes(&pids);
	HS_EACH(pid, &pids) {
		struct ancestor one;
		hs_auto_free char *theirs = ssh_of(*pid);

		if (theirs && !strcmp(theirs, ssh) && read_ancestor(*pid, &one))
			be_as_old_as(&found, one.started);
	}
	HS_ARRAY_FREE(&pids);
	return found.since;
}

void hs_login_done(struct login *login)
{
	free(login->tty);
	free(login->ssh);
	*login = (struct login){0};
}

int64_t hs_login_ticks(void)
{
	return hs_clock_boot_ticks();
}
