/*
 * The journal: what is read back from one that is whole, cut off anywhere, or
 * damaged anywhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/apply/journal/journal.h"
#include "core/base/memory.h"

#define RECORDS 5

static char *directory;
static int dir = -1;

static int set_up(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	directory = hs_format("%s/journal.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(directory))
		return -1;
	dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir < 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlinkat(dir, "journal", 0);
	close(dir);
	rmdir(directory);
	free(directory);
	return 0;
}

static void write_records(int count)
{
	struct journal journal;
	struct error err = {0};

	assert_int_equal(hs_journal_create(dir, &journal, &err), 0);
	for (int i = 0; i < count; i++) {
		hs_auto_str struct str payload = {0};

		hs_str_printf(&payload, "record %d\n%*s", i, i * 7, "");
		hs_journal_add(&journal, (enum record_type)(i + 1), &payload);
		assert_int_equal(hs_journal_sync(&journal, &err), 0);
	}
	hs_journal_close(&journal);
}

static struct str read_bytes(void)
{
	int fd = openat(dir, "journal", O_RDONLY | O_CLOEXEC);
	char piece[4096];
	ssize_t n = read(fd, piece, sizeof(piece));
	struct str bytes = {0};

	assert_true(n >= 0);
	close(fd);
	hs_str_add(&bytes, piece, (size_t)n);
	return bytes;
}

/* How many whole records the bytes begin with. */
static int count_records(const struct str *bytes, size_t length, bool *damaged)
{
	struct journal_reader reader = {
		.bytes = (const unsigned char *)bytes->data,
		.length = length,
	};
	enum record_type type;
	struct message payload;
	int count = 0;

	while (hs_journal_next(&reader, &type, &payload)) {
		count++;
		assert_int_equal((int)type, count);
		assert_memory_equal(payload.at, "record ", 7);
	}
	if (damaged)
		*damaged = hs_journal_is_damaged(&reader);
	return count;
}

static void test_whole(void **state)
{
	hs_auto_str struct str bytes = {0};
	bool damaged;

	(void)state;
	write_records(RECORDS);
	bytes = read_bytes();
	assert_int_equal(count_records(&bytes, bytes.len, &damaged), RECORDS);
	assert_false(damaged);
}

static void test_cut_off(void **state)
{
	hs_auto_str struct str bytes = {0};
	int last = 0;

	(void)state;
	write_records(RECORDS);
	bytes = read_bytes();
	for (size_t length = 0; length <= bytes.len; length++) {
		bool damaged;
		int count = count_records(&bytes, length, &damaged);

		assert_true(count == last || count == last + 1);
		assert_false(damaged); /* torn is not damaged */
		last = count;
	}
	assert_int_equal(last, RECORDS);
}

/* Whatever bit is wrong: what is before it counts, and it is told apart from
 * a torn end by what follows. */
static void test_bit_flips(void **state)
{
	hs_auto_str struct str bytes = {0};

	(void)state;
	write_records(RECORDS);
	bytes = read_bytes();
	for (size_t bit = 0; bit < 8 * bytes.len; bit++) {
		size_t last_record = bytes.len - (12 + 9 + 4 * 7 + 4);
		bool damaged;
		int count;

		bytes.data[bit / 8] ^= (char)(1 << bit % 8);
		count = count_records(&bytes, bytes.len, &damaged);
		bytes.data[bit / 8] ^= (char)(1 << bit % 8);
		assert_true(count < RECORDS);
		assert_int_equal(damaged, bit / 8 < last_record);
	}
}

/* Going on behind a torn record hides nothing. */
static void test_append_after_torn(void **state)
{
	hs_auto_str struct str bytes = {0}, after = {0};
	struct str payload = {.data = (char[]){"record x"}, .len = 8};
	struct journal journal;
	struct error err = {0};
	struct stat st;
	int fd;

	(void)state;
	write_records(2);
	bytes = read_bytes();
	fd = openat(dir, "journal", O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_int_equal(write(fd, "\7\0\0\0\2\0\0torn", 11), 11);
	close(fd);
	assert_int_equal(
		hs_journal_open(dir, (off_t)bytes.len, 2, &journal, &err), 0);
	hs_journal_add(&journal, 3, &payload);
	assert_int_equal(hs_journal_sync(&journal, &err), 0);
	hs_journal_close(&journal);
	after = read_bytes();
	assert_int_equal(count_records(&after, after.len, NULL), 3);
	assert_int_equal(fstatat(dir, "journal", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

/* A write that fails may lose its own record, never those behind it. */
static void test_append_after_a_failure(void **state)
{
	hs_auto_str struct str bytes = {0}, after = {0};
	struct str payload = {.data = (char[]){"record x"}, .len = 8};
	struct rlimit before, small;
	struct journal journal;
	struct error err = {0};

	(void)state;
	write_records(2);
	bytes = read_bytes();
	assert_int_equal(
		hs_journal_open(dir, (off_t)bytes.len, 2, &journal, &err), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = bytes.len;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	hs_journal_add(&journal, 3, &payload);
	assert_int_equal(hs_journal_sync(&journal, &err), -1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	hs_journal_add(&journal, 3, &payload);
	assert_int_equal(hs_journal_sync(&journal, &err), 0);
	hs_journal_close(&journal);
	after = read_bytes();
	assert_int_equal(count_records(&after, after.len, NULL), 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_whole),
		TEST(test_cut_off),
		TEST(test_bit_flips),
		TEST(test_append_after_torn),
		TEST(test_append_after_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
