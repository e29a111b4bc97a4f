#include "core/apply/journal/login.h"
#include "core/apply/journal/state.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/server/process.h"

static char *safe_copy(const char *text)
{
	return text && *text ? hs_text_safe(text, strlen(text), 80) : NULL;
}

static char *login_name(void)
{
	const char *sudo = getenv("SUDO_USER");
	struct passwd *user;

	if (sudo && *sudo)
		return safe_copy(sudo);
	user = getpwuid(getuid());
	return user ? safe_copy(user->pw_name)
		    : hs_format("user %ld", (long)getuid());
}

static void read_line(const char *path, char *line, size_t size)
{
	hs_auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, line, size - 1);

	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

char *hs_state_boot(void)
{
	char boot[64];

	read_line("/proc/sys/kernel/random/boot_id", boot, sizeof(boot));
	return safe_copy(boot);
}

void hs_who_am_i(struct who *ret_who)
{
	struct login login;

	hs_login_find(&login);
	*ret_who = (struct who){
		.login = login_name(),
		.tty = login.tty,
		.ssh = login.ssh,
		.boot = hs_state_boot(),
		.remote = login.remote,
		.since = login.since,
		.uid = getuid(),
		.pid = getpid(),
		.started = (int64_t)hs_process_started(getpid()),
	};
}

char *hs_who_text(const struct who *who)
{
	int address = who->ssh ? (int)strcspn(who->ssh, " ") : 0;

	return hs_format("%s%s%s%s%.*s", who->login, who->tty ? " on " : "",
			 who->tty ? who->tty : "", address ? " from " : "",
			 address, address ? who->ssh : "");
}

char *hs_who_me(void)
{
	struct who who;
	char *name;

	hs_who_am_i(&who);
	name = hs_who_text(&who);
	hs_who_done(&who);
	return name;
}

void hs_who_done(struct who *who)
{
	free(who->login);
	free(who->tty);
	free(who->ssh);
	free(who->boot);
	*who = (struct who){0};
}

long long hs_state_boottime(void)
{
	return hs_clock_boot_ns() / 1000000000;
}

bool hs_who_is_at_work(const struct who *who)
{
	hs_auto_free char *boot = hs_state_boot();
	FILE *locks;
	char line[200];
	long holder;
	bool found = false;

	if (!boot || !who->boot || strcmp(boot, who->boot) != 0 ||
	    (int64_t)hs_process_started((pid_t)who->pid) != who->started)
		return false;
	/* "1: FLOCK  ADVISORY  WRITE 4711 fd:00:1234 0 EOF" */
	locks = fopen("/proc/locks", "re");
	while (locks && !found && fgets(line, sizeof(line), locks))
		found = sscanf(line, "%*d: FLOCK ADVISORY WRITE %ld",
			       &holder) == 1 &&
			holder == who->pid;
	if (locks)
		fclose(locks);
	return found;
}
