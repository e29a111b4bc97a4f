/*
 * Measures whole commands, in turn, so that a machine whose speed drifts does
 * not favour one of them.
 *
 *	measure RUNS -- COMMAND ARG... [-- COMMAND ARG...]...
 *	measure --paint RUNS -- COMMAND ARG...
 *
 * Prints a line a command: median wall seconds, median CPU seconds, peak
 * memory in KiB, exit status of the last run.  With --paint the command gets
 * a terminal of 80x24 (xterm-256color), and the line holds milliseconds from
 * start to the last byte of the first paint, and the bytes of it.  A command
 * "@FILE" first runs as a shell script of that name, not measured: it puts
 * back what the measured one changes.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS 8
#define RUNS_MAX 200
#define QUIET_MS 60

struct figures {
	double wall[RUNS_MAX], cpu[RUNS_MAX];
	long memory;
	int status;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), compare);
	return values[count / 2];
}

static void become(char **argv)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	execvp(argv[0], argv);
	_exit(127);
}

static void prepare(const char *script)
{
	char *argv[] = {(char *)"sh", (char *)script, NULL};
	pid_t child = fork();

	if (!child)
		become(argv);
	waitpid(child, NULL, 0);
}

static void run_once(char **argv, struct figures *figures, int nth)
{
	struct rusage usage;
	double begun;
	int status;
	pid_t child;

	if (argv[0][0] == '@')
		prepare(*argv++ + 1);
	begun = now();
	child = fork();
	if (!child)
		become(argv);
	wait4(child, &status, 0, &usage);
	figures->wall[nth] = now() - begun;
	figures->cpu[nth] = seconds(usage.ru_utime) + seconds(usage.ru_stime);
	if (usage.ru_maxrss > figures->memory)
		figures->memory = usage.ru_maxrss;
	figures->status = WIFEXITED(status) ? WEXITSTATUS(status)
					    : 128 + WTERMSIG(status);
}

static void measure(char *commands[][64], int count, int runs)
{
	struct figures figures[COMMANDS] = {0};

	for (int nth = -1; nth < runs; nth++)
		for (int i = 0; i < count; i++)
			run_once(commands[i], &figures[i], nth < 0 ? 0 : nth);
	for (int i = 0; i < count; i++)
		printf("%.6f %.6f %ld %d\n", median(figures[i].wall, runs),
		       median(figures[i].cpu, runs), figures[i].memory,
		       figures[i].status);
}

/* Milliseconds until the last byte of the first paint, and its bytes. */
static double paint_once(char **argv, long *ret_bytes)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	double begun = now(), last = begun;
	struct pollfd terminal;
	char bytes[4096];
	pid_t child;

	child = forkpty(&terminal.fd, NULL, NULL, &size);
	if (!child) {
		setenv("TERM", "xterm-256color", 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	terminal.events = POLLIN;
	*ret_bytes = 0;
	while (poll(&terminal, 1, *ret_bytes ? QUIET_MS : 5000) > 0) {
		ssize_t got = read(terminal.fd, bytes, sizeof(bytes));

		if (got <= 0)
			break;
		*ret_bytes += got;
		last = now();
	}
	kill(child, SIGTERM);
	close(terminal.fd);
	waitpid(child, NULL, 0);
	return (last - begun) * 1000;
}

static void measure_paint(char **argv, int runs)
{
	double times[RUNS_MAX];
	long bytes = 0;

	for (int nth = -1; nth < runs; nth++)
		times[nth < 0 ? 0 : nth] = paint_once(argv, &bytes);
	printf("%.3f %ld\n", median(times, runs), bytes);
}

static int usage(void)
{
	fputs("usage: measure [--paint] RUNS -- COMMAND ARG... "
	      "[-- COMMAND ARG...]...\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	char *commands[COMMANDS][64] = {{0}};
	int paint = argc > 1 && !strcmp(argv[1], "--paint");
	int at = 1 + paint, runs, count = 0, words = 0;

	if (argc < at + 3)
		return usage();
	runs = atoi(argv[at]);
	if (runs < 1 || runs > RUNS_MAX)
		return usage();
	for (int i = at + 1; i < argc; i++) {
		if (!strcmp(argv[i], "--")) {
			if (count++ == COMMANDS)
				return usage();
			words = 0;
		} else if (count && words < 63) {
			commands[count - 1][words++] = argv[i];
		}
	}
	if (paint)
		measure_paint(commands[0], runs);
	else
		measure(commands, count, runs);
	return 0;
}
