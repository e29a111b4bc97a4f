/*
 * What a parser in the sandbox may not do: alone by each guard, and with one
 * of them missing.  Each attempt is also made without any guard, where it must
 * succeed: otherwise its failing would prove nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "core/base/log.h"
#include "core/base/memory.h"
#include "core/base/message.h"
#include "core/base/sandbox/child.h"
#include "core/base/sandbox/sandbox.h"

#define ALONE(guards) (SANDBOX_ALL & ~(unsigned)(guards))
#define SUCCEEDED 0

/* What a child tries to get at. */
static char folder[] = "/tmp/https-setup-sandbox-XXXXXX";
static char secret[64], added[64];
static int secret_fd = -1, listener = -1;
static struct sockaddr_in address;

static int try_reading(void)
{
	return open(secret, O_RDONLY) < 0 ? errno : SUCCEEDED;
}

static int try_creating(void)
{
	return open(added, O_WRONLY | O_CREAT, 0600) < 0 ? errno : SUCCEEDED;
}

static int try_truncating(void)
{
	return truncate(secret, 1) ? errno : SUCCEEDED;
}

static int try_growing(void)
{
	return truncate(secret, 100) ? errno : SUCCEEDED;
}

static int try_removing(void)
{
	return unlink(secret) ? errno : SUCCEEDED;
}

static int try_inherited(void)
{
	return write(secret_fd, "!", 1) < 0 ? errno : SUCCEEDED;
}

static int try_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? errno : SUCCEEDED;
}

static int try_connecting(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr *to = (struct sockaddr *)&address;

	return connect(fd, to, sizeof(address)) ? errno : SUCCEEDED;
}

static int try_forking(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	return pid < 0 ? errno : SUCCEEDED;
}

/* When it succeeds there is nobody left to answer. */
static int try_executing(void)
{
	char name[] = "true", *argv[] = {name, NULL};

	execv("/bin/true", argv);
	return errno;
}

static int try_signalling(void)
{
	return kill(getppid(), 0) ? errno : SUCCEEDED;
}

static int try_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? errno : SUCCEEDED;
}

static int try_memory(void)
{
	void *much = malloc((size_t)512 << 20);
	int failed = much ? SUCCEEDED : errno;

	free(much);
	return failed;
}

/* One attempt, and what must come of it. */
struct attempt {
	const char *name;
	int (*try)(void);
	unsigned without;
	int end;      /* FINISHED, FORBIDDEN, CRASHED */
	int answer;   /* SUCCEEDED or an errno */
	int landlock; /* the version it needs */
	int as_root;
};

#define FREELY(what, try, end)                                                 \
	{                                                                      \
		what " without any guard", try, SANDBOX_ALL, end, SUCCEEDED    \
	}
#define BARRED(what, try, guards, number)                                      \
	{                                                                      \
		what " barred by " #guards, try, ALONE(guards),                \
			SANDBOX_FINISHED, number                               \
	}
#define KILLED(what, try)                                                      \
	{                                                                      \
		what " ended by SANDBOX_SECCOMP", try, ALONE(SANDBOX_SECCOMP), \
			SANDBOX_FORBIDDEN, SUCCEEDED                           \
	}
#define LANDLOCKED(what, try, number, version)                                 \
	{                                                                      \
		what " barred by SANDBOX_LANDLOCK", try,                       \
			ALONE(SANDBOX_LANDLOCK), SANDBOX_FINISHED, number,     \
			version                                                \
	}
#define AS_ROOT(what, try, guards, number)                                     \
	{                                                                      \
		what " barred for root by " #guards, try, ALONE(guards),       \
			SANDBOX_FINISHED, number, 0, 1                         \
	}

static struct attempt attempts[] = {
	FREELY("reading", try_reading, SANDBOX_FINISHED),
	LANDLOCKED("reading", try_reading, EACCES, 1),
	BARRED("reading", try_reading, SANDBOX_FILES, EMFILE),
	BARRED("reading", try_reading, SANDBOX_SECCOMP, EPERM),
	AS_ROOT("reading", try_reading, SANDBOX_IDENTITY, EACCES),

	FREELY("creating", try_creating, SANDBOX_FINISHED),
	LANDLOCKED("creating", try_creating, EACCES, 1),
	BARRED("creating", try_creating, SANDBOX_FILES, EMFILE),
	BARRED("creating", try_creating, SANDBOX_SECCOMP, EPERM),

	FREELY("truncating", try_truncating, SANDBOX_FINISHED),
	LANDLOCKED("truncating", try_truncating, EACCES, 3),
	KILLED("truncating", try_truncating),

	FREELY("growing", try_growing, SANDBOX_FINISHED),
	{"growing ended by SANDBOX_FILES", try_growing, ALONE(SANDBOX_FILES),
	 SANDBOX_CRASHED, SUCCEEDED},

	FREELY("removing", try_removing, SANDBOX_FINISHED),
	LANDLOCKED("removing", try_removing, EACCES, 1),
	KILLED("removing", try_removing),

	FREELY("a socket", try_socket, SANDBOX_FINISHED),
	BARRED("a socket", try_socket, SANDBOX_FILES, EMFILE),
	KILLED("a socket", try_socket),

	FREELY("connecting", try_connecting, SANDBOX_FINISHED),
	BARRED("connecting", try_connecting, SANDBOX_NETWORK, ENETUNREACH),
	LANDLOCKED("connecting", try_connecting, EACCES, 4),

	FREELY("forking", try_forking, SANDBOX_FINISHED),
	BARRED("forking", try_forking, SANDBOX_PROCESSES | SANDBOX_IDENTITY,
	       EAGAIN),
	KILLED("forking", try_forking),

	FREELY("executing", try_executing, SANDBOX_CRASHED),
	LANDLOCKED("executing", try_executing, EACCES, 1),
	KILLED("executing", try_executing),

	FREELY("signalling", try_signalling, SANDBOX_FINISHED),
	LANDLOCKED("signalling", try_signalling, EPERM, 6),
	AS_ROOT("signalling", try_signalling, SANDBOX_IDENTITY, EPERM),
	KILLED("signalling", try_signalling),

	FREELY("memory to run", try_code, SANDBOX_FINISHED),
	KILLED("memory to run", try_code),

	FREELY("much memory", try_memory, SANDBOX_FINISHED),
	BARRED("much memory", try_memory, SANDBOX_MEMORY, ENOMEM),
};

static int do_attempt(const void *input, size_t length, void *context,
		      struct str *ret_output)
{
	const struct attempt *attempt = context;
	int got = attempt->try();

	hs_message_put_number(ret_output, (uint64_t)got);
	return 0;
}

/* What came of it; the number it answered in *ret_answer. */
static enum sandbox_end run_attempt(const struct attempt *attempt,
				    unsigned without, int *ret_answer)
{
	struct attempt copy = *attempt;
	struct sandbox sandbox = {
		.work = do_attempt,
		.context = &copy,
		.without = without,
	};
	hs_auto_sandbox_result struct sandbox_result result;
	struct error err = {0};
	struct message message;
	int failed = hs_sandbox_run(&sandbox, NULL, 0, &result, &err);

	assert_int_equal(failed, result.end == SANDBOX_FINISHED ? 0 : -1);
	message = hs_message_open(result.output.data, result.output.len);
	*ret_answer = (int)hs_message_number(&message, 4096);
	return result.end;
}

/* The guards there are here, found out without the code under test. */
static int landlock_version(void)
{
	return (int)syscall(444, NULL, 0, 1);
}

static int has_namespaces(void)
{
	int status = -1, flags = CLONE_NEWNET | CLONE_NEWIPC;
	pid_t pid = fork();

	if (!pid)
		_exit(unshare(geteuid() ? flags | CLONE_NEWUSER : flags) != 0);
	waitpid(pid, &status, 0);
	return !status;
}

static unsigned find_guards(void)
{
	unsigned found = SANDBOX_IDENTITY | SANDBOX_CPU | SANDBOX_FILES |
			 SANDBOX_PROCESSES;

	if (landlock_version() > 0)
		found |= SANDBOX_LANDLOCK;
	if (has_namespaces())
		found |= SANDBOX_NETWORK;
	if (!SANDBOX_SANITIZED)
		found |= SANDBOX_MEMORY;
	if (!SANDBOX_SANITIZED && prctl(PR_GET_SECCOMP) >= 0)
		found |= SANDBOX_SECCOMP;
	return found;
}

static void make_secret(void)
{
	unlink(added);
	secret_fd = open(secret, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(secret_fd >= 0);
	assert_int_equal(write(secret_fd, "secret", 6), 6);
}

static void test_attempt(void **state)
{
	const struct attempt *attempt = *state;
	unsigned guards = SANDBOX_ALL & ~attempt->without;
	int answer;

	if (guards & ~find_guards() || attempt->landlock > landlock_version() ||
	    (attempt->as_root && geteuid()))
		skip();
	make_secret();
	assert_int_equal(run_attempt(attempt, attempt->without, &answer),
			 attempt->end);
	assert_int_equal(answer, attempt->answer);
	close(secret_fd);
}

/* With all the guards, and with one missing, whichever it is: nothing that
 * was attempted freely above succeeds. */
static void test_nothing_succeeds(unsigned without)
{
	const struct attempt *free_one = attempts;
	int answer;

	for (size_t i = 0; i < HS_LENGTH(attempts); i++, free_one++) {
		if (free_one->without != SANDBOX_ALL ||
		    free_one->try == try_memory || free_one->try == try_code)
			continue;
		make_secret();
		if (run_attempt(free_one, without, &answer) == SANDBOX_FINISHED)
			assert_int_not_equal(answer, SUCCEEDED);
		assert_int_equal(access(secret, F_OK), 0);
		assert_int_equal(access(added, F_OK), -1);
		close(secret_fd);
	}
}

static void test_all_guards(void **state)
{
	test_nothing_succeeds(0);
}

static void test_without_seccomp(void **state)
{
	if (landlock_version() < 6)
		skip();
	test_nothing_succeeds(SANDBOX_SECCOMP);
}

static void test_without_landlock(void **state)
{
	if (SANDBOX_SANITIZED)
		skip();
	test_nothing_succeeds(SANDBOX_LANDLOCK);
}

/* No guard can be turned off for these. */
static int look_at_self(const void *input, size_t length, void *context,
			struct str *ret_output)
{
	struct rlimit core;
	int death = 0;
	sigset_t blocked;

	sigprocmask(SIG_BLOCK, NULL, &blocked);
	getrlimit(RLIMIT_CORE, &core);
	prctl(PR_GET_PDEATHSIG, &death);
	hs_str_printf(ret_output, "%d%d%d%d%d%d%d",
		      prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1,
		      prctl(PR_GET_DUMPABLE) == 0, core.rlim_max == 0,
		      death == SIGKILL, getsid(0) == getpid(),
		      try_inherited() == EBADF, sigisemptyset(&blocked));
	return 0;
}

static void test_always_shut_in(void **state)
{
	struct sandbox sandbox = {
		.work = look_at_self,
		.without = SANDBOX_ALL,
	};
	hs_auto_sandbox_result struct sandbox_result result;

	make_secret();
	assert_int_equal(try_inherited(), SUCCEEDED);
	assert_int_equal(hs_sandbox_run(&sandbox, NULL, 0, &result, NULL), 0);
	assert_string_equal(hs_str_text(&result.output), "1111111");
	close(secret_fd);
}

/* Rights that stay with a process that only changes its user id. */
static void keep_rights(void *context)
{
	gid_t group = 1;

	prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
	assert_int_equal(setgroups(1, &group), 0);
}

static int look_at_identity(const void *input, size_t length, void *context,
			    struct str *ret_output)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct rights[2];
	uid_t users[3];
	gid_t groups[3];

	getresuid(&users[0], &users[1], &users[2]);
	getresgid(&groups[0], &groups[1], &groups[2]);
	syscall(SYS_capget, &header, rights);
	hs_str_printf(ret_output, "%u %u %u, %u %u %u, %d, %x %x", users[0],
		      users[1], users[2], groups[0], groups[1], groups[2],
		      getgroups(0, NULL),
		      rights[0].permitted | rights[0].effective |
			      rights[0].inheritable,
		      rights[1].permitted | rights[1].effective |
			      rights[1].inheritable);
	return 0;
}

static void test_root_becomes_nobody(void **state)
{
	struct sandbox sandbox = {
		.work = look_at_identity,
		.warm_up = keep_rights,
		.without = ALONE(SANDBOX_IDENTITY),
	};
	hs_auto_sandbox_result struct sandbox_result result = {0};

	if (geteuid())
		skip();
	assert_int_equal(hs_sandbox_run(&sandbox, NULL, 0, &result, NULL), 0);
	assert_string_equal(hs_str_text(&result.output),
			    "65534 65534 65534, 65534 65534 65534, 0, 0 0");
}

static int do_nothing(const void *input, size_t length, void *context,
		      struct str *ret_output)
{
	return 0;
}

static unsigned missing_of(unsigned without)
{
	struct sandbox sandbox = {.work = do_nothing, .without = without};
	hs_auto_sandbox_result struct sandbox_result result;

	assert_int_equal(hs_sandbox_run(&sandbox, NULL, 0, &result, NULL), 0);
	return result.missing;
}

static void test_missing_is_what_there_is_not(void **state)
{
	unsigned lacks = SANDBOX_ALL & ~find_guards();

	/* the namespace is not wanted where seccomp is */
	assert_int_equal(missing_of(0) & ~(unsigned)SANDBOX_NETWORK,
			 lacks & ~(unsigned)SANDBOX_NETWORK);
	assert_int_equal(missing_of(SANDBOX_SECCOMP), lacks | SANDBOX_SECCOMP);
	assert_int_equal(missing_of(SANDBOX_LANDLOCK) & SANDBOX_LANDLOCK,
			 SANDBOX_LANDLOCK);
}

static struct str logged;

static void take_line(const char *line)
{
	hs_str_printf(&logged, "%s\n", line);
}

static int times_logged(const char *words)
{
	int times = 0;

	for (const char *at = hs_str_text(&logged); (at = strstr(at, words));
	     at++)
		times++;
	return times;
}

/* All the tests above did without, many times over. */
static void test_what_is_missing_is_logged_once(void **state)
{
	assert_int_equal(times_logged("(seccomp)"), 1);
	assert_int_equal(times_logged("landlock"), 1);
	assert_int_equal(times_logged("limit of processes"), 1);
}

static int set_up(void **state)
{
	socklen_t size = sizeof(address);

	if (!mkdtemp(folder))
		return -1;
	snprintf(secret, sizeof(secret), "%s/secret", folder);
	snprintf(added, sizeof(added), "%s/added", folder);
	/* who is nobody may try; what bars him shall be the guard */
	chmod(folder, 0777);
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	hs_log_sink(take_line);
	return bind(listener, (struct sockaddr *)&address, size) ||
	       listen(listener, 128) ||
	       getsockname(listener, (struct sockaddr *)&address, &size);
}

static int tear_down(void **state)
{
	hs_log_sink(NULL);
	hs_str_done(&logged);
	close(listener);
	unlink(secret);
	unlink(added);
	return rmdir(folder);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_all_guards),
		cmocka_unit_test(test_without_seccomp),
		cmocka_unit_test(test_without_landlock),
		cmocka_unit_test(test_always_shut_in),
		cmocka_unit_test(test_root_becomes_nobody),
		cmocka_unit_test(test_missing_is_what_there_is_not),
		cmocka_unit_test(test_what_is_missing_is_logged_once),
	};
	struct CMUnitTest tests[HS_LENGTH(attempts) + HS_LENGTH(others)];

	for (size_t i = 0; i < HS_LENGTH(attempts); i++)
		tests[i] = (struct CMUnitTest){
			.name = attempts[i].name,
			.test_func = test_attempt,
			.initial_state = &attempts[i],
		};
	memcpy(tests + HS_LENGTH(attempts), others, sizeof(others));
	return _cmocka_run_group_tests("sandbox_guards", tests,
				       HS_LENGTH(tests), set_up, tear_down);
}
