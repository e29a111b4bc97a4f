/*
 * The filesystem below a root: nothing outside of it is read, whatever links
 * say, with openat2() and on kernels without it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "core/base/root.h"
#include "core/base/run.h"
#include "tests/unit/scratch.h"

/* A directory with a tree in it, and a secret beside the tree. */
struct place {
	const char *path;
	struct root root;
};

static int make_place(void **state)
{
	struct place *place = hs_alloc(sizeof(*place));
	hs_auto_free char *tree = NULL;
	struct error err = {0};

	place->path = scratch_make();
	scratch_write("secret", "SECRET");
	scratch_write("tree/etc/a.conf", "inside");
	scratch_write("tree/etc/b.conf", "b");
	scratch_write("tree/secret", "decoy");
	tree = hs_format("%s/tree/", place->path);
	assert_int_equal(hs_root_open(tree, &place->root, &err), 0);
	*state = place;
	return 0;
}

static int drop_place(void **state)
{
	struct place *place = *state;

	hs_root_close(&place->root);
	free(place);
	scratch_remove();
	return 0;
}

static void reads(const struct place *place, const char *path,
		  const char *expected)
{
	hs_auto_str struct str bytes = {0};
	struct error err = {0};

	if (hs_root_read(&place->root, path, 4096, &bytes, &err))
		fail_msg("%s", err.what);
	assert_string_equal(bytes.data, expected);
	assert_int_equal(bytes.len, strlen(expected));
}

static void cannot_read(const struct place *place, const char *path, int sys)
{
	struct str bytes;
	struct error err = {0};

	assert_int_equal(hs_root_read(&place->root, path, 4096, &bytes, &err),
			 -1);
	assert_null(bytes.data);
	assert_int_equal(err.code, HS_CANNOT);
	assert_int_equal(err.sys, sys);
	assert_int_equal(errno, sys);
}

static void resolves(const struct place *place, const char *path,
		     const char *expected)
{
	hs_auto_free char *resolved = hs_root_resolve(&place->root, path);

	assert_non_null(resolved);
	assert_string_equal(resolved, expected);
}

static void make_links(void)
{
	scratch_link("/secret", "tree/etc/absolute");
	scratch_link("../../../../../secret", "tree/etc/up");
	scratch_link("loop", "tree/etc/loop");
	scratch_link("nowhere", "tree/etc/dangling");
	scratch_link("/etc", "tree/dir");
	scratch_link("/dir/./../etc//a.conf", "tree/etc/chain");
}

static void test_links_stay_inside(void **state)
{
	const struct place *place = *state;
	hs_auto_free char *none = NULL;
	struct stat st;

	make_links();
	reads(place, "/etc/a.conf", "inside");
	reads(place, "etc/a.conf", "inside");
	reads(place, "/../../etc/a.conf", "inside");
	reads(place, "/etc/absolute", "decoy");
	reads(place, "/etc/up", "decoy");
	reads(place, "/dir/a.conf", "inside");
	reads(place, "/etc/chain", "inside");
	cannot_read(place, "/etc/loop", ELOOP);
	cannot_read(place, "/etc/dangling", ENOENT);
	cannot_read(place, "/etc/a.conf/b", ENOTDIR);
	cannot_read(place, "/etc", EISDIR);
	assert_int_equal(hs_root_stat(&place->root, "/etc/up", &st), 0);
	assert_int_equal(st.st_size, 5);
	assert_int_equal(hs_root_stat(&place->root, "/etc/dangling", &st), -1);
	assert_int_equal(errno, ENOENT);
	resolves(place, "/etc/up", "/secret");
	resolves(place, "/etc/chain", "/etc/a.conf");
	resolves(place, "/dir/../..", "/");
	none = hs_root_resolve(&place->root, "/etc/loop");
	assert_null(none);
	assert_int_equal(errno, ELOOP);
}

/* From now on openat2() is unknown to this process. */
static void forget_openat2(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {HS_LENGTH(filter), filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(77);
}

static void expect_in_child(int good)
{
	if (!good)
		_exit(1);
}

static int reads_in_child(const struct place *place, const char *path,
			  const char *expected)
{
	struct str bytes;

	if (hs_root_read(&place->root, path, 4096, &bytes, NULL))
		return 0;
	return !strcmp(bytes.data, expected);
}

/* The same without openat2(), in a process that is thrown away. */
static void test_links_stay_inside_on_old_kernels(void **state)
{
	const struct place *place = *state;
	int status;
	pid_t pid;

	make_links();
	pid = fork();
	if (!pid) {
		struct strings found;

		forget_openat2();
		expect_in_child(hs_root_openat(&place->root, "/no", 0) < 0);
		expect_in_child(errno == ENOENT);
		expect_in_child(reads_in_child(place, "/etc/a.conf", "inside"));
		expect_in_child(
			reads_in_child(place, "/etc/absolute", "decoy"));
		expect_in_child(reads_in_child(place, "/etc/up", "decoy"));
		expect_in_child(reads_in_child(place, "/dir/a.conf", "inside"));
		expect_in_child(reads_in_child(place, "/../secret", "decoy"));
		expect_in_child(!reads_in_child(place, "/etc/loop", ""));
		expect_in_child(!hs_root_glob(&place->root, "/dir/*.conf",
					      &found, NULL));
		expect_in_child(found.n == 2);
		expect_in_child(hs_root_openat(&place->root, "/etc/dangling",
					       O_PATH | O_NOFOLLOW) >= 0);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_odd_files_are_refused(void **state)
{
	const struct place *place = *state;
	hs_auto_free char *fifo = hs_format("%s/tree/fifo", place->path);
	struct root host;
	struct error err = {0};
	struct str bytes;

	assert_int_equal(mkfifo(fifo, 0600), 0);
	cannot_read(place, "/fifo", EINVAL); /* and it does not wait */
	assert_int_equal(hs_root_open("/", &host, &err), 0);
	assert_int_equal(hs_root_read(&host, "/dev/zero", 10, &bytes, NULL),
			 -1);
	hs_root_close(&host);
}

static void test_size_limit(void **state)
{
	const struct place *place = *state;
	struct str bytes;
	struct error err = {0};

	assert_int_equal(
		hs_root_read(&place->root, "/etc/a.conf", 6, &bytes, &err), 0);
	hs_str_done(&bytes);
	assert_int_equal(
		hs_root_read(&place->root, "/etc/a.conf", 5, &bytes, &err), -1);
	assert_int_equal(err.sys, EFBIG);
	assert_string_equal(err.what, "/etc/a.conf is larger than 5 bytes");
}

static void test_files_that_grow(void **state)
{
	struct root host;
	struct error err = {0};
	struct str bytes;

	(void)state;
	assert_int_equal(hs_root_open(NULL, &host, &err), 0);
	assert_false(hs_root_is_offline(&host));
	/* its size is 0, as fstat() says */
	assert_int_equal(
		hs_root_read(&host, "/proc/self/status", 65536, &bytes, &err),
		0);
	assert_non_null(strstr(bytes.data, "Threads:"));
	hs_str_done(&bytes);
	assert_int_equal(
		hs_root_read(&host, "/proc/self/status", 20, &bytes, &err), -1);
	assert_int_equal(err.sys, EFBIG);
	hs_root_close(&host);
}

static void test_roots(void **state)
{
	const struct place *place = *state;
	hs_auto_free char *file = hs_format("%s/secret", place->path);
	hs_auto_free char *outside = hs_root_outside(&place->root, "/etc");
	hs_auto_free char *expected = hs_format("%s/tree/etc", place->path);
	struct root root;
	struct error err = {0};

	assert_true(hs_root_is_offline(&place->root));
	assert_string_equal(outside, expected);
	assert_int_equal(hs_root_open(file, &root, &err), -1);
	assert_int_equal(err.sys, ENOTDIR);
	err = (struct error){0};
	assert_int_equal(hs_root_open("/no/such", &root, &err), -1);
	assert_int_equal(err.code, HS_CANNOT);
}

static void globs(const struct place *place, const char *pattern,
		  const char *expected)
{
	hs_auto_str struct str joined = {0};
	struct strings paths;
	struct error err = {0};

	assert_int_equal(hs_root_glob(&place->root, pattern, &paths, &err), 0);
	HS_EACH(path, &paths)
		hs_str_printf(&joined, "%s ", *path);
	hs_strings_done(&paths);
	assert_string_equal(hs_str_text(&joined), expected);
}

static void test_glob(void **state)
{
	const struct place *place = *state;

	make_links();
	scratch_write("tree/etc/B.conf", "");
	scratch_write("tree/etc/.hidden.conf", "");
	scratch_write("tree/etc/x[1].conf", "");
	scratch_write("tree/sites/one/site.conf", "");
	scratch_write("tree/sites/two/other.conf", "");
	globs(place, "/etc/*.conf",
	      "/etc/B.conf /etc/a.conf /etc/b.conf /etc/x[1].conf ");
	globs(place, "/etc/[ab].conf", "/etc/a.conf /etc/b.conf ");
	globs(place, "/etc/?.conf", "/etc/B.conf /etc/a.conf /etc/b.conf ");
	globs(place, "/etc/.*.conf", "/etc/.hidden.conf ");
	globs(place, "/etc/x\\[1\\].conf", "/etc/x[1].conf ");
	globs(place, "/etc/a.conf", "/etc/a.conf ");
	globs(place, "/etc/missing", "");
	globs(place, "/missing/*.conf", "");
	globs(place, "/etc/a.conf/*", "");
	globs(place, "/sites/*/site.conf", "/sites/one/site.conf ");
	globs(place, "/sites/*/*.conf",
	      "/sites/one/site.conf /sites/two/other.conf ");
	globs(place, "/dir/d*", "/dir/dangling "); /* as glob(3) has it */
	globs(place, "/", "");
}

static void test_glob_of_what_may_not_be_listed(void **state)
{
	const struct place *place = *state;
	hs_auto_free char *etc = hs_format("%s/tree/etc", place->path);
	struct strings paths;
	struct error err = {0};
	uid_t user = geteuid();
	int status;

	assert_int_equal(chmod(etc, 0100), 0);
	/* root may list everything: be somebody else for a moment */
	assert_int_equal(user ? 0 : seteuid(65534), 0);
	status = hs_root_glob(&place->root, "/etc/*", &paths, &err);
	assert_int_equal(user ? 0 : seteuid(user), 0);
	assert_int_equal(chmod(etc, 0700), 0);
	assert_int_equal(status, -1);
	assert_int_equal(err.sys, EACCES);
	assert_int_equal(paths.n, 0);
}

static void test_many_files_are_read_fast(void **state)
{
	const struct place *place = *state;
	struct strings paths;
	struct error err = {0};
	clock_t start, took;
	size_t total = 0;

	for (int i = 0; i < 5000; i++) {
		char path[64];

		snprintf(path, sizeof(path), "tree/many/%d.conf", i);
		scratch_write(path, "server { listen 80; }\n");
	}
	start = clock();
	assert_int_equal(
		hs_root_glob(&place->root, "/many/*.conf", &paths, &err), 0);
	HS_EACH(path, &paths) {
		hs_auto_str struct str bytes = {0};

		assert_int_equal(
			hs_root_read(&place->root, *path, 4096, &bytes, &err),
			0);
		total += bytes.len;
	}
	took = clock() - start;
	print_message("# 5000 files in %.3f s of CPU\n",
		      (double)took / CLOCKS_PER_SEC);
	assert_int_equal(total, 5000 * 22);
	assert_true(took < CLOCKS_PER_SEC);
	hs_strings_done(&paths);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, drop_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_links_stay_inside),
		TEST(test_links_stay_inside_on_old_kernels),
		TEST(test_odd_files_are_refused),
		TEST(test_size_limit),
		TEST(test_files_that_grow),
		TEST(test_roots),
		TEST(test_glob),
		TEST(test_glob_of_what_may_not_be_listed),
		TEST(test_many_files_are_read_fast),
	};

	return cmocka_run_group_tests_name("root", tests, NULL, NULL);
}
