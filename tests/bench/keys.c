/*
 * What a program on a terminal costs the line:
 *
 *	keys RUNS KEY ... -- PROGRAM [ARGUMENT ...]
 *
 * starts it on a pty of 80x24, waits until its picture is whole, and types the
 * keys, one after the other ("\e" is an escape).  Prints for the picture, each
 * key, and a second in which nothing is typed:
 *
 *	BYTES MILLISECONDS MILLISECONDS
 *
 * the times from the start or the key until all of it and until the first of
 * it is there, each the median of the runs; and at the end the KiB that the
 * program had in memory.
 */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MAX 99
#define KEYS_MAX 16
#define QUIET_MS 200
#define IDLE_MS 1000

struct cost {
	size_t bytes[RUNS_MAX];
	double ms[RUNS_MAX], first_ms[RUNS_MAX];
};

/* The picture, the keys, and the second without any. */
static struct cost costs[KEYS_MAX + 2];
static size_t memory[RUNS_MAX];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Reads until nothing comes for `quiet` milliseconds; the time is that of the
 * last byte. */
static void take(int terminal, int quiet, double start, struct cost *cost,
		 int run)
{
	struct pollfd polled = {.fd = terminal, .events = POLLIN};
	char bytes[65536];
	ssize_t n;

	while (poll(&polled, 1, quiet) > 0) {
		n = read(terminal, bytes, sizeof(bytes));
		if (n <= 0)
			break;
		cost->ms[run] = now_ms() - start;
		if (!cost->bytes[run])
			cost->first_ms[run] = cost->ms[run];
		cost->bytes[run] += (size_t)n;
	}
}

static void type(int terminal, const char *key)
{
	char bytes[64];
	size_t n = 0;

	for (; *key && n < sizeof(bytes); key++) {
		bool escape = key[0] == '\\' && key[1] == 'e';

		bytes[n++] = escape ? '\033' : *key;
		key += escape;
	}
	if (write(terminal, bytes, n) != (ssize_t)n)
		die("write");
}

/* What a file below /proc/PID says behind that word. */
static size_t kib_of(pid_t pid, const char *file, const char *word)
{
	char path[64], line[256];
	size_t kib = 0;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	in = fopen(path, "r");
	while (in && fgets(line, sizeof(line), in))
		if (strncmp(line, word, strlen(word)) == 0)
			kib = strtoul(line + strlen(word), NULL, 10);
	if (in)
		fclose(in);
	return kib;
}

/* The process that waits for the one that draws, if the program has both: that
 * is its first child. */
static pid_t child_of(pid_t pid)
{
	char path[64];
	int child = 0;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid,
		 (int)pid);
	in = fopen(path, "r");
	if (in && fscanf(in, "%d", &child) != 1)
		child = 0;
	if (in)
		fclose(in);
	return child;
}

/* The most it ever had; of one that only waits, what it does not share. */
static size_t peak_of(pid_t pid)
{
	pid_t child = child_of(pid);

	if (!child)
		return kib_of(pid, "status", "VmHWM:");
	return kib_of(child, "status", "VmHWM:") +
	       kib_of(pid, "smaps_rollup", "Private_Clean:") +
	       kib_of(pid, "smaps_rollup", "Private_Dirty:");
}

static void go_once(int run, int n_keys, char **keys, char **argv)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	double start = now_ms();
	int terminal;
	pid_t pid = forkpty(&terminal, NULL, NULL, &size);

	if (pid < 0)
		die("forkpty");
	if (pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	/* the first byte may take longer than the rest */
	poll(&(struct pollfd){.fd = terminal, .events = POLLIN}, 1, 2000);
	take(terminal, QUIET_MS, start, &costs[0], run);
	for (int i = 0; i < n_keys; i++) {
		start = now_ms();
		type(terminal, keys[i]);
		take(terminal, QUIET_MS, start, &costs[i + 1], run);
	}
	take(terminal, IDLE_MS, now_ms(), &costs[n_keys + 1], run);
	memory[run] = peak_of(pid);
	kill(-pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(terminal);
}

static int by_size(const void *a, const void *b)
{
	size_t one = *(const size_t *)a, other = *(const size_t *)b;

	return one < other ? -1 : one > other;
}

static int by_time(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

int main(int argc, char **argv)
{
	int runs = argc > 1 ? atoi(argv[1]) : 0, n_keys = 0;

	while (2 + n_keys < argc && strcmp(argv[2 + n_keys], "--") != 0)
		n_keys++;
	if (runs < 1 || runs > RUNS_MAX || n_keys > KEYS_MAX ||
	    3 + n_keys >= argc) {
		fputs("usage: keys RUNS KEY ... -- PROGRAM ...\n", stderr);
		return 2;
	}
	for (int run = 0; run < runs; run++)
		go_once(run, n_keys, argv + 2, argv + 3 + n_keys);
	for (int i = 0; i < n_keys + 2; i++) {
		qsort(costs[i].bytes, (size_t)runs, sizeof(size_t), by_size);
		qsort(costs[i].ms, (size_t)runs, sizeof(double), by_time);
		qsort(costs[i].first_ms, (size_t)runs, sizeof(double), by_time);
		printf("%zu %.2f %.2f\n", costs[i].bytes[runs / 2],
		       costs[i].ms[runs / 2], costs[i].first_ms[runs / 2]);
	}
	qsort(memory, (size_t)runs, sizeof(size_t), by_size);
	printf("%zu\n", memory[runs / 2]);
	return 0;
}
