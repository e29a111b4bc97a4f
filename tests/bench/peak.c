/*
 * The most memory that a command has at one time, its child processes counted
 * with it:
 *
 *	peak COMMAND ARG...
 *
 * Prints KiB.  A page that several of them share counts once (the sum of Pss
 * in /proc/PID/smaps_rollup, proc(5)); what is measured is seen every other
 * millisecond.  To look at a process that has shut itself in takes root.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVERY_MS 2

static long pss_of(long pid)
{
	char path[64], line[256];
	long pss = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/smaps_rollup", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (!pss && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "Pss:", 4))
			pss = strtol(line + 4, NULL, 10);
	}
	fclose(file);
	return pss;
}

/* Of the process and those it has started. */
static long pss_of_all(long pid)
{
	char path[64];
	long total = pss_of(pid), child;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", pid, pid);
	file = fopen(path, "re");
	if (!file)
		return total;
	while (fscanf(file, "%ld", &child) == 1)
		total += pss_of_all(child);
	fclose(file);
	return total;
}

/* Which processes there are: one that comes or goes while they are looked at
 * would count twice. */
static long family_of(long pid)
{
	char path[64];
	long family = pid, child;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", pid, pid);
	file = fopen(path, "re");
	if (!file)
		return family;
	while (fscanf(file, "%ld", &child) == 1)
		family = 31 * family + family_of(child);
	fclose(file);
	return family;
}

int main(int argc, char **argv)
{
	pid_t pid = argc > 1 ? fork() : -1;
	struct pollfd ended = {.events = POLLIN};
	long peak = 0;
	int status = 0;

	if (pid < 0)
		return 2;
	if (!pid) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		dup2(null, STDOUT_FILENO);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	ended.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	while (poll(&ended, 1, EVERY_MS) == 0) {
		long family = family_of(pid), now = pss_of_all(pid);

		if (now > peak && family == family_of(pid))
			peak = now;
	}
	waitpid(pid, &status, 0);
	printf("%ld\n", peak);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
