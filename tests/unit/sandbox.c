/*
 * How a parser in the sandbox ends, and how that is told: whatever it does,
 * the caller goes on with a sentence, no process and no descriptor left over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <cmocka.h>

#include <openssl/crypto.h>

#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/base/sandbox/child.h"
#include "core/base/sandbox/sandbox.h"

#define LIMIT_MS 20000 /* well above what anything here takes */

static int copy_input(const void *input, size_t length, void *context,
		      struct str *ret_output)
{
	hs_str_add(ret_output, input, length);
	return 0;
}

static int refuse(const void *input, size_t length, void *context,
		  struct str *ret_output)
{
	hs_str_puts(ret_output, "no");
	return -1;
}

static int crash(const void *input, size_t length, void *context,
		 struct str *ret_output)
{
	volatile char *volatile nowhere = NULL;

	return *nowhere;
}

static int give_up(const void *input, size_t length, void *context,
		   struct str *ret_output)
{
	abort();
}

static int leave(const void *input, size_t length, void *context,
		 struct str *ret_output)
{
	_exit(0);
}

static int spin(const void *input, size_t length, void *context,
		struct str *ret_output)
{
	volatile int on = 1;

	while (on)
		;
	return 0;
}

static int spin_on(const void *input, size_t length, void *context,
		   struct str *ret_output)
{
	signal(SIGXCPU, SIG_IGN);
	return spin(input, length, context, ret_output);
}

static int block(const void *input, size_t length, void *context,
		 struct str *ret_output)
{
	sem_t never;

	sem_init(&never, 0, 0);
	return sem_wait(&never);
}

/* By our allocator, which does not return when there is nothing left. */
static int devour(const void *input, size_t length, void *context,
		  struct str *ret_output)
{
	for (size_t size = 1; size < (size_t)1 << 40; size *= 2)
		free(hs_alloc(size));
	return 0;
}

/* By one that does, as OpenSSL's. */
static int devour_politely(const void *input, size_t length, void *context,
			   struct str *ret_output)
{
	for (size_t size = 1; size < (size_t)1 << 40; size *= 2) {
		void *memory = OPENSSL_malloc(size);

		if (!memory)
			return -1;
		OPENSSL_free(memory);
	}
	return 0;
}

static int recurse(const void *input, size_t length, void *context,
		   struct str *ret_output)
{
	volatile char frame[4096];

	if (length == SIZE_MAX)
		return 0;
	frame[0] = (char)length;
	return recurse(input, length + 1, context, ret_output) + frame[0];
}

static int write_much(const void *input, size_t length, void *context,
		      struct str *ret_output)
{
	size_t *size = context;

	for (size_t i = 0; i < *size; i++)
		hs_str_putc(ret_output, (char)(i % 251));
	return 0;
}

/* Runs it, checks that the sentence fits the end, and what is left over. */
static enum sandbox_end run(const struct sandbox *sandbox,
			    struct sandbox_result *ret_result)
{
	struct error err = {0};
	int failed = hs_sandbox_run(sandbox, "in\0put", 6, ret_result, &err);

	assert_int_equal(failed, ret_result->end == SANDBOX_FINISHED ? 0 : -1);
	if (failed && ret_result->end == SANDBOX_CANCELLED) {
		assert_int_equal(err.code, HS_CANNOT);
		assert_non_null(strstr(err.what, "cancelled"));
	} else if (failed) {
		assert_int_equal(err.code, HS_REFUSED);
		assert_ptr_equal(strstr(err.what, "the file could not be "
						  "parsed safely: "),
				 err.what);
		assert_true(*err.hint);
	}
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	return ret_result->end;
}

static enum sandbox_end end_of(int (*work)(const void *, size_t, void *,
					   struct str *))
{
	struct sandbox sandbox = {
		.work = work,
		.cpu_seconds = 1,
		.timeout_ms = LIMIT_MS,
	};
	struct sandbox_result result;
	enum sandbox_end end = run(&sandbox, &result);

	if (end != SANDBOX_REFUSED)
		assert_int_equal(result.output.len, 0);
	hs_sandbox_result_done(&result);
	assert_null(result.output.data);
	return end;
}

static void test_output_comes_back(void **state)
{
	struct sandbox sandbox = {.work = copy_input};
	hs_auto_sandbox_result struct sandbox_result result;

	assert_int_equal(run(&sandbox, &result), SANDBOX_FINISHED);
	assert_int_equal(result.output.len, 6);
	assert_memory_equal(result.output.data, "in\0put", 7);
}

static void test_no_output_is_an_output(void **state)
{
	struct sandbox sandbox = {.work = write_much, .context = &(size_t){0}};
	hs_auto_sandbox_result struct sandbox_result result;

	assert_int_equal(run(&sandbox, &result), SANDBOX_FINISHED);
	assert_int_equal(result.output.len, 0);
	assert_string_equal(hs_str_text(&result.output), "");
}

static void test_refusal_brings_its_reason(void **state)
{
	struct sandbox sandbox = {.work = refuse};
	hs_auto_sandbox_result struct sandbox_result result;

	assert_int_equal(run(&sandbox, &result), SANDBOX_REFUSED);
	assert_string_equal(hs_str_text(&result.output), "no");
}

static void test_error_names_what_was_read(void **state)
{
	struct sandbox sandbox = {.work = refuse, .what = "site.p12"};
	hs_auto_sandbox_result struct sandbox_result result;
	struct error err = {0};

	assert_int_equal(hs_sandbox_run(&sandbox, "", 0, &result, &err), -1);
	assert_string_equal(err.what, "site.p12 could not be parsed safely: "
				      "its contents make no sense");
}

static void test_crashes(void **state)
{
	assert_int_equal(end_of(crash), SANDBOX_CRASHED);
	assert_int_equal(end_of(give_up), SANDBOX_CRASHED);
	assert_int_equal(end_of(recurse), SANDBOX_CRASHED);
	assert_int_equal(end_of(leave), SANDBOX_CRASHED);
}

static void test_computing_is_limited(void **state)
{
	assert_int_equal(end_of(spin), SANDBOX_OUT_OF_CPU);
	assert_int_equal(end_of(spin_on), SANDBOX_OUT_OF_CPU);
}

static void test_memory_is_limited(void **state)
{
	if (SANDBOX_SANITIZED)
		skip();
	assert_int_equal(end_of(devour), SANDBOX_OUT_OF_MEMORY);
	assert_int_equal(end_of(devour_politely), SANDBOX_OUT_OF_MEMORY);
}

/* 128 MiB are refused to who may have 64, and given to who may have 256. */
static int take_128(const void *input, size_t length, void *context,
		    struct str *ret_output)
{
	free(hs_alloc((size_t)128 << 20));
	return 0;
}

static void test_memory_limit_is_the_callers(void **state)
{
	struct sandbox sandbox = {.work = take_128};
	hs_auto_sandbox_result struct sandbox_result result = {0}, less = {0};
	size_t size = (size_t)1 << 30;
	void *own;

	if (SANDBOX_SANITIZED)
		skip();
	/* what this process has is not counted */
	own = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(own, MAP_FAILED);
	sandbox.memory_max = (size_t)256 << 20;
	assert_int_equal(run(&sandbox, &result), SANDBOX_FINISHED);
	sandbox.memory_max = (size_t)64 << 20;
	assert_int_equal(run(&sandbox, &less), SANDBOX_OUT_OF_MEMORY);
	munmap(own, size);
}

static void test_time_is_limited(void **state)
{
	struct sandbox sandbox = {.work = block, .timeout_ms = 100};
	hs_auto_sandbox_result struct sandbox_result result;
	long long start = hs_clock_ms();

	assert_int_equal(run(&sandbox, &result), SANDBOX_TIMED_OUT);
	assert_true(hs_clock_ms() - start >= 100);
	assert_true(hs_clock_ms() - start < LIMIT_MS);
}

static bool third_time(void *context)
{
	return ++*(int *)context == 3;
}

static void test_operator_can_cancel(void **state)
{
	int asked = 0;
	struct sandbox sandbox = {
		.work = block,
		.cancelled = third_time,
		.context = &asked,
		.timeout_ms = LIMIT_MS,
	};
	hs_auto_sandbox_result struct sandbox_result result;

	assert_int_equal(run(&sandbox, &result), SANDBOX_CANCELLED);
	assert_int_equal(asked, 3);
}

static void test_output_is_limited(void **state)
{
	size_t size = (size_t)3 << 20; /* much more than a pipe holds */
	struct sandbox sandbox = {
		.work = write_much,
		.context = &size,
		.output_max = size,
	};
	hs_auto_sandbox_result struct sandbox_result result, more;

	assert_int_equal(run(&sandbox, &result), SANDBOX_FINISHED);
	assert_int_equal(result.output.len, size);
	for (size_t i = 0; i < size; i++)
		assert_true(result.output.data[i] == (char)(i % 251));
	size++;
	assert_int_equal(run(&sandbox, &more), SANDBOX_TOO_MUCH);
	assert_null(more.output.data);
}

/* A child that was taken over, and answers what it likes. */
struct forgery {
	uint64_t end, length;
	size_t sent; /* bytes of output it really sends */
	int (*then)(const void *, size_t, void *, struct str *);
	enum sandbox_end told;
};

static int forge(const void *input, size_t length, void *context,
		 struct str *ret_output)
{
	const struct forgery *forgery = context;
	char bytes[64];

	memcpy(bytes, &forgery->end, 8);
	memcpy(bytes + 8, &forgery->length, 8);
	memset(bytes + 16, 'x', 16);
	for (int fd = 3; fd < 256; fd++) {
		if (write(fd, bytes, 16 + forgery->sent) > 0)
			return forgery->then(input, length, context,
					     ret_output);
	}
	return 0;
}

static int close_and_spin(const void *input, size_t length, void *context,
			  struct str *ret_output)
{
	for (int fd = 0; fd < 256; fd++)
		close(fd);
	return spin(input, length, context, ret_output);
}

static void test_forged_answers(void **state)
{
	static const struct forgery forgeries[] = {
		{SANDBOX_FINISHED, 3, 3, spin, SANDBOX_FINISHED},
		{SANDBOX_FINISHED, 3, 2, leave, SANDBOX_CRASHED},
		{SANDBOX_FINISHED, 3, 2, block, SANDBOX_TIMED_OUT},
		{SANDBOX_FINISHED, 3, 2, close_and_spin, SANDBOX_CRASHED},
		{SANDBOX_FINISHED, UINT64_MAX, 8, leave, SANDBOX_TOO_MUCH},
		{SANDBOX_FINISHED, 1 << 30, 8, leave, SANDBOX_TOO_MUCH},
		{SANDBOX_OUT_OF_MEMORY, 3, 3, leave, SANDBOX_OUT_OF_MEMORY},
		{SANDBOX_TOO_MUCH, 0, 0, leave, SANDBOX_CRASHED},
		{SANDBOX_CANCELLED, 0, 0, leave, SANDBOX_CRASHED},
		{SANDBOX_ENDS, 0, 0, leave, SANDBOX_CRASHED},
		{77, 3, 3, leave, SANDBOX_CRASHED},
		{UINT64_MAX, UINT64_MAX, 3, leave, SANDBOX_CRASHED},
	};

	for (size_t i = 0; i < HS_LENGTH(forgeries); i++) {
		struct forgery forgery = forgeries[i];
		struct sandbox sandbox = {
			.work = forge,
			.context = &forgery,
			.timeout_ms = forgery.told == SANDBOX_TIMED_OUT
					      ? 100
					      : LIMIT_MS,
		};
		hs_auto_sandbox_result struct sandbox_result result;

		assert_int_equal(run(&sandbox, &result), forgery.told);
		assert_int_equal(result.output.len,
				 forgery.told == SANDBOX_FINISHED ? 3 : 0);
	}
}

/* Before the first answer a child may close its pipe and compute on. */
static void test_silent_child_is_ended(void **state)
{
	struct sandbox sandbox = {
		.work = close_and_spin,
		.cpu_seconds = 60,
		.timeout_ms = LIMIT_MS,
	};
	hs_auto_sandbox_result struct sandbox_result result;
	long long start = hs_clock_ms();

	assert_int_equal(run(&sandbox, &result), SANDBOX_CRASHED);
	assert_true(hs_clock_ms() - start < LIMIT_MS);
}

static int open_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int n = 0;

	while (directory && readdir(directory))
		n++;
	closedir(directory);
	return n;
}

static void test_nothing_is_left_open(void **state)
{
	int before = open_descriptors();

	end_of(refuse);
	end_of(crash);
	assert_int_equal(open_descriptors(), before);
}

/* Somebody above us may have asked the kernel to reap for him. */
static void test_works_where_children_are_ignored(void **state)
{
	signal(SIGCHLD, SIG_IGN);
	assert_int_equal(end_of(refuse), SANDBOX_REFUSED);
	assert_int_equal(end_of(crash), SANDBOX_CRASHED);
	signal(SIGCHLD, SIG_DFL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_output_comes_back),
		cmocka_unit_test(test_no_output_is_an_output),
		cmocka_unit_test(test_refusal_brings_its_reason),
		cmocka_unit_test(test_error_names_what_was_read),
		cmocka_unit_test(test_crashes),
		cmocka_unit_test(test_computing_is_limited),
		cmocka_unit_test(test_memory_is_limited),
		cmocka_unit_test(test_memory_limit_is_the_callers),
		cmocka_unit_test(test_time_is_limited),
		cmocka_unit_test(test_operator_can_cancel),
		cmocka_unit_test(test_output_is_limited),
		cmocka_unit_test(test_forged_answers),
		cmocka_unit_test(test_silent_child_is_ended),
		cmocka_unit_test(test_nothing_is_left_open),
		cmocka_unit_test(test_works_where_children_are_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
