/*
 * The atomic writer: what is there when it fails, and whom its files belong to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/apply/writer.h"

static const unsigned char salt[HS_SALT_SIZE];
static char *directory;
static int dir = -1;

static int set_up(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	directory = hs_format("%s/writer.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(directory))
		return -1;
	dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir < 0;
}

static int tear_down(void **state)
{
	DIR *stream = opendir(directory);
	struct dirent *entry;

	(void)state;
	while (stream && (entry = readdir(stream)))
		unlinkat(dir, entry->d_name, 0);
	if (stream)
		closedir(stream);
	close(dir);
	rmdir(directory);
	free(directory);
	return 0;
}

static int count_names(void)
{
	DIR *stream = opendir(directory);
	int count = -2;

	while (readdir(stream))
		count++;
	closedir(stream);
	return count;
}

static char *path_of(const char *name)
{
	return hs_format("%s/%s", directory, name);
}

static void put(const char *name, const char *text)
{
	const struct file_meta meta = {
		.mode = 0644,
		.uid = geteuid(),
		.gid = getegid(),
	};

	unlinkat(dir, name, 0);
	assert_int_equal(hs_stage_file(dir, name, text, strlen(text), &meta,
				       false, NULL),
			 0);
}

static void assert_text(const char *name, const char *text)
{
	hs_auto_look struct file_look look = {0};

	assert_int_equal(hs_look(dir, name, salt, &look), 0);
	if (!text) {
		assert_int_equal(look.sum.kind, FILE_ABSENT);
		return;
	}
	assert_int_equal(look.sum.kind, FILE_REGULAR);
	assert_string_equal(look.bytes, text);
}

static void test_write_new_and_replace(void **state)
{
	hs_auto_free char *path = path_of("answers.xml");
	struct error err = {0};
	struct stat st;

	(void)state;
	umask(0);
	assert_int_equal(hs_file_write(path, "one", 3, 0640, false, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(hs_file_write(path, "two", 3, 0600, false, &err), -1);
	assert_int_equal(err.code, HS_CANNOT);
	assert_text("answers.xml", "one");
	assert_int_equal(hs_file_write(path, "two", 3, 0600, true, NULL), 0);
	assert_text("answers.xml", "two");
	assert_int_equal(count_names(), 1);
}

/* Whatever the umask, exactly the mode that was asked for. */
static void test_umask(void **state)
{
	static const mode_t masks[] = {0, 077, 0777};
	hs_auto_free char *path = path_of("file");

	(void)state;
	for (size_t i = 0; i < HS_LENGTH(masks); i++) {
		mode_t old = umask(masks[i]);
		struct stat st;

		assert_int_equal(hs_file_write(path, "x", 1, 0644, true, NULL),
				 0);
		umask(old);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0644);
	}
}

/* In a child: files may not grow past 4096 bytes. */
static int write_past_limit(void)
{
	hs_auto_free char *path = path_of("file");
	hs_auto_free char *bytes = hs_alloc(10000);
	struct rlimit limit = {.rlim_cur = 4096, .rlim_max = 4096};
	struct error err = {0};

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit))
		return 2;
	if (!hs_file_write(path, bytes, 10000, 0644, true, &err))
		return 3;
	return err.code == HS_CANNOT && err.sys == EFBIG ? 0 : 4;
}

static void test_no_room(void **state)
{
	pid_t child;
	int status;

	(void)state;
	put("file", "old");
	child = fork();
	if (!child)
		_exit(write_past_limit());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_text("file", "old");
	assert_int_equal(count_names(), 1); /* nothing half done beside it */
}

static void test_swap(void **state)
{
	struct file_sum old;

	(void)state;
	hs_sum_bytes(salt, FILE_REGULAR, "old", 3, &old);
	put("file", "old");
	put("aside", "new");
	assert_int_equal(hs_swap(dir, "file", "aside", salt, &old, 1),
			 SWAP_DONE);
	assert_text("file", "new");
	assert_text("aside", "old");
	put("file", "edited");
	put("aside", "newer");
	assert_int_equal(hs_swap(dir, "file", "aside", salt, &old, 1),
			 SWAP_UNEXPECTED);
	assert_text("file", "edited");
	assert_text("aside", "newer");
	assert_int_equal(hs_swap(dir, "nowhere", "aside", salt, &old, 1),
			 SWAP_UNEXPECTED);
	assert_text("nowhere", NULL);
}

static void test_move(void **state)
{
	struct file_sum old;

	(void)state;
	hs_sum_bytes(salt, FILE_REGULAR, "old", 3, &old);
	put("one", "old");
	put("two", "other");
	assert_int_equal(hs_move_new(dir, "one", "two"), SWAP_UNEXPECTED);
	assert_text("two", "other");
	assert_int_equal(hs_move_new(dir, "one", "three"), SWAP_DONE);
	assert_int_equal(hs_move_aside(dir, "three", "one", salt, &old, 1),
			 SWAP_DONE);
	assert_text("three", NULL);
	assert_int_equal(hs_move_aside(dir, "two", "four", salt, &old, 1),
			 SWAP_UNEXPECTED);
	assert_text("two", "other");
	assert_text("four", NULL);
}

/* Nothing that is no file holds us up or is read. */
static void test_looks(void **state)
{
	struct file_look look;

	(void)state;
	assert_int_equal(mkfifoat(dir, "fifo", 0600), 0);
	assert_int_equal(hs_look(dir, "fifo", salt, &look), 0);
	assert_int_equal(look.sum.kind, FILE_OTHER);
	hs_look_done(&look);
	assert_int_equal(symlinkat("loop", dir, "loop"), 0);
	assert_int_equal(hs_look(dir, "loop", salt, &look), 0);
	assert_int_equal(look.sum.kind, FILE_LINK);
	assert_string_equal(look.bytes, "loop");
	hs_look_done(&look);
	assert_int_equal(hs_look(dir, "none", salt, &look), 0);
	assert_int_equal(look.sum.kind, FILE_ABSENT);
}

/* Two salts give two digests of the same bytes; so do two kinds. */
static void test_digests_are_salted(void **state)
{
	unsigned char other[HS_SALT_SIZE] = {1}, plain[HS_HASH_SIZE];
	struct file_sum a, b, c;

	(void)state;
	hs_sum_bytes(salt, FILE_REGULAR, "key", 3, &a);
	hs_sum_bytes(other, FILE_REGULAR, "key", 3, &b);
	hs_sum_bytes(salt, FILE_LINK, "key", 3, &c);
	hs_hash("key", 3, plain);
	assert_false(hs_sum_equal(&a, &b));
	assert_false(hs_sum_equal(&a, &c));
	assert_memory_not_equal(a.digest, c.digest, HS_HASH_SIZE);
	assert_memory_not_equal(a.digest, plain, HS_HASH_SIZE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_write_new_and_replace),
		TEST(test_umask),
		TEST(test_no_room),
		TEST(test_swap),
		TEST(test_move),
		TEST(test_looks),
		TEST(test_digests_are_salted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
